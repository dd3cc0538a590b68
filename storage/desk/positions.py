"""Where engineers are: written and read while they are on duty, and at no other time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from dispatch.crew import Position
from dispatch.on_duty import duty_at
from kernel.errors import Refusal
from kernel.interval import Interval
from kernel.place import LatLon
from storage.appended import queue
from storage.dataset.schema import FIELD
from storage.idempotency import Reply, once
from storage.rows.facts import add, pair_of, rows_in
from storage.tables.crew import AbsenceRow, EngineerRow, OnCallRow, PositionRow, ShiftRow
from storage.unit_of_work import UnitOfWork

LATEST = timedelta(minutes=5)
"""A position may be so old when it arrives: a telephone has no signal in a basement."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an engineer on duty was seen last."""

    engineer: str
    at: datetime
    spot: LatLon


def note_position(
    work: UnitOfWork, engineer: str, at: datetime, spot: LatLon, *, where: ColumnElement[bool]
) -> Reply:
    """Write where an engineer is: ``{"engineer": id, "at": moment}``.

    Args:
        work: of the command.
        engineer: id.
        at: when he was there; at most `LATEST` ago.
        spot: where.
        where: what of `EngineerRow` the caller reaches.

    Raises:
        Refusal: ``position.unknown_engineer``, ``position.not_now``, ``position.off_duty``.
    """

    def act() -> Reply:
        check_engineer(work.connection, work.region, engineer, where)
        if not work.now - LATEST <= at <= work.now:
            raise Refusal("position.not_now", moment=at.isoformat(), minutes=LATEST.seconds // 60)
        if engineer not in _duties(work.connection, work.region, [engineer], at):
            raise Refusal("position.off_duty", engineer=engineer)
        queue(work)
        there = PositionRow.c
        known = select(there.at).where(
            there.region_id == work.region, there.engineer_id == engineer, there.at == at
        )
        if work.connection.execute(known).scalar() is None:
            add(work, FIELD["positions"], (Position(engineer, at, spot),))
            # Where he was is no matter of the audit, which nothing leaves again.
            work.record("position.note", engineer)
        return {"engineer": engineer, "at": at.isoformat()}

    return once(
        work,
        "position.note",
        {"engineer": engineer, "at": at.isoformat(), "lat": spot.lat, "lon": spot.lon},
        act,
    )


def duty_of(connection: Connection, region: str, engineer: str, at: datetime) -> Interval | None:
    """The duty an engineer is on at a moment; None: he is off duty, and nobody asks where he is."""
    return _duties(connection, region, [engineer], at).get(engineer)


def check_engineer(connection: Connection, region: str, engineer: str, where: ColumnElement[bool]) -> None:
    """Refuse an engineer who is not there, or not within the caller's reach: ``position.unknown_engineer``."""
    query = select(EngineerRow.c.engineer_id).where(
        EngineerRow.c.region_id == region, EngineerRow.c.engineer_id == engineer, where
    )
    if connection.execute(query).scalar() is None:
        raise Refusal("position.unknown_engineer", engineer=engineer[:64])


def whereabouts(
    connection: Connection, region: str, *, now: datetime, where: ColumnElement[bool]
) -> list[Whereabouts]:
    """Where each engineer who is on duty now was last seen in this duty, by engineer.

    Args:
        connection: to read with.
        region: its id.
        now: aware.
        where: what of `PositionRow` the caller reaches.
    """
    row = PositionRow.c
    last = (
        select(row.engineer_id, func.max(row.at).label("at"))
        .where(row.region_id == region, row.at <= now, where)
        .group_by(row.engineer_id)
        .subquery()
    )
    query = (
        select(row.engineer_id, row.at, row.lat, row.lon)
        .join(last, (last.c.engineer_id == row.engineer_id) & (last.c.at == row.at))
        .where(row.region_id == region)
        .order_by(row.engineer_id)
    )
    seen = connection.execute(query).all()
    duties = _duties(connection, region, [one.engineer_id for one in seen], now)
    return [
        Whereabouts(one.engineer_id, one.at, LatLon(one.lat, one.lon))
        for one in seen
        if (duty := duties.get(one.engineer_id)) is not None and one.at in duty
    ]


def _duties(
    connection: Connection, region: str, engineers: Iterable[str], at: datetime
) -> dict[str, Interval]:
    """The duty each of some engineers is on at a moment, in three queries."""
    wanted = set(engineers)

    def of_each(name: str, table: Table) -> dict[str, list[Any]]:
        pair, row = pair_of(FIELD[name]), table.c
        # No overtime lasts a day: what ended before is over.
        near = (row.starts_at <= at, row.ends_at > at - timedelta(days=1))
        found: dict[str, list[Any]] = {}
        for one in rows_in(connection, pair, region, *near):
            if one["engineer_id"] in wanted:
                found.setdefault(one["engineer_id"], []).append(pair.file.make(one))
        return found

    shifts, on_call, absences = (
        of_each("shifts", ShiftRow),
        of_each("on_call", OnCallRow),
        of_each("absences", AbsenceRow),
    )
    each = {
        name: duty_at(shifts.get(name, ()), on_call.get(name, ()), absences.get(name, ()), at)
        for name in sorted(wanted)
    }
    return {name: duty for name, duty in each.items() if duty is not None}
