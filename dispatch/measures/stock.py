"""Stock fill and loaner days: what the store did for repairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dispatch.desk.milestone import Wait
from dispatch.desk.ticket import EventKind
from dispatch.loaners import loans_of
from dispatch.measures.case import Case
from dispatch.measures.period import Period
from dispatch.parts import Stockroom, supplies
from kernel.ids import natural_key
from kernel.money import cents, from_cents

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class ShelfFill:
    """Parts that are to be kept at one place, at a moment.

    Args:
        place: id; empty: all places.
        kept: parts with a stock policy there.
        filled: of those, with at least one unit available.
    """

    place: str
    kept: int
    filled: int

    @property
    def share(self) -> float | None:
        """Filled over kept, 0 to 1; None when nothing is kept."""
        return self.filled / self.kept if self.kept else None


@dataclass(frozen=True, slots=True)
class JobFill:
    """Restored tickets that took parts, by whether they ever waited for one.

    Args:
        at_once: never waited for a part.
        waited: did.
        unknown: come from an archive that keeps no waits.
    """

    at_once: int
    waited: int
    unknown: int

    @property
    def share(self) -> float | None:
        """At once over at once and waited, 0 to 1; None when neither happened."""
        known = self.at_once + self.waited
        return self.at_once / known if known else None


@dataclass(frozen=True, slots=True)
class LoanerDays:
    """Loans of one class, within the period.

    Args:
        loaner_class: id; empty: all classes.
        units: in the pool.
        loans: that were out at some moment of the period.
        days: out, in days of 24 hours and fractions of them.
        overdue: out at the end and past the promised return.
        cost: days times the class's price of a day, in the region's currency.
    """

    loaner_class: str
    units: int
    loans: int
    days: float
    overdue: int
    cost: Decimal


def shelf_fill(
    stockroom: Stockroom, vans: Mapping[str, str], /, *, now: datetime, zone_name: str
) -> tuple[ShelfFill, ...]:
    """Say where what is to be kept is there, at `now`: all places first, then each; empty without a stock policy.

    Args:
        stockroom: parts, places, moves.
        vans: engineer by the place id of his van.
        now: the moment.
        zone_name: whose day decides which lots are out of date.
    """
    there = supplies(stockroom, now=now, zone_name=zone_name)
    stock = {shelf.id: shelf.stock for shelf in there.shelves}
    stock |= {van: there.vans.get(engineer, {}) for van, engineer in vans.items()}
    by_place: dict[str, list[bool]] = {}
    for policy in stockroom.stock_policies:
        if policy.place in stock:
            by_place.setdefault(policy.place, []).append(stock[policy.place].get(policy.part, 0) > 0)
    rows = [
        ShelfFill(place, len(filled), sum(filled))
        for place, filled in sorted(by_place.items(), key=lambda row: natural_key(row[0]))
    ]
    if not rows:
        return ()
    return (ShelfFill("", sum(row.kept for row in rows), sum(row.filled for row in rows)), *rows)


def job_fill(cases: Iterable[Case], took_parts: Iterable[str], period: Period, /) -> JobFill:
    """Say how many of the tickets restored in the period got their parts at once.

    Args:
        cases: as of the period's `now`.
        took_parts: ids of tickets that needed or took parts; one that waited for a part needed one.
        period: which restorations count.
    """
    took = set(took_parts)
    at_once = waited = unknown = 0
    for case in cases:
        if case.restored_at is None or case.restored_at not in period:
            continue
        if any(event.kind is EventKind.WAITING and event.value == Wait.PART for event in case.events):
            waited += 1
        elif case.ticket.id in took:
            at_once += not case.archived
            unknown += case.archived
    return JobFill(at_once, waited, unknown)


def loaner_days(stockroom: Stockroom, period: Period, /) -> tuple[LoanerDays, ...]:
    """Add up the time loaner units were with customers: all classes first, then each; empty without a pool.

    Args:
        stockroom: the pool and its loans.
        period: up to its `until`; a loan nobody ended lasts until then.
    """
    classes = {unit.id: unit.loaner_class for unit in stockroom.loaner_units}
    price = {row.id: row.day_cost for row in stockroom.loaner_classes}
    out_s = dict.fromkeys(price, 0.0)
    loans, overdue = dict.fromkeys(price, 0), dict.fromkeys(price, 0)
    for loan in loans_of(stockroom):
        name = classes.get(loan.unit, "")
        end = min(period.until, loan.back_at or period.until)
        seconds = (end - max(period.start, loan.out_at)).total_seconds()
        if name not in price or seconds <= 0:
            continue
        out_s[name] += seconds
        loans[name] += 1
        still = loan.back_at is None or loan.back_at > period.until
        overdue[name] += still and loan.due_back_at < period.until
    rows = [
        LoanerDays(
            loaner_class=name,
            units=sum(of == name for of in classes.values()),
            loans=loans[name],
            days=out_s[name] / DAY_S,
            overdue=overdue[name],
            cost=from_cents(cents(price[name] * Decimal(out_s[name]) / DAY_S)),
        )
        for name in sorted(price, key=natural_key)
    ]
    if not rows:
        return ()
    total = LoanerDays(
        "",
        sum(row.units for row in rows),
        sum(row.loans for row in rows),
        sum(row.days for row in rows),
        sum(row.overdue for row in rows),
        sum((row.cost for row in rows), Decimal(0)),
    )
    return (total, *rows)
