"""From proposal to shelf: what has been ordered and what is still to come."""
