"""Messages and addresses over HTTP: what waits is seen without its receiver, sent anew, dropped, each once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from api.schemas.messages import MessageIn
from kernel.envelope import Envelope
from kernel.errors import Refusal
from kernel.place import LatLon
from storage.database import Database
from storage.outbox import drop, find, give_up, letters, sent, take_due
from storage.outside import MANUAL, Found, keep_address, plain_address
from storage.scope import Scope
from storage.tables.command import AuditRow
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.database_builders import envelope

SAID: dict[str, Any] = MessageIn.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index, assignment]


def waiting(client: TestClient, **query: str) -> list[dict[str, Any]]:
    """The messages listed."""
    rows: list[dict[str, Any]] = client.get("/v1/messages", params=query).json()["rows"]
    return rows


def given_up(client: TestClient, stored: Database, key: str) -> int:
    """A message nobody took; gives its number."""
    client.post("/v1/messages", json=SAID, headers=keyed(key))
    with stored.reading() as connection:
        newest = letters(connection, "R1")[0]
    for number in range(5):
        for letter in stored.run(
            envelope(now=AS_OF, key=f"take-{key}-{number}"),
            lambda work: take_due(work, most=9, hold=work.now - work.now),
        ):
            if letter.seq == newest.seq:
                stored.run(
                    envelope(now=AS_OF, key=f"dead-{key}"),
                    lambda work, letter=letter: give_up(
                        work, letter, Refusal("message.unknown_channel", channel="x")
                    ),  # type: ignore[misc]
                )
    return newest.seq


def test_a_message_is_left_once_and_its_receiver_is_not_told(client: TestClient) -> None:
    """Whoever reads what waits learns nobody's number."""
    first = client.post("/v1/messages", json=SAID, headers=keyed("m-1"))
    again = client.post("/v1/messages", json=SAID, headers=keyed("m-1"))
    other = client.post("/v1/messages", json=SAID | {"lang": "en"}, headers=keyed("m-1"))
    unknown = client.post("/v1/messages", json=SAID | {"kind": "gossip"}, headers=keyed("m-2"))

    (one,) = waiting(client)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert code_of(other) == "database.key_reused"
    assert code_of(unknown) == "message.unknown_kind"
    assert (one["kind"], one["state"], one["about"]) == ("visit_moved", "waiting", SAID["about"])
    assert "591" not in client.get("/v1/messages").text + client.get("/v1/messages?format=csv").text


def test_what_was_given_up_is_sent_anew_or_dropped_each_once(client: TestClient, stored: Database) -> None:
    """By its number, with the reason it was given up for; the same key again has no second effect."""
    number = given_up(client, stored, "m-1")
    dead = waiting(client, state="dead")

    anew = client.post(f"/v1/messages/{number}/again", headers=keyed("a-1"))
    same = client.post(f"/v1/messages/{number}/again", headers=keyed("a-1"))
    more = client.post(f"/v1/messages/{number}/again", headers=keyed("a-2"))
    dropped = client.post(f"/v1/messages/{number}/drop", headers=keyed("d-1"))
    none = client.post("/v1/messages/999999/drop", headers=keyed("d-2"))

    assert [(one["number"], one["code"]) for one in dead] == [(number, "message.unknown_channel")]
    assert (anew.status_code, same.json()) == (200, anew.json())
    assert code_of(more) == "outbox.not_dead"
    assert dropped.json() == {"number": number, "about": SAID["about"]}
    assert (none.status_code, code_of(none)) == (404, "outbox.unknown")
    assert [one["state"] for one in waiting(client)] == ["dropped"]


def test_every_page_together_is_the_list(client: TestClient) -> None:
    """Newest first; a message that comes meanwhile moves no page."""
    for number in range(5):
        client.post("/v1/messages", json=SAID, headers=keyed(f"m-{number}"))
    numbers: list[int] = []
    after = ""
    while True:
        page = client.get("/v1/messages", params={"limit": 2, "after": after}).json()
        numbers += [one["number"] for one in page["rows"]]
        after = page["next"] or ""
        if not after:
            break

    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 5


