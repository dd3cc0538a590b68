"""Simulated time: a world, a policy and a seed give what happened, told as an `Outcome`."""
