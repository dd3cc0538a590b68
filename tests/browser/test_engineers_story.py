"""An engineer's visit from the list of the day to the signature, in both languages, with and without script; the desk has all of it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from inventory.stock.label import Label, text_of
from storage.rows.visits import VisitThere
from storage.tables.people import Role
from tests.browser.conftest import NOW, Desk
from tests.browser.phones import (  # noqa: F401 fixtures
    Signed,
    at_visit,
    ready,
    said,
    signed_phone,
    unbuilt_desk,
)
from tests.people_builders import bearer

pytestmark = pytest.mark.slow  # a browser and a served copy of a region, a dozen pages each

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WHOLE = ["accepted", "travelling", "on_site", "forecast_finish", "part_needed", "repaired"]
"""What the engineer says in these stories, in its order; the signature confirms it."""


def form(page: Page, name: str) -> Locator:
    """One of a visit's forms, with what holds it opened."""
    found = page.locator(f'main form[action$="/{name}"]').last
    expect(found).to_be_attached()
    closed = found.locator("xpath=ancestor::details[not(@open)]/summary")
    if closed.count():
        closed.tap()
    return found


def send(form: Locator) -> None:
    """Press the form's own button, and wait for the page it leads to."""
    # Parsed is enough: how long its pictures take says how busy the machine is.
    with form.page.expect_navigation(wait_until="domcontentloaded", timeout=60_000):
        # A click: a tap right behind a stroke over the canvas would be the second half of a double tap.
        form.locator("button:not([type])").click()


def step(page: Page, kind: str) -> None:
    """Say what comes next by its one large button."""
    asked = page.locator("section.steps form").first
    expect(asked.locator("input[name=kind]")).to_have_value(kind)
    send(asked)


def parts_in_van(page: Page) -> list[str]:
    """Numbers of the parts in his van, with more than one unit of each."""
    options = page.locator("#in-van option").all()
    return [str(one.get_attribute("value")) for one in options if "(1)" not in (one.text_content() or "")]


def fill_in(page: Page) -> None:
    """The visit from its beginning until only the end of the work is missing: a part by number and one by scan, a photo."""
    for kind in WHOLE[:3]:
        step(page, kind)
    finish = form(page, "finish")
    finish.locator("input[name=finish]").fill("11:30")
    send(finish)
    expect(page.locator("section.steps")).to_contain_text("11:30")
    by_number, by_scan = parts_in_van(page)[:2]
    need = form(page, "need")
    need.locator("input[name=code]").fill(by_number)
    need.locator("input[name=quantity]").fill("2")
    send(need)
    used = form(page, "parts")
    used.locator("input[name=code]").fill(by_number)
    send(used)
    used = form(page, "parts")
    # A scanner is a keyboard that ends with the Enter key; a browser that reads no codes leaves this field as it is.
    expect(used.locator("label.camera")).to_be_hidden()
    used.locator("input[name=code]").focus()
    page.keyboard.insert_text(text_of(Label(part=by_scan)))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    fitted = page.locator('section[aria-labelledby="parts"]')
    expect(fitted.locator("li", has_text="1 × ").filter(has_text=by_scan)).not_to_have_count(0)
    photo = form(page, "photos")
    photo.locator("input[type=file]").set_input_files(
        {"name": "plate.png", "mimeType": "image/png", "buffer": PNG}
    )
    send(photo)
    expect(page.locator('section[aria-labelledby="photos"] li')).to_have_count(1)


def say_repaired(page: Page) -> None:
    """The end of the work, from the list of other steps: the large button would be the same."""
    other = form(page, "step")
    other.locator("select[name=kind]").select_option("repaired")
    send(other)


