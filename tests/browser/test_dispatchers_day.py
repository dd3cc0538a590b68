"""A dispatcher's day in a browser, from the urgent call to the published plan; every button pressed once.

One server for the whole file: each test takes visits of its own, as found on the board when it begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Thread
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as Ended

from api.usecases.plan_run import make_plan
from api.worker import Worker
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.envelope import Envelope
from storage.desk.tickets import happened
from tests.api.http.conftest import StandingClock
from tests.browser.boards import WITH_LOANER, Board
from tests.browser.conftest import NOW, SMALL, Desk, Small, _served, board_of

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # each test waits for a browser, several for the solver

ANSWER_MS = 60_000
"""How long an answer that is computed is waited for on a busy machine."""


@pytest.fixture(scope="module")
def day(small: Small, built_pages: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The small region served to this file, with somebody who makes its plans."""
    for desk in _served(small, tmp_path_factory.mktemp("day")):
        worker = Worker(desk.database, "w-day", solve=make_plan, clock=StandingClock(NOW))
        making = Thread(target=worker.until_left)
        making.start()
        yield desk
        worker.leave()
        making.join()


@pytest.fixture
def board(day: Desk, signed_in: Opened) -> Board:
    """The board, opened by a dispatcher."""
    return Board(board_of(signed_in(day)), day)


def test_a_broken_rule_is_shown_while_dragging_and_escape_changes_nothing(board: Board) -> None:
    """Who drags sees at once that it cannot be; letting go is not how he finds out."""
    visit = board.free()["id"]
    before = board.visit(visit)
    engineer, at = board.engineer_for(visit, can=False)

    board.lift(visit, board.spot(engineer, at))
    ghost = board.page.locator(".ghost")

    expect(ghost).to_contain_text(engineer)
    expect(ghost.locator("li").first).to_be_visible(timeout=ANSWER_MS)
    expect(ghost).to_contain_text(re.compile("skill|certificate|tool|level|part|appointment", re.IGNORECASE))
    board.page.keyboard.press("Escape")
    board.page.mouse.up()
    expect(ghost).to_have_count(0)
    assert board.visit(visit) == before


def test_a_bar_dropped_with_the_mouse_is_his_who_was_shown_and_undone_it_is_back(board: Board) -> None:
    """The price in the ghost is of what then happens; Ctrl+Z takes it back to the second."""
    visit = board.free()["id"]
    before = board.visit(visit)
    engineer, at = board.engineer_for(visit, can=True)

    board.lift(visit, board.spot(engineer, at))
    expect(board.page.locator(".ghost li").first).to_be_visible(timeout=ANSWER_MS)
    board.page.mouse.up()

    expect(board.page.locator(".said")).to_contain_text(visit, timeout=ANSWER_MS)
    expect(board.page.locator(f'[data-engineer="{engineer}"] .visit[data-visit="{visit}"]')).to_be_attached(
        timeout=ANSWER_MS
    )
    assert board.visit(visit)["engineer"] == engineer
    board.page.keyboard.press("Control+z")
    expect(
        board.page.locator(f'[data-engineer="{before["engineer"]}"] .visit[data-visit="{visit}"]')
    ).to_be_attached(timeout=ANSWER_MS)
    back = board.visit(visit)
    assert (back["engineer"], back["start"]) == (before["engineer"], before["start"])


def test_another_users_change_puts_a_held_bar_back_and_says_why(board: Board, signed_in: Opened) -> None:
    """Two on one visit: nobody drops onto what is no longer so."""
    visit = board.free()["id"]
    other = board_of(signed_in(board.desk))
    engineer, at = board.engineer_for(visit, can=True)
    board.lift(visit, board.spot(engineer, at))
    expect(board.page.locator(".ghost")).to_be_visible()

    answer = other.request.post(
        f"{board.desk.url}/v1/visits/{visit}/lock",
        data={"lock": "both"},
        headers={"Idempotency-Key": str(uuid4())},
    )

    assert answer.ok
    expect(board.page.locator(".ghost")).to_have_count(0, timeout=ANSWER_MS)
    expect(board.page.locator(".said")).to_contain_text(visit)
    board.page.mouse.up()
    assert board.visit(visit)["lock"] == "both"


