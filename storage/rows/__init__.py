"""A region in tables: written whole, read whole, the same again. Rows are those of the dataset's files."""
