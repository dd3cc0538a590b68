"""The engineer's phone by forms alone, as a browser without script sends them, on both databases."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from inventory.stock.label import Label, text_of
from storage.database import Database
from storage.rows.tickets import ticket_events
from storage.stock.queries import moves_of_document
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_tickets import PNG
from tests.api.pages.conftest import AT, ONE_KIND, PAGE, filled
from tests.people_builders import bearer

HERE = "/m/visits/V1"
ANSWERS = {
    "item-made_safe": "yes",
    "item-symptom_seen": "yes",
    "item-works_again": "yes",
    "item-tidy": "yes",
}


def said(client: TestClient, form: str, **fields: str) -> str:
    """Fill in a form of the visit's page and send it; gives the page as it is then."""
    answer = client.post(f"{HERE}/{form}", data={**hidden(client, form), **fields})
    assert (answer.status_code, answer.headers.get("location")) == (303, HERE), answer.text
    return client.get(HERE).text


def hidden(client: TestClient, form: str) -> dict[str, str]:
    """The hidden fields of a form of the visit's page, with a key of its own."""
    return filled(client.get(HERE).text, f"{HERE}/{form}")


def kinds(stored: Database) -> list[str]:
    """What happened to the ticket since the import."""
    with stored.reading() as connection:
        return [one.kind.value for one in ticket_events(connection, "R1", "G1")][2:]


def code_of(client: TestClient, form: str, **fields: str) -> str:
    """The code a form is refused with, as a program is told it."""
    data = {**hidden(client, form), **fields}
    answer = client.post(f"{HERE}/{form}", data=data, headers={"Accept": "application/problem+json"})
    return str(answer.json()["code"])


def test_the_day_shows_the_engineer_s_own_visits(e1: TestClient) -> None:
    """What he goes to, when, where, with the way there; nothing of others."""
    page = e1.get("/m").text

    assert "Mill hall" in page
    assert 'href="geo:26.07,119.3?q=26.07,119.3(Mill%20hall)"' in page
    assert "10:00–11:30" in page
    assert "Far dam" not in page
    assert page.count("not accepted yet") == 1


def test_a_visit_goes_from_acceptance_to_the_signature(
    e1: TestClient, stored: Database, clock: StandingClock
) -> None:
    """Each step is offered when it is due, written with the engineer's id and the visit, and is seen by the desk."""
    shown = []
    for minutes in (5, 20, 30):
        clock.moment = AT + timedelta(minutes=minutes)
        form = hidden(e1, "step")
        shown.append(form["kind"])
        said(e1, "step")
    clock.moment = AT + timedelta(minutes=40)
    said(e1, "pause", wait="access", reason="the gate is locked")
    clock.moment = AT + timedelta(minutes=50)
    said(e1, "step")
    said(e1, "checklist", **ANSWERS)
    clock.moment = AT + timedelta(minutes=60)
    done = said(e1, "step")
    signed = said(e1, "signature", name="Front desk")

    assert shown == ["accepted", "travelling", "on_site"]
    assert kinds(stored) == [*shown, "waiting", "resumed", "repaired", "verified"]
    assert "No work is left." in done
    assert "Signed by Front desk" in signed
    with stored.reading() as connection:
        new = ticket_events(connection, "R1", "G1")[2:-1]
    assert {(one.by, one.visit) for one in new} == {("E1", "V1")}


def test_a_form_sent_twice_has_one_effect(e1: TestClient, stored: Database, clock: StandingClock) -> None:
    """A phone without signal sends again: the same key is the same word, also a minute later."""
    form = hidden(e1, "step")

    answers = []
    for _ in range(2):
        answers.append(e1.post(f"{HERE}/step", data=form).status_code)
        clock.moment += timedelta(minutes=1)
    other = e1.post(f"{HERE}/step", data=form | {"kind": "travelling"})

    assert answers == [303, 303]
    assert kinds(stored) == ["accepted"]
    assert other.status_code == 422
    assert "database.key_reused" in other.text


def test_what_was_said_without_a_connection_counts_from_then(
    e1: TestClient, stored: Database, clock: StandingClock
) -> None:
    """The arrival is when he arrived, not when the telephone found a signal again."""
    form = hidden(e1, "step") | {"kind": "on_site", "at": AT.isoformat()}
    clock.moment = AT + timedelta(hours=2)

    e1.post(f"{HERE}/step", data=form)

    with stored.reading() as connection:
        assert ticket_events(connection, "R1", "G1")[-1].at == AT


