"""The sites, a module each, with the same four names: SOURCE, START, `listed` and `pages`."""
