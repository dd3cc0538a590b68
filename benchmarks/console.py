"""Measure the dispatch board in a browser: ``python -m benchmarks console``; prints one figure a line.

A large region (300 engineers, 3,000 visits) is invented, planned, published and served by a process of its own whose clock
stands at 10:40 of the region's morning; a Chromium of this machine (``FIELDWRIGHT_TEST_CHROMIUM`` names another) looks at it.
Server, browser and this program share the machine's cores. ``--keep FOLDER`` keeps the region for the next time: to plan it
takes most of the time. Exit code 1 when a change did not reach every tab, or repainted another row than its own.
``--only lists`` measures a list of 100,000 rows instead, the audit's. ``--only reorder`` looks at a reorder list of ``--lines`` lines
instead; exit code 1 when a touch of it takes more than 100 ms. ``--only daily`` does what each role does every day
(:mod:`benchmarks.daily`); exit code 1 when one of it takes a new user more than a minute.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import sleep
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from api.auth.demo import PASSWORD
from benchmarks import daily, large_region, long_list, reorder_list
from kernel.clock import Stopwatch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = ("--disable-gpu", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage")
WAIT_MS = 120_000

SEEN = """
addEventListener('DOMContentLoaded', () => {
  const look = () => document.querySelector('.timeline .visit')
    && requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.bars = performance.now(); watch.disconnect(); }));
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, childList: true });
});
"""
"""Notes when the first bars have been painted: two frames after they stand in the page."""

ROWS = """() => {
  window.touched = new Map();
  window.rows?.disconnect();
  window.rows = new MutationObserver((records) => records.forEach((one) => {
    const row = (one.target.nodeType === 1 ? one.target : one.target.parentElement)?.closest('[data-engineer]');
    if (row) window.touched.set(row.dataset.engineer, (window.touched.get(row.dataset.engineer) ?? 0) + 1);
  }));
  window.rows.observe(document.querySelector('.timeline'), { subtree: true, childList: true, attributes: true, characterData: true });
}"""
"""Counts what changes in the page, by row."""

SCROLL = """async ([across, down, frames]) => {
  const box = document.querySelector('.timeline');
  const next = () => new Promise(requestAnimationFrame);
  const took = [];
  let before = await next();
  for (let n = 0; n < frames; n += 1) {
    box.scrollBy(across, down);
    const now = await next();
    took.push(now - before);
    before = now;
  }
  return took;
}"""
"""Scrolls by so much every frame; gives the milliseconds from frame to frame."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Args:
        first_kb: kilobytes (of 1,024 bytes) the browser takes until the board stands, packed, without data and outline.
        cold_ms: milliseconds from asking for the page to painted bars, in browsers that hold nothing of it.
        warm_ms: the same, for a page loaded again.
        board_ms: of that the answer with the board's data.
        repaint_ms: from another's command to the changed bar.
        rows: rows in which anything changed for one visit, and how many changes of the page.
        frames_ms: from frame to frame while the timeline is scrolled.
        tab_mb: megabytes of the server for one more browser that listens.
        tabs_ms: from a command until every one of the tabs of one browser shows it.
        streams: streams those tabs hold at the server.
    """

    first_kb: float
    cold_ms: tuple[float, ...]
    warm_ms: tuple[float, ...]
    board_ms: tuple[float, ...]
    repaint_ms: tuple[float, ...]
    rows: tuple[tuple[int, int], ...]
    frames_ms: tuple[float, ...]
    tab_mb: float
    tabs_ms: float
    streams: int


def main(arguments: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks console",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--engineers", type=int, default=300)
    parser.add_argument("--visits", type=int, default=3000)
    parser.add_argument("--times", type=int, default=7, help="how often each wait is measured")
    parser.add_argument("--keep", type=Path, help="folder for the region; one that lies there is used again")
    parser.add_argument("--only", choices=("board", "lists", "reorder", "daily"), default="board")
    parser.add_argument("--lines", type=int, default=10_000, help="of the reorder list")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.serve:
        return large_region.serve(chosen.serve)
    with ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldwright-")))
        if chosen.only == "lists":
            return long_list.main(folder, served=served, times=chosen.times)
        if chosen.only == "daily":
            return daily.main(folder)
        if chosen.only == "reorder":
            return _reorder(reorder_list.made(folder, lines=chosen.lines))
        file = large_region.made(folder, engineers=chosen.engineers, visits=chosen.visits)
        figures = measured(file, times=chosen.times)
    return told(figures)


def _reorder(file: Path) -> int:
    from playwright.sync_api import sync_playwright

    from console.building import build
    from tests.browser.conftest import chromium

    build()
    with served(file) as (_, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        figures = reorder_list.measured(browser, url)
        browser.close()
    return reorder_list.told(figures)


def told(figures: Figures) -> int:
    """Print the figures; 0 when one change repainted one row and one stream served every tab."""
    print(f"first screen {figures.first_kb:.0f} KB packed")
    for name, some in (
        ("bars, nothing held", figures.cold_ms),
        ("bars, loaded again", figures.warm_ms),
        ("  of it the board's data", figures.board_ms),
        ("another's change to its bar", figures.repaint_ms),
    ):
        print(f"{name}: median {median(some):.0f} ms, worst {max(some):.0f} ms of {len(some)}")
    print(f"rows changed by one visit, changes of the page: {sorted(set(figures.rows))}")
    frames = sorted(figures.frames_ms)
    slow = sum(one > 50 for one in frames)
    print(
        f"frames while scrolling: median {median(frames):.1f} ms, p95 {frames[int(0.95 * len(frames))]:.1f} ms,"
        f" {slow} of {len(frames)} over 50 ms"
    )
    print(f"server memory a listening browser {figures.tab_mb:.3f} MB")
    print(f"tabs of one browser: {figures.tabs_ms:.0f} ms until all show a change, {figures.streams} stream")
    return int({rows for rows, _ in figures.rows} != {1} or figures.streams != 1)


def measured(file: Path, *, times: int, tabs: int = 12, readers: int = 200) -> Figures:
    """Serve the region and look at it: each wait so often, that many tabs of one browser, that many browsers that listen."""
    from playwright.sync_api import sync_playwright

    from console.building import build
    from tests.browser.conftest import chromium

    build()
    with served(file) as (pid, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        opened(browser, url)[0].close()  # the first answer poses the region, once in the life of a plan
        first_kb = 0.0
        cold, warm, board = [], [], []
        for _ in range(times):
            context, page, size = _first(browser, url)
            first_kb = max(first_kb, size / 1024)
            cold.append(_bars_at(page))
            page.reload()
            warm.append(_bars_at(page))
            board.append(_board_ms(page))
            context.close()
        context, page = opened(browser, url)
        changes = [changed(page, url) for _ in range(times)]
        frames = [*page.evaluate(SCROLL, [0, 40, 120]), *page.evaluate(SCROLL, [40, 0, 120])]
        page.close()
        tabs_ms, streams = _together(context, url, tabs=tabs)
        context.close()
        tab_mb = _memory_a_tab(pid, url, readers=readers)
        browser.close()
    return Figures(
        first_kb,
        tuple(cold),
        tuple(warm),
        tuple(board),
        tuple(ms for ms, _ in changes),
        tuple((len(rows), sum(rows.values())) for _, rows in changes),
        tuple(frames),
        tab_mb,
        tabs_ms,
        streams,
    )


@contextmanager
def served(file: Path) -> Iterator[tuple[int, str]]:
    """Serve a region by a process of its own; gives its id and the address."""
    process = subprocess.Popen(  # noqa: S603 this program again
        [sys.executable, "-m", "benchmarks", "console", "--serve", str(file)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found, "the server did not start"
        yield process.pid, found[0]
    finally:
        process.stdin.close()  # its end is the sign to stop
        process.wait(timeout=60)
        process.stdout.close()


def opened(browser: Browser, url: str) -> tuple[BrowserContext, Page]:
    """A signed-in window with the board standing."""
    context, page, _ = _first(browser, url)
    return context, page


def _first(browser: Browser, url: str) -> tuple[BrowserContext, Page, int]:
    context = browser.new_context(viewport={"width": 1600, "height": 900}, locale="en-GB")
    context.add_init_script(SEEN)
    answer = context.request.post(f"{url}/v1/session", data={"name": "demo-dispatcher", "password": PASSWORD})
    assert answer.ok, answer.text()
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    asked: list[Any] = []
    page.on("requestfinished", lambda one: asked.append(one))  # noqa: PLW0108 a built-in takes no listener
    page.goto(f"{url}/console/")
    page.locator("html[data-bars]").wait_for(state="attached")
    page.locator(".map.leaflet-container").wait_for()
    own = [one for one in asked if "/console/" in one.url and "/outline/" not in one.url]
    return context, page, sum(one.sizes()["responseBodySize"] for one in own)


def _bars_at(page: Page) -> float:
    return float(str(page.locator("html[data-bars]").get_attribute("data-bars")))


def _board_ms(page: Page) -> float:
    asked = "performance.getEntriesByType('resource').find((one) => one.name.includes('/v1/board'))"
    return float(page.evaluate(f"{asked}.responseEnd - {asked}.startTime"))


def changed(page: Page, url: str) -> tuple[float, dict[str, int]]:
    """Another holds a visit that is in view: milliseconds until its bar says so, and what changed in the page by row."""
    page.evaluate(ROWS)
    visit = str(page.locator(".timeline .visit:not(.locked)").first.get_attribute("data-visit"))
    watch = Stopwatch()
    _hold(page, url, visit)
    page.locator(f'.timeline .visit.locked[data-visit="{visit}"]').wait_for(state="attached")
    took = 1000 * watch.seconds
    return took, dict(page.evaluate("Object.fromEntries(window.touched)"))


def _hold(page: Page, url: str, visit: str) -> None:
    answer = page.request.post(
        f"{url}/v1/visits/{visit}/lock", data={"lock": "both"}, headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.ok, answer.text()


def _together(context: BrowserContext, url: str, *, tabs: int) -> tuple[float, int]:
    pages = [context.new_page() for _ in range(tabs)]
    for page in pages:
        page.set_default_timeout(WAIT_MS)
        page.goto(f"{url}/console/")
        page.locator("html[data-bars]").wait_for(state="attached")
    visit = str(pages[0].locator(".timeline .visit:not(.locked)").first.get_attribute("data-visit"))
    watch = Stopwatch()
    _hold(pages[0], url, visit)
    for page in pages:
        page.locator(f'.timeline .visit.locked[data-visit="{visit}"]').wait_for(state="attached")
    return 1000 * watch.seconds, large_region.streams(url)


def _memory_a_tab(pid: int, url: str, *, readers: int) -> float:
    """Megabytes of the server's resident memory for each of so many browsers that listen, beyond the first few."""
    session = large_region.cookie(url)
    with ExitStack() as stack:
        for _ in range(20):  # what the first ones warm up is not theirs
            stack.enter_context(large_region.listening(url, session))
        sleep(1)
        before = _resident_mb(pid)
        for _ in range(readers):
            stack.enter_context(large_region.listening(url, session))
        sleep(1)
        return (_resident_mb(pid) - before) / readers


def _resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1024
