"""Schemes and the practice of a region's own in their tables: kept as the text of their file, read as the file is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from dispatch.desk.own_scheme import OwnScheme, own_scheme
from dispatch.desk.practice_file import OwnPractice, own_practice
from dispatch.region import Region
from storage.dataset.scheme_files import FOLDER
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


def practice_rows(region: Region) -> list[dict[str, Any]]:
    """The practice of a region's own; none where it works as it ships."""
    return [{"content": own.text} for own in region.field.own_practice]


def own_practice_in(connection: Connection, region: str) -> tuple[OwnPractice, ...]:
    """Read the practice of a region's own that holds, the last it was given: one or none.

    Raises:
        Refusal: those of `dispatch.desk.practice_file.own_practice`.
    """
    texts = select(PracticeRow.c.content).where(PracticeRow.c.region_id == region)
    last = texts.order_by(PracticeRow.c.position.desc()).limit(1)
    return tuple(map(own_practice, connection.execute(last).scalars()))
