"""Targets a scheme sets for all its tickets together: mean time to solve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.measures.restore import Restored


@dataclass(frozen=True, slots=True)
class SolveTarget:
    """Mean time to solve under one scheme, held against what it promises.

    Args:
        scheme: id.
        tickets: restored in the period.
        mean_s: mean time from report to repair, seconds.
        target_s: what is promised at most, seconds.
    """

    scheme: str
    tickets: int
    mean_s: float
    target_s: int

    @property
    def kept(self) -> bool:
        """The mean is not above the target."""
        return self.mean_s <= self.target_s


def solve_targets(rows: Iterable[Restored], /) -> tuple[SolveTarget, ...]:
    """Give a row for every scheme that promises a mean time to solve and had a ticket restored, by its id."""
    seconds: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in rows:
        scheme = row.case.scheme
        if scheme is not None and scheme.targets.mean_solve_s:
            seconds[scheme.id, scheme.targets.mean_solve_s].append(row.seconds)
    return tuple(
        SolveTarget(name, len(taken), sum(taken) / len(taken), target_s)
        for (name, target_s), taken in sorted(seconds.items())
    )
