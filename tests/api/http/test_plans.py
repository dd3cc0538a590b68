"""Plans over HTTP: asked for once, looked at in parts, taken whole or in part, and what people go by afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from api.usecases.deciding import Decision, carry_decision
from api.usecases.plan_run import make_plan
from api.worker import Worker
from dispatch.board import Board
from dispatch.carry import as_published, carried
from dispatch.cost import cost
from dispatch.pose import problem_of
from dispatch.region import Region
from dispatch.verify import violations
from kernel.clock import moment
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.rows.region import load_region
from storage.runs import find
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import REPORT, keyed

WORK = {"work": 60}


def made(client: TestClient, stored: Database, key: str = "plan") -> str:
    """Ask for a plan and have a worker make it."""
    asked = client.post("/v1/plans", json=WORK, headers=keyed(key))
    assert asked.status_code == 202, asked.text
    ended = Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once()
    assert ended is not None
    assert client.get(asked.headers["location"]).json()["state"] == "done"
    return str(asked.json()["plan"])


def starts(stored: Database) -> dict[str, tuple[str, Any]]:
    """Who goes when, as published."""
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    return {one.planned: (one.who, one.starts_at) for one in region.field.published}


def test_a_plan_asked_for_is_a_run_and_then_a_plan(client: TestClient, stored: Database) -> None:
    """Searching is no matter of a request: it is queued, followed, and read when it is there."""
    asked = client.post("/v1/plans", json=WORK, headers=keyed("one"))

    waiting = client.get(asked.headers["location"]).json()
    assert (waiting["state"], waiting["attempts"]) == ("waiting", 0)
    assert code_of(client.get(f"/v1/plans/{asked.json()['plan']}")) == "plan_file.unknown_plan"
    Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once()
    plan = client.get(f"/v1/plans/{asked.json()['plan']}")
    assert plan.json()["region"] == "R1"
    held = client.get(f"/v1/plans/{asked.json()['plan']}", headers={"If-None-Match": plan.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    assert [one["state"] for one in client.get("/v1/runs").json()["runs"]] == ["done"]


@pytest.mark.parametrize(
    ("ahead_s", "asked", "held"),
    [
        (0, {"seconds": 10}, 130),
        (0, {"work": 60, "review_s": 30}, 30),
        (0, {"seconds": 10, "review_s": 0}, 0),
        (100, {"seconds": 10}, 30),
        (86_400, {"seconds": 10}, 0),
    ],
)
def test_a_plan_for_later_holds_nobody_up(
    client: TestClient, stored: Database, ahead_s: int, asked: dict[str, Any], held: int
) -> None:
    """Tomorrow's plan is long made and looked at when tomorrow begins: who begins at eight leaves at eight."""
    start = client.app.state.clock.moment + timedelta(seconds=ahead_s)  # type: ignore[attr-defined]

    answer = client.post("/v1/plans", json={"from_at": start.isoformat(), **asked}, headers=keyed("later"))

    assert answer.status_code == 202, answer.text
    with stored.reading() as connection:
        assert find(connection, "R1", answer.json()["run"]).input["review_s"] == held


def test_asking_again_with_the_same_key_is_the_same_run(client: TestClient) -> None:
    """Two runs would cost twice and say two things; the moment is that of the first."""
    first = client.post("/v1/plans", json=WORK, headers=keyed("one"))
    client.app.state.clock.moment += timedelta(minutes=5)  # type: ignore[attr-defined]
    again = client.post("/v1/plans", json=WORK, headers=keyed("one"))
    other = client.post("/v1/plans", json={"work": 61}, headers=keyed("one"))

    assert (again.status_code, again.json()) == (202, first.json())
    assert code_of(other) == "database.key_reused"
    assert len(client.get("/v1/runs").json()["runs"]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"work": 5, "seconds": 2}, "request.work_or_seconds"),
        ({"work": 0}, "request.wrong_value"),
        ({"seconds": 0}, "request.wrong_value"),
        ({"seconds": 1e9}, "request.wrong_value"),
        ({"seed": -1}, "request.wrong_value"),
        ({"from_at": "2026-03-06T08:00"}, "clock.naive_time"),
        ({"from_at": "2026-03-05T08:00+08:00"}, "request.from_past"),
    ],
)
def test_how_to_search_has_bounds(client: TestClient, body: dict[str, Any], code: str) -> None:
    """One request must not keep a worker for a day."""
    assert code_of(client.post("/v1/plans", json=body, headers=keyed("one"))) == code


