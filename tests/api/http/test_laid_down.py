"""What is laid down, written over HTTP: wishes about engineers, days of calendars, agreements, limits of inspection."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.dataset.write import write
from storage.rows.region import load_region
from storage.rows.standing import calendars
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_on_record import done, put, seen, without
from tests.api.http.test_reading_routes import code_of
from tests.databases import Make, with_region
from tests.dataset_builder import crewed
from tests.people_builders import QUICK, bearer

BARRED = {"rows": [{"engineer_id": "E1", "wish": "barred"}]}
AGREED = {"approval_above": "9000.00", "over_share": 0.1, "remedy_days": 21}
LIMIT = {"part_id": "P2", "aql": "1.5", "skip_after": 8, "skip_seed": "ours"}
NEVER = "/v1/calendars/office/days"


def hours_of(database: Database, on: str) -> list[str]:
    """The hours a calendar has on a day that differs, as this connection pool sees it."""
    with database.reading() as connection:
        found = dict(calendars(connection, "R1")["office"].exceptions)
    return [str(span) for day, spans in found.items() if day.isoformat() == on for span in spans]


def test_who_is_not_wanted_is_no_candidate_from_then_on(client: TestClient, stored: Database) -> None:
    """What a site says goes before what its customer says, and the next look at the plan heeds it."""

    def who() -> set[str]:
        answer = client.get("/v1/visits/V2/candidates")
        assert answer.status_code == 200, answer.text
        return {one["engineer"] for one in answer.json()["candidates"]}

    before = who()
    everywhere = put(client, "/v1/customers/C1/wishes", BARRED)
    barred = who()
    here = put(client, "/v1/sites/S2/wishes", {"rows": [{"engineer_id": "E1", "wish": "preferred"}]})
    again = who()

    assert everywhere.json() == {"customer": "C1", "new": 1, "gone": 0}, everywhere.text
    assert here.json() == {"site": "S2", "new": 1, "gone": 0}, here.text
    assert "E1" in before
    assert "E1" not in barred
    assert "E1" in again
    assert [
        (row["customer_id"], row["site_id"], row["wish"])
        for row in client.get("/v1/engineer-wishes").json()["rows"]
    ] == [("C1", "", "barred"), ("", "S2", "preferred")]
    assert len(client.get("/v1/engineer-wishes?site=S2").json()["rows"]) == 1
    assert [action for action, _ in done(stored, "C1")] == ["desk.wishes"]


def test_wishes_are_replaced_only_as_they_were_seen(client: TestClient) -> None:
    """Whose version is another is told; said anew, what is left out is wished no more, and the customer's stay."""
    put(client, "/v1/customers/C1/wishes", BARRED)
    put(client, "/v1/sites/S1/wishes", BARRED)
    shown, version = seen(client, "/v1/sites/S1/wishes")

    blind = put(client, "/v1/sites/S1/wishes", {"rows": []})
    twice = put(client, "/v1/sites/S1/wishes", {"rows": BARRED["rows"] * 2}, **version)
    gone = put(client, "/v1/sites/S1/wishes", {"rows": []}, **version)
    late = put(client, "/v1/sites/S1/wishes", BARRED, "late", **version)

    assert [without(row, "site_id", "customer_id") for row in shown["rows"]] == BARRED["rows"]
    assert [code_of(one) for one in (blind, twice, late)] == [
        "register.version_wanted",
        "desk.known_already",
        "register.moved_on",
    ]
    assert gone.json() == {"site": "S1", "new": 0, "gone": 1}
    assert len(client.get("/v1/engineer-wishes").json()["rows"]) == 1


