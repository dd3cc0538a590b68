"""Every route asks for exactly one right, of every role, and shows nothing beyond the caller's scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.auth.action import (
    BY_CUSTOMER,
    BY_DEPOT,
    BY_ENGINEER,
    COMPANY,
    ONLY_EVERYWHERE,
    RIGHTS,
    Action,
)
from api.auth.door import DOORS, OPEN, CompanyWriteDoor, WriteDoor
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.auth.conftest import Who

NARROW = {
    "customer": (Scope(regions=("R1",), customers=("C1",)), BY_CUSTOMER),
    "depot": (Scope(regions=("R1",), depots=("D1",)), BY_DEPOT),
}
"""Scopes of a part of R1, and what they leave of a manager's rights."""

ENGINEER = Scope(regions=("R1",), engineer="E1")
"""E1's own work: the visit to G1, the van W1."""

OWN = {
    "ticket": "G1",
    "region": "R1",
    "engineer": "E1",
    "place": "D1",
    "part": "P1",
    "visit": "V1",
    "site": "S1",
    "asset": "A1",
    "customer": "C1",
    "contract": "K1",
    "digest": "0" * 64,
}
"""Something of one's own for a parameter of a path; what stands not here is filled with an id nobody has."""

OTHER = {
    "ticket": "ZZG2",
    "region": "ZZR2",
    "engineer": "ZZE2",
    "place": "ZZD2",
    "visit": "ZZV2",
    "site": "ZZS2",
    "asset": "ZZA2",
    "customer": "ZZC2",
}
"""Something of somebody else's for the same."""

SAFE = {"GET", "HEAD"}


@dataclass(frozen=True)
class Way:
    """One method of one path, with the doors it goes through."""

    method: str
    path: str
    doors: tuple[Any, ...]
    has_body: bool

    @property
    def action(self) -> Action:
        """The right it names."""
        found: Action = self.doors[0].action
        return found

    def filled(self, words: dict[str, str]) -> str:
        """The path with something in its parameters."""
        return re.sub(r"\{(\w+)(?::path)?\}", lambda found: words.get(found[1], "none-1"), self.path)

    def names(self) -> set[str]:
        """Its parameters."""
        return set(re.findall(r"\{(\w+)", self.path))


