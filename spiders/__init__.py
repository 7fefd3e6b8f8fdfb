"""FINDS and READS pages: sources as data, one family of sites a file, and the reading of a page into an article."""