def test_wishes_of_others_are_not_there(client: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    """Who speaks for a customer reads what that customer said, of all its sites and of one."""
    put(client, "/v1/customers/C1/wishes", BARRED)
    put(client, "/v1/sites/S1/wishes", BARRED)
    theirs = as_role(Role.DISPATCHER, Scope(regions=("R1",), customers=("C1",)))
    none = as_role(Role.DISPATCHER, Scope(regions=("R1",), customers=("C9",)))

    assert len(client.get("/v1/engineer-wishes", headers=theirs).json()["rows"]) == 2
    assert client.get("/v1/engineer-wishes", headers=none).json()["rows"] == []
    for path in ("/v1/customers/C1/wishes", "/v1/sites/S1/wishes"):
        assert client.get(path, headers=theirs).status_code == 200
        assert code_of(client.get(path, headers=none)) == "register.unknown"


def test_a_day_off_reaches_every_clock_and_every_process_at_once(
    client: TestClient, stored: Database, tiny_url: str
) -> None:
    """A calendar is parsed once as long as it stands: said otherwise, taken away or put back, nobody goes by the old one."""
    other = open_database(tiny_url)
    shown, version = seen(client, NEVER)
    rows = [without(row, "calendar_id") for row in shown["rows"]]
    before = [hours_of(one, "2026-03-07") for one in (stored, other)]

    closed = put(client, NEVER, {"rows": [{"on": "2026-03-07"}, *rows[1:]]}, **version)
    then = [hours_of(one, "2026-03-07") for one in (stored, other)]
    none = put(client, NEVER, {"rows": []}, **{"If-Match": closed.headers["ETag"]})
    bare = [len(_days(one)) for one in (stored, other)]
    put(client, NEVER, {"rows": rows[:1]})
    one_again = [_days(one) for one in (stored, other)]
    elsewhere = subprocess.run(
        [sys.executable, "-c", _READS, tiny_url], capture_output=True, text=True, check=True
    ).stdout.split()

    assert [row["on"] for row in rows] == ["2026-03-07", "2026-03-09"]
    assert rows[0]["hours"] == ["08:00-12:00", "13:00-17:00"]
    assert before == [["08:00-12:00", "13:00-17:00"]] * 2
    assert closed.json() == {"calendar": "office", "new": 1, "gone": 1}, closed.text
    assert then == [[], []]
    assert none.json() == {"calendar": "office", "new": 0, "gone": 2}
    assert bare == [0, 0]
    assert one_again == [["2026-03-07"]] * 2
    assert elsewhere == ["2026-03-07"]
    assert [action for action, _ in done(stored, "office")] == ["scheme.calendar_days"] * 3
    other.close()


_READS = """
import sys
from storage.database import open_database
from storage.rows.standing import calendars

database = open_database(sys.argv[1])
with database.reading() as connection:
    for on, _ in calendars(connection, "R1")["office"].exceptions:
        print(on)
database.close()
"""


def _days(database: Database) -> list[str]:
    with database.reading() as connection:
        return [on.isoformat() for on, _ in calendars(connection, "R1")["office"].exceptions]


def test_a_day_taken_away_alone_is_gone_for_who_had_read_it(client: TestClient, stored: Database) -> None:
    """Of what is left neither the last place nor the last moment is another: the number of rows is."""
    shown, version = seen(client, NEVER)
    assert _days(stored) == ["2026-03-07", "2026-03-09"]

    last = put(client, NEVER, {"rows": [without(shown["rows"][1], "calendar_id")]}, **version)

    assert last.json() == {"calendar": "office", "new": 0, "gone": 1}
    assert _days(stored) == ["2026-03-09"]


def test_a_day_said_otherwise_again_and_again_is_what_was_said_last(stored: Database) -> None:
    """One row is replaced by one: the moment of the command tells them apart."""
    clock = StandingClock()
    with TestClient(
        make_app(stored, clock=clock, settings=QUICK), headers=bearer(stored, Role.MANAGER, now=AS_OF)
    ) as client:
        for at, hours in enumerate((["09:00-10:00"], ["09:00-11:00"], [], ["09:00-10:00"])):
            clock.moment = AS_OF + timedelta(seconds=at)
            _, version = seen(client, NEVER)
            rows = [{"on": "2026-03-09", "hours": hours}]
            assert put(client, NEVER, {"rows": rows}, f"d-{at}", **version).status_code == 200
            assert hours_of(stored, "2026-03-09") == hours


def test_a_day_said_otherwise_by_a_clock_that_went_back_is_what_was_said_last(stored: Database) -> None:
    """The other day was imported by a clock far ahead: its moment stays the last there is, and says nothing of what follows."""
    clock = StandingClock()
    with TestClient(
        make_app(stored, clock=clock, settings=QUICK), headers=bearer(stored, Role.MANAGER, now=AS_OF)
    ) as client:
        shown, _ = seen(client, NEVER)
        kept = without(shown["rows"][0], "calendar_id")
        for at, hours in enumerate((["09:00-10:00"], ["09:00-11:00"], [], ["09:00-10:00"])):
            clock.moment = AS_OF + timedelta(seconds=at)
            _, version = seen(client, NEVER)
            rows = [kept, {"on": "2026-03-10", "hours": hours}]
            assert put(client, NEVER, {"rows": rows}, f"d-{at}", **version).status_code == 200
            assert hours_of(stored, "2026-03-10") == hours


def test_a_day_opened_where_who_is_borrowed_works_elsewhere_is_refused(
    make_url: Make, tmp_path: Path
) -> None:
    """His shifts follow from the calendar he is borrowed by: no change of it makes him work twice at once."""
    database = open_database(with_region(make_url(), read(crewed(tmp_path / "crewed"))))
    days = "/v1/calendars/office/days"
    shift = {
        "engineer_id": "E2",
        "starts_at": "2026-03-24T08:00:00+08:00",
        "ends_at": "2026-03-24T12:00:00+08:00",
    }
    with TestClient(
        make_app(database, clock=StandingClock(), settings=QUICK),
        headers=bearer(database, Role.MANAGER, now=AS_OF),
    ) as client:
        put(client, "/v1/shifts/H-9", shift)
        shown, version = seen(client, days)
        rows = [without(row, "calendar_id") for row in shown["rows"]]

        twice = put(
            client, days, {"rows": [*rows, {"on": "2026-03-24", "hours": ["08:00-12:00"]}]}, **version
        )
        beside = put(
            client, days, {"rows": [*rows, {"on": "2026-03-24", "hours": ["13:00-17:00"]}]}, **version
        )
    database.close()

    assert code_of(twice) == "borrowed.works_already", twice.text
    assert beside.json()["new"] == 1, beside.text


def test_the_calendars_are_listed(client: TestClient) -> None:
    """The hours of a week, Monday first."""
    (office,) = client.get("/v1/calendars").json()["calendars"]

    assert (office["calendar"], office["zone"]) == ("office", "Asia/Shanghai")
    assert office["week"] == [["08:00-12:00", "13:00-17:00"], [], [], [], [], [], []]


def test_what_is_agreed_decides_what_the_next_order_asks_for(client: TestClient) -> None:
    """Of a supplier before that of all others; without either every order is asked for."""
    order = {
        "supplier": "U1",
        "to_place": "D1",
        "lines": [{"part": "P1", "quantity": 10, "price_cents": 1100}],
    }

    def stage(number: str) -> Any:
        answer = client.post(
            "/v1/orders", json=order | {"order": number}, headers={"Idempotency-Key": number}
        )
        assert answer.status_code == 201, answer.text
        return client.get(f"/v1/orders/{number}").json()

    shown, version = seen(client, "/v1/suppliers/U1/agreement")
    before = stage("PO-1")
    tight = put(
        client, "/v1/suppliers/U1/agreement", {"rows": [AGREED | {"approval_above": "1.00"}]}, **version
    )
    after = stage("PO-2")
    gone = put(client, "/v1/suppliers/U1/agreement", {"rows": []}, **{"If-Match": tight.headers["ETag"]})
    _, version = seen(client, "/v1/any-supplier/agreement")
    others = put(client, "/v1/any-supplier/agreement", {"rows": [AGREED]}, **version)
    last = stage("PO-3")

    assert shown["rows"][0]["report_days"] == ["1", "1", "2", "7", "10", "20", "30", "40"]
    assert tight.json() == {"supplier": "U1", "new": 1, "gone": 1}, tight.text
    assert gone.json() == {"supplier": "U1", "new": 0, "gone": 1}
    assert others.json() == {"supplier": "", "new": 1, "gone": 1}, others.text
    assert [one["approval_needed"] for one in (before, after, last)] == [False, True, False]
    assert [row["approval_above"] for row in client.get("/v1/supplier-agreements").json()["rows"]] == [
        "9000.00"
    ]


def test_limits_of_inspection_keep_the_words_only_we_know(client: TestClient, stored: Database) -> None:
    """From them follows which lots are looked at: they are written, never shown, and left out they stay."""
    shown, version = seen(client, "/v1/suppliers/U1/inspection-limits")
    rows = [without(row, "supplier_id") for row in shown["rows"]]
    kept = put(client, "/v1/suppliers/U1/inspection-limits", {"rows": [*rows, LIMIT]}, **version)
    harder = put(
        client,
        "/v1/suppliers/U1/inspection-limits",
        {"rows": [rows[0] | {"aql": "1", "inspects": False}, without(LIMIT, "skip_seed")]},
        **{"If-Match": kept.headers["ETag"]},
    )
    fuses, of_all = seen(client, "/v1/any-supplier/inspection-limits")
    none = put(client, "/v1/any-supplier/inspection-limits", {"rows": []}, **of_all)

    with stored.reading() as connection:
        limits = load_region(connection, "R1").stock.inspection_limits
    assert kept.json() == {"supplier": "U1", "new": 1, "gone": 0}, kept.text
    assert harder.json() == {"supplier": "U1", "new": 1, "gone": 1}, harder.text
    assert none.json() == {"supplier": "", "new": 0, "gone": 1}, none.text
    assert [(row["part_class"], row["inspects"]) for row in fuses["rows"]] == [("fuses", False)]
    assert {(one.part, str(one.aql), one.inspects, one.seed) for one in limits} == {
        ("P1", "1", False, "only we know"),
        ("P2", "1.5", True, "ours"),
    }
    assert not any("know" in str(facts) or "ours" in str(facts) for _, facts in done(stored, "U1"))
    assert "skip_seed" not in client.get("/v1/inspection-limits").text


def test_what_holds_for_every_supplier_is_named_when_it_is_refused(client: TestClient) -> None:
    """It has no holder whose id could stand there: a sentence that begins with nothing says nothing."""
    limits = "/v1/any-supplier/inspection-limits"
    _, version = seen(client, limits)

    blind = put(client, "/v1/any-supplier/agreement", {"rows": [AGREED]})
    twice = put(client, limits, {"rows": [{"aql": "1.5"}, {"aql": "2.5"}]}, **version)

    assert (code_of(blind), blind.json()["params"]) == ("register.version_wanted", {"id": "any-supplier"})
    assert (code_of(twice), twice.json()["params"]) == ("desk.known_already", {"value": "any-supplier"})


def test_classes_checks_and_looks_again_are_written(client: TestClient, stored: Database) -> None:
    """A class is given and taken away, a check gets other limits, stock is looked at again sooner."""
    _, of_class = seen(client, "/v1/part-classes/P1")
    _, of_rule = seen(client, "/v1/reinspection-rules/fuses")
    _, of_checks = seen(client, "/v1/parts/P1/checks")

    answers = [
        put(client, "/v1/part-classes/P1", {"part_class": "lamps"}, **of_class),
        put(client, "/v1/part-classes/P2", {"part_class": "fuses"}),
        put(client, "/v1/reinspection-rules/fuses", {"every_days": 30}, **of_rule),
        put(client, "/v1/reinspection-rules/lamps", {"every_days": 90}),
        put(
            client,
            "/v1/parts/P1/checks",
            {"rows": [{"check_id": "length", "name": "Length", "unit": "mm", "lower": 19.9}]},
            **of_checks,
        ),
    ]
    gone = client.delete("/v1/part-classes/P2", headers={"Idempotency-Key": "c-1"})

    assert [one.status_code for one in answers] == [200, 201, 200, 201, 200], [one.text for one in answers]
    assert gone.json() == {"id": "P2", "removed": True}
    assert client.get("/v1/part-classes").json()["rows"] == [{"part_id": "P1", "part_class": "lamps"}]
    assert [row["every_days"] for row in client.get("/v1/reinspection-rules").json()["rows"]] == [30, 90]
    assert [(row["check_id"], row["upper"]) for row in client.get("/v1/part-checks").json()["rows"]] == [
        ("length", None)
    ]
    assert [action for action, _ in done(stored, "P1")] == ["catalogue.part_class", "catalogue.checks"]


def test_what_was_laid_down_can_be_read_as_a_folder_again(
    client: TestClient, stored: Database, tmp_path: Path
) -> None:
    """What the service takes a folder takes too."""
    put(client, "/v1/customers/C1/wishes", BARRED)
    put(client, "/v1/sites/S2/wishes", BARRED)
    for path, rows in (
        (NEVER, [{"on": "2026-10-01", "hours": ["08:00-12:00"]}, {"on": "2026-10-02"}]),
        ("/v1/suppliers/U1/agreement", [AGREED | {"report_days": list("12345678")}]),
        ("/v1/any-supplier/inspection-limits", [{"aql": "4"}, {"part_class": "x", "aql": "1.5"}]),
    ):
        answer = put(client, path, {"rows": rows}, **seen(client, path)[1])
        assert answer.status_code == 200, answer.text

    with stored.reading() as connection:
        region = load_region(connection, "R1")
    write(region, tmp_path / "out")

    assert read(tmp_path / "out").refusals == ()
    assert untrue(stored) == []


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a customer that is not there": ("/v1/customers/C-8/wishes", {}, "register.unknown"),
    "an engineer that is not there": (
        "/v1/sites/S1/wishes",
        {"engineer_id": "E-8", "wish": "barred"},
        "desk.unknown_reference",
    ),
    "a wish that is none": (
        "/v1/sites/S1/wishes",
        {"engineer_id": "E1", "wish": "liked"},
        "dataset.not_a_choice",
    ),
    "a calendar that is not there": ("/v1/calendars/none/days", {}, "register.unknown"),
    "a day that is none": (NEVER, {"on": "2026-02-30"}, "dataset.not_a_date"),
    "hours that end before they begin": (NEVER, {"on": "2026-10-01", "hours": ["12:00-08:00"]}, ""),
    "hours that overlap": (NEVER, {"on": "2026-10-01", "hours": ["08:00-12:00", "11:00-13:00"]}, ""),
    "a supplier that is not there": ("/v1/suppliers/U-8/agreement", AGREED, "register.unknown"),
    "seven steps of eight": (
        "/v1/suppliers/U1/agreement",
        AGREED | {"report_days": list("1234567")},
        "supply.report_days",
    ),
    "a share beyond all of it": (
        "/v1/any-supplier/agreement",
        AGREED | {"over_share": 1.5},
        "dataset.too_large",
    ),
    "a part and a class": (
        "/v1/suppliers/U1/inspection-limits",
        {"part_id": "P1", "part_class": "x", "aql": "1.5"},
        "supply.part_or_class",
    ),
    "lots passed over without a word": (
        "/v1/any-supplier/inspection-limits",
        {"aql": "1.5", "skip_after": 8},
        "sampling.skip_seed_missing",
    ),
    "a check with limits crossed": (
        "/v1/parts/P1/checks",
        {"check_id": "x", "name": "x", "unit": "mm", "lower": 2.0, "upper": 1.0},
        "",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_laid_down_is_judged_by_the_rules_of_the_file(
    client: TestClient, stored: Database, what: str
) -> None:
    """What a folder refuses the service refuses, by the same code, and nothing is kept."""
    path, row, code = REFUSED[what]
    held = client.get(path)
    version = {"If-Match": held.headers["ETag"]} if held.status_code == 200 else {}

    answer = put(client, path, {"rows": [row] if row else []}, **version)

    assert answer.status_code in {404, 409, 422}, answer.text
    assert code_of(answer) == code or not code
    assert client.get(path).text == held.text or held.status_code == 404
    assert done(stored, path.split("/")[3]) == []


def test_a_storekeeper_does_not_change_what_he_is_held_to(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Who orders does not say what he may order by himself, who inspects does not say how little is enough."""
    keeper = as_role(Role.STOREKEEPER)

    for at, (path, row) in enumerate(
        (
            ("/v1/suppliers/U1/agreement", AGREED),
            ("/v1/any-supplier/agreement", AGREED),
            ("/v1/suppliers/U1/inspection-limits", LIMIT),
            ("/v1/parts/P1/checks", {"check_id": "x", "name": "x"}),
        )
    ):
        assert client.get(path, headers=keeper).status_code == 200
        answer = put(client, path, {"rows": [row]}, f"k-{at}", **keeper)
        assert (answer.status_code, code_of(answer)) == (403, "right.denied")
