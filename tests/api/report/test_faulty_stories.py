"""Stories of what is faulty are told from facts, and stop holding when one of them is taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from api.report.stories import stories
from api.report.told import Told
from api.report.view import Report
from api.text import LANGUAGES, label, say
from dispatch.board import Board
from dispatch.desk.approval import ApprovalEvent, ApprovalStep
from dispatch.desk.practice import DeskRole
from dispatch.region import Region
from inventory.review import review
from kernel.clock import moment
from scenarios.library.fujian import SPEC, fujian
from scenarios.library.fujian_faulty import FUSE, REPEATED


@cache
def built_in() -> Region:
    """The built-in region, which has both stories."""
    return fujian()


def told(report: Report, kind: str, made: Region) -> Told:
    """One story of a region; they look at no plan, so any will do."""
    one = next(story for story in made.settings.stories if story.kind == kind)
    region = replace(made, settings=replace(made.settings, stories=(one,)))
    proposals = review(region.stock, (), SPEC.as_of)
    (found,) = stories(replace(report, board=Board.of(region), proposals=proposals))
    return found


def accepted(made: Region) -> Region:
    """Three bad ones instead of five."""
    judged = tuple(replace(row, bad=3) for row in made.stock.lot_inspections)
    return replace(made, stock=replace(made.stock, lot_inspections=judged))


def asked_for_more(made: Region) -> Region:
    """So much is wanted that the lot would not have been enough."""
    policies = tuple(
        replace(row, minimum=900, maximum=1000) if row.part == FUSE else row
        for row in made.stock.stock_policies
    )
    return replace(made, stock=replace(made.stock, stock_policies=policies))


def once_only(made: Region) -> Region:
    """The second repair found another problem."""
    known = tuple(
        replace(entry, problem="fan-worn") if entry.ticket == "H-XM-2" else entry
        for entry in made.field.knowledge
    )
    return replace(made, field=replace(made.field, knowledge=known))


def declined(made: Region) -> Region:
    """Somebody has said no."""
    asked = made.field.approvals[-1]
    assert asked.ticket == REPEATED
    no = ApprovalEvent(
        asked.id,
        asked.ticket,
        moment("2026-03-06T10:35+08:00"),
        "M-01",
        ApprovalStep.DECLINED,
        role=DeskRole.MANAGER,
        reason="a loaner stays instead",
    )
    return replace(made, field=replace(made.field, approvals=(*made.field.approvals, no)))


@pytest.mark.parametrize("kind", ["lot_failed", "repeat_fault"])
def test_both_stories_hold_in_the_built_in_region(report: Report, kind: str) -> None:
    """And every sentence is whole in both languages."""
    found = told(report, kind, built_in())

    assert found.holds
    assert found.sentence.code == f"story.{kind}"
    for lang in LANGUAGES:
        assert "{" not in say(found.sentence, lang)
        assert label(f"story.title_{kind}", lang) != f"story.title_{kind}"


def test_the_sentences_have_the_sample_and_the_price(report: Report) -> None:
    """Five of eighty where three are allowed; the request as it waits."""
    lot = told(report, "lot_failed", built_in()).sentence.params
    device = told(report, "repeat_fault", built_in()).sentence.params

    assert (lot["bad"], lot["size"], lot["accept"], lot["units"]) == (5, 80, 3, 600)
    assert (device["price"], device["repairs"]) == ("46,000.00 CNY", "H-XM-1, H-XM-2")


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        pytest.param("lot_failed", accepted, "story.no_lot_held", id="the lot was accepted"),
        pytest.param("lot_failed", asked_for_more, "story.lot_not_the_reason", id="short with the lot too"),
        pytest.param("repeat_fault", once_only, "story.no_replacement_owed", id="another problem between"),
        pytest.param("repeat_fault", declined, "story.replacement_not_asked", id="the request is decided"),
    ],
)
def test_a_story_stops_holding_when_a_fact_is_taken_away(
    report: Report, kind: str, change: Callable[[Region], Region], code: str
) -> None:
    """Nothing is hard-coded: other facts tell another story, and say so."""
    found = told(report, kind, change(built_in()))

    assert (found.holds, found.sentence.code) == (False, code)
    for lang in LANGUAGES:
        assert "{" not in say(found.sentence, lang)
