"""Schemes of a region's own in their table: kept as the text of their file, read as the file is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from dispatch.desk.own_scheme import OwnScheme, own_scheme, schemes_with
from dispatch.region import Region
from storage.dataset.scheme_files import FOLDER
from storage.dataset.table import Schemes
from storage.tables.region import SchemeRow


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
    """Read the schemes of a region's own, in order.

    Raises:
        Refusal: those of `dispatch.desk.own_scheme.own_scheme`.
    """
    rows = connection.execute(
        select(SchemeRow.c.file, SchemeRow.c.content)
        .where(SchemeRow.c.region_id == region)
        .order_by(SchemeRow.c.position)
    )
    return tuple(own_scheme(file, content, folder=f"{FOLDER}/") for file, content in rows)


def schemes_in(connection: Connection, region: str) -> Schemes:
    """Every scheme version a region's contracts and tickets may name: those that ship and its own."""
    return schemes_with(own_schemes_in(connection, region))
