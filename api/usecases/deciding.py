"""Deciding what people go by: a proposal taken whole or in part, a way out chosen; judged on a snapshot, written once.

Judging takes long in a large region, so no lock is held meanwhile: the decision is written only while the region is
as it was judged, else it is judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from dispatch.board import Board
from dispatch.deliveries import NOTHING, Asked, asking
from dispatch.desk.visit import PublishedStop, Visit
from dispatch.proposal import Applied, Conflict, Proposal, apply_proposal
from dispatch.region import Region
from kernel.envelope import Envelope
from kernel.errors import Refusal, Refused
from storage.appended import queue
from storage.audit import revision
from storage.database import Database
from storage.desk.deliveries import bring_as_planned
from storage.idempotency import Reply, answered, once
from storage.plans import decide as note_step
from storage.plans import decided, document_of, proposal_text
from storage.proposal_document import proposal_of
from storage.publishing import publish_stops, send_to_workshop
from storage.rows.region import load_region
from storage.tables.plan import PlanStep
from storage.unit_of_work import UnitOfWork

JUDGED_AGAIN = 3
"""Times a decision is judged before it gives up on a region that changes all the time."""

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be published.

    Args:
        stops: of `visits`, all of them.
        visits: the open visits decided about.
        reply: what the command answers, plain JSON values; how many stops changed is added.
        plan: the stored plan it was taken from; empty: none. `parts`: their numbers.
        collected: visits that were to be done on site and collect the unit for the workshop instead.
        as_given: the decision is about how stops are held, not where they are.
        asked: what the plan asks to be brought from now on, and what of it is withdrawn.
    """

    stops: tuple[PublishedStop, ...]
    visits: Collection[str]
    reply: Mapping[str, Any]
    plan: str = ""
    parts: tuple[int, ...] = ()
    collected: tuple[Visit, ...] = ()
    as_given: bool = False
    asked: Asked = NOTHING


class _Moved(Exception):
    """The region changed between judging and writing."""


def carry_decision(
    database: Database,
    envelope: Envelope,
    *,
    command: tuple[str, Mapping[str, Any]],
    read: Callable[[Connection], Read],
    decide: Callable[[Read], Decision],
) -> Reply:
    """Judge on a snapshot, then write in one transaction: the published stops, the plan's step, the audit.

    Args:
        database: open.
        envelope: of the command.
        command: its dotted name and what was asked for; the same key with something else is refused.
        read: reads from the snapshot what the decision is judged on.
        decide: gives what is to be published.

    Raises:
        Refusal: ``plan.region_moving``; whatever `decide` refuses.
    """
    name, content = command
    for _ in range(JUDGED_AGAIN):
        with database.reading() as connection:
            known = answered(connection, envelope.region, envelope.key) is not None
            seen = revision(connection, envelope.region)
            found = None if known else (read(connection),)
        decision = None if found is None else decide(*found)

        def written(work: UnitOfWork, decision: Decision | None = decision, seen: int = seen) -> Reply:
            def act() -> Reply:
                queue(work)
                if decision is None or revision(work.connection, work.region) != seen:
                    raise _Moved
                if decision.plan:
                    note_step(work, decision.plan, PlanStep.TAKEN, parts=decision.parts)
                for visit in decision.collected:
                    send_to_workshop(work, visit)
                changed = publish_stops(
                    work, decision.stops, visits=decision.visits, as_given=decision.as_given
                )
                bring_as_planned(work, decision.asked.new, decision.asked.withdrawn)
                work.record("plan.publish", decision.plan or name, stops=changed)
                return {**decision.reply, "stops_changed": changed}

            return once(work, name, content, act)

        try:
            return database.run(envelope, written)
        except _Moved:
            continue
    raise Refusal("plan.region_moving", tries=JUDGED_AGAIN)


def take_proposal(
    database: Database, envelope: Envelope, plan: str, *, parts: Collection[int] | None
) -> Reply:
    """Publish a stored proposal: ``{"plan": id, "taken": [numbers], "conflicts": [...], "stops_changed": n}``.

    Args:
        database: open.
        envelope: of the command.
        plan: id of the plan.
        parts: numbers of the parts to take; None: all. What can be taken is, the rest is listed.

    Raises:
        Refusal: ``plan_file.unknown_plan``, ``plan.discarded``, ``plan.no_proposal``, ``plan.region_moving``,
            ``proposal.*``.
        Refused: the conflicts, when all was to be taken and nothing can be.
    """

    def read(connection: Connection) -> tuple[Proposal, Region]:
        # The proposal first: a plan nobody has is refused before a region is read for it.
        return stored_proposal(connection, envelope.region, plan), load_region(connection, envelope.region)

    def decide(found: tuple[Proposal, Region]) -> Decision:
        proposal, region = found
        board = Board.of(region, now=max(envelope.now, region.settings.as_of))
        applied = apply_proposal(board, proposal, chosen=parts)
        if parts is None and applied.conflicts and not applied.taken:
            raise Refused(map(_refusal, applied.conflicts))
        return _of_applied(board, applied, plan)

    content = {"plan": plan, "parts": sorted(parts) if parts is not None else None}
    return carry_decision(database, envelope, command=("plan.take", content), read=read, decide=decide)


def stored_proposal(connection: Connection, region: str, plan: str) -> Proposal:
    """Read what a stored plan would change.

    Raises:
        Refusal: ``plan_file.unknown_plan``, ``plan.no_proposal``, ``plan.discarded``.
    """
    text = proposal_text(connection, region, plan)
    if not text:
        raise Refusal("plan.no_proposal", plan=plan)
    if any(one.step is PlanStep.DISCARDED for one in decided(connection, region, plan)):
        raise Refusal("plan.discarded", plan=plan)
    return proposal_of(text, document_of(connection, region, plan), name=plan)


def discard(work: UnitOfWork, plan: str) -> Reply:
    """Decide against a plan: it can no longer be taken.

    Raises:
        Refusal: ``plan_file.unknown_plan``, ``plan.discarded``.
    """

    def act() -> Reply:
        queue(work)
        note_step(work, plan, PlanStep.DISCARDED)
        return {"plan": plan}

    return once(work, "plan.discard", {"plan": plan}, act)


def _refusal(conflict: Conflict) -> Refusal:
    params: dict[str, Any] = dict(conflict.reason.params)
    return Refusal(conflict.reason.code, **params)


def _of_applied(board: Board, applied: Applied, plan: str) -> Decision:
    taken = tuple(part.number for part in applied.taken)
    # Where no part was taken nothing is decided: people go by what they went by.
    stands = applied.board if taken else board
    return Decision(
        stops=tuple(stands.published.values()),
        visits=frozenset(board.visits),
        plan=plan if taken else "",
        parts=taken,
        asked=asking(board, applied.problem, applied.plan) if taken else NOTHING,
        reply={
            "plan": plan,
            "taken": list(taken),
            "conflicts": [
                {"part": one.part.number, "code": one.reason.code, "params": dict(one.reason.params)}
                for one in applied.conflicts
            ],
        },
    )
