"""Secrets we hand out: drawn by the machine, shown once, kept as digests."""

from __future__ import annotations

import hashlib
import hmac
import secrets

WORDS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What an id is drawn from: nothing that is read as something else."""


def drawn_id(prefix: str) -> str:
    """An id that names nobody and that nobody can guess the next of."""
    return f"{prefix}-{''.join(secrets.choice(WORDS) for _ in range(12))}"


def drawn_secret() -> str:
    """A secret of 256 bits, in characters that need no quoting anywhere."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a secret: its SHA-256, enough because nobody can try 2^256 of them."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def slow_digest(text: str, *, salt: str) -> str:
    """What is kept of a text somebody could guess, to know it again: half of what a password costs (scrypt, 16 MiB).

    >>> slow_digest("138 1234 5678", salt="H-1") == slow_digest("138 1234 5678", salt="H-1")
    True
    """
    raw = text.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(raw, salt=salt.encode(), n=2**14, r=8, p=1, maxmem=2**26).hex()


def is_secret_of(secret: str, digest: str) -> bool:
    """Whether a secret is the one of a digest; takes the same time whatever it is."""
    return hmac.compare_digest(digest_of(secret), digest)
