"""What is somebody else's is answered word for word as what is not there: for every route, by its real ids.

The ids of the other customer, depot and engineer stand in paths, queries and bodies; those of another region too. A list
shows none of them, as a page, as a file, behind somebody else's cursor or a version seen before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.auth.action import BY_CUSTOMER, BY_DEPOT, BY_ENGINEER, COMPANY, RIGHTS, Action
from storage.audit import revision
from storage.database import Database
from storage.scope import Scope
from storage.tables.desk import TicketRow
from storage.tables.people import Role
from tests.api.auth.conftest import Who
from tests.api.auth.test_every_route import SAFE, Way, closed_ways

NUMBERS = count(1)

THEIRS = {
    "ticket": "G2", "site": "S2", "customer": "C2", "asset": "A2", "contract": "K2", "visit": "V2",
    "engineer": "E2", "place": "D2", "holder": "E2", "person": "E2", "depot": "D2", "from_place": "D2", "to_place": "W2",
    "shelf": "D2", "returns": "W2", "customer_place": "D2", "away": "E2", "demand": "G2", "shift": "H2",
    "site_id": "S2", "customer_id": "C2", "engineer_id": "E2",
}  # fmt: skip
"""Something of somebody else's by the name a parameter or field has; its first letters say whose."""

SHARED = {
    "part": "P1", "supplier": "U1", "unit": "N1", "loan": "Z1", "order": "R1", "lot": "B-1", "scheme": "field-2-4-24",
    "move": "M1", "complaint": "Q1", "region": "R1", "number": "1",
}  # fmt: skip
"""What belongs to the region and not to a part of it."""

NEW = ("duty", "document", "reservation", "report", "shipment", "approval")
"""Names a command gives to what it makes."""

OF_REGION = SHARED | {"supplier": "YYU1", "unit": "YYN1", "loan": "YYZ1", "order": "YYR1", "move": "YYM1"}


@dataclass(frozen=True)
class Kind:
    """A part of the world, and the names of what lies outside of it.

    Args:
        role: of who asks.
        scope: what he reaches.
        left: actions it leaves him.
        mark: how ids outside begin.
        outside: names of parameters and fields whose ids lie outside; the others are his own.
    """

    role: Role
    scope: Scope
    left: frozenset[Action]
    mark: str
    outside: frozenset[str]

    def words(self, mark: str) -> dict[str, str]:
        """An id for every name: outside where it can be, else one's own."""
        own = {name: word.replace("2", "1") for name, word in THEIRS.items()}
        theirs = own if self.mark == "YY" else THEIRS
        shared = OF_REGION if self.mark == "YY" else SHARED
        return (
            {name: (mark + theirs[name] if name in self.outside else word) for name, word in own.items()}
            | {name: word.replace("YY", mark) for name, word in shared.items()}
            | dict.fromkeys(NEW, f"{mark}-1")
            | {
                # Nobody is first called twice at a moment: the second question is about another ladder.
                "role": "manager" if mark == NOBODY else "dispatcher"
            }
        )


_CREW = frozenset({"engineer", "holder", "person", "away", "shift", "engineer_id"})
_PLACES = frozenset({"place", "depot", "from_place", "to_place", "shelf", "returns", "customer_place"})
_DESK = frozenset(
    {"ticket", "site", "customer", "asset", "contract", "visit", "demand", "site_id", "customer_id"}
)

KINDS = {
    "customer": Kind(Role.MANAGER, Scope(regions=("R1",), customers=("C1",)), BY_CUSTOMER, "ZZ", _DESK),
    "depot": Kind(Role.MANAGER, Scope(regions=("R1",), depots=("D1",)), BY_DEPOT, "ZZ", _CREW | _PLACES),
    "engineer": Kind(
        Role.ENGINEER,
        Scope(regions=("R1",), engineer="E1"),
        BY_ENGINEER,
        "ZZ",
        (_DESK - {"customer", "contract", "customer_id"}) | _CREW | _PLACES,
    ),
    "region": Kind(Role.MANAGER, Scope(regions=("R1",)), RIGHTS[Role.MANAGER], "YY", _DESK | _CREW | _PLACES),
}
NOBODY = "NO"
"""How ids begin that nobody has, as long as the marks."""


