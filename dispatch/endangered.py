"""Which promises are in danger, and by what: the engineer's word, a part that is missing, or the plan itself.

The engineer's word is heard before anybody plans again; each promise named here is a case for `dispatch.rescue`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.board import Board
from dispatch.cost import visit_stops
from dispatch.desk.clock import ClockState
from dispatch.desk.life import Stage, TicketState, state_of
from dispatch.desk.milestone import Milestone
from dispatch.heard import heard
from dispatch.parts import supplies
from dispatch.plan import Outsourced, Plan, Stop
from dispatch.problem import PlanningProblem, kept_name
from dispatch.short import still_short
from dispatch.summary import forecasts
from kernel.ids import natural_key

FINISHES = (Milestone.REPAIR, Milestone.DELIVER)
"""Milestones the engineer's word is about."""


class Danger(StrEnum):
    """What endangers a promise."""

    WORD = "word"
    """The engineer's own forecast passes the due time."""
    PART = "part"
    """A part is missing: the engineer at work has it not in his van, or the store could not stage it."""
    PLAN = "plan"
    """The plan passes the due time."""
    NOBODY = "nobody"
    """Nobody is planned."""


@dataclass(frozen=True, slots=True)
class Endangered:
    """A promise that will not be kept as things stand.

    Args:
        ticket, milestone: whose promise.
        due_at: when it is due.
        danger: why it is in danger.
        forecast_at: when it will be met; None: nobody can say.
        parts: (part, quantity) that are missing, for `Danger.PART`.
    """

    ticket: str
    milestone: Milestone
    due_at: datetime
    danger: Danger
    forecast_at: datetime | None = None
    parts: tuple[tuple[str, int], ...] = ()

    @property
    def late_by(self) -> timedelta | None:
        """By how much it will be late; None: nobody can say."""
        return None if self.forecast_at is None else self.forecast_at - self.due_at


def endangered(
    board: Board, problem: PlanningProblem | None = None, plan: Plan | None = None
) -> tuple[Endangered, ...]:
    """List the promises in danger, the earliest due first; one line for each ticket and milestone.

    Args:
        board: what is true now.
        problem: of the board; None: nobody has planned yet, only the engineers' words are looked at.
        plan: its plan.
    """
    found: dict[tuple[str, Milestone], Endangered] = {}
    planned: tuple[Endangered, ...] = ()
    again = frozenset[str]()
    if problem is not None and plan is not None:
        planned = tuple(_by_plan(board, problem, plan))
        again = frozenset(visit.ticket for visit in problem.visits)
    # What the engineer at work says goes before what the plan believes.
    for one in (*_by_word(board, again), *planned):
        found.setdefault((one.ticket, one.milestone), one)
    order = list(Milestone)
    return tuple(
        sorted(found.values(), key=lambda e: (e.due_at, natural_key(e.ticket), order.index(e.milestone)))
    )


def _by_word(board: Board, planned: frozenset[str]) -> Iterator[Endangered]:
    """By the engineers' words; where work rests and the ticket is planned anew, the plan knows better."""
    missing = _short(board, planned) | _missing(board)
    for ticket in board.tickets.values():
        events = board.events.get(ticket.id, ())
        state = state_of(ticket, events, board.now)
        rests = state.waiting is not None or state.stage is Stage.LEFT
        if not state.is_open or (rests and ticket.id in planned):
            continue
        if state.forecast is not None or ticket.id in missing:
            yield from _of_ticket(ticket.id, state, board.clocks(ticket), missing.get(ticket.id, ()))


def _of_ticket(
    ticket: str,
    state: TicketState,
    clocks: Mapping[Milestone, ClockState],
    missing: tuple[tuple[str, int], ...],
) -> Iterator[Endangered]:
    for milestone in FINISHES:
        clock = clocks.get(milestone)
        if clock is None or not clock.is_open or clock.due_at is None:
            continue
        if missing:
            yield Endangered(ticket, milestone, clock.due_at, Danger.PART, parts=missing)
        elif state.forecast is not None and state.forecast > clock.due_at:
            yield Endangered(ticket, milestone, clock.due_at, Danger.WORD, state.forecast)


def _short(board: Board, planned: frozenset[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Parts the store could not stage and nobody has brought since, by ticket; of a ticket planned since, the plan speaks."""
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    offered = supplies(board.region.stock, now=board.now, zone_name=board.region.settings.zone)
    for visit, part, units in still_short(board.region.field, board.visits, offered):
        ticket = board.visits[visit].ticket
        if ticket not in planned:
            found[ticket] = (*found.get(ticket, ()), (part, units))
    return found


def _missing(board: Board) -> dict[str, tuple[tuple[str, int], ...]]:
    """Parts engineers asked for that lie in the van of nobody who is at work there, by ticket."""
    asked = [need for need in heard(board.region.field).asked if need.visit in board.visits]
    if not asked:
        return {}
    vans = supplies(board.region.stock, now=board.now, zone_name=board.region.settings.zone).vans
    at_work: dict[str, list[str]] = {}
    for engineer in sorted(board.standing):
        at_work.setdefault(board.standing[engineer].visit, []).append(engineer)
    left = {engineer: dict(stock) for engineer, stock in vans.items()}
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for need in asked:
        taken = 0
        for there in (left.get(engineer, {}) for engineer in at_work.get(need.visit, ())):
            for name in (kept_name(need.part, need.visit), need.part):
                more = min(need.quantity - taken, there.get(name, 0))
                if more:
                    there[name] -= more
                    taken += more
        if taken < need.quantity:
            ticket = board.visits[need.visit].ticket
            found[ticket] = (*found.get(ticket, ()), (need.part, need.quantity - taken))
    return found


def _by_plan(board: Board, problem: PlanningProblem, plan: Plan) -> Iterator[Endangered]:
    done: dict[str, Stop | Outsourced] = {stop.ref: stop for stop in visit_stops(plan)}
    done |= {one.visit: one for one in plan.outside}
    worst: dict[tuple[str, Milestone], tuple[int | None, int]] = {}
    for visit in problem.visits:
        for one in forecasts(visit, done.get(visit.id)):
            key = (visit.ticket, one.milestone)
            if one.meets_s is None:
                worst[key] = (None, one.due_s)
            elif one.meets_s > one.due_s:
                before = worst.get(key, (one.meets_s, one.due_s))
                if before[0] is not None:
                    worst[key] = (max(before[0], one.meets_s), one.due_s)
    for (ticket, milestone), (meets_s, due_s) in worst.items():
        due_at = board.moment(due_s)
        if meets_s is None:
            yield Endangered(ticket, milestone, due_at, Danger.NOBODY)
        else:
            yield Endangered(ticket, milestone, due_at, Danger.PLAN, board.moment(meets_s))
