"""How long to search, and what is said on the way."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search.

    Args:
        seed: same problem, seed and work give the same plan.
        work: most ruin-and-recreate iterations, summed over the two logical threads; None: no such limit.
        seconds: most seconds, looked at between epochs only; None: no such limit. The work then done is in
            the manifest, and the same `work` without `seconds` gives the same plan.

    Raises:
        Refusal: ``budget.none_given`` without either limit, ``budget.negative`` (NaN and infinity too).
    """

    seed: int = 1
    work: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.work is None and self.seconds is None:
            raise Refusal("budget.none_given")
        whole = self.seconds is None or (isfinite(self.seconds) and self.seconds >= 0)
        if (self.work or 0) < 0 or not whole or self.seed < 0:
            raise Refusal("budget.negative", seed=self.seed, work=self.work or 0, seconds=self.seconds or 0.0)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands at the end of an epoch.

    Args:
        work: iterations done so far.
        cost: cost of the best plan so far, in the objective's unit.
        left_out: visits that plan leaves out.
    """

    work: int
    cost: int
    left_out: int
