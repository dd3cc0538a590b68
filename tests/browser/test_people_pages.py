"""Engineers in a browser: found, shown with all they have, changed in place; refusals stand in the form, rights are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region


def rows(page: Page, desk: Desk, name: str, engineer: str) -> list[dict[str, Any]]:
    """Rows of a register that are an engineer's."""
    found = page.request.get(f"{desk.url}/v1/{name}?engineer={engineer}&limit=200").json()
    return list(found["rows"])


def in_use(page: Page, desk: Desk, name: str, column: str) -> list[str]:
    """The words of a register's column."""
    every = page.request.get(f"{desk.url}/v1/{name}?limit=200").json()["rows"]
    return sorted({str(one[column]) for one in every})


def first_engineer(page: Page, desk: Desk) -> str:
    """The id of the first engineer there is."""
    found = page.request.get(f"{desk.url}/v1/engineers?limit=1").json()["rows"][0]["engineer_id"]
    return str(found)


def opened(page: Page, engineer: str) -> Page:
    """The page of an engineer, found by the search as somebody would."""
    page.get_by_role("searchbox").fill(engineer)
    page.locator(".people-page .list a").first.click()
    expect(page.get_by_role("heading", name=engineer, level=2)).to_be_visible()
    expect(page.get_by_role("heading", name="Shifts")).to_be_visible()
    return page


def press(page: Page, name: str) -> None:
    """Press the button of this name; of several, the first."""
    page.get_by_role("button", name=name).first.click()


def write(page: Page) -> None:
    """Send the form that is open, and wait until it is gone."""
    page.locator("form.writing button.main").click()
    expect(page.locator("form.writing")).to_have_count(0)


def test_an_engineer_is_shown_and_changed_with_all_he_has(own_desk: Desk, signed_in: Opened) -> None:
    """An absence, a skill, a certificate, a tool, a shift, a time on call: written in place, in the book at once, ended again."""
    page = signed_in(own_desk, path="/console/people")
    engineer, skill = next(
        (str(one["engineer_id"]), word)
        for one in page.request.get(f"{own_desk.url}/v1/engineers?limit=50").json()["rows"]
        for word in in_use(page, own_desk, "engineer-skills", "skill")
        if word not in {held["skill"] for held in rows(page, own_desk, "engineer-skills", one["engineer_id"])}
    )
    opened(page, engineer)
    for one in rows(page, own_desk, "engineer-skills", engineer):
        expect(page.locator("main .chips", has_text=str(one["skill"])).first).to_be_visible()

    press(page, "Add: Absences")
    page.get_by_label("From", exact=True).fill("2026-03-06T13:00")
    page.get_by_label("Until", exact=True).fill("2026-03-06T18:00")
    page.get_by_label("Reason").fill("ill")
    write(page)
    certificate = in_use(page, own_desk, "certificates", "certificate")[0]
    tool = in_use(page, own_desk, "tools", "tool")[0]
    for title, values in (
        ("Skills", {"Skill": skill, "Level": "2"}),
        ("Certificates", {"Certificate": certificate, "Valid from": "2026-01-01"}),
        ("Tools", {"Tool": tool, "Serial number": "TC-77"}),
    ):
        press(page, f"Change: {title}")
        press(page, "One more line")
        for label, value in values.items():
            page.locator("form.writing .held").last.get_by_label(re.compile(label)).fill(value)
        write(page)
        expect(page.locator("main", has_text=next(iter(values.values())))).to_be_visible()
    press(page, "Add: Shifts")
    page.get_by_label("From", exact=True).fill("2026-04-11T08:00")
    page.get_by_label("Until", exact=True).fill("2026-04-11T16:00")
    for empty in ("Break (min)", "Break begins from", "Break begins before"):
        page.get_by_label(empty).fill("")
    write(page)
    press(page, "Add: On call")
    page.get_by_label("From", exact=True).fill("2026-04-12T18:00")
    page.get_by_label("Until", exact=True).fill("2026-04-13T06:00")
    page.get_by_label("Price of a call-out").fill("120.00")
    write(page)

    kept = {
        (one["starts_at"], one["ends_at"], one["reason"])
        for one in rows(page, own_desk, "absences", engineer)
    }
    assert ("2026-03-06T05:00:00Z", "2026-03-06T10:00:00Z", "ill") in kept
    assert (skill, 2) in {
        (one["skill"], one["level"]) for one in rows(page, own_desk, "engineer-skills", engineer)
    }
    assert (certificate, "2026-01-01") in {
        (one["certificate"], one["valid_from"]) for one in rows(page, own_desk, "certificates", engineer)
    }
    assert "TC-77" in {one["serial"] for one in rows(page, own_desk, "tools", engineer)}
    assert "2026-04-11T00:00:00Z" in {one["starts_at"] for one in rows(page, own_desk, "shifts", engineer)}
    assert "2026-04-12T10:00:00Z" in {one["starts_at"] for one in rows(page, own_desk, "on-call", engineer)}

    page.locator("main li", has_text="ill").last.get_by_role("button").click()
    expect(page.get_by_label("Reason")).to_have_value("ill")
    page.get_by_role("button", name="Take away").click()
    expect(page.locator("form.writing")).to_have_count(0)
    assert rows(page, own_desk, "absences", engineer) == [] or all(
        one["reason"] != "ill" for one in rows(page, own_desk, "absences", engineer)
    )


