"""The audit as a list: newest first, filtered, by page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, tuple_

from storage.tables.command import AuditRow

After = tuple[datetime, int, int]
"""Moment, lane and number of the last entry of the page before."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done; `facts` are plain JSON values, `hash` its link in the chain of its lane."""

    lane: int
    number: int
    at: datetime
    actor: str
    device: str
    key: str
    action: str
    about: str
    facts: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is empty leaves none out.

    Args:
        actor: account's id.
        action: dotted; `stock` means every action that begins with ``stock.``.
        about: id of what it was done to.
        since, until: moments, the latter not included.
    """

    actor: str = ""
    action: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_page(
    connection: Connection, region: str, wanted: Wanted, *, most: int, after: After | None = None
) -> list[Done]:
    """A page of a region's audit, newest first."""
    row = AuditRow.c
    query = select(AuditRow).where(row.region_id == region)
    if wanted.actor:
        query = query.where(row.actor == wanted.actor)
    if wanted.action:
        below = row.action.startswith(f"{wanted.action}.", autoescape=True)
        query = query.where((row.action == wanted.action) | below)
    if wanted.about:
        query = query.where(row.about == wanted.about)
    if wanted.since is not None:
        query = query.where(row.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(row.at < wanted.until)
    if after is not None:
        query = query.where(tuple_(row.at, row.lane, row.number) < tuple_(*after))
    found = connection.execute(
        query.order_by(row.at.desc(), row.lane.desc(), row.number.desc()).limit(most)
    ).mappings()
    return [
        Done(
            lane=one["lane"],
            number=one["number"],
            at=one["at"],
            actor=one["actor"],
            device=one["device"],
            key=one["key"],
            action=one["action"],
            about=one["about"],
            facts=json.loads(one["facts"]),
            hash=one["hash"],
        )
        for one in found
    ]