def test_an_address_put_right_stays_right(client: TestClient) -> None:
    """A person's word stands above any service; without a service nothing is found that nobody said."""
    where = {"address": "Binjiang Road 12", "lat": 26.07, "lon": 119.3}
    unknown = client.post("/v1/addresses/find", json={"address": where["address"]}, headers=keyed("f-1"))

    fixed = client.put("/v1/addresses", json=where, headers=keyed("x-1"))
    again = client.put("/v1/addresses", json=where, headers=keyed("x-1"))
    other = client.put("/v1/addresses", json=where | {"lat": 1.0}, headers=keyed("x-1"))
    found = client.post("/v1/addresses/find", json={"address": " binjiang road  12"}, headers=keyed("f-2"))

    seen = {"If-Match": found.headers["etag"]}
    better = client.put("/v1/addresses", json=where | {"lat": 26.08}, headers=keyed("x-2") | seen)
    late = client.put("/v1/addresses", json=where | {"lat": 26.09}, headers=keyed("x-3") | seen)

    assert (better.status_code, late.status_code, code_of(late)) == (200, 412, "register.moved_on")
    assert code_of(unknown) == "outside.no_geocoder"
    assert fixed.json() == again.json() == found.json()
    assert found.json()["source"] == "manual"
    assert code_of(other) == "database.key_reused"


@pytest.mark.parametrize("held", [True, False], ids=["held to what was seen", "whatever it was"])
def test_of_two_who_put_an_address_right_at_once_the_later_is_not_lost(
    client: TestClient, stored: Database, *, held: bool
) -> None:
    """He waits for the first to commit: then he is told that it moved on, or what he says stands."""
    where = {"address": "Binjiang Road 12", "lat": 26.07, "lon": 119.3}
    client.put("/v1/addresses", json=where, headers=keyed("x-1")).raise_for_status()
    seen = client.post("/v1/addresses/find", json={"address": where["address"]}, headers=keyed("f-1"))
    headers = keyed("x-2") | ({"If-Match": seen.headers["etag"]} if held else {})
    first = Found(plain_address("Binjiang Road 12"), MANUAL, LatLon(26.08, 119.3), "", AS_OF)

    def waits() -> bool:
        if stored.kind != "postgresql":
            return True
        with stored.reading() as connection:
            return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())

    with ThreadPoolExecutor(1) as pool:
        with stored.writing(Envelope("desk-2", "desk", AS_OF, "first", "none")) as work:
            keep_address(work, first)
            later = pool.submit(client.put, "/v1/addresses", json=where | {"lat": 26.09}, headers=headers)
            while not (waits() or later.done()):
                Event().wait(0.01)
        answer = later.result()
    now = client.post("/v1/addresses/find", json={"address": where["address"]}, headers=keyed("f-2")).json()

    assert (answer.status_code, now["lat"]) == ((412, 26.08) if held else (200, 26.09))


@pytest.mark.parametrize(
    "scope", [Scope(regions=("R1",), customers=("C1",)), Scope(regions=("R1",), depots=("D1",))]
)
def test_who_answers_for_a_part_sends_nothing(
    client: TestClient, as_role: Callable[..., dict[str, str]], scope: Scope
) -> None:
    """A message may be about anybody."""
    narrow = as_role(Role.MANAGER, scope)

    answers = [
        client.get("/v1/messages", headers=narrow),
        client.post("/v1/messages", json=SAID, headers=narrow | keyed("m-1")),
        client.put(
            "/v1/addresses", json={"address": "x", "lat": 1.0, "lon": 1.0}, headers=narrow | keyed("m-2")
        ),
    ]

    assert [code_of(one) for one in answers] == ["right.scope_too_narrow"] * 3


