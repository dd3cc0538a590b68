"""Reading a base: which region, from when, for how long, and the changes that make it what the scenarios start from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from dispatch.region import Region
from kernel.clock import utc, zone
from kernel.errors import Location, Refusal
from scenarios.fitted.world import scaled, tickets_a_week, world_of
from scenarios.patch.change import Patch, patched
from scenarios.patch.patch_file import changes_of
from scenarios.patch.section import parsed
from scenarios.run.world import World

MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Made:
    """A world of the library by name, with its whole numbers by name."""

    name: str
    numbers: tuple[tuple[str, int], ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Base:
    """What a base file says.

    Args:
        patch: its headline and its changes.
        dataset: folder of the region, relative to the file; empty where `made` is said.
        made: a world of the library; None where `dataset` is said.
        starts_on: local day the simulation starts on, at midnight; None: the day after the region's own moment.
        days, warm_up_days: that count, and before them those that do not.
        wage_cents: of an hour on shift.
        skill_cents: of an hour on shift for each skill somebody is trained in beside his own; 0: not known.
        a_week: tickets a week, mean over a year; 0: as often as the region's history says.
        at: where ``[world]`` stands.
    """

    patch: Patch
    dataset: str
    made: Made | None
    starts_on: date | None
    days: int
    warm_up_days: int
    wage_cents: int
    skill_cents: int
    a_week: float
    at: Location


def base_of(text: str, /, *, id: str, file: str) -> Base:  # noqa: A002 the word of the trade
    """Read a base file.

    Raises:
        Refusal: ``scenario.*`` with line and key.
    """
    top = parsed(text, file)
    name = (top.text("name"), top.text("name_zh", top.text("name")))
    about = (top.text("about", ""), top.text("about_zh", top.text("about", "")))
    world = top.table("world")
    dataset, made = world.text("dataset", ""), world.text("made", "")
    if bool(dataset) == bool(made):
        raise Refusal("scenario.dataset_or_made", at=world.at)
    numbers = world.table("numbers")
    found = tuple((key, numbers.whole(key)) for key in numbers.keys()) if made else ()  # noqa: SIM118 not a dict
    base = Base(
        Patch(id, name, about, changes_of(top)),
        dataset,
        Made(made, found, world.at) if made else None,
        world.day("starts_on") if world.has("starts_on") else None,
        world.whole("days", least=1, most=MOST_DAYS),
        world.whole("warm_up_days", 0, most=MOST_DAYS),
        round(world.number("wage_hour", 0.0, most=1e6) * 100),
        round(world.number("skill_hour", 0.0, most=1e6) * 100),
        world.number("tickets_a_week", 0.0, most=1e6),
        world.at,
    )
    for section in (numbers, world, top):
        section.done()
    return base


def world_from(base: Base, region: Region, /) -> World:
    """Fit the world of a base file to its region and apply the base's own changes.

    Raises:
        Refusal: ``scenario.no_history`` where the region has no fault to fit demand to; those of the changes.
    """
    tz = zone(region.settings.zone)
    as_of = region.settings.as_of
    day = base.starts_on or date.fromordinal(as_of.astimezone(tz).date().toordinal() + 1)
    world = world_of(
        region,
        starts_at=utc(datetime.combine(day, time(), tz)),
        days=base.days,
        warm_up_days=base.warm_up_days,
        wage_cents=base.wage_cents,
    )
    if not tickets_a_week(world.demand):
        raise Refusal("scenario.no_history", at=base.at, region=region.settings.id)
    if base.a_week:
        world = scaled(world, a_week=base.a_week)
    return patched(world, [base.patch])


def lengthened(base: Base, world: World, /) -> World:
    """A library's world over the days of a base file, with the base's own changes."""
    return patched(replace(world, days=base.days, warm_up_days=base.warm_up_days), [base.patch])
