"""Simulated time under the live policy decides what live operation decided."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.resources import as_file, files

import pytest

from api.usecases.day import day
from api.usecases.day_events import events_of
from dispatch.board import Board
from dispatch.event import Event
from dispatch.region import Region
from scenarios.run.lived import Assigned, Days, Pace
from storage.dataset.read import read
from storage.day_script import Line, Script, read_script


def recorded(region: Region, script: Script) -> tuple[list[Assigned], int]:
    """The assignment log of a day as live operation lived it, and how much of it was refused."""
    log: list[Assigned] = []
    refused = 0
    for turn in day(region, script):
        if turn.turned is None or turn.applied is None:
            refused += 1
            continue
        now = turn.applied.board
        for name in sorted({*turn.board.published, *now.published}):
            old, new = turn.board.published.get(name), now.published.get(name)
            place = None if new is None else (new.shift, new.partner, new.starts_at)
            if place is None:
                log.append(Assigned(now.now, name, "", "", None))
            elif old is None or (old.shift, old.partner, old.starts_at) != place:
                log.append(Assigned(now.now, name, *place))
    return log, refused


def say(line: Line, board: Board) -> tuple[Event, ...]:
    """A line of a script, once its time has come."""
    return events_of(line, board)


def replayed(region: Region, script: Script) -> tuple[list[Assigned], int]:
    """The same day in simulated time."""
    days = Days(region, Pace(script.seed, script.first_work, script.work, script.tell_hours))
    for line in script.lines:
        days.hear(line.at, partial(say, line))
    lived = list(days.go())
    return [one for turn in lived for one in turn.assigned], sum(turn.refused is not None for turn in lived)


def fujian_day(events: int) -> tuple[Region, Script]:
    """The recorded day, as many events of it as wanted."""
    library = files("scenarios.library")
    with as_file(library / "fujian") as folder, as_file(library / "fujian_day.toml") as path:
        region = read(folder).region
        assert region is not None
        script = read_script(path)
    return region, replace(script, lines=script.lines[:events], first_work=300, work=200)


@pytest.mark.slow  # plans Fujian some twenty times
def test_a_recorded_day_replayed_gives_the_identical_assignment_log() -> None:
    """Twelve events: who goes where and when is decided the same, to the second, by the live shell and the simulated one."""
    region, script = fujian_day(12)
    assert len(script.lines) == 12

    log, refused = recorded(region, script)
    again, refused_again = replayed(region, script)

    assert sorted(log, key=lambda one: (one.at, one.visit)) == sorted(
        again, key=lambda one: (one.at, one.visit)
    )
    assert refused == refused_again
    assert len({one.at for one in log}) > 6
