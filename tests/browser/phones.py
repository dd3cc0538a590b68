"""An engineer's phone and a customer's link in a browser: signing in, the visit to work on, what the desk has heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, true

from api.auth.demo import PASSWORD
from api.auth.given import give_account, give_link
from api.auth.password import Passwords
from api.auth.policy import policy_of
from kernel.envelope import Envelope
from storage.rows.tickets import ticket_events
from storage.rows.visits import VisitThere, days_of
from storage.scope import Scope
from storage.tables.crew import EngineerRow
from storage.tables.people import Role
from tests.browser.conftest import LOCALES, NOW, SMALL, WAIT_MS, Desk, Small, Window, _served
from tests.people_builders import QUICK, company

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
Signed = Callable[..., tuple[Page, VisitThere]]


def first_visit(desk: Desk) -> tuple[str, VisitThere]:
    """An engineer and a visit of his later today that nobody has begun."""
    with desk.database.reading() as connection:
        names = connection.execute(
            select(EngineerRow.c.engineer_id).order_by(EngineerRow.c.engineer_id)
        ).scalars()
        for name in list(names):
            for visit in days_of(connection, SMALL.id, name, since=NOW, most=3):
                begun = {one.kind.value for one in ticket_events(connection, SMALL.id, visit.ticket)}
                if not begun & {"travelling", "on_site", "waiting", "repaired"}:
                    return name, visit
    pytest.fail("no engineer of the small region has a visit later today")


@pytest.fixture(name="own_desk")
def unbuilt_desk(small: Small, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the region, served to one test; these pages are made by the server, nothing is built for them."""
    yield from _served(small, tmp_path)


@pytest.fixture(name="phone")
def signed_phone(window: Window) -> Signed:
    """Signs an engineer in on a phone; gives the page of his day and one of his visits."""

    def opened(desk: Desk, *, lang: str = "en", **options: object) -> tuple[Page, VisitThere]:
        engineer, visit = first_visit(desk)
        hashed = Passwords(policy_of(QUICK).hashing).rehashed(PASSWORD)
        scope = Scope(regions=(SMALL.id,), engineer=engineer)
        give_account(
            desk.database,
            company(now=NOW),
            name="phone",
            shown="",
            role=Role.ENGINEER,
            scope=scope,
            password_hash=hashed,
        )
        watched = window(**{**PHONE, "locale": LOCALES[lang], **options})
        if options.get("java_script_enabled", True):
            watched.context.clock.set_fixed_time(NOW)  # forms say when they were filled in
        page = watched.open()
        page.goto(f"{desk.url}/m")
        page.locator("input[name=name]").fill("phone")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("button.main").tap()
        expect(page.locator(f'a.visit[href="/m/visits/{visit.visit}"]')).to_be_visible()
        return page, visit

    return opened


def ready(page: Page) -> Page:
    """Wait until the service worker watches the page."""
    expect(page.locator("html[data-ready=yes]")).to_be_attached(timeout=WAIT_MS)
    return page


def at_visit(page: Page, visit: VisitThere) -> Page:
    """Open a visit from the list of the day."""
    page.locator(f'a.visit[href="/m/visits/{visit.visit}"]').tap()
    expect(page.get_by_role("heading", name=visit.site_name, level=1)).to_be_visible()
    return page


def said(desk: Desk, visit: VisitThere) -> list[str]:
    """What happened to the ticket, said at the visit."""
    with desk.database.reading() as connection:
        found = ticket_events(connection, SMALL.id, visit.ticket)
    return [one.kind.value for one in found if one.visit == visit.visit]


def link_to(desk: Desk, ticket: str) -> str:
    """The address of a customer's link."""
    envelope = Envelope("operator", "test", NOW, f"link-{ticket}", SMALL.id)
    given = give_link(
        desk.database, envelope, ticket=ticket, ends_at=None, lasts=timedelta(days=9), where=true()
    )
    return f"{desk.url}/t/{ticket}/{given.secret}"
