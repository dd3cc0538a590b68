"""Inventing the crew: engineers by code, what they can, carry and are allowed to do, when they work.

Everything of the n-th engineer comes from streams of his own, so one engineer more changes nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from dispatch.crew import Absence, CertificateHeld, Engineer, OnCall, Shift, SkillHeld, ToolHeld
from kernel.clock import utc, zone
from kernel.interval import Interval
from scenarios.world.equipment import Equipment
from scenarios.world.spec import Spec
from scenarios.world.streams import Cause, apportioned, pick, stream
from scenarios.world.towns import AREAS, Area, somewhere

SKILLS_EACH = 5
CERTIFICATE_CHANCE = {"electrician": 0.9, "pressure-vessel": 0.8, "refrigerant": 0.8}
CALIBRATED = frozenset(
    {"oscilloscope", "insulation-tester", "pressure-gauge", "temperature-logger", "conductivity-meter"}
)
OVERTIME_MIN = 120
EVENING_CALL_OUT = Decimal(300)
WEEKEND_CALL_OUT = Decimal(400)


def areas(spec: Spec) -> tuple[Area, ...]:
    """The areas whose depot is open."""
    return AREAS[: spec.depots]


def area_of_engineer(spec: Spec) -> list[Area]:
    """The area each engineer belongs to, in order of his number."""
    open_areas = areas(spec)
    return [open_areas[i] for i in apportioned(spec.engineers, [area.weight for area in open_areas])]


def engineer_id(number: int) -> str:
    """Code of the engineer with this number, from 0.

    >>> engineer_id(0)
    'E-101'
    """
    return f"E-{number + 101}"


def van_id(engineer: str) -> str:
    """Id of an engineer's van as a place."""
    return f"VAN-{engineer.removeprefix('E-')}"


def engineers(spec: Spec, seed: int) -> tuple[Engineer, ...]:
    """Engineers with homes in the towns of their depot's area, the big towns first."""
    place_in_area: dict[str, int] = defaultdict(int)
    found = []
    for number, area in enumerate(area_of_engineer(spec)):
        rank = place_in_area[area.code]
        place_in_area[area.code] += 1
        town = area.towns[apportioned(rank + 1, [town.weight for town in area.towns])[rank]]
        code = engineer_id(number)
        home = somewhere(stream(seed, Cause.ENGINEER, number, 0), town, spread=0.7)
        found.append(Engineer(id=code, depot=area.depot_id, home=home, van=van_id(code)))
    return tuple(found)


def skills(spec: Spec, seed: int, equipment: Equipment) -> tuple[SkillHeld, ...]:
    """Five skills for each engineer, spread so that two of a depot cover all but the rarest levels."""
    names = equipment.skills
    rank_in_area: dict[str, int] = defaultdict(int)
    held = []
    for number, area in enumerate(area_of_engineer(spec)):
        rank = rank_in_area[area.code]
        rank_in_area[area.code] += 1
        rng = stream(seed, Cause.ENGINEER, number, 1)
        for place in range(SKILLS_EACH):
            level = int(rng.integers(4, 6)) if place < 2 else int(rng.integers(2, 5))
            held.append(SkillHeld(engineer_id(number), names[(rank * 3 + place) % len(names)], level))
    return tuple(held)


def certificates(
    spec: Spec, seed: int, held: tuple[SkillHeld, ...], equipment: Equipment
) -> tuple[CertificateHeld, ...]:
    """Certificates that go with the skills; a few have run out, a few run out within the month."""
    today = local_day(spec)
    wanted = {family.skill: family.certificate for family in equipment.families if family.certificate}
    skilled: dict[str, set[str]] = defaultdict(set)
    for row in held:
        skilled[row.engineer].add(row.skill)
    found = []
    for number in range(spec.engineers):
        code = engineer_id(number)
        names = sorted({wanted[skill] for skill in skilled[code] if skill in wanted})
        for certificate in names:
            rng = stream(seed, Cause.CERTIFICATE, number, list(CERTIFICATE_CHANCE).index(certificate))
            if rng.random() >= CERTIFICATE_CHANCE[certificate]:
                continue
            left_days = pick(
                rng,
                [int(rng.integers(60, 900)), int(rng.integers(3, 40)), -int(rng.integers(4, 60))],
                [90, 6, 4],
            )
            until = today + timedelta(days=left_days)
            found.append(CertificateHeld(code, certificate, until - timedelta(days=3 * 365), until))
    return tuple(found)


