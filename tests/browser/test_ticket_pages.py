"""A ticket is taken down while the customer speaks, and everything about it is done on its page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from kernel.envelope import Envelope
from storage.tables.desk import AssetRow, TicketRow
from tests.browser.conftest import NOW, SMALL, WAIT_MS, Desk

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region for each


class Hands:
    """Does what a dispatcher does at a page and counts it: keys pressed and clicks made."""

    def __init__(self, page: Page) -> None:
        """Begin with none."""
        self.page, self.keys, self.clicks = page, 0, 0

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def click(self, what: Locator) -> None:
        """Click once."""
        what.click()
        self.clicks += 1


def serial_of_an_asset(desk: Desk) -> tuple[str, str]:
    """An asset that has a ticket, and its serial."""
    with desk.database.reading() as connection:
        query = (
            select(AssetRow.c.asset_id, AssetRow.c.serial)
            .join(TicketRow, TicketRow.c.asset_id == AssetRow.c.asset_id)
            .where(AssetRow.c.region_id == SMALL.id, TicketRow.c.region_id == SMALL.id)
            .order_by(AssetRow.c.asset_id)
        )
        asset, serial = connection.execute(query).all()[0]
    return str(asset), str(serial)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_ticket_is_open_within_a_minute_of_work(own_desk: Desk, signed_in: Opened, lang: str) -> None:
    """A serial, a few words, a telephone number; all else is proposed. A minute is 120 keys at an easy pace, or a click in 3 s.

    Duplicates, promises and the next times are there before anything is sent.
    """
    page = signed_in(own_desk, path="/console/tickets/new", lang=lang)
    asset, serial = serial_of_an_asset(own_desk)
    hands, main = Hands(page), page.locator("main")
    expect(main.locator("input").first).to_be_focused()

    hands.type(serial)
    expect(main.locator("ul.found button")).to_have_count(1)
    hands.press("Enter")
    expect(main.locator("section.card strong").first).to_contain_text(asset)
    hands.click(main.locator("textarea"))
    hands.type("No power")
    hands.press("Tab")
    hands.type("0591 8765 4321")
    hands.click(main.get_by_role("button", name="P2", exact=True))
    contract = main.locator("select").filter(has=page.locator("option", has_text="K-"))
    if contract.count():
        contract.select_option(index=1)
        hands.clicks += 2
    times = main.locator("section[aria-busy] li")
    expect(times.first).to_be_visible(timeout=WAIT_MS)
    alike = [one.get_attribute("href") for one in main.locator("a[target=_blank]").all()]
    promised = main.locator("dl.facts dd").count()
    hands.click(times.first.get_by_role("button"))
    hands.click(main.locator("button[type=submit]"))

    expect(page.locator("main h1 .severity")).to_have_text("P2", timeout=WAIT_MS)
    ticket = page.url.rsplit("/", 1)[-1]
    found = page.request.get(f"{own_desk.url}/v1/tickets/{ticket}").json()
    assert (found["asset"], found["severity"], len(found["visits"])) == (asset, "P2", 1)
    assert alike, "the open ticket of the same equipment is shown before a second one is opened"
    assert promised > 0
    by_number = page.request.get(f"{own_desk.url}/v1/intake/equipment?text=05918765").json()["found"]
    assert asset in {one["asset"] for one in by_number}  # whoever calls again from this number is known
    assert hands.keys / 2 + 3 * hands.clicks <= 60, (hands.keys, hands.clicks)


@pytest.mark.parametrize("by", ["scan", "customer", "id"])
def test_equipment_is_found_by_whatever_the_caller_has(desk: Desk, signed_in: Opened, by: str) -> None:
    """A scanned code chooses by itself; an id or a name lists what is like it."""
    page = signed_in(desk, path="/console/tickets/new")
    asset, _ = serial_of_an_asset(desk)
    here = page.request.get(f"{desk.url}/v1/intake/equipment?text={asset}").json()["found"][0]
    said = {"scan": f"fieldwright:asset:{asset}", "customer": here["customer_name"], "id": asset}[by]

    page.locator("main input").first.fill(said)

    if by == "scan":
        expect(page.locator("main section.card strong").first).to_contain_text(asset)
    else:
        expect(page.locator("ul.found button").first).to_be_visible()


def promising(desk: Desk, what: str) -> str:
    """An open ticket whose scheme has a clause."""
    names = {one.id for one in builtin_schemes().values() if getattr(one, what) is not None}
    with desk.database.reading() as connection:
        wanted = TicketRow.c.scheme.in_(names) & (TicketRow.c.region_id == SMALL.id)
        found = connection.execute(
            select(TicketRow.c.ticket_id).where(wanted).order_by(TicketRow.c.ticket_id)
        ).scalars()
        ticket = next(iter(found), "")
    if not ticket:
        pytest.fail(f"no ticket of the small region is under a scheme with a clause about {what}")
    return ticket


def card(page: Page, title: str) -> Locator:
    """One of the cards of a ticket's page."""
    return page.locator("section.card").filter(has=page.get_by_role("heading", name=title, exact=True))


