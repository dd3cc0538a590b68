"""Scenario files are read strictly: what is wrong is named by line and key."""

from __future__ import annotations

import pytest

from api.usecases.scenario_files import opened
from kernel.errors import Refusal
from scenarios.library.worlds import made_world
from scenarios.patch.base_file import base_of
from scenarios.patch.patch_file import patch_of
from scenarios.patch.people import AddEngineer, NewHours
from scenarios.run.layout import laid_out
from tests.conftest import ROOT

LIBRARY = ROOT / "scenarios" / "library"
BASES = ("fujian_march", "office_equipment", "three_server_city")
OTHERS = ("fujian_day", "office_second_technician")


def read(text: str) -> Refusal:
    """What a patch is refused for."""
    with pytest.raises(Refusal) as caught:
        patch_of(text, id="x", file="x.toml")
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('name = "x"\nname = "y"\n', 2, "scenario.not_toml"),
        ("about = 'no headline'\n", 0, "scenario.missing_key"),
        ('name = "x"\n', 0, "scenario.changes_nothing"),
        ('name = "x"\n[[demand]]\nfactor = 1.2\nfactr = 2\n', 4, "scenario.unknown_key"),
        ('name = "x"\n[[demannd]]\nfactor = 1.2\n', 2, "scenario.unknown_key"),
        ('name = "x"\n[[demand]]\nfactor = "1.2"\n', 3, "scenario.wrong_type"),
        ('name = "x"\n[[demand]]\nfactor = -1\n', 3, "scenario.out_of_range"),
        ('name = "x"\n\n[[engineers]]\nlike = "E-101"\n', 3, "scenario.missing_key"),
        ('name = "x"\n[[engineers]]\ndo = "hire"\nlike = "E-101"\n', 3, "scenario.unknown_choice"),
        ('name = "x"\n[[shifts]]\nhours = ["monday 8-17"]\n', 3, "scenario.not_hours"),
        ('name = "x"\n[[schemes]]\nof = "field-2-12"\narrive = "soon"\n', 4, "scenario.not_a_span"),
        ('name = "x"\n[[schemes]]\nof = "field-2-12"\n', 2, "scenario.missing_key"),
        (
            'name = "x"\n[[partners]]\ndo = "add"\nid = "P"\nprice = 9\nskills = ["power"]\n',
            6,
            "scenario.not_a_skill",
        ),
        ('name = "x"\n[chance]\noff = ["weather"]\n', 3, "scenario.unknown_choice"),
        ('name = "x"\n[[demand]]\nfactor = true\n', 3, "scenario.wrong_type"),
    ],
)
def test_what_is_wrong_is_named_by_line(text: str, line: int, code: str) -> None:
    """A manager mends his own file when he is told where."""
    refusal = read(text)

    assert refusal.code == code
    assert refusal.at is not None
    assert (refusal.at.file, refusal.at.line) == ("x.toml", line)


def test_the_second_entry_of_a_list_has_its_own_line() -> None:
    """Lists are long; the line of the first entry would send the reader astray."""
    refusal = read('name = "x"\n[[demand]]\nfactor = 2\n[[demand]]\nfactor = 0\n')

    assert refusal.at is not None
    assert refusal.at.line == 5


def test_hours_may_pass_midnight_and_the_end_of_the_week() -> None:
    """A night shift from Saturday to Monday is three nights."""
    found = patch_of('name = "x"\n[[shifts]]\nhours = "sat-mon 22:00-06:00"\n', id="x", file="x.toml")

    change = found.changes[0]
    assert isinstance(change, NewHours)
    assert (change.hours[0].weekdays, change.hours[0].from_min, change.hours[0].until_min) == (
        (5, 6, 0),
        1320,
        1800,
    )


def test_several_like_one_are_numbered() -> None:
    """Three more are three people with three names."""
    found = patch_of(
        'name = "x"\n[[engineers]]\ndo = "add"\nlike = "E-101"\ncount = 3\n', id="x", file="x.toml"
    )

    assert [one.id for one in found.changes if isinstance(one, AddEngineer)] == [
        "E-101+1",
        "E-101+2",
        "E-101+3",
    ]


def test_every_scenario_of_the_library_fits_its_base() -> None:
    """The library is what a new user tries first; each file has both languages and changes the world it is for."""
    names = sorted(path.stem for path in LIBRARY.glob("*.toml") if path.stem not in (*BASES, *OTHERS))

    found = opened("fujian_march", names)

    assert len(names) >= 10
    assert all(one.name[0] != one.name[1] and all(one.about) for one in found.scenarios)
    base = found.scenarios[0].world
    assert [one.id for one in found.scenarios[1:] if one.world == base] == []


@pytest.mark.parametrize("name", ["office_equipment", "three_server_city"])
def test_the_textbook_worlds_can_be_laid_out(name: str) -> None:
    """They stand in for the literature in demonstrations and tests."""
    base = base_of((LIBRARY / f"{name}.toml").read_text(encoding="utf-8"), id=name, file=f"{name}.toml")

    assert base.made is not None
    assert laid_out(made_world(base.made)).world.demand.sources


def test_joined_patches_are_one_scenario() -> None:
    """Two measures taken together, not one after the other."""
    found = opened("fujian_march", ["two_more_engineers+demand_up_a_fifth"])

    both = found.scenarios[1]
    assert both.engineers == found.scenarios[0].engineers + 2
    assert both.world.demand.factor == pytest.approx(1.2 * found.scenarios[0].world.demand.factor)
    assert [one.name for one in found.files] == [
        "fujian_march.toml",
        "two_more_engineers.toml",
        "demand_up_a_fifth.toml",
    ]


@pytest.mark.parametrize(
    ("base", "patches", "code"),
    [
        ("nowhere", [], "scenario.no_file"),
        ("fujian_march", ["no_loaners", "no_loaners"], "scenario.named_twice"),
        ("no_loaners", [], "scenario.dataset_or_made"),
        ("office_equipment", ["longyan_closed"], "scenario.unknown_id"),
    ],
)
def test_what_cannot_be_opened_is_refused(base: str, patches: list[str], code: str) -> None:
    """Before anything is simulated."""
    with pytest.raises(Refusal) as caught:
        opened(base, patches)

    assert caught.value.code == code