def answer_checklist(page: Page) -> None:
    """Every item yes, or one."""
    asked = page.locator('main form[action$="/checklist"]')
    if asked.count() == 0:
        return
    for choice in asked.locator('input[type=radio][value="yes"]').all():
        choice.check()
    for number in asked.locator('input[inputmode="decimal"]').all():
        number.fill("1")
    for words in asked.locator('input[name^="item-"]:not([type=radio], [inputmode="decimal"])').all():
        words.fill("as before")
    send(asked)


def at_the_desk(desk: Desk, page: Page, visit: VisitThere) -> tuple[dict[str, Any], dict[str, Any]]:
    """The ticket, and what stands beside it, as the desk reads them."""
    headers = bearer(desk.database, Role.MANAGER, now=NOW)
    whole = page.context.request.get(f"{desk.url}/v1/tickets/{visit.ticket}", headers=headers)
    beside = page.context.request.get(f"{desk.url}/v1/tickets/{visit.ticket}/beside", headers=headers)
    return whole.json(), beside.json()


def drawn_by_touch(page: Page) -> None:
    """A stroke over the canvas with one finger, as the touch screen tells it."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    touch = page.context.new_cdp_session(page)

    def tell(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    x, y = box["x"] + 30, box["y"] + box["height"] / 2
    tell("touchStart", (x, y))
    for number in range(1, 9):
        tell("touchMove", (x + 20 * number, y - 15 * (number % 2)))
    tell("touchEnd")
    expect(page.locator("canvas[data-drawn]")).to_have_count(1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_engineer_goes_through_his_visit_with_a_gap_in_the_signal(
    own_desk: Desk, phone: Signed, lang: str
) -> None:
    """Parts, a new finish, a photo, the end said in a basement, a signature with a finger: the desk has everything once."""
    page, visit = phone(own_desk, lang=lang)
    ready(page)
    ready(at_visit(page, visit))
    fill_in(page)
    ready(page)

    page.context.set_offline(True)
    say_repaired(page)
    waiting = page.locator("#waiting li")
    expect(waiting).to_have_count(1)
    page.reload()
    expect(waiting).to_have_count(1)
    answer_checklist(page)
    queued = 2 if page.locator('main form[action$="/checklist"]').count() else 1
    expect(waiting).to_have_count(queued)
    found = Axe().run(page)
    unheard = said(own_desk, visit)
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden()
    # The page reads itself again once what waited is sent: nothing is left to be done then.
    expect(page.locator("section.steps button.main")).to_have_count(0)
    signing = form(page, "signature")
    signing.locator("input[name=name]").fill("Front desk")
    drawn_by_touch(page)
    send(signing)

    expect(page.locator('section[aria-labelledby="signature"]')).to_contain_text("Front desk")
    page.reload()
    expect(page.locator('section[aria-labelledby="signature"]')).to_contain_text("Front desk")
    assert found.violations_count == 0, found.generate_report()
    assert unheard == WHOLE[:-1]
    assert said(own_desk, visit) == WHOLE
    whole, beside = at_the_desk(own_desk, page, visit)
    assert whole["stage"] == "verified"
    assert [one["media_type"] for one in whole["attachments"]] == ["image/png", "image/png"]
    assert sum(one["quantity"] for one in beside["fitted"]) == 2


def test_without_script_every_word_of_a_visit_can_be_said(own_desk: Desk, phone: Signed) -> None:
    """A phone that runs nothing has plain forms, and a name for a signature."""
    page, visit = phone(own_desk, java_script_enabled=False)
    at_visit(page, visit)
    fill_in(page)
    say_repaired(page)
    answer_checklist(page)

    signing = form(page, "signature")
    signing.locator("input[name=name]").fill("Front desk")
    send(signing)

    expect(page.locator('section[aria-labelledby="signature"]')).to_contain_text("Front desk")
    assert said(own_desk, visit) == WHOLE
    whole, beside = at_the_desk(own_desk, page, visit)
    assert [one["media_type"] for one in whole["attachments"]] == ["image/png", "text/plain"]
    assert sum(one["quantity"] for one in beside["fitted"]) == 2
