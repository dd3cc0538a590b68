"""Approvals, loans, charges, complaints, surveys over HTTP: each fact once, judged by the desk's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dispatch.desk.clause import Exclusion
from dispatch.desk.entitlement import Finding
from kernel.envelope import Envelope
from storage.appended import queue
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset.money_tables import CHARGE_EVENTS, FINDINGS
from storage.dataset.read import read
from storage.desk.facts import record
from storage.rows.facts import add, values_in
from storage.scope import Scope
from storage.tables.people import Role
from storage.unit_of_work import UnitOfWork
from tests.api.http.conftest import AS_OF
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.databases import Make, copies, with_region
from tests.dataset_builder import crewed


def imported(address: str, folder: Path) -> Make:
    """Copies of a database with the region of a folder in it."""
    return copies(with_region(address, read(folder)))


@pytest.fixture(scope="session")
def make_crewed(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """The crewed region: something stands in every list."""
    return imported(make_url(), crewed(tmp_path_factory.mktemp("imported") / "crewed"))


@pytest.fixture
def stored(make_crewed: Make) -> Iterator[Database]:
    """A database with the crewed region."""
    database = open_database(make_crewed())
    yield database
    database.close()


def pages(client: TestClient, path: str, **query: Any) -> list[dict[str, Any]]:
    """A list, page by page of one; checked to be the whole list."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        body = client.get(path, params={**query, "limit": 1, "after": after}).json()
        found += body["rows"]
        after = body["next"]
        if after is None:
            break
    assert client.get(path, params=query).json()["rows"] == found
    return found


LISTS = {
    "approvals": ({"decided": True}, ["AP1"]),
    "loans": ({}, ["B1"]),
    "loaner-units": ({}, ["N1", "N2"]),
    "loaner-classes": ({}, ["L1", "L2"]),
    "charges": ({}, ["X1"]),
    "charge-steps": ({}, ["X1", "X1", "X1"]),
    "complaints": ({}, ["Q1", "Q2"]),
    "surveys": ({}, []),
}


@pytest.mark.parametrize(("path", "query", "first_column"), [(path, *rest) for path, rest in LISTS.items()])
def test_what_stands_is_listed_page_by_page_and_as_a_file(
    client: TestClient, path: str, query: dict[str, Any], first_column: list[str]
) -> None:
    """People look at a page; the books take in the whole file."""
    rows = pages(client, f"/v1/{path}", **query)
    file = client.get(f"/v1/{path}", params={**query, "format": "csv"}).content.decode("utf-8-sig")

    assert [next(iter(row.values())) for row in rows] == first_column
    assert [line.partition(",")[0] for line in file.splitlines()[1:]] == first_column
    assert code_of(client.get(f"/v1/{path}?after=W10")) == "request.bad_cursor"


REQUEST = {
    "approval": "AP2",
    "ticket": "G1",
    "kind": "purchase",
    "price_cents": 150_000,
    "reason": "board",
}


