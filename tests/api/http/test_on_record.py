"""What a region has on record, written over HTTP: whole rows, judged as the dataset is, replaced only as they were seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from dispatch.desk.practice_file import builtin_text
from storage.check import untrue
from storage.database import Database
from storage.dataset.read import read
from storage.dataset.write import write
from storage.rows.region import load_region
from storage.rows.standing import practice_in
from storage.scope import Scope
from storage.tables.command import AuditRow
from storage.tables.people import Role
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed

SHIFT = {
    "engineer_id": "E1",
    "starts_at": "2026-03-09T08:00:00+08:00",
    "ends_at": "2026-03-09T17:00:00+08:00",
}


def put(client: TestClient, path: str, body: Any, key: str = "", **headers: str) -> Any:
    """Write a row, under a key made of what is said where none is given."""
    return client.put(path, json=body, headers=keyed(key or f"{path}-{hash(str(body))}", **headers))


def seen(client: TestClient, path: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A row as it is shown without its id, and the header that says which version was seen."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json(), {"If-Match": answer.headers["ETag"]}


def done(stored: Database, about: str) -> list[tuple[str, dict[str, Any]]]:
    """What the audit says of an id."""
    with stored.reading() as connection:
        rows = connection.execute(select(AuditRow).where(AuditRow.c.about == about)).mappings().all()
    return [(row["action"], json.loads(row["facts"])) for row in rows]


def test_a_new_customer_has_site_equipment_and_contract_and_reports(client: TestClient) -> None:
    """From nothing to a ticket without anybody touching a file."""
    written = [
        put(client, "/v1/customers/C-9", {"name": "Harbour"}),
        put(client, "/v1/sites/S-9", {"customer_id": "C-9", "name": "Crane", "lat": 26.05, "lon": 119.35}),
        put(
            client,
            "/v1/assets/A-9",
            {"site_id": "S-9", "model": "M-9", "serial": "0099", "warranty_months": 24},
        ),
        put(
            client,
            "/v1/contracts/K-9",
            {"customer_id": "C-9", "scheme": "field-2-4-24", "valid_from": "2026-01-01"},
        ),
    ]
    report = {
        "channel": "phone",
        "kind": "fault",
        "severity": "P1",
        "asset": "A-9",
        "text": "stuck",
        "contact": "gate 1",
    }
    ticket = client.post("/v1/tickets", json=report, headers=keyed("r-9"))

    assert [(one.status_code, one.json()["new"]) for one in written] == [(201, True)] * 4, [
        one.text for one in written
    ]
    assert ticket.json()["opened"], ticket.text
    assert client.get("/v1/contracts/K-9").json()["scheme_version"], "the newest in force was filled in"


def test_the_same_request_again_has_one_effect_and_the_same_reply(
    client: TestClient, stored: Database
) -> None:
    """Sent twice it is written once; the same row under another key changes nothing and needs no version."""
    first = put(client, "/v1/shifts/H-9", SHIFT, "k-1")
    again = put(client, "/v1/shifts/H-9", SHIFT, "k-1")
    same = put(client, "/v1/shifts/H-9", SHIFT, "k-2")
    other = put(client, "/v1/shifts/H-9", SHIFT | {"overtime_min": 60}, "k-1")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (same.status_code, same.json()) == (200, {"id": "H-9", "new": False, "changed": []})
    assert code_of(other) == "database.key_reused"
    assert [action for action, _ in done(stored, "H-9")] == ["crew.shift"]


def test_a_row_is_replaced_only_as_it_was_seen(client: TestClient, stored: Database) -> None:
    """Two dispatchers change one shift: the second is told, and nothing of the first is lost unseen."""
    put(client, "/v1/shifts/H-9", SHIFT)
    _, mine = seen(client, "/v1/shifts/H-9")
    theirs = put(client, "/v1/shifts/H-9", SHIFT | {"overtime_min": 60}, **mine)

    late = put(client, "/v1/shifts/H-9", SHIFT | {"overtime_min": 90}, **mine)
    blind = put(client, "/v1/shifts/H-9", SHIFT | {"overtime_min": 30})
    gone = put(client, "/v1/shifts/H-8", SHIFT | {"engineer_id": "E2"}, **mine)

    assert theirs.json()["changed"] == ["overtime_min"], theirs.text
    assert (late.status_code, code_of(late)) == (412, "register.moved_on")
    assert (blind.status_code, code_of(blind)) == (428, "register.version_wanted")
    assert (gone.status_code, code_of(gone)) == (412, "register.moved_on")
    assert done(stored, "H-9")[-1][1]["was"] == {"overtime_min": ""}


@pytest.mark.parametrize(
    ("path", "body", "code", "column"),
    [
        (
            "/v1/shifts/H-9",
            SHIFT | {"ends_at": "2026-03-09T07:00:00+08:00"},
            "interval.ends_before_start",
            "ends_at",
        ),
        ("/v1/shifts/H-9", SHIFT | {"starts_at": "2026-03-09T08:00:00"}, "clock.naive_time", "starts_at"),
        ("/v1/shifts/H-9", SHIFT | {"engineer_id": "E9"}, "desk.unknown_reference", ""),
        (
            "/v1/shifts/H-9",
            SHIFT | {"starts_at": "2026-03-06T09:00:00+08:00", "ends_at": "2026-03-06T12:00:00+08:00"},
            "dataset.shifts_overlap",
            "",
        ),
        ("/v1/shifts/O1", SHIFT, "desk.known_already", ""),
        ("/v1/sites/E1", {"customer_id": "C1", "lat": 26.0, "lon": 119.0}, "desk.known_already", ""),
        (
            "/v1/sites/S-9",
            {"customer_id": "C1", "lat": 91.0, "lon": 119.0},
            "place.latitude_out_of_range",
            "lat",
        ),
        (
            "/v1/contracts/K-9",
            {"customer_id": "C1", "scheme": "none", "valid_from": "2026-01-01"},
            "scheme.unknown",
            "scheme",
        ),
        (
            "/v1/engineers/E-9",
            {"depot": "W1", "home_lat": 26.0, "home_lon": 119.0},
            "desk.unknown_reference",
            "",
        ),
        (
            "/v1/engineers/E-9",
            {"depot": "D1", "home_lat": 26.0, "home_lon": 119.0, "van": "W1"},
            "dataset.engineer_disagrees",
            "",
        ),
        ("/v1/engineers/E-9", {"depot": "D1"}, "dataset.required", "home_lat"),
        (
            "/v1/engineers/E-9",
            {"depot": "D1", "home_lat": 26.0, "home_lon": 119.0, "territories": ["mars"]},
            "dataset.unknown_territory",
            "",
        ),
    ],
)
def test_a_row_is_judged_by_the_rules_of_the_file(
    client: TestClient, stored: Database, path: str, body: dict[str, Any], code: str, column: str
) -> None:
    """One place for each rule: what a folder refuses the service refuses, by the same code, and nothing is kept."""
    answer = put(client, path, body)

    assert answer.json()["code"] == code, answer.text
    assert answer.json().get("at", {}).get("column", "") == column
    assert client.get(path).status_code == 404
    assert done(stored, path.rpartition("/")[2]) == []


def test_equipment_is_not_moved_away_from_under_its_tickets(client: TestClient) -> None:
    """A ticket's equipment stands at the ticket's site: the region would not be read again otherwise."""
    asset, version = seen(client, "/v1/assets/A1")
    contract, signed = seen(client, "/v1/contracts/K1")

    moved = put(client, "/v1/assets/A1", without(asset, "asset_id") | {"site_id": "S2"}, **version)
    ended = put(
        client, "/v1/contracts/K1", without(contract, "contract_id") | {"valid_until": "2026-02-01"}, **signed
    )
    longer = put(
        client, "/v1/contracts/K1", without(contract, "contract_id") | {"valid_until": "2027-12-31"}, **signed
    )

    assert code_of(moved) == "dataset.asset_elsewhere"
    assert code_of(ended) == "dataset.contract_not_in_force"
    assert longer.json()["changed"] == ["valid_until"], longer.text


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row as it was shown, to be sent again."""
    return {name: value for name, value in row.items() if name not in names}