def test_a_change_that_cannot_be_is_refused_in_its_form_and_nothing_typed_is_lost(
    own_desk: Desk, signed_in: Opened
) -> None:
    """A depot that is not there; another desk's change meanwhile: said beside the field, read again, written."""
    page = signed_in(own_desk, path="/console/people")
    engineer = first_engineer(page, own_desk)
    opened(page, engineer)

    press(page, "Change: Engineer")
    depot = page.locator("form.writing").get_by_label("Depot")
    before = depot.input_value()
    depot.fill("NOWHERE")
    page.locator("form.writing button.main").click()
    expect(page.locator("form.writing [role=alert]")).to_contain_text("NOWHERE")
    expect(depot).to_have_value("NOWHERE")
    depot.fill(before)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Change: Engineer")).to_be_focused()

    press(page, "Change: Skills")
    level = page.locator("form.writing").get_by_label(re.compile("Level")).first
    expect(level).to_be_visible()
    address = f"{own_desk.url}/v1/engineers/{engineer}/skills"
    seen = page.request.get(address)
    another = page.request.put(
        address,
        data=json.dumps(
            {"rows": [{"skill": one["skill"], "level": one["level"]} for one in seen.json()["rows"]][1:]}
        ),
        headers={
            "Content-Type": "application/json",
            "If-Match": seen.headers["etag"],
            "Idempotency-Key": str(uuid4()),
        },
    )
    assert another.ok, another.text()
    level.fill("1")
    page.locator("form.writing button.main").click()
    expect(page.locator("form.writing [role=alert]")).not_to_be_empty()
    page.get_by_role("button", name="Read it again").click()
    expect(page.locator("form.writing .held")).to_have_count(len(seen.json()["rows"]) - 1)


def test_the_roster_is_filled_and_handed_over(own_desk: Desk, signed_in: Opened) -> None:
    """Who is called tonight is written on the page, and who takes it when he is ill."""
    page = signed_in(own_desk, path="/console/people")

    press(page, "Add: Who is called")
    page.get_by_label("Person").fill("P-77")
    page.get_by_label("Role").select_option("manager")
    page.get_by_label("From", exact=True).fill("2026-03-06T18:00")
    page.get_by_label("Until", exact=True).fill("2026-03-07T08:00")
    page.get_by_label(re.compile("Rank")).fill("9")
    write(page)
    page.get_by_role("button", name=re.compile("Hand over: P-77")).click()
    page.get_by_label(re.compile("Who takes it")).fill("P-78")
    page.get_by_label("Reason").fill("ill")
    write(page)

    expect(page.locator("table tr", has_text="P-78")).to_have_count(1)
    expect(page.locator("table tr", has_text="P-77")).to_have_count(0)


def test_who_may_only_read_has_no_button_to_change(desk: Desk, signed_in: Opened) -> None:
    """A button that would be refused is not there."""
    page = signed_in(desk, "administrator", path="/console/people")
    engineer = first_engineer(page, desk)

    opened(page, engineer)

    assert page.locator("main").get_by_role("button").count() == 0


def test_people_are_shown_at_the_desks_own_time(desk: Desk, signed_in: Opened) -> None:
    """The region's clock stands at its Friday morning, whatever this machine's says: who works then is on shift."""
    page = signed_in(desk, path="/console/people")
    on_duty = page.request.get(f"{desk.url}/v1/board").json()
    now = on_duty["now"]
    engineer = next(
        one["id"]
        for one in on_duty["engineers"]
        if any(not shift["on_call"] and shift["start"] <= now < shift["end"] for shift in one["shifts"])
    )

    opened(page, engineer)

    expect(page.locator("main dl.facts")).to_contain_text("on shift until")
