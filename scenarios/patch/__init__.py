"""Scenario files: a base world and small patches over it, read from TOML, checked against the world, applied purely."""
