"""Plans in the database: written once by the run that made them, read as pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, insert, select, type_coerce

from kernel.errors import Refusal
from storage.appended import append_rows
from storage.order import By, Orders, Place, page_of, place_of
from storage.tables.plan import PlanRow, PlanState, PlanStep, PlanStepRow
from storage.tables.scope import OneOf
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What a list of plans shows of one; money in whole cents."""

    id: str
    now: datetime
    problem_digest: str
    dataset_digest: str
    cost_cents: int
    visits: int
    left_out: int
    made_at: datetime
    state: PlanState = PlanState.MADE


@dataclass(frozen=True, slots=True)
class Decided:
    """One step of a plan: taken, with the numbers of the parts, or discarded."""

    step: PlanStep
    at: datetime
    by: str
    parts: tuple[int, ...]


def keep(work: UnitOfWork, plan: PlanSummary, *, document: str, manifest: str, proposal: str = "") -> None:
    """Write a plan of the envelope's region: the texts of `plan.json` and `manifest.json` byte for byte.

    `proposal` is what it would change, as `storage.proposal_document` writes it; empty: nothing to be taken.
    """
    work.connection.execute(
        insert(PlanRow).values(
            region_id=work.region,
            id=plan.id,
            now=plan.now,
            problem_digest=plan.problem_digest,
            dataset_digest=plan.dataset_digest,
            cost_cents=plan.cost_cents,
            visits=plan.visits,
            left_out=plan.left_out,
            document=document,
            manifest=manifest,
            proposal=proposal,
            written_by=work.actor,
            written_from=work.device,
            written_at=plan.made_at,
            written_key=work.key,
        )
    )
    work.record("plan.keep", plan.id, problem=plan.problem_digest, cost_cents=plan.cost_cents)


_made, _id = PlanRow.c.written_at, PlanRow.c.id
PLAN_ORDERS: Orders = {
    "newest": (By(_made, down=True), By(_id, down=True)),
    "oldest": (By(_made), By(_id)),
    "cheapest": (By(PlanRow.c.cost_cents), By(_id)),
    "fewest": (By(PlanRow.c.left_out), By(PlanRow.c.cost_cents), By(_id)),
}
"""What plans can be sorted by; `fewest`: those that leave out the fewest visits first."""


def _has(step: PlanStep) -> ColumnElement[bool]:
    """Whether a plan has a step."""
    of, plan = PlanStepRow.c, PlanRow.c
    steps = select(of.position).where(of.region_id == plan.region_id, of.plan_id == plan.id, of.step == step)
    return steps.exists()


# A plan of which something was taken can still be discarded: that is the last word then.
_STATE = type_coerce(
    case(
        (_has(PlanStep.DISCARDED), PlanState.DISCARDED.value),
        (_has(PlanStep.TAKEN), PlanState.TAKEN.value),
        else_=PlanState.MADE.value,
    ),
    OneOf(PlanState),
)


def page(
    connection: Connection,
    region: str,
    *,
    most: int,
    sort: str = "newest",
    after: Place | None = None,
    state: PlanState | None = None,
) -> tuple[list[PlanSummary], Place | None]:
    """Read plans of a region.

    Args:
        connection: to read with.
        region: its id.
        most: plans in the page.
        sort: one of `PLAN_ORDERS`.
        after: where the last plan of the page before stands.
        state: only those; None: all.

    Returns:
        The plans, and where the next page starts; None: that was all.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    order = PLAN_ORDERS[sort]
    plan = PlanRow.c
    shown = (
        plan.id,
        plan.now,
        plan.problem_digest,
        plan.dataset_digest,
        plan.cost_cents,
        plan.visits,
        plan.left_out,
        plan.written_at,
        _STATE,
    )
    query = select(*shown).where(plan.region_id == region)
    if state is not None:
        query = query.where(_STATE.in_((state,)))
    found = connection.execute(page_of(query, order, after=after, most=most)).all()
    last = place_of(found[most - 1], order) if len(found) > most else None
    return [PlanSummary(*row[: len(shown)]) for row in found[:most]], last


def document_of(connection: Connection, region: str, plan: str) -> str:
    """The text of a plan's `plan.json`.

    Raises:
        Refusal: ``plan_file.unknown_plan``.
    """
    query = select(PlanRow.c.document).where(PlanRow.c.region_id == region, PlanRow.c.id == plan)
    found = connection.execute(query).scalar()
    if found is None:
        raise Refusal("plan_file.unknown_plan", plan=plan[:64], region=region)
    return str(found)


def proposal_text(connection: Connection, region: str, plan: str) -> str:
    """What a plan would change, as `storage.proposal_document` writes it; empty: it was kept as a document only.

    Raises:
        Refusal: ``plan_file.unknown_plan``.
    """
    query = select(PlanRow.c.proposal).where(PlanRow.c.region_id == region, PlanRow.c.id == plan)
    found = connection.execute(query).scalar()
    if found is None:
        raise Refusal("plan_file.unknown_plan", plan=plan[:64], region=region)
    return str(found)


def decide(work: UnitOfWork, plan: str, step: PlanStep, *, parts: Sequence[int] = ()) -> None:
    """Write down what was decided about a plan; `storage.appended.queue` comes before.

    Raises:
        Refusal: ``plan_file.unknown_plan``, ``plan.discarded``.
    """
    proposal_text(work.connection, work.region, plan)
    if any(one.step is PlanStep.DISCARDED for one in decided(work.connection, work.region, plan)):
        raise Refusal("plan.discarded", plan=plan)
    row = {"plan_id": plan, "step": step, "at": work.now, "parts": " ".join(map(str, parts))}
    append_rows(work, PlanStepRow, [row])
    work.record(f"plan.{step.value}", plan, parts=list(parts))


def decided(connection: Connection, region: str, plan: str) -> tuple[Decided, ...]:
    """The steps of a plan, in their order."""
    query = select(PlanStepRow).where(PlanStepRow.c.region_id == region, PlanStepRow.c.plan_id == plan)
    return tuple(
        Decided(row["step"], row["at"], row["written_by"], tuple(map(int, row["parts"].split())))
        for row in connection.execute(query.order_by(PlanStepRow.c.position)).mappings()
    )
