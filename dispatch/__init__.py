"""What we owe customers and who goes where with which part."""
