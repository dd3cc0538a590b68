"""The life of a loaner unit, and which units are free, now or at a moment to come.

Lent, back, cleaned, inspected, lent again: where a unit stands in that is folded from its loans and what was found at
the counter (`LoanCheck`), never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.stock.loan import CheckStep, Loan, out_until
from kernel.errors import Refusal
from kernel.ids import natural_key


class UnitState(StrEnum):
    """Where a unit stands in its life."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    OUT = "out"
    OVERDUE = "overdue"
    CLEANING = "cleaning"
    INSPECTING = "inspecting"
    QUARANTINE = "quarantine"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingReady:
    """How long a unit is blocked once it is back, by the clock, nights and Sundays included.

    Args:
        cleaning_s: seconds of cleaning, from the moment it is back.
        inspecting_s: seconds of inspection after that.

    Raises:
        Refusal: ``stock.negative_block_time``.
    """

    cleaning_s: int = 0
    inspecting_s: int = 0

    def __post_init__(self) -> None:
        if min(self.cleaning_s, self.inspecting_s) < 0:
            raise Refusal("stock.negative_block_time", value=min(self.cleaning_s, self.inspecting_s))


AT_ONCE = MakingReady()
"""Ready again the moment it is back."""


def making_ready(of: LoanerClass, /) -> MakingReady:
    """How long a unit of the class is blocked once it is back."""
    return MakingReady(cleaning_s=60 * of.cleaning_min, inspecting_s=60 * of.inspection_min)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one unit stands at a moment.

    Args:
        unit: its id.
        state: see `UnitState`; ``reserved`` is here and promised from `until` on, ``held`` is not to be lent for
            another reason than a loan that came back (`LoanerUnit.free_from`); ``quarantine`` came back damaged.
        until: when that ends; None: nobody can say, or nothing is known to end it.
        loan: the loan that makes it so; empty: none.
    """

    unit: str
    state: UnitState
    until: datetime | None = None
    loan: str = ""


def standing(
    unit: LoanerUnit, loans: Iterable[Loan], *, at: datetime, now: datetime, ready: MakingReady = AT_ONCE
) -> Standing:
    """Say where `unit` stands at the moment `at`, as known at `now`.

    An overdue unit is not forecast to be back at any moment to come: a promise that has passed is no promise. Nor is a
    unit under inspection, once that has lasted longer than it should, until somebody says what was found. A unit nobody
    began to inspect is ready when its time is over.
    """
    own = sorted((loan for loan in loans if loan.unit == unit.id), key=lambda loan: loan.out_at)
    begun = [(loan, out_until(loan, now=now)) for loan in own if loan.out_at <= at]
    for loan, end in begun:
        if end is None:
            state = UnitState.OVERDUE if at >= loan.due_back_at else UnitState.OUT
            return Standing(unit.id, state, None, loan.id)
        if at < end:
            return Standing(unit.id, UnitState.OUT, end, loan.id)
    over = max(((end, loan.id, loan) for loan, end in begun if end is not None), default=None)
    if over is not None:
        blocked = _made_ready(unit, over[2], over[0], at=at, now=now, ready=ready)
        if blocked is not None:
            return blocked
    if unit.free_from is not None and at < unit.free_from:
        return Standing(unit.id, UnitState.HELD, unit.free_from)
    following = next((loan for loan in own if loan.out_at > at), None)
    if following is not None:
        return Standing(unit.id, UnitState.RESERVED, following.out_at, following.id)
    return Standing(unit.id, UnitState.AVAILABLE)


def _made_ready(
    unit: LoanerUnit, loan: Loan, back_at: datetime, *, at: datetime, now: datetime, ready: MakingReady
) -> Standing | None:
    """Where a unit stands between its last loan and the next; None: it is ready."""
    cleaned = back_at + timedelta(seconds=ready.cleaning_s)
    inspected = cleaned + timedelta(seconds=ready.inspecting_s)
    found = next((check for check in reversed(loan.checks) if check.at <= at), None)
    match None if found is None else found.step:
        case CheckStep.PASSED:
            return None
        case CheckStep.FAILED:
            return Standing(unit.id, UnitState.QUARANTINE, None, loan.id)
        case CheckStep.INSPECTING if found is not None:
            until = found.at + timedelta(seconds=ready.inspecting_s)
            if until <= now:
                return Standing(unit.id, UnitState.INSPECTING, None, loan.id)
            return Standing(unit.id, UnitState.INSPECTING, until, loan.id) if at < until else None
    for state, until in ((UnitState.CLEANING, cleaned), (UnitState.INSPECTING, inspected)):
        if at < until:
            return Standing(unit.id, state, until, loan.id)
    return None


def is_free(
    unit: LoanerUnit, loans: Iterable[Loan], *, at: datetime, now: datetime, ready: MakingReady = AT_ONCE
) -> bool:
    """Say whether `unit` can be lent at the moment `at`, as known at `now`; see `standing`.

    One that is here and promised from a later moment on is not: nobody can say it would be back by then.
    """
    return standing(unit, loans, at=at, now=now, ready=ready).state is UnitState.AVAILABLE


def free_units(
    units: Iterable[LoanerUnit],
    loans: Iterable[Loan],
    *,
    at: datetime,
    now: datetime,
    ready: Mapping[str, MakingReady] | None = None,
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Units that can be lent at the moment `at`, by the place or van they are in and class.

    Args:
        units: the pool.
        loans: see `checked_in`.
        at: the moment.
        now: what is known.
        ready: how long a unit is blocked once it is back, by class; a class not named not at all.

    Returns:
        ``{(place, class): (unit ids in natural order)}``; a pair without a free unit is absent.
    """
    by_unit = _by_unit(loans)
    free: dict[tuple[str, str], list[str]] = {}
    for unit in sorted(units, key=lambda unit: natural_key(unit.id)):
        blocked = (ready or {}).get(unit.loaner_class, AT_ONCE)
        if is_free(unit, by_unit.get(unit.id, ()), at=at, now=now, ready=blocked):
            free.setdefault((unit.van or unit.place, unit.loaner_class), []).append(unit.id)
    return {key: tuple(ids) for key, ids in sorted(free.items())}


