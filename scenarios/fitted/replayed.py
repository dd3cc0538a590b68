"""History as a world: every fault reported when it was, with the work and parts it turned out to take.

What the history does not say is fitted as for any world. Only faults are replayed; the shifts are those the region lists,
repeated every week, because a region keeps no shifts of long ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.desk.milestone import Severity
from dispatch.desk.ticket import EventKind
from dispatch.measures.case import Case
from dispatch.region import Region
from kernel.clock import zone
from kernel.errors import Refusal
from scenarios.fitted.reported import WAITED_S, past
from scenarios.fitted.world import world_of
from scenarios.run.outcome import NEVER
from scenarios.run.spread import Spread
from scenarios.run.world import Demand, Job, PartChance, Source, World

LEAST = 20
"""Faults below which nothing is said about a model."""


@dataclass(frozen=True, slots=True)
class Actual:
    """What became of a ticket; seconds since the world's start.

    Args:
        reported_s: when it was reported; `arrived_s`, `restored_s`: `NEVER` where it has not happened or nobody came.
        work_s: on site, where nothing was waited for; `NEVER`: not known.
        first_time_fix: 1, 0, or -1: the history does not say how often somebody came.
    """

    ticket: str
    reported_s: int
    arrived_s: int
    restored_s: int
    work_s: int
    first_time_fix: int


@dataclass(frozen=True, slots=True)
class Replay:
    """A world that reports what was reported, and what became of each: row by row as its outcome has them."""

    world: World
    actual: tuple[Actual, ...]


def replayed(region: Region, /, *, days: int, warm_up_days: int) -> Replay:
    """Make the world of a region's last days.

    Args:
        region: read whole.
        days: that count, up to the region's own moment.
        warm_up_days: before them, replayed and not counted.

    Raises:
        Refusal: ``scenario.little_history`` below `LEAST` faults in those days.
    """
    as_of = region.settings.as_of
    tz = zone(region.settings.zone)
    last = as_of.astimezone(tz).replace(hour=0, minute=0, second=0, microsecond=0)
    starts_at = last - timedelta(days=days + warm_up_days)
    seen = past(region, until_at=as_of)
    made = world_of(region, starts_at=starts_at, days=days, warm_up_days=warm_up_days)
    found = [case for case in seen.cases if starts_at <= case.ticket.reported_at < last]
    if len(found) < LEAST:
        raise Refusal("scenario.little_history", found=len(found), least=LEAST, days=days + warm_up_days)
    jobs = {job.id: job for job in made.demand.jobs}
    took = {
        one.ticket: tuple(PartChance(used.part, 1.0, used.quantity) for used in one.parts)
        for one in region.field.closed_tickets
    }
    fits = [(case, _like(jobs, case.model, case.ticket.severity)) for case in found]
    rows = [(case, job, actual_of(case, starts_at)) for case, job in fits if job is not None]
    demand = Demand(
        tuple(_source(case, one) for case, _, one in rows),
        tuple(_job(case, job, one, took) for case, job, one in rows),
    )
    return Replay(replace(made, demand=demand), tuple(one for _, _, one in rows))


def _like(jobs: Mapping[str, Job], model: str, severity: Severity) -> Job | None:
    """The fitted job of a model and severity; every fault that counts was fitted, so there is one."""
    return jobs.get(f"{model}-{severity}")


def actual_of(case: Case, starts_at: datetime, /) -> Actual:
    """Say what became of a ticket."""

    def second(at: datetime | None) -> int:
        return NEVER if at is None else int((at - starts_at).total_seconds())

    came = [event.at for event in case.events if event.kind is EventKind.ON_SITE]
    arrived_s, restored_s = second(came[0] if came else None), second(case.restored_at)
    work_s = restored_s - arrived_s if NEVER not in {arrived_s, restored_s} else NEVER
    known = not case.archived and came and case.restored_at is not None
    waited = any(event.kind is EventKind.PART_NEEDED for event in case.events)
    return Actual(
        case.ticket.id,
        second(case.ticket.reported_at),
        arrived_s,
        restored_s,
        work_s if 0 < work_s <= WAITED_S and not waited else NEVER,
        int(len(came) == 1 and not waited) if known else -1,
    )


def _source(case: Case, one: Actual) -> Source:
    ticket = case.ticket
    known = case.scheme is not None
    return Source(
        id=ticket.id,
        site=ticket.site,
        a_year=1.0,
        jobs=((ticket.id, 1.0),),
        asset=ticket.asset,
        scheme=ticket.scheme if known else "",
        version=ticket.version if known else "",
        at_s=(one.reported_s,),
    )


def _job(case: Case, like: Job, one: Actual, took: Mapping[str, tuple[PartChance, ...]]) -> Job:
    """The work it turned out to be: as long as it took and with what it took, where that is known."""
    remote = 1.0 if one.arrived_s == NEVER and one.restored_s != NEVER else 0.0
    work = Spread(one.work_s / 60) if one.work_s != NEVER else like.work
    # A ticket of the archive without parts took none; what one at the desk took is not on record in one place.
    parts = took.get(case.ticket.id, ()) if case.archived else like.parts
    return replace(like, id=case.ticket.id, work=work, parts=parts, remote=remote)