def test_keys_carry_a_visit_lock_it_and_take_it_off(board: Board) -> None:
    """Everything that is dragged is done without a mouse as well."""
    page, visit = board.page, board.free()["id"]
    before = board.visit(visit)
    board.choose(visit)
    page.locator(".timeline").focus()

    page.keyboard.press("l")
    expect(board.bar(visit)).to_have_class(re.compile("locked"), timeout=ANSWER_MS)
    page.keyboard.press("l")
    expect(board.bar(visit)).not_to_have_class(re.compile("locked"), timeout=ANSWER_MS)
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(".ghost li").first).to_be_visible(timeout=ANSWER_MS)
    page.keyboard.press("Enter")
    expect(page.locator(".ghost")).to_have_count(0)
    expect(page.locator(".said")).to_contain_text(visit, timeout=ANSWER_MS)
    expect(page.locator(".details .actions button").first).to_be_enabled(timeout=ANSWER_MS)
    assert board.visit(visit)["start"] >= before["start"]
    page.locator(".timeline").focus()
    page.keyboard.press("u")

    expect(board.bar(visit)).to_have_count(0, timeout=ANSWER_MS)
    expect(page.locator(".details")).to_contain_text("Nobody is planned")
    expect(page.get_by_role("button", name=re.compile("^Assign: ")).first).to_be_visible(timeout=ANSWER_MS)
    page.locator(".timeline").focus()
    page.keyboard.press("a")
    expect(board.bar(visit)).to_be_attached(timeout=ANSWER_MS)


def test_a_finger_carries_a_bar(day: Desk, signed_in: Opened) -> None:
    """A tablet on the wall: pressing long and pulling is dragging, the page does not scroll away under it."""
    page = board_of(signed_in(day, has_touch=True))
    board = Board(page, day)
    visit = board.free()["id"]
    engineer, at = board.engineer_for(visit, can=True)
    x, y = board.spot(engineer, at)
    bar = board.bar(visit)
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": one[0], "y": one[1]} for one in points]},
        )

    here = (box["x"] + 4, box["y"] + box["height"] / 2)
    touch("touchStart", here)
    for step in range(1, 9):
        touch("touchMove", (here[0] + (x + 4 - here[0]) * step / 8, here[1] + (y - here[1]) * step / 8))
    expect(page.locator(".ghost")).to_contain_text(engineer)
    expect(page.locator(".ghost li").first).to_be_visible(timeout=ANSWER_MS)
    touch("touchEnd")

    expect(page.locator(f'[data-engineer="{engineer}"] .visit[data-visit="{visit}"]')).to_be_attached(
        timeout=ANSWER_MS
    )


def test_an_urgent_ticket_is_taken_and_given_to_the_best_candidate(board: Board) -> None:
    """The telephone rings: a serial number, a severity, three words, and who can come is listed."""
    page = board.page
    serial = next(
        one["serial"]
        for one in page.request.get(f"{board.desk.url}/v1/assets?limit=50").json()["rows"]
        if one["serial"]
    )

    page.get_by_role("button", name="Urgent ticket").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Serial number").fill(serial)
    dialog.get_by_label("What the customer says").fill("smoke from the cabinet")
    dialog.get_by_label("Who reports it").fill("the gate, 0591 555 0100")
    dialog.get_by_role("button", name="Write down").click()
    # Several contracts are in force for this equipment: the dialog offers them instead of giving up.
    contract = dialog.get_by_label("Contract")
    expect(contract.or_(page.locator(".details h2"))).to_be_visible(timeout=ANSWER_MS)
    if contract.count():
        dialog.get_by_role("button", name="Write down").click()

    expect(dialog).to_have_count(0, timeout=ANSWER_MS)
    visit = page.locator(".details h2").inner_text().split()[0]
    first = page.get_by_role("button", name=re.compile("^Assign: ")).first
    expect(first).to_be_visible(timeout=ANSWER_MS)
    engineer = str(first.get_attribute("aria-label")).removeprefix("Assign: ")
    first.click()
    expect(board.bar(visit)).to_be_attached(timeout=ANSWER_MS)
    assert board.visit(visit)["engineer"] == engineer


