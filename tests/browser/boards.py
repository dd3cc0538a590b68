"""The board in a browser's hand: what a dispatcher finds, chooses and points at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk

WITH_LOANER = ("V-0027", "E-109")
"""A visit whose customer is granted a loaner when the repair is not in time, and an engineer whose van has its part."""


@dataclass(frozen=True)
class Board:
    """The board as the server tells it, and its page."""

    page: Page
    desk: Desk

    def read(self) -> dict[str, Any]:
        """The document."""
        found: dict[str, Any] = self.page.request.get(f"{self.desk.url}/v1/board").json()
        return found

    def visit(self, name: str) -> dict[str, Any]:
        """One visit of it."""
        return next(one for one in self.read()["visits"] if one["id"] == name)

    def bar(self, name: str) -> Locator:
        """A visit's bar."""
        return self.page.locator(f'.timeline .visit[data-visit="{name}"]')

    def choose(self, name: str) -> None:
        """Find a visit by the search field, as who is called does."""
        self.page.get_by_role("searchbox").fill(name)
        self.page.get_by_role("searchbox").press("Enter")
        expect(self.page.locator(".details h2")).to_contain_text(name)

    def free(self, *, after_s: int = 3600) -> dict[str, Any]:
        """A visit of today that is not held and does not begin soon."""
        board = self.read()
        names = [one["id"] for one in board["engineers"]]
        found = [
            one
            for one in board["visits"]
            if one["start"] is not None
            and after_s < one["start"] - board["now"] < 6 * 3600
            and not one["lock"]
            and one["engineer"] in names
            and one["id"] != WITH_LOANER[0]
        ]
        return max(found, key=lambda one: (one["start"], one["id"]))

    def with_other_hours(self) -> tuple[str, int]:
        """An engineer with visits later today, and the end of his shift: another than that of whom forms name first."""
        board = self.read()
        ends = {
            one["id"]: min(shift["end"] for shift in one["shifts"] if shift["end"] > board["now"])
            for one in board["engineers"]
            if any(shift["end"] > board["now"] for shift in one["shifts"])
        }
        today = {
            one["engineer"]
            for one in board["visits"]
            if one["engineer"] in ends and one["start"] and 3600 < one["start"] - board["now"] < 6 * 3600
        }
        first = ends.get(board["engineers"][0]["id"])
        engineer = max(today, key=lambda name: (ends[name] != first, name))
        return engineer, ends[engineer]

    def lift(self, visit: str, to: tuple[float, float]) -> None:
        """Take a bar up with the mouse and hold it somewhere."""
        bar = self.bar(visit)
        bar.scroll_into_view_if_needed()
        box = bar.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 14, box["y"] + box["height"] / 2, steps=3)
        self.page.mouse.move(to[0] + 4, to[1], steps=8)

    def give(self, visit: str, engineer: str) -> None:
        """Make a visit an engineer's, at his best moment."""
        moved = self.page.request.post(
            f"{self.desk.url}/v1/visits/{visit}/move",
            data={"engineer": engineer},
            headers={"Idempotency-Key": f"give-{visit}-{engineer}", "Origin": self.desk.url},
        )
        assert moved.ok, moved.text()

    def engineer_for(self, visit: str, *, can: bool) -> tuple[str, int]:
        """An engineer who could take a visit at his best moment, or one who cannot for a rule: by the server's own word."""
        board = self.read()
        here = self.visit(visit)
        for one in board["engineers"]:
            if one["id"] == here["engineer"]:
                continue
            answer = self.page.request.post(
                f"{self.desk.url}/v1/visits/{visit}/preview",
                data={
                    "engineer": one["id"],
                    "not_before": f"{datetime.fromtimestamp(here['start'], UTC):%FT%TZ}",
                },
                headers={"Idempotency-Key": str(uuid4())},
            ).json()
            if answer["possible"] is can and (can or any(line["rule"] for line in answer["broken"])):
                return one["id"], here["start"]
        pytest.fail(f"nobody like this for {visit}")

    def spot(self, engineer: str, at: int) -> tuple[float, float]:
        """Where on the page an engineer's row is at a moment, brought into view."""
        row = self.page.locator(f'.timeline [data-engineer="{engineer}"]')
        row.scroll_into_view_if_needed()
        box = row.bounding_box()
        some = self.page.locator(".timeline .visit").first
        name, left = some.get_attribute("data-visit"), some.bounding_box()
        assert box is not None
        assert left is not None
        start = self.visit(str(name))["start"]
        per_hour = self.page.evaluate(
            "() => { const marks = [...document.querySelectorAll('.hours span')];"
            " return marks[1].getBoundingClientRect().left - marks[0].getBoundingClientRect().left; }"
        )
        return left["x"] + (at - start) / 3600 * per_hour, box["y"] + box["height"] / 2