def routes_left(door: FastAPI, kind: Kind, *, safe: bool) -> Iterator[Way]:
    """Routes of actions a kind leaves, those that read or the others."""
    for way in closed_ways(door):
        if way.action in kind.left and way.action not in COMPANY and (way.method in SAFE) is safe:
            yield way


def plain(answer: Any, mark: str) -> tuple[int, str]:
    """What an answer says, without what names the one who was asked for, nor the number of a new report."""
    body = re.sub(r'"T-\d{8}-\d+"|H-[0-9a-f]{40}', "-", answer.text.replace(mark, NOBODY))
    return answer.status_code, body


def asked_of(way: Way, document: Mapping[str, Any], words: dict[str, str]) -> list[dict[str, str]]:
    """Queries a reading route takes: none, and each that names somebody, as a page and as a file."""
    names = set(_parameters(way, document))
    queries: list[dict[str, str]] = [
        {},
        *({name: words[name]} for name in sorted(names & words.keys() - {"region"})),
    ]
    return queries + ([{**one, "format": "csv"} for one in queries] if "format" in names else [])


def _described(way: Way, document: Mapping[str, Any]) -> Mapping[str, Any]:
    path = re.sub(r"\{(\w+):path\}", r"{\1}", way.path)
    found: Mapping[str, Any] = document["paths"].get(path, {}).get(way.method.lower(), {})
    return found


def _parameters(way: Way, document: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in _described(way, document).get("parameters", ()) if one["in"] == "query"]


@pytest.fixture(scope="module")
def document(door: FastAPI) -> Mapping[str, Any]:
    """The service's own description: its queries and the examples of its bodies."""
    return door.openapi()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_is_others_is_there(asking: TestClient, who: Who, name: str) -> None:
    """Ids nobody has would pass every test below."""
    kind = KINDS[name]
    words, all_seeing = kind.words(kind.mark), who(Role.MANAGER)
    region = "ZZR2" if kind.mark == "YY" else "R1"

    found = {
        word: asking.get(
            f"/v1/{listed}/{words[word]}", params={"region": region}, headers=all_seeing
        ).status_code
        for word, listed in (
            *((one, f"{one}s") for one in ("ticket", "visit", "site", "asset", "shift", "engineer")),
        )
    }

    assert set(found.values()) == {200}, found


@pytest.mark.parametrize("name", sorted(KINDS))
def test_reading_what_is_others_is_answered_as_what_nobody_has(
    door: FastAPI, asking: TestClient, who: Who, document: Mapping[str, Any], name: str
) -> None:
    """A difference in status, code or text would say that it exists; so would a version that still holds."""
    kind = KINDS[name]
    headers = who(kind.role, kind.scope) | {"If-None-Match": "*"}
    wrong, compared = [], 0
    for way in routes_left(door, kind, safe=True):
        theirs, nobodys = kind.words(kind.mark), kind.words(NOBODY)
        for there, not_there in zip(
            asked_of(way, document, theirs), asked_of(way, document, nobodys), strict=True
        ):
            first = asking.get(way.filled(theirs), params={"region": "R1", **there}, headers=headers)
            if kind.mark in first.text.replace(way.filled(theirs), "") and first.status_code < 400:
                shown = first.text.index(kind.mark)
                wrong.append(f"{way.path} {there} shows {first.text[max(0, shown - 80) : shown + 80]}")
            if (way.filled(theirs), there) == (way.filled(nobodys), not_there):
                continue
            compared += 1
            other = asking.get(way.filled(nobodys), params={"region": "R1", **not_there}, headers=headers)
            if plain(first, kind.mark) != plain(other, kind.mark):
                wrong.append(
                    f"{way.path} {there}: {plain(first, kind.mark)} is not {plain(other, kind.mark)}"
                )

    assert not wrong
    assert compared >= {"customer": 15, "depot": 15, "engineer": 10, "region": 60}[name]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_somebody_else_s_cursor_shows_nothing_more(
    door: FastAPI, asking: TestClient, who: Who, document: Mapping[str, Any], name: str
) -> None:
    """A cursor says where to go on, not whose list it is."""
    kind = KINDS[name]
    mine, all_seeing = who(kind.role, kind.scope), who(Role.MANAGER)
    wrong, followed = [], 0
    for way in routes_left(door, kind, safe=True):
        if not any("limit" in one for one in _parameters(way, document)):
            continue
        where, after = way.filled(kind.words("")), ""
        for _ in range(3):
            query = {"region": "R1", "limit": "1"} | ({"after": after} if after else {})
            shown = asking.get(where, params=query, headers=mine).text
            if kind.mark in shown:
                wrong.append(f"{where} after {after}: {shown[:200]}")
            answer = asking.get(where, params=query, headers=all_seeing)
            after = (answer.json().get("next") or "") if answer.status_code == 200 else ""
            if not after:
                break
            followed += 1

    assert not wrong
    assert followed >= 5


