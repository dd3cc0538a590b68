"""A customer's link from the first look to the survey, in both languages: the page follows what the desk and the engineer say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from storage.tables.desk import TicketRow
from storage.tables.people import Role
from tests.browser.conftest import LOCALES, NOW, Desk, Window
from tests.browser.phones import PHONE, first_visit, link_to, unbuilt_desk  # noqa: F401 fixture
from tests.people_builders import bearer

pytestmark = pytest.mark.slow  # a browser and a served copy of a region


class Office:
    """What the desk says to the service, as a program of its own."""

    def __init__(self, desk: Desk, page: Page) -> None:
        """Get a manager's key."""
        self._desk, self._page = desk, page
        self._headers = bearer(desk.database, Role.MANAGER, now=NOW)

    def say(self, path: str, **body: object) -> Any:
        """Send a command; gives its answer."""
        answer = self._page.context.request.post(
            f"{self._desk.url}/v1/{path}",
            data=body,
            headers={**self._headers, "Idempotency-Key": uuid4().hex},
        )
        assert answer.ok, answer.text()
        return answer.json()


def reported(desk: Desk, office: Office, engineer: str) -> tuple[str, str, str]:
    """A new ticket like one there is, with telephone numbers in it, and its visit, given to an engineer."""
    with desk.database.reading() as connection:
        wanted = TicketRow.c.asset_id.is_not(None) & TicketRow.c.contract_id.is_not(None)
        like = connection.execute(select(TicketRow).where(wanted).limit(1)).mappings().one()
    trip = {"minutes": 45, "skills": {}, "certificates": [], "tools": [], "parts": {}, "windows": []}
    ticket = office.say(
        "tickets",
        channel="phone",
        kind="fault",
        severity="P3",
        asset=like["asset_id"],
        contract=like["contract_id"],
        text="It leaks. Call 138 1234 5678.",
        contact="gate 3, 0591 8765 4321",
        trip=trip,
    )["ticket"]
    visit = f"{ticket}/1"
    published = office.say(f"visits/{visit}/move", engineer=engineer)["after"]
    return ticket, visit, next(one["starts_at"] for one in published if one["visit"] == visit)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_customer_follows_his_ticket_to_the_end(own_desk: Desk, window: Window, lang: str) -> None:
    """Steps and window, masked numbers, another time, what is known, and how it was; axe finds nothing on the way."""
    page = window(**{**PHONE, "locale": LOCALES[lang]}).open()
    office = Office(own_desk, page)
    engineer, other = first_visit(own_desk)
    ticket, visit, start = reported(own_desk, office, engineer)
    address = link_to(own_desk, ticket)
    steps = page.locator("ol.track li")
    axe = Axe()

    page.goto(address)
    expect(steps.locator("xpath=self::*[@aria-current='step']")).to_have_count(1)
    expect(steps.nth(0)).to_have_attribute("aria-current", "step")
    words = page.locator("main").inner_text()
    assert "5678" not in words
    assert "*678" in words
    assert "4321" not in words
    office.say(f"visits/{visit}/told", starts_at=start, whom="front desk")
    page.reload()
    expect(steps.nth(1)).to_have_attribute("aria-current", "step")
    expect(page.locator('section[aria-labelledby="visits"] li')).to_contain_text(engineer)
    found = [axe.run(page)]

    page.locator("details summary").tap()
    page.locator("input[name=day]").fill("2026-03-11")
    page.locator("select[name=part]").select_option("afternoon")
    page.locator("details form button").tap()
    expect(page.get_by_role("status")).to_contain_text("2026-03-11 12:00")
    cause = "worn seal"
    office.say("knowledge", ticket=other.ticket, cause=cause, solution="replaced it", public=True)
    page.locator("input[name=q]").fill(cause)
    page.locator("form[role=search] button").tap()
    expect(page.locator('section[aria-labelledby="known"] li', has_text=cause).first).to_be_visible()
    found.append(axe.run(page))

    for kind in ("accepted", "travelling", "on_site", "repaired"):
        office.say(f"tickets/{ticket}/events", kind=kind, visit=visit)
    page.goto(address)
    expect(steps.nth(4)).to_have_attribute("aria-current", "step")
    for kind in ("verified", "closed"):
        office.say(f"tickets/{ticket}/events", kind=kind)
    page.reload()
    page.locator("input[name=score]").last.check()
    page.locator("input[name=remark]").fill("quick")
    found.append(axe.run(page))
    page.locator('section[aria-labelledby="survey"] button').tap()
    expect(page.locator("input[name=score]")).to_have_count(0)
    expect(page.get_by_role("status")).not_to_be_empty()

    found.append(axe.run(page))
    assert [one.generate_report() for one in found if one.violations_count] == []
