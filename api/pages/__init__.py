"""Pages made by the server: the engineer's phone and the customer's link; they work without script."""
