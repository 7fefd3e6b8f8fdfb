"""A sample province: invented web sites of regional news, served on loopback for the demo and the tests."""
