"""Inventing the plan people were told this morning: a few stops of today, some locked, some told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.crew import Absence, CertificateHeld, Engineer, Shift, SkillHeld, ToolHeld
from dispatch.desk.ticket import EventKind
from dispatch.desk.visit import Lock, PublishedStop
from kernel.clock import utc, zone
from kernel.interval import Interval
from kernel.place import LatLon, geodesic_m
from scenarios.world.crew import local_day
from scenarios.world.demand import Open
from scenarios.world.spec import Spec

LOCKS = (Lock.BOTH, Lock.NONE, Lock.ENGINEER, Lock.NONE, Lock.TIME, Lock.NONE)
"""How the stops are kept, in turn."""
ROAD_FACTOR = 1.5
SPEED_KMH = 56
FIRST_ENDS, SECOND_STARTS, LAST_START = "13:15", "14:15", "15:30"
"""Around the midday break: a first stop ends by then, a second starts from then on."""


@dataclass(frozen=True, slots=True)
class Crew:
    """The crew as `scenarios.world.crew` invented it."""

    engineers: tuple[Engineer, ...]
    skills: tuple[SkillHeld, ...]
    certificates: tuple[CertificateHeld, ...]
    tools: tuple[ToolHeld, ...]
    shifts: tuple[Shift, ...]
    absences: tuple[Absence, ...]


@dataclass(frozen=True, slots=True)
class Able:
    """One engineer with what he can do today out of his own van."""

    engineer: Engineer
    levels: Mapping[str, int]
    papers: frozenset[str]
    tools: frozenset[str]

    def can(self, one: Open, /) -> bool:
        """Say whether a visit needs nothing but him, in his own area."""
        return (
            one.served.area.depot_id == self.engineer.depot
            and not one.needs
            and all(self.levels.get(skill, 0) >= level for skill, level in one.visit.skills)
            and self.papers >= set(one.visit.certificates)
            and self.tools >= set(one.visit.tools)
        )


def able(spec: Spec, crew: Crew) -> tuple[Able, ...]:
    """The crew with what is valid today, in order."""
    today = local_day(spec)
    levels: dict[str, dict[str, int]] = defaultdict(dict)
    papers: dict[str, set[str]] = defaultdict(set)
    tools: dict[str, set[str]] = defaultdict(set)
    for skill in crew.skills:
        levels[skill.engineer][skill.skill] = skill.level
    for paper in crew.certificates:
        if paper.valid_until is None or paper.valid_until > today:
            papers[paper.engineer].add(paper.certificate)
    for tool in crew.tools:
        if tool.calibrated_until is None or tool.calibrated_until > today:
            tools[tool.holder].add(tool.tool)
    return tuple(
        Able(one, levels[one.id], frozenset(papers[one.id]), frozenset(tools[one.id]))
        for one in crew.engineers
    )


def published(spec: Spec, crew: Crew, opened: tuple[Open, ...]) -> tuple[PublishedStop, ...]:
    """Up to two stops a day shift: something its engineer can do with what he has, reached in good time.

    Travel is reckoned half as long again as the model, so that every locked stop can really be kept.
    """
    tz = zone(spec.zone)
    today = local_day(spec)

    def wall(text: str) -> datetime:
        return utc(datetime.fromisoformat(f"{today.isoformat()}T{text}").replace(tzinfo=tz))

    if spec.as_of >= wall(LAST_START):
        return ()
    left = {one.visit.id: one for one in opened if _plain(one)}
    stops: list[PublishedStop] = []
    by_engineer = {shift.engineer: shift for shift in crew.shifts if shift.worked.start == wall("08:00")}
    whole = Interval(spec.as_of, wall("18:00"))
    away = {gone.engineer for gone in crew.absences if gone.away.overlaps(whole)}
    for worker in able(spec, crew):
        shift = by_engineer.get(worker.engineer.id)
        if shift is None or shift.engineer in away:
            continue
        spot, free_at, latest_end = worker.engineer.home, spec.as_of, wall(FIRST_ENDS)
        for latest_start in (wall("12:30"), wall(LAST_START)):
            found = _nearest(worker, left, spot, free_at, latest_start, latest_end)
            if found is None:
                continue
            one, starts_at = found
            lock = LOCKS[len(stops) % len(LOCKS)]
            told = lock in {Lock.BOTH, Lock.TIME} or len(stops) % 4 == 1
            told_at = spec.as_of - timedelta(minutes=35) if told else None
            stops.append(PublishedStop(one.visit.id, shift.id, starts_at, lock, told_at))
            del left[one.visit.id]
            spot = one.served.site.at
            free_at = max(wall(SECOND_STARTS), starts_at + timedelta(minutes=one.visit.duration_min))
            latest_end = wall("17:00")
    return tuple(stops)


def _plain(one: Open) -> bool:
    """Nothing about the visit that a stop made by hand could break."""
    waiting = bool(one.events) and one.events[-1].kind is EventKind.WAITING
    return not one.appointments and one.visit.earliest_at is None and not waiting


def _nearest(
    worker: Able,
    left: Mapping[str, Open],
    spot: LatLon,
    free_at: datetime,
    latest_start: datetime,
    latest_end: datetime,
) -> tuple[Open, datetime] | None:
    """The suitable visit that can start first, on a quarter of an hour; None when there is none."""
    best: tuple[datetime, str] | None = None
    for one in left.values():
        if not worker.can(one):
            continue
        km = geodesic_m(spot, one.served.site.at) / 1000
        starts_at = _quarter(free_at + timedelta(minutes=10 + ROAD_FACTOR * km / SPEED_KMH * 60))
        ends_at = starts_at + timedelta(minutes=one.visit.duration_min)
        if (
            starts_at <= latest_start
            and ends_at <= latest_end
            and (best is None or (starts_at, one.visit.id) < best)
        ):
            best = (starts_at, one.visit.id)
    return None if best is None else (left[best[1]], best[0])


def _quarter(at: datetime) -> datetime:
    minutes = -(-at.minute // 15) * 15
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)
