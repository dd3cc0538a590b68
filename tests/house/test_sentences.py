"""Every code has its sentence in both languages, says the same values, and stands in docs/refusals.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from api.text import LANGUAGES, Lang, catalogue, say
from kernel.errors import Message
from tests.conftest import ROOT, set_by_name

PACKAGES = ("kernel", "inventory", "dispatch", "storage", "scenarios", "api", "benchmarks")
PAGE = ROOT / "docs" / "refusals.md"
SPOKEN = {"Refusal", "Message", "Failure"}


def sources() -> Iterator[Path]:
    """Every Python file of the product."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def calls() -> Iterator[tuple[str, str, str, set[str] | None]]:
    """(file, class, code, values named) of every coded sentence in the sources; None: values are passed on whole."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            first = node.args[0]
            if (
                node.func.id not in SPOKEN
                or not isinstance(first, ast.Constant)
                or not isinstance(first.value, str)
            ):
                continue
            named = {keyword.arg for keyword in node.keywords if keyword.arg and keyword.arg != "at"}
            whole = any(keyword.arg is None for keyword in node.keywords) or node.func.id != "Refusal"
            yield str(path.relative_to(ROOT)), node.func.id, first.value, None if whole else named


def values(sentence: str) -> set[str]:
    """The values a sentence names."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_code_in_the_sources_has_a_sentence_in_both_languages() -> None:
    """A code without a sentence reaches a dispatcher as a riddle."""
    missing = {
        f"{file}: {code} ({lang})"
        for file, _, code, _ in calls()
        for lang in LANGUAGES
        if code not in catalogue(lang)
    }

    assert not missing


def test_both_languages_hold_the_same_codes_with_the_same_values() -> None:
    """A value dropped in one language is a fact withheld from half the users."""
    english, chinese = catalogue("en"), catalogue("zh")

    assert english.keys() == chinese.keys()
    assert {c for c in english if values(english[c]) != values(chinese[c])} == set()


def test_a_sentence_names_only_values_its_refusal_carries() -> None:
    """A placeholder nobody fills would break the message at the moment it is needed."""
    wrong = {
        f"{file}: {code} wants {values(catalogue('en')[code]) - named}"
        for file, _, code, named in calls()
        if named is not None and code in catalogue("en") and not values(catalogue("en")[code]) <= named
    }

    assert not wrong


def test_chinese_sentences_are_chinese() -> None:
    """A sentence left in English is found by its lack of Chinese characters; symbols and figures may stand alone."""
    english = {
        code: sentence
        for code, sentence in catalogue("zh").items()
        if not re.search(r"[一-鿿]", sentence)
        and re.search(r"[A-Za-z]{4,}", re.sub(r"\{[^}]*\}", "", sentence))
    }

    assert not english


def page() -> str:
    """docs/refusals.md as the sources and catalogues give it."""
    raised: dict[str, set[str]] = {}
    for file, kind, code, _ in calls():
        if kind == "Refusal":
            raised.setdefault(code, set()).add(file)
    rows = [
        f"| `{code}` | {catalogue('en')[code].replace('|', chr(92) + '|')} | {', '.join(f'`{f}`' for f in sorted(files))} |"
        for code, files in sorted(raised.items())
        if code in catalogue("en")
    ]
    reasons = [
        f"| `{code}` | {catalogue('en')[code]} |"
        for code in sorted(catalogue("en"))
        if code.split(".")[0] in {"unassigned", "why", "remedy", "closed", "verify"}
    ]
    return "\n".join(
        [
            "# Refusals and reasons",
            "",
            "Every code is stable; its sentence exists in English and Simplified Chinese (`api/text/`). The command",
            "line prints the place in the input, the sentence and the code, and exits with 2. This page is written",
            "from the sources by `make fix` and compared with them by a test.",
            "",
            "## Refusals",
            "",
            "| code | sentence | raised in |",
            "|---|---|---|",
            *rows,
            "",
            "## Reasons a visit is left out, answers of `explain`, remedies, ways of `rescue` that are closed, findings of `verify`",
            "",
            "| code | sentence |",
            "|---|---|",
            *reasons,
            "",
        ]
    )


def test_the_refusals_document_is_up_to_date() -> None:
    """Each code has a row; a new refusal without documentation fails here until `make fix`."""
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_can_be_filled(lang: str) -> None:
    """A stray brace would break the message when it is said."""
    spoken: Lang = "zh" if lang == "zh" else "en"
    for code, sentence in catalogue(spoken).items():
        assert say(Message(code, dict.fromkeys(values(sentence), 1)), spoken), code
