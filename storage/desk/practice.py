"""Changing how a region's desk works: the practice of its own, kept word for word, every one it ever had."""

from __future__ import annotations

import hashlib

from kernel.errors import Refusal
from storage.appended import append_rows, queue
from storage.dataset.practice_text import read_practice
from storage.idempotency import Reply, once
from storage.rows.schemes import own_practice_in
from storage.tables.region import PracticeRow
from storage.unit_of_work import UnitOfWork


def keep_practice(work: UnitOfWork, raw: bytes, *, seen: int | None) -> Reply:
    """Work by this practice from now on: ``{"new": whether it is another, "version"}``.

    What was decided and written under the one before stays as it is; it stands behind in the table.

    Args:
        work: of the command.
        raw: the file.
        seen: version of the practice that is replaced, 0 for the one that ships; None: it is the same already.

    Raises:
        Refusal: those of `storage.dataset.practice_text.read_practice`, with line and key; ``register.moved_on``,
            ``register.version_wanted``.
    """
    given = read_practice(raw)

    def act() -> Reply:
        queue(work)
        there = practice_text(work)
        reply = {"new": given.text != there, "version": practice_version(given.text)}
        if not reply["new"]:
            return reply
        if seen != practice_version(there):
            raise Refusal("register.version_wanted" if seen is None else "register.moved_on", id="practice")
        append_rows(work, PracticeRow, [{"content": given.text}])
        work.record("scheme.practice", work.region, version=reply["version"])
        return reply

    return once(work, "desk.practice", {"text": given.text, "seen": seen}, act)


def practice_text(work: UnitOfWork) -> str:
    """The text of the region's own practice; empty: it works by the one that ships."""
    own = own_practice_in(work.connection, work.region)
    return own[0].text if own else ""


def practice_version(text: str, /) -> int:
    """The version of a practice's text; 0: the one that ships."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % 10**9 if text else 0