def test_an_engineer_s_home_stays_and_is_never_told(client: TestClient, stored: Database) -> None:
    """It is left out of what is shown, and a change that leaves it out keeps it; the audit does not hold it either."""
    engineer, version = seen(client, "/v1/engineers/E2")
    changed = put(
        client, "/v1/engineers/E2", without(engineer, "engineer_id") | {"away_price": "20.00"}, **version
    )
    new = put(client, "/v1/engineers/E-9", {"depot": "D1", "home_lat": 26.0712, "home_lon": 119.0034})

    with stored.reading() as connection:
        homes = {one.id: one.home.lat for one in load_region(connection, "R1").field.engineers}
    assert changed.json()["changed"] == ["away_price"], changed.text
    assert new.status_code == 201, new.text
    assert homes == {"E1": 26.08, "E2": 26.1, "E-9": 26.0712}
    assert "home_lat" not in engineer
    assert not any("26.07" in str(facts) for _, facts in done(stored, "E-9"))


def test_a_van_changes_hands_on_both_sides(client: TestClient, stored: Database) -> None:
    """What an engineer says of his van and what the van says of its engineer is the same."""
    first, version = seen(client, "/v1/engineers/E1")
    put(client, "/v1/engineers/E1", without(first, "engineer_id", "van"), **version)
    second, version = seen(client, "/v1/engineers/E2")
    given = put(client, "/v1/engineers/E2", without(second, "engineer_id") | {"van": "W1"}, **version)

    places = {one["place_id"]: one["engineer_id"] for one in client.get("/v1/places").json()["rows"]}
    assert given.json()["changed"] == ["van"], given.text
    assert places["W1"] == "E2"


