"""Tickets over HTTP: reported, asked about, answered, followed; each write once, however often it is sent."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from dispatch.desk.triage import likely
from storage.check import untrue
from storage.database import Database
from storage.rows.region import load_region
from tests.api.http.conftest import AS_OF
from tests.api.http.test_reading_routes import code_of

REPORT = {
    "channel": "phone",
    "asset": "A1",
    "kind": "fault",
    "contract": "K1",
    "severity": "P1",
    "text": "it is dark",
    "contact": "gate 3",
}
MOST_STATEMENTS = 15
"""Of a report without equipment, two more where its lane of the audit begins."""

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


def keyed(key: str, **more: str) -> dict[str, str]:
    """Headers of a write."""
    return {"Idempotency-Key": key, **more}


def opened(client: TestClient, key: str = "one") -> str:
    """Report one with everything that is needed; gives its number."""
    answer = client.post("/v1/tickets", json=REPORT, headers=keyed(key))
    assert answer.status_code == 201, answer.text
    assert answer.json()["opened"]
    return str(answer.json()["ticket"])


def test_a_report_with_nothing_missing_is_a_ticket_at_once(client: TestClient) -> None:
    """The caller hears the number on the phone, and the desk what it resembles."""
    trip = {"minutes": 90, "skills": {"hv": 2}, "parts": {"P1": 1}}

    answer = client.post("/v1/tickets", json=REPORT | {"trip": trip}, headers=keyed("one"))

    body = answer.json()
    assert (answer.status_code, body["opened"], body["visit"]) == (201, True, f"{body['ticket']}/1")
    assert [one["likeness"] for one in body["duplicates"]] == ["open"]
    shown = client.get(answer.headers["location"])
    assert shown.headers["etag"] == '"0"'
    assert [one["visit"] for one in shown.json()["visits"]] == [body["visit"]]
    assert shown.json()["customer"] == "C1"


def test_a_report_asks_the_database_few_things(client: TestClient, stored: Database) -> None:
    """Each statement is a way there and back on PostgreSQL, and the whole region waits meanwhile."""
    said: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            said.append(statement)

    opened(client)
    for engine in {stored.engine, stored.writer}:
        event.listen(engine, "before_cursor_execute", note)

    client.post("/v1/tickets", json={"channel": "phone", "text": "it is dark"}, headers=keyed("two"))

    assert 0 < len(said) <= MOST_STATEMENTS, said


def test_what_is_missing_is_asked_for_and_the_last_answer_opens_the_ticket(client: TestClient) -> None:
    """Nothing is guessed: a question comes with answers that would do."""
    said = {name: value for name, value in REPORT.items() if name != "severity"}
    taken = client.post("/v1/tickets", json=said, headers=keyed("one")).json()
    number = taken["ticket"]

    waiting = client.get(f"/v1/tickets/{number}").json()
    answered = client.post(
        f"/v1/tickets/{number}/answers", json={"asked": "severity", "value": "P2"}, headers=keyed("two")
    )

    assert (
        [one["asked"] for one in taken["questions"]]
        == ["severity"]
        == [one["asked"] for one in waiting["questions"]]
    )
    assert answered.json()["opened"]
    assert client.get(f"/v1/tickets/{number}").json()["severity"] == "P2"


def test_what_happens_is_written_down_and_the_version_counts_it(client: TestClient) -> None:
    """The ETag of one write is the If-Match of the next."""
    number = opened(client)

    first = client.post(
        f"/v1/tickets/{number}/events",
        json={"kind": "acknowledged"},
        headers=keyed("a", **{"If-Match": '"0"'}),
    )
    late = client.post(
        f"/v1/tickets/{number}/events",
        json={"kind": "waiting", "value": "access", "reason": "gate shut"},
        headers=keyed("b", **{"If-Match": '"0"'}),
    )
    again = client.post(
        f"/v1/tickets/{number}/events",
        json={"kind": "waiting", "value": "access", "reason": "gate shut"},
        headers=keyed("b", **{"If-Match": first.headers["etag"]}),
    )

    assert (first.status_code, first.json()["version"]) == (201, 1)
    assert (late.status_code, code_of(late)) == (412, "desk.ticket_moved_on")
    assert again.json()["version"] == 2
    body = client.get(f"/v1/tickets/{number}/events").json()
    assert [(one["kind"], one["value"]) for one in body["events"]] == [
        ("acknowledged", ""),
        ("waiting", "access"),
    ]


def test_an_event_that_cannot_have_happened_is_refused(client: TestClient) -> None:
    """The rules of the desk are the same by every way in."""
    number = opened(client)
    path = f"/v1/tickets/{number}/events"

    future = {"kind": "acknowledged", "at": (AS_OF + timedelta(hours=1)).isoformat()}
    assert code_of(client.post(path, json=future, headers=keyed("a"))) == "desk.ahead_of_now"
    assert client.post(path, json={"kind": "verified"}, headers=keyed("b")).status_code == 422
    assert code_of(client.post(path, json={"kind": "dance"}, headers=keyed("c"))) == "request.wrong_value"
    unknown = client.post("/v1/tickets/T-9/events", json={"kind": "acknowledged"}, headers=keyed("d"))
    assert (unknown.status_code, code_of(unknown)) == (404, "desk.unknown_ticket")


def test_a_write_without_a_key_is_refused(client: TestClient) -> None:
    """Without one a lost answer would leave nobody knowing whether to send it again."""
    answer = client.post("/v1/tickets", json=REPORT)

    assert (answer.status_code, code_of(answer)) == (400, "request.no_key")


def test_the_same_write_again_has_the_same_reply_and_no_effect(client: TestClient, stored: Database) -> None:
    """The clock has moved on between the two: a moment nobody named is that of the first."""
    first = client.post("/v1/tickets", json=REPORT, headers=keyed("one"))
    client.app.state.clock.moment += timedelta(minutes=5)  # type: ignore[attr-defined]

    again = client.post("/v1/tickets", json=REPORT, headers=keyed("one"))

    assert (again.status_code, again.json()) == (201, first.json())
    assert len(client.get("/v1/tickets").json()["tickets"]) == 3
    assert untrue(stored) == []


def test_a_key_with_another_body_is_refused(client: TestClient) -> None:
    """One of the two would otherwise have been lost without a word."""
    opened(client)

    answer = client.post("/v1/tickets", json=REPORT | {"text": "it burns"}, headers=keyed("one"))

    assert (answer.status_code, code_of(answer)) == (422, "database.key_reused")


def test_the_same_write_from_many_at_once_has_one_effect(client: TestClient) -> None:
    """An impatient client and its proxy both repeat; they meet at the key, not at two tickets."""

    def sent(number: int) -> Any:
        client.app.state.clock.moment = AS_OF + timedelta(seconds=number)  # type: ignore[attr-defined]
        return client.post("/v1/tickets", json=REPORT, headers=keyed("one"))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(sent, range(16)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    replies = {answer.json()["ticket"] for answer in answers if answer.status_code == 201}
    assert len(replies) == 1
    assert len(client.get("/v1/tickets").json()["tickets"]) == 3


class ReplyLost:
    """The application, whose replies do not leave the machine: it died after the commit, or the line did."""

    def __init__(self, app: Any) -> None:
        """Stand around an application."""
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Do the work, and break off where the reply would begin."""

        async def never(_message: Any) -> None:
            raise ConnectionResetError

        await self.app(scope, receive, never if scope["type"] == "http" else send)


