"""A line of the review left alone until a day, or looked at again, in a database: every word kept, the last one counts."""

from __future__ import annotations

from datetime import date

from inventory.catalogue.place import SHELVES
from inventory.replenish.snooze import Snooze, asleep, check_snooze
from inventory.stock.lot import day_of
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset.counter_tables import SNOOZES
from storage.idempotency import Reply, once
from storage.regional import zone_of
from storage.stock.facts import keep, told
from storage.stock.locks import place_of
from storage.stock.queries import catalogued
from storage.tables.counter import SnoozeRow
from storage.unit_of_work import UnitOfWork


def snooze(work: UnitOfWork, part: str, place: str, *, until_on: date, reason: str) -> Reply:
    """Leave a part at a place alone in every review until a day; said again, the last word counts.

    Args:
        work: the unit of work.
        part: part id.
        place: place id, a shelf.
        until_on: the day it wakes, in the region's calendar.
        reason: why, in words.

    Returns:
        ``{"part", "place", "until_on": day}``.

    Raises:
        Refusal: ``replenish.snooze_over``, ``replenish.snooze_too_long``, ``replenish.snooze_without_reason``;
            ``stock.unknown_part``, ``stock.unknown_place``, ``stock.not_a_shelf``.
    """

    def act() -> Reply:
        queue(work)
        _check_line(work, part, place)
        row = Snooze(part, place, work.now, until_on, reason, work.actor)
        check_snooze(row, on=_today(work))
        return _said(work, row)

    content = {"part": part, "place": place, "until_on": until_on.isoformat(), "reason": reason}
    return once(work, "stock.snooze", content, act)


def wake(work: UnitOfWork, part: str, place: str, *, reason: str = "") -> Reply:
    """Look at a part at a place again from now on, before its day has come; returns as `snooze`.

    Raises:
        Refusal: ``replenish.not_snoozed``; ``stock.unknown_part``, ``stock.unknown_place``, ``stock.not_a_shelf``.
    """

    def act() -> Reply:
        queue(work)
        _check_line(work, part, place)
        said = told(work.connection, work.region, SNOOZES, SnoozeRow, part_id=part, place_id=place)
        if (part, place) not in asleep(said, at=work.now, on=_today(work)):
            raise Refusal("replenish.not_snoozed", part=part, place=place)
        return _said(work, Snooze(part, place, work.now, None, reason, work.actor))

    return once(work, "stock.wake", {"part": part, "place": place, "reason": reason}, act)


def _said(work: UnitOfWork, row: Snooze) -> Reply:
    keep(work, SNOOZES, SnoozeRow, [row])
    until = "" if row.until_on is None else row.until_on.isoformat()
    action = "stock.snooze" if until else "stock.wake"
    work.record(action, f"{row.part}@{row.place}", until_on=until, reason=row.reason)
    return {"part": row.part, "place": row.place, "until_on": until}


def _today(work: UnitOfWork) -> date:
    return day_of(work.now, zone_name=zone_of(work.connection, work.region))


def _check_line(work: UnitOfWork, part: str, place: str) -> None:
    if part not in catalogued(work.connection, work.region, (part,)):
        raise Refusal("stock.unknown_part", part=part[:64])
    kind = place_of(work, place).kind
    if kind not in SHELVES:
        raise Refusal("stock.not_a_shelf", place=place, kind=kind.value)
