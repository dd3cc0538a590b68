"""A world out of a region's own facts: who works when, from its shifts; what is reported how often, from its history."""