def test_a_director_decides_what_is_beyond_a_manager(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """The practice names a limit for him: he has an account that can use it."""
    dear = {
        "approval": "AP-9",
        "ticket": "G1",
        "kind": "purchase",
        "price_cents": 2_500_000,
        "reason": "a new hoist",
    }
    client.post("/v1/approvals", json=dear, headers=as_role(Role.DISPATCHER) | keyed("ask"))

    manager = client.post("/v1/approvals/AP-9/decision", json={"approved": True}, headers=keyed("no"))
    director = client.post(
        "/v1/approvals/AP-9/decision", json={"approved": True}, headers=as_role(Role.DIRECTOR) | keyed("yes")
    )

    assert code_of(manager) == "approval.role_may_not"
    assert director.json()["step"] == "approved", director.text


def test_what_runs_out_first_comes_first_over_all_pages(client: TestClient, stored: Database) -> None:
    """By due time with a cursor that says where the page before ended, not how many were on it."""
    for number in range(4):
        report = {
            "channel": "phone",
            "kind": "fault",
            "severity": f"P{number % 3 + 1}",
            "asset": "A1",
            "text": f"Dark hall {number}",
            "contact": "gate",
        }
        assert client.post("/v1/tickets", json=report, headers=keyed(f"r-{number}")).json()["opened"]
    everything = client.get("/v1/tickets", params={"limit": 200}).json()["tickets"]
    paged: list[dict[str, Any]] = []
    after = ""
    while True:
        page = client.get("/v1/tickets", params={"sort": "due", "limit": 2, "after": after}).json()
        paged += page["tickets"]
        after = page["next"] or ""
        if not after:
            break

    dues = [next_due(one) for one in paged]
    assert sorted(one["id"] for one in paged) == sorted(one["id"] for one in everything)
    assert len(paged) >= 6
    assert dues == sorted(dues)
    whole = client.get("/v1/tickets", params={"sort": "due", "format": "csv"}).text.splitlines()
    assert [line.split(",")[0] for line in whole[1:]] == [one["id"] for one in paged]
    assert code_of(client.get("/v1/tickets", params={"sort": "due", "after": "x"})) == "request.bad_cursor"


def next_due(ticket: dict[str, Any]) -> str:
    """The moment its next promise runs out, or one after all others."""
    return str(ticket["next_due_at"] or "9999")


@pytest.mark.parametrize(
    ("words", "found"), [("DARK", ["G1"]), ("g1", ["G1"]), ("no-power", ["G1"]), ("100%", []), ("暗", [])]
)
def test_tickets_are_found_by_their_words(client: TestClient, words: str, found: list[str]) -> None:
    """In the number, the symptom, the text; a sign the database reads as any word is only a sign."""
    tickets = client.get("/v1/tickets", params={"text": words}).json()["tickets"]

    assert [one["id"] for one in tickets] == found


def test_a_plan_that_was_never_published_is_seen_on_a_map(client: TestClient, stored: Database) -> None:
    """Every visit of it is a point at its site; nobody's home is on the map."""
    from tests.api.http.test_plans import made

    plan = made(client, stored)
    document = client.get(f"/v1/plans/{plan}").json()

    shown = client.get(f"/v1/plans/{plan}/routes.geojson")

    points = [one for one in shown.json()["features"] if one["geometry"]["type"] == "Point"]
    visits = {
        stop["ref"] for route in document["routes"] for stop in route["stops"] if stop["kind"] == "visit"
    }
    assert shown.headers["content-type"] == "application/geo+json"
    assert visits
    assert {one["properties"]["visit"] for one in points if "visit" in one["properties"]} == visits
    assert {
        tuple(one["geometry"]["coordinates"]) for one in points if one["properties"].get("visit") == "V1"
    } <= {(119.3, 26.07)}
    assert "119.29" not in shown.text, "home of E1"
    assert client.get("/v1/plans/none/routes.geojson").status_code == 404
    assert StandingClock().now() == AS_OF


@pytest.mark.parametrize("goes_out", [True, False], ids=["it went out", "it did not"])
def test_a_message_dropped_while_a_sender_has_it_is_ended_by_him(
    client: TestClient, stored: Database, *, goes_out: bool
) -> None:
    """He may have sent it already: who looks for what was said must find it, and what became of it is audited once."""
    client.post("/v1/messages", json=SAID, headers=keyed("m")).raise_for_status()
    (held,) = stored.run(
        envelope(now=AS_OF, region="none"), lambda work: take_due(work, most=5, hold=timedelta(minutes=1))
    )

    stored.run(envelope(now=AS_OF, region="R1"), lambda work: drop(work, held.seq))
    noted = envelope(now=AS_OF, region="R1")
    if goes_out:
        stored.run(noted, lambda work: sent(work, held))
    else:
        stored.run(noted, lambda work: give_up(work, held, Refusal("message.too_late")))

    with stored.reading() as connection:
        state = find(connection, "R1", held.seq).state.value
        told = select(AuditRow.c.action).where(AuditRow.c.action.in_(["message.dropped", "message.dead"]))
        audited = list(connection.execute(told).scalars())
    assert (state, audited) == (("sent", []) if goes_out else ("dropped", ["message.dropped"]))


def test_what_nobody_noted_is_dropped_by_the_next_and_audited(client: TestClient, stored: Database) -> None:
    """The sender that had it is gone: nothing of the outbox ends without a word in the books."""
    client.post("/v1/messages", json=SAID, headers=keyed("m")).raise_for_status()
    first = envelope(now=AS_OF, region="none")
    (held,) = stored.run(first, lambda work: take_due(work, most=5, hold=timedelta(minutes=1)))
    stored.run(envelope(now=AS_OF, region="R1"), lambda work: drop(work, held.seq))

    late = envelope(now=AS_OF + timedelta(minutes=2), region="none")
    taken = stored.run(late, lambda work: take_due(work, most=5, hold=timedelta(minutes=1)))

    with stored.reading() as connection:
        told = select(AuditRow.c.facts).where(AuditRow.c.action == "message.dropped")
        audited = list(connection.execute(told).scalars())
    assert taken == ()
    assert audited == [f'{{"message":"{held.id}"}}']
