"""A plan as a run: what is asked for, the solving itself, what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.region import Region
from kernel.clock import moment
from kernel.errors import Refusal
from storage.plan_document import as_json

KIND = "plan"

Report = Callable[[Mapping[str, Any]], bool]
"""Told how far a run is; says whether to go on."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a plan run is asked for: the moment to plan from (None: the region's own) and how much to search.

    A moment before the last thing that happened means that one: between asking and planning the desk goes on.
    `engineer`: only his days, everybody else going on as published; empty: everybody's. `review_s`: so long after
    the moment it is planned from it is made and looked at before it is published (`dispatch.replan.reviewed`).
    """

    now: datetime | None
    seed: int
    work: int | None
    seconds: float | None
    engineer: str = ""
    review_s: int = 0

    def content(self) -> dict[str, Any]:
        """The run's input, as plain JSON values."""
        return {
            "now": self.now.isoformat() if self.now else None,
            "seed": self.seed,
            "work": self.work,
            "seconds": self.seconds,
            "engineer": self.engineer,
            "review_s": self.review_s,
        }

    @classmethod
    def of(cls, content: Mapping[str, Any], *, run: str) -> Ask:
        """Read a run's input.

        Raises:
            Refusal: ``run.malformed_input``, ``clock.*``.
        """
        kinds: dict[str, tuple[type, ...]] = {
            "now": (str, type(None)),
            "seed": (int,),
            "work": (int, type(None)),
            "seconds": (int, float, type(None)),
            "engineer": (str,),
            "review_s": (int,),
        }
        for name, known in kinds.items():
            if name not in content or not isinstance(content[name], known):
                raise Refusal("run.malformed_input", run=run, field=name)
        now = content["now"]
        start = moment(now) if now else None
        return cls(
            start,
            content["seed"],
            content["work"],
            content["seconds"],
            content["engineer"],
            content["review_s"],
        )


@dataclass(frozen=True, slots=True)
class Job:
    """All that solving needs: it reads no database."""

    region: Region
    digest: str
    ask: Ask


@dataclass(frozen=True, slots=True)
class Made:
    """A plan, verified, as it is kept."""

    now: datetime
    problem_digest: str
    cost_cents: int
    visits: int
    left_out: int
    document: str
    manifest: str
    proposal: str = ""
    """What it would change of what is published, see `storage.proposal_document`."""


def make_plan(job: Job, report: Report) -> Made:
    """Plan, verify and write down; the same bytes as `fieldwright plan` writes.

    Raises:
        Refusal: ``run.plan_wrong`` when the plan breaks a rule; what the planning refuses.
    """
    from dataclasses import asdict

    from api.report.view import Report as Planned
    from api.report.write import head_of
    from api.usecases.planning import plan_day, plan_region
    from dispatch.cost import visit_stops
    from dispatch.proposal import propose
    from dispatch.replan import Replanned
    from dispatch.solve import Budget, Progress
    from dispatch.verify import violations
    from storage.plan_file import plan_document, plan_file
    from storage.proposal_document import proposal_document

    def advance(searched: Progress) -> bool:
        return report({"work": searched.work, "cost_cents": searched.cost, "left_out": searched.left_out})

    ask = job.ask
    now = ask.now and max(ask.now, job.region.settings.as_of)
    budget = Budget(seed=ask.seed, work=ask.work, seconds=ask.seconds)
    if ask.engineer:
        planned = plan_day(job.region, now=now, budget=budget, engineer=ask.engineer, review_s=ask.review_s)
    else:
        planned = plan_region(
            job.region, now=now, budget=budget, as_now_published=True, review_s=ask.review_s, progress=advance
        )
    wrong = violations(planned.problem, planned.plan)
    if wrong:
        raise Refusal("run.plan_wrong", rule=wrong[0].rule.value, count=len(wrong))
    shown = Planned(planned.board, planned.problem, planned.plan, planned.proposals)
    head = head_of(shown, dataset_digest=job.digest)
    file = plan_file(head, planned.problem, planned.plan)
    turned = Replanned(planned.problem, planned.plan, planned.changes, planned.kept)
    proposal = propose(planned.board, turned)
    manifest = planned.plan.manifest
    return Made(
        now=planned.board.now,
        problem_digest=planned.problem.digest,
        cost_cents=planned.plan.claimed.total,
        visits=sum(1 for _ in visit_stops(planned.plan)),
        left_out=len(planned.plan.unassigned),
        document=as_json(plan_document(file)),
        manifest=as_json(asdict(manifest)) if manifest is not None else "",
        proposal=proposal_document(proposal, head, planned.problem),
    )