def ways(app: FastAPI) -> Iterator[Way]:
    """Every way into the application; a kind of route this does not know has no right and fails the first test."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        doors = tuple(_doors(dependant)) if dependant is not None else ()
        path = str(getattr(route, "path", None) or route)
        for method in sorted((getattr(route, "methods", None) or {"GET"}) - {"HEAD"}):
            yield Way(method, path, doors, getattr(route, "body_field", None) is not None)


def _doors(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        if isinstance(one.call, DOORS):
            yield one.call
        yield from _doors(one)


def closed_ways(app: FastAPI) -> list[Way]:
    """Those that ask who it is."""
    found = [way for way in ways(app) if way.doors]
    assert len(found) > 20, "the walk found hardly any route: every test of it would pass"
    return found


def ask(
    client: TestClient, way: Way, headers: dict[str, str], words: dict[str, str] = OWN, **query: str
) -> Any:
    """Ask with an empty body and a key nobody used before where there is something to write."""
    more = (
        {}
        if way.method in SAFE
        else {"Idempotency-Key": f"{id(way)}-{way.path[:80]}-{headers['Authorization'][-9:]}"}
    )
    body: dict[str, str] | None = {} if way.has_body else None
    return client.request(way.method, way.filled(words), headers={**headers, **more}, params=query, json=body)


def test_every_route_names_exactly_one_right_or_is_listed_as_open(door: FastAPI) -> None:
    """A route somebody forgot to close is found here, not by whoever finds it first."""
    wrong = [
        f"{way.method} {way.path}: {len(way.doors)} rights"
        for way in ways(door)
        if len(way.doors) != (0 if (way.method, way.path) in OPEN or way.path == "/openapi.json" else 1)
    ]

    assert not wrong


def test_what_is_listed_as_open_is_there(door: FastAPI) -> None:
    """A name left in the list would open a route that takes it later."""
    there = {(way.method, way.path) for way in ways(door)}

    assert there >= OPEN


def test_a_route_that_changes_something_makes_an_envelope(door: FastAPI) -> None:
    """Who wrote it is then in every row; POST that keeps nothing says so by its right."""
    keeps_nothing = {
        Action.PLAN_TRY,
        Action.PERSON_EXPORT,
        Action.TICKET_READ,
        Action.CUSTOMER_READ,
        Action.CHARGE_READ,
        Action.SCHEME_READ,
    }
    wrong = [
        f"{way.method} {way.path}"
        for way in closed_ways(door)
        if way.method not in SAFE
        and not isinstance(way.doors[0], WriteDoor | CompanyWriteDoor)
        and way.action not in keeps_nothing
    ]

    assert not wrong


def test_nobody_enters_without_saying_who_he_is(door: FastAPI, asking: TestClient) -> None:
    """401 from every closed route, whatever it is about."""
    wrong = []
    for way in closed_ways(door):
        answer = asking.request(way.method, way.filled(OWN), json={} if way.has_body else None)
        if (answer.status_code, answer.json()["code"]) != (401, "session.none"):
            wrong.append(f"{way.method} {way.path}: {answer.status_code}")

    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_every_route_is_open_to_exactly_the_roles_of_the_table(
    door: FastAPI, asking: TestClient, who: Who, role: Role
) -> None:
    """403 where the table has no right, neither 401 nor 403 nor a defect where it has."""
    headers = who(role, ENGINEER if role is Role.ENGINEER else Scope(everywhere=True))
    wrong = []
    for way in sorted(closed_ways(door), key=lambda way: way.path.startswith("/v1/session")):
        answer = (
            ask(asking, way, headers, region="R1") if way.action not in COMPANY else ask(asking, way, headers)
        )
        expected = way.action in RIGHTS[role]
        entered = answer.status_code not in {401, 403}
        if entered != expected or answer.status_code >= 500:
            wrong.append(f"{way.method} {way.path} as {role}: {answer.status_code} {answer.text[:150]}")

    assert not wrong


def test_a_region_outside_the_scope_is_as_unknown_as_one_that_is_not_there(
    door: FastAPI, asking: TestClient, who: Who
) -> None:
    """404 with the same words, so that nobody learns which regions there are."""
    headers = who(Role.MANAGER, Scope(regions=("R1",)))
    wrong = []
    for way in closed_ways(door):
        if way.action in COMPANY or way.action not in RIGHTS[Role.MANAGER]:
            continue
        answers = [ask(asking, way, headers, region=region) for region in ("ZZR2", "ZZR9")]
        if {(one.status_code, one.json()["code"]) for one in answers} != {(404, "region.unknown")}:
            wrong.append(f"{way.method} {way.path}: {[one.status_code for one in answers]}")

    assert not wrong


def test_what_is_about_the_company_is_closed_to_who_reaches_one_region(
    door: FastAPI, asking: TestClient, who: Who
) -> None:
    """An administrator of one region could otherwise make himself one of all."""
    headers = who(Role.ADMINISTRATOR, Scope(regions=("R1",)))
    found = [way for way in closed_ways(door) if way.action in ONLY_EVERYWHERE & RIGHTS[Role.ADMINISTRATOR]]

    answers = {f"{way.method} {way.path}": ask(asking, way, headers).json()["code"] for way in found}

    assert found
    assert set(answers.values()) == {"right.scope_too_narrow"}


@pytest.mark.parametrize("kind", sorted(NARROW))
def test_a_narrow_scope_leaves_only_what_its_queries_narrow(
    door: FastAPI, asking: TestClient, who: Who, kind: str
) -> None:
    """Denied by default: a new right is refused to a narrow scope until somebody says that its queries heed it."""
    scope, left = NARROW[kind]
    headers = who(Role.MANAGER, scope)
    wrong = []
    for way in closed_ways(door):
        if way.action not in RIGHTS[Role.MANAGER] or way.action in left:
            continue
        answer = (
            ask(asking, way, headers) if way.action in COMPANY else ask(asking, way, headers, region="R1")
        )
        if (answer.status_code, answer.json().get("code")) != (403, "right.scope_too_narrow"):
            wrong.append(f"{way.method} {way.path}: {answer.status_code}")

    assert not wrong


@pytest.mark.parametrize("kind", [*sorted(NARROW), "engineer"])
def test_a_narrow_scope_is_shown_nothing_of_others(
    door: FastAPI, asking: TestClient, who: Who, kind: str
) -> None:
    """The scope is a condition of the query: others' things are in no list and are not found by name."""
    if kind == "engineer":
        scope, left, role = ENGINEER, BY_ENGINEER, Role.ENGINEER
    else:
        (scope, left), role = NARROW[kind], Role.MANAGER
    mine = {
        "customer": ("ZZG2", "ZZS2", "ZZC2", "ZZA2"),
        "depot": ("ZZD2", "ZZW2", "ZZE2"),
        "engineer": ("ZZG2", "ZZD2", "ZZW2", "ZZH2"),
    }
    headers = who(role, scope)
    wrong = []
    for way in closed_ways(door):
        if way.method != "GET" or way.action not in left or way.action in COMPANY:
            continue
        lists = ask(asking, way, headers, region="R1")
        if any(word in lists.text for word in mine[kind]):
            wrong.append(f"{way.path} shows others' things: {lists.text[:200]}")
        theirs = {name: OTHER[name] for name in way.names() if OTHER.get(name) in mine[kind]}
        if theirs:
            answer = ask(asking, way, headers, {**OWN, **theirs}, region="R1")
            if answer.status_code not in {403, 404}:
                wrong.append(f"{way.path} finds {theirs}: {answer.status_code}")

    assert not wrong


