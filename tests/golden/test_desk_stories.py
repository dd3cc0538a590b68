"""One ticket's whole life under every scheme that ships, told word for word; due times also worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.desk.milestone import Promise
from dispatch.desk.scheme_file import builtin_schemes
from kernel.clock import utc
from tests.conftest import set_by_name
from tests.golden.desk_story import Story, first_due, told

SCRIPTS = sorted(Path(__file__).with_name("desk").glob("*.toml"), key=lambda path: path.stem)
STEPS = {
    "acknowledged", "responded", "triaged", "arranged", "told", "part_needed", "waiting", "resumed", "forecast_finish",
    "verified", "closed", "survey:answered", "complaint:made",
}  # fmt: skip
"""What every story has: triaged, planned, part missing, paused, repaired, verified, surveyed, complaint."""


def ids(path: Path) -> str:
    """The story's name."""
    return path.stem


def test_every_scheme_that_ships_has_its_story() -> None:
    """A scheme nobody has run from end to end is a promise nobody has tried."""
    assert [path.stem for path in SCRIPTS] == sorted(name for name, _ in builtin_schemes())
    assert [Story.read(path).scheme.id for path in SCRIPTS] == [path.stem for path in SCRIPTS]


@pytest.mark.parametrize("script", SCRIPTS, ids=ids)
def test_the_story_reads_as_it_always_did(script: Path) -> None:
    """Every due time, every change of state and every refusal, word for word."""
    text = "\n".join(told(script)) + "\n"
    golden = script.with_suffix(".txt")
    if set_by_name("FIELDWRIGHT_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")

    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS, ids=ids)
def test_every_due_time_at_the_report_is_the_one_worked_out_by_hand(script: Path) -> None:
    """A transcript rewritten without a look cannot move a promise: the script has the times from the document."""
    story = Story.read(script)
    by_hand = {name: utc(story.at(text)) for name, text in story.script["due"].items()}

    by_rule = {str(name): due for name, due in first_due(script).items() if due is not None}

    assert by_rule == by_hand
    timed = {
        str(name)
        for name, terms in story.scheme.milestones.items()
        if terms[story.ticket.severity].promise is Promise.TIMED
    }
    assert timed == set(by_hand)


@pytest.mark.parametrize("script", SCRIPTS, ids=ids)
def test_the_story_leaves_nothing_out(script: Path) -> None:
    """Opened, triaged, planned, part missing, paused, repaired, verified, surveyed, complaint; a loaner where promised."""
    story = Story.read(script)
    done = {row[1] for row in story.script["steps"]}
    told_as_it_should = list(told(script))

    assert (
        told_as_it_should
    )  # raises where a step is refused that should be taken, or taken that should be refused
    assert STEPS - done == set()
    assert {"repaired", "delivered"} & done
    if story.scheme.loaner is not None:
        assert {"loan:reserved", "loan:out", "loan:at_customer", "loan:back"} <= done
