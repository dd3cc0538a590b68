"""`fieldwright label` as a storekeeper meets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import segno

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.report.labels import MOST, label_sheet
from api.text import LANGUAGES
from inventory.labelling import LabelKind, NamedLabel
from inventory.stock.label import Label, text_of
from kernel.errors import Refusal
from tests.conftest import ROOT

FUJIAN = str(ROOT / "scenarios" / "library" / "fujian")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_has_a_code_for_every_place(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As many codes as the sentence says, no two alike, the same bytes the second time."""
    out = tmp_path / "labels.html"
    words = ["label", "sheet", FUJIAN, "--kind", LabelKind.PLACES.value, "--out", str(out), "--lang", lang]

    assert run(words) == 0
    first = out.read_bytes()
    assert run(words) == 0

    codes = re.findall(r"<svg.*?</svg>", first.decode())
    assert str(len(codes)) in capsys.readouterr().out
    assert len(set(codes)) == len(codes) > 10
    assert out.read_bytes() == first


def test_the_code_drawn_is_the_labels_text() -> None:
    """And what a dataset calls a thing cannot become markup."""
    label = Label(part="P-1", serial="U-1")

    page = label_sheet([NamedLabel(label, "<b>pump</b>")], "en")

    assert segno.make(text_of(label), error="m", micro=False).svg_inline(border=4, omitsize=True) in page
    assert "&lt;b&gt;pump" in page
    assert "S/N U-1" in page


def test_no_printer_is_sent_more_than_it_can_hold() -> None:
    """A place or part left out is noticed before the paper is gone."""
    row = NamedLabel(Label(part="P-1"), "pump")

    assert label_sheet([row] * 25, "en").count("<svg") == 25
    with pytest.raises(Refusal, match=r"label\.too_many"):
        label_sheet([row] * (MOST + 1), "en")


def test_a_code_is_told_field_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    """Only the fields it has."""
    assert run(["label", "read", "(01)09521234567899(17)261130(10)AB-1"]) == 0
    assert capsys.readouterr().out == "GTIN: 09521234567899\nlot: AB-1\nlast day of use: 2026-11-30\n"

    assert run(["label", "read", text_of(Label(place="D-FZ")), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == "库位: D-FZ\n"


def test_what_cannot_be_read_or_printed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By code, and no file is left."""
    out = tmp_path / "labels.html"
    for words, code in (
        (["read", "4006381333932"], "label.check_digit"),
        (["sheet", FUJIAN, "--place", "NOWHERE", "--out", str(out)], "label.nothing_to_print"),
        (["sheet", FUJIAN, "--kind", "engineers", "--out", str(out)], "label.unknown_kind"),
        (["sheet", FUJIAN, "--out", str(tmp_path)], "label.no_place_for_file"),
        (["sheet", FUJIAN, "--out", str(tmp_path / "none" / "a.html")], "label.no_place_for_file"),
    ):
        assert run(["label", *words]) == 2
        assert code in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
