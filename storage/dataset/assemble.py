"""Put the values of a region's tables together: the one way from rows, of files or of a database, to a region."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from dispatch.desk.history import PartUsed
from dispatch.desk.own_scheme import OwnScheme
from dispatch.desk.practice_file import OwnPractice
from dispatch.region import Fieldwork, Region, Settings
from inventory.stockroom import Stockroom
from kernel.calendars import BusinessCalendar
from storage.dataset.schema import FIELD, STOCK


def assembled(
    settings: Settings,
    calendars: Iterable[BusinessCalendar],
    values: Callable[[str], tuple[Any, ...]],
    own_schemes: tuple[OwnScheme, ...],
    own_practice: tuple[OwnPractice, ...],
) -> Region:
    """Make a region.

    Args:
        settings: stories included.
        calendars: with their single dates (`dated`).
        values: what the rows of a table make, in order, by the table's name in `storage.dataset.schema`.
        own_schemes: the region's own, by file name.
        own_practice: the region's own; none: the one that ships holds.
    """
    field_side = {name: values(table.name) for name, table in FIELD.items()}
    remote = {site.id: site.remote for site in field_side["sites"]}
    used: dict[str, list[PartUsed]] = {}
    for ticket, part in values("repair_history"):
        used.setdefault(ticket, []).append(part)
    field_side["tickets"] = tuple(
        replace(ticket, remote=remote[ticket.site]) for ticket in field_side["tickets"]
    )
    field_side["closed_tickets"] = tuple(
        replace(closed, parts=tuple(used.get(closed.ticket, ()))) for closed in field_side["closed_tickets"]
    )
    return Region(
        settings=settings,
        field=Fieldwork(
            **field_side,
            calendars=tuple(calendars),
            own_schemes=own_schemes,
            own_practice=own_practice,
        ),
        stock=Stockroom(**{name: values(table.name) for name, table in STOCK.items()}),
    )


def dated(
    calendars: Iterable[BusinessCalendar], days: Iterable[tuple[Any, ...]], /
) -> tuple[BusinessCalendar, ...]:
    """Calendars with their single dates: ``(calendar id, day, hours)`` as the rows of ``calendar_days`` make them."""
    found: dict[str, list[Any]] = {}
    for calendar, on, hours in days:
        found.setdefault(calendar, []).append((on, hours))
    return tuple(replace(calendar, exceptions=tuple(found.get(calendar.id, ()))) for calendar in calendars)
