"""A manager's question: scenarios by form, what came out, and a change that somebody else accepts."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from api.usecases.simulation_run import make_simulation
from api.worker import Worker
from tests.api.http.conftest import StandingClock
from tests.browser.conftest import NOW, Desk
from tests.browser.test_every_page import axe_says, not_chinese

Opened = Callable[..., Page]


def added(page: Page, kind: str, **fields: str) -> None:
    """A change is added by its form."""
    page.get_by_role("button", name="Add a change").last.click()
    form = page.get_by_role("dialog")
    form.get_by_label("What changes").select_option(kind)
    for name, value in fields.items():
        form.get_by_label(re.compile(name.replace("_", " "))).fill(value)
    form.get_by_role("button", name="Add this change").click()


def serves_everybody(page: Page) -> None:
    """Axe finds nothing on a page, in either language, and its words are Chinese when Chinese is chosen."""
    assert axe_says(page) == []
    page.get_by_role("button", name="中文").click()
    assert not_chinese(page) == []
    assert axe_says(page) == []
    page.get_by_role("button", name="English").click()


def test_a_question_asked_by_form_becomes_a_change_somebody_accepts(
    own_desk: Desk, signed_in: Opened
) -> None:
    """No file is written by anybody: cards, a refusal on its card, an estimate, the longer run, a request, its acceptance."""
    worker = Worker(own_desk.database, "w-1", simulate=make_simulation, clock=StandingClock(NOW))
    page = signed_in(own_desk, "manager", path="/console/manage/scenarios")

    # A base and two scenarios beside it, one with a mistake.
    page.get_by_role("combobox", name="Base", exact=True).select_option("office_equipment")
    page.get_by_label("Days that count").fill("3")
    page.get_by_label("Days before them").fill("0")
    page.get_by_label("Replications").fill("5")
    page.get_by_label("Add one that ships…").select_option("office_second_technician")
    page.get_by_role("button", name="Another scenario").click()
    added(page, "demand", Times="1.5")
    added(page, "shifts", Weekly_hours="now and then")
    cards = page.get_by_role("region", name="Scenario 2").get_by_role("listitem")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("Tickets times 1.5")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(cards.last.get_by_role("alert")).to_contain_text("are not weekly hours")
    cards.last.get_by_role("button", name="Remove").click()

    # The first estimate as soon as it is there, then the longer run of the same.
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Waits for a worker")).to_be_visible()
    first = worker.once()
    grid = page.get_by_role("table").filter(has_text="Cost a week").first
    expect(grid).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="The first estimate: 4 replications")).to_be_visible()
    whole = worker.once()
    expect(
        page.get_by_role("status").filter(has_text=re.compile(r"^5 replications in \d+ s"))
    ).to_be_visible()
    assert first is not None
    assert whole is not None
    assert (first.input["scenarios"], first.input["seed"]) == (whole.input["scenarios"], whole.input["seed"])
    files = page.request.get(f"{own_desk.url}/v1/scenarios/{whole.id}/files/scenarios.json").json()
    effect = files["scenarios"][2]["figures"]["tickets_week"]["change"]["effect"]
    row = grid.get_by_role("row").filter(has_text="Tickets a week")
    expect(row.get_by_role("cell").nth(2)).to_contain_text(
        {"changed": "changed", "not_detected": "no detectable difference"}[effect]
    )
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("region", name=re.compile("^Table: ")).first).to_be_visible()
    serves_everybody(page)

    # Asked for, nothing edited; decided by another.
    asked = page.get_by_role("region", name="Ask for it")
    asked.get_by_label("Why").first.fill("the phone never stops")
    asked.get_by_role("button", name="Make change requests").click()
    request = asked.get_by_role("listitem").filter(has_text="CR-0001")
    expect(request).to_contain_text("open")
    expect(request.get_by_role("button", name="Accept")).to_have_count(0)
    director = signed_in(own_desk, "director", path=f"/console/manage/scenarios/{whole.id}")
    director.get_by_role("button", name="Accept CR-0001").click()
    expect(director.get_by_role("listitem").filter(has_text="CR-0001")).to_contain_text("accepted")
    page.reload()
    plans = page.request.get(f"{own_desk.url}/v1/scenarios/{whole.id}/files/plans.json").json()
    engineer = plans["scenarios"][0]["days"][0]["engineers"][0]["engineer"]
    beside = page.get_by_role("region", name="The two plans side by side", exact=True)
    beside.get_by_text("As a table").click()
    expect(beside.get_by_role("row").filter(has_text=engineer).first).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="CR-0001")).to_contain_text("Enter it here")
    page.get_by_role("button", name="It is done CR-0001").click()
    expect(page.get_by_role("listitem").filter(has_text="CR-0001").locator(".chip")).to_have_text("done")

    # It stands among those of before.
    page.get_by_role("link", name="All scenarios").click()
    expect(page.get_by_role("grid").get_by_role("row")).to_have_count(3)


def test_how_many_engineers_is_answered_in_a_sentence(own_desk: Desk, signed_in: Opened) -> None:
    """What is asked by form comes back as a number of people with its cost, and as the roster behind it."""
    worker = Worker(own_desk.database, "w-1", simulate=make_simulation, clock=StandingClock(NOW))
    page = signed_in(own_desk, "manager", path="/console/manage/staffing")

    page.get_by_role("combobox", name="Base", exact=True).select_option("office_equipment")
    page.get_by_role("combobox", name="Promise").select_option("cost")
    page.get_by_label("How sure").fill("60")
    page.get_by_label("Days that count").fill("3")
    page.get_by_label("Days before them").fill("0")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Waits for a worker")).to_be_visible()
    ended = worker.once()

    assert ended is not None
    answer = page.request.get(f"{own_desk.url}/v1/scenarios/{ended.id}/files/staffing.json").json()
    told = page.get_by_role("region", name="The answer", exact=True).locator(".answer")
    expect(told).to_contain_text(re.compile(rf"^{answer['engineers']} engineers? cost least"))
    roster = page.get_by_role("region", name="The roster").get_by_role("row")
    expect(roster).to_have_count(1 + len(answer["roster"]))
    serves_everybody(page)


def test_a_longer_run_that_is_refused_is_asked_for_once(own_desk: Desk, signed_in: Opened) -> None:
    """The estimate stays with the words of the refusal beside it; a page that asked again and again would keep the server busy."""
    worker = Worker(own_desk.database, "w-1", simulate=make_simulation, clock=StandingClock(NOW))
    page = signed_in(own_desk, "manager", path="/console/manage/scenarios")
    asked: list[str] = []
    page.on(
        "request",
        lambda one: (
            asked.append(one.url) if one.method == "POST" and one.url.endswith("/scenarios") else None
        ),
    )
    page.get_by_role("combobox", name="Base", exact=True).select_option("office_equipment")
    page.get_by_label("Days that count").fill("60")
    page.get_by_label("Days before them").fill("0")
    page.get_by_label("Replications").fill("1000")
    page.get_by_label("Add one that ships…").select_option("office_second_technician")

    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Waits for a worker")).to_be_visible()
    worker.once()

    expect(page.get_by_role("table").filter(has_text="Cost a week").first).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="120000 days")).to_be_visible()
    serves_everybody(page)
    assert len(asked) == 2
