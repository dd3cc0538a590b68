"""Visits over HTTP: listed within bounds, shown with what they need, as a calendar and as a map."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.report.visits_ics import LONGEST, visits_ics
from storage.database import Database
from storage.rows.visits import VisitThere
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF
from tests.api.http.test_plans import made, starts
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed


def ids(answer: Any) -> list[str]:
    """The visits of a list."""
    return [one["visit"] for one in answer.json()["visits"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["V1", "V2"]),
        ({"ticket": "G2"}, ["V2"]),
        ({"site": "S1"}, ["V1"]),
        ({"engineer": "E1"}, ["V1"]),
        ({"engineer": "E2"}, []),
        ({"from_at": "2026-03-06T10:00+08:00", "until_at": "2026-03-06T10:01+08:00"}, ["V1"]),
        ({"until_at": "2026-03-06T10:00+08:00"}, []),
    ],
)
def test_visits_are_listed_with_where_they_are_published(
    client: TestClient, query: dict[str, str], found: list[str]
) -> None:
    """The start bounds are half-open, as everywhere; who is not planned has no start to be asked for."""
    pages: list[str] = []
    after = ""
    while True:
        answer = client.get("/v1/visits", params={**query, "limit": 1, "after": after})
        pages += ids(answer)
        after = answer.json()["next"]
        if after is None:
            break

    assert ids(client.get("/v1/visits", params=query)) == found == pages


def test_a_visit_shows_what_it_needs_and_who_comes(client: TestClient) -> None:
    """The engineer on the phone has one place to look."""
    body = client.get("/v1/visits/V1").json()

    assert (body["skills"], body["needs"], body["tools"]) == ({"hv": 2, "fiber": 1}, {"P1": 2}, ["scope"])
    assert [(one["engineer"], one["shift"]) for one in body["stops"]] == [("E1", "H1")]
    assert len(body["windows"]) == 1
    missing = client.get("/v1/visits/V9")
    assert (missing.status_code, code_of(missing)) == (404, "explain.unknown_visit")


def test_an_engineer_sees_his_own_visits_only(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Where his colleagues go today is not his to know."""
    first, second = (as_role(Role.ENGINEER, Scope(regions=("R1",), engineer=name)) for name in ("E1", "E2"))

    assert ids(client.get("/v1/visits", headers=first)) == ["V1"]
    assert ids(client.get("/v1/visits", headers=second)) == []
    assert client.get("/v1/visits/V1", headers=second).status_code == 404
    assert client.get("/v1/engineers/E1/visits.ics", headers=second).status_code == 404
    assert client.get("/v1/engineers/E1/visits.ics", headers=first).status_code == 200


def test_an_engineer_writes_down_his_own_work_only(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """He says what he finds; closing the ticket is the desk's, and another's ticket is not there for him."""
    mine = as_role(Role.ENGINEER, Scope(regions=("R1",), engineer="E1"))

    travelling = client.post(
        "/v1/tickets/G1/work", json={"kind": "travelling", "visit": "V1"}, headers=mine | keyed("a")
    )
    closed = client.post("/v1/tickets/G1/work", json={"kind": "closed"}, headers=mine | keyed("b"))
    other = client.post("/v1/tickets/G2/work", json={"kind": "travelling"}, headers=mine | keyed("c"))
    desk = client.post("/v1/tickets/G1/events", json={"kind": "travelling"}, headers=mine | keyed("d"))

    assert travelling.status_code == 201, travelling.text
    assert client.get("/v1/tickets/G1/events").json()["events"][-1]["by"] == "E1"
    assert code_of(closed) == "request.not_of_work"
    assert (other.status_code, code_of(other)) == (404, "desk.unknown_ticket")
    assert (desk.status_code, code_of(desk)) == (403, "right.denied")


def test_an_engineer_s_visits_are_a_calendar(client: TestClient, stored: Database) -> None:
    """His telephone shows them; a start that moves moves the same event."""
    plan = made(client, stored)
    before = client.get("/v1/engineers/E1/visits.ics")
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))

    after = client.get("/v1/engineers/E1/visits.ics")

    assert before.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "UID:V1..1@R1" in before.text
    assert "DTSTART:20260306T020000Z\r\nDTEND:20260306T033000Z" in before.text
    who, start = starts(stored)["V2"]
    assert who == "H1"
    assert f"UID:V2..1@R1\r\nDTSTAMP:20260306T000000Z\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}" in after.text
    assert client.get("/v1/engineers/E9/visits.ics").status_code == 404


