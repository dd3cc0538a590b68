"""Every clause of the service design page is held by tests that exist, or stands in the list of what is still open."""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.house.test_bug_table import found_in

MAP = tomllib.loads(Path(__file__).with_name("service_lines.toml").read_text(encoding="utf-8"))
FILES: dict[str, str] = MAP["files"]
LINES = {line["begins"]: [(says, tests) for says, tests in line["clauses"]] for line in MAP["line"]}


@pytest.fixture(scope="module")
def page() -> list[str]:
    """The lines of the design page that say something, read in place."""
    folder = Path(os.environ.get("FIELDWRIGHT_DESIGN", ROOT.parent / "shared" / "design"))
    file = folder / "SERVICE.md"
    if not file.is_file():
        pytest.skip(f"no design page at {file}: set FIELDWRIGHT_DESIGN to its folder")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.search(r"\w", line)]


def test_every_line_of_the_page_is_mapped_once_and_in_its_order(page: list[str]) -> None:
    """A new promise begins as a line nobody has tested."""
    assert [next((b for b in LINES if line.startswith(b)), line) for line in page] == list(LINES)


@pytest.mark.parametrize("begins", LINES)
def test_nothing_of_the_line_is_left_over(begins: str, page: list[str]) -> None:
    """Each clause in the page's own words, in its order; what remains between them is punctuation."""
    line = next(line for line in page if line.startswith(begins))
    at, between = 0, ""

    for says, _ in LINES[begins]:
        found = line.find(says, at)
        assert found >= 0, says
        between += line[at:found]
        at = found + len(says)

    assert not re.search(r"\w", between + line[at:]), between + line[at:]


@cache
def names_in(short: str) -> frozenset[str]:
    """Names of the tests of a file, by the short name the map gives it."""
    return found_in(FILES[short])


@pytest.mark.parametrize("begins", LINES)
def test_every_test_named_exists(begins: str) -> None:
    """Who renames or removes a test is told here which promise it held."""
    named = [test.split(": ") for _, tests in LINES[begins] for test in tests]

    assert [f"{short}: {name}" for short, name in named if f"test_{name}" not in names_in(short)] == []


def test_every_clause_is_held() -> None:
    """A clause without a test is a promise nobody watches."""
    without = {says for clauses in LINES.values() for says, tests in clauses if not tests}

    assert without == set()


def test_no_file_is_named_in_vain() -> None:
    """A short name nobody uses is a clause somebody took away."""
    used = {test.split(": ")[0] for clauses in LINES.values() for _, tests in clauses for test in tests}

    assert used == set(FILES)
