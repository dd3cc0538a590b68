"""Parts, where they are, what to order: the rules of stock, which know no database and no visit."""
