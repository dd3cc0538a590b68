"""A reorder list of ten thousand lines in a browser: how long every touch of it takes, for `benchmarks.console`.

The region is invented; then the levels of its stock are set by hand so high that so many lines are due. It goes through the
database and the route as any other: the page reads it page after page. A touch is measured inside the page, from the event to the
frame after the one in which the page shows what was asked for, on the whole list, at its top and in its middle.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from api.auth.demo import make_demo
from api.auth.password import Passwords
from api.auth.policy import policy_of
from api.stored import opened
from api.usecases.importing import import_into
from benchmarks.large_region import NOW, cookie
from dispatch.region import Region
from inventory.catalogue.place import PlaceKind
from inventory.replenish.policy import StockPolicy
from kernel.clock import Stopwatch
from scenarios.world.region import region
from scenarios.world.spec import Spec
from storage.dataset.write import written_digest
from tests.people_builders import QUICK

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

P95_MS = 100
"""What a touch may take, in 95 of 100 cases."""

SPEC = Spec(
    id="fujian-parts",
    name="Fujian, many parts",
    parts=2000,
    engineers=36,
    visits=200,
    closed=200,
    history_months=1,
)

ARM = """(done) => {
  const shown = new Function('return ' + done);
  window.took = new Promise((resolve, refuse) => {
    setTimeout(() => refuse(new Error('not seen: ' + done)), 20000);
    const began = (event) => {
      for (const kind of KINDS) removeEventListener(kind, began, true);
      const at = performance.now();
      const look = () => shown() ? requestAnimationFrame(() => resolve(performance.now() - at)) : requestAnimationFrame(look);
      requestAnimationFrame(look);
    };
    const KINDS = ['keydown', 'pointerdown', 'change'];
    for (const kind of KINDS) addEventListener(kind, began, true);
  });
}"""
"""Waits for the next event and for what it brings; `window.took`: the milliseconds between, the frame it is painted in included."""

SCROLL = """async ([down, frames]) => {
  const box = document.querySelector('.grid-box');
  const next = () => new Promise(requestAnimationFrame);
  const took = [];
  let before = await next();
  for (let n = 0; n < frames; n += 1) {
    box.scrollBy(0, down);
    const now = await next();
    took.push(now - before);
    before = now;
  }
  return took;
}"""

READ_ON = """async (most_ms) => {
  const end = performance.now() + most_ms;
  const box = document.querySelector('.grid-box');
  const table = box.querySelector('table');
  while (table.getAttribute('aria-rowcount') === '-1') {
    if (performance.now() > end) throw new Error('the list did not end');
    box.scrollTop = box.scrollHeight;
    await new Promise((done) => setTimeout(done, 20));
  }
  return Number(table.getAttribute('aria-rowcount')) - 1;
}"""
"""Scrolls to the end again and again until all of the list has been read; gives its rows."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What was measured, in milliseconds.

    Args:
        lines: of the list.
        review_ms: a page of the list for which the review had to be made; `page_ms`: pages of one that was made.
        touches: by what was done.
    """

    lines: int
    review_ms: float
    page_ms: tuple[float, ...]
    touches: dict[str, tuple[float, ...]]


def made(folder: Path, *, lines: int) -> Path:
    """Give the database in the folder; where it is not there yet, invent it."""
    file = folder / f"reorder-{lines}.db"
    if file.exists():
        return file
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    for one in folder.glob(f"{unfinished.name}*"):
        one.unlink()
    told = all_due(region(SPEC, seed=7), lines=lines)
    with opened(f"sqlite:///{unfinished}", fresh=True) as database:
        import_into(database, told, digest=written_digest(told), as_of=None)
        make_demo(database, Passwords(policy_of(QUICK).hashing), now=NOW)
    unfinished.rename(file)
    return file


def all_due(told: Region, *, lines: int) -> Region:
    """The same region with the levels of so many parts at depots so high that each of them is due."""
    depots = [one.id for one in told.stock.places if one.kind is PlaceKind.DEPOT]
    pairs = [(part.id, depot) for part in told.stock.parts for depot in depots][:lines]
    levels = [StockPolicy(part, depot, 0.95, 1, minimum=400, maximum=500) for part, depot in pairs]
    return replace(told, stock=replace(told.stock, stock_policies=tuple(levels)))


def measured(browser: Browser, url: str) -> Touched:
    """Look at the list that is served at an address."""
    review_ms, page_ms = _pages(url)
    context = browser.new_context(viewport={"width": 1600, "height": 900}, locale="en-GB")
    name, _, value = cookie(url, role="storekeeper").partition("=")
    context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{url}/console/stock/reorder")
    page.locator(".grid-box tbody tr[data-row]").first.wait_for()
    lines = int(page.evaluate(READ_ON, 120_000))
    touches: dict[str, list[float]] = {}
    for part in (0.0, 0.5):
        page.evaluate(
            "(part) => { const box = document.querySelector('.grid-box'); box.scrollTop = part * box.scrollHeight; }",
            part,
        )
        page.wait_for_timeout(300)
        for name, took in _touched(page).items():
            touches.setdefault(name, []).extend(took)
    touches["filter"] = _filtered(page)
    context.close()
    return Touched(lines, review_ms, page_ms, {name: tuple(took) for name, took in touches.items()})


def _pages(url: str) -> tuple[float, tuple[float, ...]]:
    held, after, took = cookie(url, role="storekeeper"), "", []
    for _ in range(21):
        watch = Stopwatch()
        with urlopen(Request(f"{url}/v1/reorder?limit=200{after}", headers={"Cookie": held})) as answer:  # noqa: S310 our own server
            found = json.load(answer)
        took.append(1000 * watch.seconds)
        after = f"&after={found['next']}"
    return took[0], tuple(took[1:])


def _took(page: Page, done: str, act: Any) -> float:
    page.evaluate(ARM, done)
    act()
    return float(page.evaluate("window.took"))


def _touched(page: Page) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {
        "scroll, frame to frame": [float(one) for one in page.evaluate(SCROLL, [72, 120])]
    }
    page.evaluate("""() => {
      const box = document.querySelector('.grid-box').getBoundingClientRect();
      const seen = [...document.querySelectorAll('.grid-box tr[data-row]')].find((row) => row.getBoundingClientRect().top > box.top + 200);
      seen.focus({ preventScroll: true });
    }""")
    for name, key, times in (("walk", "ArrowDown", 60), ("walk a page", "PageDown", 15)):
        for _ in range(times):
            at = page.evaluate("document.activeElement.dataset.row")
            done = f"document.activeElement.dataset.row !== '{at}' && document.activeElement.matches('tr[data-row]')"
            found.setdefault(name, []).append(_took(page, done, lambda key=key: page.keyboard.press(key)))
    for _ in range(10):
        at = page.evaluate("document.activeElement.dataset.row")
        done = f"document.querySelector('tr[data-row=\"{at}\"]').getAttribute('aria-current') === 'true' && !!document.querySelector('aside.drawer ol.worked li')"
        found.setdefault("open why", []).append(_took(page, done, lambda: page.keyboard.press("Enter")))
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)  # the last step down has to have been taken
    row = page.evaluate("""() => {
      const free = [...document.querySelectorAll('.grid-box tr[data-row]:has(input.units)')];
      const row = free[Math.floor(free.length / 2)];
      row.focus({ preventScroll: true });
      return row.dataset.row;
    }""")
    for _ in range(10):
        done = f"document.querySelector('tr[data-row=\"{row}\"]').getAttribute('aria-selected') !== '{page.evaluate('document.activeElement.getAttribute(`aria-selected`)')}'"
        found.setdefault("pick", []).append(_took(page, done, lambda: page.keyboard.press("Space")))
    field = page.locator(f'.grid-box tr[data-row="{row}"] input.units')
    field.focus()
    for digit in "1234512345":
        field.evaluate("(input) => input.select()") if digit == "1" else None
        before = field.input_value() if digit != "1" else ""
        done = f"document.activeElement.value === '{before + digit}'"
        found.setdefault("edit a quantity", []).append(
            _took(page, done, lambda digit=digit: page.keyboard.press(digit))
        )
    return found


def _filtered(page: Page) -> list[float]:
    found = []
    choice = page.get_by_label("Source")
    for wanted in ("purchase", "none", "transfer", "") * 3:
        page.evaluate("document.querySelector('.grid-box table')?.setAttribute('data-before', 'yes')")
        done = (
            "!!document.querySelector('p.empty:not([role]), .grid-box table:not([data-before]) tr[data-row]')"
        )
        found.append(_took(page, done, lambda wanted=wanted: choice.select_option(wanted)))
    return found


def told(figures: Touched) -> int:
    """Print the figures; 0 when every touch took what it may at most."""
    print(f"lines {figures.lines}; a page for which the review is made {figures.review_ms:.0f} ms,")
    print(f"  of one that was made: {said(figures.page_ms)}")
    for name, took in figures.touches.items():
        print(f"{name}: {said(took)}")
    return int(any(p95(took) > P95_MS for took in figures.touches.values()))


def p95(took: Sequence[float]) -> float:
    """The wait 95 of 100 do not pass."""
    return sorted(took)[min(len(took) - 1, int(0.95 * len(took)))]


def said(took: Sequence[float]) -> str:
    """Median, 95 of 100, worst."""
    return f"median {median(took):.0f} ms, p95 {p95(took):.0f} ms, worst {max(took):.0f} ms of {len(took)}"