@given(text=st.text(max_size=200), name=st.text(max_size=200))
def test_nothing_a_customer_says_ends_a_line_of_the_calendar(text: str, name: str) -> None:
    """His words are a value; a line of theirs would be an event of ours."""
    one = VisitThere("V1", "G1", "S1", name, 26.0, 119.0, 90, "P1", text, starts_at=AS_OF)

    made_of = visits_ics([one], region="R1", engineer="E1", now=AS_OF)

    assert all(len(line.encode("utf-8", "surrogatepass")) <= LONGEST for line in made_of.split("\r\n"))
    unfolded = made_of.replace("\r\n ", "").split("\r\n")
    assert [line for line in unfolded if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    known = {"BEGIN", "END", "VERSION", "PRODID", "NAME", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"}
    assert {line.partition(":")[0] for line in unfolded[:-1]} <= known | {"LOCATION", "GEO", "DESCRIPTION"}


def test_the_plan_in_force_is_a_map(client: TestClient, stored: Database) -> None:
    """Longitude first, a line for a route, a point for a stop: any map program shows it."""
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))

    answer = client.get("/v1/routes.geojson")

    document = answer.json()
    assert answer.headers["content-type"] == "application/geo+json"
    kinds = [one["geometry"]["type"] for one in document["features"]]
    assert kinds.count("LineString") >= 1
    stops = {one["properties"].get("visit") for one in document["features"]}
    assert "V2" in stops


def test_the_list_of_visits_is_given_as_a_file(client: TestClient) -> None:
    """A header line and a line for each."""
    lines = client.get("/v1/visits?format=csv").content.decode("utf-8-sig").splitlines()

    assert [line.partition(",")[0] for line in lines] == ["visit", "V1", "V2"]


@pytest.mark.parametrize("path", ["/v1/visits", "/v1/shifts"])
@pytest.mark.parametrize("after", ["W10", "WyJhIl0", "WyJhIiwiIiwieCJd", "WyJhIiwiIiwiOTk5OTk5OTk5OTk5Il0"])
def test_a_cursor_of_another_list_is_refused(client: TestClient, path: str, after: str) -> None:
    """A place in one list is none in another."""
    assert code_of(client.get(path, params={"after": after})) == "request.bad_cursor"


REGISTERS = {
    "customers": ["C1"],
    "sites": ["S1", "S2"],
    "assets": ["A1", "A2"],
    "contracts": ["K1"],
    "engineers": ["E1", "E2"],
    "engineer-skills": ["E1", "E2"],
    "certificates": ["E1", "E2"],
    "shifts": ["H1", "H2"],
    "absences": ["B1"],
    "on-call": ["O1"],
    "duties": [],
    "skills": ["hv", "fiber"],
    "partners": [],
    "price-breaks": ["U1", "U1"],
    "stock-policy": ["P1"],
    "engineer-wishes": [],
    "supplier-agreements": ["U1", ""],
    "inspection-limits": ["U1", ""],
    "part-checks": ["P1", "P1"],
    "part-classes": ["P1"],
    "reinspection-rules": ["fuses"],
}


@pytest.mark.parametrize(("path", "first_column"), REGISTERS.items())
def test_what_is_on_record_is_read_page_by_page_and_as_a_file(
    client: TestClient, path: str, first_column: list[str]
) -> None:
    """The columns are the dataset's, so a row here and a row there are the same row."""
    rows: list[dict[str, Any]] = []
    after = ""
    while True:
        body = client.get(f"/v1/{path}", params={"limit": 1, "after": after}).json()
        rows += body["rows"]
        after = body["next"]
        if after is None:
            break
    file = client.get(f"/v1/{path}?format=csv").content.decode("utf-8-sig").splitlines()

    assert [next(iter(row.values())) for row in rows] == first_column
    assert [line.partition(",")[0] for line in file[1:]] == first_column


def test_where_an_engineer_lives_is_not_told(client: TestClient) -> None:
    """The planner needs it; nobody who reads does."""
    (row, _) = client.get("/v1/engineers").json()["rows"]

    assert row == {"engineer_id": "E1", "depot": "D1", "van": "W1", "territories": [], "away_price": None}


