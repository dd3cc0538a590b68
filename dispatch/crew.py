"""Engineers, what they can and carry, when they work. Dates are local to the region; a last day is still valid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from kernel.interval import Interval, subtract
from kernel.place import LatLon


@dataclass(frozen=True, slots=True)
class Engineer:
    """A person with a van, known by a code.

    Args:
        depot: id of the depot he belongs to.
        home: where his day starts and ends unless the shift says otherwise.
        van: id of the place of kind van whose stock he carries, empty for none.
        territories: areas he serves; empty: all.
        away_price: price of a visit in another one; None: he never goes there.
    """

    id: str
    depot: str
    home: LatLon
    van: str = ""
    territories: tuple[str, ...] = ()
    away_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """Another firm that does a visit for a price, with parts and tools of its own.

    Args:
        territories: areas it works in; empty: everywhere.
        skills: (skill, level) its people hold.
        certificates: ids its people hold, valid as long as it is listed.
        price: for one visit.
        lead_min: minutes from asking until it can start.
        original_parts: it fits original parts only.
    """

    id: str
    name: str
    price: Decimal
    territories: tuple[str, ...] = ()
    skills: tuple[tuple[str, int], ...] = ()
    certificates: tuple[str, ...] = ()
    lead_min: int = 0
    original_parts: bool = False


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill that engineers hold and visits ask for."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SkillHeld:
    """An engineer's skill with its level, 1 (helps) to 5 (teaches)."""

    engineer: str
    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class CertificateHeld:
    """A certificate valid from `valid_from` to the end of `valid_until`; None: no end."""

    engineer: str
    certificate: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ToolHeld:
    """A tool in an engineer's van; `holder` is the engineer's id.

    Usable to the end of `calibrated_until`; None: needs no calibration.
    """

    serial: str
    tool: str
    holder: str
    calibrated_until: date | None


@dataclass(frozen=True, slots=True)
class Shift:
    """One engineer's working time on one day.

    Args:
        worked: paid time.
        start_place, end_place: ids of places of the stockroom; empty: the engineer's home.
        overtime_min: most minutes past the end.
        break_between: the break starts in here; None: no break.
        break_min: minutes of break.
        call_out: price of using the shift at all; zero for an ordinary one, set for on-call duty.
    """

    id: str
    engineer: str
    worked: Interval
    start_place: str = ""
    end_place: str = ""
    overtime_min: int = 0
    break_between: Interval | None = None
    break_min: int = 0
    call_out: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class OnCall:
    """On-call duty of one engineer: the time may be planned, at `call_out` for every use of it."""

    id: str
    engineer: str
    duty: Interval
    call_out: Decimal


@dataclass(frozen=True, slots=True)
class Absence:
    """Time an engineer is not there: leave, illness, course."""

    id: str
    engineer: str
    away: Interval
    reason: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where an engineer was seen, or is on his way to.

    Args:
        free_at: when he can go on from there; None: at once.
        rested: he has had the break of his shift, or has it until `free_at`.
    """

    engineer: str
    at: datetime
    spot: LatLon
    free_at: datetime | None = None
    rested: bool = False


def present(shift: Shift, absences: Iterable[Absence], /) -> tuple[Interval, ...]:
    """What is left of a shift once the engineer's absences are cut out, in order."""
    return subtract(shift.worked, (gone.away for gone in absences if gone.engineer == shift.engineer))


def overtime_of(shift: Shift, piece: Interval, absences: Iterable[Absence], /) -> timedelta:
    """How long a piece of a shift may go on: only the one that ends with the shift, and never into an absence.

    Args:
        shift: whose overtime it is.
        piece: one of those `present` gives.
        absences: of anybody.
    """
    if piece.end != shift.worked.end:
        return timedelta()
    until = piece.end + timedelta(minutes=shift.overtime_min)
    begins = (gone.away.start for gone in absences if gone.engineer == shift.engineer)
    return min([until, *(start for start in begins if start >= piece.end)]) - piece.end


def on_call_shift(duty: OnCall, /) -> Shift:
    """The shift an on-call duty amounts to: no overtime, no break, its call-out price."""
    return Shift(id=duty.id, engineer=duty.engineer, worked=duty.duty, call_out=duty.call_out)
