"""docs/measures.md defines every table of a report: what counts, what does not, which promise, which formula."""

from __future__ import annotations

import re

from api.report.measures.sheets import sheets
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.measures import EXPIRING_DAYS, RETURN_DAYS, measures
from dispatch.measures.period import period
from dispatch.measures.promises import EXCLUDED
from kernel.clock import zone
from tests.conftest import ROOT
from tests.regions import AS_OF, region

PAGE = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
PARTS = ("Definition", "Exclusions", "First and last promise", "Formula")


def test_every_table_is_defined_in_four_parts_in_the_order_of_the_report() -> None:
    """A measure without its exclusions is believed until somebody asks."""
    days = period("week", now=AS_OF, zone=zone("Asia/Shanghai"))
    named = [sheet.name for sheet in sheets(measures(region(), builtin_schemes(), days))]

    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]

    assert [re.findall(r"\((\w+)\)", section.splitlines()[0]) for section in sections] == [
        [name] for name in named
    ]
    for section in sections:
        assert re.findall(r"^- \*\*([^*]+)\.\*\*", section, flags=re.MULTILINE) == list(PARTS), section[:40]


def test_the_figures_of_the_page_are_those_of_the_program() -> None:
    """A definition with another number of days is a wrong definition."""
    assert f"(`--return-days`, {RETURN_DAYS}" in PAGE
    assert f"({EXPIRING_DAYS} unless said otherwise; chosen)" in PAGE
    assert all(f"`{reason}`" in PAGE for reason in EXCLUDED)
