"""Pages that are open together: twelve in one browser, another's change, one row repainted, a server that ends and comes back, keys."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import Stopwatch
from tests.api.http.conftest import StandingClock
from tests.api.http.streams import serving
from tests.browser.conftest import NOW, OFTEN, WAIT_MS, Desk, board_of

Opened = Callable[..., Page]

WATCH_ROWS = """() => {
  window.touched = new Set();
  new MutationObserver((records) => records.forEach((one) => {
    const row = (one.target.nodeType === 1 ? one.target : one.target.parentElement)?.closest('[data-engineer]');
    if (row) window.touched.add(row.dataset.engineer);
  })).observe(document.querySelector('.timeline'), { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def lock(page: Page, desk: Desk, visit: str) -> None:
    """Hold a visit, as another page of the same person would."""
    answer = page.request.post(
        f"{desk.url}/v1/visits/{visit}/lock", data={"lock": "both"}, headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.ok, answer.text()


def unlocked(page: Page) -> tuple[str, str]:
    """A visit whose bar is on the page and not held, and whose it is."""
    bar = page.locator(".timeline .visit:not(.locked)").first
    engineer = bar.evaluate("bar => bar.closest('[data-engineer]').dataset.engineer")
    return str(bar.get_attribute("data-visit")), str(engineer)


@pytest.mark.slow  # twelve pages with a board each
def test_twelve_pages_of_one_browser_are_live_over_one_stream(own_desk: Desk, signed_in: Opened) -> None:
    """Six streams would fill a browser's connections: the seventh page would not load at all."""
    first = board_of(signed_in(own_desk))
    others = [first.context.new_page() for _ in range(11)]
    for page in others:
        page.goto(f"{own_desk.url}/console/")
    pages = [first, *(board_of(page) for page in others)]
    visit, _ = unlocked(first)

    lock(first, own_desk, visit)

    for page in pages:
        expect(page.locator(f'.timeline .visit.locked[data-visit="{visit}"]')).to_be_attached(timeout=WAIT_MS)
    from api.live import Live

    live = own_desk.server.server.config.app.state.live  # type: ignore[union-attr]
    assert isinstance(live, Live)
    assert live.readers == 1


def test_one_change_repaints_one_row(own_desk: Desk, signed_in: Opened) -> None:
    """With three hundred engineers anything else would be felt at every change."""
    page = board_of(signed_in(own_desk))
    visit, engineer = unlocked(page)
    page.evaluate(WATCH_ROWS)

    lock(page, own_desk, visit)
    expect(page.locator(f'.timeline .visit.locked[data-visit="{visit}"]')).to_be_attached(timeout=WAIT_MS)

    assert page.evaluate("[...window.touched]") == [engineer]


def test_a_server_ends_with_streams_open_and_the_page_comes_back_with_it(
    own_desk: Desk, signed_in: Opened
) -> None:
    """An update of the program must not wait for browsers, and nobody must have to reload."""
    page = board_of(signed_in(own_desk))
    visit, _ = unlocked(page)
    expect(page.locator(".stale")).to_have_count(0)
    watch = Stopwatch()

    own_desk.server.end()
    took = watch.seconds
    expect(page.locator(".stale")).to_be_visible(timeout=WAIT_MS)
    with serving(own_desk.database, OFTEN, StandingClock(NOW), port=own_desk.server.port) as again:
        lock(page, own_desk, visit)
        expect(page.locator(f'.timeline .visit.locked[data-visit="{visit}"]')).to_be_attached(timeout=60_000)
        expect(page.locator(".stale")).to_have_count(0)
        assert again.port == own_desk.server.port

    assert took < OFTEN.stop_s + 5


def test_the_queue_is_walked_with_the_keys_alone(desk: Desk, signed_in: Opened) -> None:
    """Who cannot use a mouse works from the top of the list just as well."""
    page = board_of(signed_in(desk))
    lines = page.locator(".queue [role=listbox]")

    lines.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    chosen = page.locator(".queue [role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(page.locator(".details")).to_contain_text(str(chosen.get_attribute("data-visit")))


def test_the_tabs_are_walked_with_the_arrows(desk: Desk, signed_in: Opened) -> None:
    """One stop of the Tab key for all of them, arrows within: as everywhere."""
    page = board_of(signed_in(desk))
    page.locator(".queue [role=tab][aria-selected=true]").focus()
    before = page.locator(".queue [role=tab][aria-selected=true]").get_attribute("id")

    page.keyboard.press("ArrowRight")

    expect(page.locator(".queue [role=tab][aria-selected=true]")).not_to_have_attribute("id", str(before))
    assert page.evaluate("document.activeElement.id") == page.locator(
        ".queue [role=tab][aria-selected=true]"
    ).get_attribute("id")
    expect(page.locator(".queue [role=tab][tabindex='0']")).to_have_count(1)


def test_the_list_of_keys_opens_and_closes_with_keys(desk: Desk, signed_in: Opened) -> None:
    """Nobody learns keys by heart that he cannot look up."""
    page = board_of(signed_in(desk))
    page.locator(".timeline").focus()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
