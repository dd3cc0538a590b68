"""What a plan is turned into for people: terminal, JSON, CSV, map file and one self-contained page."""
