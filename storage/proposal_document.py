"""A proposal as one JSON text beside the plan it belongs to: what it would change, to be taken later."""

from __future__ import annotations

import json

from dispatch.problem import PlanningProblem
from dispatch.proposal import Part, Proposal
from storage.plan_file import PlanHead, as_json, plan_document, plan_file, plan_of


def proposal_document(proposal: Proposal, head: PlanHead, problem: PlanningProblem) -> str:
    """Write a proposal down; its plan is the document it stands beside.

    Args:
        proposal: as made.
        head: of the plan's document.
        problem: what was planned.
    """
    return as_json(
        {
            "kept": plan_document(plan_file(head, problem, proposal.kept)),
            "parts": [
                {"number": part.number, "visits": list(part.visits), "shifts": list(part.shifts)}
                for part in proposal.parts
            ],
            "versions": dict(proposal.versions),
            "desk_visits": dict(proposal.desk_visits),
            "shifts": list(proposal.shifts),
        }
    )


def proposal_of(text: str, document: str, /, *, name: str) -> Proposal:
    """Read what `proposal_document` wrote.

    Args:
        text: of the proposal.
        document: text of its plan's `plan.json`.
        name: of the plan, for refusals.

    Raises:
        Refusal: ``plan_file.*`` when a document is none of ours.
    """
    said = json.loads(text)
    plan = plan_of(document, name)
    return Proposal(
        made_at=plan.head.now,
        desk_visits=said["desk_visits"],
        shifts=tuple(said["shifts"]),
        kept=plan_of(as_json(said["kept"]), name).plan,
        plan=plan.plan,
        parts=tuple(Part(one["number"], tuple(one["visits"]), tuple(one["shifts"])) for one in said["parts"]),
        versions=said["versions"],
    )
