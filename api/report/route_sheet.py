"""An engineer's day on paper: his visits in their order, with room to write."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from zoneinfo import ZoneInfo

from api.report.markup import Markup, element, joined, table
from api.text import Lang, label
from storage.rows.visits import VisitThere


def route_sheet(
    engineer: str, days: Sequence[tuple[str, Sequence[VisitThere]]], *, here: ZoneInfo, lang: Lang
) -> str:
    """Give the page as text; nothing is fetched, nothing runs.

    Args:
        engineer: id.
        days: each day's date and its visits, the first first.
        here: times are printed in this zone.
        lang: language of headings; words of people stay as they wrote them.
    """
    title = label("form.sheet_title", lang, engineer=engineer)
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        element("title", title),
        element("style", Markup((files(__package__) / "form.css").read_text(encoding="utf-8"))),
    )
    parts = [joined([element("h2", day), _visits(visits, here, lang)]) for day, visits in days if visits]
    nothing = element("p", label("form.sheet_none", lang))
    body = element("body", element("h1", title), joined(parts) if parts else nothing, class_="sheet")
    return f'<!doctype html>\n<html lang="{lang}">{head}{body}</html>\n'


def _visits(visits: Sequence[VisitThere], here: ZoneInfo, lang: Lang) -> Markup:
    headings = [
        label(f"form.{name}", lang)
        for name in ("sheet_time", "site", "sheet_ticket", "severity", "reported", "sheet_notes")
    ]
    rows = [
        (
            " – ".join(
                f"{at.astimezone(here):%H:%M}" for at in (one.starts_at, one.ends_at) if at is not None
            ),
            f"{one.site_name or one.site} ({one.lat:.5f}, {one.lon:.5f})",
            one.ticket,
            one.severity,
            one.text,
            "",
        )
        for one in visits
    ]
    return table(headings, rows)