def test_a_waiting_run_can_be_stopped_and_then_is_over(client: TestClient, stored: Database) -> None:
    """Who asked by mistake says so; nothing is made of it."""
    run = client.post("/v1/plans", json=WORK, headers=keyed("one")).json()["run"]

    stopped = client.post(f"/v1/runs/{run}/stop", headers=keyed("two"))
    again = client.post(f"/v1/runs/{run}/stop", headers=keyed("three"))

    assert stopped.json()["state"] == "stopped"
    assert (again.status_code, code_of(again)) == (409, "run.not_open")
    assert Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once() is None
    unknown = client.post("/v1/runs/none/stop", headers=keyed("four"))
    assert (unknown.status_code, code_of(unknown)) == (404, "run.unknown")


def test_a_whole_plan_published_is_what_people_go_by(client: TestClient, stored: Database) -> None:
    """The published stops are the plan's, verified and priced as it was; those asked again hear the same."""
    plan = made(client, stored)
    difference = client.get(f"/v1/plans/{plan}/difference").json()
    before = starts(stored)

    taken = client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))
    again = client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))

    assert taken.status_code == 200, taken.text
    body = taken.json()
    assert (body["taken"], body["conflicts"]) == ([part["number"] for part in difference["parts"]], [])
    assert again.json() == body
    after = starts(stored)
    assert body["stops_changed"] == len(
        {name for name in {*before, *after} if before.get(name) != after.get(name)}
    )
    for part in difference["parts"]:
        for change in part["visits"]:
            place = change["after"]
            assert change["before"] != place, "a part lists what changes, not what stays"
            assert after.get(change["visit"], ("", None))[0] == place["who"].partition("~")[0]
            assert place["starts_at"] is None or after[change["visit"]][1] == moment(place["starts_at"])
    with stored.reading() as connection:
        board = Board.of(load_region(connection, "R1"))
    problem = problem_of(board)
    going = carried(problem, as_published(board, problem))
    assert violations(problem, going) == ()
    assert going.claimed == cost(problem, going)
    steps = client.get(f"/v1/plans/{plan}/difference").json()["steps"]
    assert [(one["step"], one["parts"]) for one in steps] == [("taken", body["taken"])]
    assert untrue(stored) == []


def test_a_part_whose_ticket_has_changed_stays_out(client: TestClient, stored: Database) -> None:
    """The plan is of half an hour ago; what the customer said since counts more."""
    plan = made(client, stored)
    parts = client.get(f"/v1/plans/{plan}/difference").json()["parts"]
    number = next(part["number"] for part in parts if "V2" in {one["visit"] for one in part["visits"]})
    before = starts(stored)
    client.post("/v1/tickets/G2/events", json={"kind": "acknowledged"}, headers=keyed("event"))

    whole = client.post(f"/v1/plans/{plan}/publish", headers=keyed("whole"))
    some = client.post(f"/v1/plans/{plan}/apply", json={"parts": [number]}, headers=keyed("some"))

    assert (whole.status_code, code_of(whole)) == (409, "proposal.visit_changed")
    assert (some.json()["taken"], [one["part"] for one in some.json()["conflicts"]]) == ([], [number])
    assert starts(stored) == before


def test_a_part_there_is_not_is_refused(client: TestClient, stored: Database) -> None:
    """A number somebody misread must not be taken as nothing."""
    plan = made(client, stored)

    answer = client.post(f"/v1/plans/{plan}/apply", json={"parts": [99]}, headers=keyed("one"))

    assert code_of(answer) == "proposal.unknown_part"


def test_a_discarded_plan_is_read_and_never_taken(client: TestClient, stored: Database) -> None:
    """Two dispatchers: what one has decided against, the other does not publish by a click."""
    plan = made(client, stored)
    before = starts(stored)

    gone = client.post(f"/v1/plans/{plan}/discard", headers=keyed("one"))
    taken = client.post(f"/v1/plans/{plan}/publish", headers=keyed("two"))
    twice = client.post(f"/v1/plans/{plan}/discard", headers=keyed("three"))

    assert gone.json() == {"plan": plan}
    assert (taken.status_code, code_of(taken)) == (409, "plan.discarded")
    assert code_of(twice) == "plan.discarded"
    assert client.get(f"/v1/plans/{plan}").status_code == 200
    assert starts(stored) == before