def test_a_write_whose_reply_was_lost_is_answered_when_it_is_sent_again(client: TestClient) -> None:
    """Between the commit and the reply everything can happen: what was done is done, and said the second time."""
    line = TestClient(ReplyLost(client.app), headers=dict(client.headers))
    with pytest.raises(ConnectionResetError):
        line.post("/v1/tickets", json=REPORT, headers=keyed("one"))
    there = [one["id"] for one in client.get("/v1/tickets").json()["tickets"]]

    again = client.post("/v1/tickets", json=REPORT, headers=keyed("one"))

    assert (len(there), again.status_code) == (3, 201)
    assert again.json()["ticket"] in there
    assert [one["id"] for one in client.get("/v1/tickets").json()["tickets"]] == there


def test_a_file_is_kept_and_given_back_as_a_download(client: TestClient) -> None:
    """A page a stranger sent must not run as one of ours."""
    number = opened(client)
    path = f"/v1/tickets/{number}/attachments"

    kept = client.post(
        f"{path}?name=hall.png", content=PNG, headers=keyed("f", **{"Content-Type": "image/png"})
    ).json()
    found = client.get(f"{path}/{kept['digests'][0]}")

    assert (found.content, found.headers["content-type"]) == (PNG, "image/png")
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["x-content-type-options"] == "nosniff"
    png = {"Content-Type": "image/png"}
    other = client.post(f"{path}?name=hall.png", content=PNG + b"0", headers=keyed("f", **png))
    renamed = client.post(f"{path}?name=yard.png", content=PNG, headers=keyed("f", **png))
    again = client.post(f"{path}?name=hall.png", content=PNG, headers=keyed("f", **png))
    assert [code_of(one) for one in (other, renamed)] == ["database.key_reused"] * 2
    assert again.json() == kept
    shown = client.get(f"/v1/tickets/{number}").json()["attachments"]
    assert [(one["name"], one["size"]) for one in shown] == [("hall.png", len(PNG))]
    missing = client.get(f"{path}/{'0' * 64}")
    assert (missing.status_code, code_of(missing)) == (404, "attachment.unknown")


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (PNG, "application/x-msdownload", "intake.attachment_type"),
        (b"MZ not a picture", "image/png", "intake.attachment_not_its_type"),
        (b"", "image/png", "intake.attachment_empty"),
        (PNG + b"0" * 15_000_000, "image/png", "intake.attachment_too_big"),
    ],
)
def test_a_file_of_another_kind_or_size_is_refused(
    client: TestClient, content: bytes, media_type: str, code: str
) -> None:
    """The desk's practice says what may come, by type, by content, by size."""
    number = opened(client)

    answer = client.post(
        f"/v1/tickets/{number}/attachments",
        content=content,
        headers=keyed("f", **{"Content-Type": media_type}),
    )

    assert (answer.status_code, code_of(answer)) == (422, code)