def test_an_overrun_is_rescued_with_a_loaner(own_desk: Desk, signed_in: Opened) -> None:
    """The engineer says tomorrow, the promise was today: a loaner is one of the ways, and one press sends it.

    A desk of its own: which ways are open for this visit depends on everything the other tests of the file do.
    """
    board = Board(board_of(signed_in(own_desk)), own_desk)
    page, (visit, engineer) = board.page, WITH_LOANER
    ticket = board.visit(visit)["ticket"]
    board.give(visit, engineer)
    for kind in (EventKind.TRAVELLING, EventKind.ON_SITE):
        said = TicketEvent(ticket, NOW, kind, engineer, visit=visit)
        board.desk.database.run(
            Envelope(engineer, "phone", NOW, f"{kind.value}-{visit}", SMALL.id),
            lambda work, said=said: happened(work, said),  # type: ignore[misc]
        )
    page.reload()
    board_of(page)
    board.choose(visit)

    page.get_by_role("button", name="Takes longer").click()
    finish = (NOW + timedelta(hours=24 + 8)).replace(tzinfo=None)
    page.get_by_label("Will be done at").fill(f"{finish:%Y-%m-%dT%H:%M}")
    page.get_by_role("dialog").get_by_role("button", name="Write down").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=ANSWER_MS)
    page.get_by_role("button", name="Ways out", exact=True).click()

    ways = page.locator(".rescue .ways li").filter(has_text=re.compile("loaner", re.IGNORECASE))
    expect(ways.first).to_be_visible(timeout=ANSWER_MS)
    ways.first.get_by_role("button").click()
    expect(page.locator(".said")).to_contain_text(re.compile("loaner", re.IGNORECASE), timeout=ANSWER_MS)
    expect(page.locator(".rescue")).to_have_count(0)


def test_a_missing_part_is_requested_from_where_it_lies(board: Board) -> None:
    """Written down is not enough: the part is asked for, and the plan reckons with it."""
    page = board.page
    known = board.read()
    parts = {
        line["part_id"]: line
        for line in page.request.get(f"{board.desk.url}/v1/parts?limit=200").json()["rows"]
    }
    visit = next(
        one
        for one in known["visits"]
        if one["start"] and one["start"] - known["now"] > 4 * 3600 and one["parts"] and not one["lock"]
    )
    part = visit["parts"][0]["part"]
    assert part in parts
    board.choose(visit["id"])

    page.get_by_role("button", name="Part missing").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Write down").click()
    ask = dialog.get_by_role("button", name=re.compile("^Ask for it: .*fetched by us$"))
    nobody = dialog.get_by_text(re.compile("No store has"))
    expect(ask.first.or_(nobody)).to_be_visible(timeout=ANSWER_MS)
    assert nobody.count() == 0
    ask.first.click()

    expect(dialog).to_have_count(0, timeout=ANSWER_MS)
    expect(page.locator(".said")).to_contain_text(part)
    rows = page.request.get(f"{board.desk.url}/v1/deliveries?visit={visit['id']}").json()["rows"]
    asked = [one for one in rows if one["offer_id"].startswith("BRING-")]
    assert [(one["part_id"], one["kind"]) for one in asked] == [(part, "transfer")]
    expect(page.locator(".details .transfers")).to_contain_text(asked[0]["offer_id"], timeout=ANSWER_MS)
    page.get_by_role("tab", name="Transfers").click()
    listed = page.locator(".side .transfers li", has_text=asked[0]["offer_id"])
    expect(listed).to_contain_text(visit["id"])
    expect(listed).to_contain_text("Asked for, at the site")


