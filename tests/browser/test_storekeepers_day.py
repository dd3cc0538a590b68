"""A storekeeper's day in a browser: reorder, order, goods in, the ledger, transfers, counting, picking, a loaner back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region


def asked(page: Page, desk: Desk, path: str) -> Any:
    """What the interface says."""
    answer = page.request.get(desk.url + path)
    assert answer.ok, answer.text()
    return answer.json()


def told(page: Page, desk: Desk, path: str, **body: Any) -> Any:
    """Say something to the interface, as whoever is signed in."""
    answer = page.request.post(
        desk.url + path,
        data=body,
        headers={"Idempotency-Key": f"{path}-{len(str(body))}", "Origin": desk.url},
    )
    assert answer.ok, answer.text()
    return answer.json()


def used_up(page: Page, desk: Desk) -> str:
    """A part that is kept in stock and of which no depot has any left: all of it was scrapped."""
    part: str = next(
        row["part"]
        for row in asked(page, desk, "/v1/availability?limit=200")["rows"]
        if row["reorder_point"] > 0 and asked(page, desk, f"/v1/supplier-terms?part={row['part']}")["rows"]
    )
    (scrap,) = asked(page, desk, "/v1/places?kind=scrap")["rows"]
    lines = [
        {
            "part": part,
            "quantity": row["available"],
            "from_place": row["place"],
            "to_place": scrap["place_id"],
        }
        for row in asked(page, desk, f"/v1/stock?part={part}&limit=200")["stock"]
        if row["available"] > 0
    ]
    told(page, desk, "/v1/moves", document="SCRAP-1", lines=lines)
    return part


def test_what_breaks_first_is_ordered_approved_by_another_and_sent(own_desk: Desk, signed_in: Opened) -> None:
    """From the reorder list, with a quantity of his own, to an order the supplier has: why it was proposed stands beside it."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/positions")
    part = used_up(page, own_desk)
    bought = next(
        one
        for one in asked(page, own_desk, f"/v1/reorder?limit=200&part={part}")["rows"]
        if one["source"] == "purchase"
    )
    page.goto(f"{own_desk.url}/console/stock/reorder")
    name = f"Units of {bought['part']} for {bought['place']}"

    page.get_by_role("row", name=bought["part"]).filter(has=page.get_by_label(name)).locator("td").nth(
        2
    ).click()
    expect(page.get_by_role("complementary").locator("li").first).to_be_visible()
    page.get_by_label(name).fill("7,5")
    expect(page.get_by_role("alert").filter(has_text="whole number")).to_be_visible()
    page.get_by_label(name).fill(str(bought["quantity"] + 5))
    page.get_by_role("button", name="Write the orders (1)").click()
    expect(page.get_by_text("Written: ")).to_be_visible()
    written = asked(page, own_desk, "/v1/orders")["rows"]
    page.get_by_role("link", name="Orders").click()
    page.get_by_role("row", name=written[0]["order"]).click()
    expect(page.get_by_role("complementary").get_by_text("Awaiting approval")).to_be_visible()
    boss = signed_in(own_desk, "manager", path=f"/console/stock/orders/{written[0]['order']}")
    boss.get_by_role("button", name="Approve").click()
    expect(boss.get_by_role("complementary").get_by_text("To be sent", exact=True)).to_be_visible()
    page.get_by_role("button", name="It went out to the supplier").click()
    expect(page.get_by_role("complementary").get_by_text("Sent", exact=True).first).to_be_visible()

    (order,) = asked(page, own_desk, "/v1/orders")["rows"]
    assert order["state"] == "sent"
    assert order["approved_by"] == asked(boss, own_desk, "/v1/me")["user"]
    assert [(line["part"], line["quantity"] >= bought["quantity"] + 5) for line in order["lines"]] == [
        (bought["part"], True)
    ]


def test_a_line_left_alone_until_a_day_stays_so_and_wakes_again(own_desk: Desk, signed_in: Opened) -> None:
    """Snoozed with a reason: the next review lists it and leaves it alone."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/reorder")
    first = asked(page, own_desk, "/v1/reorder?limit=1")["rows"][0]

    page.locator(".grid tbody tr").first.press("Enter")
    page.get_by_label("Until").fill("2026-03-20")
    page.get_by_label("Reason").fill("the year's order is coming")
    page.get_by_role("button", name="Leave alone until a day").click()
    expect(page.get_by_role("row", name=first["part"]).filter(has_text="Snoozed").first).to_be_visible()
    page.get_by_role("row", name=first["part"]).filter(has_text="Snoozed").first.press("Enter")
    page.get_by_role("button", name="Look at it again now").click()
    expect(page.get_by_role("row", name=first["part"]).filter(has_text="Transfer").first).to_be_visible()

    assert asked(page, own_desk, "/v1/reorder/snoozes")["rows"] == []


def test_a_delivery_is_taken_in_and_the_ledger_says_so(own_desk: Desk, signed_in: Opened) -> None:
    """Chosen from what is expected, counted, on the shelf; every unit behind the number stands in the ledger."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/receiving")
    expected = asked(page, own_desk, "/v1/orders/expected?limit=1")["rows"][0]

    page.get_by_role("button", name=expected["order"]).click()
    page.get_by_role("button", name="Take in").click()
    expect(
        page.get_by_role("region", name="What became of it").get_by_role("row", name=expected["part"])
    ).to_be_visible()
    page.get_by_role("link", name="Stock", exact=True).nth(1).click()
    page.get_by_label("Find a part").fill(expected["part"])
    page.locator(".find-part .found a").first.click()
    expect(page.get_by_role("row", name=expected["order"]).first).to_be_visible()

    moves = asked(page, own_desk, f"/v1/moves?part={expected['part']}&document={expected['order']}")["rows"]
    assert sum(one["quantity"] for one in moves if one["from_place"] != one["to_place"]) >= expected["left"]


