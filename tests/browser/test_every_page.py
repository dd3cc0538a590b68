"""What holds for every page: axe finds nothing, no text stays in the other language, twice the size and forced colours work."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LOCALES, SMALL, WAIT_MS, Desk, Watched, Window, sign_in, watching

Opened = Callable[..., Page]

AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


LEAST_DRAWN = 0.0005
"""Share of a page's picture that is no flat stretch; a page with two fields has twice as much."""

pytestmark = (
    pytest.mark.slow
)  # every page twice, with all of axe's rules: about a second each on a machine with nothing else


@dataclass(frozen=True)
class Shown:
    """A page.

    Args:
        name: for the test's name.
        path: its address; `{ticket}`, `{engineer}`, `{part}`, `{visit}`, `{link}` are the small region's.
        role: who looks; empty: nobody signed in.
        ready: what stands on it when it has been read.
    """

    name: str
    path: str
    role: str
    ready: str


PAGES = (
    Shown("sign-in", "/console/", "", "input[name=password]"),
    Shown("board", "/console/", "dispatcher", ".timeline .visit"),
    Shown("tickets", "/console/tickets", "dispatcher", "main table tbody tr"),
    Shown("new ticket", "/console/tickets/new", "dispatcher", "main form"),
    Shown("ticket", "/console/tickets/{ticket}", "dispatcher", "main h1"),
    Shown("reorder", "/console/stock/reorder", "storekeeper", "main .grid tbody tr"),
    Shown("orders", "/console/stock/orders", "storekeeper", "main h1"),
    Shown("goods in", "/console/stock/receiving", "storekeeper", "main .card input"),
    Shown("quarantine", "/console/stock/held", "storekeeper", "main h1"),
    Shown("returns", "/console/stock/defectives", "storekeeper", "main h1"),
    Shown("stock", "/console/stock/positions", "storekeeper", "main .grid tbody tr"),
    Shown("a part", "/console/stock/positions/{part}", "storekeeper", "main .grid tbody tr"),
    Shown("picks", "/console/stock/picks", "storekeeper", "main h1"),
    Shown("transfers", "/console/stock/transfers", "storekeeper", "main .card input"),
    Shown("counts", "/console/stock/counts", "storekeeper", "main .grid tbody tr"),
    Shown("loaners", "/console/stock/loaners", "storekeeper", "main .card"),
    Shown("suppliers", "/console/stock/suppliers", "storekeeper", "main .grid tbody tr"),
    Shown("morning", "/console/manage/morning", "manager", "main .card .line, main .card p"),
    Shown("misses", "/console/manage/morning/misses?period=quarter", "manager", "main h1"),
    Shown("approvals", "/console/manage/approvals", "manager", "main h1"),
    Shown("reports", "/console/manage/reports", "manager", "main .chart svg"),
    Shown("engineers' figures", "/console/manage/team", "manager", "main table.plain"),
    Shown("contracts running out", "/console/manage/renewals?within=365", "manager", "main .grid tbody tr"),
    Shown("exposure", "/console/manage/exposure", "manager", "main .grid tbody tr"),
    Shown("scenarios", "/console/manage/scenarios", "manager", "main .scenario"),
    Shown("staffing", "/console/manage/staffing", "manager", "main .scenario"),
    Shown("people", "/console/people", "dispatcher", "main h1"),
    Shown("an engineer", "/console/people/{engineer}", "dispatcher", "main h1"),
    Shown("contracts", "/console/administer/contracts", "administrator", "main .grid tbody tr"),
    Shown("a contract", "/console/administer/contracts/K-001", "manager", "main .drawer dl"),
    Shown("schemes", "/console/administer/schemes", "administrator", "main .grid tbody tr"),
    Shown("a scheme", "/console/administer/schemes/field-2-4-24", "administrator", "main table tbody tr"),
    Shown("how the desk works", "/console/administer/practice", "manager", "main table tbody tr"),
    Shown("settings", "/console/administer/settings", "administrator", "main .grid tbody tr"),
    Shown("backups", "/console/administer/backups", "administrator", "main .stale-line"),
    Shown("users", "/console/administer/users", "administrator", "main .grid tbody tr"),
    Shown("a new user", "/console/administer/users/new", "administrator", "main .card input"),
    Shown("personal data", "/console/administer/users/people", "administrator", "main .card input"),
    Shown("keys", "/console/administer/keys/new", "administrator", "main .card input"),
    Shown("rights", "/console/administer/rights", "administrator", "main table tbody tr"),
    Shown("audit", "/console/administer/audit", "administrator", "main .grid tbody tr"),
    Shown("imports", "/console/administer/imports", "administrator", "main h1"),
    Shown("nowhere", "/console/nowhere", "dispatcher", "main h1"),
    Shown("phone, sign-in", "/m/sign-in", "", "input[name=password]"),
    Shown("phone, the day", "/m", "engineer", "main h1"),
    Shown("phone, a visit", "/m/visits/{visit}", "engineer", "main h1"),
    Shown("phone, no connection", "/m/offline", "engineer", "main h1"),
    Shown("customer", "/t/{ticket}/{link}", "", "main h1"),
    Shown("customer, a wrong link", "/t/{ticket}/wrong", "", "main h1"),
)

