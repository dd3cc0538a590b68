"""Schemes and the practice of a region's own in their tables: kept as the text of their file, read as the file is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from dispatch.desk.own_scheme import OwnScheme, own_scheme, schemes_with
from dispatch.desk.practice import Practice
from dispatch.desk.practice_file import OwnPractice, own_practice, practice_with
from dispatch.desk.scheme import Scheme
from dispatch.region import Region
from storage.dataset.scheme_files import FOLDER
from storage.dataset.table import Schemes
from storage.dataset.ticket_tables import TICKETS
from storage.rows.facts import values_among
from storage.tables.region import PracticeRow, SchemeRow


def scheme_rows(region: Region) -> list[dict[str, Any]]:
    """Schemes of a region's own."""
    return [
        {
            "scheme_id": own.scheme.id,
            "version": own.scheme.version,
            "file": own.file,
            "content": own.text,
        }
        for own in region.field.own_schemes
    ]


def own_schemes_in(connection: Connection, region: str) -> tuple[OwnScheme, ...]:
    """Read the schemes of a region's own, by file name.

    Raises:
        Refusal: those of `dispatch.desk.own_scheme.own_scheme`.
    """
    rows = connection.execute(
        select(SchemeRow.c.file, SchemeRow.c.content).where(SchemeRow.c.region_id == region)
    )
    # As a folder is read: by name, whichever was added first.
    return tuple(own_scheme(file, content, folder=f"{FOLDER}/") for file, content in sorted(map(tuple, rows)))


def schemes_in(connection: Connection, region: str) -> Schemes:
    """Every scheme version a region's contracts and tickets may name: those that ship and its own."""
    return schemes_with(own_schemes_in(connection, region))


def practice_rows(region: Region) -> list[dict[str, Any]]:
    """The practice of a region's own; none where it works as it ships."""
    return [{"content": own.text} for own in region.field.own_practice]


def own_practice_in(connection: Connection, region: str) -> tuple[OwnPractice, ...]:
    """Read the practice of a region's own: one or none.

    Raises:
        Refusal: those of `dispatch.desk.practice_file.own_practice`.
    """
    texts = select(PracticeRow.c.content).where(PracticeRow.c.region_id == region)
    return tuple(map(own_practice, connection.execute(texts).scalars()))


def practice_in(connection: Connection, region: str) -> Practice:
    """How a region's desk works: its own practice, else the one that ships."""
    return practice_with(own_practice_in(connection, region))


def schemes_of_tickets(connection: Connection, region: str, tickets: Collection[str]) -> dict[str, Scheme]:
    """The scheme version each of `tickets` keeps; one that is kept as closed only is not in it."""
    known = schemes_in(connection, region)
    found = values_among(connection, TICKETS, region, "ticket_id", tickets)
    return {one.id: known[one.scheme, one.version] for one in found}
