"""What a dispatcher and an engineer do every day, by the words on the board and on the phone: for `benchmarks.daily_things`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.daily import Reader

if TYPE_CHECKING:
    from playwright.sync_api import Locator

PAGE, DIALOG, TOP = "main", "dialog", "header.top"
APPLY = re.compile("^(Apply|Publish)")


# The dispatcher.


def take_ticket(reader: Reader) -> None:
    """The telephone: equipment, a few words, a number to call back; contract, severity, promises and time are proposed."""
    page = reader.page
    serial = next(
        one["serial"] for one in page.request.get("/v1/assets?limit=50").json()["rows"] if one["serial"]
    )
    reader.reads(TOP)
    reader.press(page.locator(TOP).get_by_role("link", name="New ticket"))
    find = page.locator("main input").first
    reader.sees(find)
    reader.reads(PAGE)
    reader.write(find, serial)
    reader.sees(page.locator("main ul.found button").first)
    reader.key("Enter")
    reader.sees(page.locator("main section.card strong").first)
    reader.reads("main section")  # the form has come with the equipment
    reader.type("No power")  # the focus has gone to what the customer says
    reader.key("Tab")
    reader.type("0591 8765 4321")
    reader.press(page.get_by_role("button", name="P2", exact=True))
    # One contract is taken by itself; of several the right one is asked for.
    contract = page.locator("main").get_by_label("Contract")
    reader.sees(contract.or_(page.locator("main section[aria-busy] li button").first).first)
    if contract.count():
        reader.choose(contract, index=1)
    reader.press(page.locator("main section[aria-busy] li button").first)
    reader.press(page.locator("main").get_by_role("button", name="Open ticket"))
    reader.sees(page.locator("main h1 .severity"))


def assign(reader: Reader) -> None:
    """A visit nobody has goes to the best candidate."""
    page = reader.page
    reader.reads(PAGE)
    # The live day begins with a visit nobody may do, which is shown as such.
    reader.press(page.locator(".queue [role=option]").filter(has_not_text="V-LY-CERT").first)
    first = page.get_by_role("button", name=re.compile("^Assign: ")).first
    reader.sees(first)
    reader.reads("section.side")
    unlock = page.get_by_role("button", name="Unlock", exact=True)
    if unlock.is_visible():  # the ill engineer's next visit was held for him
        reader.press(unlock)
        unlock.wait_for(state="detached")
        reader.sees(first)
    reader.press(first)
    reader.sees(page.locator(".said", has_text=re.compile("is now")))


def ill(reader: Reader) -> None:
    """An engineer calls in ill: his visits are nobody's."""
    page = reader.page
    board = page.request.get("/v1/board").json()
    later = [
        one["engineer"]
        for one in board["visits"]
        if one["start"] and 3600 < one["start"] - board["now"] < 6 * 3600
    ]
    who = max(sorted(set(later) & {one["id"] for one in board["engineers"]}), key=later.count)
    reader.reads(PAGE)
    reader.press(page.get_by_role("button", name="Engineer not there"))
    dialog = page.get_by_role("dialog")
    reader.sees(dialog)
    reader.reads(DIALOG)
    reader.choose(dialog.get_by_label("Engineer"), label=who)
    reader.press(dialog.get_by_role("button", name="Write down"))
    reader.sees(page.locator(".said", has_text=who))


def plan_again(reader: Reader) -> None:
    """What is left of the day is planned again and published; the search itself takes ten seconds."""
    page = reader.page
    reader.reads(PAGE)
    reader.press(page.get_by_role("button", name="Optimise"))
    reader.sees(page.get_by_role("dialog"))
    reader.reads(DIALOG)
    reader.press(page.get_by_role("dialog").get_by_role("button", name=re.compile("today")))
    publish = page.get_by_role("region", name="Proposal").get_by_role("button", name=APPLY)
    reader.sees(publish)
    reader.reads("section.proposal")
    # Engineers report while it is searched: a part that no longer holds is left out, the others are taken.
    calls, stale = (
        page.get_by_role("region", name="Call list"),
        page.get_by_role("button", name="Untick what"),
    )
    for _ in range(5):
        reader.press(page.get_by_role("region", name="Proposal").get_by_role("button", name=APPLY))
        reader.sees(calls.or_(stale).first)
        if calls.is_visible():
            return
        reader.press(stale)
    reader.sees(calls)


