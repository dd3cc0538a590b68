"""The desk: what we owe whom by when. Schemes, contracts, tickets and their clocks."""
