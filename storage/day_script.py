"""A day as a script: what happened when, in a TOML file, checked field by field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from dispatch.desk.milestone import Severity
from dispatch.parts import OfferKind
from kernel.errors import Location, Refusal
from kernel.ids import checked_id
from storage.dataset.cell import (
    AMOUNT,
    ID,
    LATITUDE,
    LONGITUDE,
    MOMENT,
    SKILL_LEVEL,
    TEXT,
    TRUTH,
    Kind,
    choice,
    several,
    whole,
)

MOST_BYTES = 1024 * 1024


class Said(StrEnum):
    """What can be said in a script."""

    URGENT = "urgent"
    """A new ticket with its visit."""
    OVERRUN = "overrun"
    """The engineer at work names a later finish."""
    FINISHED = "finished"
    """The engineer at work is done now."""
    WAITING = "waiting"
    """The engineer at work has to stop: part, customer or access."""
    ILL = "ill"
    PART_MISSING = "part_missing"
    """Units are not where the ledger has them."""
    PART_SHORT = "part_short"
    """The store cannot stage a part for a visit."""
    PART_ARRIVED = "part_arrived"
    """Units came from a supplier."""
    OFFER = "offer"
    """Somebody can bring a part."""
    ANOTHER_TIME = "another_time"
    """The customer asks for another time."""
    LOANER_BACK = "loaner_back"
    POSITION = "position"
    CANCELLED = "cancelled"
    """The customer needs it no more."""
    WORKSHOP = "workshop"
    """A visit collects the unit for the workshop instead of repairing it on site."""


def _role(text: str) -> tuple[str, int, int]:
    name, _, times = text.partition(":")
    minutes, _, within = times.partition(":")
    return checked_id(name), whole(1, 100_000).read(minutes), whole(0, 100_000).read(within or "0")


CREW_ROLE = Kind("role:minutes or role:minutes:within", _role)
"""One more engineer: what he does, for how long, and how many minutes after the first he may start."""


REQUIRED: Mapping[Said, Mapping[str, Kind]] = {
    Said.URGENT: {
        "ticket": ID,
        "visit": ID,
        "site": ID,
        "scheme": ID,
        "severity": choice(Severity),
        "minutes": whole(1, 100_000),
    },
    Said.OVERRUN: {"visit": ID, "finish": MOMENT},
    Said.FINISHED: {"visit": ID},
    Said.WAITING: {"visit": ID, "waits_for": choice(("part", "customer", "access")), "reason": TEXT},
    Said.ILL: {"engineer": ID, "until": MOMENT},
    Said.PART_MISSING: {"part": ID, "place": ID, "quantity": whole(1, 1_000_000)},
    Said.PART_SHORT: {"visit": ID, "part": ID, "quantity": whole(1, 10_000)},
    Said.PART_ARRIVED: {"part": ID, "place": ID, "quantity": whole(1, 1_000_000)},
    Said.OFFER: {
        "offer": ID,
        "visit": ID,
        "part": ID,
        "way": choice(OfferKind),
        "source": ID,
        "arrives": MOMENT,
        "price": AMOUNT,
        "quantity": whole(1, 1_000_000),
    },
    Said.ANOTHER_TIME: {"visit": ID, "from": MOMENT, "until": MOMENT},
    Said.LOANER_BACK: {"unit": ID},
    Said.POSITION: {"engineer": ID, "lat": LATITUDE, "lon": LONGITUDE},
    Said.CANCELLED: {"ticket": ID, "reason": TEXT},
    Said.WORKSHOP: {"visit": ID},
}
OPTIONAL: Mapping[Said, Mapping[str, Kind]] = {
    Said.URGENT: {
        "asset": ID,
        "contract": ID,
        "version": ID,
        "symptom": TEXT,
        "skills": several(SKILL_LEVEL),
        "certificates": several(ID),
        "tools": several(ID),
        "parts": several(ID),
        "from": MOMENT,
        "until": MOMENT,
        "earliest": MOMENT,
        "role": ID,
        "crew": several(CREW_ROLE),
        "crew_skills": several(SKILL_LEVEL),
        "after": several(ID),
        "continuous": TRUTH,
        "bench_min": whole(1, 100_000),
        "return_min": whole(1, 100_000),
    },
    Said.PART_ARRIVED: {"order": ID},
    Said.PART_SHORT: {"by": ID},
    Said.POSITION: {"free_at": MOMENT},
}
HEAD: Mapping[str, Kind] = {
    "seed": whole(0, 10**9),
    "first_work": whole(0, 10**9),
    "work": whole(0, 10**9),
    "tell_hours": whole(0, 240),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a script: what was said, when, its fields by name."""

    number: int
    at: datetime
    said: Said
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """A day: how much to search for the first plan and after every event, and what happens.

    Args:
        tell_hours: customers whose visit starts within so many hours are told their time after every event.
    """

    seed: int
    first_work: int
    work: int
    tell_hours: int
    lines: tuple[Line, ...]


