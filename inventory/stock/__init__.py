"""What is where: the ledger of moves, what it adds up to, what is promised, and who can bring it."""
