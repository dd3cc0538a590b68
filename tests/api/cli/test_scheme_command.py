"""`fieldwright scheme` as a manager meets it: look, copy, edit, check."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from dispatch.desk.scheme_file import builtin_schemes, load_scheme


@pytest.fixture
def copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A copy of the headline scheme, ready to be edited."""
    out = tmp_path / "mine.toml"
    assert run(["scheme", "copy", "field-2-4-24", "--out", str(out)]) == 0
    capsys.readouterr()
    return out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_names_every_scheme_that_ships(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A manager sees what there is to copy."""
    code = run(["scheme", "list", "--lang", lang])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines[1:]] == sorted({name for name, _ in builtin_schemes()})
    assert any("Field service 2-4-24" in line for line in lines) == (lang == "en")


def test_every_figure_is_shown_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    """What was promised and what was chosen stand side by side."""
    assert run(["scheme", "show", "value-added"]) == 0

    shown = capsys.readouterr().out
    for figure in builtin_schemes()["value-added", "1"].figures:
        assert figure.key in shown
    assert "at-most 20000 cents" in shown
    assert "chosen for this scheme, no document" in shown


def test_a_copy_is_the_file_itself_and_holds(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Comments and clauses come along: they are what a manager edits by."""
    shipped = files("dispatch.desk") / "schemes" / "field-2-4-24.toml"
    own = copied.read_text(encoding="utf-8").replace('id = "field-2-4-24"', 'id = "ours"')

    assert copied.read_text(encoding="utf-8") == shipped.read_text(encoding="utf-8")
    copied.write_text(own, encoding="utf-8")
    assert run(["scheme", "check", str(copied)]) == 0
    assert (
        f"Scheme ours, version 1, holds: {len(load_scheme(own, 'x').figures)} figures"
        in capsys.readouterr().out
    )


def test_a_copy_never_overwrites_a_file(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited contract is not lost to a second copy."""
    copied.write_text("mine", encoding="utf-8")

    assert run(["scheme", "copy", "field-2-12", "--out", str(copied)]) == 2

    assert "scheme.file_exists" in capsys.readouterr().err
    assert copied.read_text(encoding="utf-8") == "mine"


def test_a_mistake_is_shown_with_file_line_and_reason(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The manager is sent to the line he mistyped."""
    text = copied.read_text(encoding="utf-8")
    copied.write_text(text.replace('within = "4 h"', 'within = "4 hours"'), encoding="utf-8")
    line = text[: text.index('within = "4 h"')].count("\n") + 1

    assert run(["scheme", "check", str(copied)]) == 2

    complaint = capsys.readouterr().err
    assert complaint.startswith(f"mine.toml:{line} [milestones.arrive.all.within]: ")
    assert "“4 hours” is not a time." in complaint


def test_changed_terms_without_notice_are_refused(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new version of terms that ship keeps the notice the old ones promise."""
    text = copied.read_text(encoding="utf-8").replace('version = "1"', 'version = "2"')
    copied.write_text(
        text.replace("effective_on = 2026-01-01", "effective_on = 2026-07-01"), encoding="utf-8"
    )

    assert run(["scheme", "check", str(copied)]) == 2
    assert "scheme.too_little_notice" in capsys.readouterr().err

    in_time = text.replace(
        "effective_on = 2026-01-01", "effective_on = 2026-07-01\nannounced_on = 2026-05-31"
    )
    copied.write_text(in_time, encoding="utf-8")
    assert run(["scheme", "check", str(copied)]) == 0


def test_the_same_version_with_other_figures_is_refused(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ticket keeps its version: one name cannot stand for two sets of terms."""
    text = copied.read_text(encoding="utf-8")
    copied.write_text(text.replace('within = "4 h"', 'within = "5 h"'), encoding="utf-8")

    assert run(["scheme", "check", str(copied)]) == 2

    assert "scheme.ships" in capsys.readouterr().err
