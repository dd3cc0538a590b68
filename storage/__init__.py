"""Tables, queries and files: how what the rules know is kept."""
