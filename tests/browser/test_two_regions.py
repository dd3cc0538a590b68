"""Two regions in one database: the one that is chosen is shown, asked about and remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from api.usecases.importing import import_into
from scenarios.world.region import region
from storage.dataset.write import written_digest
from tests.browser.conftest import SMALL, WAIT_MS, Desk, board_of

OTHER = replace(
    SMALL, id="north", name="The north", engineers=3, visits=8, parts=10, remote=0, loaners=0, closed=5
)


@pytest.mark.slow  # a region is made, and two boards are read
def test_the_region_chosen_is_shown_and_kept(own_desk: Desk, signed_in: Callable[..., Page]) -> None:
    """Who looks after two does not see one's visits under the other's name, tomorrow neither."""
    made = region(OTHER, seed=3)
    import_into(own_desk.database, made, digest=written_digest(made), as_of=None)
    page = board_of(signed_in(own_desk))
    choice = page.get_by_label("Region")

    choice.select_option("north")

    expect(page.locator(".timeline [data-engineer]")).to_have_count(3, timeout=WAIT_MS)
    page.reload()
    expect(choice).to_have_value("north", timeout=WAIT_MS)
    expect(page.locator(".timeline [data-engineer]")).to_have_count(3, timeout=WAIT_MS)
    choice.select_option(SMALL.id)
    expect(page.locator(".timeline [data-engineer]")).to_have_count(12, timeout=WAIT_MS)
