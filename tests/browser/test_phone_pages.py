"""The engineer's phone and the customer's link in a browser: touch, no connection, conflicts, a drawn signature, no script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from api.auth.oidc import Provider
from dispatch.desk.ticket import EventKind
from storage.regional import zone_of
from storage.rows.tickets import ticket_events
from storage.tables.people import Role
from tests.browser.conftest import NOW, SMALL, Desk, Watched, Window
from tests.browser.phones import (  # noqa: F401 fixtures
    PHONE,
    Signed,
    at_visit,
    first_visit,
    link_to,
    ready,
    said,
    signed_phone,
    unbuilt_desk,
)
from tests.people_builders import bearer

pytestmark = (
    pytest.mark.slow
)  # a browser, a served copy of a region and a session for each test: some seconds


def test_what_is_said_without_a_connection_is_shown_and_sent_later(own_desk: Desk, phone: Signed) -> None:
    """In a basement the pages are there, each word waits in sight, and goes out once when the signal is back."""
    page, visit = phone(own_desk)
    ready(page)
    ready(at_visit(page, visit))
    before = said(own_desk, visit)

    page.context.set_offline(True)
    page.get_by_role("button", name="Accept", exact=True).tap()
    waiting = page.locator("#waiting li")
    expect(waiting).to_have_count(1)
    expect(waiting.first).to_contain_text("Accept · waits to be sent")
    page.get_by_role("link", name="My visits").tap()
    expect(page.get_by_role("heading", name="My visits")).to_be_visible()
    expect(waiting).to_have_count(1)
    expect(page.locator("#connection")).to_contain_text("No connection.")
    kept = said(own_desk, visit)
    page.context.set_offline(False)

    expect(page.locator("#waiting")).to_be_hidden()
    page.reload()
    expect(page.locator(f'a.visit[href="/m/visits/{visit.visit}"]')).to_contain_text("accepted")
    assert kept == before
    assert said(own_desk, visit) == [*before, "accepted"]


def test_a_phone_whose_clock_is_hours_off_says_things_at_the_servers_time(
    own_desk: Desk, phone: Signed
) -> None:
    """A page tells how late it is where it comes from; a word kept without a connection still happened when it was said."""
    page, visit = phone(own_desk)
    page.context.clock.set_fixed_time(NOW + timedelta(hours=3))
    ready(page)
    ready(at_visit(page, visit))
    page.context.set_offline(True)
    page.get_by_role("button", name="Accept", exact=True).tap()
    expect(page.locator("#waiting li")).to_have_count(1)
    page.reload()
    expect(page.locator("#connection")).to_contain_text("No connection.")
    page.context.set_offline(False)

    expect(page.locator("#waiting")).to_be_hidden()
    assert said(own_desk, visit)[-1] == "accepted"
    with own_desk.database.reading() as connection:
        (event,) = (
            one
            for one in ticket_events(connection, SMALL.id, visit.ticket)
            if one.kind is EventKind.ACCEPTED and one.visit == visit.visit
        )
    assert NOW - timedelta(seconds=2) <= event.at <= NOW


def test_a_word_that_was_overtaken_is_shown_with_its_reason_and_said_again(
    own_desk: Desk, phone: Signed
) -> None:
    """The ticket was cancelled meanwhile: the engineer reads why his word was refused, and decides."""
    page, visit = phone(own_desk)
    ready(page)
    ready(at_visit(page, visit))
    page.context.set_offline(True)
    page.get_by_role("button", name="Accept", exact=True).tap()
    expect(page.locator("#waiting li")).to_have_count(1)
    body = {"kind": "cancelled", "reason": "sold"}
    headers = {**bearer(own_desk.database, Role.MANAGER, now=NOW), "Idempotency-Key": "sold"}
    answer = page.context.request.post(
        f"{own_desk.url}/v1/tickets/{visit.ticket}/events", data=body, headers=headers
    )
    assert answer.ok, answer.text()

    page.context.set_offline(False)

    refused = page.locator('#waiting li[data-state="refused"]')
    expect(refused).to_contain_text("Refused:")
    refused.get_by_role("button", name="Enter it as of now").tap()
    expect(refused).to_contain_text("Refused:")
    page.on("dialog", lambda dialog: dialog.accept())
    refused.get_by_role("button", name="Discard").tap()
    expect(page.locator("#waiting")).to_be_hidden()
    assert "accepted" not in said(own_desk, visit)


def test_a_signature_is_drawn_with_a_finger(own_desk: Desk, phone: Signed) -> None:
    """Done, checked, drawn: the picture is kept with the ticket and the page says who signed."""
    page, visit = phone(own_desk)
    at_visit(page, visit)
    page.get_by_text("Other steps").tap()
    page.locator("select[name=kind]").select_option("repaired")
    page.get_by_role("button", name="Enter", exact=True).tap()
    expect(page.locator("section.steps")).to_contain_text("No work is left.")
    if page.locator("fieldset").count():
        for choice in page.locator('input[type=radio][value="yes"]').all():
            choice.check()
        for number in page.locator('input[inputmode="decimal"][name^="item-"]').all():
            number.fill("1")
        page.get_by_role("button", name="Keep the answers").tap()
        expect(page.locator('input[type=radio][value="yes"]').first).to_be_checked()

    page.get_by_label("Name of who signs").fill("Front desk")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 30, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Sign", exact=True).tap()

    expect(page.locator("main")).to_contain_text("Signed by Front desk")
    headers = bearer(own_desk.database, Role.MANAGER, now=NOW)
    ticket = page.context.request.get(f"{own_desk.url}/v1/tickets/{visit.ticket}", headers=headers).json()
    assert [one["media_type"] for one in ticket["attachments"]][-1] == "image/png"
    assert ticket["attachments"][-1]["size"] > 1000


def test_a_position_is_told_only_on_duty_and_only_when_switched_on(own_desk: Desk, phone: Signed) -> None:
    """Off until the engineer switches it on; then the desk sees where he is."""
    spot = {"latitude": 26.07, "longitude": 119.3}
    page, _ = phone(own_desk, geolocation=spot, permissions=["geolocation"])
    headers = bearer(own_desk.database, Role.MANAGER, now=NOW)

    def seen() -> list[str]:
        answer = page.context.request.get(f"{own_desk.url}/v1/positions", headers=headers).json()
        return [one["engineer"] for one in answer["positions"] if (one["lat"], one["lon"]) == (26.07, 119.3)]

    before = seen()
    page.get_by_label("Show the desk where I am while I am on duty").check()

    expect(page.locator("#position [role=status]")).to_have_text("Your position was sent.")
    assert before == []
    assert len(seen()) == 1


def test_targets_are_as_large_as_a_thumb_and_nothing_overflows(own_desk: Desk, phone: Signed) -> None:
    """48 px, on a narrow phone, in both languages."""
    page, visit = phone(own_desk, viewport={"width": 320, "height": 640})
    for lang in ("en", "zh"):
        for path in ("/m", f"/m/visits/{visit.visit}"):
            page.goto(f"{own_desk.url}{path}?lang={lang}")
            small = page.evaluate(
                """() => [...document.querySelectorAll('main a, main button, main summary, main select, main label.choice,'
                 + 'main input:not([type=hidden],[type=radio],[type=checkbox]), header a, footer button')]
                 .filter((one) => one.checkVisibility() && !one.closest('.camera'))
                 .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
                 .filter(([, box]) => box.height < 47.5).map(([text]) => text)"""
            )
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )

            assert small == []
            assert wide <= 0


@pytest.mark.parametrize("script", [True, False])
def test_a_customer_asks_for_another_time(own_desk: Desk, window: Window, *, script: bool) -> None:
    """From the link, with and without script; the wish stands on the page and in the ticket's life."""
    _, visit = first_visit(own_desk)
    watched: Watched = window(**{**PHONE, "java_script_enabled": script})
    page = watched.open()
    page.goto(link_to(own_desk, visit.ticket))

    page.get_by_text("Ask for another time").tap()
    with own_desk.database.reading() as connection:
        assert zone_of(connection, SMALL.id) == "Asia/Shanghai"
    page.get_by_label("Day", exact=True).fill("2026-03-11")
    page.get_by_label("Time of day").select_option("afternoon")
    page.get_by_role("button", name="Ask", exact=True).tap()

    expect(page.get_by_role("status")).to_contain_text("You asked for 2026-03-11 12:00 to 18:00.")
    with own_desk.database.reading() as connection:
        assert ticket_events(connection, SMALL.id, visit.ticket)[-1].kind.value == "time_asked"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_breaks_a_rule_of_accessibility(own_desk: Desk, phone: Signed, lang: str) -> None:
    """Axe finds nothing on the day, a visit with everything open, the sign-in, a refusal, the customer's page."""
    page, visit = phone(own_desk)
    tracked = link_to(own_desk, visit.ticket).removeprefix(own_desk.url)
    app: Any = own_desk.server.server.config.app
    app.state.provider = Provider("https://sso.example", "c", "s", "email", own_desk.url, 1.0)
    back = f"/v1/session/company/back?state={lang}"  # nobody began it: the refusal is a page too
    axe = Axe()
    for path in (
        "/m",
        f"/m/visits/{visit.visit}",
        "/m/sign-in",
        back,
        "/m/offline",
        "/m/visits/none",
        tracked,
    ):
        page.goto(f"{own_desk.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        if path == "/m/sign-in":
            expect(page.locator('a[href="/v1/session/company"]')).to_be_visible()
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")

        found = axe.run(page)

        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
