"""Reading a patch: one TOML file, one headline, some changes. docs/scenarios.md lists every key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from dispatch.crew import Partner
from dispatch.desk.milestone import Milestone
from kernel.errors import Location, Refusal
from kernel.ids import checked_id
from kernel.place import LatLon
from scenarios.patch.change import Change, Patch, Who
from scenarios.patch.people import (
    DAYS,
    AddEngineer,
    AddPartner,
    Hours,
    Learnt,
    NewHours,
    OnCallDuty,
    RemoveEngineers,
    RemovePartner,
    Wage,
)
from scenarios.patch.promises import MoreDemand, OtherChance, OtherScheme, strengths
from scenarios.patch.section import Section, parsed
from scenarios.patch.stores import CloseDepot, Keep, MoreLoaners, NoLoaners, OpenDepot, SupplierTime, VanKit
from scenarios.run.chance import Cause

_DAY = "|".join(DAYS)
_HOURS = re.compile(rf"({_DAY})(?:-({_DAY}))? ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_SKILL = re.compile(r"([^:\s]+):([1-5])")
_SPAN = re.compile(r"(\d{1,5}) (min|h|d)")
_MINUTES = {"min": 1, "h": 60, "d": 1440}
MOST_ADDED = 200


def patch_of(text: str, /, *, id: str, file: str) -> Patch:  # noqa: A002 the word of the trade
    """Read a patch.

    Args:
        text: of the file.
        id: the file's name without its ending.
        file: shown in refusals.

    Raises:
        Refusal: ``scenario.*`` and ``id.malformed``, with line and key.
    """
    return _patch(parsed(text, file), id, file)


def patch_of_table(table: Mapping[str, Any], /, *, id: str, file: str) -> Patch:  # noqa: A002 the word of the trade
    """Read a patch that came as a table of values, such as JSON: the same keys, places without lines.

    Raises:
        Refusal: as `patch_of`.
    """
    return _patch(Section(table, file, (), {}), id, file)


def _patch(top: Section, id: str, file: str) -> Patch:  # noqa: A002 as above
    name = (top.text("name"), top.text("name_zh", top.text("name")))
    about = (top.text("about", ""), top.text("about_zh", top.text("about", "")))
    changes = changes_of(top)
    top.done()
    if not changes:
        raise Refusal("scenario.changes_nothing", at=Location(file))
    return Patch(id, name, about, changes)


def changes_of(top: Section, /) -> tuple[Change, ...]:
    """Read the changes of a file, list by list; those of one list in the order of the file."""
    found: list[Change] = []
    for key, read in _LISTS.items():
        for section in top.tables(key):
            try:
                found += read(section)
            except Refusal as refusal:
                raise (refusal if refusal.at else refusal.located(section.at)) from None
            section.done()
    return tuple(found)


def _engineers(one: Section) -> list[Change]:
    do = one.choice("do", str, ("add", "remove"))
    if do == "remove":
        return [RemoveEngineers(one.at, _who(one))]
    like = one.text("like")
    first = one.text("id", f"{like}+")
    count = one.whole("count", 1, least=1, most=MOST_ADDED)
    wage = Decimal(str(one.number("wage_hour"))) if one.has("wage_hour") else None
    depot = one.text("depot", "")
    skills = _skills(one) if one.has("skills") else None
    hours = _hours(one) if one.has("hours") else None
    ids = [first] if count == 1 and one.has("id") else [f"{first}{number}" for number in range(1, count + 1)]
    return [
        AddEngineer(
            one.at,
            checked_id(name),
            like,
            depot,
            skills,
            hours,
            None if wage is None else int(wage * 100),
        )
        for name in ids
    ]


def _shifts(one: Section) -> list[Change]:
    overtime = one.whole("overtime_min", most=720) if one.has("overtime_min") else None
    return [NewHours(one.at, _who(one), _hours(one), overtime)]


def _on_call(one: Section) -> list[Change]:
    return [OnCallDuty(one.at, _who(one), _hours(one), _cents(one, "call_out"))]


def _learnt(one: Section) -> list[Change]:
    who = _who(one)
    return [Learnt(one.at, who, one.text("skill"), one.whole("level", least=1, most=5))]


def _wages(one: Section) -> list[Change]:
    return [Wage(one.at, _who(one), _cents(one, "hour"))]


def _partners(one: Section) -> list[Change]:
    do = one.choice("do", str, ("add", "remove"))
    name = checked_id(one.text("id"))
    if do == "remove":
        return [RemovePartner(one.at, name)]
    partner = Partner(
        name,
        one.text("name", name),
        Decimal(_cents(one, "price")) / 100,
        territories=one.texts("territories", ()),
        skills=_skills(one),
        lead_min=one.whole("lead_min", 0, most=100_000),
    )
    return [AddPartner(one.at, partner)]


def _depots(one: Section) -> list[Change]:
    do = one.choice("do", str, ("open", "close"))
    name = checked_id(one.text("id"))
    if do == "close":
        return [CloseDepot(one.at, name, one.text("to"))]
    spot = LatLon(one.number("lat", least=-90, most=90), one.number("lon", least=-180, most=180))
    return [
        OpenDepot(one.at, name, one.text("name", name), spot, one.text("like"), one.texts("engineers", ()))
    ]


def _stock(one: Section) -> list[Change]:
    level = one.whole("level", least=1, most=100_000) if one.has("level") else None
    reorder = one.whole("reorder", most=100_000) if one.has("reorder") else None
    factor = one.number("factor", 1.0, least=0.01, most=100)
    if level is None and reorder is None and not one.has("factor"):
        raise Refusal("scenario.missing_key", at=one.at, key="level, reorder, factor")
    return [Keep(one.at, one.text("depot", ""), one.text("part", ""), level, reorder, factor)]


def _vans(one: Section) -> list[Change]:
    return [VanKit(one.at, _who(one), one.text("part"), one.whole("units", most=1000))]


def _loaners(one: Section) -> list[Change]:
    do = one.choice("do", str, ("add", "remove"))
    if do == "remove":
        return [NoLoaners(one.at, one.text("class", ""))]
    return [
        MoreLoaners(
            one.at, one.text("class"), one.text("place"), one.whole("count", 1, least=1, most=MOST_ADDED)
        )
    ]


def _suppliers(one: Section) -> list[Change]:
    return [
        SupplierTime(
            one.at,
            one.text("id", ""),
            one.number("factor", 1.0, least=0, most=100),
            one.number("more_days", 0.0, least=-365, most=365),
        )
    ]


def _schemes(one: Section) -> list[Change]:
    within = []
    for milestone in Milestone:
        if one.has(milestone.value):
            said = one.text(milestone.value)
            span = _SPAN.fullmatch(said)
            if not span or not int(span[1]):
                raise one.refused(milestone.value, "scenario.not_a_span", value=said[:40])
            within.append((milestone, int(span[1]) * _MINUTES[span[2]]))
    change = OtherScheme(
        one.at, one.text("of"), one.text("to", ""), tuple(within), one.texts("customers", ())
    )
    if not (change.to or change.within):
        raise Refusal("scenario.missing_key", at=one.at, key="to, arrive, repair")
    return [change]


def _demand(one: Section) -> list[Change]:
    return [
        MoreDemand(
            one.at,
            one.number("factor", least=0.001, most=1000),
            one.text("model", ""),
            one.text("customer", ""),
        )
    ]


def _chance(one: Section) -> list[Change]:
    causes = tuple(cause.value for cause in Cause)
    switched = []
    for key in ("off", "on"):
        words = one.texts(key, ())
        for word in words:
            if word not in causes:
                raise one.refused(
                    key, "scenario.unknown_choice", key=key, value=word[:60], choices=", ".join(causes)
                )
        switched.append(frozenset(Cause(word) for word in words))
    strength = tuple((name, one.number(name, most=10_000)) for name in strengths() if one.has(name))
    return [OtherChance(one.at, switched[0], switched[1], strength)]


_LISTS: Mapping[str, Callable[[Section], list[Change]]] = {
    "depots": _depots,
    "engineers": _engineers,
    "shifts": _shifts,
    "on_call": _on_call,
    "skills": _learnt,
    "wages": _wages,
    "partners": _partners,
    "stock": _stock,
    "vans": _vans,
    "loaners": _loaners,
    "suppliers": _suppliers,
    "schemes": _schemes,
    "demand": _demand,
    "chance": _chance,
}
"""The lists a file may have, in the order they are applied: places, then people, then what they have and do."""


def _who(one: Section) -> Who:
    return Who(
        one.at,
        one.texts("engineers", ()),
        one.text("depot", ""),
        one.whole("count", 0, most=1000),
    )


def _cents(one: Section, key: str) -> int:
    return round(Decimal(str(one.number(key, most=1e7))) * 100)


def _skills(one: Section) -> tuple[tuple[str, int], ...]:
    found = []
    for said in one.texts("skills", ()):
        match = _SKILL.fullmatch(said)
        if not match:
            raise one.refused("skills", "scenario.not_a_skill", value=said[:60])
        found.append((match[1], int(match[2])))
    return tuple(found)


def _hours(one: Section) -> tuple[Hours, ...]:
    """Weekly hours such as ``mon-fri 06:00-14:00``; an end before the start lies on the next day."""
    found = []
    for said in one.texts("hours", ()):
        match = _HOURS.fullmatch(said)
        if not match:
            raise one.refused("hours", "scenario.not_hours", value=said[:60])
        first = DAYS.index(match[1])
        last = DAYS.index(match[2]) if match[2] else first
        from_min, until_min = int(match[3]) * 60 + int(match[4]), int(match[5]) * 60 + int(match[6])
        weekdays = tuple(day % 7 for day in range(first, last + 1 if last >= first else last + 8))
        found.append(Hours(weekdays, from_min, until_min if until_min > from_min else until_min + 1440))
    return tuple(found)
