"""What the plan in force says over HTTP: promises in danger, ways out, candidates, previews, calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.usecases.importing import import_into
from api.usecases.in_force import Posed, carried_on
from api.usecases.rescuing import MOVED_MIN
from dispatch.cost import cost
from dispatch.verify import violations
from kernel.clock import moment
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.rows.region import load_region
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_plans import made, starts
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.dataset_builder import TINY, tiny
from tests.people_builders import QUICK, bearer


def test_promises_in_danger_come_the_earliest_due_first(client: TestClient) -> None:
    """Who opens the list sees what to save first, and by what it is in danger."""
    found = client.get("/v1/endangered").json()["endangered"]

    assert [one["due_at"] for one in found] == sorted(one["due_at"] for one in found)
    assert {(one["ticket"], one["danger"]) for one in found} == {("G1", "nobody"), ("G2", "nobody")}
    lines = client.get("/v1/endangered?format=csv").content.decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == [one["ticket"] for one in found]


def test_regions_posed_ahead_are_not_posed_again_for_who_asks(stored: Database) -> None:
    """The first who opens the board after a start waits for nothing but the board; who asks gets what he would have got."""
    posed = Posed()

    posed.ahead(stored, now=AS_OF)

    with stored.reading() as connection:
        ahead = posed.within(connection, "R1", now=AS_OF)
    assert posed.of(stored, "R1", now=AS_OF) is ahead
    assert violations(ahead.problem, ahead.plan) == ()
    assert ahead.plan.claimed == cost(ahead.problem, ahead.plan)
    assert ahead.plan == Posed().of(stored, "R1", now=AS_OF).plan


def test_a_way_out_chosen_is_published_once(client: TestClient, stored: Database) -> None:
    """What was compared is what people go by: verified, priced as it was, and never twice."""
    ways = client.get("/v1/tickets/G2/rescue").json()["ways"]
    way = next(one for one in ways if one["kind"] == "engineer" and one["closed"] is None)

    chosen = client.post("/v1/tickets/G2/rescue", json={"choice": way["choice"]}, headers=keyed("one"))
    again = client.post("/v1/tickets/G2/rescue", json={"choice": way["choice"]}, headers=keyed("one"))

    assert chosen.status_code == 200, chosen.text
    assert (chosen.json()["visit"], chosen.json()["kind"]) == ("V2", "engineer")
    assert again.json() == chosen.json()
    who, start = starts(stored)["V2"]
    assert (who, start) == ("H1", moment(way["starts_at"]))
    with stored.reading() as connection:
        going = carried_on(load_region(connection, "R1"), 0, now=AS_OF)
    assert violations(going.problem, going.plan) == ()
    assert going.plan.claimed == cost(going.problem, going.plan)
    assert untrue(stored) == []


def test_the_workshop_chosen_is_collected_and_brought_back(url: str, tmp_path: Path) -> None:
    """The visit itself is another one then: whoever reads the region afterwards plans two trips, not one."""
    folder = tiny(
        tmp_path / "bench",
        tickets=TINY["tickets.csv"].replace("G2,S2,,,", "G2,S1,A1,,"),
        visits=TINY["visits.csv"].replace("V2,G2,S2", "V2,G2,S1"),
    )
    (folder / "bench_times.csv").write_text("model,collect_min,bench_min,return_min\nM-9,20,60,25\n")
    reading = read(folder)
    assert reading.region is not None, reading.refusals
    database = open_database(url)
    import_into(database, reading.region, digest=reading.digest, as_of=None)
    headers = bearer(database, Role.MANAGER, now=AS_OF)
    with TestClient(make_app(database, clock=StandingClock(), settings=QUICK), headers=headers) as client:
        ways = client.get("/v1/tickets/G2/rescue").json()["ways"]
        way = next(one for one in ways if one["kind"] == "workshop")
        assert way["closed"] is None, way["closed"]

        chosen = client.post("/v1/tickets/G2/rescue", json={"choice": way["choice"]}, headers=keyed("one"))
        again = client.post("/v1/tickets/G2/rescue", json={"choice": way["choice"]}, headers=keyed("one"))

    assert (chosen.status_code, chosen.json()["kind"]) == (200, "workshop"), chosen.text
    assert again.json() == chosen.json()
    with database.reading() as connection:
        region = load_region(connection, "R1")
    visit = next(one for one in region.field.visits if one.id == "V2")
    assert (visit.duration_min, visit.bench_min, visit.return_min) == (20, 60, 25)
    pieces = {one.piece: one.starts_at for one in region.field.published if one.visit == "V2"}
    assert pieces[1] == moment(way["starts_at"])
    assert pieces[2] - pieces[1] >= timedelta(minutes=80)
    going = carried_on(region, 0, now=AS_OF)
    assert violations(going.problem, going.plan) == ()
    assert going.plan.claimed == cost(going.problem, going.plan)
    assert untrue(database) == []
    database.close()


def test_a_way_that_is_gone_or_closed_is_refused(client: TestClient, stored: Database) -> None:
    """A list from before the last phone call must not decide what the customer now gets."""
    ways = client.get("/v1/tickets/G2/rescue").json()["ways"]
    closed = next(one for one in ways if one["closed"] is not None)
    open_one = next(one for one in ways if one["kind"] == "engineer" and one["closed"] is None)
    before = starts(stored)

    first = client.post("/v1/tickets/G2/rescue", json={"choice": closed["choice"]}, headers=keyed("one"))
    client.app.state.clock.moment += timedelta(hours=20)  # type: ignore[attr-defined]
    late = client.post("/v1/tickets/G2/rescue", json={"choice": open_one["choice"]}, headers=keyed("two"))

    assert (first.status_code, code_of(first)) == (409, "rescue.way_closed")
    assert (late.status_code, code_of(late)) == (409, "rescue.way_gone")
    assert starts(stored) == before


def test_a_way_shown_to_begin_some_minutes_before_or_after_is_still_that_way(client: TestClient) -> None:
    """Who sets out at once sets out later with every second that is read; another time altogether is another way."""
    ways = client.get("/v1/tickets/G2/rescue").json()["ways"]
    shown = next(one for one in ways if one["kind"] == "engineer" and one["closed"] is None)["choice"]
    does, _, begins = shown.partition("-")

    def choose(name: str, key: str) -> Any:
        return client.post("/v1/tickets/G2/rescue", json={"choice": name}, headers=keyed(key))

    refused = [choose(f"{does}-{int(begins) + MOVED_MIN + 1}", "far"), choose(does, "no-minute")]
    taken = choose(f"{does}-{int(begins) - MOVED_MIN}", "near")

    assert [(one.status_code, code_of(one)) for one in refused] == [(409, "rescue.way_gone")] * 2
    assert (taken.status_code, taken.json()["kind"]) == (200, "engineer"), taken.text


def test_candidates_cost_what_the_preview_of_the_same_move_says(client: TestClient) -> None:
    """Two questions about one move: one counts from the visit left out, the other from the plan as it is."""
    candidates = client.get("/v1/visits/V2/candidates").json()["candidates"]

    assert [one["engineer"] for one in candidates] == ["E1", "E2"]
    left_out = Decimal(6000)
    for one in candidates:
        seen = client.post("/v1/visits/V2/preview", json={"engineer": one["engineer"]}).json()
        assert seen["possible"]
        assert (seen["starts_at"], seen["others"]) == (one["starts_at"], one["others"])
        assert Decimal(seen["money"]) == Decimal(one["money"]) - left_out


def test_a_preview_keeps_nothing_and_names_the_rules_a_move_breaks(
    client: TestClient, stored: Database
) -> None:
    """Before somebody drags a visit he sees why not."""
    before = starts(stored)

    body = client.post(
        "/v1/visits/V1/preview", json={"engineer": "E2"}, headers={"Accept-Language": "zh"}
    ).json()

    assert (body["possible"], body["money"]) == (False, None)
    assert [one["rule"] for one in body["broken"]] == ["skill"]
    assert not body["broken"][0]["answer"]["text"].isascii()
    assert starts(stored) == before


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/visits/V9/candidates", "explain.unknown_visit"),
        ("/v1/visits/V9/explanation", "explain.unknown_visit"),
        ("/v1/tickets/G9/rescue", "rescue.nothing_open"),
    ],
)
def test_what_is_not_in_the_plan_is_not_found(client: TestClient, path: str, code: str) -> None:
    """A visit that is done and one that never was look the same from here."""
    answer = client.get(path)

    assert (answer.status_code, code_of(answer)) == (404, code)


def test_an_explanation_says_why_a_visit_is_left_out_and_how_that_is_known(client: TestClient) -> None:
    """Proved or not found is not the same, and the dispatcher acts on the difference."""
    body = client.get("/v1/visits/V1/explanation").json()

    assert (body["reason"]["code"], body["known"]) == ("unassigned.skill", "proved")
    assert {one["shift"] for one in body["answers"]} >= {"H1", "H2"}


def test_a_customer_told_his_time_is_no_longer_to_be_called(client: TestClient, stored: Database) -> None:
    """The list is what is left to do; who moves the visit afterwards finds him on it again."""
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))
    call = next(one for one in client.get("/v1/calls").json()["calls"] if one["visit"] == "V2")

    told = client.post(
        "/v1/visits/V2/told", json={"starts_at": call["starts_at"], "whom": "gate 3"}, headers=keyed("told")
    )

    assert told.status_code == 201, told.text
    assert "V2" not in {one["visit"] for one in client.get("/v1/calls").json()["calls"]}
    events = client.get("/v1/tickets/G2/events").json()["events"]
    assert (events[-1]["kind"], events[-1]["visit"]) == ("told", "V2")


def test_the_plan_in_force_follows_what_happens(client: TestClient) -> None:
    """It is kept for the next question only as long as nothing has happened."""
    before = client.get("/v1/endangered").json()["endangered"]
    client.post(
        "/v1/tickets/G2/events", json={"kind": "cancelled", "reason": "sold"}, headers=keyed("cancelled")
    )

    after = client.get("/v1/endangered").json()["endangered"]

    assert {one["ticket"] for one in before} == {"G1", "G2"}
    assert {one["ticket"] for one in after} == {"G1"}


def test_who_may_only_read_decides_nothing(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """A storekeeper sees the plan; whom it sends is not his to say."""
    mine = as_role(Role.STOREKEEPER)

    assert client.get("/v1/plans", headers=mine).status_code == 200
    for path, body in (("/v1/tickets/G2/rescue", {"choice": "x"}), ("/v1/plans", {"work": 5})):
        answer = client.post(path, json=body, headers=mine | keyed("one"))
        assert (answer.status_code, code_of(answer)) == (403, "right.denied")