def test_what_an_engineer_holds_is_said_whole(client: TestClient, stored: Database) -> None:
    """A skill learnt, a certificate run out, a tool handed back: what is left out he holds no longer."""
    held, version = seen(client, "/v1/engineers/E1/skills")
    rows = [without(one, "engineer_id") for one in held["rows"]]

    said = put(
        client, "/v1/engineers/E1/skills", {"rows": [*rows, {"skill": "fiber", "level": 2}]}, **version
    )
    late = put(client, "/v1/engineers/E1/skills", {"rows": []}, **version)
    twice = put(
        client,
        "/v1/engineers/E2/certificates",
        {"rows": [{"certificate": "x", "valid_from": "2026-01-01"}] * 2},
    )
    theirs = put(client, "/v1/engineers/E2/tools", {"rows": [{"serial": "T-1", "tool": "scope"}]})
    none = put(client, "/v1/engineers/E1/skills", {"rows": []}, **{"If-Match": said.headers["ETag"]})

    assert said.json() == {"engineer": "E1", "new": 1, "gone": 0}, said.text
    assert code_of(late) == "register.moved_on"
    assert code_of(twice) in {"register.version_wanted", "desk.known_already"}
    assert code_of(theirs) in {"register.version_wanted", "desk.known_already"}
    assert none.json() == {"engineer": "E1", "new": 0, "gone": 2}
    assert client.get("/v1/engineers/E1/skills").json()["rows"] == []


def test_a_tool_of_somebody_else_is_not_taken(client: TestClient) -> None:
    """He who holds it hands it over first."""
    _, version = seen(client, "/v1/engineers/E2/tools")

    answer = put(client, "/v1/engineers/E2/tools", {"rows": [{"serial": "T-1", "tool": "scope"}]}, **version)

    assert code_of(answer) == "desk.known_already"


def test_a_shift_nobody_is_planned_in_is_taken_away_and_another_is_not(
    client: TestClient, stored: Database
) -> None:
    """A plan in force names its shifts: taken away from under it, the board would show visits in none."""
    put(client, "/v1/shifts/H-9", SHIFT)

    planned = client.delete("/v1/shifts/H1", headers=keyed("d-1"))
    free = client.delete("/v1/shifts/H-9", headers=keyed("d-2"))
    again = client.delete("/v1/shifts/H-9", headers=keyed("d-3"))
    customer = client.delete("/v1/customers/C1", headers=keyed("d-4"))

    assert (planned.status_code, code_of(planned)) == (409, "register.still_named")
    assert (free.json(), again.json()) == ({"id": "H-9", "removed": True}, {"id": "H-9", "removed": False})
    assert customer.status_code == 405
    assert done(stored, "H-9")[-1][1]["was"]["engineer_id"] == "E1"


def test_a_leave_is_moved_and_taken_back(client: TestClient) -> None:
    """Written by its own route under the next number, it is changed and ended like any other row."""
    body = {
        "starts_at": "2026-03-09T08:00:00+08:00",
        "ends_at": "2026-03-09T17:00:00+08:00",
        "reason": "leave",
    }
    name = client.post("/v1/engineers/E1/absences", json=body, headers=keyed("a-1")).json()["absence"]
    _, version = seen(client, f"/v1/absences/{name}")

    moved = put(
        client,
        f"/v1/absences/{name}",
        body | {"engineer_id": "E1", "ends_at": "2026-03-10T17:00:00+08:00"},
        **version,
    )
    back = client.delete(f"/v1/absences/{name}", headers=keyed("a-2"))

    assert moved.json()["changed"] == ["ends_at"], moved.text
    assert back.json() == {"id": name, "removed": True}