def test_an_engineer_who_is_ill_leaves_his_visits_in_the_queue(board: Board) -> None:
    """What he had is seen at once as nobody's."""
    page = board.page
    engineer, ends = board.with_other_hours()

    page.get_by_role("button", name="Engineer not there").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Engineer").select_option(engineer)
    until = datetime.fromtimestamp(ends, NOW.tzinfo) + timedelta(hours=8)
    expect(dialog.get_by_label("Until")).to_have_value(f"{until:%Y-%m-%dT%H:%M}")
    dialog.get_by_role("button", name="Write down").click()

    expect(dialog).to_have_count(0, timeout=ANSWER_MS)
    expect(page.locator(".said")).to_contain_text(engineer)
    expect(page.locator("#tab-unassigned .count")).not_to_have_text("0", timeout=ANSWER_MS)


def test_a_customer_who_wants_another_time_gets_it(board: Board) -> None:
    """The new window is what the plan goes by."""
    page, visit = board.page, board.free()["id"]
    board.choose(visit)

    page.get_by_role("button", name="Customer asks for another time").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Write down").click()

    expect(dialog).to_have_count(0, timeout=ANSWER_MS)
    expect(page.locator(".said")).to_contain_text(visit)
    whole = page.request.get(f"{board.desk.url}/v1/visits/{visit}").json()
    assert len(whole["windows"]) == 1


def test_a_search_is_a_difference_taken_in_part_told_and_published(board: Board) -> None:
    """Optimise never rearranges the board: what it would change is read, a part of it taken, who is touched called."""
    page, off = board.page, board.free()["id"]
    key = {"Idempotency-Key": str(uuid4())}
    assert page.request.post(f"{board.desk.url}/v1/visits/{off}/unassign", headers=key).ok
    before = {one["id"]: (one["engineer"], one["start"]) for one in board.read()["visits"]}
    assert not before[off][0]

    page.locator(".timeline").focus()
    page.keyboard.press("o")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("today")).click()
    stop = page.get_by_role("button", name="Stop", exact=True)
    # Its steps are told while it goes on; a search that has ended by itself shows its difference at once.
    proposal = page.get_by_role("region", name="Proposal")
    told = page.locator(".board-bar", has_text="steps").or_(proposal)
    expect(told.first).to_be_visible(timeout=ANSWER_MS)
    assert {one["id"]: (one["engineer"], one["start"]) for one in board.read()["visits"]} == before
    if stop.is_visible():
        with suppress(Ended):
            stop.click(timeout=2_000)
    expect(proposal).to_be_visible(timeout=ANSWER_MS)
    boxes = proposal.get_by_role("checkbox")
    expect(boxes.first).to_be_checked()
    part = proposal.get_by_role("listitem").filter(has=page.get_by_role("checkbox")).filter(has_text=off)
    for box in boxes.all():
        box.uncheck()
    part.get_by_role("checkbox").check()
    proposal.get_by_role("button", name=re.compile("publish", re.IGNORECASE)).click()

    calls = page.get_by_role("region", name="Call list")
    expect(calls).to_be_visible(timeout=ANSWER_MS)
    tick = calls.get_by_role("checkbox").first
    name = calls.locator(".link").first.inner_text()
    tick.click()
    expect(calls.get_by_role("button", name=name, exact=True)).to_have_count(0, timeout=ANSWER_MS)
    assert board.visit(off)["engineer"]
    assert board.visit(name)["told"] is True


