"""The board in a browser: signing in, what is seen first, choosing, both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from api.auth.demo import PASSWORD
from tests.browser.conftest import WAIT_MS, Desk, Window, board_of

Opened = Callable[..., Page]


def test_a_dispatcher_signs_in_and_sees_the_board(desk: Desk, window: Window) -> None:
    """The first minute of a new user: a name, a password, and the day is there."""
    page = window().open()
    page.goto(desk.url)

    page.get_by_label("Name").fill("demo-dispatcher")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    board_of(page)
    expect(page.locator(".sign-in")).to_have_count(0)


def test_a_wrong_password_is_answered_in_words_and_opens_nothing(desk: Desk, window: Window) -> None:
    """Who mistyped reads so beside the field, in the language of the page."""
    page = window().open()
    page.goto(desk.url)

    page.get_by_label("Name").fill("demo-dispatcher")
    page.get_by_label("Password").fill("something else")
    page.get_by_role("button", name="Sign in").click()

    expect(page.locator(".sign-in [role=alert]")).not_to_be_empty()
    expect(page.locator(".timeline")).to_have_count(0)


def test_every_engineer_with_visits_today_has_a_row_with_bars(desk: Desk, signed_in: Opened) -> None:
    """The plan as people go by it is what is drawn, nothing of it missing."""
    page = board_of(signed_in(desk, viewport={"width": 1600, "height": 1400}))

    board = page.request.get(f"{desk.url}/v1/board").json()
    shown = {one.get_attribute("data-engineer") for one in page.locator(".timeline [data-engineer]").all()}

    assert shown == {one["id"] for one in board["engineers"]}
    placed = {one["id"] for one in board["visits"] if one["start"] is not None}
    bars = {str(one.get_attribute("data-visit")) for one in page.locator(".timeline .visit").all()}
    assert bars
    assert bars <= placed


def test_the_queue_has_the_next_promise_to_run_out_first(desk: Desk, signed_in: Opened) -> None:
    """Who works from the top saves what can still be saved."""
    page = board_of(signed_in(desk))
    board = page.request.get(f"{desk.url}/v1/board").json()
    due = {
        one["id"]: min((line["due"] for line in one["promises"] if line["done"] is None), default=None)
        for one in board["visits"]
    }

    order = [due[str(one.get_attribute("data-visit"))] for one in page.locator(".queue [role=option]").all()]

    promised = [one for one in order if one is not None]
    assert promised == sorted(promised)
    assert order[len(promised) :] == [None] * (len(order) - len(promised))


def test_a_visit_chosen_in_the_queue_is_shown_with_its_details(desk: Desk, signed_in: Opened) -> None:
    """One choice, the same everywhere."""
    page = board_of(signed_in(desk))
    line = page.locator(".queue [role=option]").first
    visit = str(line.get_attribute("data-visit"))

    line.click()

    expect(line).to_have_attribute("aria-selected", "true")
    expect(page.locator(".details")).to_contain_text(visit)


@pytest.mark.parametrize(("lang", "tag"), [("en", "en"), ("zh", "zh-Hans")])
def test_the_board_speaks_the_browsers_language(desk: Desk, signed_in: Opened, lang: str, tag: str) -> None:
    """Nothing has to be chosen first, and no text stays in the other language."""
    page = board_of(signed_in(desk, lang=lang))

    expect(page.locator("html")).to_have_attribute("lang", tag)
    tabs = page.get_by_role("tab").all_inner_texts()
    assert tabs
    assert all(bool(re.search(r"[一-鿿]", text)) is (lang == "zh") for text in tabs)
    assert "{" not in page.locator("body").inner_text()


def test_the_language_is_switched_and_kept(desk: Desk, signed_in: Opened) -> None:
    """A colleague at the same desk reads the other one; tomorrow it is still so."""
    page = board_of(signed_in(desk))

    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.reload()

    board_of(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_the_first_screen_is_small(desk: Desk, window: Window) -> None:
    """350 KB packed until the board stands: a depot's line is slow. Its data and the outline of the land come on top."""
    watched = window()
    asked: list[Request] = []
    page = watched.open()
    page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 a built-in takes no listener

    page.goto(desk.url)
    page.get_by_label("Name").fill("demo-dispatcher")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    board_of(page)
    expect(page.locator(".map.leaflet-container")).to_be_visible(timeout=WAIT_MS)

    own = {
        one.url: one.sizes()["responseBodySize"]
        for one in asked
        if "/console/" in one.url and "/outline/" not in one.url
    }
    assert any(url.endswith(".js") for url in own)
    assert sum(own.values()) <= 350 * 1024, own
