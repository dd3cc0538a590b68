"""Engineers and their shifts, as a problem sees them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.crew import CertificateHeld, Shift, ToolHeld, on_call_shift, overtime_of, present
from dispatch.desk.visit import PublishedStop
from dispatch.in_day import Day, begin
from dispatch.pose.index import Index
from kernel.clock import zone
from kernel.ids import natural_key
from kernel.interval import Interval
from kernel.money import cents

PIECE = "#"
"""Between a shift's id and the number of a later piece of it; no id has it."""

FOREVER_S = 10**11
"""Ticks; later than any horizon: a certificate without an end."""


def engineers(board: Board, index: Index) -> tuple[posed.Engineer, ...]:
    """All engineers, in order; after them whom a published plan asked from outside: nobody of ours, and no shift."""
    rows = {row.id: row for row in board.region.field.engineers}
    ours = tuple(
        posed.Engineer(
            id=name,
            skills=_skills(board, index, name),
            certificates=tuple(
                _certificate(board, index, held)
                for held in board.region.field.certificates
                if held.engineer == name and held.certificate in index.certificates
            ),
            tools=tuple(
                _tool(board, index, held)
                for held in board.region.field.tools
                if held.holder == name and held.tool in index.tools
            ),
            van=van(index, name),
            territories=tuple(sorted(map(index.territories.index, rows[name].territories)))
            if index.territories
            else (),
            away_cents=_away(rows[name].away_price) if index.territories else None,
            loaners=tuple(
                (i, index.pool.free[rows[name].van, kind])
                for i, kind in enumerate(index.classes)
                if (rows[name].van, kind) in index.pool.free
            ),
        )
        for name in index.engineers
    )
    return (*ours, *(posed.Engineer(id=partner) for partner in index.asked))


def van(index: Index, engineer: str) -> tuple[tuple[int, int], ...]:
    """Units in an engineer's van, by part index."""
    held = index.supplies.vans.get(engineer, {})
    return tuple((i, held[part]) for i, part in enumerate(index.parts) if part in held)


def number_of(board: Board, index: Index, stop: PublishedStop) -> int:
    """Index in the problem of whom a published stop stands with."""
    if stop.partner:
        return len(index.engineers) + index.asked.index(stop.partner)
    return index.engineers.index(engineer_of(board, stop.shift))


def engineer_of(board: Board, shift: str) -> str:
    """The engineer of a shift or an on-call duty."""
    rows = (*board.region.field.shifts, *map(on_call_shift, board.region.field.on_call))
    return next(row.engineer for row in rows if row.id == shift)


def shifts(board: Board, index: Index, day: Day) -> tuple[posed.Shift, ...]:
    """What of shifts and on-call duties lies in the planned days, in order."""
    work = board.region.field
    rows = [*work.shifts, *(on_call_shift(duty) for duty in work.on_call)]
    ahead = Interval(board.now, board.horizon_end)
    found: list[posed.Shift] = []
    for shift in sorted(rows, key=lambda row: natural_key(row.id)):
        for number, piece in enumerate(present(shift, work.absences), start=1):
            if piece.overlaps(ahead):
                one = _piece(index, day, shift, piece, number=number)
                found += [one] if one.start_s < one.latest_s else []
    return tuple(found)


def _piece(index: Index, day: Day, shift: Shift, piece: Interval, *, number: int) -> posed.Shift:
    """What is left of a shift after absences and after now; overtime and break stay with the piece they fall in."""
    board, home = day.look.board, f"home:{shift.engineer}"
    more = overtime_of(shift, piece, board.region.field.absences)
    begins = begin(day, shift, piece)
    start_s = begins.start_s
    rest: tuple[posed.Break, ...] = ()
    if shift.break_between is not None and not begins.rested:
        from_s = max(start_s, board.tick(shift.break_between.start))
        until_s = max(begins.break_until_s, board.tick(min(shift.break_between.end, piece.end)))
        rest = (posed.Break(from_s, until_s, shift.break_min * 60),) if from_s < until_s else ()
    return posed.Shift(
        id=shift.id if number == 1 else f"{shift.id}{PIECE}{number}",
        engineer=index.engineers.index(shift.engineer),
        start_place=board.roads.index[begins.place],
        end_place=board.roads.index[f"place:{shift.end_place}" if shift.end_place else home],
        start_s=start_s,
        end_s=board.tick(piece.end),
        overtime_s=max(begins.overtime_s, more // timedelta(seconds=1)),
        call_out_cents=cents(shift.call_out),
        breaks=rest,
    )


def _away(price: Decimal | None) -> int | None:
    return None if price is None else cents(price)


def _skills(board: Board, index: Index, name: str) -> tuple[tuple[int, int], ...]:
    return index.skill_levels(
        (held.skill, held.level)
        for held in board.region.field.skills
        if held.engineer == name and held.skill in index.skills
    )


def _certificate(board: Board, index: Index, held: CertificateHeld) -> posed.Held:
    return posed.Held(
        index.certificates.index(held.certificate),
        _midnight(board, held.valid_from),
        _until(board, held.valid_until),
    )


def _tool(board: Board, index: Index, held: ToolHeld) -> posed.Held:
    return posed.Held(index.tools.index(held.tool), -FOREVER_S, _until(board, held.calibrated_until))


def _midnight(board: Board, day: date) -> int:
    here = zone(board.region.settings.zone)
    return board.tick(datetime.combine(day, time(), tzinfo=here))


def _until(board: Board, last_day: date | None) -> int:
    return FOREVER_S if last_day is None else _midnight(board, last_day + timedelta(days=1))
