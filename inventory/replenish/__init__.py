"""What to order: how demand runs, what level a target asks for, and the proposal with its reasons."""