def test_who_answers_for_one_depot_writes_its_crew_only(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Another depot's engineer is as unknown as one that is not there, before and after the change."""
    other = as_role(Role.MANAGER, Scope(regions=("R1",), depots=("D9",)))
    mine = as_role(Role.MANAGER, Scope(regions=("R1",), depots=("D1",)))

    theirs = put(client, "/v1/shifts/H-9", SHIFT, "s-1", **other)
    into = put(
        client, "/v1/engineers/E-9", {"depot": "D1", "home_lat": 26.0, "home_lon": 119.0}, "s-2", **other
    )
    held = put(client, "/v1/engineers/E1/skills", {"rows": []}, "s-3", **other)
    ours = put(client, "/v1/shifts/H-9", SHIFT, "s-4", **mine)

    assert [code_of(one) for one in (theirs, into, held)] == [
        "register.unknown",
        "register.unknown",
        "position.unknown_engineer",
    ]
    assert ours.status_code == 201, ours.text


def test_a_scheme_is_copied_checked_and_a_new_version_added(client: TestClient) -> None:
    """Under notice: what is announced too late is refused, and what has a version keeps it."""
    shown = client.get("/v1/schemes/field-2-4-24/file")
    head = client.get("/v1/schemes/field-2-4-24").json()
    text = shown.text.replace(f'version = "{head["version"]}"', 'version = "99"').replace(
        f"effective_on = {head['effective_on']}", "announced_on = 2026-02-01\neffective_on = 2027-06-01"
    )
    toml = {"Content-Type": "application/toml"}

    checked = client.post("/v1/schemes/check", content=text.encode(), headers=toml)
    broken = client.post(
        "/v1/schemes/check", content=text.replace("effective_on", "effectiv_on").encode(), headers=toml
    )
    same = client.post("/v1/schemes/check", content=shown.content, headers=toml)
    kept = client.post("/v1/schemes", content=text.encode(), headers=toml | keyed("s-1"))
    again = client.post("/v1/schemes", content=text.encode(), headers=toml | keyed("s-2"))

    assert checked.status_code == 200, checked.text
    assert checked.json() | {"new": True} == kept.json()
    assert (kept.status_code, kept.json()["version"], kept.json()["new"]) == (201, "99", True)
    assert again.json()["new"] is False
    assert code_of(same) == "scheme.ships"
    assert broken.status_code == 422
    assert broken.json()["at"]["line"] > 0
    assert client.get("/v1/schemes/field-2-4-24", params={"version": "99"}).status_code == 200


def test_the_practice_is_changed_as_it_was_seen_and_the_one_before_stays_behind(
    client: TestClient, stored: Database
) -> None:
    """From the next request on the desk works by it."""
    shown = client.get("/v1/practice/file")
    text = shown.text + "\n# ours\n"

    def write(text: str, key: str, **headers: str) -> Any:
        return client.put("/v1/practice", content=text.encode(), headers=keyed(key, **headers))

    blind = write(text, "p-1")
    wrong = write("schema = 9\n", "p-2", **{"If-Match": shown.headers["ETag"]})
    changed = write(text, "p-3", **{"If-Match": shown.headers["ETag"]})
    again = write(text, "p-3", **{"If-Match": shown.headers["ETag"]})
    late = write(text + "# more\n", "p-4", **{"If-Match": shown.headers["ETag"]})

    assert shown.text == builtin_text()
    assert (blind.status_code, wrong.status_code, late.status_code) == (428, 422, 412)
    assert (changed.json(), again.json()) == ({"new": True}, {"new": True})
    assert client.get("/v1/practice/file").text == text
    with stored.reading() as connection:
        assert practice_in(connection, "R1").figures
    assert [action for action, _ in done(stored, "R1") if action == "scheme.practice"] == ["scheme.practice"]


def test_everything_written_can_be_read_as_a_folder_again(
    client: TestClient, stored: Database, tmp_path: Path
) -> None:
    """What the service takes a folder takes too: the region is written out and read back without a refusal."""
    test_a_new_customer_has_site_equipment_and_contract_and_reports(client)
    put(client, "/v1/shifts/H-9", SHIFT)
    engineer, version = seen(client, "/v1/engineers/E2")
    put(client, "/v1/engineers/E2", without(engineer, "engineer_id") | {"away_price": "20.00"}, **version)

    with stored.reading() as connection:
        region = load_region(connection, "R1")
    write(region, tmp_path / "out")
    reading = read(tmp_path / "out")

    assert reading.refusals == ()
    assert untrue(stored) == []
