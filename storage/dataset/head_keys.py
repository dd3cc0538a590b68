"""The keys of `region.toml`: what each holds, means when left out, and is called."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dispatch.policy import Policy, TravelSettings
from kernel.calendars import WEEKDAYS
from kernel.errors import Refusal
from kernel.hours import hours
from storage.dataset.cell import AMOUNT, CURRENCY, ID, MOMENT, TEXT, ZONE, Kind, decimal, several, whole
from storage.dataset.table import Column

FILE = "region.toml"
LARGEST = 1024 * 1024
"""Bytes of `region.toml`."""

HOURS = Kind(
    "list of hours like `08:00-12:00`",
    lambda text: hours(text.replace(";", ",")),
    lambda spans: ";".join(map(str, spans)),
)


def _pace(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for piece in text.split(";"):
        given = _PACE.fullmatch(piece)
        if given is None or not 1 <= int(given[3]) <= 1000:
            raise Refusal("dataset.not_a_pace", value=piece[:40])
        found.append((60 * int(given[1]) + int(given[2]), int(given[3])))
        if len(found) > 1 and found[-2][0] >= found[-1][0]:
            raise Refusal("dataset.pace_out_of_order", value=piece[:40])
    return tuple(found)


_PACE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]) ([0-9]{1,4})")
PACE = Kind(
    "list of a time of day and per mille of full speed (1 to 1000), like `07:30 650`",
    _pace,
    lambda spans: ";".join(f"{at // 60:02d}:{at % 60:02d} {per_mille}" for at, per_mille in spans),
)

_POLICY, _TRAVEL = Policy(), TravelSettings()
_MONEY = "currency of the region"


def _price(name: str, text: str) -> Column:
    default = getattr(_POLICY, name)
    return Column(name, AMOUNT, text, unit=_MONEY, empty=f"{default}", default=default)


def _minutes(name: str, text: str, *, least: int = 0) -> Column:
    default = getattr(_POLICY, name)
    return Column(name, whole(least, 100_000), text, unit="min", empty=f"{default}", default=default)


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the file; `[[name]]` when it repeats."""

    name: str
    text: str
    keys: tuple[Column, ...]
    repeats: bool = False


REGION = Section(
    "region",
    "What the region is.",
    (
        Column("id", ID, "The region."),
        Column("name", TEXT, "What people call it."),
        Column("as_of", MOMENT, "The moment the region is described at; planning starts here."),
        Column("zone", ZONE, "Zone of local dates and times, an IANA name."),
        Column("currency", CURRENCY, "Currency of every amount, ISO 4217."),
        Column("horizon_days", whole(1, 31), "Days planned, counted from `as_of`.", unit="days"),
    ),
)
TRAVEL = Section(
    "travel",
    "The time model: seconds = start_s + metres x detour / (speed_kmh / 3.6).",
    (
        Column(
            "start_s",
            whole(0, 7200),
            "Time every trip takes besides driving.",
            unit="s",
            empty=f"{_TRAVEL.start_s}",
            default=_TRAVEL.start_s,
        ),
        Column(
            "speed_kmh",
            decimal("1", "300"),
            "Speed on the road.",
            unit="km/h",
            empty=f"{_TRAVEL.speed_kmh}",
            default=_TRAVEL.speed_kmh,
        ),
        Column(
            "detour",
            decimal("1", "10"),
            "Road over straight line.",
            empty=f"{_TRAVEL.detour}",
            default=_TRAVEL.detour,
        ),
        Column(
            "longest_s",
            whole(1, 604_800),
            "A longer trip counts as unreachable.",
            unit="s",
            empty=f"{_TRAVEL.longest_s}",
            default=_TRAVEL.longest_s,
        ),
        Column(
            "pace",
            PACE,
            "How fast the road goes from a time of day on, local to the region; the last holds until the first.",
            unit="‰",
            empty="full speed all day",
            default=(),
        ),
    ),
)
POLICY = Section(
    "policy",
    "What a plan is weighed with.",
    (
        _price("travel_hour", "An hour on the road."),
        _price("distance_km", "A kilometre."),
        _price("overtime_hour", "An hour past the end of a shift."),
        _price("late_hour", "A started hour past a timed milestone whose scheme names no remedy."),
        _price("loaner_courier", "Sending one loaner, or the parts of one visit, by courier, fixed part."),
        _price("loaner_courier_km", "The same, per kilometre from where it lies."),
        _minutes("loaner_prepare_min", "From the decision until a loaner leaves the depot by courier."),
        _price("second_visit", "A second trip because a part that may be needed was not taken along."),
        _price("other_engineer", "An engineer the customer did not ask for, where he asked for some."),
        _price("changed_engineer", "Another engineer than published."),
        _price("changed_engineer_told", "The same once the customer was told."),
        _price("moved", "A start moved by more than `tolerance_min` from the published one."),
        _price("moved_told", "The same once the customer was told."),
        _minutes("tolerance_min", "A start moved by no more than this is not moved."),
        _minutes("freeze_min", "From now, so long published visits keep engineer and time where they can."),
        _minutes("stretch_min", "Longest time one engineer works on continuous work.", least=1),
        _minutes("handover_min", "Time in which both are there; shorter than `stretch_min`."),
        _minutes("fetch_min", "Time it takes to fetch back a loaner."),
    ),
)
LEFT_OUT = Section(
    "policy.left_out",
    "Price of leaving a visit out of the horizon, by severity.",
    tuple(
        Column(
            severity, AMOUNT, f"A visit of severity {severity}.", unit=_MONEY, empty=f"{price}", default=price
        )
        for severity, price in _POLICY.left_out.items()
    ),
)
CALENDAR = Section(
    "calendar",
    "Opening hours of a week; single dates that differ stand in `calendar_days.csv`.",
    (
        Column("id", ID, "The calendar."),
        Column("zone", ZONE, "Whose wall clock counts, an IANA name.", empty="the region's", default=""),
        Column(
            "country",
            TEXT,
            "ISO 3166 code whose public holidays close it.",
            empty="no public holidays",
            default="",
        ),
        Column(
            "subdivision",
            TEXT,
            "Part of the country, for regional holidays.",
            empty="national ones only",
            default="",
        ),
        *(Column(day, HOURS, f"Hours of {day}.", empty="closed", default=()) for day in WEEKDAYS),
        Column(
            "makeup",
            HOURS,
            "Hours of announced make-up working days.",
            empty="those of the first open weekday",
            default=(),
        ),
    ),
    repeats=True,
)
STORY = Section(
    "story",
    "Something worth seeing in the region.",
    (
        Column("kind", ID, "Code of the story."),
        Column("ids", several(ID), "What it is about: ids of rows of any file."),
    ),
    repeats=True,
)
SECTIONS = (REGION, TRAVEL, POLICY, LEFT_OUT, CALENDAR, STORY)
