"""Measures and exposure over HTTP: the figures of the report, and what lateness costs."""

from __future__ import annotations

from fastapi.testclient import TestClient

from dispatch.measures import measures
from dispatch.measures.period import period
from dispatch.region import schemes_of
from kernel.clock import zone
from storage.database import Database
from storage.rows.region import load_region
from tests.api.http.conftest import AS_OF
from tests.api.http.test_plans import made
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed

DAYS = "2026-02-01..2026-03-05"


def test_measures_say_what_the_report_says(client: TestClient, stored: Database) -> None:
    """One definition of every figure, wherever it is shown."""
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    here = zone(region.settings.zone)
    found = measures(region, schemes_of(region.field), period(DAYS, now=AS_OF, zone=here))

    body = client.get("/v1/reports/measures", params={"period": DAYS}).json()

    tables = {sheet["name"]: sheet for sheet in body["sheets"]}
    assert (body["first"], body["last"], body["reported"]) == ("2026-02-01", "2026-03-05", found.reported)
    kept = [row for row in tables["attainment"]["rows"] if row[:4] == ["repair", "all", "", "last"]]
    (told,) = [
        row for row in found.attainment if (row.milestone, row.by, row.version) == ("repair", "all", "last")
    ]
    assert [row[4:6] for row in kept] == [[told.attained, told.breached]]
    assert all(len(row) == len(sheet["columns"]) for sheet in tables.values() for row in sheet["rows"])


def test_a_table_of_measures_is_a_file(client: TestClient) -> None:
    """A file is one table: which, has to be said."""
    asked = {"period": DAYS, "sheet": "backlog"}
    body = client.get("/v1/reports/measures", params=asked).json()
    file = client.get("/v1/reports/measures", params={**asked, "format": "csv"})

    (sheet,) = body["sheets"]
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == [column["name"] for column in sheet["columns"]]
    assert len(lines) == 1 + len(sheet["rows"])
    unnamed = client.get("/v1/reports/measures?format=csv")
    assert (unnamed.status_code, code_of(unnamed)) == (404, "measure.unknown_sheet")
    assert code_of(client.get("/v1/reports/measures?period=year")) == "period.not_a_period"


def test_what_lateness_costs_is_forecast_from_the_plan_in_force(client: TestClient, stored: Database) -> None:
    """Nobody planned: it is taken as met now; planned for later: the hours until then are priced too."""
    before = client.get("/v1/reports/exposure").json()["rows"]
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))

    after = client.get("/v1/reports/exposure").json()["rows"]

    first = {(row["ticket"], row["milestone"]): row for row in before}
    second = {(row["ticket"], row["milestone"]): row for row in after}
    late = ("G2", "arrive")
    assert first[late]["expected_at"] is None
    assert first[late]["actual_cents"] == first[late]["forecast_cents"] > 0
    assert second[late]["expected_at"] is not None
    assert second[late]["forecast_cents"] > second[late]["actual_cents"] == first[late]["actual_cents"]
    amounts = [row["forecast_cents"] for row in after]
    assert amounts == sorted(amounts, reverse=True)
    file = client.get("/v1/reports/exposure?format=csv").content.decode("utf-8-sig")
    assert len(file.splitlines()) == 1 + len(after)
