"""The days of one replication, visit by visit: what everybody did, for a reader who wants to see how a figure came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from kernel.clock import zone
from kernel.ids import natural_key
from scenarios.run.outcome import Outcome
from scenarios.run.world import World

WEEK = 7


@dataclass(frozen=True, slots=True)
class DaysKept:
    """Whose days are kept: of which replication, and the first so many days that count."""

    replication: int = 0
    days: int = WEEK


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit; moments are aware, in the region's own time.

    Args:
        ticket: the reporting source and which of its reports it is: the same name in every scenario under the same chance.
        site: id; `severity`: of the ticket.
        set_out, start, end: on the way from, there from, until.
        late_s: by how much the promised arrival or repair it brought came too late; 0: it did not.
    """

    ticket: str
    site: str
    severity: str
    set_out: datetime
    start: datetime
    end: datetime
    late_s: int


@dataclass(frozen=True, slots=True)
class Day:
    """A local day: everybody who began a visit on it, by id, with his visits in order."""

    day: date
    engineers: tuple[tuple[str, tuple[Visit, ...]], ...]

    @property
    def visits(self) -> tuple[Visit, ...]:
        """All of them."""
        return tuple(visit for _, own in self.engineers for visit in own)


def diary(outcome: Outcome, world: World, /, *, days: int) -> tuple[Day, ...]:
    """Give the first `days` local days that count, or all there are; a day on which nobody went anywhere is there, empty."""
    here, rows = zone(world.region.settings.zone), outcome.visits
    names = [engineer.id for engineer in world.region.field.engineers]
    demand = world.demand

    def at(second: int) -> datetime:
        return (world.starts_at + timedelta(seconds=second)).astimezone(here)

    first = at(outcome.span.from_s).date()
    wanted = [first + timedelta(days=n) for n in range(min(days, world.days))]
    found: dict[date, list[tuple[str, Visit]]] = {day: [] for day in wanted}
    for row in range(len(rows) if rows is not None else 0):
        assert rows is not None
        start = at(int(rows.there_s[row]))
        if start.date() in found:
            source, job = demand.sources[rows.source[row]], demand.jobs[rows.job[row]]
            visit = Visit(
                f"{source.id}/{rows.report[row]}",
                source.site,
                job.severity.value,
                at(int(rows.out_s[row])),
                start,
                at(int(rows.left_s[row])),
                int(rows.late_s[row]),
            )
            found[start.date()].append((names[rows.engineer[row]], visit))
    return tuple(Day(day, _by_engineer(own)) for day, own in found.items())


def _by_engineer(own: list[tuple[str, Visit]]) -> tuple[tuple[str, tuple[Visit, ...]], ...]:
    own = sorted(own, key=lambda one: (natural_key(one[0]), one[1].start))
    return tuple((name, tuple(visit for _, visit in mine)) for name, mine in groupby(own, lambda one: one[0]))
