"""The benchmark of the clocks folds what it says it folds."""

from __future__ import annotations

import re

import pytest

from benchmarks.__main__ import main
from benchmarks.clocks import NOW, open_tickets
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind


def test_the_tickets_are_open_of_every_scheme_and_always_the_same() -> None:
    """A fold over tickets that are done, or of one scheme only, would be quicker than a desk's."""
    tickets = open_tickets(200, seed=7)

    assert tickets == open_tickets(200, seed=7)
    assert {scheme.id for _, _, scheme in tickets} == {name for name, _ in builtin_schemes()}
    assert {event.kind for _, events, _ in tickets for event in events} == {
        EventKind.REPORTED,
        EventKind.ACKNOWLEDGED,
        EventKind.RESPONDED,
        EventKind.WAITING,
    }
    assert all(events[-1].at <= NOW for _, events, _ in tickets)


def test_the_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """One figure a line, with its unit."""
    assert main(["clocks", "--tickets", "50", "--runs", "1"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"addition \d+\.\d\d us \(.* on the wall\)", lines[0])
    assert re.fullmatch(r"difference \d+\.\d\d us \(.* on the wall\)", lines[1])
    assert lines[2].startswith("50 open tickets, ")
    assert re.fullmatch(r"all clocks \d+\.\d\d s \(.* on the wall\)", lines[3])