def test_rows_of_others_are_not_there(client: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    """A scope is a condition of the query: what lies beyond it is not even counted."""
    none = as_role(Role.DISPATCHER, Scope(regions=("R1",), customers=("C9",)))
    theirs = as_role(Role.DISPATCHER, Scope(regions=("R1",), customers=("C1",)))
    depot = as_role(Role.DISPATCHER, Scope(regions=("R1",), depots=("D9",)))

    for path in ("customers", "sites", "assets", "contracts"):
        assert client.get(f"/v1/{path}", headers=none).json()["rows"] == []
        assert client.get(f"/v1/{path}", headers=theirs).json()["rows"] != []
    for path in ("engineers", "shifts", "absences", "on-call", "certificates"):
        assert client.get(f"/v1/{path}", headers=depot).json()["rows"] == []
    assert client.get("/v1/tickets", headers=none).json()["tickets"] == []
    assert client.get("/v1/tickets/G1", headers=none).status_code == 404
    assert client.get("/v1/tickets/G1", headers=theirs).status_code == 200


def test_a_customer_s_integration_reports_for_that_customer_only(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """It opens, asks and answers for its own sites; what it says about another's leaves nothing behind."""
    mine = as_role(Role.INTEGRATION, Scope(regions=("R1",), customers=("C1",)))
    other = as_role(Role.INTEGRATION, Scope(regions=("R1",), customers=("C9",)))
    report = {"channel": "web", "asset": "A1", "site": "S1", "kind": "fault", "text": "dark", "contact": "x"}

    taken = client.post("/v1/tickets", json=report, headers=mine | keyed("a"))
    number = taken.json()["ticket"]
    answer = {"asked": "severity", "value": "P2"}
    refused = client.post(f"/v1/tickets/{number}/answers", json=answer, headers=other | keyed("b"))
    answered = client.post(f"/v1/tickets/{number}/answers", json=answer, headers=mine | keyed("c"))
    theirs = client.post("/v1/tickets", json=report, headers=other | keyed("d"))

    assert taken.status_code == 201, taken.text
    assert (refused.status_code, theirs.status_code) == (404, 404)
    assert answered.json()["opened"]
    assert len(client.get("/v1/tickets").json()["tickets"]) == 3


def test_an_absence_is_cut_out_of_the_next_plan(client: TestClient, stored: Database) -> None:
    """Said once, it counts for everybody who plans; the same said again is the same absence."""
    body = {
        "starts_at": (AS_OF + timedelta(hours=1)).isoformat(),
        "ends_at": (AS_OF + timedelta(hours=10)).isoformat(),
        "reason": "ill",
    }

    first = client.post("/v1/engineers/E1/absences", json=body, headers=keyed("one"))
    again = client.post("/v1/engineers/E1/absences", json=body, headers=keyed("one"))

    assert first.status_code == 201, first.text
    assert again.json() == first.json()
    rows = client.get("/v1/absences?engineer=E1").json()["rows"]
    assert [(row["absence_id"], row["reason"]) for row in rows] == [(first.json()["absence"], "ill")]
    assert not [
        one for one in client.get("/v1/visits/V2/candidates").json()["candidates"] if one["engineer"] == "E1"
    ]
    backwards = body | {"ends_at": body["starts_at"]}
    answer = client.post("/v1/engineers/E1/absences", json=backwards, headers=keyed("two"))
    assert code_of(answer) == "interval.ends_before_start"


def test_a_duty_goes_on_the_roster(client: TestClient) -> None:
    """Who is called tonight is a fact with a name on it."""
    duty = {
        "duty": "D-1",
        "role": "dispatcher",
        "person": "P01",
        "starts_at": "2026-03-06T18:00:00+08:00",
        "ends_at": "2026-03-07T08:00:00+08:00",
    }

    assert client.post("/v1/duties", json=duty, headers=keyed("a")).json() == {"duty": "D-1", "new": True}
    assert client.post("/v1/duties", json=duty, headers=keyed("b")).json() == {"duty": "D-1", "new": False}
    other = client.post("/v1/duties", json=duty | {"person": "P02"}, headers=keyed("c"))
    assert code_of(other) == "desk.known_already"
    assert [row["person"] for row in client.get("/v1/duties").json()["rows"]] == ["P01"]


def test_a_duty_that_is_handed_over_rings_with_who_took_it(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Ill at eight: from then on another is called, or nobody where nobody took it, and the roster says so."""
    duty = {
        "duty": "D-1",
        "role": "dispatcher",
        "person": "E1",
        "starts_at": "2026-03-06T18:00:00+08:00",
        "ends_at": "2026-03-07T08:00:00+08:00",
    }
    part = {"starts_at": "2026-03-06T20:00:00+08:00", "ends_at": "2026-03-07T08:00:00+08:00", "reason": "ill"}
    assert client.post("/v1/duties", json=duty, headers=keyed("a")).status_code == 201

    taken = client.post("/v1/duties/D-1/hand-over", json=part | {"person": "E2"}, headers=keyed("b"))
    beyond = client.post(
        "/v1/duties/D-1/hand-over",
        json=part | {"person": "E2", "ends_at": "2026-03-07T09:00:00+08:00"},
        headers=keyed("c"),
    )
    narrow = as_role(Role.ENGINEER, Scope(regions=("R1",), engineer="E2"))

    assert taken.json() == {"duty": "D-1", "person": "E2", "new": True}
    assert code_of(beyond) == "on_call.outside_duty"
    watches = client.get("/v1/roster").json()["watches"]
    assert [(one["person"], one["starts_at"]) for one in watches] == [
        ("E1", "2026-03-06T10:00:00Z"),
        ("E2", "2026-03-06T12:00:00Z"),
    ]
    seen = client.get("/v1/roster", headers=narrow).json()["watches"]
    assert [one["person"] for one in seen] == ["E2"]
    refused = client.post("/v1/duties/D-1/hand-over", json=part, headers=narrow | keyed("d"))
    assert code_of(refused) == "right.denied"
    assert client.post("/v1/duties/D-1/hand-over", json=part, headers=keyed("e")).status_code == 201
    assert [one["person"] for one in client.get("/v1/roster").json()["watches"]] == ["E1"]
    printed = client.get("/v1/roster?format=csv").content.decode("utf-8-sig").splitlines()
    assert (printed[0], len(printed)) == ("duty,role,person,starts_at,ends_at,rank", 2)


def test_a_scheme_shows_every_figure_with_its_clause(client: TestClient) -> None:
    """What we promise is read where it is promised."""
    listed = {(one["scheme"], one["version"]) for one in client.get("/v1/schemes").json()["schemes"]}
    body = client.get("/v1/schemes/field-2-4-24").json()

    assert (body["scheme"], body["version"]) in listed
    assert body["figures"]
    assert all(one["source"] for one in body["figures"])
    assert client.get("/v1/schemes/none").status_code == 404


def test_everything_within_reach_is_one_calendar(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """The desk subscribes to a depot, an engineer to himself; nobody finds more in it than in the list."""
    other = as_role(Role.ENGINEER, Scope(regions=("R1",), engineer="E2"))

    whole = client.get("/v1/visits.ics")
    asked = {
        query: client.get(f"/v1/visits.ics?{query}").text.count("BEGIN:VEVENT")
        for query in ("depot=D1", "depot=D9", "engineer=E1", "engineer=E2", "site=S1", "ticket=G2")
    }

    assert whole.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:E1: " in whole.text
    assert asked == {
        "depot=D1": 1,
        "depot=D9": 0,
        "engineer=E1": 1,
        "engineer=E2": 0,
        "site=S1": 1,
        "ticket=G2": 0,
    }
    assert "BEGIN:VEVENT" not in client.get("/v1/visits.ics", headers=other).text


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("customers?name=mIL", ["C1"]),
        ("customers?name=c%25", []),
        ("sites?name=dam", ["S2"]),
        ("sites?name=s1&customer=C1", ["S1"]),
        ("assets?model=m-9&site=S2", ["A2"]),
        ("suppliers?name=make", ["U1"]),
    ],
)
def test_what_is_on_record_is_found_by_name(client: TestClient, path: str, found: list[str]) -> None:
    """A thousand customers are no list to walk through: in capitals or not, and a sign of the search is a sign."""
    rows = client.get(f"/v1/{path}").json()["rows"]

    assert [next(iter(row.values())) for row in rows] == found


def test_runs_come_page_by_page_and_all_of_them_as_a_file(client: TestClient) -> None:
    """The run of last week is found too: nothing ends at the fiftieth."""
    for number in range(5):
        client.app.state.clock.moment += timedelta(seconds=1)  # type: ignore[attr-defined]
        client.post("/v1/plans", json={"work": 5}, headers=keyed(f"run-{number}"))

    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = client.get("/v1/runs", params={"limit": 2, "after": after}).json()
        found += [one["id"] for one in page["runs"]]
        after = page["next"]
    lines = client.get("/v1/runs?limit=1&format=csv").content.decode("utf-8-sig").splitlines()

    assert len(set(found)) == 5
    assert [line.partition(",")[0] for line in lines[1:]] == found


def test_calls_plans_and_runs_are_files_too(client: TestClient, stored: Database) -> None:
    """What somebody works off from paper: the same rows as the list."""
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))

    def lines(path: str) -> list[list[str]]:
        answer = client.get(path, params={"format": "csv"})
        assert answer.headers["content-type"].startswith("text/csv"), answer.text
        return [line.split(",") for line in answer.content.decode("utf-8-sig").splitlines()]

    calls, plans, runs = (lines(f"/v1/{name}") for name in ("calls", "plans", "runs"))

    assert calls[0] == ["visit", "ticket", "starts_at", "believed_at", "told"]
    assert [one[0] for one in calls[1:]] == [one["visit"] for one in client.get("/v1/calls").json()["calls"]]
    assert len(calls) > 1
    assert (
        [one[0] for one in plans[1:]]
        == [one["id"] for one in client.get("/v1/plans").json()["plans"]]
        == [plan]
    )
    assert [one[0] for one in runs[1:]] == [one["id"] for one in client.get("/v1/runs").json()["runs"]]
