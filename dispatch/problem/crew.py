"""Who works when, with what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate or calibrated tool held from `from_s` until `until_s` (out), ticks; either may lie outside the horizon."""

    item: int
    from_s: int
    until_s: int

    def covers(self, start_s: int, end_s: int) -> bool:
        """Say whether it is valid for the whole of [start, end)."""
        return self.from_s <= start_s and end_s <= self.until_s


@dataclass(frozen=True, slots=True)
class Engineer:
    """A person with a van.

    Args:
        skills: (skill index, level held).
        certificates: held certificates with their validity.
        tools: tools in the van with their calibration's validity.
        van: (part index, whole units) in the van at the horizon's start; shared by all shifts of the engineer.
        territories: indices of those he serves; empty: all.
        away_cents: price of a visit in any other territory; None: he never goes there.
        loaners: (loaner class index, ids of the units) in the van at the horizon's start, to be brought on his visits.
    """

    id: str
    skills: tuple[tuple[int, int], ...] = ()
    certificates: tuple[Held, ...] = ()
    tools: tuple[Held, ...] = ()
    van: tuple[tuple[int, int], ...] = ()
    territories: tuple[int, ...] = ()
    away_cents: int | None = None
    loaners: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def at_home(self, territory: int) -> bool:
        """Say whether a visit in `territory` is one of his own."""
        return territory < 0 or not self.territories or territory in self.territories


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `duration_s` that starts in [from_s, until_s), between two stops or before a stop's work.

    Owed when the route ends after `until_s`; never interrupts work or travel.
    """

    from_s: int
    until_s: int
    duration_s: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One engineer's working time on one day: the vehicle of the search.

    Args:
        engineer: index into `PlanningProblem.engineers`.
        start_place, end_place: indices into `PlanningProblem.places`.
        start_s, end_s: paid time; leaves no earlier, overtime begins at `end_s`.
        overtime_s: most ticks the route may run past `end_s`.
        call_out_cents: price of using the shift at all (on call), 0 for an ordinary one.
        breaks: in order, at most a few.
    """

    id: str
    engineer: int
    start_place: int
    end_place: int
    start_s: int
    end_s: int
    overtime_s: int = 0
    call_out_cents: int = 0
    breaks: tuple[Break, ...] = ()

    @property
    def latest_s(self) -> int:
        """The end of the shift with all overtime allowed."""
        return self.end_s + self.overtime_s
