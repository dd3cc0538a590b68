"""Measures as people read them: tables in the terminal, CSV files, one page with charts."""
