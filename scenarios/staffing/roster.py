"""A roster as counts of engineers by depot and shift, and the world it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.errors import Location
from kernel.ids import natural_key
from scenarios.patch.change import Change, Patch, Who, patched
from scenarios.patch.people import AddEngineer, Hours, OnCallDuty, RemoveEngineers
from scenarios.run.world import World

_AT = Location("staff")


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly shift somebody may be hired for; with a call-out price it is duty on call of those there are.

    Args:
        id: its name.
        hours: of a week.
        call_out_cents: price of using one stretch of it; 0: a paid shift of somebody hired for it.
        wage_cents: of an hour on a paid shift, to weigh a call-out against.
    """

    id: str
    hours: tuple[Hours, ...]
    call_out_cents: int = 0
    wage_cents: int = 0

    @property
    def minutes(self) -> int:
        """Minutes a week that are paid; on call: what a call-out on every day would buy of them."""
        if self.call_out_cents:
            return 7 * 60 * self.call_out_cents // max(self.wage_cents, 1)
        return sum(len(one.weekdays) * (one.until_min - one.from_min) for one in self.hours)

    def on(self, hour: int) -> bool:
        """Say whether it covers the middle of an hour of the week, 0 Monday 00:00 to 167."""
        minute = hour * 60 + 30
        return any(
            weekday * 1440 + one.from_min <= at < weekday * 1440 + one.until_min
            for one in self.hours
            for weekday in one.weekdays
            for at in (minute, minute + 7 * 1440)
        )


WEEK = range(5)
USUAL = (
    Shift("day", (Hours(tuple(WEEK), 480, 1050),)),
    Shift("late", (Hours(tuple(WEEK), 840, 1380),)),
    Shift("weekend", (Hours((5, 6), 480, 1320),)),
    Shift("night", (Hours((0, 1, 2, 3), 1320, 1920),)),
    Shift("weekend-night", (Hours((4, 5, 6), 1320, 1920),)),
)
"""Shifts to choose from where a base names none: 47, 45, 28, 40 and 30 hours a week."""
CALL = (Hours(tuple(WEEK), 1050, 1920), Hours((5, 6), 480, 1920))
"""When duty on call may be used: outside the day shift."""
ONE_IN = 4
"""One engineer of so many is on call at a time, each in turn, day by day."""
ALWAYS = (Shift("always", (Hours(tuple(range(7)), 0, 1440),)),)
"""The one shift of a world whose people are always there."""

Counts = tuple[tuple[str, str, int], ...]
"""(depot, shift, engineers), those with at least one, in natural order."""


def counts_of(table: Mapping[tuple[str, str], int], /) -> Counts:
    """Write a roster in its one order."""
    found = [(depot, shift, number) for (depot, shift), number in table.items() if number]
    return tuple(sorted(found, key=lambda row: (natural_key(row[0]), row[1])))


def hired(counts: Counts, shifts: Sequence[Shift], /) -> int:
    """People of a roster; duty on call is done by them."""
    on_call = {shift.id for shift in shifts if shift.call_out_cents}
    return sum(number for _, shift, number in counts if shift not in on_call)


def staffed(world: World, shifts: tuple[Shift, ...], counts: Counts, /) -> World:
    """Give the world where these work and nobody else; each is like one of the depot's engineers, in turn.

    So a depot keeps its mix of skills: its first new engineer is like its first one, and so on from the beginning again. Duty on
    call goes round among those hired, a weekday each.
    """
    hours = {shift.id: shift.hours for shift in shifts}
    changes: list[Change] = []
    turn: dict[str, int] = {}
    on_call = {shift.id: shift for shift in shifts if shift.call_out_cents}
    for depot, shift, number in counts:
        crew = crew_of(world, depot)
        for _ in range(0 if shift in on_call else number):
            at = turn.get(depot, 0)
            turn[depot] = at + 1
            name = f"{depot or 'staff'}-{shift}-{at + 1}"
            changes.append(AddEngineer(_AT, name, crew[at % len(crew)], hours=hours[shift]))
    for depot, shift, number in counts:
        if shift in on_call:
            people = [one.id for one in changes if isinstance(one, AddEngineer) and _belongs(one, depot)]
            changes += _in_turn(people, on_call[shift], number)
    old = tuple(one.id for one in world.region.field.engineers)
    changes.append(RemoveEngineers(_AT, Who(_AT, old)))
    return patched(world, [Patch("staff", ("", ""), ("", ""), tuple(changes))])


def _belongs(one: AddEngineer, depot: str) -> bool:
    return one.id.startswith(f"{depot or 'staff'}-")


def _in_turn(people: Sequence[str], shift: Shift, number: int) -> list[Change]:
    """The duty of each engineer: of every weekday `number` of them, going round."""
    theirs: dict[str, list[Hours]] = {}
    turn = 0
    for hours in shift.hours:
        for weekday in hours.weekdays:
            for _ in range(min(number, len(people))):
                one = people[turn % len(people)]
                turn += 1
                theirs.setdefault(one, []).append(Hours((weekday,), hours.from_min, hours.until_min))
    return [
        OnCallDuty(_AT, Who(_AT, (one,)), tuple(found), shift.call_out_cents) for one, found in theirs.items()
    ]


def usual(*, wage_cents: int, call_out_cents: int) -> tuple[Shift, ...]:
    """The usual shifts, and duty on call where the region knows what one costs."""
    if not call_out_cents:
        return USUAL
    return (*USUAL, Shift("call", CALL, call_out_cents, wage_cents))


def crew_of(world: World, depot: str, /) -> tuple[str, ...]:
    """The engineers of a depot in natural order."""
    found = [one.id for one in world.region.field.engineers if one.depot == depot]
    return tuple(sorted(found, key=natural_key))


def skills_of(world: World, /) -> Mapping[tuple[str, str], Mapping[str, int]]:
    """Count, by depot and shift of a `staffed` world, how many hold each skill."""
    depot_of = {one.id: one.depot for one in world.region.field.engineers}
    found: dict[tuple[str, str], dict[str, int]] = {}
    for held in world.region.field.skills:
        depot = depot_of[held.engineer]
        shift = held.engineer.removeprefix(f"{depot or 'staff'}-").rsplit("-", 1)[0]
        counts = found.setdefault((depot, shift), {})
        counts[held.skill] = counts.get(held.skill, 0) + 1
    return found
