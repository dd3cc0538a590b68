"""The customer's link by forms alone, on both databases: what it shows, what it takes, and that its secret stays one."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import true, update

from api.app import make_app
from api.auth.given import give_link
from api.logs import log_to
from api.settings import Settings
from kernel.envelope import Envelope
from storage.database import Database
from storage.rows.tickets import ticket_events
from storage.tables.desk import PublishedStopRow
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.pages.conftest import AT, ONE_KIND, PAGE, filled
from tests.people_builders import QUICK, bearer

Link = Callable[[str], str]


def as_desk(client: TestClient, stored: Database, kind: str, key: str, **more: str) -> None:
    """The desk writes down what happened to G1."""
    headers = {**bearer(stored, Role.MANAGER, now=AS_OF), "Idempotency-Key": key}
    answer = client.post("/v1/tickets/G1/events", json={"kind": kind, **more}, headers=headers)
    assert answer.status_code == 201, answer.text


def test_the_customer_sees_where_it_stands_and_who_comes_when(anybody: TestClient, link: Link) -> None:
    """Steps, the agreed window, the engineer's code; what he said himself, with nothing of others."""
    page = anybody.get(link("G1"))

    assert page.status_code == 200
    assert "2026-03-06, between 10:00 and 12:00" in page.text
    assert "engineer E1" in page.text
    assert "It is dark" in page.text
    assert "it waits for access to the site" in page.text
    assert 'aria-current="step">Visit planned' in page.text
    assert "G2" not in page.text


def test_a_visit_is_shown_as_soon_as_somebody_told_its_time_and_no_other(
    anybody: TestClient, stored: Database, link: Link
) -> None:
    """The plan was published before he was called: the call is a step of the ticket, the page and the list of visits know it."""
    with stored.writing(Envelope("desk", "test", AS_OF, "untold", "R1")) as work:
        work.connection.execute(update(PublishedStopRow).values(told_at=None))
    address, desk = link("G1"), bearer(stored, Role.MANAGER, now=AS_OF)

    def seen() -> tuple[bool, object]:
        visit = anybody.get("/v1/visits/V1", headers=desk).json()
        return "engineer E1" in anybody.get(address).text, visit["stops"][0]["told_at"]

    def told(at: str) -> None:
        body = {"starts_at": at, "whom": "front desk"}
        answer = anybody.post("/v1/visits/V1/told", json=body, headers={**desk, "Idempotency-Key": at})
        assert answer.status_code == 201, answer.text

    before = seen()
    told("2026-03-06T13:00:00+08:00")
    other = seen()
    told("2026-03-06T10:00:00+08:00")

    assert before == other == (False, None)
    assert seen() == (True, "2026-03-06T01:30:00Z")


def test_the_steps_follow_the_engineer(anybody: TestClient, stored: Database, link: Link) -> None:
    """As soon as he says so."""
    as_desk(anybody, stored, "travelling", "one")

    assert 'aria-current="step">Engineer on the way' in anybody.get(link("G1")).text


def test_another_time_is_asked_for_once_and_the_desk_has_it(
    anybody: TestClient, stored: Database, link: Link, clock: StandingClock
) -> None:
    """A wish is an event of the ticket; what was arranged stands until somebody tells another time."""
    address = link("G1")
    form = filled(anybody.get(address).text, f"{address}/time")
    wish = {**form, "day": "2026-03-09", "part": "morning", "words": "the hall is shut"}

    answers = []
    for _ in range(2):
        answers.append(anybody.post(f"{address}/time", data=wish).headers.get("location"))
        clock.moment += timedelta(minutes=1)

    with stored.reading() as connection:
        new = ticket_events(connection, "R1", "G1")[2:]
    assert answers == [address, address]
    assert [(one.kind.value, one.value, one.reason) for one in new] == [
        ("time_asked", "2026-03-09T08:00:00+08:00 2026-03-09T12:00:00+08:00", "the hall is shut")
    ]
    assert "You asked for 2026-03-09 08:00 to 12:00" in anybody.get(address).text
    as_desk(anybody, stored, "told", "answer", value="2026-03-09T01:00:00+00:00 front desk")
    assert "You asked for" not in anybody.get(address).text