def test_what_is_typed_and_scanned_stays_and_is_taken_in_once(own_desk: Desk, signed_in: Opened) -> None:
    """A number typed key by key beside scans; once taken in, the form is empty: nothing is sent twice. What was wrong is taken back there."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/receiving")
    part = asked(page, own_desk, "/v1/stock?limit=1")["stock"][0]["part"]
    scan = page.get_by_label("Scan")

    scan.fill(part)
    scan.press("Enter")
    page.get_by_label("Order or delivery").press_sequentially("NOTE-77")
    expect(page.get_by_label("Order or delivery")).to_have_value("NOTE-77")
    expect(page.get_by_text("1 scanned")).to_be_visible()
    page.get_by_role("button", name="Take the last back").click()
    order = asked(page, own_desk, "/v1/orders/expected?limit=1")["rows"][0]["order"]
    page.get_by_role("button", name=order).click()
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_role("region", name="What became of it")).to_be_visible()

    expect(page.get_by_label("Order or delivery")).to_have_value("")
    expect(page.get_by_role("button", name="Take in")).to_be_disabled()
    taken = asked(page, own_desk, f"/v1/moves?document={order}")["rows"]
    page.get_by_text(f"{order} was taken in wrongly").click()
    page.get_by_label("What was wrong").fill("it is another customer's")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name=order)).to_be_visible()
    expect(page.get_by_role("region", name="What became of it")).to_have_count(0)

    assert taken
    assert {row["move"] for row in taken} <= {
        row["reverses"] for row in asked(page, own_desk, "/v1/moves?limit=200")["rows"]
    }


def test_goods_go_to_another_place_and_are_received_as_counted(own_desk: Desk, signed_in: Opened) -> None:
    """A transfer proposed by the review: sent from its line, on the road until it is counted in."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/reorder")
    moved = next(
        one for one in asked(page, own_desk, "/v1/reorder?limit=200")["rows"] if one["source"] == "transfer"
    )

    page.get_by_role("row", name=f"{moved['part']}").filter(has_text=moved["from_place"]).first.locator(
        "input[type=checkbox]"
    ).click()
    page.get_by_role("button", name="Send the transfer").click()
    page.get_by_label("Courier (empty").fill("SF Express")
    page.get_by_label("Tracking number").fill("SF1234")
    page.get_by_role("button", name="Send goods").click()
    row = page.locator(".grid tbody tr").first
    expect(row).to_contain_text(moved["part"])
    expect(row).to_contain_text("SF Express SF1234")
    row.press("Enter")
    page.get_by_role("button", name="Receive as counted").click()
    expect(page.get_by_text("Nothing is on the road.")).to_be_visible()

    there = asked(page, own_desk, f"/v1/stock?place={moved['place']}&part={moved['part']}")["stock"]
    assert there[0]["on_hand"] >= moved["quantity"]