def test_a_request_waits_in_the_inbox_until_somebody_else_decides(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Four eyes: whoever asked finds it in no inbox of his, and his own word is refused."""
    dispatcher = as_role(Role.DISPATCHER)

    asked = client.post("/v1/approvals", json=REQUEST, headers=dispatcher | keyed("ask"))
    waiting = client.get("/v1/approvals?mine=true").json()["rows"]
    own = client.get("/v1/approvals?mine=true", headers=dispatcher).json()["rows"]
    word = client.post("/v1/approvals/AP2/decision", json={"approved": True}, headers=keyed("decide"))
    other = {"approved": False, "reason": "too dear"}
    again = client.post("/v1/approvals/AP2/decision", json=other, headers=keyed("again"))

    assert asked.status_code == 201, asked.text
    assert [(one["approval"], one["may_decide"]) for one in waiting] == [
        ("AP2", ["dispatcher", "manager", "director"])
    ]
    assert own == []
    assert word.json() == {"approval": "AP2", "step": "approved", "new": True}
    assert code_of(again) == "approval.decided_already"
    (row,) = [
        one for one in client.get("/v1/approvals?decided=true").json()["rows"] if one["approval"] == "AP2"
    ]
    assert (row["step"], row["role"], row["is_mine"]) == ("approved", "manager", False)
    assert "" not in {row["asked_by_name"], row["decided_by_name"]}
    assert client.get("/v1/approvals?own=true&decided=true").json()["rows"] == []
    theirs = client.get("/v1/approvals?own=true&decided=true", headers=dispatcher).json()["rows"]
    assert [one["approval"] for one in theirs] == ["AP2"]


def test_a_decision_keeps_to_the_role_and_the_person(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Nobody decides his own, nobody beyond his limit, nobody without the right."""
    client.post("/v1/approvals", json=REQUEST, headers=keyed("mine"))
    dear = REQUEST | {"approval": "AP3", "price_cents": 3_000_000}
    client.post("/v1/approvals", json=dear, headers=as_role(Role.DISPATCHER) | keyed("dear"))

    def word(approval: str, key: str, **more: Any) -> Any:
        headers = more.pop("headers", {}) | keyed(key)
        return client.post(
            f"/v1/approvals/{approval}/decision", json={"approved": True, **more}, headers=headers
        )

    assert code_of(word("AP2", "a")) == "approval.own_request"
    assert code_of(word("AP3", "b")) == "approval.role_may_not"
    assert code_of(word("AP9", "c")) == "approval.not_asked"
    assert code_of(word("AP3", "d", headers=as_role(Role.DISPATCHER))) == "right.denied"
    silent = client.post("/v1/approvals/AP3/decision", json={"approved": False}, headers=keyed("e"))
    assert code_of(silent) == "approval.reason_missing"
    back = client.post("/v1/approvals/AP2/withdrawal", json={"reason": "found"}, headers=keyed("f"))
    assert back.json()["step"] == "withdrawn"
    cheap = REQUEST | {"approval": "AP4", "price_cents": 100}
    assert code_of(client.post("/v1/approvals", json=cheap, headers=keyed("g"))) == "approval.not_needed"


def test_what_another_customer_s_ticket_costs_is_asked_by_nobody_of_this_one(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """The ticket stands in the body: it is judged as one in the path is."""
    other = as_role(Role.DISPATCHER, Scope(regions=("R1",), customers=("C9",)))
    client.post("/v1/approvals", json=REQUEST, headers=keyed("mine"))

    asked = client.post("/v1/approvals", json=REQUEST | {"approval": "AP5"}, headers=other | keyed("a"))
    back = client.post("/v1/approvals/AP2/withdrawal", json={"reason": "x"}, headers=other | keyed("b"))

    assert (asked.status_code, code_of(asked)) == (404, "desk.unknown_ticket")
    assert (back.status_code, code_of(back)) == (404, "approval.not_asked")
    assert code_of(client.get("/v1/approvals", headers=other)) == "right.scope_too_narrow"


def test_a_loaner_goes_out_comes_back_and_is_looked_at(client: TestClient, stored: Database) -> None:
    """Every step has its place; a unit another loan holds is kept for nobody else."""
    loan = {"loan": "L7", "ticket": "G1", "unit": "N1"}
    due = (AS_OF + timedelta(days=3)).isoformat()

    def step(name: str, word: str, **more: str) -> Any:
        return client.post(f"/v1/loans/{name}/steps", json={"step": word, **more}, headers=keyed(word))

    kept = client.post("/v1/loans", json=loan, headers=keyed("keep"))
    twice = client.post("/v1/loans", json=loan | {"loan": "L8"}, headers=keyed("twice"))
    held = client.post("/v1/loans", json={**loan, "loan": "L9", "unit": "N2"}, headers=keyed("held"))

    assert kept.status_code == 201, kept.text
    assert {code_of(twice), code_of(held)} == {"loan.unit_held_twice"}
    assert code_of(step("L7", "back")) == "loan.no_such_move"
    assert step("L7", "out", due_back_at=due).status_code == 201
    assert step("L7", "at_customer").json()["ticket_event"] == "loaner_in_place"
    (shown,) = client.get("/v1/loans?unit=N1").json()["rows"]
    assert (shown["state"], shown["days_out"]) == ("at_customer", 0)
    for word in ("back", "inspecting", "passed"):
        assert step("L7", word).status_code == 201
    assert client.get("/v1/loans?unit=N1").json()["rows"] == []
    assert client.get("/v1/loans?unit=N1&ended=true").json()["rows"][0]["state"] == "passed"
    free = client.post("/v1/loans", json=loan | {"loan": "L8"}, headers=keyed("free"))
    assert free.status_code == 201, free.text
    assert not list(untrue(stored))


def test_the_pool_is_forecast_and_sized(client: TestClient) -> None:
    """How many there should be is said where enough is known, and null where it is not."""
    body = client.get("/v1/loaner-pool?days=2").json()

    assert [one["loaner_class"] for one in body["classes"]] == ["L1", "L2"]
    assert [one["unit"] for one in body["classes"][0]["units"]] == ["N1"]
    assert len(body["classes"][0]["days"]) == 3
    assert body["classes"][0]["stand_ins"] == ["L2"]
    assert code_of(client.get("/v1/loaner-pool?loaner_class=L9")) == "stock.unknown_loaner_class"


def test_a_charge_is_quoted_accepted_paid_and_done_in_that_order(client: TestClient) -> None:
    """The same steps the books see; one that cannot follow leaves nothing behind."""

    def step(word: str, key: str, **more: Any) -> Any:
        body = {"ticket": "G3", "step": word, **more}
        return client.post("/v1/charges/X2/steps", json=body, headers=keyed(key))

    early = step("accepted", "early")
    quoted = step("quoted", "quote", item="call", cents=20_000)
    replay = step("quoted", "quote", item="call", cents=20_000)
    other = step("quoted", "quote", item="call", cents=30_000)
    step("accepted", "accept")
    (open_one,) = client.get("/v1/charges?unpaid=true").json()["rows"]
    received = step("deposit_recorded", "pay", cents=open_one["balance_cents"])

    assert code_of(early) == "charge.no_such_move"
    assert quoted.json() == replay.json() == {"charge": "X2", "step": "quoted", "new": True}
    assert code_of(other) == "database.key_reused"
    assert open_one["balance_cents"] == open_one["total_cents"] == 20_000
    assert received.status_code == 201, received.text
    assert client.get("/v1/charges?unpaid=true").json()["rows"] == []
    file = client.get("/v1/charge-steps?format=csv&ticket=G3").content.decode("utf-8-sig").splitlines()
    assert file[0].split(",") == [
        "charge",
        "ticket",
        "at",
        "by",
        "by_name",
        "step",
        "item",
        "part",
        "quantity",
        "cents",
        "currency",
        "reason",
    ]
    assert len(file) == 1 + 3 + 3


def test_much_money_given_back_takes_the_right_to_approve(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Many small refunds are one large one; who may approve is asked nothing, and the same request again is the same."""
    app: Any = client.app
    app.state.settings = app.state.settings.model_copy(update={"refund_approval_above": 100})
    dispatcher = as_role(Role.DISPATCHER)

    def step(word: str, key: str, head: dict[str, str], **more: Any) -> Any:
        body = {"ticket": "G3", "step": word, **more}
        return client.post("/v1/charges/X2/steps", json=body, headers={**head, **keyed(key)})

    step("quoted", "quote", dispatcher, item="call", cents=20_000)
    step("accepted", "accept", dispatcher)
    small = step("refunded", "small", dispatcher, cents=6_000, reason="too late")
    again = step("refunded", "small", dispatcher, cents=6_000, reason="too late")
    more = step("refunded", "more", dispatcher, cents=4_001, reason="too late")
    free = step("repeated_free", "free", dispatcher, reason="not well done")
    approved = step("refunded", "approved", {}, cents=4_001, reason="too late")

    assert small.status_code == again.status_code == 201, small.text
    assert (more.status_code, code_of(more)) == (403, "charge.needs_approval")
    assert code_of(free) == "charge.needs_approval"
    assert approved.status_code == 201, approved.text


def test_refunds_that_look_alike_are_counted_each(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """Two rows of one moment and amount, as an import brings them, are two refunds; one said again is not a third."""
    app: Any = client.app
    app.state.settings = app.state.settings.model_copy(update={"refund_approval_above": 100})
    dispatcher = as_role(Role.DISPATCHER)

    def step(word: str, key: str, **more: Any) -> Any:
        body = {"ticket": "G3", "step": word, **more}
        return client.post("/v1/charges/X2/steps", json=body, headers={**dispatcher, **keyed(key)})

    step("quoted", "quote", item="call", cents=20_000)
    step("accepted", "accept")
    first = step("refunded", "first", cents=5_000, reason="too late")
    alike = step("refunded", "alike", cents=5_000, reason="too late")
    with stored.reading() as connection:
        *_, given = values_in(connection, CHARGE_EVENTS, "R1", charge_id="X2")
    stored.run(Envelope("desk-1", "test", AS_OF, "twin", "R1"), lambda work: add_twin(work, given))

    more = step("refunded", "more", cents=1, reason="too late")

    assert (first.json()["new"], alike.json()["new"]) == (True, False)
    assert (more.status_code, code_of(more)) == (403, "charge.needs_approval")


def add_twin(work: UnitOfWork, event: Any) -> None:
    """A row that looks like one that is there."""
    queue(work)
    add(work, CHARGE_EVENTS, (event,))


def test_a_quote_says_what_a_ticket_would_cost_and_keeps_nothing(
    client: TestClient, stored: Database
) -> None:
    """On the phone, before anybody has promised anything."""
    body = {"ticket": "G1", "parts": {"P1": {"quantity": 2, "list_price_cents": 1500}}}
    covered = client.post("/v1/quotes", json=body).json()
    misused = Finding("G1", AS_OF, "E1", Exclusion.MISUSE, "water inside")
    envelope = Envelope("desk-1", "test", AS_OF, "found", "R1")
    stored.run(envelope, lambda work: record(work, FINDINGS, misused))

    answer = client.post("/v1/quotes", json=body)

    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (covered["verdict"], covered["lines"], covered["total_cents"]) == ("covered", [], 0)
    assert (said["verdict"], said["currency"]) == ("chargeable", "CNY")
    assert said["total_cents"] == sum(line["cents"] for line in said["lines"])
    assert [line["cents"] for line in said["lines"] if line["part"] == "P1"] == [3000]
    assert len(client.get("/v1/charge-steps").json()["rows"]) == 3
    unknown = client.post("/v1/quotes", json=body | {"parts": {"P9": {"quantity": 1}}})
    assert code_of(unknown) == "charge.unknown_part"


def test_a_complaint_is_answered_by_its_own_clocks(client: TestClient) -> None:
    """Its scheme is that of the ticket; who owes what until when stands in the list."""
    body = {"complaint": "Q7", "customer": "C1", "ticket": "G3", "text": "nobody called"}

    made = client.post("/v1/complaints", json=body, headers=keyed("make"))
    (row,) = client.get("/v1/complaints?ticket=G3").json()["rows"]
    early = client.post("/v1/complaints/Q7/steps", json={"step": "settled"}, headers=keyed("early"))
    answer = {"step": "answered", "reason": "we come again", "remedy": "free-repeat"}
    client.post("/v1/complaints/Q7/steps", json=answer, headers=keyed("answer"))
    (after,) = client.get("/v1/complaints?ticket=G3").json()["rows"]

    assert made.json() == {"complaint": "Q7", "new": True}
    assert (row["scheme"], row["state"], row["next_step"]) == ("value-added", "made", "accepted")
    assert row["next_due_at"] is not None
    assert code_of(early) == "complaint.no_such_move"
    assert (after["state"], after["next_step"], after["remedies"]) == ("answered", None, ["free-repeat"])
    other = client.post(
        "/v1/complaints", json=body | {"complaint": "Q8", "scheme": "field-2-4-24"}, headers=keyed("other")
    )
    assert code_of(other) == "complaint.other_scheme"
    unsaid = {"complaint": "Q8", "customer": "C1", "text": "the bill"}
    assert (
        code_of(client.post("/v1/complaints", json=unsaid, headers=keyed("unsaid")))
        == "complaint.which_scheme"
    )
    bill = client.post("/v1/complaints", json=unsaid | {"scheme": "value-added"}, headers=keyed("bill"))
    assert bill.status_code == 201, bill.text


def test_who_was_closed_is_asked_and_a_fault_that_is_back_opens_the_ticket(client: TestClient) -> None:
    """The answer belongs to the ticket's life: a returned fault is an open ticket again."""
    early = client.post("/v1/surveys/G3/steps", json={"step": "sent"}, headers=keyed("early"))
    for kind in ("acknowledged", "proposed", "agreed", "on_site", "repaired", "verified", "closed"):
        body: dict[str, Any] = {"kind": kind}
        answer = client.post("/v1/tickets/G3/events", json=body, headers=keyed(kind))
        assert answer.status_code == 201, answer.text

    (row,) = client.get("/v1/surveys").json()["rows"]
    score = client.post("/v1/surveys/G3/steps", json={"step": "answered", "score": 5}, headers=keyed("score"))
    twice = client.post("/v1/surveys/G3/steps", json={"step": "answered", "score": 1}, headers=keyed("twice"))
    back = client.post(
        "/v1/surveys/G3/steps", json={"step": "returned", "remark": "dark again"}, headers=keyed("back")
    )

    assert code_of(early) == "survey.not_closed"
    assert row["ticket"] == "G3"
    assert score.json()["ticket_event"] == "surveyed"
    assert code_of(twice) == "survey.answered_twice"
    assert back.json()["ticket_event"] == "reopened"
    assert client.get("/v1/tickets/G3/events").json()["events"][-1]["kind"] == "reopened"


def test_a_list_of_reports_is_brought_in_line_by_line_and_once(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """A bad line holds up no other; the list sent again, under whatever key, opens nothing twice."""
    head = "reference,at,channel,asset,kind,severity,text,contact\n"
    good = "N-1,2026-03-06T07:30+08:00,phone,A1,fault,P1,it hums,gate 3\n"
    bad = "N-2,2026-03-06,phone,A1,fault,P1,it hums,gate 3\n"
    sent = {"content": (head + good + bad).encode(), "headers": keyed("one", **{"Content-Type": "text/csv"})}

    first = client.post("/v1/imports/reports", **sent)  # type: ignore[arg-type]
    again = client.post(
        "/v1/imports/reports",
        content=(head + good + bad).encode(),
        headers=keyed("two", **{"Content-Type": "text/csv"}),
    )

    assert first.status_code == 200, first.text
    body = first.json()
    assert (body["given"], body["accepted"], body["known"]) == (2, 1, 0)
    assert [(one["line"], one["code"]) for one in body["refused"]] == [(3, "clock.naive_time")]
    assert client.get(f"/v1/tickets/{body['reports'][0]['ticket']}").status_code == 200
    assert (again.json()["known"], again.json()["reports"]) == (1, body["reports"])
    narrow = as_role(Role.INTEGRATION, Scope(regions=("R1",), customers=("C1",)))
    denied = client.post("/v1/imports/reports", content=b"x", headers=narrow | keyed("three"))
    assert code_of(denied) == "right.scope_too_narrow"
    large = client.post("/v1/imports/reports", content=b"x" * 1_000_001, headers=keyed("four"))
    assert (large.status_code, code_of(large)) == (413, "request.body_too_large")