def tools(spec: Spec, seed: int, held: tuple[SkillHeld, ...], equipment: Equipment) -> tuple[ToolHeld, ...]:
    """Tools in the vans of those whose skills use them, and a spare of each kind for every depot's engineers.

    The spare goes to the depot's first engineer who uses the kind and carries none he may use; nobody: to its first.
    """
    today = local_day(spec)
    by_skill = {family.skill: family.tool for family in equipment.families if family.tool}
    names = sorted({family.tool for family in equipment.families if family.tool})
    of_skill: dict[str, set[str]] = defaultdict(set)
    for family in equipment.families:
        if family.tool:
            of_skill[family.skill].add(family.tool)
    found = []
    users: dict[str, set[int]] = defaultdict(set)
    equipped: set[tuple[int, str]] = set()
    for number in range(spec.engineers):
        code = engineer_id(number)
        own = sorted(
            {
                tool
                for row in held
                if row.engineer == code and row.skill in by_skill
                for tool in of_skill[row.skill]
            }
        )
        for tool in own:
            users[tool].add(number)
            rng = stream(seed, Cause.TOOL, number, names.index(tool))
            if rng.random() < 0.8:
                left_days = pick(rng, [int(rng.integers(30, 360)), -int(rng.integers(1, 30))], [94, 6])
                until = today + timedelta(days=left_days) if tool in CALIBRATED else None
                found.append(ToolHeld(f"{tool}-{number + 101}", tool, code, until))
                if until is None or until > today:
                    equipped.add((number, tool))
    belongs = area_of_engineer(spec)
    for place, area in enumerate(areas(spec)):
        numbers = [number for number, own_area in enumerate(belongs) if own_area is area]
        for tool in names if numbers else ():
            rng = stream(seed, Cause.TOOL, 100_000 + place, names.index(tool))
            until = today + timedelta(days=int(rng.integers(40, 360))) if tool in CALIBRATED else None
            lacking = [n for n in numbers if n in users[tool] and (n, tool) not in equipped]
            holder = engineer_id((lacking or numbers)[0])
            found.append(ToolHeld(f"{tool}-{area.code}", tool, holder, until))
    return tuple(found)


def local_day(spec: Spec) -> date:
    """The region's date at `as_of`."""
    return spec.as_of.astimezone(zone(spec.zone)).date()


def days(spec: Spec) -> list[date]:
    """Every local date that begins before the horizon ends."""
    end = (spec.as_of + timedelta(days=spec.horizon_days)).astimezone(zone(spec.zone)).date()
    first = local_day(spec)
    return [first + timedelta(days=n) for n in range((end - first).days + 1)]


def local(tz: ZoneInfo, on: date, wall: str) -> datetime:
    """The moment the region's clocks show `wall` on a date, in UTC."""
    return utc(datetime.combine(on, time.fromisoformat(wall), tz))


def on_weekend_duty(rank: int, on: date) -> bool:
    """Whether the engineer of this rank in his area works on a weekend day: every second, every third."""
    return rank % 2 == 0 if on.weekday() == 5 else rank % 3 == 1


def shifts(spec: Spec) -> tuple[Shift, ...]:
    """Weekdays 08:00-17:30, in big areas one late shift; weekend duty for a part of each area."""
    tz = zone(spec.zone)
    found = []
    for on in days(spec):
        rank_in_area: dict[str, int] = defaultdict(int)
        for number, area in enumerate(area_of_engineer(spec)):
            rank = rank_in_area[area.code]
            rank_in_area[area.code] += 1
            if on.weekday() >= 5 and not on_weekend_duty(rank, on):
                continue
            begins, ends, rest = "08:00", "17:30", ("11:30", "13:30")
            if on.weekday() >= 5:
                begins, ends = "08:30", "17:30"
            elif rank == 4:
                begins, ends, rest = "12:30", "21:30", ("16:30", "18:30")
            found.append(
                Shift(
                    id=f"{engineer_id(number)}-{on:%m%d}",
                    engineer=engineer_id(number),
                    worked=Interval(local(tz, on, begins), local(tz, on, ends)),
                    overtime_min=60 if begins == "12:30" else OVERTIME_MIN,
                    break_between=Interval(local(tz, on, rest[0]), local(tz, on, rest[1])),
                    break_min=45,
                )
            )
    return tuple(found)


def on_call(spec: Spec) -> tuple[OnCall, ...]:
    """One engineer of each area: weekday evenings, and weekend days he has no duty on."""
    tz = zone(spec.zone)
    by_area: dict[str, list[int]] = defaultdict(list)
    for number, area in enumerate(area_of_engineer(spec)):
        by_area[area.code].append(number)
    found = []
    for day, on in enumerate(days(spec)):
        for code, numbers in by_area.items():
            ranks = range(len(numbers))
            if on.weekday() >= 5:
                free = [rank for rank in ranks if not on_weekend_duty(rank, on)]
                begins, ends, price = "08:00", "22:00", WEEKEND_CALL_OUT
            else:
                free = [rank for rank in ranks if rank != 4]
                begins, ends, price = "20:00", "23:59", EVENING_CALL_OUT
            if not free:
                continue
            number = numbers[free[day % len(free)]]
            duty = Interval(local(tz, on, begins), local(tz, on, ends))
            found.append(OnCall(f"DUTY-{code}-{on:%m%d}", engineer_id(number), duty, price))
    return tuple(found)


def absences(spec: Spec, seed: int) -> tuple[Absence, ...]:
    """Who is away: about one in nine, a day or more of leave, illness, or an afternoon's course."""
    tz = zone(spec.zone)
    dates = days(spec)
    found = []
    for number in range(spec.engineers):
        rng = stream(seed, Cause.ABSENCE, number)
        if rng.random() >= 0.11:
            continue
        reason = pick(rng, ["leave", "illness", "course"], [3, 2, 2])
        first = dates[int(rng.integers(len(dates)))]
        if reason == "course":
            away = Interval(local(tz, first, "13:30"), local(tz, first, "18:00"))
        else:
            away = Interval(
                local(tz, first, "00:00"), local(tz, first + timedelta(days=int(rng.integers(1, 3))), "00:00")
            )
        found.append(Absence(f"ABS-{number + 101}", engineer_id(number), away, reason))
    return tuple(found)
