"""Changed terms in a browser: a new version with its day, refused at its field where it is wrong; what was opened before keeps its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NOW, Desk
from tests.browser.test_storekeepers_day import asked, told

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region

SCHEME = "field-2-4-24"
AFTER = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)
"""A moment when the new version is in force."""


def arrives_within(page: Page, desk: Desk, ticket: str) -> tuple[str, timedelta]:
    """The version a ticket counts by, and how long after its report somebody is owed on site."""
    shown = asked(page, desk, f"/v1/tickets/{ticket}")
    arrive = next(one for one in shown["clocks"] if one["milestone"] == "arrive")
    due, reported = (datetime.fromisoformat(text) for text in (arrive["due_at"], shown["reported_at"]))
    return str(shown["scheme_version"]), due - reported


def opened_under(page: Page, desk: Desk, contract: dict[str, Any], key: str) -> str:
    """A ticket somebody reports now for a customer with this contract."""
    site = asked(page, desk, f"/v1/sites?customer={contract['customer_id']}&limit=1")["rows"][0]["site_id"]
    asset = asked(page, desk, f"/v1/assets?site={site}&limit=1")["rows"][0]["asset_id"]
    said = {"severity": "P2", "kind": "fault", "symptom": "stands still", "contact": "reception 5551234"}
    reply = told(
        page,
        desk,
        "/v1/tickets",
        asset=asset,
        contract=contract["contract_id"],
        text=f"Broken {key}",
        **said,
    )
    assert reply["opened"], reply["questions"]
    return str(reply["ticket"])


def test_changed_terms_count_from_their_day_and_not_before(own_desk: Desk, signed_in: Opened) -> None:
    """A manager gives the customers three hours instead of four: told a month ahead, and no open ticket changes its clock."""
    page = signed_in(own_desk, "manager", path="/console/administer/schemes")
    contract = asked(page, own_desk, f"/v1/contracts?scheme={SCHEME}&on={NOW.date()}&limit=1")["rows"][0]
    before = opened_under(page, own_desk, contract, "before")

    page.get_by_role("row", name=SCHEME).click()
    expect(page.get_by_text("contracts name this version")).to_be_visible()
    page.get_by_role("button", name="New version").click()
    arrive = page.get_by_label("Arrive · every severity: Time")
    arrive.fill("soon")
    expect(arrive).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("“soon” is not a time.")).to_be_visible()
    expect(page.get_by_role("button", name="Add this version")).to_be_disabled()
    arrive.fill("3 h")
    starts = page.get_by_label("In force from: Value")
    starts.fill("2026-03-20")
    expect(starts).to_have_attribute("aria-invalid", "true")
    starts.fill("2026-04-15")
    expect(page.get_by_role("button", name="Add this version")).to_be_enabled()
    page.get_by_role("button", name="Add this version").click()
    expect(page.get_by_role("status").filter(has_text="in force from 15 Apr 2026")).to_be_visible()
    page.get_by_label("Compare with").select_option(label="Field service 2-4-24, version 1")
    changed = page.get_by_role("table", name="What is different").get_by_role("row", name="Arrive")
    expect(changed).to_contain_text("3 h")
    expect(changed).to_contain_text("4 h")

    own_desk.clock.moment = AFTER
    page = signed_in(
        own_desk, "manager", path=f"/console/administer/contracts/{contract['contract_id']}?scheme={SCHEME}"
    )
    page.get_by_role("complementary").get_by_role("button", name="Change").click()
    form = page.get_by_role("form", name="The contract")
    form.get_by_label("Version").select_option("2")
    expect(form.get_by_text("keep the version they were opened under")).to_be_visible()
    form.get_by_label("Last day").fill("2020-01-01")
    form.get_by_role("button", name="Write down").click()
    expect(form.get_by_label("Last day")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Last day").fill(contract["valid_until"] or "")
    form.get_by_role("button", name="Write down").click()
    expect(page.get_by_role("complementary").get_by_role("link", name="version 2")).to_be_visible()
    after = opened_under(page, own_desk, contract, "after")

    assert arrives_within(page, own_desk, before) == ("1", timedelta(hours=4))
    assert arrives_within(page, own_desk, after) == ("2", timedelta(hours=3))
