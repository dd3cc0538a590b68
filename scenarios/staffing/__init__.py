"""The cheapest roster that keeps a promise: a queueing bound, a bracket by simulation, then the survivors compared."""