def test_what_somebody_else_overtook_is_refused_and_may_be_said_as_of_now(
    e1: TestClient, stored: Database, clock: StandingClock
) -> None:
    """A conflict is shown, nothing is dropped: said again, it keeps the moment it was first said at."""
    clock.moment = AT + timedelta(minutes=30)
    desk = bearer(stored, Role.MANAGER, now=AS_OF)
    told = {"kind": "resumed", "at": clock.moment.isoformat()}
    assert (
        e1.post("/v1/tickets/G1/events", json=told, headers={**desk, "Idempotency-Key": "d"}).status_code
        == 201
    )

    clock.moment = AT + timedelta(minutes=40)
    late = code_of(e1, "step", kind="on_site", at=AT.isoformat())
    page = said(e1, "step", kind="on_site", was=AT.isoformat())

    assert late == "ticket.events_out_of_order"
    assert kinds(stored) == ["resumed", "on_site"]
    assert "said at 2026-03-06 09:30" in page


@ONE_KIND
def test_a_phone_whose_clock_runs_ahead_is_taken_at_now(
    e1: TestClient, stored: Database, clock: StandingClock
) -> None:
    """A minute is a wrong clock; an hour is a wrong word."""
    said(e1, "step", at=(AT + timedelta(minutes=1)).isoformat())

    with stored.reading() as connection:
        assert ticket_events(connection, "R1", "G1")[-1].at == AT
    assert (
        code_of(e1, "step", kind="on_site", at=(AT + timedelta(hours=1)).isoformat()) == "desk.ahead_of_now"
    )


def test_a_new_finish_after_the_promise_names_it_at_once(e1: TestClient, stored: Database) -> None:
    """The engineer sees what his word does, and the desk has the case the same moment."""
    said(e1, "step", kind="on_site")
    said(e1, "step", kind="resumed")
    page = said(e1, "finish", finish="09:29", reason="the shaft is bent")

    desk = bearer(stored, Role.MANAGER, now=AS_OF)
    listed = e1.get("/v1/endangered", headers={**desk, "Accept": "application/json"}).json()["endangered"]

    assert "is in danger" in page
    assert ("G1", "word") in {(one["ticket"], one["danger"]) for one in listed}


@ONE_KIND
def test_a_time_of_day_is_the_next_one(e1: TestClient, stored: Database) -> None:
    """What the clock shows again only tomorrow is tomorrow."""
    said(e1, "finish", finish="09:00")

    with stored.reading() as connection:
        assert ticket_events(connection, "R1", "G1")[-1].value == "2026-03-07T09:00:00+08:00"
    assert code_of(e1, "finish", finish="25:00") == "phone.not_a_time"


def test_a_part_needed_is_a_need_of_the_visit(e1: TestClient, stored: Database) -> None:
    """By number or by label; what is no part of ours is refused with what to do."""
    said(e1, "need", code="P2", quantity="1", reason="burnt")

    with stored.reading() as connection:
        last = ticket_events(connection, "R1", "G1")[-1]
    assert (last.kind.value, last.value, last.visit, last.reason) == ("part_needed", "P2 1", "V1", "burnt")
    assert code_of(e1, "need", code="P99", quantity="1") == "fitted.unknown_part"
    assert code_of(e1, "need", code="4006381333931", quantity="1") == "fitted.code_names_no_part"
    assert code_of(e1, "need", code="P2", quantity="0") == "form.not_a_number"


@pytest.mark.parametrize("code", ["P1", "FW1;P=P1;C=", "(01)09521234567899(241)P1", "0109521234567899241P1"])
def test_a_part_used_leaves_the_van(e1: TestClient, stored: Database, code: str) -> None:
    """Typed, from our own label, or from a GS1 code with our number: one move to the customer, under the visit."""
    read = text_of(Label(part="P1")) if code.startswith("FW1") else code
    page = said(e1, "parts", code=read, quantity="2")

    with stored.reading() as connection:
        moves = moves_of_document(connection, "R1", "V1")
    assert [(one.part, one.quantity, one.from_place, one.to_place) for one in moves] == [
        ("P1", 2, "W1", "C9")
    ]
    assert "2 × Fuse (P1)" in page
    assert code_of(e1, "parts", code="P1", quantity="1") == "stock.not_enough_free"


def test_photos_are_kept_and_what_is_none_is_refused(e1: TestClient) -> None:
    """The desk's limits hold here too: a text that calls itself a picture is not kept."""
    send = {"data": hidden(e1, "photos"), "files": [("photo", ("gate.png", PNG, "image/png"))]}
    kept = e1.post(f"{HERE}/photos", **send)  # type: ignore[arg-type]
    send = {"data": hidden(e1, "photos"), "files": [("photo", ("gate.png", b"text", "image/png"))]}
    refused = e1.post(f"{HERE}/photos", **send)  # type: ignore[arg-type]

    assert kept.status_code == 303
    assert "gate.png" in e1.get(HERE).text
    assert refused.status_code == 422
    assert "intake.attachment_not_its_type" in refused.text


@ONE_KIND
def test_only_the_form_for_photos_takes_what_is_large(e1: TestClient) -> None:
    """Megabytes in any other form are refused before they are read."""
    form = hidden(e1, "step") | {"reason": "x" * 1_000_001}

    answer = e1.post(f"{HERE}/step", data=form)

    assert (answer.status_code, "request.body_too_large" in answer.text) == (413, True)


