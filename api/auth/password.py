"""Passwords: what is one, its argon2 hash, and a check that takes as long when there is nobody of that name."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.auth.policy import Hashing
from kernel.errors import Refusal

SHORT = 3
"""A name with fewer characters is in half of all passwords by chance."""

LEAST = 12
"""Characters of a password; length is what guessing meets, not kinds of characters (NIST SP 800-63B)."""

MOST = 200
"""Characters of a password: a longer one is no person's."""


class Passwords:
    """Hashes and checks passwords, a few at once."""

    def __init__(self, hashing: Hashing) -> None:
        """With these costs."""
        self._hashing = hashing
        self._hasher = _hasher(hashing)
        _nobody(hashing)  # made before the first stranger comes: he must not wait longer than others
        self._turns = threading.BoundedSemaphore(hashing.at_once)
        self._wait_s = hashing.wait_s

    def hashed(self, password: str, *, name: str) -> str:
        """The hash of a new password.

        Args:
            password: as typed.
            name: its owner signs in with; must not be in it.

        Raises:
            Refusal: ``password.too_short``, ``password.too_long``, ``password.like_name``, ``password.unusable``, ``password.busy``.
        """
        plain = _plain(password)
        if len(plain) < LEAST:
            raise Refusal("password.too_short", least=LEAST)
        if len(name) >= SHORT and name.casefold() in plain.casefold():
            raise Refusal("password.like_name")
        if len(set(plain)) < 4:
            raise Refusal("password.unusable")
        return self.rehashed(password)

    def rehashed(self, password: str) -> str:
        """The hash of a password that has been one before.

        Raises:
            Refusal: ``password.busy``.
        """
        plain = _plain(password)
        self._enter()
        try:
            return self._hasher.hash(plain)
        finally:
            self._turns.release()

    def is_right(self, password: str, password_hash: str) -> bool:
        """Whether a password is the one of a hash; an empty hash takes as long and is nobody's.

        Raises:
            Refusal: ``password.busy``.
        """
        try:
            plain = _plain(password)
        except Refusal:
            plain = ""
        self._enter()
        try:
            self._hasher.verify(password_hash or _nobody(self._hashing), plain)
            return bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False
        finally:
            self._turns.release()

    def is_old(self, password_hash: str) -> bool:
        """Whether a hash was made with other costs than today's; its owner's next sign-in renews it."""
        return self._hasher.check_needs_rehash(password_hash)

    def _enter(self) -> None:
        if not self._turns.acquire(timeout=self._wait_s):
            raise Refusal("password.busy", retry_s=2)


def _hasher(hashing: Hashing) -> PasswordHasher:
    return PasswordHasher(time_cost=hashing.passes, memory_cost=hashing.memory_kib, parallelism=hashing.lanes)


@cache
def _nobody(hashing: Hashing) -> str:
    """The hash of a password nobody has: it costs what the others cost."""
    return _hasher(hashing).hash("nobody has this password")


def _plain(password: str) -> str:
    """The password in one Unicode form: the same keys on another keyboard give other code points."""
    if len(password) > MOST:
        raise Refusal("password.too_long", most=MOST)
    try:
        password.encode()
    except UnicodeEncodeError as error:
        raise Refusal("password.unusable") from error
    if "\0" in password:
        raise Refusal("password.unusable")
    return unicodedata.normalize("NFKC", password)
