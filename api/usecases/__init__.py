"""The thin shells around the wheels: load, decide, save."""
