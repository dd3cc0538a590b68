"""Write a region as a dataset folder: all of it or nothing, and only what reads back the same."""

from __future__ import annotations

import contextlib
import csv
import io
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from dispatch.desk.practice_file import FILE as PRACTICE_FILE
from dispatch.region import Region
from kernel.errors import Location, Refusal, Refused
from storage.dataset.head import write_head
from storage.dataset.head_keys import FILE
from storage.dataset.read import digest_of, read
from storage.dataset.schema import TABLES
from storage.dataset.scheme_files import FOLDER
from storage.dataset.table import Table

ENCLOSED = "attachments"
"""Folder of a dataset with the bytes of attachments and signed forms, each file named by its digest."""


def write(region: Region, folder: Path, /, *, enclosed: Iterable[tuple[str, bytes]] = ()) -> None:
    """Write `region` into `folder`, which must not exist or be empty, with the bytes of its attachments by digest.

    The files are written beside it, read back and compared, and only then moved into place: an error leaves
    nothing behind.

    Raises:
        Refusal: ``dataset.target_not_empty``, ``dataset.cannot_create``; ``dataset.cannot_write`` when a value
            has no place in the format or would read back differently.
        Refused: when the region, written down, would be refused (a dangling id, stock below nothing).
    """
    _must_be_free(folder)
    files = texts(region)
    part = folder.absolute().parent / f".{folder.absolute().name}.{secrets.token_hex(4)}.part"
    new_parents: list[Path] = []
    try:
        new_parents = [parent for parent in part.parents if not parent.exists()]
        part.mkdir(parents=True)
        for name, text in files.items():
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_text(text, encoding="utf-8", newline="")
        for digest, content in enclosed:
            (part / ENCLOSED).mkdir(exist_ok=True)
            (part / ENCLOSED / digest).write_bytes(content)
        _compare(part, region)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except (OSError, ValueError) as error:
        raise Refusal("dataset.cannot_create", folder=str(folder)[:200]) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        for parent in new_parents:
            with contextlib.suppress(OSError):
                parent.rmdir()  # only an empty one goes: after a success it holds the folder


def texts(region: Region, /) -> dict[str, str]:
    """Every file of the folder `region` is written as, by name.

    Raises:
        Refusal: ``dataset.cannot_write`` when a value has no place in the format.
    """
    files = {FILE: write_head(region)}
    files |= {f"{FOLDER}/{own.file}": own.text for own in region.field.own_schemes}
    files |= ((PRACTICE_FILE, own.text) for own in region.field.own_practice)
    for table in TABLES:
        text = _table(table, region)
        if text is not None:
            files[table.file] = text
    return files


def written_digest(region: Region, /) -> str:
    """The digest that reading the folder of `region` would give: what stands in it, whatever it was read from.

    Raises:
        Refusal: ``dataset.cannot_write``.
    """
    return digest_of({name: text.encode() for name, text in texts(region).items()})


def _must_be_free(folder: Path) -> None:
    try:
        free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    except OSError as error:
        raise Refusal("dataset.cannot_create", folder=str(folder)[:200]) from error
    if not free:
        raise Refusal("dataset.target_not_empty", folder=str(folder)[:200])


def _table(table: Table, region: Region) -> str | None:
    """The text of one file; None when it has no rows and may be absent."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    count = 0
    for count, row in enumerate(table.rows(region), start=1):
        cells = []
        for column in table.columns:
            try:
                cells.append(column.write(row[column.name]))
            except Refusal as refusal:
                raise refusal.located(Location(table.file, count + 1, column.name)) from refusal
        writer.writerow(cells)
    return out.getvalue() if count or table.required else None


def _compare(folder: Path, region: Region) -> None:
    reading = read(folder)
    if reading.refusals:
        raise Refused(reading.refusals)
    if reading.region == region:
        return
    assert reading.region is not None
    for side in ("settings", "field", "stock"):
        ours, theirs = getattr(region, side), getattr(reading.region, side)
        for name in ours.__dataclass_fields__:
            if getattr(ours, name) != getattr(theirs, name):
                raise Refusal(
                    "dataset.cannot_write", value=f"{side}.{name}", reason="dataset.reads_differently"
                )
