"""A service region as a folder of files: `region.toml` and CSV tables, read, checked and written."""
