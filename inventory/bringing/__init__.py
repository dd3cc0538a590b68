"""Bringing a part to where it is needed: the ways there are, and what was asked for followed until it is received."""
