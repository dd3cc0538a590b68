"""A command that is imported alone is whole without the others."""

from __future__ import annotations

import pytest
from typer import Typer

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import ALONE, app, run


def modules_of(name: str) -> set[str]:
    """Modules that register a command of this name, or one below it."""
    found = {
        one.callback.__module__
        for one in app.registered_commands
        if one.callback is not None and (one.name or one.callback.__name__.replace("_", "-")) == name
    }
    for group in app.registered_groups:
        inner = group.typer_instance
        if isinstance(inner, Typer) and name in {group.name, inner.info.name}:
            found |= {
                one.callback.__module__ for one in inner.registered_commands if one.callback is not None
            }
            found.add("a group")
    return found


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_command_imported_alone_is_in_the_module_of_its_name_and_nowhere_else(name: str) -> None:
    """Else a word below it would be unknown where only its own module was imported."""
    assert modules_of(name) == {f"api.cli.{name}"}


def test_a_word_nobody_knows_is_refused_with_all_commands_at_hand(capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped name is no module."""
    assert run(["plann"]) == 2
    assert "plan" in capsys.readouterr().err