def test_a_whole_proposal_is_taken_with_one_press(board: Board) -> None:
    """Who agrees with all of it does not tick boxes: the visit that had nobody has somebody, the proposal is gone."""
    page, off = board.page, board.free()["id"]
    key = {"Idempotency-Key": str(uuid4())}
    assert page.request.post(f"{board.desk.url}/v1/visits/{off}/unassign", headers=key).ok

    page.get_by_role("button", name="Optimise").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("today")).click()
    stop = page.get_by_role("button", name="Stop", exact=True)
    proposal = page.get_by_role("region", name="Proposal")
    expect(page.locator(".board-bar", has_text="steps").or_(proposal).first).to_be_visible(timeout=ANSWER_MS)
    if stop.is_visible():
        with suppress(Ended):
            stop.click(timeout=2_000)
    expect(proposal).to_contain_text(off, timeout=ANSWER_MS)
    assert "→" in proposal.inner_text()
    proposal.get_by_role("button", name=re.compile("publish", re.IGNORECASE)).click()

    expect(page.get_by_role("region", name="Call list")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_role("tab", name="Proposal")).to_have_count(0)
    assert board.visit(off)["engineer"]


def test_an_undoing_of_what_another_changed_since_is_refused_in_words(
    board: Board, signed_in: Opened
) -> None:
    """Ctrl+Z takes back one's own last press, never a colleague's decision."""
    page, visit = board.page, board.free()["id"]
    board.choose(visit)
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_role("button", name="Unlock")).to_be_visible(timeout=ANSWER_MS)
    other = signed_in(board.desk, "manager", path="/healthz")
    answer = other.request.post(
        f"{board.desk.url}/v1/visits/{visit}/lock",
        data={"lock": "none"},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.ok, answer.text()
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible(timeout=ANSWER_MS)

    page.locator(".timeline").focus()
    page.keyboard.press("Control+z")

    expect(page.locator(".banner[role=alert]")).not_to_be_empty(timeout=ANSWER_MS)
    assert not board.visit(visit)["lock"]


def test_one_engineers_day_a_gap_and_an_emergency_are_asked_for(board: Board) -> None:
    """The smaller searches stand in the same place, each says what it is for."""
    page = board.page
    visit = board.free()["id"]
    board.choose(visit)

    page.get_by_role("button", name="Optimise").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("gap", re.IGNORECASE)).click()
    expect(dialog.locator(".ways li, section p").first).to_be_visible(timeout=ANSWER_MS)
    dialog.get_by_role("button", name=re.compile("emergency", re.IGNORECASE)).click()
    expect(page.locator(".rescue .ways li").first).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("button", name="Optimise").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("One engineer")).click()

    proposal = page.get_by_role("region", name="Proposal")
    expect(proposal).to_be_visible(timeout=ANSWER_MS)
    proposal.get_by_role("button", name="Discard").click()
    expect(proposal).to_have_count(0)


def test_what_if_asks_the_supposed_plan_and_leaves_no_trace(board: Board) -> None:
    """In the frame somebody is away: he is no candidate there, and outside nothing has changed."""
    page, visit = board.page, board.free()["id"]
    before = board.read()["visits"]
    engineer = board.visit(visit)["engineer"]
    board.choose(visit)

    page.get_by_role("button", name="What if").click()
    page.get_by_role("button", name="Engineer not there").click()
    page.get_by_role("dialog").get_by_label("Engineer").select_option(engineer)
    page.get_by_role("dialog").get_by_role("button", name="What if").click()
    expect(page.locator(".details")).to_contain_text("Nobody is planned", timeout=ANSWER_MS)
    first = page.get_by_role("button", name=re.compile("^Assign: ")).first
    expect(first).to_be_visible(timeout=ANSWER_MS)
    names = [
        str(one.get_attribute("aria-label"))
        for one in page.get_by_role("button", name=re.compile("^Assign: ")).all()
    ]
    assert f"Assign: {engineer}" not in names
    first.click()
    expect(page.locator(".what-if .visit[data-visit='" + visit + "']")).to_be_attached(timeout=ANSWER_MS)
    page.get_by_role("button", name="Leave").click()

    expect(page.locator(".what-if")).to_have_count(0)
    assert board.read()["visits"] == before
