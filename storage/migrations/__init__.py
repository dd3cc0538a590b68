"""The way from one shape of the tables to the next, up and down, the same on both databases."""
