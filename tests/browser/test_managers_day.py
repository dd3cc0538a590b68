"""A manager's morning in a browser: a miss to its ticket, two requests decided, a week's report, papers that run out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region


def asked(page: Page, desk: Desk, path: str) -> Any:
    """What the interface says."""
    answer = page.request.get(desk.url + path)
    assert answer.ok, answer.text()
    return answer.json()


def request_made(page: Page, desk: Desk, number: str, price_cents: int) -> None:
    """A dispatcher asks for something that costs money."""
    body = {
        "approval": number,
        "ticket": desk.demo.ticket,
        "kind": "purchase",
        "price_cents": price_cents,
        "reason": "the board is not in stock",
    }
    answer = page.request.post(
        f"{desk.url}/v1/approvals", data=body, headers={"Idempotency-Key": number, "Origin": desk.url}
    )
    assert answer.ok, answer.text()


def test_a_morning_begins_with_what_went_wrong_and_ends_with_what_runs_out(
    own_desk: Desk, signed_in: Opened
) -> None:
    """Each line leads to what it is about, and every figure is the interface's own."""
    dispatcher = signed_in(own_desk, "dispatcher", path="/healthz")
    request_made(dispatcher, own_desk, "AP-1", 150_000)
    request_made(dispatcher, own_desk, "AP-2", 250_000)
    page = signed_in(own_desk, "manager", path="/console/manage/morning")
    missed = asked(page, own_desk, "/v1/reports/misses?period=day")["rows"]

    card = page.get_by_role("region", name="Missed yesterday")
    if missed:
        expect(card.get_by_role("link", name=missed[0]["ticket"]).first).to_be_visible()
        card.get_by_role("link", name=missed[0]["ticket"]).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(missed[0]["ticket"])
        page.go_back()
    else:
        expect(card).to_contain_text("No promise was missed.")
    expect(page.get_by_role("region", name="What today may cost")).not_to_contain_text("Loading")

    page.get_by_role("region", name="Waiting for you").get_by_role("link", name="All requests").click()
    lines = page.get_by_role("grid").get_by_role("row").filter(has_text=own_desk.demo.ticket)
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("demo-dispatcher")
    lines.filter(has_text="1,500").locator("td").nth(2).click()
    drawer = page.get_by_role("complementary")
    drawer.get_by_label("Your reason").fill("needed tomorrow")
    drawer.get_by_role("button", name="Approve").click()
    expect(lines).to_have_count(1)
    lines.first.locator("td").nth(2).click()
    expect(drawer.get_by_role("button", name="Decline")).to_be_disabled()
    drawer.get_by_label("Your reason").fill("a repaired board lies in the depot")
    drawer.get_by_role("button", name="Decline").click()
    expect(lines).to_have_count(0)
    words = {
        one["approval"]: (one["step"], one["answer"])
        for one in asked(page, own_desk, "/v1/approvals?decided=true")["rows"]
    }
    assert words["AP-1"] == ("approved", "needed tomorrow")
    assert words["AP-2"] == ("declined", "a repaired board lies in the depot")

    dispatcher.goto(f"{own_desk.url}/console/manage/approvals?show=own")
    expect(dispatcher.get_by_role("row").filter(has_text="declined")).to_be_visible()


def test_a_week_is_a_line_a_table_and_a_file(desk: Desk, signed_in: Opened) -> None:
    """What is drawn can be read as a table and taken along; the address brings the same report back."""
    page = signed_in(desk, "manager", path="/console/manage/reports")
    chart = page.get_by_role("region", name="Promises kept", exact=True)
    expect(chart.get_by_role("img")).to_be_visible()

    page.locator(".filters select").first.select_option("month")
    page.get_by_label("Clock").select_option("repair")
    expect(page).to_have_url(re.compile(r"every=month.*milestone=repair"))
    chart.locator("summary").click()
    with page.expect_download() as taken:
        chart.get_by_role("link", name="As a file (CSV)").click()

    lines = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    expect(chart.locator("tbody tr")).to_have_count(6)
    (last,) = [
        line.split(",") for line in lines if line.startswith("2026-02-01,2026-02-28,repair,all,,last,")
    ]
    told = f"of {int(last[6]) + int(last[7])}" if last[10] else "–"
    expect(chart.locator("tbody tr").last).to_contain_text(told)
    page.reload()
    expect(page.get_by_label("Clock")).to_have_value("repair")


def test_papers_and_contracts_that_run_out_are_seen_in_time(desk: Desk, signed_in: Opened) -> None:
    """The list says how long is left, and how an engineer did on how many cases."""
    page = signed_in(desk, "manager", path="/console/manage/team?within=365")
    papers = asked(page, desk, "/v1/reports/expiring?within_days=365")["rows"]
    grid = page.get_by_role("grid", name="Certificates and calibrations running out")

    expect(grid.get_by_role("row").nth(1)).to_contain_text(papers[0]["name"])
    expect(page.get_by_role("region", name="Scorecard").locator("tbody th").first).to_have_text("All")

    page.goto(f"{desk.url}/console/manage/renewals?within=365")
    first = asked(page, desk, "/v1/reports/renewals?within_days=365")["rows"][0]
    expect(page.get_by_role("row").filter(has_text=first["contract"]).first).to_contain_text(
        f"{first['days_left']} days left"
    )
