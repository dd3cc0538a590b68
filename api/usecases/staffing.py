"""How many engineers, where, on which shift: the search of `scenarios.staffing` on an executor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from api.usecases.plan_run import Report
from api.usecases.simulating import OneByOne, Sent, replicated, sent
from dispatch.desk.milestone import Milestone
from kernel.errors import Refusal
from scenarios.measure.figures import Figure, Measured
from scenarios.measure.simulated import Scenario
from scenarios.run.simulate import Policy
from scenarios.run.world import World
from scenarios.staffing.bound import sequence
from scenarios.staffing.lever import Lever, Prices, holding_week, may_help, pulled
from scenarios.staffing.load import loads
from scenarios.staffing.roster import ALWAYS, Counts, Shift, crew_of, hired, staffed, usual
from scenarios.staffing.search import (
    Estimate,
    Most,
    Option,
    Record,
    Staffed,
    Target,
    bracket,
    cheapest,
    refined,
)
from scenarios.staffing.sure import LEAST_RUNS, climbed, confirmed, trimmed

MOST_MORE = 400
"""Engineers above the least stable roster at which the sequence ends."""
OPTION_RUNS = 4
"""Replications of a roster when levers are compared."""
WIDER = 25
"""Rosters above the first estimate that a lever is compared along: two replications may have been kind."""
FRESH = 100_000
"""Number of the first replication that confirms: the search never comes so far."""
SURER = (6, 2)
"""Steps above the first roster the search called sure at which others are shown before it: that one is lucky, too."""
SHOWN = 4
"""Rosters the search called sure that are shown on new chance, at most."""
TASK = 4
"""Replications in one task of a search at most; fewer where few are wanted: who waits for them waits for the last."""
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
    world: World, shifts: tuple[Shift, ...], executor: Executor, seed: int, *, first: int = 0
) -> Callable[[Mapping[Counts, range]], Mapping[Counts, Sequence[Measured]]]:
    """Give what simulates rosters of a world on an executor; replication 0 of it is number `first` of all chance."""
    made: dict[Counts, Sent] = {}

    def evaluate(wanted: Mapping[Counts, range]) -> Mapping[Counts, Sequence[Measured]]:
        running = []
        size = max(1, min(TASK, sum(map(len, wanted.values())) // TASK))
        for counts, numbers in wanted.items():
            if counts not in made:
                made[counts] = sent(staffed(world, shifts, counts))
            meant = tuple(first + number for number in numbers)
            running += [
                (counts, executor.submit(replicated, made[counts], Policy.FAST, meant[at : at + size], seed))
                for at in range(0, len(meant), size)
            ]
        found: dict[Counts, list[Measured]] = {}
        for counts, future in running:
            found.setdefault(counts, []).extend(future.result())
        return found

    return evaluate


@dataclass(frozen=True)
class Search:
    """What a search asks for.

    Args:
        target: to be kept.
        confidence: how sure it is to be.
        runs: replications of each roster that is judged; twice as many show the one that is named.
        seed: the root of all chance.
        prices: of what may be done beside hiring.
        people_only: nothing may be done beside hiring.
    """

    target: Target
    confidence: float
    runs: int
    seed: int
    prices: Prices
    people_only: bool = False


def searched(
    base: Scenario, asked: Search, executor: Executor, /, *, estimated: Callable[[Estimate], None]
) -> Staffed:
    """Search the cheapest roster that keeps a target.

    Args:
        base: whose demand, depots and people to be like.
        asked: for.
        executor: where replications run.
        estimated: told the first answer as soon as it is there; not told where hiring alone does not do.

    Raises:
        Refusal: ``scenario.nothing_promised`` where the clock of the target promises nothing.
    """
    world, shifts, target = base.world, shifts_for(base.world), asked.target
    (pilot,) = executor.submit(replicated, sent(world), Policy.FAST, (0,), asked.seed).result()
    milestone = next(one for figure, one in CLOCKS.values() if figure is target.figure)
    found = loads(world, pilot, milestone)
    if not any(load.slacks for load in found):
        raise Refusal("scenario.nothing_promised", clock=target.figure.value)
    rosters = sequence(found, shifts, most=MOST_MORE)
    record = Record(evaluator(world, shifts, executor, asked.seed), target.figure)
    at = bracket(record, rosters, target)
    if at is not None:
        first = record.tried({rosters[at]: 1})[rosters[at]]
        estimated(Estimate(first, base.engineers, record.runs, shifts, record.lost(rosters[at])))
    tries = _Tries(base, asked, shifts, rosters, executor)
    most, options = tries.most(), tries.options(at)
    if options[0].tried is None:
        return tries.beyond(options, most)
    return tries.settled(options, most)


class _Tries:
    """The second part of a search: levers, the roster that is sure, and its confirmation."""

    def __init__(
        self,
        base: Scenario,
        asked: Search,
        shifts: tuple[Shift, ...],
        rosters: Sequence[Counts],
        executor: Executor,
    ) -> None:
        self._world, self._asked, self._shifts, self._rosters = base.world, asked, shifts, rosters
        self._executor = executor
        self._records: list[Record] = []

    def _record(self, levers: tuple[Lever, ...], *, first: int = 0) -> Record:
        world = pulled(self._world, levers, self._asked.prices)
        made = evaluator(world, self._shifts, self._executor, self._asked.seed, first=first)
        self._records.append(Record(made, self._asked.target.figure))
        return self._records[-1]

    def _levers(self) -> tuple[Lever, ...]:
        return () if self._asked.people_only else may_help(self._world, self._asked.prices)

    def most(self) -> Most:
        """The largest roster with every lever pulled."""
        record, largest = self._record(self._levers()), self._rosters[-1]
        return Most(record.tried({largest: OPTION_RUNS})[largest], record.lost(largest))

    def options(self, at: int | None) -> list[Option]:
        """Hiring alone, each lever, all of them: cheapest first; those that do not reach the target last."""
        levers = self._levers()
        sets = [(), *((one,) for one in levers), levers] if levers else [()]
        near = self._rosters if at is None else self._rosters[: at + WIDER]
        found = [self._option(one, near) for one in dict.fromkeys(sets)]
        if all(one.tried is None for one in found) and len(near) < len(self._rosters):
            # The first estimate was kind: two replications are few.
            return self.options(None)
        return sorted(found, key=lambda one: (one.cost_week, len(one.levers)))

    def _option(self, levers: tuple[Lever, ...], rosters: Sequence[Counts]) -> Option:
        record, target = self._record(levers), self._asked.target
        at = bracket(record, rosters, target, runs=OPTION_RUNS)
        if at is None:
            return Option(levers, None, 0.0)
        tried = record.tried({rosters[at]: OPTION_RUNS})[rosters[at]]
        return Option(levers, tried, self._holding(levers, rosters[at]))

    def _holding(self, levers: tuple[Lever, ...], counts: Counts) -> float:
        prices = self._asked.prices
        return holding_week(staffed(pulled(self._world, levers, prices), self._shifts, counts), prices)

    def beyond(self, options: Sequence[Option], most: Most) -> Staffed:
        """No roster keeps the target: the largest one, and what it is lost to."""
        levers, counts = self._levers(), most.tried.counts
        return Staffed(
            most.tried,
            most.tried.sure(self._asked.target.share),
            (),
            tuple(self._rosters[:: max(1, len(self._rosters) // 8)]),
            self._runs,
            self._shifts,
            holds=False,
            levers=levers,
            options=tuple(options),
            lost=most.lost,
            most=most,
            holding_week=self._holding(levers, counts),
        )

    def settled(self, options: Sequence[Option], most: Most) -> Staffed:
        """The roster of the cheapest option, made sure, trimmed and confirmed."""
        asked, rosters, levers = self._asked, self._rosters, options[0].levers
        assert options[0].tried is not None
        record = self._record(levers)
        at = rosters.index(options[0].tried.counts)
        runs = max(LEAST_RUNS, asked.runs)
        sure = climbed(record, rosters, at, asked.target, confidence=asked.confidence, runs=runs)
        high = len(rosters) - 1 if sure is None else sure
        few = trimmed(
            record, rosters[high], self._shifts, asked.target, confidence=asked.confidence, runs=runs
        )
        survivors = refined(record, few, asked.target, confidence=asked.confidence, runs=4 * runs)
        good = [one for one in survivors if one.sure(asked.target.share) >= asked.confidence][:SHOWN]
        good.sort(key=lambda one: (-one.sure(asked.target.share), one.counts))
        surer = [rosters[min(high + more, len(rosters) - 1)] for more in SURER]
        order = tuple(dict.fromkeys([*surer, *(one.counts for one in good or survivors[:1])]))
        fresh = self._record(levers, first=FRESH)
        best, holds, shown = confirmed(fresh, order, asked.target, confidence=asked.confidence, runs=2 * runs)
        seen = {one.counts: one for one in shown}
        return Staffed(
            best,
            best.sure(asked.target.share),
            tuple(seen.get(one.counts, one) for one in survivors if one.counts != best.counts),
            tuple(rosters[max(0, at - 16) : at + 17 : 6]),
            self._runs,
            self._shifts,
            holds=holds,
            levers=levers,
            options=tuple(options),
            lost=fresh.lost(best.counts),
            most=most,
            holding_week=self._holding(levers, best.counts),
            shown=tuple(seen),
        )

    @property
    def _runs(self) -> int:
        return sum(one.runs for one in self._records)


def curves(
    answers: Sequence[tuple[Scenario, World, Staffed]], /
) -> tuple[tuple[Scenario, ...], tuple[tuple[int, ...], ...]]:
    """Give what a page of answers shows: of each the world as it is, the roster chosen and those around it.

    Args:
        answers: (what was asked about, its world with what is done beside hiring, what was found).

    Returns:
        Scenarios, and for each answer the positions of those that differ in people only, to be joined.
    """
    made: list[Scenario] = []
    lines = []
    for asked, world, found in answers:
        made.append(asked)
        line = []
        for counts in dict.fromkeys((found.best.counts, *found.along)):
            people = hired(counts, found.shifts)
            en, zh = (one.format(people) for one in ("{} engineers", "{}名工程师"))
            if counts == found.best.counts:
                en, zh = f"{en}, chosen", f"{zh}，选定"
            name = (f"{asked.name[0]}: {en}", f"{asked.name[1]}：{zh}") if len(answers) > 1 else (en, zh)
            line.append(len(made))
            shown = staffed(world, found.shifts, counts)
            made.append(Scenario(f"{asked.id}-{len(line)}", name, ("", ""), shown))
        lines.append(tuple(line))
    return tuple(made), tuple(lines)


def cheapest_of(base: Scenario, executor: Executor, /, *, confidence: float, most: int, seed: int) -> Staffed:
    """Find the number of engineers that costs least in a world of one place and one shift, by KN.

    Returns:
        What was found; it holds where all other numbers were excluded in the confidence asked for.

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
    return Staffed(order[0], confidence, tuple(order[1:]), along, record.runs, shifts, holds=found.sure)