@ONE_KIND
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"day": "soon"}, "tracking.not_a_day"),
        ({"day": "2026-03-05"}, "tracking.day_out_of_reach"),
        ({"day": "2027-03-05"}, "tracking.day_out_of_reach"),
        ({"part": "night"}, "tracking.unknown_part_of_day"),
        ({"words": "x" * 501}, "form.too_long"),
        ({"price": "0"}, "form.unknown_field"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_on_a_page(
    anybody: TestClient, link: Link, fields: dict[str, str], code: str
) -> None:
    """In words, with the way back."""
    address = link("G1")
    form = filled(anybody.get(address).text, f"{address}/time")

    answer = anybody.post(f"{address}/time", data={**form, "day": "2026-03-09", "part": "any", **fields})

    assert (answer.status_code, code in answer.text) == (422, True), answer.text
    assert f'href="{address}"' in answer.text


def test_how_it_was_is_asked_after_the_closing_and_answered_once(
    anybody: TestClient, stored: Database, link: Link
) -> None:
    """One answer a ticket; it is the survey's fact and a step of the ticket's life."""
    address = link("G1")
    as_desk(anybody, stored, "repaired", "one")
    before = anybody.get(address).text
    as_desk(anybody, stored, "closed", "two", reason="he was not to be reached")

    form = filled(anybody.get(address).text, f"{address}/survey")
    answered = anybody.post(f"{address}/survey", data={**form, "score": "4", "remark": "quick"})
    again = anybody.post(f"{address}/survey", data={**form, "key": "other", "score": "5"})

    assert "How was it?" not in before
    assert answered.headers["location"] == address
    assert (again.status_code, "survey.answered_twice" in again.text) == (422, True)
    assert "Thank you for your answer: 4." in anybody.get(address).text
    with stored.reading() as connection:
        assert ticket_events(connection, "R1", "G1")[-1].kind.value == "surveyed"


def _linked(stored: Database, ticket: str) -> str:
    envelope = Envelope("operator", "test", AS_OF, f"link-{ticket}", "R1")
    given = give_link(stored, envelope, ticket=ticket, ends_at=None, lasts=timedelta(days=9), where=true())
    return f"/t/{ticket}/{given.secret}"


@ONE_KIND
def test_a_link_opens_its_own_ticket_and_no_other(anybody: TestClient, link: Link) -> None:
    """Another number, another secret, none, and one that was taken back: the page says to ask for a new one."""
    address = link("G1")
    secret = address.rpartition("/")[2]

    other = anybody.get(f"/t/G2/{secret}")
    wrong = anybody.get(f"/t/G1/{secret[:-4]}xxxx")
    none = anybody.get("/t/G1/guess")

    assert (other.status_code, wrong.status_code, none.status_code) == (404, 401, 401)
    assert "link.unknown" in wrong.text
    assert "link.unknown" in none.text
    assert "It is dark" not in other.text + wrong.text + none.text


@ONE_KIND
def test_the_secret_is_in_no_log_and_no_referer(
    anybody: TestClient, stored: Database, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the page has a defect: the route is logged, not the address."""
    address, written = link("G1"), io.StringIO()
    before = logging.getLogger().handlers[:]
    try:
        log_to(written, Settings.model_construct(log_format="json", log_level="debug"))
        answer = anybody.get(address)
        monkeypatch.setattr("api.pages.tracking.told_visits", None)
        broken = anybody.get(address)
    finally:
        logging.getLogger().handlers[:] = before

    assert (answer.status_code, broken.status_code) == (200, 500)
    assert "/t/{ticket:path}/{token}" in written.getvalue()
    assert "defect at GET /t/{ticket:path}/{token}" in written.getvalue()
    ours = [line for line in written.getvalue().splitlines() if json.loads(line)["logger"] != "httpx2"]
    assert "fwl-" not in "".join(ours)  # the client of the test writes down what it asks for
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


@ONE_KIND
def test_a_link_may_ask_only_so_often(stored: Database, link: Link) -> None:
    """The page says how long to wait."""
    app = make_app(stored, clock=StandingClock(AT), settings=QUICK.model_copy(update={"requests_per_min": 3}))
    address = link("G1")
    with TestClient(app, headers=PAGE) as client:
        codes = [client.get(address).status_code for _ in range(4)]
        last = client.get(address)

    assert codes == [200, 200, 200, 429]
    assert int(last.headers["retry-after"]) >= 1


@ONE_KIND
def test_numbers_are_masked(anybody: TestClient, stored: Database) -> None:
    """The page may lie open on a counter."""
    desk = {**bearer(stored, Role.MANAGER, now=AS_OF), "Idempotency-Key": "r"}
    report = {
        "channel": "phone", "asset": "A1", "kind": "fault", "contract": "K1", "severity": "P1",
        "text": "call 138 1234 5678", "contact": "gate 3, 0591 8765 4321",
    }  # fmt: skip
    ticket = anybody.post("/v1/tickets", json=report, headers=desk).json()["ticket"]

    page = anybody.get(_linked(stored, ticket)).text

    assert "5678" not in page
    assert "*678" in page
    assert "4321" not in page


def test_public_knowledge_is_offered_and_found_and_nothing_kept_inside(
    anybody: TestClient, link: Link
) -> None:
    """What helped the same equipment before is there at once; anything else by its words, in either language."""
    address = link("G1")

    page = anybody.get(address).text
    by_english = anybody.get(f"{address}?q=worn+fuse").text
    by_chinese = anybody.get(address, params={"q": "老化"}).text
    inside = anybody.get(address, params={"q": "卡纸"}).text

    assert page.count("worn fuse 保险丝老化: replaced it") == 1
    assert by_english.count("worn fuse 保险丝老化: replaced it") == 2
    assert by_chinese.count("worn fuse 保险丝老化: replaced it") == 2
    assert "Nothing is known about this." in inside
    assert "清洁滚轮" not in page + inside


@ONE_KIND
def test_the_page_speaks_the_browser_s_language(anybody: TestClient, link: Link) -> None:
    """Or the one somebody switched to, which keeps the address."""
    address = link("G1")

    chinese = anybody.get(address, headers={**PAGE, "Accept-Language": "zh"}).text
    switched = anybody.get(f"{address}?lang=zh")

    assert "上门安排" in chinese
    assert 'lang="zh-Hans"' in chinese
    assert switched.headers["location"] == address
    assert "上门安排" in anybody.get(address).text
