"""A list of 100,000 rows in a browser, the audit's: for `benchmarks.console --only lists`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from api.auth.demo import PASSWORD
from api.stored import opened
from benchmarks import large_region
from kernel.clock import Stopwatch
from kernel.envelope import Envelope
from storage.database import Database

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROWS = 100_000
ENTRIES = 500
"""Of one command."""

FIRST_ROW = "main .grid tbody tr[data-row='0']"
ROW_PX = 36

Served = Callable[[Path], AbstractContextManager[tuple[int, str]]]

PRESSED = """async (key) => {
  const row = document.activeElement;
  const began = performance.now();
  row.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""
"""Presses a key on the row with the focus; gives the milliseconds until it has been painted."""

DOWN = """async (pixels) => {
  const box = document.querySelector('.grid-box');
  const began = performance.now();
  box.scrollTop = box.scrollHeight;
  const before = box.scrollHeight;
  while (box.scrollHeight < before + pixels) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
"""Scrolls to the end of what was read; gives the milliseconds until more rows are there."""


def main(folder: Path, *, served: Served, times: int) -> int:
    """Measure and print; 0."""
    from playwright.sync_api import sync_playwright

    from console.building import build
    from tests.browser.conftest import FLAGS, chromium

    build()
    small = large_region.made(folder, engineers=12, visits=60)
    file = folder / "long-list.db"
    shutil.copyfile(small, file)
    with opened(f"sqlite:///{file}") as database:
        filled(database)
    with served(file) as (_, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        context = browser.new_context(viewport={"width": 1600, "height": 900}, locale="en-GB")
        body = {"name": "demo-administrator", "password": PASSWORD}
        assert context.request.post(f"{url}/v1/session", data=body).ok
        page = context.new_page()
        page.set_default_timeout(120_000)
        told("first rows", [shown(page, f"{url}/console/administer/audit") for _ in range(times)])
        told("a hundred more rows", [page.evaluate(DOWN, ROW_PX * 50) for _ in range(5 * times)])
        page.locator(".grid-box").evaluate("box => { box.scrollTop = 0; }")
        page.locator(FIRST_ROW).focus()
        told("a step down", [pressed(page, "ArrowDown") for _ in range(10 * times)])
        told("a row opened", [pressed(page, "Enter") for _ in range(2 * times)])
        told("filtered", [shown(page, f"{url}/console/administer/audit?about=T-{n}") for n in range(times)])
        watch = Stopwatch()
        page.get_by_role("button", name="Check the chain").click()
        page.get_by_role("dialog").get_by_text("nothing changed").nth(1).wait_for()
        print(f"both chains read again: {1000 * watch.seconds:.0f} ms")
        browser.close()
    return 0


def filled(database: Database) -> None:
    """Write 100,000 entries into the audit, by the way every command takes, of one account."""
    region = "fujian-large"
    for number in range(ROWS // ENTRIES):
        envelope = Envelope("desk", "bench", large_region.NOW, f"fill-{number}", region)
        with database.writing(envelope) as work:
            for one in range(ENTRIES):
                work.record("ticket.event", f"T-{(number * ENTRIES + one) % 997}", kind="acknowledged", n=one)


def shown(page: Page, url: str) -> float:
    """Milliseconds from asking for a page to its first row."""
    watch = Stopwatch()
    page.goto(url)
    page.locator(FIRST_ROW).wait_for()
    return 1000 * watch.seconds


def pressed(page: Page, key: str) -> float:
    """Milliseconds until a key on a row is painted."""
    took: Any = page.evaluate(PRESSED, key)
    return float(took)


def told(name: str, took: list[float]) -> None:
    """Print one figure."""
    ordered = sorted(took)
    print(
        f"{name}: median {median(ordered):.0f} ms, p95 {ordered[int(0.95 * len(ordered))]:.0f} ms of {len(ordered)}",
        flush=True,
    )
