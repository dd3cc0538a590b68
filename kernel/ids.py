"""Text ids: natural keys as people write them, sorted as people sort them."""

from __future__ import annotations

import hashlib
import re

from kernel.errors import Refusal

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}")
_RUNS = re.compile(r"(\d+)")


def checked_id(text: str, /) -> str:
    """Return `text` if it is a usable id, else refuse.

    An id has 1 to 64 characters: letters, digits, ``. _ / + -``, and starts with a letter or digit.

    Raises:
        Refusal: ``id.malformed``.

    >>> checked_id("T-0042")
    'T-0042'
    """
    if not _ID.fullmatch(text):
        raise Refusal("id.malformed", value=text[:80])
    return text


def natural_key(text: str, /) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts ``V-2`` before ``V-10``.

    >>> sorted(["V-10", "V-2"], key=natural_key)
    ['V-2', 'V-10']
    """
    return tuple((1, int(run), run) if run.isdigit() else (0, 0, run) for run in _RUNS.split(text))


def derived_id(prefix: str, /, *parts: str) -> str:
    """Make the id of something that follows from other facts: the same parts always give the same id.

    64 bits of SHA-256 over the parts: among a million ids two are alike once in 37 million such sets.

    >>> derived_id("PM", "C-1", "S-1", "2026-01-01") == derived_id("PM", "C-1", "S-1", "2026-01-01")
    True
    >>> derived_id("PM", "C-1", "S-1").startswith("PM-")
    True
    """
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return checked_id(f"{prefix}-{digest}")
