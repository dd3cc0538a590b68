"""Who is there: the shifts and duties of engineers, and in which of them somebody is at work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.board import Board
from dispatch.crew import Shift, on_call_shift, present
from dispatch.desk.clause import LadderRole
from dispatch.desk.on_call import RosterDuty, Watch, roster
from dispatch.region import Fieldwork
from dispatch.underway import EARLY, Standing
from kernel.interval import Interval


@dataclass(frozen=True)
class Attendance:
    """Who works when: the shifts and duties of each engineer, with what is left of them after absences."""

    board: Board
    rows: Mapping[str, tuple[tuple[Shift, tuple[Interval, ...]], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, board: Board, engineers: Collection[str]) -> Attendance:
        """Look these engineers up."""
        work = board.region.field
        found: dict[str, list[tuple[Shift, tuple[Interval, ...]]]] = {}
        for row in [*work.shifts, *map(on_call_shift, work.on_call)] if engineers else []:
            if row.engineer in engineers:
                found.setdefault(row.engineer, []).append((row, present(row, work.absences)))
        return cls(board, {name: tuple(rows) for name, rows in found.items()})

    def own(self, engineer: str) -> Iterable[tuple[Shift, Interval]]:
        """The pieces of his shifts."""
        return ((row, piece) for row, pieces in self.rows.get(engineer, ()) for piece in pieces)

    def begun_in(self, standing: Standing) -> tuple[Shift, Interval] | None:
        """The piece of a shift in which a standing was heard, or which it began."""
        own = list(self.own(standing.engineer))
        for row, piece in own:
            if standing.at in piece:
                return row, piece
        if any(standing.at in row.worked for row, _ in own):
            return None
        for row, piece in own:
            if piece.start - EARLY <= standing.at < piece.start == row.worked.start:
                return row, piece
        return None

    def in_now(self, standing: Standing) -> tuple[Shift, Interval] | None:
        """The piece of a shift in which who is at work is there now."""
        for row, piece in self.own(standing.engineer):
            if self.board.now in piece:
                return row, piece
        begun = self.begun_in(standing)
        return begun if begun is not None and self.board.now < begun[1].start else None

    def paid(self, engineer: str, until: datetime) -> timedelta:
        """His working time from now to a moment; a moment between two shifts belongs to the one before."""
        now, total, last = self.board.now, timedelta(), self.board.now
        for _, piece in sorted(self.own(engineer), key=lambda own: own[1]):
            if piece.start < until and piece.end > now:
                total += min(piece.end, until) - max(piece.start, now)
                last = max(last, min(piece.end, until))
        return total + (until - last) if until > last else total


def crews(board: Board) -> Mapping[str, tuple[Standing, ...]]:
    """Everybody at work on an open visit or on the way to it, and there to do so, by visit."""
    away = {gone.engineer for gone in board.region.field.absences if board.now in gone.away}
    found: dict[str, list[Standing]] = {}
    for one in board.standing.values():
        if one.visit in board.visits and one.engineer not in away:
            found.setdefault(one.visit, []).append(one)
    return {visit: tuple(sorted(crew, key=lambda s: (s.piece, s.engineer))) for visit, crew in found.items()}


def watches_of(work: Fieldwork, /) -> tuple[Watch, ...]:
    """The roster: the desk's duties, and engineers on call as the on-site team, less their absences."""
    engineers = [
        RosterDuty(f"{duty.id}/{number}", LadderRole.ON_SITE_TEAM, duty.engineer, span.start, span.end)
        for duty in work.on_call
        for number, span in enumerate(present(on_call_shift(duty), work.absences), start=1)
    ]
    return roster((*work.roster_duties, *engineers), work.duties_handed_over)
