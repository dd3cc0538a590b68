"""Promise rescue: the ways out for a ticket of a planned region, and one of them put into the plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.usecases.deciding import Decision, carry_decision
from api.usecases.in_force import InForce, Posed
from api.usecases.planning import Planned, proposals_for
from dispatch.board import Board
from dispatch.deliveries import asking
from dispatch.event import WorkshopChosen
from dispatch.explain import reasons
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.publish import stops_of
from dispatch.replan import changes_of
from dispatch.rescue import Rescue, bench, late_visit, refused_parts, ways_out
from dispatch.rescue.way import Way
from dispatch.verify import violations
from kernel.envelope import Envelope
from kernel.errors import Message, Refusal
from storage.database import Database
from storage.idempotency import Reply


@dataclass(frozen=True)
class Rescued:
    """A region with its plan, and the ways out for one of its tickets."""

    board: Board
    problem: PlanningProblem
    plan: Plan
    rescue: Rescue


def rescue_ticket(board: Board, problem: PlanningProblem, plan: Plan, name: str) -> Rescued:
    """Compare the ways out for a ticket, or for one visit of it.

    Raises:
        Refusal: ``rescue.nothing_open``.
    """
    visit = late_visit(problem, plan, name)
    desk_visit = problem.visits[problem.visit_index[visit]].desk_visit
    refused = refused_parts(board, desk_visit) if desk_visit in board.visits else ()
    at_bench = bench(board, desk_visit) if desk_visit in board.visits else Message("closed.no_workshop")
    return Rescued(board, problem, plan, ways_out(problem, plan, visit, refused=refused, bench=at_bench))


def applied(rescued: Rescued, number: int) -> Planned:
    """The region planned with way `number` (counted from 1, as listed) in it, with everything there is to say of it.

    Raises:
        Refusal: as `taken`.
    """
    board, problem, chosen = taken(rescued, number)
    plan = replace(chosen, unassigned=reasons(problem, chosen))
    return Planned(
        board, problem, plan, changes_of(board, problem, plan), proposals_for(board, problem, plan)
    )


def taken(rescued: Rescued, number: int) -> tuple[Board, PlanningProblem, Plan]:
    """The board, the problem and the plan with way `number` (counted from 1, as listed) in it.

    Raises:
        Refusal: ``rescue.no_such_way``, ``rescue.way_closed``.
    """
    ways = rescued.rescue.ways
    if not 1 <= number <= len(ways):
        raise Refusal("rescue.no_such_way", number=number, ways=len(ways))
    way = ways[number - 1]
    chosen = way.plan
    if chosen is None:
        raise Refusal("rescue.way_closed", number=number)
    board, problem = rescued.board, rescued.problem
    if way.problem is not None:  # the workshop: a board of its own
        named = problem.visits[problem.visit_index[rescued.rescue.visit]]
        board, problem = board.apply(WorkshopChosen(named.desk_visit)), way.problem
    return board, problem, chosen


MOVED_MIN = 5
"""Minutes a way may begin sooner or later than it was shown: who sets out at once sets out later with every second read."""


def choice_of(board: Board, way: Way, /) -> str:
    """A way's name: what it does, and the minute it begins; not where it stands in the list: a list a minute older means the same."""
    told = [way.kind.value, way.name.code, dict(way.name.params), way.engineer]
    does = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
    begins = 0 if way.start_s is None else int(board.moment(way.start_s).timestamp()) // 60
    return f"{does}-{begins}"


def _chosen(board: Board, ways: Sequence[Way], choice: str) -> int:
    """Number of the way a choice names, the one that begins nearest to the minute shown; 0: there is none."""
    does, _, begins = choice.partition("-")
    shown = int(begins) if begins.isascii() and begins.isdigit() and len(begins) <= 12 else -MOVED_MIN - 1
    near = [
        (abs(int(minute) - shown), number)
        for number, (name, _, minute) in enumerate((choice_of(board, way).partition("-") for way in ways), 1)
        if name == does and abs(int(minute) - shown) <= MOVED_MIN
    ]
    return min(near, default=(0, 0))[1]


def choose(database: Database, envelope: Envelope, ticket: str, choice: str, *, posed: Posed) -> Reply:
    """Publish a way out of a ticket's broken promise, by the name `choice_of` gave it.

    Returns:
        ``{"ticket": id, "visit": id, "choice": name, "kind": word, "stops_changed": n}``.

    Raises:
        Refusal: ``rescue.way_gone`` when the plan as it now goes on has no such way, ``rescue.way_closed``,
            ``rescue.nothing_open``, ``proposal.does_not_hold``, ``plan.region_moving``.
    """

    def decide(going: InForce) -> Decision:
        rescued = rescue_ticket(going.board, going.problem, going.plan, ticket)
        ways = rescued.rescue.ways
        number = _chosen(going.board, ways, choice)
        if not number:
            raise Refusal("rescue.way_gone", ticket=ticket, choice=choice[:40])
        way = ways[number - 1]
        board, problem, plan = taken(rescued, number)
        wrong = violations(problem, plan)
        if wrong:
            raise Refusal("proposal.does_not_hold", rule=wrong[0].rule.value, count=len(wrong))
        return Decision(
            stops=stops_of(board, problem, plan),
            visits=frozenset(board.visits),
            collected=tuple(board.visits[one] for one in board.workshop),
            asked=asking(board, problem, plan),
            reply={
                "ticket": rescued.rescue.ticket,
                "visit": rescued.rescue.visit,
                "choice": choice,
                "kind": way.kind.value,
            },
        )

    content = {"ticket": ticket, "choice": choice}
    return carry_decision(
        database,
        envelope,
        command=("rescue.choose", content),
        read=lambda connection: posed.within(connection, envelope.region, now=envelope.now),
        decide=decide,
    )