@pytest.mark.parametrize("kind", [*sorted(NARROW), "engineer"])
def test_a_narrow_scope_changes_nothing_of_others(
    door: FastAPI, asking: TestClient, who: Who, kind: str
) -> None:
    """A write to something of others' is refused before its body is even judged, or as not found."""
    if kind == "engineer":
        scope, left, role = ENGINEER, BY_ENGINEER, Role.ENGINEER
    else:
        (scope, left), role = NARROW[kind], Role.MANAGER
    headers = who(role, scope)
    wrong = []
    for way in closed_ways(door):
        theirs = {name: OTHER[name] for name in way.names() if name in OTHER}
        if way.method in SAFE or way.action not in left or way.action in COMPANY or not theirs:
            continue
        answer = ask(asking, way, headers, {**OWN, **theirs}, region="R1")
        if answer.status_code < 400:
            wrong.append(f"{way.method} {way.path}: {answer.status_code}")

    assert not wrong


@pytest.mark.parametrize("kind", ["region", "customer", "depot"])
def test_one_s_own_things_are_shown(asking: TestClient, who: Who, kind: str) -> None:
    """A scope that shows nothing would pass every test above."""
    scope = Scope(regions=("R1",)) if kind == "region" else NARROW[kind][0]
    headers = who(Role.MANAGER, scope)

    if kind == "depot":
        found = asking.get("/v1/stock", headers=headers).json()["stock"]
        assert {one["place"] for one in found} == {"D1", "W1"}
    else:
        found = asking.get("/v1/tickets", headers=headers).json()["tickets"]
        assert [one["id"] for one in found] == (["G1", "ZZG2"] if kind == "region" else ["G1"])


def test_an_engineer_sees_the_tickets_of_his_own_visits_and_his_van(asking: TestClient, who: Who) -> None:
    """What he goes to, and what he carries."""
    headers = who(Role.ENGINEER, ENGINEER)

    tickets = asking.get("/v1/tickets", headers=headers).json()["tickets"]
    stock = asking.get("/v1/stock", headers=headers).json()["stock"]

    assert [one["id"] for one in tickets] == ["G1"]
    assert {one["place"] for one in stock} == {"W1"}


def test_a_customer_s_scope_reports_nothing_for_others(asking: TestClient, who: Who) -> None:
    """The site and the equipment stand in the body: they are judged too."""
    headers = who(Role.MANAGER, NARROW["customer"][0])
    report = {
        "channel": "phone",
        "kind": "fault",
        "severity": "P1",
        "text": "it is dark",
        "contact": "gate 3",
    }

    def said(key: str, **about: str) -> Any:
        once = {**headers, "Idempotency-Key": key}
        return asking.post("/v1/tickets", json={**report, **about}, headers=once)

    theirs = [said("r-1", asset="ZZA2"), said("r-2", site="ZZS2")]
    at_mine, of_nobody = said("r-3", asset="ZZA2", site="S1"), said("r-4", asset="ZZA9", site="S1")

    assert all(one.status_code in {403, 404, 422} for one in theirs), [one.text[:200] for one in theirs]
    assert at_mine.json()["opened"] is False
    (asked,), (same,) = (one.json()["questions"] for one in (at_mine, of_nobody))
    assert asked == {**same, "given": "ZZA2"}, "others' equipment reads as equipment nobody has"
    assert "ZZ" not in str(asked["choices"]) + str(asked["proposed"])
    assert (at_mine.json()["evidence"], at_mine.json()["duplicates"]) == ([], [])
