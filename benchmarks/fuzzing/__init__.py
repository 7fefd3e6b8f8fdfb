"""What `make fuzz` gives to the rooms that read what others wrote: seeds, mutations, and what must hold of all."""
