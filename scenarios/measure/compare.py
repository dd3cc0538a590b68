"""Scenarios side by side: every figure with its interval, every difference from the base, said only where detected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scenarios.measure.figures import CLOCKS, MEANING, Better, Figure, Kept, Measured, share_kept, total
from scenarios.measure.interval import (
    CONFIDENCE,
    Difference,
    Interval,
    Verdict,
    difference,
    interval,
    worst_share,
)
from scenarios.measure.warm_up import mser
from scenarios.run.outcome import Late

WEEK = 7


@dataclass(frozen=True, slots=True)
class Runs:
    """All replications of one scenario.

    Args:
        name: of the scenario.
        engineers: people on its rosters.
        measured: by replication number, ascending; the same numbers in every scenario that is compared.
    """

    name: str
    engineers: int
    measured: tuple[Measured, ...]

    def values(self, figure: Figure) -> list[float]:
        """The figure of every replication."""
        return [one.figures[figure] for one in self.measured]


class Effect(StrEnum):
    """What a scenario does to a figure, for whoever pays."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    """Detected, and neither direction is the wanted one."""
    NOT_DETECTED = "not_detected"
    EQUAL = "equal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of one scenario.

    Args:
        figure: which; `scenario`: whose.
        itself: its mean with interval.
        change: against the base, paired by replication; None: this is the base.
        effect: of the change; None: this is the base.
        at_least: where every promise of every replication was kept: the true share is at least this, in the same
            confidence (100 % of few proves little); None: some were broken, or the figure is no such share.
    """

    figure: Figure
    scenario: str
    itself: Interval
    change: Difference | None
    effect: Effect | None
    at_least: float | None


def compared(scenarios: Sequence[Runs], /, *, confidence: float = CONFIDENCE) -> tuple[Compared, ...]:
    """Compare every figure of every scenario with the first one, the base; by figure, then in the order given."""
    base = scenarios[0]
    found = []
    for figure in Figure:
        for runs in scenarios:
            change = (
                None
                if runs is base
                else difference(runs.values(figure), base.values(figure), confidence=confidence)
            )
            found.append(
                Compared(
                    figure,
                    runs.name,
                    interval(runs.values(figure), confidence=confidence),
                    change,
                    None if change is None else effect(figure, change.verdict),
                    all_kept(runs, figure, confidence=confidence),
                )
            )
    return tuple(found)


def effect(figure: Figure, verdict: Verdict, /) -> Effect:
    """Say what a verdict means for a figure.

    >>> effect(Figure.COST_WEEK, Verdict.LESS), effect(Figure.UTILISATION, Verdict.MORE)
    (<Effect.BETTER: 'better'>, <Effect.CHANGED: 'changed'>)
    """
    if verdict not in {Verdict.MORE, Verdict.LESS}:
        return Effect(verdict.value)
    wanted = MEANING[figure].better
    if wanted is Better.NEITHER:
        return Effect.CHANGED
    return Effect.BETTER if wanted.value == verdict.value else Effect.WORSE


def all_kept(runs: Runs, figure: Figure, /, *, confidence: float = CONFIDENCE) -> float | None:
    """Give the least share still possible where every promise was kept; see `Compared.at_least`."""
    if figure not in CLOCKS:
        return None
    whole = kept(runs, figure)
    if whole.promised == 0 or whole.kept < whole.promised:
        return None
    return worst_share(whole.promised, confidence=confidence)


def kept(
    runs: Runs,
    clock: Figure,
    /,
    *,
    tier: str | None = None,
    region: str | None = None,
    severity: int | None = None,
) -> Kept:
    """Add up promises over all replications; None: all of that kind."""
    parts = [total(one.cells, clock, tier=tier, region=region, severity=severity) for one in runs.measured]
    return Kept(sum(part.kept for part in parts), sum(part.promised for part in parts))


def attainment(
    runs: Runs, clock: Figure, /, *, tier: str | None, region: str | None, confidence: float = CONFIDENCE
) -> Interval:
    """Give the share of promises kept to a tier in a region, with its interval over replications."""
    values = [share_kept(one.cells, clock, tier=tier, region=region) for one in runs.measured]
    return interval(values, confidence=confidence)


def tiers_and_regions(scenarios: Sequence[Runs], /) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give every tier and every region with a promise decided in any scenario, each in order of name."""
    cells = [cell for runs in scenarios for one in runs.measured for cell in one.cells]
    return tuple(sorted({cell.tier for cell in cells})), tuple(sorted({cell.region for cell in cells}))


def causes(runs: Runs, /) -> Mapping[Late, float]:
    """Give late tickets in 100 reported by what made them late, over all replications; no ticket: all nought."""
    by_code = [sum(one.late[code] for one in runs.measured) for code in Late]
    whole = sum(by_code)
    return {code: 100 * by_code[code] / whole if whole else 0.0 for code in Late if code is not Late.NOT}


def lost_to(measured: Sequence[Measured], clock: Figure, /) -> Mapping[Late, float]:
    """Give the share of promises of a clock that was broken, by what broke it, over all replications.

    The shares and that kept add up to 1; under ``NOT`` stand the promises to tickets turned away. Nothing promised: all nought.
    """
    promised = sum(total(one.cells, clock).promised for one in measured)
    return {code: sum(one.broken[clock][code] for one in measured) / max(promised, 1) for code in Late}


def money_week(runs: Runs, /) -> Mapping[str, float]:
    """Give money a week by kind, mean over the replications, in currency units."""
    kinds = sorted({kind for one in runs.measured for kind in one.money_cents})
    return {
        kind: float(
            np.mean([one.money_cents.get(kind, 0) / 100 / (one.span_s / 604_800) for one in runs.measured])
        )
        for kind in kinds
    }


def warm_up_days(runs: Runs, /) -> int | None:
    """Give the days MSER would leave out, judged on the open tickets of each day, mean over the replications.

    Batches are weeks, not five days: a Sunday is no Tuesday, and that is no warm-up. None: the run is too short to say.
    """
    days = min(len(one.open_by_day) for one in runs.measured)
    return mser(np.mean([one.open_by_day[:days] for one in runs.measured], axis=0), batch=WEEK)
