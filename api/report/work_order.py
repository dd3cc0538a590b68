"""The work order and the acceptance form on one page to print: nothing fetched from anywhere, no script."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

from api.report.markup import Markup, element, joined, table
from api.text import Lang, label
from api.text.spoken import wall_clock
from dispatch.desk.work_order import Checked, WorkOrder

_LANG_TAG = {"en": "en", "zh": "zh-Hans"}
_IMAGES = frozenset({"image/png", "image/jpeg", "image/webp"})


def work_order_page(
    order: WorkOrder,
    *,
    names: Mapping[str, str],
    here: ZoneInfo,
    lang: Lang,
    signature: tuple[str, bytes] | None = None,
) -> str:
    """Give the form as text: empty lines where nothing is said yet, to be filled in by hand.

    Args:
        order: what it says.
        names: of parts, by id.
        here: times are printed in this zone.
        lang: language of headings; words of people stay as they wrote them.
        signature: media type and bytes of the signed image; None: a line to sign on.
    """
    title = label("form.title", lang, ticket=order.ticket.id)
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    head = element(
        "head",
        Markup('<meta charset="utf-8">\n'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        element("title", title),
        element("style", Markup((files(__package__) / "form.css").read_text(encoding="utf-8"))),
    )
    body = element(
        "body",
        element("h1", title),
        _head(order, here, lang),
        _section("reported", lang, element("p", _said(order))),
        _section("times", lang, _times(order, here, lang)),
        _section("work", lang, _work(order, lang)),
        _section("parts", lang, _parts(order, names, lang)),
        _section("checklist", lang, _checklist(order, lang)) if order.checklist else Markup(),
        _section("acceptance", lang, _acceptance(order, here, lang, signature)),
        element(
            "footer", label("form.footer", lang, digest=order.signature.digest if order.signature else "-")
        ),
    )
    return "<!doctype html>\n" + element("html", head, body, lang=_LANG_TAG[lang]) + "\n"


def _section(name: str, lang: Lang, *inside: Markup) -> Markup:
    return joined([element("h2", label(f"form.{name}", lang)), *inside])


def _head(order: WorkOrder, here: ZoneInfo, lang: Lang) -> Markup:
    asset = order.asset
    said = (
        ("customer", order.customer.name or order.customer.id),
        ("site", f"{order.site.name} ({order.site.id})" if order.site.name else order.site.id),
        ("asset", "-" if asset is None else f"{asset.id} {asset.model}".strip()),
        ("serial", "-" if asset is None else asset.serial or "-"),
        ("kind", label(f"ticket_kind.{order.ticket.kind}", lang)),
        ("severity", order.severity.value),
        ("reported_at", wall_clock(order.ticket.reported_at, here)),
        ("stage", label(f"stage.{order.state.stage}", lang)),
        ("engineers", ", ".join(order.engineers) or "-"),
        ("contract", order.ticket.contract or "-"),
    )
    return element(
        "dl",
        joined(
            Markup(element("dt", label(f"form.{name}", lang)) + element("dd", text)) for name, text in said
        ),
    )


def _said(order: WorkOrder) -> str:
    return " · ".join(text for text in (order.ticket.symptom, order.ticket.text) if text) or "-"


def _times(order: WorkOrder, here: ZoneInfo, lang: Lang) -> Markup:
    def at(moment: datetime | None) -> str:
        return "" if moment is None else wall_clock(moment, here)

    times = order.times
    rows = [
        (label(f"form.{name}", lang), at(moment))
        for name, moment in (
            ("travelling_at", times.travelling_at),
            ("arrived_at", times.arrived_at),
            ("repaired_at", times.repaired_at),
            ("left_at", times.left_at),
            ("verified_at", times.verified_at),
        )
    ]
    rows += [
        (label("form.waited", lang, wait=label(f"wait.{what}", lang)), f"{at(start)} – {at(end)}")
        for what, start, end in order.waits
    ]
    return table((label("form.step", lang), label("form.at", lang)), rows)


def _work(order: WorkOrder, lang: Lang) -> Markup:
    if not (order.cause or order.solution):
        return joined([_line(label("form.cause", lang)), _line(label("form.solution", lang))])
    return joined(
        element("p", element("b", label(f"form.{name}", lang)), " ", text or "-")
        for name, text in (("cause", order.cause), ("solution", order.solution))
    )


def _parts(order: WorkOrder, names: Mapping[str, str], lang: Lang) -> Markup:
    headings = [label(f"form.{name}", lang) for name in ("part", "part_name", "quantity")]
    rows = [(used.part, names.get(used.part, ""), str(used.quantity)) for used in order.parts]
    if not rows:
        rows = [("\u00a0", "", "")] * 3  # room to write by hand
    return table(headings, rows, numbers=(2,))


def _checklist(order: WorkOrder, lang: Lang) -> Markup:
    headings = [label(f"form.{name}", lang) for name in ("item", "result", "checked_by")]
    return table(headings, [_checked(one, lang) for one in order.checklist])


def _checked(one: Checked, lang: Lang) -> tuple[str, str, str]:
    name = one.item.names[lang]
    if one.answer is None:
        return name, label("form.optional", lang) if one.item.optional else "", ""
    value = one.answer.value
    said = label(f"form.{value}", lang) if value in {"yes", "no"} else value
    return name, said, one.answer.by


def _acceptance(order: WorkOrder, here: ZoneInfo, lang: Lang, signature: tuple[str, bytes] | None) -> Markup:
    signed = order.signature
    words = element("p", label("form.accepts", lang))
    image = Markup()
    if signature is not None and signature[0] in _IMAGES:
        coded = base64.b64encode(signature[1]).decode()
        image = Markup(f'<img alt="" src="data:{signature[0]};base64,{coded}">')
    name = "" if signed is None else f" {signed.name}, {wall_clock(signed.at, here)}"
    lines = element(
        "section",
        element("div", image, label("form.customer_signs", lang) + name),
        element("div", label("form.engineer_signs", lang) + ("" if signed is None else f" {signed.by}")),
        class_="sign",
    )
    remark = element("p", signed.remark) if signed is not None and signed.remark else Markup()
    if signed is None:
        remark = _line(label("form.remark", lang))
    return joined([words, remark, lines])


def _line(text: str) -> Markup:
    return Markup(element("p", text) + element("div", class_="lines"))
