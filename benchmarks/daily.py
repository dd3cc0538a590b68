"""What each role does every day, in a browser on the built-in live day: for `benchmarks.console --only daily`.

Every control is found by the words a reader of the page sees, and everything done to it is counted. Nothing sleeps: the seconds of a
thing are the clock's while the browser and the server answer, and an allowance for the person, by the keystroke-level model (Card,
Moran, Newell 1980): 1.1 s to point, 0.28 s a key, 0.4 s to go between mouse and keys, 1.35 s to think before each step. A new user
reads as well: all headings, labels and buttons of whatever is opened, 238 words a minute (Brysbaert 2019), a Chinese character as
two thirds of a word. A thing begins signed in, on the role's first page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from api.auth.demo import PASSWORD
from kernel.clock import Stopwatch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

POINT_S, KEY_S, HAND_S, THINK_S = 1.1, 0.28, 0.4, 1.35
WORD_S = 60 / 238
MOST_S = 60
"""What a thing may take a new user."""

SIGNS = "h1, h2, h3, legend, label, summary, button, nav a, a.button, a.visit, thead th, [role=tab]"
"""What a new user reads before the first press: what a page calls itself, and what can be done on it."""

WORDS = """([within, signs]) => {
  const seen = [...document.querySelectorAll(within)].flatMap((one) => [...one.querySelectorAll(signs)])
    .filter((one) => one.checkVisibility() && !one.parentElement.closest('button, a, summary, .visit')
      && !one.closest('tbody, li, [data-engineer]'));
  return [...new Set(seen)].map((one) => one.innerText.trim()).filter(Boolean).join('\\n');
}"""
"""The signs within a part of the page; of lists and tables only their heads: rows are looked through, not read."""


@dataclass
class Reader:
    """Somebody at a page: presses, types and reads, and what that costs is counted."""

    page: Page
    steps: int = 0
    points: int = 0
    keys: int = 0
    hands: int = 0
    words: float = 0.0
    _at_keys: bool = False
    _watch: Stopwatch = field(default_factory=Stopwatch)

    def press(self, what: Locator) -> None:
        """Point at something and press it, as soon as it is there."""
        self.steps += 1
        self._hand(keys=False)
        self.points += 1
        what.click()

    def choose(self, what: Locator, *, label: str | None = None, index: int | None = None) -> None:
        """Open a list of choices and press one of them."""
        self.steps += 1
        self._hand(keys=False)
        self.points += 2
        if label is None:
            what.select_option(index=index)
        else:
            what.select_option(label=label)

    def write(self, where: Locator, text: str) -> None:
        """Point at a field and type into it."""
        self.press(where)
        self._hand(keys=True)
        self.keys += len(text)
        where.fill(text)

    def type(self, text: str) -> None:
        """Type into the field that has the focus."""
        self.steps += 1
        self._hand(keys=True)
        self.keys += len(text)
        self.page.keyboard.insert_text(text)

    def key(self, name: str) -> None:
        """Press one key."""
        self._hand(keys=True)
        self.keys += 1
        self.page.keyboard.press(name)

    def sees(self, what: Locator) -> None:
        """Wait for an answer."""
        what.wait_for()

    def reads(self, within: str) -> None:
        """Read what a part of the page calls itself and offers."""
        text = str(self.page.evaluate(WORDS, [within, SIGNS]))
        characters = len(re.findall(r"[一-鿿]", text))
        self.words += len(re.findall(r"[A-Za-z0-9]+[\w'-]*", text)) + 2 * characters / 3

    def practised_s(self) -> tuple[float, float]:
        """Seconds the pages took so far, and with them the seconds of somebody who knows his way."""
        waited = self._watch.seconds
        person = THINK_S * self.steps + POINT_S * self.points + KEY_S * self.keys + HAND_S * self.hands
        return waited, waited + person

    def _hand(self, *, keys: bool) -> None:
        if keys != self._at_keys:
            self.hands += 1
            self._at_keys = keys


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things a role does every day: what it is called, and how it is done."""

    role: str
    name: str
    done: Callable[[Reader], None]


@dataclass(frozen=True, slots=True)
class Took:
    """What it took: presses, keys, seconds of the pages, of somebody practised, of somebody new."""

    thing: Thing
    points: int
    keys: int
    waited_s: float
    practised_s: float
    new_s: float


def main(folder: Path) -> int:
    """Measure and print; 1 when a thing cannot be done, or takes a new user more than a minute."""
    from playwright.sync_api import sync_playwright

    from benchmarks.daily_things import THINGS
    from console.building import build
    from tests.browser.conftest import FLAGS, chromium

    build()
    print(
        f"load {os.getloadavg()[0]:.1f}\n\n| role | thing | presses | keys | pages, s | practised, s | new, s |\n|---|---|---|---|---|---|---|"
    )
    with live(folder) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        took = [measured(browser, url, one) for one in THINGS]
        browser.close()
    return int(any(one is None or one.new_s > MOST_S for one in took))


@contextmanager
def live(folder: Path) -> Iterator[str]:
    """The built-in region as a live day of its own; gives its address."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "daily.db"
    kept.unlink(missing_ok=True)
    copies = folder / "copies"
    copies.mkdir(exist_ok=True)
    process = subprocess.Popen(  # noqa: S603 this program again
        [
            sys.executable,
            "-c",
            "from api.cli import main; main()",
            "live",
            "--port",
            "0",
            "--database",
            f"sqlite:///{kept}",
        ],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FIELDWRIGHT_BACKUPS": str(copies), "FIELDWRIGHT_LANG": "en"},
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"Open (http://127\.0\.0\.1:\d+)", line):
                yield found[1]
                return
        raise AssertionError("the live day did not start")
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stderr.close()


def measured(browser: Browser, url: str, thing: Thing) -> Took | None:
    """Do a thing once; what it took, printed as a row; None: it could not be done."""
    from playwright.sync_api import Error

    phone = thing.role == "engineer"
    window = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    context = browser.new_context(
        viewport=window,  # type: ignore[arg-type]
        locale="en-GB",
        has_touch=phone,
        is_mobile=phone,
        base_url=url,
    )
    answer = context.request.post(
        f"{url}/v1/session", data={"name": f"demo-{thing.role}", "password": PASSWORD}
    )
    assert answer.ok, answer.text()
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{url}/m" if phone else f"{url}/console/")
    page.locator("a.visit" if phone else ".timeline .visit").first.wait_for()
    reader = Reader(page)
    try:
        thing.done(reader)
    except Error as error:
        # A page that is not as the reader expects is a result: the others are measured all the same.
        print(f"| {thing.role} | {thing.name} | not done: {str(error).splitlines()[0]} |", flush=True)
        context.close()
        return None
    waited, practised = reader.practised_s()
    took = Took(thing, reader.points, reader.keys, waited, practised, practised + WORD_S * reader.words)
    context.close()
    print(
        f"| {thing.role} | {thing.name} | {took.points} | {took.keys} | {waited:.1f} | {practised:.0f} | {took.new_s:.0f} |",
        flush=True,
    )
    return took
