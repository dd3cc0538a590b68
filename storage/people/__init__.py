"""Who may sign in: accounts, sessions, keys, links; and what is kept about persons."""
