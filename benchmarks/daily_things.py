"""The five things of every role, each done from its first page by the words on the pages: for `benchmarks.daily`.

They are done in this order on one live day: what one leaves behind, the next finds. docs/daily.md tells them to readers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.daily import Reader, Thing
from benchmarks.daily_calls import (
    arrive,
    assign,
    call,
    ill,
    longer,
    need_part,
    plan_again,
    sign,
    take_ticket,
    use_part,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator

PAGE, DRAWER = "main", "main aside.drawer"
TOP = "header.top"


def section(reader: Reader, name: str) -> None:
    """Press a section at the top of every page."""
    reader.reads(TOP)
    reader.press(reader.page.locator(TOP).get_by_role("link", name=name, exact=True))


def tab(reader: Reader, name: str) -> None:
    """Press a page's tab in a section."""
    pages = reader.page.locator("nav.sub")
    pages.wait_for()
    reader.reads("nav.sub")
    reader.press(pages.get_by_role("link", name=name, exact=True))


def button(reader: Reader, name: str, *, within: str = PAGE) -> Locator:
    """A button by what is written on it."""
    return reader.page.locator(within).last.get_by_role("button", name=name).first


def first_row(reader: Reader) -> Locator:
    """The first row of the list that is shown."""
    row = reader.page.locator("main .grid tbody tr[data-row]").first
    row.wait_for()
    return row


def drawer(reader: Reader) -> Locator:
    """What is open beside the list."""
    return reader.page.get_by_role("complementary")


# The storekeeper.


def pick_tomorrow(reader: Reader) -> None:
    """What the vans need tomorrow is moved into them."""
    section(reader, "Stock")
    tab(reader, "Pick and stage")
    reader.sees(reader.page.locator("main .vans .card").first)
    reader.reads(PAGE)
    reader.press(button(reader, "Everything is picked"))
    reader.sees(reader.page.get_by_text("Moves into the vans").first)


def take_in(reader: Reader) -> None:
    """A delivery that was expected, complete."""
    section(reader, "Stock")
    tab(reader, "Goods in")
    expected = reader.page.locator("main li.line button").first
    reader.sees(expected)
    reader.reads(PAGE)
    reader.press(expected)
    reader.press(button(reader, "Take in"))
    reader.sees(reader.page.get_by_role("region", name="What became of it"))


def send_transfer(reader: Reader) -> None:
    """The part a visit breaks for first goes to it by courier."""
    section(reader, "Stock")
    row = first_row(reader)
    reader.reads(PAGE)
    reader.press(row.get_by_role("checkbox"))
    reader.press(button(reader, "Send the transfer"))
    courier = reader.page.get_by_label("Courier (empty")
    reader.sees(courier)
    reader.reads(PAGE)
    reader.write(courier, "SF Express")
    reader.write(reader.page.get_by_label("Tracking number"), "SF1234567890")
    reader.press(button(reader, "Send goods"))
    reader.sees(reader.page.get_by_text("is on its way"))


def order(reader: Reader) -> None:
    """What has to be bought first is ordered."""
    section(reader, "Stock")
    first_row(reader)
    reader.reads(PAGE)
    reader.choose(reader.page.get_by_label("Source"), label="Purchase")
    bought = reader.page.locator(
        "main .grid tbody tr[data-row]", has=reader.page.locator("input.units")
    ).first
    reader.press(bought.get_by_role("checkbox"))
    reader.press(button(reader, "Write the orders"))
    reader.sees(reader.page.get_by_text("Written: "))


def count(reader: Reader) -> None:
    """What is due first is counted."""
    section(reader, "Stock")
    tab(reader, "Counting")
    row = first_row(reader)
    reader.reads(PAGE)
    reader.press(row)
    reader.reads(DRAWER)
    reader.write(drawer(reader).get_by_label("Found of").first, "0")
    reader.press(drawer(reader).get_by_role("button", name="Write the count"))
    again = drawer(reader).get_by_label("Counted again of").first
    reader.sees(again.or_(reader.page.get_by_text("counted.").first).first)


# The manager.


def missed(reader: Reader) -> None:
    """Yesterday's dearest miss, as far as its ticket."""
    section(reader, "Management")
    line = reader.page.get_by_role("region", name="Missed yesterday").get_by_role(
        "link", name=re.compile(r"-\d")
    )
    reader.sees(line.first)
    reader.reads(PAGE)
    reader.press(line.first)
    reader.sees(reader.page.locator("main dl.facts").first)


def decide(reader: Reader) -> None:
    """What waits for a word gets it."""
    section(reader, "Management")
    line = reader.page.get_by_role("region", name="Waiting for you").locator("p.line a").first
    reader.sees(line)
    reader.reads(PAGE)
    reader.press(line)
    reader.sees(drawer(reader))
    reader.reads(PAGE)
    reader.write(drawer(reader).get_by_label("Your reason"), "the third repair failed")
    reader.press(drawer(reader).get_by_role("button", name="Approve"))
    reader.sees(reader.page.get_by_text("Approved.").first)


def exposed(reader: Reader) -> None:
    """Who today's lateness costs most, and by which promises."""
    section(reader, "Management")
    more = reader.page.get_by_role("link", name="By customer, scheme, area")
    reader.sees(more)
    reader.reads(PAGE)
    reader.press(more)
    row = first_row(reader)
    reader.reads(PAGE)
    reader.press(row)
    reader.sees(reader.page.get_by_role("heading", name=re.compile("^Promises: (?!All)")))


