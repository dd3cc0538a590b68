"""Every scenario file that ships fits its base, changes it, runs, and says in both languages what it is about."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from api.usecases.scenario_files import changed, library, library_file, text_of, world_at
from scenarios.patch.base_file import base_of
from scenarios.patch.patch_file import patch_of
from scenarios.patch.section import parsed
from scenarios.run.simulate import simulate
from scenarios.run.world import World

BASES = ("fujian_march", "office_equipment", "three_server_city")
DAY_SCRIPT = "fujian_day"
"""No scenario: a day told event after event."""
OF_THE_OFFICE = ("office_second_technician",)
"""Patches of another base than Fujian."""
PATCHES = [one.stem for one in library() if one.stem not in (*BASES, DAY_SCRIPT)]


@cache
def world(base: str) -> World:
    """A base, one day of it."""
    path = library_file(base)
    made, _ = world_at(base_of(text_of(path), id=base, file=path.name), path)
    return replace(made, days=1, warm_up_days=0)


def test_there_are_ten_worth_reading() -> None:
    """What a manager may copy: people, hours, skills, partners, depots, stock, loaners, suppliers, schemes, demand, chance."""
    lists = {key for name in PATCHES for key in parsed(text_of(library_file(name)), name).keys()}  # noqa: SIM118 not a dict

    assert len(PATCHES) >= 10
    assert lists >= {"engineers", "shifts", "on_call", "skills", "partners", "depots", "stock", "loaners"}
    assert lists >= {"suppliers", "schemes", "demand", "chance"}


@pytest.mark.parametrize("name", [*BASES, *PATCHES])
def test_each_says_in_both_languages_what_it_is_about(name: str) -> None:
    """A file without a word on it is a riddle; one in one language, for half of the readers."""
    top = parsed(text_of(library_file(name)), name)

    said = [top.text(key, "") for key in ("name", "name_zh", "about", "about_zh")]

    assert all(said)
    assert len({*said}) == 4


@pytest.mark.parametrize("base", BASES)
def test_a_base_runs(base: str) -> None:
    """One day; the books balance, or `simulate` refuses."""
    assert len(simulate(world(base), replication=0, seed=1).tickets) > 5


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_fits_its_base_changes_it_and_runs(name: str) -> None:
    """One that fits nothing any more would be found by the first manager who tries it."""
    base = world("office_equipment" if name in OF_THE_OFFICE else "fujian_march")

    found = changed(base, [patch_of(text_of(library_file(name)), id=name, file=f"{name}.toml")])

    assert found.world != base
    assert len(simulate(found.world, replication=0, seed=1).tickets) > 5
