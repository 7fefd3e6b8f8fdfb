"""One file for each kind of page: what it reads, and what it is asked for."""
