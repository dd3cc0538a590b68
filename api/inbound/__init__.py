"""What reaches us as files: mail, lists."""
