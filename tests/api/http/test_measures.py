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
    with stored.reading() as connection:
        known = {one.id: one.name for one in load_region(connection, "R1").field.customers}
    assert all(row["customer_name"] == known[row["customer"]] for row in after)
    for by in ("customer", "contract", "scheme", "area"):
        sums = client.get(f"/v1/reports/exposure/sums?by={by}").json()["rows"]
        assert sum(one["forecast_cents"] for one in sums) == sum(amounts)
        assert sum(one["promises"] for one in sums) == len(after)
        assert [one["name"] for one in sums] == [
            known[one["group"]] if by == "customer" else "" for one in sums
        ]
        mine = client.get("/v1/reports/exposure", params={by: sums[0]["group"]}).json()["rows"]
        assert not sums[0]["group"] or len(mine) == sums[0]["promises"]
    file = client.get("/v1/reports/exposure?format=csv").content.decode("utf-8-sig")
    assert len(file.splitlines()) == 1 + len(after)


def test_what_was_missed_is_told_as_the_report_tells_it(client: TestClient, stored: Database) -> None:
    """The morning's list reads a few tables only: it must not come to another answer than the whole region."""
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    days = period(DAYS, now=AS_OF, zone=zone(region.settings.zone))
    found = measures(region, schemes_of(region.field), days).misses

    rows = client.get("/v1/reports/misses", params={"period": DAYS}).json()["rows"]
    first = client.get("/v1/reports/misses", params={"period": DAYS, "limit": 1}).json()
    file = client.get("/v1/reports/misses", params={"period": DAYS, "format": "csv"}).content

    assert [(row["ticket"], row["milestone"], row["late_s"], row["cents"]) for row in rows] == [
        (one.ticket, one.milestone, one.late_s, one.cents) for one in found
    ]
    assert rows
    known = {one.id: one.name for one in region.field.customers}
    assert all(row["customer_name"] == known[row["customer"]] for row in rows)
    assert first["rows"] == rows[:1]
    assert (first["next"] is None) == (len(rows) == 1)
    assert len(file.decode("utf-8-sig").splitlines()) == 1 + len(rows)


def test_what_runs_out_is_told_as_the_report_tells_it(client: TestClient, stored: Database) -> None:
    """Contracts and papers, from the tables they need alone."""
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    days = period("week", now=AS_OF, zone=zone(region.settings.zone))
    found = measures(region, schemes_of(region.field), days, expiring_days=3660)

    contracts = client.get("/v1/reports/renewals?within_days=3660").json()["rows"]
    papers = client.get("/v1/reports/expiring?within_days=3660").json()["rows"]

    assert [(row["contract"], row["tickets"], row["breached"], row["late_cents"]) for row in contracts] == [
        (one.contract, one.tickets, one.breached, one.late_cents) for one in found.renewals
    ]
    assert [(row["engineer"], row["name"], row["days_left"]) for row in papers] == [
        (one.engineer, one.name, one.days_left) for one in found.expiring
    ]
    assert contracts
    assert papers


def test_a_trend_is_the_report_of_each_of_its_periods(client: TestClient) -> None:
    """A figure in a line of days is the one the report of that day shows."""
    asked = {"every": "day", "period": DAYS}
    body = client.get("/v1/reports/trend", params=asked).json()
    kept = next(sheet for sheet in body["sheets"] if sheet["name"] == "attainment")
    days = sorted({tuple(row[:2]) for row in kept["rows"]})

    figures = next(sheet for sheet in body["sheets"] if sheet["name"] == "figures")
    assert len({row[0] for row in figures["rows"]}) == 33, (
        "every day has its figures, blank where nothing happened"
    )
    assert days
    for first, last in days[:2]:
        whole = client.get(
            "/v1/reports/measures", params={"period": f"{first}..{last}", "sheet": "attainment"}
        ).json()["sheets"][0]
        assert [row[2:] for row in kept["rows"] if row[0] == first] == whole["rows"]
    file = client.get("/v1/reports/trend", params={**asked, "sheet": "attainment", "format": "csv"}).content
    assert len(file.decode("utf-8-sig").splitlines()) == 1 + len(kept["rows"])
    assert code_of(client.get("/v1/reports/trend?every=year")).startswith("request.")
    long = {"every": "day", "period": "2025-01-01..2025-12-31"}
    assert code_of(client.get("/v1/reports/trend", params=long)) == "period.too_many"
