"""A sheet of labels as one HTML page: 3 x 7 on A4 (63.5 mm x 38.1 mm, the common die cut), a QR code on each."""

from __future__ import annotations

from collections.abc import Iterable

import segno

from api.report.markup import Markup, element, joined
from api.text import Lang, label
from inventory.labelling import NamedLabel
from inventory.stock.label import text_of
from kernel.errors import Refusal

MOST = 2100
"""Labels on one page at most: a hundred sheets."""

STYLE = """
@page { size: A4; margin: 15.1mm 7.2mm; }
body { margin: 0; font: 9pt/1.25 sans-serif; }
main { display: grid; grid-template-columns: repeat(3, 63.5mm); grid-auto-rows: 38.1mm; column-gap: 2.5mm; }
.label { display: flex; align-items: center; gap: 1mm; overflow: hidden; break-inside: avoid; }
.label svg { width: 30mm; height: 30mm; flex: none; }
.label b { font-size: 10pt; overflow-wrap: anywhere; }
.label span { display: block; overflow-wrap: anywhere; }
"""


def label_sheet(rows: Iterable[NamedLabel], lang: Lang) -> str:
    """Write the page; the codes are drawn in it, nothing is fetched.

    Raises:
        Refusal: ``label.too_many``.
    """
    labels = tuple(rows)
    if len(labels) > MOST:
        raise Refusal("label.too_many", count=len(labels), most=MOST)
    title = label("label.sheet_title", lang)
    head = element(
        "head", Markup('<meta charset="utf-8">'), element("title", title), element("style", Markup(STYLE))
    )
    body = element("body", element("main", joined(_one(row, lang) for row in labels)))
    return f'<!doctype html>\n<html lang="{lang}">{head}{body}</html>\n'


def _one(row: NamedLabel, lang: Lang) -> Markup:
    # Level M survives 15 % of dirt; the quiet zone of four modules belongs to the code.
    code = segno.make(text_of(row.label), error="m", micro=False)
    drawn = Markup(code.svg_inline(border=4, omitsize=True))
    of = row.label
    lines = [element("b", of.part or of.place or of.loaner_unit), element("span", row.name)]
    if of.lot:
        lines.append(element("span", label("label.caption_lot", lang, lot=of.lot)))
    if of.serial:
        lines.append(element("span", label("label.caption_serial", lang, serial=of.serial)))
    return element("div", drawn, element("div", *lines), class_="label")