def read_script(path: Path, /) -> Script:
    """Read and check a script.

    Raises:
        Refusal: ``script.*``: no such file, not TOML, an unknown or missing field, events out of order; a value no
            cell of a dataset would take is refused with that cell's code, naming the event.
    """
    name = path.name
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise Refusal("script.too_large", file=name, megabytes=MOST_BYTES // 1024**2)
        document = tomllib.loads(raw.decode("utf-8-sig"), parse_float=str)
    except OSError:
        raise Refusal("script.no_such_file", file=str(path)[:200]) from None
    except (ValueError, RecursionError):
        raise Refusal("script.not_toml", at=Location(name)) from None
    events = document.pop("event", [])
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise Refusal("script.not_toml", at=Location(name))
    head = _fields(name, 0, document, HEAD, {})
    lines = tuple(_lines(name, events))
    return Script(head["seed"], head["first_work"], head["work"], head["tell_hours"], lines)


def _lines(file: str, events: list[dict[str, Any]]) -> Iterator[Line]:
    before: datetime | None = None
    for number, event in enumerate(events, start=1):
        given = dict(event)
        said = choice(Said)
        common = _fields(
            file,
            number,
            {k: given.pop(k) for k in ("at", "kind") if k in given},
            {"at": MOMENT, "kind": said},
            {},
        )
        at, kind = common["at"], Said(common["kind"])
        if before is not None and at < before:
            raise Refusal("script.out_of_order", at=Location(file), event=number, after=before.isoformat())
        before = at
        yield Line(number, at, kind, _fields(file, number, given, REQUIRED[kind], OPTIONAL.get(kind, {})))


def _fields(
    file: str,
    number: int,
    given: Mapping[str, Any],
    required: Mapping[str, Kind],
    optional: Mapping[str, Kind],
) -> dict[str, Any]:
    at = Location(file)
    for name in required:
        if name not in given:
            raise Refusal("script.missing_field", at=at, event=number, field=name)
    known = {**required, **optional}
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise Refusal(
                "script.unknown_field", at=at, event=number, field=name[:40], known=", ".join(known)
            )
        if isinstance(value, bool | list | dict) or not str(value):
            raise Refusal("script.wrong_type", at=at, event=number, field=name)
        try:
            found[name] = known[name].read(str(value))
        except Refusal as refusal:
            raise refusal.located(Location(file, column=f"{number}: {name}")) from None
    return found


def document() -> str:
    """docs/day-script.md as the reader has it."""
    head = "\n".join(f"| `{name}` | {kind.name} | {_MEANS[name]} |" for name, kind in HEAD.items())
    rows = [
        f"| `{said}` | {_WHAT[said]} | {_listed(REQUIRED[said])} | {_listed(OPTIONAL.get(said, {}))} |"
        for said in Said
    ]
    return f"""# A day's script

`fieldwright day DATASET SCRIPT` goes through a day event after event. Whatever the script does not say goes as planned:
people drive, arrive, take parts, finish. After every event the board is planned again, the new plan is taken, customers who
know another time are called, and those whose visit starts within `tell_hours` are told theirs. The same dataset and script
give the same lines. An event that cannot have happened is not accepted, says why, and changes nothing.

A script is a TOML file: the fields below, then a list of `[[event]]`, each with `at` (a moment with its offset, in order of
time) and `kind`. Lists are text with `;` between items, as in a dataset. An urgent visit may bring a `crew`: `helper:60`
for an hour's help from the beginning, `helper:60:30` within half an hour of it, each with `crew_skills`; it waits for the
visits `after`. `scenarios/library/fujian_day.toml` is an example.
This page is written from the reader by `make fix` and compared with it by a test.

| field | value | meaning |
|---|---|---|
{head}

| kind | what happens | fields | may have |
|---|---|---|---|
{chr(10).join(rows)}
"""


def _listed(known: Mapping[str, Kind]) -> str:
    return ", ".join(f"`{name}`" for name in known)


_MEANS = {
    "seed": "Seed of the search.",
    "first_work": "How much to search for the first plan.",
    "work": "How much to search after every event.",
    "tell_hours": "Customers are told their time so many hours before it.",
}
_WHAT = {
    Said.URGENT: "A new ticket with its visit.",
    Said.OVERRUN: "The engineer at work on the visit names another finish.",
    Said.FINISHED: "The engineer at work on the visit is done.",
    Said.WAITING: "The engineer at work on the visit has to stop (`part`, `customer`, `access`).",
    Said.ILL: "An engineer is away from now on.",
    Said.PART_MISSING: "Units are not where the ledger has them.",
    Said.PART_SHORT: "The store cannot stage a part for a visit: its start is free again, and it is planned anew.",
    Said.PART_ARRIVED: "Units came from a supplier, for an `order` where one is named.",
    Said.OFFER: "Somebody offers to bring a part to a visit.",
    Said.ANOTHER_TIME: "The customer asks for another time; a start locked outside it is free again.",
    Said.LOANER_BACK: "A loaner unit is back.",
    Said.POSITION: "An engineer says where he is.",
    Said.CANCELLED: "The customer needs it no more.",
    Said.WORKSHOP: "The unit is collected for the workshop instead of being repaired on site (`bench_times.csv`).",
}
