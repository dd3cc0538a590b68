"""What HTTP requests and answers share: bodies, bounds, keys, versions, pages, tables, languages."""
