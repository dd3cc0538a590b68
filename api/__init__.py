"""The edges: command line, text catalogues and the use cases between the world and the rules."""
