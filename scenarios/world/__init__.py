"""Invented service regions: seeded, believable, consistent; the same spec and seed give the same region."""