MOST_DAYS = 366
"""How far ahead a forecast goes."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The units of one class at a moment to come, as known now.

    Args:
        at: the moment.
        units: how many are in which state; states without a unit are absent.
    """

    at: datetime
    units: Mapping[UnitState, int]

    @property
    def free(self) -> int:
        """Units nobody has and nobody is promised."""
        return self.units.get(UnitState.AVAILABLE, 0)


def outlook(
    units: Iterable[LoanerUnit],
    loans: Iterable[Loan],
    loaner_class: str,
    *,
    now: datetime,
    days: int,
    ready: MakingReady = AT_ONCE,
    kept: Mapping[str, str] | None = None,
) -> tuple[Outlook, ...]:
    """Forecast the units of a class at `now` and every 24 hours after it, `days` times.

    Every unit is counted once a moment. Only what is known counts: loans not asked for yet are not foreseen, and a unit
    kept (see `kept_for`) stays kept.

    Raises:
        Refusal: ``stock.forecast_too_long`` for days below zero or above a year.
    """
    if not 0 <= days <= MOST_DAYS:
        raise Refusal("stock.forecast_too_long", value=days, most=MOST_DAYS)
    by_unit = _by_unit(loans)
    pool = [unit for unit in units if unit.loaner_class == loaner_class]
    found: list[Outlook] = []
    for day in range(days + 1):
        at = now + timedelta(days=day)
        each = (standing(unit, by_unit.get(unit.id, ()), at=at, now=now, ready=ready) for unit in pool)
        states = [kept_for(one, kept or {}).state for one in each]
        found.append(Outlook(at, {state: states.count(state) for state in UnitState if state in states}))
    return tuple(found)


def kept_for(stands: Standing, kept: Mapping[str, str]) -> Standing:
    """Where a unit stands that is kept for somebody before any loan of it is written: reserved, nobody can say how long.

    Args:
        stands: see `standing`.
        kept: for whom units are kept, by unit.
    """
    if stands.state is UnitState.AVAILABLE and stands.unit in kept:
        return Standing(stands.unit, UnitState.RESERVED, None, kept[stands.unit])
    return stands


@dataclass(frozen=True, slots=True)
class Lending:
    """How often and for how long units of a class were lent.

    Args:
        loans: loans it was learnt from.
        per_day: loans a day.
        days_out: how long a unit is out on average.
    """

    loans: int
    per_day: float
    days_out: float


def lending(
    units: Iterable[LoanerUnit], loans: Iterable[Loan], loaner_class: str, *, now: datetime
) -> Lending | None:
    """Learn from the loans of a class that have begun; None where too few have, or the first less than a day ago.

    The first loan only opens the record, so it does not count towards the rate. Units still out count with the time
    they have been out so far, else long loans would be left out until they end: total days out over loans ended, the
    most likely mean of exponential times cut off at `now` (Epstein and Sobel 1953). Requests that found nothing to
    lend leave no loan; where there were many, the rate is too low.
    """
    own = {unit.id for unit in units if unit.loaner_class == loaner_class}
    begun = sorted(
        (loan for loan in loans if loan.unit in own and loan.out_at <= now), key=lambda loan: loan.out_at
    )
    ended = [loan for loan in begun if loan.back_at is not None and loan.back_at <= now]
    day = timedelta(days=1)
    if not ended or len(begun) < 2 or now - begun[0].out_at < day:
        return None
    out = sum(((min(loan.back_at or now, now) - loan.out_at) / day for loan in begun), 0.0)
    return Lending(len(begun), (len(begun) - 1) / ((now - begun[0].out_at) / day), out / len(ended))


def _by_unit(loans: Iterable[Loan]) -> dict[str, list[Loan]]:
    by_unit: dict[str, list[Loan]] = {}
    for loan in loans:
        by_unit.setdefault(loan.unit, []).append(loan)
    return by_unit
