"""Engineers in a browser: found, shown with all they have, an absence written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region


def rows(page: Page, desk: Desk, name: str, engineer: str) -> list[dict[str, object]]:
    """Rows of a register that are an engineer's."""
    found = page.request.get(f"{desk.url}/v1/{name}?engineer={engineer}&limit=200").json()
    return list(found["rows"])


def test_an_engineer_is_shown_with_all_he_has_and_an_absence_is_written(
    own_desk: Desk, signed_in: Opened
) -> None:
    """Ill from one: written beside his shifts, in the book at once, with its reason."""
    page = signed_in(own_desk, path="/console/people")
    engineer = page.request.get(f"{own_desk.url}/v1/engineers?limit=1").json()["rows"][0]["engineer_id"]

    page.get_by_role("searchbox").fill(engineer)
    page.locator(".people-page .list a").first.click()
    expect(page.get_by_role("heading", name=engineer, level=2)).to_be_visible()
    for one in rows(page, own_desk, "engineer-skills", engineer):
        expect(page.locator("main .chips", has_text=str(one["skill"])).first).to_be_visible()
    words = page.locator("main").inner_text()
    page.get_by_label("From").fill("2026-03-06T13:00")
    page.get_by_label("Until").fill("2026-03-06T18:00")
    page.get_by_label("Reason").fill("ill")
    page.locator("main form button.main").click()
    expect(page.locator("main form [role=status]")).not_to_be_empty()
    expect(page.locator("main li", has_text="ill").last).to_be_visible()

    assert "Certificates" in words
    assert "Tools" in words
    kept = rows(page, own_desk, "absences", engineer)
    assert ("2026-03-06T05:00:00Z", "2026-03-06T10:00:00Z", "ill") in {
        (one["starts_at"], one["ends_at"], one["reason"]) for one in kept
    }
