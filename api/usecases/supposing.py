"""What if: a board on which some engineers are away and some visits are moved; computed, nothing kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from api.usecases.in_force import InForce
from api.usecases.moving import moved
from dispatch.carry import carried
from dispatch.crew import Absence
from dispatch.event import EngineerAway
from dispatch.explain import reasons
from dispatch.plan import Plan
from dispatch.pose import problem_of
from kernel.interval import Interval


@dataclass(frozen=True, slots=True)
class SupposedMove:
    """A visit supposed to be an engineer's; empty: nobody's. Begun at `not_before` or later; None: when it suits best."""

    visit: str
    engineer: str
    not_before: datetime | None = None


KEPT = 16
"""Steps of what-if frames kept; a country's is some tens of megabytes, most of it shared with the plan in force."""

ANSWERS = 4_000
"""Shifts asked for reasons in one request: some 0.3 s of the processor."""

_Step = tuple[str, int, datetime, tuple[str, ...], tuple[SupposedMove, ...]]


@dataclass
class Supposing:
    """The last steps supposed: the next question about them begins there; safe to share between threads."""

    _known: OrderedDict[_Step, InForce] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, going: InForce, *, away: Sequence[str] = (), moves: Sequence[SupposedMove] = ()) -> InForce:
        """As `supposed`, from the furthest step that is known of this state."""

        def step(many: int) -> _Step:
            return going.region, going.revision, going.board.now, tuple(away), tuple(moves[:many])

        with self._lock:
            known = next((many for many in range(len(moves), -1, -1) if step(many) in self._known), None)
            made = None if known is None else self._known[step(known)]
        if made is None:
            known, made = 0, supposed(going, away=away)
        made = supposed(made, moves=moves[known:])
        with self._lock:
            self._known[step(len(moves))] = made
            self._known.move_to_end(step(len(moves)))
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return made


def supposed(going: InForce, *, away: Sequence[str] = (), moves: Sequence[SupposedMove] = ()) -> InForce:
    """The plan in force as it would go on; visits left out have no reason yet (`explained`).

    Args:
        going: as it is.
        away: engineers who are not there from now until the end of what is planned; what they had is left out where
            nobody may take it by itself.
        moves: after that, one on the other.

    Raises:
        Refusal: ``board.unknown_engineer``; as `api.usecases.moving.moved`.
    """
    board = going.board
    end = board.now + timedelta(seconds=going.problem.horizon_s)
    for number, engineer in enumerate(away):
        gone = Absence(f"what-if-{number}", engineer, Interval(board.now, end), "")
        board = board.apply(EngineerAway(gone))
    if away:
        problem = problem_of(board)
        going = replace(going, board=board, problem=problem, plan=carried(problem, going.plan))
    for one in moves:
        going = replace(going, plan=moved(going, one.visit, one.engineer, not_before=one.not_before))
    return going


def explained(supposed: InForce, /, *, before: Plan, answers: int = ANSWERS) -> InForce:
    """The same with reasons for visits left out, for who is shown them: first of those that were planned before.

    Args:
        supposed: as it would be.
        before: the plan it was supposed from.
        answers: shifts that are asked about visits; a visit asks all of them. Those beyond keep that no place was found.
            One visit is always explained.
    """
    problem, plan = supposed.problem, supposed.plan
    stood = {one.visit for one in before.unassigned}
    wanted = sorted(plan.unassigned, key=lambda one: one.visit in stood)[
        : max(1, answers // max(1, len(problem.shifts)))
    ]
    found = {one.visit: one for one in reasons(problem, replace(plan, unassigned=tuple(wanted)))}
    told = tuple(found.get(one.visit, one) for one in plan.unassigned)
    return replace(supposed, plan=replace(plan, unassigned=told))
