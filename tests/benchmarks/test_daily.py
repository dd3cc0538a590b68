"""What a daily thing is said to take: every press, key and word of it counted, and every thing of it told to readers."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import sync_playwright

from benchmarks.daily import HAND_S, KEY_S, POINT_S, THINK_S, Reader
from benchmarks.daily_things import THINGS
from tests.browser.conftest import FLAGS, chromium
from tests.conftest import ROOT

PAGE = """<main><h1>Two words</h1><label>Name <input></label><button onclick="this.after('Written')">Write down</button>
<h2 hidden>never seen</h2><table><thead><tr><th>Part</th></tr></thead><tbody><tr><th>P-1</th><td><button>Open</button></td></tr></tbody></table></main>"""


@pytest.mark.slow  # a browser is started
def test_a_reader_counts_what_a_person_does() -> None:
    """Signs that are seen are read, rows are not; a press is a thought and a movement, keys come after the hand has gone to them."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, "--no-sandbox"])
        page = browser.new_page()
        page.set_content(PAGE)
        reader = Reader(page)

        reader.reads("main")
        reader.write(page.get_by_label("Name"), "E-101")
        reader.press(page.get_by_role("button", name="Write down"))
        reader.sees(page.get_by_text("Written"))
        waited, practised = reader.practised_s()
        browser.close()

    assert reader.words == len(["Two", "words", "Name", "Write", "down", "Part"])
    assert (reader.steps, reader.points, reader.keys, reader.hands) == (2, 2, 5, 2)
    assert practised - waited == pytest.approx(2 * THINK_S + 2 * POINT_S + 5 * KEY_S + 2 * HAND_S)


def test_five_things_of_every_role_are_told_with_their_seconds() -> None:
    """The page for readers names what is measured, no more and no less; a thing that was added has been measured."""
    told = (ROOT / "docs" / "daily.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in told.splitlines() if line.startswith("| ") and " s |" not in line]

    listed = [(row[0].strip("| "), row[1]) for row in rows if len(row) == 7]
    daily = Counter(one.role for one in THINGS)

    assert listed == [(one.role, one.name) for one in THINGS]
    assert all(float(row[-1].strip("| ")) < 60 for row in rows if len(row) == 7)
    assert set(daily.values()) == {5}
