"""The headline story typed at the command line: every step one command, the clocks read back are the story's."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from api.cli import commands
from api.cli.app import run
from dispatch.desk.clock import clocks
from kernel.errors import Refusal
from storage.dataset.write import write
from tests.golden.desk_story import REFUSED, Story
from tests.golden.test_desk_stories import SCRIPTS
from tests.golden.test_desk_stories_stored import world

HEADLINE = next(path for path in SCRIPTS if path.stem == "field-2-4-24")

assert commands.__doc__  # importing it registers the commands


@pytest.mark.slow  # a whole ticket's life, a command at a time
def test_the_headline_story_can_be_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the rules refuse ends with 2 and its code; `show` gives the due times; a report counts the ticket."""
    first = Story.read(HEADLINE)
    write(world(first), tmp_path / "world")
    there = ["--database", f"sqlite:///{tmp_path / 'desk.db'}"]
    assert run(["import", str(tmp_path / "world"), *there]) == 0
    reported = first.ticket.reported_at.isoformat()
    capsys.readouterr()
    opening = [
        "--asset",
        "A-1",
        "--kind",
        "fault",
        "--severity",
        "P1",
        "--text",
        "It stands still.",
        "--contact",
        "gate",
    ]
    assert run(["ticket", "open", *there, *opening, "--at", reported, "--now", reported, "--json"]) == 0
    story = Story.read(HEADLINE, number=json.loads(capsys.readouterr().out)["ticket"])

    for when, what, *rest in story.script["steps"]:
        code, known = "", len(story.events)
        try:
            story.take(when, what.removeprefix(REFUSED), *rest)
        except Refusal as refusal:
            code = refusal.code
        step = story.events[-1] if len(story.events) > known else None
        if code and step is None and ":" not in what:
            words = ["ticket", "event", story.ticket.id, what.removeprefix(REFUSED), *there]
            assert run([*words, "--now", story.at(when).isoformat()]) == 2
            assert f"({code})" in capsys.readouterr().err
        if step is not None:
            said = ["--by", step.by, "--value", step.value, "--reason", step.reason]
            words = ["ticket", "event", story.ticket.id, step.kind, *there, *said]
            assert run([*words, "--at", step.at.isoformat(), "--now", step.at.isoformat()]) == 0, when

    end = story.events[-1].at + timedelta(days=1)
    capsys.readouterr()
    assert run(["ticket", "show", story.ticket.id, *there, "--now", end.isoformat(), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    told = clocks(story.ticket, story.events, story.scheme, {}, end)
    assert {one["milestone"]: (one["due_at"], one["state"]) for one in shown["clocks"]} == {
        str(milestone): (clock.due_at.isoformat() if clock.due_at else None, str(clock.state))
        for milestone, clock in told.items()
    }
    days = f"{story.ticket.reported_at:%Y-%m-%d}..{end:%Y-%m-%d}"
    assert (
        run(["report", *there, "--period", days, "--now", end.isoformat(), "--out", str(tmp_path / "out")])
        == 0
    )
    assert "1 tickets reported" in capsys.readouterr().out
