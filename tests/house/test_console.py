"""The web pages agree with the server: the API's document, the table of deadline cases, the two catalogues; their own tests pass."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.app import make_app
from console.building import node_home, packages
from dispatch.deadline import URGENCY, DeadlineState, state
from storage.database import open_database
from tests.conftest import ROOT, set_by_name

CONSOLE = ROOT / "console"
CASES: list[dict[str, Any]] = json.loads(
    (CONSOLE / "src" / "deadline.cases.json").read_text(encoding="utf-8")
)
CATALOGUES = {
    lang: {
        code: sentence
        for section in ("", "manage.", "administer.")
        for code, sentence in json.loads(
            (CONSOLE / "src" / "text" / f"{section}{lang}.json").read_text(encoding="utf-8")
        ).items()
    }
    for lang in ("en", "zh")
}


WORDS = {"description", "summary", "title", "example", "examples", "tags"}
"""What of the API's document makes no type."""
MARKS = {"properties", "parameters", "schemas", "paths"}
"""Under these stand names of our own, which may be words too."""


def for_types(value: Any, *, named: bool = False) -> Any:
    """The API's document as far as types come from it: no words, no examples, of a route's answers those it gives when all is well."""
    if isinstance(value, list):
        return [for_types(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {code: for_types(one) for code, one in inner.items() if code.startswith("2")}
        if key == "responses" and not named
        else for_types(inner, named=key in MARKS and not named)
        for key, inner in value.items()
        if named or key not in WORDS
    }


def test_the_api_document_is_the_applications_own(tmp_path: Path) -> None:
    """The pages' types come from this file: a route changed without it would break in the browser, not in the build."""
    file = CONSOLE / "openapi.json"
    database = open_database(f"sqlite:///{tmp_path}/none.db", fresh=True)
    # A value a line, so that a change can be read; without the room an indent takes, which is a third of it.
    own = (
        json.dumps(for_types(make_app(database).openapi()), indent=0, ensure_ascii=False, sort_keys=True)
        + "\n"
    )
    database.close()
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        file.write_text(own, encoding="utf-8")

    assert file.read_text(encoding="utf-8") == own, "make fix writes console/openapi.json anew"


@pytest.mark.parametrize("case", CASES, ids=[one["case"] for one in CASES])
def test_a_deadline_stands_on_the_page_as_on_the_server(case: dict[str, Any]) -> None:
    """The page counts on while nothing is sent: both read this one table, here and in deadline.test.ts."""
    found = state(due_s=case["due"], forecast_s=case["forecast"], now_s=case["now"], done_s=case["done"])

    assert found == case["state"]


def test_the_table_of_cases_knows_every_state() -> None:
    """A state without a case could differ unseen."""
    assert {one["state"] for one in CASES} == {one.value for one in DeadlineState}


def test_urgency_is_the_same_order_on_both_sides() -> None:
    """Which of several promises a bar shows."""
    source = (CONSOLE / "src" / "deadline.ts").read_text(encoding="utf-8")
    listed = re.search(r"URGENCY[^=]*= \[([^\]]*)\]", source)

    assert listed is not None
    assert re.findall(r'"(\w+)"', listed[1]) == [one.value for one in URGENCY]


def values(sentence: str) -> set[str]:
    """The names a sentence leaves room for."""
    return set(re.findall(r"\{(\w+)", sentence))


def test_the_pages_catalogues_have_the_same_sentences() -> None:
    """A sentence missing in one language is a blank on somebody's screen."""
    english, chinese = CATALOGUES["en"], CATALOGUES["zh"]

    assert set(english) == set(chinese)
    assert [code for code in english if values(english[code]) != values(chinese[code])] == []
    assert [code for code in english if not english[code].strip() or not chinese[code].strip()] == []


def test_every_sentence_of_the_pages_is_used() -> None:
    """A sentence nobody says is one the next translator does for nothing. Codes made of a word and a value count by their word."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (CONSOLE / "src").rglob("*.ts*")
        if not path.name.endswith(".test.ts")
    )
    literal = set(re.findall(r"[\"'`]([a-z_]+(?:\.[A-Za-z_]+)+|[a-z_]+)[\"'`]", text))
    led = tuple(re.findall(r"`([a-z_]+(?:\.[a-z_]+)*\.)\$\{", text))

    unused = [code for code in CATALOGUES["en"] if code not in literal and not code.startswith(led)]

    assert unused == []


def test_pages_hold_no_style_and_no_script_of_their_own() -> None:
    """The content policy allows files only: what is written into the page itself would not run."""
    page = (CONSOLE / "index.html").read_text(encoding="utf-8")

    assert "style=" not in page
    assert "<style" not in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []


def test_nothing_that_was_typed_becomes_markup() -> None:
    """React writes text as text; what goes around it (Leaflet's tooltips take a string for markup) could carry a customer's script."""
    around = re.compile(
        r"dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write\b"
        r"|\b(?:bindTooltip|bindPopup|setContent|setTooltipContent)\((?!asText\()|divIcon\([^)]*\bhtml\b"
    )
    found = [
        f"{path.name}: {one[0]}"
        for path in sorted((CONSOLE / "src").rglob("*.ts*"))
        for one in around.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []
    assert around.search("mark.bindTooltip(`${visit.customer}`)")


def test_the_pages_own_tests_pass() -> None:
    """Time scale, deadline state and drag geometry are pure functions with tests beside them (vitest)."""
    assert list((CONSOLE / "src").rglob("*.test.ts"))
    packages()
    program = node_home() / "bin" / "node"

    done = subprocess.run(
        [str(program), "node_modules/vitest/vitest.mjs", "run", "--testTimeout=60000"],
        cwd=CONSOLE,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
