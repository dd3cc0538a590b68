"""Scenarios side by side: tables, a document, a page with charts, what the terminal says."""