def test_a_ticket_says_what_it_is_entitled_to_and_why(client: TestClient) -> None:
    """In the caller's language, and as a code for programs."""
    body = client.get("/v1/tickets/G1/entitlement", headers={"Accept-Language": "zh"}).json()

    assert body["verdict"] in {"covered", "chargeable", "unknown", "suspended"}
    assert body["code"].startswith("entitlement.")
    assert not body["reason"].isascii()


def test_triage_counts_what_the_model_took_before(client: TestClient, stored: Database) -> None:
    """Proposals stand with their grounds: n of m, by the same fold as over the whole region."""
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    expected = likely(region.field.closed_tickets, model="M-9", symptom="no-power")

    body = client.get("/v1/tickets/G1/triage").json()

    assert (body["model"], body["symptom"], body["counted"]) == ("M-9", expected.symptom, expected.n)
    assert [(one["what"], one["n"], one["m"], one["quantity"]) for one in body["parts"]] == [
        (one.what, one.n, one.m, one.quantity) for one in expected.parts
    ]
    assert body["parts"]
    assert client.get("/v1/tickets/G9/triage").status_code == 404


def test_an_open_clock_shows_its_arithmetic(client: TestClient) -> None:
    """A due time nobody can check is a due time nobody trusts."""
    clocks = client.get("/v1/tickets/G1").json()["clocks"]

    assert any(one["arithmetic"] for one in clocks)
    assert all(not one["arithmetic"] for one in clocks if one["state"] == "met")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, ["G1", "G2"]),
        ({"severity": "P3"}, ["G2"]),
        ({"site": "S1"}, ["G1"]),
        ({"customer": "C1"}, ["G1", "G2"]),
        ({"customer": "C9"}, []),
        ({"asset": "A1"}, ["G1"]),
        ({"contract": "K1"}, ["G1"]),
        ({"waiting": True}, ["G1"]),
        ({"stage": "acknowledged"}, ["G1"]),
        ({"sort": "newest"}, ["G1", "G2"]),
        ({"within_h": 0}, ["G2"]),
        ({"breached": True, "at": "2026-03-08T00:00:00+08:00"}, ["G1", "G2"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 50])
def test_a_list_holds_what_was_asked_for(
    client: TestClient, query: dict[str, Any], numbers: list[str], limit: int
) -> None:
    """Page by page or at once, the same tickets in the same order."""
    found: list[str] = []
    after = ""
    while True:
        body = client.get("/v1/tickets", params={**query, "limit": limit, "after": after}).json()
        found += [one["id"] for one in body["tickets"]]
        after = body["next"]
        if after is None:
            break

    assert found == numbers


@pytest.mark.parametrize("sort", ["newest", "due"])
def test_a_list_names_the_customers_and_sites_of_its_page(client: TestClient, sort: str) -> None:
    """Nobody knows customers by their ids; of who is not on the page nothing is told."""
    known = {one["customer_id"]: one["name"] for one in client.get("/v1/customers").json()["rows"]}
    sites = {one["site_id"]: one["name"] for one in client.get("/v1/sites").json()["rows"]}

    page = client.get("/v1/tickets", params={"limit": 1, "sort": sort}).json()

    (ticket,) = page["tickets"]
    assert page["customers"] == {ticket["customer"]: known[ticket["customer"]]}
    assert page["sites"] == {ticket["site"]: sites[ticket["site"]]}


def test_a_list_is_given_as_a_file(client: TestClient) -> None:
    """Whole, with a header line, whatever the page's size."""
    answer = client.get("/v1/tickets?format=csv&limit=1")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert lines[0].startswith("id,stage,waiting,severity")
    assert [line.partition(",")[0] for line in lines[1:]] == ["G1", "G2"]
