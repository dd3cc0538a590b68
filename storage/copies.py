"""The copies of a database in one folder: which there are, one more, and whether one still holds what it held."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kernel.errors import Refusal
from storage.backup import Contents, back_up, held_in, prove
from storage.database import Database

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_STAMP = re.compile(r"-(?P<at>\d{8}T\d{6}Z)-")
_WRITTEN = "%Y%m%dT%H%M%SZ"
MOST = 500
"""Copies listed: the newest."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a database.

    Args:
        name: of its file.
        made_at: the moment in its name; of one named otherwise: when its file was written.
        size: bytes.
        kind: of database.
        revision: of its tables.
        rows: in all its tables.
    """

    name: str
    made_at: datetime
    size: int
    kind: str
    revision: str
    rows: int


def copies_in(folder: Path, /) -> tuple[Copy, ...]:
    """Every copy that lies in a folder whole, the newest first.

    Raises:
        Refusal: ``database.no_folder``.
    """
    try:
        files = [one for one in folder.iterdir() if _NAME.fullmatch(one.name) and one.suffix != ".json"]
    except OSError:
        raise Refusal("database.no_folder", folder=str(folder)) from None
    found = [copy for one in files if (copy := _copy(one)) is not None]
    return tuple(sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)[:MOST])


def one_more(database: Database, folder: Path, *, now: datetime, key: str, most: int) -> Copy:
    """Make a copy, or find the one that was made with this key.

    Args:
        database: what is copied, while it is in use.
        folder: where to.
        now: the moment, for the name.
        key: of the command, for the name.
        most: copies the folder may hold: a disk that copies have filled takes no facts any more.

    Raises:
        Refusal: those of `storage.backup.back_up`; ``database.no_folder``, ``database.too_many_copies``.
    """
    ending = f"-{re.sub(r'[^A-Za-z0-9]', '', key)[-16:]}.copy"
    there = copies_in(folder)
    made = [one for one in there if one.name.endswith(ending)]
    if made:
        return made[0]
    check_room(folder, most=most)
    file = folder / f"fieldwright-{now.astimezone(UTC).strftime(_WRITTEN)}{ending}"
    back_up(database, file)
    return named(folder, file.name)


def check_room(folder: Path, /, *, most: int) -> None:
    """Refuse one more copy where as many lie as may: every one counts, whoever made it and whatever it is called.

    Raises:
        Refusal: ``database.too_many_copies``, ``database.no_folder``.
    """
    try:
        files = [one for one in folder.iterdir() if one.suffix != ".json" and one.is_file()]
    except OSError:
        raise Refusal("database.no_folder", folder=str(folder)) from None
    count = sum(_copy(one) is not None for one in files)
    if count >= most:
        raise Refusal("database.too_many_copies", count=count, most=most, folder=str(folder))


def named(folder: Path, name: str, /) -> Copy:
    """The copy of a name in a folder, and nothing outside it.

    Raises:
        Refusal: ``database.no_such_copy``.
    """
    found = _copy(folder / name) if _NAME.fullmatch(name) else None
    if found is None:
        raise Refusal("database.no_such_copy", name=name[:100])
    return found


def proved(folder: Path, name: str, /) -> Copy:
    """The copy of a name, read whole and found to hold what it held.

    Raises:
        Refusal: ``database.no_such_copy``; those of `storage.backup.prove`.
    """
    found = named(folder, name)
    prove(folder / name)
    return found


def _copy(file: Path) -> Copy | None:
    try:
        kind, held = held_in(file)
        about = file.stat()
    except (Refusal, OSError):
        return None
    stamp = _STAMP.search(file.name)
    written = datetime.fromtimestamp(about.st_mtime, tz=UTC)
    try:
        made = datetime.strptime(stamp["at"], _WRITTEN).replace(tzinfo=UTC) if stamp else written
    except ValueError:
        made = written
    return Copy(file.name, made, about.st_size, kind, str(held["revision"])[:40], _rows(held))


def _rows(held: Contents) -> int:
    rows = held["rows"]
    return sum(one for one in rows.values() if isinstance(one, int)) if isinstance(rows, dict) else 0
