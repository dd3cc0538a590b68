"""Scripts in their order."""
