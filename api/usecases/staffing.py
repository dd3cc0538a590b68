"""How many engineers, where, on which shift: the search of `scenarios.staffing` on an executor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

from api.usecases.simulating import MOST, replicated
from dispatch.desk.milestone import Milestone
from kernel.errors import Refusal
from scenarios.measure.figures import Figure, Measured
from scenarios.measure.simulated import Scenario
from scenarios.run.simulate import Policy
from scenarios.run.world import World
from scenarios.staffing.bound import sequence
from scenarios.staffing.load import loads
from scenarios.staffing.roster import ALWAYS, Counts, Shift, crew_of, hired, staffed, usual
from scenarios.staffing.search import (
    Estimate,
    Record,
    Staffed,
    Target,
    bracket,
    cheapest,
    neighbours,
    refined,
)

MOST_MORE = 400
"""Engineers above the least stable roster at which the sequence ends."""
CANDIDATES = 12
CLOCKS = {"arrive": (Figure.ARRIVE, Milestone.ARRIVE), "restore": (Figure.RESTORE, Milestone.REPAIR)}


def target_of(text: str, /) -> Target | None:
    """Read ``arrive=0.95`` or ``restore=0.9``; ``cost``: None, the cheapest.

    Raises:
        Refusal: ``scenario.not_a_target``.
    """
    if text == "cost":
        return None
    clock, _, share = text.partition("=")
    try:
        wanted = float(share)
    except ValueError:
        wanted = 0.0
    if clock not in CLOCKS or not 0 < wanted < 1:
        raise Refusal("scenario.not_a_target", value=text[:40])
    return Target(CLOCKS[clock][0], wanted)


def shifts_for(world: World, /) -> tuple[Shift, ...]:
    """The shifts to choose from: the usual ones, on call at the middle price of its duties; where everybody is always there, that."""
    if all(one.until_min - one.from_min >= 1440 for one in world.rosters):
        return ALWAYS
    prices = sorted(one.call_out_cents for one in world.rosters if one.call_out_cents)
    wages = sorted(one.wage_cents for one in world.rosters if not one.call_out_cents)
    return usual(wage_cents=wages[len(wages) // 2], call_out_cents=prices[len(prices) // 2] if prices else 0)


def evaluator(
    world: World, shifts: tuple[Shift, ...], executor: Executor, seed: int
) -> Callable[[Mapping[Counts, range]], Mapping[Counts, Sequence[Measured]]]:
    """Give what simulates rosters of a world on an executor."""

    def evaluate(wanted: Mapping[Counts, range]) -> Mapping[Counts, Sequence[Measured]]:
        running = [
            (
                counts,
                executor.submit(
                    replicated,
                    staffed(world, shifts, counts),
                    Policy.FAST,
                    tuple(numbers)[first : first + MOST],
                    seed,
                ),
            )
            for counts, numbers in wanted.items()
            for first in range(0, len(numbers), MOST)
        ]
        found: dict[Counts, list[Measured]] = {}
        for counts, future in running:
            found.setdefault(counts, []).extend(future.result())
        return found

    return evaluate


def searched(
    base: Scenario,
    target: Target,
    executor: Executor,
    /,
    *,
    confidence: float,
    runs: int,
    seed: int,
    estimated: Callable[[Estimate], None],
) -> Staffed:
    """Search the cheapest roster that keeps a target.

    Args:
        base: whose demand, depots and people to be like.
        target: to be kept.
        executor: where replications run.
        confidence: how sure it is to be.
        runs: replications the refinement may spend.
        seed: the root of all chance.
        estimated: told the first answer as soon as it is there.

    Raises:
        Refusal: ``scenario.nothing_promised`` where the clock of the target promises nothing; ``scenario.out_of_reach``
            when not even the largest roster keeps it.
    """
    world, shifts = base.world, shifts_for(base.world)
    (pilot,) = executor.submit(replicated, world, Policy.FAST, (0,), seed).result()
    milestone = next(one for figure, one in CLOCKS.values() if figure is target.figure)
    found = loads(world, pilot, milestone)
    if not any(load.slacks for load in found):
        raise Refusal("scenario.nothing_promised", clock=target.figure.value)
    rosters = sequence(found, shifts, most=MOST_MORE)
    record = Record(evaluator(world, shifts, executor, seed), target.figure)
    at = bracket(record, rosters, target)
    if at is None:
        most = record.tried({rosters[-1]: 1})[rosters[-1]]
        raise Refusal(
            "scenario.out_of_reach",
            clock=target.figure.value,
            most=hired(rosters[-1], shifts),
            percent=f"{100 * most.share.mean:.1f}",
        )
    first = record.tried({rosters[at]: 1})[rosters[at]]
    estimated(Estimate(first, base.engineers, record.runs, shifts))
    survivors = refined(
        record,
        neighbours(rosters, at, shifts, most=CANDIDATES),
        target,
        confidence=confidence,
        runs=runs,
    )
    best = survivors[0]
    along = tuple(rosters[max(0, at - 4) : at + 5])
    return Staffed(best, best.sure(target.share), survivors[1:], along, record.runs, shifts)


def cheapest_of(
    base: Scenario, executor: Executor, /, *, confidence: float, most: int, seed: int
) -> tuple[Staffed, bool]:
    """Find the number of engineers that costs least in a world of one place and one shift, by KN.

    Returns:
        What was found, and whether all other numbers were excluded in the confidence asked for.

    Raises:
        Refusal: ``scenario.one_place`` where there are several depots or shifts.
    """
    world, shifts = base.world, shifts_for(base.world)
    depots = {one.depot for one in world.region.field.engineers}
    if len(depots) != 1 or len(shifts) != 1:
        raise Refusal("scenario.one_place")
    depot = depots.pop()
    crew = len(crew_of(world, depot))
    rosters = [((depot, shifts[0].id, number),) for number in range(1, crew + 5)]
    record = Record(evaluator(world, shifts, executor, seed), Figure.COST_WEEK)
    pilot = record.tried({rosters[crew - 1]: 2})[rosters[crew - 1]]
    found = cheapest(
        record, rosters, indifference=0.01 * pilot.cost_week.mean, confidence=confidence, most=most
    )
    tried = record.tried(dict.fromkeys(rosters, 2))
    order = sorted(tried.values(), key=lambda one: (one.counts != rosters[found.best], one.cost_week.mean))
    along = tuple(rosters[:6])
    return Staffed(order[0], confidence, tuple(order[1:]), along, record.runs, shifts), found.sure
