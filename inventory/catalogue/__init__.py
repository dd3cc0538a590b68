"""What there is to keep: parts and their stand-ins, places, suppliers and their terms, loaner classes."""