def whole(connection: Connection) -> Region:
    """What most decisions are judged on."""
    return load_region(connection, "R1")


def test_a_decision_is_judged_again_when_the_region_changes_meanwhile(
    client: TestClient, stored: Database
) -> None:
    """No lock is held while it is judged: what was judged of another state is not written."""
    judged: list[int] = []

    def decide(region: Region) -> Decision:
        judged.append(len(region.field.ticket_events))
        if len(judged) == 1:
            client.post("/v1/tickets/G2/events", json={"kind": "acknowledged"}, headers=keyed("meanwhile"))
        return Decision(Board.of(region, now=AS_OF).region.field.published, {"V1"}, {"seen": judged[-1]})

    head = Envelope("desk-1", "test", AS_OF, "decide", "R1")
    reply = carry_decision(stored, head, command=("plan.try", {}), read=whole, decide=decide)

    assert judged == [2, 3]
    assert reply == {"seen": 3, "stops_changed": 0}


def test_a_region_that_never_rests_is_said(client: TestClient, stored: Database) -> None:
    """Better an answer to try again than a decision judged for ever."""

    def decide(_region: Region) -> Decision:
        said = {"kind": "forecast_finish", "value": "2026-03-06T12:00+08:00"}
        client.post("/v1/tickets/G1/events", json=said, headers=keyed(str(uuid4())))
        return Decision((), {"V1"}, {})

    head = Envelope("desk-1", "test", AS_OF, "decide", "R1")
    with pytest.raises(Refusal, match=r"plan\.region_moving"):
        carry_decision(stored, head, command=("plan.try", {}), read=whole, decide=decide)
    assert "V1" in starts(stored)


def test_what_happens_between_asking_and_planning_is_planned_with(
    client: TestClient, stored: Database
) -> None:
    """The desk does not stand still while a run waits: its last word counts, and the run does not fail of it."""
    plan = client.post("/v1/plans", json=WORK, headers=keyed("one")).json()["plan"]
    client.app.state.clock.moment += timedelta(minutes=7)  # type: ignore[attr-defined]
    client.post("/v1/tickets/G2/events", json={"kind": "acknowledged"}, headers=keyed("event"))

    Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once()

    document = client.get(f"/v1/plans/{plan}").json()
    assert moment(document["now"]) == AS_OF + timedelta(minutes=7)


def test_a_ticket_opened_after_the_plan_does_not_spoil_it(client: TestClient, stored: Database) -> None:
    """New work waits for the next plan; the rest of the desk goes on."""
    plan = made(client, stored)
    client.app.state.clock.moment = AS_OF + timedelta(minutes=1)  # type: ignore[attr-defined]
    trip = {"minutes": 30}
    opened = client.post("/v1/tickets", json=REPORT | {"asset": "A1", "trip": trip}, headers=keyed("new"))
    assert opened.json()["opened"]

    taken = client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))

    assert taken.status_code == 200, taken.text
    assert f"{opened.json()['ticket']}/1" not in starts(stored)


def test_one_engineers_plan_moves_nobody_else_and_is_never_dearer(
    client: TestClient, stored: Database
) -> None:
    """His day in a better order: who asks for that does not want the whole board in motion."""
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("move"))
    asked = client.post("/v1/plans", json={**WORK, "engineer": "E2"}, headers=keyed("plan"))
    Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once()

    run = client.get(asked.headers["location"]).json()
    difference = client.get(f"/v1/plans/{asked.json()['plan']}/difference").json()

    assert run["state"] == "done", run
    assert difference["saves_cents"] >= 0
    moved = {one["visit"] for part in difference["parts"] for one in part["visits"]}
    assert moved <= {"V2"}


def test_a_plan_for_an_engineer_nobody_knows_fails_by_name(client: TestClient, stored: Database) -> None:
    """The run says what was wrong with the wish."""
    asked = client.post("/v1/plans", json={**WORK, "engineer": "E9"}, headers=keyed("plan"))
    Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once()

    run = client.get(asked.headers["location"]).json()

    assert (run["state"], run["errors"][0]["code"]) == ("failed", "candidates.unknown_engineer")