def week(reader: Reader) -> None:
    """Promises kept, week by week for each severity, as a file."""
    section(reader, "Management")
    tab(reader, "Reports")
    chart = reader.page.get_by_role("region", name="Promises kept", exact=True)
    reader.sees(chart.get_by_role("img"))
    reader.reads(PAGE)
    reader.choose(reader.page.get_by_label("Told apart by"), label="severity")
    with reader.page.expect_download():
        reader.press(chart.get_by_role("link", name="As a file (CSV)"))


def papers(reader: Reader) -> None:
    """Whose certificate has run out, as far as his page."""
    section(reader, "Management")
    line = reader.page.get_by_role("region", name=re.compile("^Running out")).locator("p.line a").first
    reader.sees(line)
    reader.reads(PAGE)
    reader.press(line)
    reader.sees(reader.page.get_by_role("heading", name=re.compile("Certificates")).first)


# The administrator.


def add_user(reader: Reader) -> None:
    """Somebody new may sign in."""
    section(reader, "Administration")
    tab(reader, "Users")
    first_row(reader)
    reader.reads(PAGE)
    reader.press(button(reader, "Add a user"))
    form = drawer(reader)
    reader.sees(form)
    reader.reads(DRAWER)
    reader.write(form.get_by_label("Name to sign in with"), "east-store")
    reader.choose(form.get_by_label("Role"), label="Storekeeper")
    reader.write(form.get_by_label("First password"), "seven grey herons")
    reader.press(form.get_by_role("button", name="Add", exact=True))
    reader.sees(drawer(reader).get_by_role("heading", name="east-store"))


def new_password(reader: Reader) -> None:
    """Who forgot his password gets another."""
    section(reader, "Administration")
    tab(reader, "Users")
    first_row(reader)
    reader.reads(PAGE)
    reader.press(reader.page.get_by_role("row", name="east-store"))
    another = drawer(reader).get_by_text("Another password")
    reader.sees(another)
    reader.reads(DRAWER)
    reader.press(another)
    reader.write(drawer(reader).get_by_label("First password"), "two brown herons")
    reader.press(drawer(reader).get_by_role("button", name="Give this password"))
    reader.sees(drawer(reader).get_by_text("The password is given"))


def who_did(reader: Reader) -> None:
    """Who did what to a ticket, and what was noted."""
    section(reader, "Administration")
    tab(reader, "Audit")
    first_row(reader)
    reader.reads(PAGE)
    reader.write(reader.page.get_by_label("Of which thing"), "T-0001")
    reader.key("Enter")
    row = reader.page.locator("main .grid tbody tr[data-row='0']", has_text="T-0001")
    reader.press(row)
    reader.sees(drawer(reader).get_by_text("In the chain"))


def pressed_on(reader: Reader, page: str, name: str) -> None:
    """A button of a page of the administration, once the page is there and read."""
    section(reader, "Administration")
    tab(reader, page)
    made = button(reader, name)
    reader.sees(made)
    reader.reads(PAGE)
    reader.press(made)


def key(reader: Reader) -> None:
    """A program gets a key, seen once."""
    pressed_on(reader, "API keys", "Make a key")
    form = drawer(reader)
    reader.sees(form.get_by_label("For", exact=True))
    reader.reads(DRAWER)
    reader.choose(form.get_by_label("Account").first, label="demo-integration · Program")
    reader.write(form.get_by_label("For", exact=True), "van tracking")
    reader.press(form.get_by_role("button", name="Make", exact=True))
    reader.sees(form.get_by_label("The key"))


def copy(reader: Reader) -> None:
    """The database is copied, and the copy read whole."""
    pressed_on(reader, "Backups", "Make a copy now")
    reader.press(first_row(reader))
    reader.reads(DRAWER)
    reader.press(drawer(reader).get_by_role("button", name="Read it whole and check it"))
    reader.sees(reader.page.get_by_text("was read whole"))


THINGS = (
    Thing("storekeeper", "what the vans need tomorrow, moved into them", pick_tomorrow),
    Thing("storekeeper", "an expected delivery, taken in", take_in),
    Thing("storekeeper", "the part a visit waits for, sent by courier", send_transfer),
    Thing("storekeeper", "the first purchase, ordered", order),
    Thing("storekeeper", "what is due first, counted", count),
    Thing("manager", "yesterday's dearest miss, up to its ticket", missed),
    Thing("manager", "a request, approved with a reason", decide),
    Thing("manager", "who today's lateness costs most, and why", exposed),
    Thing("manager", "promises kept by week and severity, as a file", week),
    Thing("manager", "whose certificate has run out, up to his page", papers),
    Thing("administrator", "a user, added", add_user),
    Thing("administrator", "another password for who forgot it", new_password),
    Thing("administrator", "who did what to a ticket", who_did),
    Thing("administrator", "a key for a program, made", key),
    Thing("administrator", "a copy of the database, made and read whole", copy),
    Thing("dispatcher", "a ticket, taken on the telephone with its visit", take_ticket),
    Thing("dispatcher", "an engineer who is ill, taken off the day", ill),
    Thing("dispatcher", "a visit nobody has, given to the best candidate", assign),
    Thing("dispatcher", "the rest of the day, planned again and published", plan_again),
    Thing("dispatcher", "a customer, told his new time", call),
    Thing("engineer", "the next step of a visit (accepted, on the way, arrived)", arrive),
    Thing("engineer", "a later finish", longer),
    Thing("engineer", "a part that is missing", need_part),
    Thing("engineer", "a part that was fitted", use_part),
    Thing("engineer", "work finished, checklist and signature", sign),
)
"""In the order they are done."""
