"""The regions that ship with the product."""
