"""A day's script is read field by field; whatever is wrong is refused by event and field."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kernel.errors import Refusal
from storage.day_script import Said, read_script

HEAD = "seed = 1\nfirst_work = 10\nwork = 5\ntell_hours = 2\n"
ILL = '[[event]]\nat = "2026-03-06T10:50:00+08:00"\nkind = "ill"\nengineer = "E-1"\nuntil = "2026-03-07T00:00:00+08:00"\n'
BACK = '[[event]]\nat = "2026-03-06T11:00:00+08:00"\nkind = "loaner_back"\nunit = "LU-1"\n'


def written(folder: Path, text: str) -> Path:
    """A script in a file."""
    path = folder / "day.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_script_says_how_much_to_search_and_what_happens_when(tmp_path: Path) -> None:
    """Events in the order they stand, values as the region's files have them."""
    script = read_script(written(tmp_path, HEAD + ILL + BACK))

    assert (script.seed, script.first_work, script.work, script.tell_hours) == (1, 10, 5, 2)
    assert [(line.number, line.said) for line in script.lines] == [(1, Said.ILL), (2, Said.LOANER_BACK)]
    assert script.lines[0].values["until"] - script.lines[0].at == timedelta(hours=13, minutes=10)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("seed = ", "script.not_toml"),
        ("event = 3\n" + HEAD, "script.not_toml"),
        (ILL, "script.missing_field"),
        (HEAD + "speed = 1\n", "script.unknown_field"),
        (HEAD + ILL.replace('engineer = "E-1"\n', ""), "script.missing_field"),
        (HEAD + ILL + 'shift = "x"\n', "script.unknown_field"),
        (HEAD + ILL.replace('"E-1"', '["E-1"]'), "script.wrong_type"),
        (HEAD + ILL.replace('"E-1"', '""'), "script.wrong_type"),
        (HEAD + ILL.replace('"ill"', '"tired"'), "dataset.not_a_choice"),
        (HEAD + ILL.replace("10:50:00+08:00", "10:50:00"), "clock.naive_time"),
        (HEAD + BACK + ILL, "script.out_of_order"),
        (HEAD.replace("work = 5", "work = -5"), "dataset.negative"),
    ],
)
def test_what_is_wrong_is_refused(text: str, code: str, tmp_path: Path) -> None:
    """Nothing is guessed, nothing is dropped."""
    with pytest.raises(Refusal) as refused:
        read_script(written(tmp_path, text))

    assert refused.value.code == code


URGENT = """[[event]]
at = "2026-03-06T10:50:00+08:00"
kind = "urgent"
ticket = "T-9"
visit = "V-9"
site = "S-1"
scheme = "field-2-4-24"
severity = "P1"
minutes = "60"
crew = "helper:60;rigger:30:45"
crew_skills = "hv:2"
after = "V-1;V-2"
continuous = "no"
"""


def test_an_urgent_visit_brings_its_crew_and_what_it_waits_for(tmp_path: Path) -> None:
    """Role, minutes, and how long after the first he may start; together when nothing is said."""
    (line,) = read_script(written(tmp_path, HEAD + URGENT)).lines

    assert line.values["crew"] == (("helper", 60, 0), ("rigger", 30, 45))
    assert line.values["crew_skills"] == (("hv", 2),)
    assert line.values["after"] == ("V-1", "V-2")
    assert line.values["continuous"] is False


@pytest.mark.parametrize(
    ("crew", "code"),
    [
        ("helper", "dataset.not_a_number"),
        ("helper:0", "dataset.too_small"),
        ("helper:60:soon", "dataset.not_a_number"),
        (":60", "id.malformed"),
        ("helper:60;helper:30", "dataset.repeated_in_list"),
    ],
)
def test_a_crew_that_is_no_crew_is_refused(crew: str, code: str, tmp_path: Path) -> None:
    """Nobody is sent along for no time."""
    text = HEAD + URGENT.replace("helper:60;rigger:30:45", crew)

    with pytest.raises(Refusal) as refused:
        read_script(written(tmp_path, text))

    assert refused.value.code == code


def test_a_script_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A misspelt path gets a sentence."""
    with pytest.raises(Refusal) as refused:
        read_script(tmp_path / "no.toml")

    assert refused.value.code == "script.no_such_file"
