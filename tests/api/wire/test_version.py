"""Versions in headers and the whole of a paged list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wire.bounds import Out
from api.wire.table import every, table
from api.wire.version import seen_version, tag
from kernel.errors import Refusal


@given(st.integers(0, 999_999_999))
def test_a_version_comes_back_as_it_went(version: int) -> None:
    """The tag of an answer is what the next request is held against."""
    assert seen_version(tag(version)) == version


@pytest.mark.parametrize("header", ["7", 'W/"7"', '"7", "8"', '"x"', '"-1"', '""', '"99999999999"', "\x00"])
def test_what_is_no_tag_of_ours_is_refused(header: str) -> None:
    """A guess at what was seen would overwrite what was not."""
    with pytest.raises(Refusal, match=r"request\.bad_version"):
        seen_version(header)


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_a_file_holds_every_page(rows: list[int], most: int) -> None:
    """Nothing twice, nothing left out."""

    def page(last: int | None) -> tuple[list[int], int | None]:
        start = last or 0
        return rows[start : start + most], start + most if start + most < len(rows) else None

    assert list(every(page)) == rows


class Line(Out):
    """A row."""

    id: str
    units: int
    late: bool
    parts: list[str]


def test_a_file_is_harmless_to_a_spreadsheet() -> None:
    """A customer's words must not become a formula on the desk's machine; lists are left to JSON."""
    made = table("lines", Line, [Line(id='=HYPERLINK("x")', units=-3, late=True, parts=["P"])])

    assert bytes(made.body).decode("utf-8-sig") == 'id,units,late\n"\'=HYPERLINK(""x"")",-3,yes\n'
    assert made.headers["content-disposition"] == 'attachment; filename="lines.csv"'
