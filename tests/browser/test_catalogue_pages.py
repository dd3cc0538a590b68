"""The catalogue in a browser: a supplier, a part and who sells it are taken up, and changed only as they were seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region


def form(page: Page, button: str) -> Any:
    """The form that a button opens."""
    page.get_by_role("button", name=button).first.click()
    return page.locator("form.writing")


def write(page: Page) -> None:
    """Write what was typed; the form goes when it is written."""
    page.locator("form.writing button.main").click()
    expect(page.locator("form.writing")).to_have_count(0)


def test_a_part_and_who_sells_it_are_taken_up_where_they_are_looked_for(
    own_desk: Desk, signed_in: Opened
) -> None:
    """No file is touched and nobody brings a region in anew: what another changed meanwhile is not overwritten."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/suppliers")

    supplier = form(page, "Add: Who sells parts")
    supplier.get_by_label("Number", exact=True).fill("SUP-77")
    supplier.get_by_label("Name", exact=True).fill("Lamp works")
    supplier.get_by_label("Lead time promised (days)").fill("6.5")
    write(page)
    page.goto(f"{own_desk.url}/console/stock/positions")
    part = form(page, "Add: Parts")
    part.get_by_label("Number", exact=True).fill("P-LAMP-77")
    part.get_by_label("Name", exact=True).fill("Lamp")
    part.get_by_label("Price of one").fill("45.00")
    part.get_by_label("Tracked by").select_option("serial")
    write(page)
    expect(page.get_by_role("heading", name="Part P-LAMP-77")).to_be_visible()
    sold = form(page, "Change: Who sells it")
    page.get_by_role("button", name="One more line").click()
    sold.get_by_label("Supplier", exact=True).fill("SUP-77")
    sold.get_by_label("Price of one").fill("40.00")
    sold.get_by_label("Smallest order").fill("5")
    write(page)
    expect(page.get_by_text("40.00 CNY, at least 5")).to_be_visible()

    changed = form(page, "Change: The part")
    changed.get_by_label("Name", exact=True).fill("Lamp, bright")
    address = f"{own_desk.url}/v1/parts/P-LAMP-77"
    seen = page.request.get(address)
    theirs = {"name": "Lamp", "kind": "repairable", "price": "46.00", "criticality": 2, "tracking": "serial"}
    other = {"If-Match": seen.headers["etag"], "Idempotency-Key": "other", "Origin": own_desk.url}
    assert page.request.put(address, data=theirs, headers=other).ok
    page.locator("form.writing button.main").click()
    expect(page.get_by_role("alert").filter(has_text="another than you saw")).to_be_visible()
    page.get_by_role("button", name="Read it again").click()
    expect(changed.get_by_label("Price of one")).to_have_value("46.00")
    changed.get_by_label("Name", exact=True).fill("Lamp, bright")
    write(page)

    kept = page.request.get(address).json()
    assert (kept["name"], kept["price_cents"], kept["tracking"]) == ("Lamp, bright", 4600, "serial")
    terms = page.request.get(f"{own_desk.url}/v1/supplier-terms?part=P-LAMP-77").json()["rows"]
    assert [(one["supplier_id"], one["minimum"]) for one in terms] == [("SUP-77", 5)]
