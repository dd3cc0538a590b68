"""Plans, proposals and runs as HTTP answers them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from api.schemas.plans import (
    AtOut,
    ConflictOut,
    DifferenceOut,
    ErrorOut,
    PlaceOut,
    PlanOut,
    PlanPartOut,
    RunOut,
    StepOut,
    TakenPlanOut,
    VisitChangeOut,
)
from api.schemas.rescue import SupplyOut
from api.text import Lang, say
from dispatch.cost import visit_stops
from dispatch.plan import Plan, Supply
from dispatch.problem import is_kept, plain_name
from dispatch.proposal import Proposal
from kernel.errors import Message
from storage.idempotency import Reply
from storage.plans import Decided, PlanSummary
from storage.runs import Run


def plan_out(one: PlanSummary, /) -> PlanOut:
    """A plan in a list."""
    return PlanOut(
        id=one.id,
        now=one.now,
        made_at=one.made_at,
        problem_digest=one.problem_digest,
        dataset_digest=one.dataset_digest,
        cost_cents=one.cost_cents,
        visits=one.visits,
        left_out=one.left_out,
        state=one.state,
    )


def run_out(run: Run, /, *, lang: Lang) -> RunOut:
    """A run as it stands."""
    return RunOut(
        id=run.id,
        kind=run.kind,
        state=run.state.value,
        attempts=run.attempts,
        worker=run.worker,
        progress=dict(run.progress),
        stop_requested=run.stop_requested,
        errors=errors_out(run, lang=lang),
        asked_at=run.asked_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
    )


def errors_out(run: Run, /, *, lang: Lang) -> list[ErrorOut]:
    """Why it failed."""
    return [
        ErrorOut(
            code=one.code,
            detail=say(one, lang),
            params=dict(one.params),
            at=None if at is None else AtOut(file=at.file, line=at.line, column=at.column),
        )
        for one, at in zip(run.errors, run.places, strict=True)
    ]


def difference_out(plan: str, proposal: Proposal, steps: Iterable[Decided], /) -> DifferenceOut:
    """What a plan would change, part by part, and what was decided about it."""
    before, after = (_places(one, proposal.made_at) for one in (proposal.kept, proposal.plan))
    nowhere = PlaceOut(who="", starts_at=None, parts=[], loaner="")
    return DifferenceOut(
        plan=plan,
        made_at=proposal.made_at,
        saves_cents=proposal.saves,
        parts=[
            PlanPartOut(
                number=part.number,
                shifts=list(part.shifts),
                visits=[
                    VisitChangeOut(
                        visit=visit, before=before.get(visit, nowhere), after=after.get(visit, nowhere)
                    )
                    for visit in part.visits
                ],
            )
            for part in proposal.parts
        ],
        steps=[StepOut(step=one.step.value, at=one.at, by=one.by, parts=list(one.parts)) for one in steps],
    )


def taken_out(reply: Reply, /, *, lang: Lang) -> TakenPlanOut:
    """What was published of a proposal; the sentences in the caller's language."""
    conflicts: list[dict[str, Any]] = reply["conflicts"]
    return TakenPlanOut(
        plan=reply["plan"],
        taken=reply["taken"],
        conflicts=[
            ConflictOut(**one, detail=say(Message(one["code"], one["params"]), lang)) for one in conflicts
        ],
        stops_changed=reply["stops_changed"],
    )


def _places(plan: Plan, made_at: datetime) -> dict[str, PlaceOut]:
    def place(who: str, start_s: int, supply: Iterable[Supply] = (), loaner: str = "") -> PlaceOut:
        parts = [
            SupplyOut(
                needed=plain_name(one.needed),
                part=plain_name(one.part),
                quantity=one.quantity,
                source=one.source.value,
                place=one.from_id,
                reserved=is_kept(one.part),
            )
            for one in supply
        ]
        return PlaceOut(who=who, starts_at=made_at + timedelta(seconds=start_s), parts=parts, loaner=loaner)

    found = {
        stop.ref: place(route.shift, stop.start_s, stop.supply, stop.loaner.unit if stop.loaner else "")
        for route in plan.routes
        for stop in visit_stops(Plan((route,), (), plan.claimed))
    }
    return found | {one.visit: place(one.partner, one.start_s) for one in plan.outside}
