"""docs/dataset.md says what the reader does, because both come from one schema."""

from __future__ import annotations

from storage.dataset.head_keys import SECTIONS
from storage.dataset.schema import TABLES, document
from tests.conftest import ROOT, set_by_name

PAGE = ROOT / "docs" / "dataset.md"


def test_the_page_is_what_the_schema_says() -> None:
    """A column documented wrongly costs whoever prepares the data a day."""
    text = document()
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == text


def test_every_column_says_what_it_means_and_every_number_its_unit() -> None:
    """A number without a unit is read in the wrong one."""
    columns = [(table.name, column) for table in TABLES for column in table.columns]
    columns += [(section.name, key) for section in SECTIONS for key in section.keys]
    unitless = {
        ("parts", "criticality"),
        ("engineer_skills", "level"),
        ("stock_policy", "fill_rate"),
        ("part_requirements", "likely"),
        ("published_plan", "piece"),
        ("travel", "detour"),
        ("inspection_limits", "skip_share"),
        ("supplier_agreements", "over_share"),
        ("supplier_agreements", "under_share"),
    }

    assert not [(table, column.name) for table, column in columns if not column.text.endswith(".")]
    numbers = {
        (table, column.name)
        for table, column in columns
        if not column.unit
        and ("number" in column.kind.name or column.kind.name in {"amount", "latitude", "longitude"})
    }
    assert numbers == unitless
