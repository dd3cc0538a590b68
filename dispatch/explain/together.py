"""Why a visit's mates keep it from a shift, whatever else is planned.

Bounds, so what they rule out is proved: each visit starts no sooner than it could on an empty day over any
roads, and no later than its windows and the shift allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from dispatch.explain.alone import earliest_alone
from dispatch.problem import Link, Pair, PlanningProblem, Visit

Spans = Mapping[int, tuple[int, int]]
"""By shift number: the soonest and the latest start that is not ruled out."""


class Mates:
    """The visits linked to others, and which shifts they rule out for each other."""

    def __init__(self, problem: PlanningProblem) -> None:
        """Keep the problem; spans are worked out when asked for, once for each visit."""
        self._problem = problem
        self.spans = cache(self._spans)

    def _spans(self, visit: int) -> Spans:
        problem, wanted = self._problem, self._problem.visits[visit]
        found = {}
        for number, shift in enumerate(problem.shifts):
            soonest = earliest_alone(problem, wanted, shift, any_road=True)
            if soonest is not None:
                found[number] = soonest, _latest(wanted, shift.latest_s)
        return found

    def blocking(self, visit: int, shift: int) -> int | None:
        """A visit that has to go with this one and cannot when it is on this shift; None: none is known."""
        for link, other in self._needed(visit):
            pairs = (
                (shift, self.spans(visit).get(shift), mate, span) for mate, span in self.spans(other).items()
            )
            if not any(self._together(link, visit == link.first, *pair) for pair in pairs):
                return other
        return next((at for at in self._behind(visit) if not self.spans(at)), None)

    def _needed(self, visit: int) -> Iterator[tuple[Link, int]]:
        """Links by which this visit cannot be done without the other."""
        for link in self._problem.links:
            if link.second == visit:
                yield link, link.first
            elif link.first == visit and link.both:
                yield link, link.second

    def _behind(self, visit: int) -> list[int]:
        """Every visit this one cannot be done without, also through others."""
        found: list[int] = []
        todo = [visit]
        while todo:
            for _, other in self._needed(todo.pop()):
                if other not in found and other != visit:
                    found.append(other)
                    todo.append(other)
        return found

    def _together(
        self,
        link: Link,
        is_first: bool,
        shift: int,
        span: tuple[int, int] | None,
        mate: int,
        other: tuple[int, int],
    ) -> bool:
        """Whether bounds and engineers let the two shifts do the two visits."""
        shifts = self._problem.shifts
        same = shifts[shift].engineer == shifts[mate].engineer
        if link.engineers is (Pair.DIFFERENT if same else Pair.SAME) or span is None:
            return False
        first, second = (span, other) if is_first else (other, span)
        late = first[0] + link.least_s <= second[1]
        return late and (link.most_s is None or second[0] <= first[1] + link.most_s)


def _latest(visit: Visit, shift_ends_s: int) -> int:
    latest = shift_ends_s - visit.service_s
    if visit.windows:
        latest = min(latest, visit.windows[-1].close_s - 1)
    return latest if visit.start_lock_s is None else min(latest, visit.start_lock_s)