each_page = pytest.mark.parametrize("shown", PAGES, ids=[one.name for one in PAGES])


Kept = Callable[[str, str], Watched]


@pytest.fixture(scope="module")
def kept(desk: Desk, browser: Browser) -> Iterator[Kept]:
    """Windows of the console, one for each role and language: signed in once, its script read once."""
    made: dict[tuple[str, str], Watched] = {}

    def of(role: str, lang: str) -> Watched:
        if (role, lang) not in made:
            made[role, lang] = watching(browser, locale=LOCALES[lang])
            if role:
                sign_in(made[role, lang], desk, role)
        return made[role, lang]

    yield of
    for watched in made.values():
        watched.context.close()


@pytest.fixture
def opened(desk: Desk, kept: Kept, window: Window, signed_in: Opened) -> Iterator[Callable[..., Page]]:
    """Opens a page and waits until it stands; what it did wrong fails the test."""
    used: list[tuple[Watched, Page]] = []

    def at(shown: Shown, *, lang: str = "en") -> Page:
        if shown.path.startswith("/console/"):
            watched = kept(shown.role, lang)
            page = watched.open()
            used.append((watched, page))
        elif shown.role:  # a phone keeps pages for when there is no connection: each its own
            page = signed_in(desk, shown.role, path="/healthz", lang=lang)
        else:
            page = window(locale=LOCALES[lang]).open()
        page.goto(desk.url + filled(shown.path, desk, page))
        expect(page.locator(shown.ready).first).to_be_visible(timeout=WAIT_MS)
        return page

    yield at
    wrong = [one for watched, _ in used for one in watched.found()]
    for watched, page in used:
        page.close()
        watched.wrong.clear()
    assert wrong == []


def filled(path: str, desk: Desk, page: Page) -> str:
    """The address with the small region's own names."""
    names = {"ticket": desk.demo.ticket, "link": desk.demo.link}
    if "{engineer}" in path:
        names["engineer"] = page.request.get(f"{desk.url}/v1/board").json()["engineers"][0]["id"]
    if "{part}" in path:
        names["part"] = page.request.get(f"{desk.url}/v1/stock?limit=1").json()["stock"][0]["part"]
    if "{visit}" in path:
        page.goto(f"{desk.url}/m")
        found = re.search(r"/m/visits/([^\"?#]+)", page.content())
        assert found is not None, "the demonstration's engineer has no visit"
        names["visit"] = found[1]
    return path.format(**names)


@each_page
def test_a_page_serves_everybody(opened: Callable[..., Page], shown: Shown) -> None:
    """Read aloud, in forced colours, at twice the size: nobody is shut out.

    Forced colours take our backgrounds away. Who needs large letters scrolls down, not to and fro (WCAG 1.4.10); the timeline
    scrolls within itself.
    """
    page = opened(shown)

    wrong = axe_says(page)
    page.emulate_media(forced_colors="active")
    share = drawn(page.screenshot())
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 640, "height": 450})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert wrong == []
    assert share > LEAST_DRAWN
    assert wide <= 0


@each_page
def test_a_page_speaks_chinese_throughout(opened: Callable[..., Page], shown: Shown) -> None:
    """Buttons, labels and headings are Chinese; what people or devices are called may not be. A reader reads it so."""
    page = opened(shown, lang="zh")

    wrong = axe_says(page)

    assert wrong == []
    assert not_chinese(page) == []
    assert "{" not in page.locator("main").inner_text()


def not_chinese(page: Page) -> list[str]:
    """Buttons, labels and headings of a page that stayed in the other language."""
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh"))
    words = page.locator(
        "main label, main button:not(.visit), main h1, main h2, main h3, main legend"
    ).all_inner_texts()
    return [
        text.strip()
        for text in words
        if re.search(r"[a-z]{4,}", text)
        and not re.search(r"[一-鿿]", text)
        and text.strip() != SMALL.name  # a region is called what it is called
    ]


def axe_says(page: Page) -> list[str]:
    """What axe finds wrong, each with the first places."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found
    ]


def drawn(png: bytes) -> float:
    """Share of a picture's bytes that differ from their neighbours: 0 for a blank one."""
    at, packed, width = 8, b"", 0
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colour = struct.unpack(">IIBB", content[:10])
            assert (depth, colour in {2, 6}) == (8, True)
            width *= 3 if colour == 2 else 4
        if kind == b"IDAT":
            packed += content
        at += 12 + length
    raw = zlib.decompress(packed)
    step = width + 1
    pixel = 4 if width % 3 else 3
    # Filtered rows: a flat stretch is zeros, whichever filter was chosen; the filter's own byte and first pixel aside.
    rows = [raw[start + 1 + pixel : start + step] for start in range(0, len(raw), step)]
    changed = sum(len(row) - row.count(0) for row in rows if raw)
    return changed / len(raw)
