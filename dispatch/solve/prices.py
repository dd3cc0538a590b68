"""What a visit costs more with one engineer than with another, what with a partner, and when it counts as moved."""

from __future__ import annotations

import numpy as np

from dispatch.problem import Objective, Outside, PlanningProblem, Published, Visit
from dispatch.solve.layout import Ints

Spans = list[tuple[int, int]]


def by_shift(problem: PlanningProblem) -> Ints:
    """Cents by visit and shift, int64 (visits, shifts): not preferred, outside the territory, another engineer.

    0 wherever nothing depends on who comes, and for every objective but money.
    """
    found = np.zeros((len(problem.visits), len(problem.shifts)), dtype=np.int64)
    if problem.objective is not Objective.MONEY:
        return found
    engineer_of = np.array([shift.engineer for shift in problem.shifts], dtype=np.int64)
    for index, visit in enumerate(problem.visits):
        extra = np.zeros(len(problem.engineers), dtype=np.int64)
        if visit.preferred:
            extra += visit.other_engineer_cents
            extra[list(visit.preferred)] -= visit.other_engineer_cents
        if visit.territory >= 0:
            extra += [0 if e.at_home(visit.territory) else e.away_cents or 0 for e in problem.engineers]
        if visit.published is not None:
            extra += visit.published.engineer_cents
            extra[visit.published.engineer] -= visit.published.engineer_cents
        found[index] = extra[engineer_of]
    return found


def partner_terms(visit: Visit, partner: Outside) -> dict[str, int]:
    """What a visit costs when an outside partner does it, in cents by `CostTerms` name: his price, lateness, the change.

    He brings no loaner, so one that is owed is late until he is done.
    """
    finish_s = partner.start_s + visit.service_s + visit.away_s
    overrun = visit.repair is None or finish_s > visit.repair.due_s
    return {
        "partners": partner.cents,
        "late_arrive": visit.arrive.price(partner.start_s) if visit.arrive else 0,
        "late_repair": visit.repair.price(finish_s) if visit.repair else 0,
        "late_substitute": visit.substitute.price(finish_s) if visit.substitute and overrun else 0,
        "changes": visit.published.outside_price(partner.partner, partner.start_s) if visit.published else 0,
    }


def kept_and_moved(spans: Spans, published: Published | None) -> list[tuple[Spans, int]]:
    """Split times to start in (half-open) into those that keep what was published and those that pay for the move.

    Returns:
        (times, cents) once where nothing was published, else for the times within the tolerance and for the
        rest; never empty lists of times.
    """
    if published is None or published.moved_cents == 0:
        return [(spans, 0)]
    low, high = published.start_s - published.tolerance_s, published.start_s + published.tolerance_s + 1
    kept = [(max(a, low), min(b, high)) for a, b in spans]
    moved = [piece for a, b in spans for piece in ((a, min(b, low)), (max(a, high), b))]
    split = [
        ([(a, b) for a, b in kept if a < b], 0),
        ([(a, b) for a, b in moved if a < b], published.moved_cents),
    ]
    return [(times, cents) for times, cents in split if times]