MOST_RUNS = 200
"""Replications of a number of engineers that the search for the cheapest spends at most."""


class Watched(OneByOne):
    """Does everything itself, says before each task how many are done, and ends (`KeyboardInterrupt`) when asked to."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.told: dict[str, Any] = {"tasks": 0}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now, unless it was asked to stop."""
        if not self._report(self.told):
            raise KeyboardInterrupt
        self.told = {**self.told, "tasks": self.told["tasks"] + 1}
        return super().submit(fn, *args, **kwargs)


def found_for(
    base: Scenario,
    target: Target | None,
    watched: Watched,
    /,
    *,
    confidence: float,
    runs: int,
    seed: int,
    prices: Prices,
) -> tuple[Staffed, bool]:
    """Search as `searched` or `cheapest_of` does; asked to stop after the first estimate, it gives that.

    Returns:
        What was found, and whether the search came to its end.

    Raises:
        Refusal: as those; ``scenario.stopped_too_soon`` before there was an estimate.
    """
    first: list[Estimate] = []

    def estimated(one: Estimate) -> None:
        first.append(one)
        watched.told = {**watched.told, "engineers": hired(one.tried.counts, one.shifts)}

    try:
        if target is None:
            return cheapest_of(base, watched, confidence=confidence, most=MOST_RUNS, seed=seed), True
        return searched(
            base, Search(target, confidence, runs, seed, prices), watched, estimated=estimated
        ), True
    except KeyboardInterrupt:
        if not first or target is None:
            raise Refusal("scenario.stopped_too_soon") from None
        tried, reached = first[0].tried, first[0].tried.sure(target.share)
        found = Staffed(
            tried,
            reached,
            (),
            (),
            first[0].runs,
            first[0].shifts,
            holds=reached >= confidence,
            lost=first[0].lost,
        )
        return found, False