def body_of(way: Way, document: Mapping[str, Any], words: dict[str, str]) -> Any:
    """The example of a route's body with somebody's ids in it; None: it takes none, or a file."""
    told = _described(way, document).get("requestBody")
    schema = told and next(iter(told["content"].values())).get("schema", {})
    if not schema or "$ref" not in schema:
        return None
    return _named(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["examples"][0], words)


def _named(value: Any, words: dict[str, str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _named(one, words, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_named(one, words, name) for one in value]
    return words.get(name, value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", sorted(KINDS))
def test_writing_to_what_is_others_is_answered_as_to_what_nobody_has_and_changes_nothing(
    door: FastAPI, asking: TestClient, who: Who, world: Database, document: Mapping[str, Any], name: str
) -> None:
    """The body is one the route takes: it is judged, and refused for what it names."""
    kind = KINDS[name]
    headers = who(kind.role, kind.scope)
    before = _others(world)
    wrong, judged = [], 0
    for way in routes_left(door, kind, safe=False):
        answers = []
        for mark in (kind.mark, NOBODY):
            words = kind.words(mark)
            body = body_of(way, document, words)
            once = headers | {"Idempotency-Key": f"by-id-{next(NUMBERS)}", "If-Match": '"1"'}
            if "/events" not in way.path and "/work" not in way.path:
                once.pop("If-Match")
            sent: dict[str, Any] = {
                "content": json.dumps(body),
                "headers": once | {"Content-Type": "application/json"},
            }
            if body is None:
                sent = {"headers": once}
            answers.append(asking.request(way.method, way.filled(words), params={"region": "R1"}, **sent))
        first, other = answers
        if "request.wrong_value" in first.text:
            wrong.append(f"{way.method} {way.path} never judged it: {first.text[:300]}")
        if first.status_code >= 500:
            wrong.append(f"{way.method} {way.path}: {first.status_code}")
        if kind.mark in json.dumps(body_of(way, document, kind.words(kind.mark))) + way.filled(
            kind.words(kind.mark)
        ):
            judged += 1
            if plain(first, kind.mark) != plain(other, kind.mark):
                wrong.append(
                    f"{way.method} {way.path}: {plain(first, kind.mark)} is not {plain(other, kind.mark)}"[
                        :700
                    ]
                )

    assert not wrong
    assert _others(world) == before
    assert judged >= {"customer": 6, "depot": 10, "engineer": 2, "region": 40}[name]


def _others(world: Database) -> Any:
    """What is there of others: the other region, and what began with ZZ in the first."""
    with world.reading() as connection:
        tickets = select(TicketRow).where(TicketRow.c.region_id == "R1", TicketRow.c.ticket_id.like("ZZ%"))
        return revision(connection, "ZZR2"), [tuple(row) for row in connection.execute(tickets)]
