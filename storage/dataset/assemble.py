"""Put the values of a region's tables together: the one way from rows, of files or of a database, to a region."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from dispatch.desk.history import PartUsed
from dispatch.desk.own_scheme import OwnScheme
from dispatch.region import Fieldwork, Region, Settings
from inventory.stockroom import Stockroom
from kernel.calendars import BusinessCalendar
from storage.dataset.schema import FIELD, STOCK


def assembled(
    settings: Settings,
    calendars: Iterable[BusinessCalendar],
    values: Callable[[str], tuple[Any, ...]],
    own_schemes: tuple[OwnScheme, ...],
) -> Region:
    """Make a region.

    Args:
        settings: stories included.
        calendars: without their single dates.
        values: what the rows of a table make, in order, by the table's name in `storage.dataset.schema`.
        own_schemes: the region's own, by file name.
    """
    field_side = {name: values(table.name) for name, table in FIELD.items()}
    remote = {site.id: site.remote for site in field_side["sites"]}
    used: dict[str, list[PartUsed]] = {}
    for ticket, part in values("repair_history"):
        used.setdefault(ticket, []).append(part)
    days: dict[str, list[Any]] = {}
    for calendar, on, hours in values("calendar_days"):
        days.setdefault(calendar, []).append((on, hours))
    field_side["tickets"] = tuple(
        replace(ticket, remote=remote[ticket.site]) for ticket in field_side["tickets"]
    )
    field_side["closed_tickets"] = tuple(
        replace(closed, parts=tuple(used.get(closed.ticket, ()))) for closed in field_side["closed_tickets"]
    )
    dated = tuple(replace(calendar, exceptions=tuple(days.get(calendar.id, ()))) for calendar in calendars)
    return Region(
        settings=settings,
        field=Fieldwork(**field_side, calendars=dated, own_schemes=own_schemes),
        stock=Stockroom(**{name: values(table.name) for name, table in STOCK.items()}),
    )