def test_a_broken_unit_in_a_van_is_brought_back_decided_on_and_what_was_wrong_taken_back(
    own_desk: Desk, signed_in: Opened
) -> None:
    """From the van to the depot, into quarantine, back to the supplier under its number; a wrong decision is taken back there."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/defectives")
    van = next(one["place_id"] for one in asked(page, own_desk, "/v1/places?kind=van&limit=200")["rows"])
    part = next(
        one["part"]
        for one in asked(page, own_desk, f"/v1/stock?place={van}&limit=50")["stock"]
        if one["available"]
    )
    customer = asked(page, own_desk, "/v1/places?kind=customer")["rows"][0]["place_id"]
    supplier = asked(page, own_desk, f"/v1/supplier-terms?part={part}")["rows"][0]["supplier_id"]
    unit = {"part": part, "quantity": 1}
    told(
        page, own_desk, "/v1/moves", document="V-1", lines=[{**unit, "from_place": van, "to_place": customer}]
    )
    back = {**unit, "from_place": customer, "to_place": van, "condition": "damaged"}
    told(page, own_desk, "/v1/moves", document="V-1", lines=[back])
    home = asked(page, own_desk, f"/v1/defectives?place={van}&part={part}")["rows"][0]["to_place"]

    page.get_by_role("row", name=part).filter(has_text=van).press("Enter")
    page.get_by_role("button", name="Send goods").click()
    page.get_by_role("link", name="Transfers").click()
    page.get_by_role("row", name=part).first.press("Enter")
    page.get_by_role("button", name="Receive as counted").click()
    page.get_by_role("link", name="Returns").click()
    page.get_by_role("row", name=part).filter(has_text=home).press("Enter")
    page.get_by_role("button", name="Put into quarantine").click()
    page.get_by_role("link", name="Quarantine", exact=True).click()
    page.get_by_role("row", name=part).filter(has_text="a decision").press("Enter")
    page.get_by_label("Shelf").fill(home)
    page.get_by_role("textbox", name="Supplier", exact=True).fill(supplier)
    page.get_by_label("Record").fill("RMA-77")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("row", name=part).filter(has_text="the supplier's remedy")).to_be_visible()
    owed = [
        one["document"] for one in asked(page, own_desk, f"/v1/supplier-duties?supplier={supplier}")["rows"]
    ]
    page.get_by_role("link", name="Suppliers", exact=True).click()
    page.get_by_role("row", name=supplier).first.press("Enter")
    duty = page.get_by_role("complementary").locator("li", has_text="RMA-77")
    duty.get_by_label("Another date").fill("2026-04-20")
    duty.get_by_role("button", name="Write down the date").click()
    expect(duty).to_contain_text("The supplier names")
    page.get_by_role("link", name="Quarantine", exact=True).click()
    page.get_by_role("row", name=part).filter(has_text="the supplier's remedy").press("Enter")
    page.get_by_text("RMA-77 was decided wrongly").first.click()
    page.get_by_label("What was wrong").fill("it is repaired here")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("row", name=part).filter(has_text="a decision")).to_be_visible()

    assert "RMA-77" in owed
    after = asked(page, own_desk, f"/v1/supplier-duties?supplier={supplier}")["rows"]
    assert "RMA-77" not in [one["document"] for one in after]


def test_a_count_is_blind_and_a_difference_asks_for_a_second_pair_of_eyes(
    own_desk: Desk, signed_in: Opened
) -> None:
    """Nothing says how much there should be; what agrees is written at once."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/counts")
    due = asked(page, own_desk, "/v1/counts/due?limit=1")["rows"][0]
    there = asked(page, own_desk, f"/v1/stock?place={due['place']}&part={due['part']}")["stock"][0]["on_hand"]

    page.locator(".grid tbody tr").first.press("Space")
    form = page.get_by_role("complementary")
    words = form.inner_text()
    page.get_by_label(f"Found of {due['part']} at {due['place']}").fill(str(there))
    page.get_by_role("button", name="Write the count").click()
    expect(form).to_have_count(0)

    assert str(there) not in re.findall(r"\d+", words.replace(due["part"], "").replace(due["place"], ""))
    assert asked(page, own_desk, "/v1/counts/due?limit=1")["rows"][0] != due


def test_tomorrows_vans_are_staged(own_desk: Desk, signed_in: Opened) -> None:
    """What is picked lies in the vans; what is missing is raised to the desk, and nothing is moved twice."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/picks")
    before = asked(page, own_desk, "/v1/pick-lists")

    if before["lines"] or before["shortages"]:
        page.get_by_role("button", name="Everything is picked").click()
        expect(page.get_by_text("Moves into the vans").first).to_be_visible()
    else:
        expect(page.get_by_text("Nothing has to be picked")).to_be_visible()

    assert asked(page, own_desk, "/v1/pick-lists")["lines"] == []


def test_a_loaner_comes_back_over_the_counter(own_desk: Desk, signed_in: Opened) -> None:
    """Back, inspected, lent again: each step is offered when it follows."""
    page = signed_in(own_desk, "storekeeper", path="/console/stock/reorder")
    pool = asked(page, own_desk, "/v1/loaner-pool?days=1")["classes"]
    unit = next(one for each in pool for one in each["units"] if one["state"] == "available")["unit"]
    told(page, own_desk, "/v1/loans", loan="L-COUNTER", ticket=own_desk.demo.ticket, unit=unit)
    for step in ("preparing", "out", "at_customer"):
        until = {"due_back_at": "2026-03-09T08:00:00Z"} if step == "out" else {}
        told(page, own_desk, "/v1/loans/L-COUNTER/steps", step=step, **until)
    page.goto(f"{own_desk.url}/console/stock/loaners")
    line = page.locator("li.line", has_text=unit)

    line.get_by_role("button", name="It is back").click()
    line.get_by_role("button", name="Inspect it").click()
    line.get_by_role("button", name="Passed").click()
    expect(line).to_contain_text("Available")

    after = asked(page, own_desk, "/v1/loaner-pool?days=1")["classes"]
    assert {one["unit"]: one["state"] for each in after for one in each["units"]}[unit] == "available"