def test_a_complaint_is_taken_down_taken_up_and_answered(own_desk: Desk, signed_in: Opened) -> None:
    """Without leaving the ticket; each step offered only where it may follow, in the words of the server."""
    ticket = promising(own_desk, "complaint")
    page = signed_in(own_desk, path=f"/console/tickets/{ticket}")
    complaint = card(page, "Complaint")

    complaint.get_by_text("Take down a complaint").click()
    complaint.get_by_label("What the customer says").fill("Nobody called back.")
    complaint.get_by_role("button", name="Take it down").click()
    expect(complaint.locator(".words-said")).to_have_text("Nobody called back.")
    complaint.get_by_role("button", name="Taken up, customer told").click()
    expect(complaint.get_by_role("button", name="Taken up, customer told")).to_have_count(0)
    complaint.get_by_role("button", name="Answer", exact=True).click()
    complaint.get_by_role("textbox", name="Answer").fill("We come tomorrow.")
    complaint.get_by_label("Beside the answer").select_option("free-repeat")
    found = Axe().run(page)
    complaint.get_by_role("button", name="Write down: Answer").click()
    expect(complaint.get_by_role("button", name="Settled")).to_be_visible()

    rows = page.request.get(f"{own_desk.url}/v1/complaints?ticket={ticket}").json()["rows"]
    assert [(one["state"], one["remedies"]) for one in rows] == [("answered", ["free-repeat"])]
    assert found.violations_count == 0, found.generate_report()


def test_a_loaner_is_kept_lent_and_back(own_desk: Desk, signed_in: Opened) -> None:
    """The desk's book of a loan, from the free unit to the inspection."""
    ticket = promising(own_desk, "loaner")
    page = signed_in(own_desk, path=f"/console/tickets/{ticket}")
    loaner = card(page, "Loaner")

    loaner.get_by_text("Keep a loaner for this ticket").click()
    loaner.get_by_label("Unit").select_option(index=1)
    loaner.get_by_role("button", name="Keep it").click()
    loaner.get_by_role("button", name="Left").click()
    loaner.get_by_label("Lent until").fill("2026-03-20T17:00")
    loaner.get_by_role("button", name="Write down: Left").click()
    loaner.get_by_role("button", name="Stands at the customer's").click()
    loaner.get_by_role("button", name="Back", exact=True).click()
    loaner.get_by_role("button", name="Being inspected").click()
    loaner.get_by_role("button", name="Passed").click()

    expect(loaner.locator(".line")).to_contain_text("passed")
    rows = page.request.get(f"{own_desk.url}/v1/loans?ticket={ticket}&ended=true").json()["rows"]
    assert [one["state"] for one in rows] == ["passed"]


def test_a_price_is_quoted_accepted_and_paid(own_desk: Desk, signed_in: Opened) -> None:
    """The scheme says at most how much: the amount is asked for, priced, written down as shown, and followed to the end."""
    ticket, scheme = own_desk.demo.ticket, find_scheme(builtin_schemes(), "value-added")
    with own_desk.database.writing(Envelope("desk", "test", NOW, "priced", SMALL.id)) as work:
        of = {"scheme": scheme.id, "scheme_version": scheme.version, "contract_id": None}
        work.connection.execute(update(TicketRow).where(TicketRow.c.ticket_id == ticket).values(**of))
    page = signed_in(own_desk, path=f"/console/tickets/{ticket}")
    charges = card(page, "Charges")

    charges.get_by_text("What would it cost?").click()
    charges.get_by_label("Call, in CNY (at most 200.00)").fill("120")
    charges.get_by_role("button", name="Price it").click()
    charges.get_by_role("button", name="Quote this").click()
    charges.get_by_role("button", name="Accepted by the customer").click()
    expect(charges.get_by_role("button", name="Work done")).to_have_count(0)  # the deposit comes first
    charges.get_by_role("button", name="Deposit came in").click()
    charges.get_by_label("Amount").fill("120")
    charges.get_by_role("button", name="Write down: Deposit came in").click()
    charges.get_by_role("button", name="Work done").click()

    expect(charges.get_by_role("button", name="Work done")).to_have_count(0)
    rows = page.request.get(f"{own_desk.url}/v1/charges?ticket={ticket}").json()["rows"]
    assert [(one["stage"], one["total_cents"], one["balance_cents"]) for one in rows] == [("done", 12_000, 0)]


def test_a_file_is_attached_and_the_report_is_fit_to_print(own_desk: Desk, signed_in: Opened) -> None:
    """What was sent stands in the list; the page to print has no more than the paper's width and no button."""
    ticket = own_desk.demo.ticket
    page = signed_in(own_desk, path=f"/console/tickets/{ticket}")

    page.locator("input[type=file]").set_input_files(
        {"name": "log.txt", "mimeType": "text/plain", "buffer": b"error 17\n"}
    )
    expect(card(page, "Attachments").get_by_role("link", name="log.txt")).to_be_visible()
    page.goto(f"{own_desk.url}/v1/tickets/{ticket}/form?lang=en")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # about A4 with its margins

    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert page.locator("button").count() == 0
    assert ticket in page.locator("body").inner_text()
