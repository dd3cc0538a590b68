"""A small region served to a real browser: one for reading, a copy for each test that changes something.

What holds everywhere is asked of every page of every test when it ends: nothing the content policy had to stop, no script
error, no request to another host.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from api.auth.demo import PASSWORD, Demo, make_demo
from api.auth.password import Passwords
from api.auth.policy import policy_of
from api.stored import opened
from api.usecases.asking import ask_for_plan
from api.usecases.deciding import take_proposal
from api.usecases.importing import import_into
from api.usecases.plan_run import Ask, make_plan
from api.worker import Worker
from console.building import build
from kernel.envelope import Envelope
from scenarios.world.region import region
from scenarios.world.spec import FRIDAY_MORNING, Spec
from storage.database import Database
from storage.dataset.write import written_digest
from tests.api.http.conftest import StandingClock
from tests.api.http.streams import Serving, serving
from tests.conftest import ROOT
from tests.people_builders import QUICK

NOW = FRIDAY_MORNING
"""The server's clock stands at this moment: 10:40 in the region."""

SMALL = Spec(
    id="fujian-small",
    name="Fujian, a small one",
    engineers=12,
    visits=60,
    parts=60,
    remote=8,
    loaners=4,
    closed=60,
    history_months=6,
    depots=2,
)

OFTEN = QUICK.model_copy(update={"live_poll_s": 0.1})
"""Settings of the server: what changes is told at once."""

FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

WATCH = """
window.stopped = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.stopped.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile));
"""

LOCALES = {"en": "en-GB", "zh": "zh-CN"}

WAIT_MS = 20_000
"""How long a condition is waited for: the machine may be busy, the page must come."""


@dataclass(frozen=True)
class Small:
    """The small region in a file: planned, published, with the demonstration's accounts."""

    file: Path
    demo: Demo


@dataclass(frozen=True)
class Desk:
    """The region as it is served."""

    url: str
    database: Database
    demo: Demo
    server: Serving
    clock: StandingClock


@dataclass
class Watched:
    """A browser's window, and what its pages did that they must not."""

    context: BrowserContext
    wrong: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def open(self) -> Page:
        """A new page of this window, watched."""
        page = self.context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        page.on("console", lambda said: self._said(said.type, said.text))
        self.pages.append(page)
        return page

    def asked(self, route: Route) -> None:
        """A request of any of its pages: to this host it goes on, to another it ends here."""
        if urlsplit(route.request.url).hostname in {"127.0.0.1", None}:
            route.continue_()
        else:
            self.wrong.append(f"request to another host: {route.request.url}")
            route.abort()

    def _said(self, kind: str, text: str) -> None:
        answered = text.startswith("Failed to load resource")  # a refusal is an answer
        if "Content Security Policy" in text or (kind == "error" and not answered):
            self.wrong.append(text)

    def found(self) -> list[str]:
        """Everything that was wrong."""
        for page in self.pages:
            if not page.is_closed():
                self.wrong += [f"stopped: {one}" for one in page.evaluate("window.stopped ?? []")]
        return self.wrong


def chromium() -> str:
    """The browser's program; the test is skipped where there is none."""
    for name in (
        os.environ.get("FIELDWRIGHT_TEST_CHROMIUM", ""),
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
    ):
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.skip(
        "no browser here: install Debian's chromium, or set FIELDWRIGHT_TEST_CHROMIUM to a Chromium's program"
    )


@pytest.fixture(scope="session")
def built_pages() -> Path:
    """The pages, built of these sources: by the first test process that asks, the others wait for it."""
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    with Path(tempfile.gettempdir(), f"fieldwright-console-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The small region, made once by each test process."""
    file = tmp_path_factory.mktemp("small") / "small.db"
    made = region(SMALL, seed=7)
    clock = StandingClock(NOW)
    with opened(f"sqlite:///{file}", fresh=True) as database:
        import_into(database, made, digest=written_digest(made), as_of=None)

        def envelope(key: str) -> Envelope:
            return Envelope("dispatcher", "desk", NOW, key, SMALL.id)

        ask_for_plan(database, envelope("ask"), "first", Ask(NOW, seed=1, work=300, seconds=None))
        assert Worker(database, "w-1", solve=make_plan, clock=clock).once() is not None
        take_proposal(database, envelope("take"), "first", parts=None)
        demo = make_demo(database, Passwords(policy_of(QUICK).hashing), now=NOW)
    return Small(file, demo)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; given back after each file, because its event loop may not run beside another test's."""
    program = chromium()
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *root])
        yield started
        started.close()


@pytest.fixture(scope="module")
def desk(small: Small, built_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The region, served to every test of a file; they only read."""
    yield from _served(small, tmp_path_factory.mktemp("desk"))


@pytest.fixture
def own_desk(small: Small, built_pages: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the region, served to one test that changes it."""
    yield from _served(small, tmp_path)


def _served(small: Small, folder: Path) -> Iterator[Desk]:
    file = folder / "served.db"
    shutil.copyfile(small.file, file)
    clock = StandingClock(NOW)
    with opened(f"sqlite:///{file}") as database, serving(database, OFTEN, clock) as there:
        yield Desk(f"http://127.0.0.1:{there.port}", database, small.demo, there, clock)


Window = Callable[..., Watched]


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    """Opens windows of the browser (each with cookies of its own); what their pages did wrong fails the test."""
    made: list[Watched] = []

    def new(**options: Any) -> Watched:
        watched = watching(browser, **options)
        made.append(watched)
        return watched

    yield new
    wrong = [one for watched in made for one in watched.found()]
    for watched in made:
        watched.context.close()
    assert wrong == []


def watching(browser: Browser, **options: Any) -> Watched:
    """A window whose pages are watched, with cookies of its own."""
    usual: dict[str, Any] = {"locale": "en-GB", "viewport": {"width": 1600, "height": 900}}
    watched = Watched(browser.new_context(**{**usual, **options}))
    watched.context.add_init_script(WATCH)
    watched.context.route("**/*", watched.asked)
    return watched


def sign_in(watched: Watched, desk: Desk, role: str) -> None:
    """Give a window the session of somebody of a role."""
    answer = watched.context.request.post(
        f"{desk.url}/v1/session", data={"name": f"demo-{role}", "password": PASSWORD}
    )
    assert answer.ok, answer.text()


@pytest.fixture
def signed_in(window: Window) -> Callable[..., Page]:
    """Opens a page as somebody of a role: `signed_in(desk, "dispatcher", path="/console/", lang="zh")`."""

    def opened_as(
        desk: Desk, role: str = "dispatcher", *, path: str = "/console/", lang: str = "en", **options: object
    ) -> Page:
        watched = window(locale=LOCALES[lang], **options)
        sign_in(watched, desk, role)
        page = watched.open()
        page.goto(f"{desk.url}{path}")
        return page

    return opened_as


def board_of(page: Page) -> Page:
    """Wait until the board stands: bars and the queue's lines are there."""
    expect(page.locator(".timeline .visit").first).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".queue [role=option]").first).to_be_visible(timeout=WAIT_MS)
    return page
