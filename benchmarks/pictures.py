"""Take the pictures of the README anew: ``python -m benchmarks pictures``; needs a Chromium on this machine.

The built-in region on its own morning (the clock stands at 10:40), planned and published: the board, a ticket, the
engineer's phone, the customer's link, in English and Chinese.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.auth.demo import PASSWORD
from benchmarks import large_region
from benchmarks.console import FLAGS, WAIT_MS, served
from storage.dataset.read import read

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WHERE = Path("docs/pictures")
REGION = Path("scenarios/library/fujian")
SETTLED_MS = 6000
"""What a page reads after it stands (candidates, promises, the map) is there by then."""
LOCALES = {"en": "en-GB", "zh": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to take.

    Args:
        name: of the file, without its language.
        role: who looks; `path`: at what, ``{ticket}`` the first P1 with a visit, ``{visit}`` the first of the engineer's day.
        ready: what stands on the page when it is whole; `press`: what is clicked then.
        size: of the window.
        lang: of the page.
    """

    name: str
    role: str
    path: str
    ready: str
    press: str = ""
    size: tuple[int, int] = (1600, 900)
    lang: str = "en"


PICTURES = (
    Picture("board", "dispatcher", "/console/", ".timeline .visit", ".queue [role=option]"),
    Picture("board", "dispatcher", "/console/", ".timeline .visit", ".queue [role=option]", lang="zh"),
    Picture("ticket", "dispatcher", "/console/tickets/{ticket}", "main .history li"),
    Picture("phone", "engineer", "/m/visits/{visit}", "main h1", size=(390, 844)),
)


def main(arguments: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks pictures",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, default=WHERE, help="folder of the pictures")
    parser.add_argument("--work", type=int, default=4000, help="search the plan this much")
    chosen = parser.parse_args(arguments)
    reading = read(REGION)
    assert reading.region is not None, f"{REGION} cannot be read"
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fieldwright-") as folder:
        file = Path(folder, "region.db")
        large_region.planned(file, reading.region, digest=reading.digest, work=chosen.work)
        taken(file, chosen.out)
    return 0


def taken(file: Path, out: Path) -> None:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    from console.building import build
    from tests.browser.conftest import chromium

    build()
    with served(file) as (_, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        for one in PICTURES:
            print(_take(browser, url, one, out))
        browser.close()


def _take(browser: Browser, url: str, one: Picture, out: Path) -> Path:
    wide, high = one.size
    context = browser.new_context(viewport={"width": wide, "height": high}, locale=LOCALES[one.lang])
    account = {"name": f"demo-{one.role}", "password": PASSWORD}
    answer = context.request.post(f"{url}/v1/session", data=account)
    assert answer.ok, answer.text()
    names = {}
    if "{ticket}" in one.path:
        board = context.request.get(f"{url}/v1/board").json()
        names["ticket"] = next(one["ticket"] for one in board["visits"] if one["severity"] == "P1")
    if "{visit}" in one.path:
        day = context.request.get(f"{url}/m", headers={"Accept": "text/html"}).text()
        found = re.search(r"/m/visits/([^\"?#]+)", day)
        assert found is not None, "the demonstration's engineer has no visit"
        names["visit"] = found[1]
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(url + one.path.format(**names))
    page.locator(one.ready).first.wait_for()
    if one.press:
        page.locator(one.press).first.click()
    page.wait_for_timeout(SETTLED_MS)  # the live stream never ends, so the network is never idle
    file = out / f"{one.name}-{one.lang}.png"
    page.screenshot(path=file)
    context.close()
    return file
