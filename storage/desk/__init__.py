"""The desk's commands and what only a database keeps for it: tickets, contents of attachments, words to search by."""
