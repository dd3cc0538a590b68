"""docs/day-script.md says what the reader does, because both come from one table."""

from __future__ import annotations

from storage.day_script import document
from tests.conftest import ROOT, set_by_name

PAGE = ROOT / "docs" / "day-script.md"


def test_the_page_of_a_days_script_is_what_the_reader_takes() -> None:
    """A kind of event nobody can look up is not used."""
    text = document()
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == text