def test_a_drawn_signature_is_kept_as_a_picture(e1: TestClient, stored: Database) -> None:
    """The picture is what the printed form shows."""
    said(e1, "checklist", **ANSWERS)
    said(e1, "step", kind="repaired")
    drawing = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"

    assert code_of(e1, "signature", name="K.", drawing="data:image/png;base64,=") == "phone.not_a_drawing"
    said(e1, "signature", name="K.", drawing=drawing)

    desk = bearer(stored, Role.MANAGER, now=AS_OF)
    files = e1.get("/v1/tickets/G1", headers={**desk, "Accept": "application/json"}).json()["attachments"]
    assert [(one["kind"], one["media_type"], one["by"]) for one in files] == [("photo", "image/png", "E1")]


def test_nothing_is_signed_before_the_work_is_done_and_checked(e1: TestClient) -> None:
    """The customer confirms a repair, not a hope."""
    before = code_of(e1, "signature", name="K.")
    said(e1, "step", kind="repaired")
    unchecked = code_of(e1, "signature", name="K.")

    assert (before, unchecked) == ("work_order.nothing_to_sign", "work_order.unanswered")


@ONE_KIND
def test_what_another_account_said_is_not_written_under_this_one(e1: TestClient, stored: Database) -> None:
    """A phone handed on still holds what its first owner said."""
    assert code_of(e1, "step", who="U-somebodyelse") == "phone.other_account"
    assert kinds(stored) == []


@ONE_KIND
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "closed"}, "phone.unknown_step"),
        ({"kind": "on_site", "colour": "red"}, "form.unknown_field"),
        ({"reason": "x" * 501}, "form.too_long"),
        ({"key": ""}, "request.no_key"),
        ({"at": "yesterday"}, "clock.not_a_moment"),
    ],
)
def test_a_form_that_says_something_else_is_refused(
    e1: TestClient, fields: dict[str, str], code: str
) -> None:
    """With its code and nothing written."""
    assert code_of(e1, "step", **fields) == code


@ONE_KIND
def test_who_is_not_signed_in_is_asked_to(anybody: TestClient) -> None:
    """A page leads to the sign-in; a program is told 401; a form that was sent is not lost in a redirect."""
    page = anybody.get("/m")
    program = anybody.get("/m", headers={"Accept": "application/json"})
    form = anybody.post(f"{HERE}/step", data={"key": "k", "kind": "accepted"})

    assert (page.status_code, page.headers["location"]) == (303, "/m/sign-in")
    assert (program.status_code, program.json()["code"]) == (401, "session.none")
    assert (form.status_code, "session.none" in form.text) == (401, True)


@ONE_KIND
def test_a_page_of_another_site_cannot_say_anything(e1: TestClient, stored: Database) -> None:
    """The cookie alone is not enough to write."""
    answer = e1.post(
        f"{HERE}/step", data=hidden(e1, "step"), headers={**PAGE, "Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert kinds(stored) == []


@ONE_KIND
def test_signing_out_ends_it(e1: TestClient) -> None:
    """The next who picks the phone up sees nothing."""
    answer = e1.post("/m/sign-out", data=filled(e1.get("/m").text, "/m/sign-out"))

    assert answer.headers["location"] == "/m/sign-in"
    assert e1.get("/m").headers["location"] == "/m/sign-in"


@ONE_KIND
def test_whose_account_is_no_engineer_s_is_told_so(anybody: TestClient, stored: Database) -> None:
    """A dispatcher has the console."""
    answer = anybody.get("/m", headers={**PAGE, **bearer(stored, Role.DISPATCHER, now=AS_OF)})

    assert (answer.status_code, "phone.no_engineer" in answer.text) == (422, True)


@ONE_KIND
def test_the_language_is_the_browser_s_until_somebody_switches(e1: TestClient) -> None:
    """And stays switched."""
    english = e1.get("/m").text
    chinese = e1.get("/m", headers={**PAGE, "Accept-Language": "zh-CN"}).text
    switched = e1.get("/m?lang=zh")

    assert ("My visits" in english, "我的工单" in chinese) == (True, True)
    assert (switched.status_code, switched.headers["location"]) == (303, "/m")
    assert 'lang="zh-Hans"' in e1.get("/m").text


@ONE_KIND
def test_pages_load_nothing_but_our_own_files(e1: TestClient) -> None:
    """No inline script or style, nothing from elsewhere, and every file they name is there."""
    for path in ("/m", HERE, "/m/sign-in", "/m/offline"):
        answer = e1.get(path)
        policy = answer.headers["content-security-policy"]
        named = re.findall(r'(?:src|href)="(/pages/[^"]+)"', answer.text)

        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", answer.text)
        assert named
        assert {e1.get(file).status_code for file in named} == {200}
    worker = e1.get("/m/sw.js")
    assert worker.headers["service-worker-allowed"] == "/m"
    assert e1.get("/pages/..%2Fphone.py").status_code == 404
