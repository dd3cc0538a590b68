"""Stock in the database: the same rules as in memory, applied to rows that have been locked."""
