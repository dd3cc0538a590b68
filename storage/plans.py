"""Plans in the database: written once by the run that made them, read as pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, tuple_

from kernel.errors import Refusal
from storage.appended import append_rows
from storage.tables.plan import PlanRow, PlanStep, PlanStepRow
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


def page(
    connection: Connection, region: str, *, most: int, after: tuple[datetime, str] | None = None
) -> Sequence[PlanSummary]:
    """Plans of a region, newest first.

    Args:
        connection: to read with.
        region: its id.
        most: plans in the page.
        after: moment and id of the last plan of the page before.
    """
    query = select(PlanRow).where(PlanRow.c.region_id == region)
    if after is not None:
        query = query.where(tuple_(PlanRow.c.written_at, PlanRow.c.id) < tuple_(*after))
    query = query.order_by(PlanRow.c.written_at.desc(), PlanRow.c.id.desc()).limit(most)
    return [
        PlanSummary(
            id=row["id"],
            now=row["now"],
            problem_digest=row["problem_digest"],
            dataset_digest=row["dataset_digest"],
            cost_cents=row["cost_cents"],
            visits=row["visits"],
            left_out=row["left_out"],
            made_at=row["written_at"],
        )
        for row in connection.execute(query).mappings()
    ]


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