def call(reader: Reader) -> None:
    """A customer whose time has changed is told, and that he was."""
    page = reader.page
    reader.reads(PAGE)
    reader.press(page.get_by_role("tab", name=re.compile("Call")))
    told = page.get_by_role("region", name="Call list").get_by_role("checkbox")
    reader.sees(told.first)
    reader.press(told.first)
    reader.sees(page.get_by_role("region", name="Call list").locator("input:checked, p.empty").first)


# The engineer, on his phone.


def visit(reader: Reader) -> None:
    """Open the visit he is on."""
    reader.reads(PAGE)
    reader.press(reader.page.locator("main a.visit").first)
    reader.sees(reader.page.locator("main section.steps"))
    reader.reads("main section.steps, main section[aria-labelledby]")


def steps(reader: Reader, name: str) -> Locator:
    """One of the forms behind a visit's state."""
    reader.press(reader.page.locator("main summary", has_text=name))
    form = reader.page.locator("main details[open]").last
    reader.sees(form)
    reader.reads("main details[open]")
    return form


def said(reader: Reader, done: Locator) -> None:
    """Press a form's button and see the visit's page come again: a page that says it was refused is not it."""
    with reader.page.expect_navigation(wait_until="domcontentloaded"):
        reader.press(done)
    reader.sees(reader.page.locator("main section.steps"))


def arrive(reader: Reader) -> None:
    """He says the next thing of his visit, which is one large button: accepted, on the way, arrived."""
    visit(reader)
    said(reader, reader.page.locator("main section.steps button.main").first)


def longer(reader: Reader) -> None:
    """It takes until another time."""
    visit(reader)
    form = steps(reader, "New finish")
    reader.write(form.locator("input[type=time]"), "23:30")
    said(reader, form.get_by_role("button").last)


def need_part(reader: Reader) -> None:
    """A part is missing."""
    visit(reader)
    form = steps(reader, "Part needed")
    reader.write(form.locator("input:visible").first, "P-UPS-03")
    said(reader, form.get_by_role("button").last)


def use_part(reader: Reader) -> None:
    """A part from his van went into the device."""
    visit(reader)
    part = reader.page.locator("#in-van option").first.get_attribute("value") or ""
    parts = reader.page.locator('main section[aria-labelledby="parts"]')
    reader.write(parts.get_by_label("Part: number or code"), part)
    said(reader, parts.get_by_role("button", name="Part used"))


def sign(reader: Reader) -> None:
    """The work is finished: said so, the checklist answered, the customer signs with his name. He has come there before."""
    page = reader.page
    page.locator("main a.visit").first.click()
    large = page.locator("main section.steps form").first
    while large.locator("input[name=kind]").input_value() != "repaired":
        with page.expect_navigation(wait_until="domcontentloaded"):
            large.locator("button.main").click()
        reader.sees(page.locator("main section.steps"))
    page.goto("/m")
    visit(reader)
    said(reader, large.locator("button.main"))
    for yes in page.locator('main input[type=radio][value="yes"]').all():
        reader.press(yes)
    for number in page.locator('main form[action$="/checklist"] input[inputmode="decimal"]').all():
        reader.write(number, "1")
    words = 'main form[action$="/checklist"] input[name^="item-"]:not([type=radio], [inputmode="decimal"])'
    for field in page.locator(words).all():
        reader.write(field, "none")
    said(reader, page.get_by_role("button", name="Keep the answers"))
    reader.write(page.get_by_label("Name of who signs"), "Front desk")
    said(reader, page.get_by_role("button", name="Sign", exact=True))
