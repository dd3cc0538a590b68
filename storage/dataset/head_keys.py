"""The keys of `region.toml`: what each holds, means when left out, and is called."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.policy import Policy, TravelSettings
from kernel.calendars import WEEKDAYS
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

_POLICY, _TRAVEL = Policy(), TravelSettings()
_MONEY = "currency of the region"


def _price(name: str, text: str) -> Column:
    default = getattr(_POLICY, name)
    return Column(name, AMOUNT, text, unit=_MONEY, empty=f"{default}", default=default)


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
        _price("loaner_courier", "Sending one loaner by courier, fixed part."),
        _price("loaner_courier_km", "The same, per kilometre from the depot."),
        Column(
            "loaner_prepare_min",
            whole(0, 100_000),
            "From the decision until a loaner leaves the depot by courier.",
            unit="min",
            empty=f"{_POLICY.loaner_prepare_min}",
            default=_POLICY.loaner_prepare_min,
        ),
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
