"""Domain values as the shapes HTTP answers have."""
