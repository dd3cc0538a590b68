"""Exact answers of queueing and stock theory, with their sources: what the simulation must reproduce."""
