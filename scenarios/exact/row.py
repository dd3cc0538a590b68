"""A world the books know the answer to: how one is made, how a simulation of it is read, and the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import sqrt
from statistics import fmean, stdev

import numpy as np

from dispatch.crew import Engineer
from dispatch.desk.customer import Asset, Customer, Site
from dispatch.policy import TravelSettings
from dispatch.region import Fieldwork, Region, Settings
from inventory.stockroom import Stockroom
from kernel.place import LatLon
from scenarios.run.chance import QUIET
from scenarios.run.outcome import Ended, Outcome
from scenarios.run.simulate import Policy, simulate_each
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import Demand, Job, Roster, Source, World

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HERE = LatLon(26.0, 119.0)
A_YEAR_H = 365 * 24
WEEK_H = 168
LONGEST_DAYS = 60_000
"""No replication goes on longer: moments end with the year 2199."""
EXPONENTIAL = Shape.EXPONENTIAL

Read = Callable[[Outcome], float]


@dataclass(frozen=True)
class Row:
    """A world, and what some figures of it are exactly.

    Args:
        name: of the model and its numbers.
        world: to run.
        exact: by figure; `read`: how a simulation tells it.
        replications: so many, independent.
    """

    name: str
    world: World
    exact: Mapping[str, float]
    read: Mapping[str, Read]
    replications: int = 40


@dataclass(frozen=True, slots=True)
class Tried:
    """A figure of a row: exact, and simulated with its standard error."""

    row: str
    figure: str
    exact: float
    mean: float
    error: float

    @property
    def off(self) -> float:
        """Standard errors between the two."""
        return (
            abs(self.mean - self.exact) / self.error if self.error else float(self.mean != self.exact) * 1e9
        )


def tried(row: Row, *, seed: int) -> list[Tried]:
    """Run a row's replications and compare every figure."""
    return compared(row, ran(row, range(row.replications), seed=seed))


def ran(row: Row, replications: Iterable[int], *, seed: int, times: float = 1.0) -> list[tuple[float, ...]]:
    """Run replications, each so many `times` as long (`LONGEST_DAYS` at most); gives the figures of each, in the order of `Row.exact`."""
    world = replace(row.world, days=min(round(row.world.days * times), LONGEST_DAYS))
    return [
        tuple(row.read[figure](outcome) for figure in row.exact)
        for outcome in simulate_each(world, Policy.FAST, replications=replications, seed=seed)
    ]


def compared(row: Row, values: Sequence[Sequence[float]], /) -> list[Tried]:
    """Compare every figure of a row with what its replications gave, two of them at least."""
    columns = zip(*values, strict=True)
    return [
        Tried(row.name, figure, exact, fmean(own), stdev(own) / sqrt(len(own)))
        for (figure, exact), own in zip(row.exact.items(), columns, strict=True)
    ]


# Reading a simulation.


def mean_wait_h(outcome: Outcome) -> float:
    """Mean hours from a report to setting out, of those somebody set out for."""
    rows, mine = outcome.tickets, outcome.counted & (outcome.tickets.set_out_s >= 0)
    return float((rows.set_out_s - rows.born_s)[mine].mean()) / 3600


def delayed(outcome: Outcome) -> float:
    """Share of tickets that came in and for which nobody set out in the second they came."""
    rows, mine = outcome.tickets, outcome.counted & (outcome.tickets.ended != Ended.TURNED_AWAY)
    return float((rows.set_out_s != rows.born_s)[mine].mean())


def ended(how: Ended) -> Read:
    """Share of tickets that ended in a way."""
    return lambda outcome: float((outcome.tickets.ended == how)[outcome.counted].mean())


def waiting(outcome: Outcome) -> float:
    """Tickets in line on average: all the waits of the span, those who gave up included, over its length."""
    rows, span = outcome.tickets, outcome.span
    inside = rows.ended != Ended.TURNED_AWAY
    until = np.where(
        rows.set_out_s >= 0, rows.set_out_s, np.where(rows.ended_s >= 0, rows.ended_s, span.until_s)
    )
    spent = np.clip(until, span.from_s, span.until_s) - np.clip(rows.born_s, span.from_s, span.until_s)
    return float(spent[inside].sum()) / (span.until_s - span.from_s)


def short(outcome: Outcome) -> float:
    """Units tickets wait for, on average over the span; every ticket takes one."""
    return float(outcome.tickets.waited_part_s[outcome.counted].sum()) / (
        outcome.span.until_s - outcome.span.from_s
    )


def filled(outcome: Outcome) -> float:
    """Share of lines served at once."""
    return float(outcome.stock.filled.sum()) / float(outcome.stock.wanted.sum())


def no_loaner(outcome: Outcome) -> float:
    """Share of tickets for which no unit was free."""
    return float((outcome.tickets.loaner_s == 0)[outcome.counted].mean())


def busy(engineer: int) -> Read:
    """Share of duty an engineer works."""
    return lambda outcome: float(outcome.crew.busy_s[engineer]) / float(outcome.crew.on_duty_s[engineer])


# Making worlds.


def plain(
    engineers: int,
    sources: tuple[Source, ...],
    jobs: tuple[Job, ...],
    *,
    days: int,
    warm_up_days: int,
    stock: Stockroom | None = None,
    **changes: object,
) -> World:
    """Everybody at one place, always on duty."""
    names = [f"E{number + 1:02d}" for number in range(engineers)]
    field = Fieldwork(
        customers=(Customer("C"),),
        sites=tuple(Site(name, "C", HERE) for name in dict.fromkeys(source.site for source in sources)),
        assets=tuple(
            Asset(source.asset, source.site, loaner_class="L") for source in sources if source.asset
        ),
        engineers=tuple(Engineer(name, "", HERE) for name in names),
    )
    settings = Settings("textbook", "Textbook", MONDAY, "Etc/UTC", "USD", 1, travel=TravelSettings(start_s=0))
    always = tuple(Roster(f"{name}-{day}", name, day, 0, 1440) for name in names for day in range(7))
    world = World(
        Region(settings, field, stock or Stockroom()),
        MONDAY,
        days,
        always,
        Demand(sources, jobs),
        QUIET,
        warm_up_days=warm_up_days,
    )
    return replace(world, **changes)  # type: ignore[arg-type]


def source(name: str, an_hour: float, job: str = "J", **changes: object) -> Source:
    """A source at its own site with one job."""
    return replace(Source(name, name, an_hour * A_YEAR_H, ((job, 1.0),)), **changes)  # type: ignore[arg-type]


def work(hours: float, shape: Shape = EXPONENTIAL, cv2: float = 1.0) -> Spread:
    """A length of work."""
    return Spread(hours * 60, shape, cv2)
