"""The frame of every page about scenarios: one file, styles in it, nothing fetched from anywhere, no script."""

from __future__ import annotations

from importlib.resources import files

from api.report.markup import Markup, element
from api.text import Lang, label

_LANG_TAG = {"en": "en", "zh": "zh-Hans"}


def whole_page(title: str, subtitle: str, body: Markup, lang: Lang, /) -> str:
    """Give a page as text.

    Args:
        title: of the page.
        subtitle: below it.
        body: what stands in it.
        lang: of all of it.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    styles = "\n".join(
        (files("api.report") / name).read_text(encoding="utf-8")
        for name in ("page.css", "scenarios/page.css")
    )
    head = element(
        "head",
        Markup('<meta charset="utf-8">\n'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        element("title", title),
        element("style", Markup(styles)),
    )
    header = element("header", element("h1", title), element("p", subtitle))
    footer = element("footer", element("p", label("simulation.footer", lang), class_="muted"))
    main = element("main", Markup(f"{body}\n{footer}"))
    page = element("html", head, element("body", header, main), lang=_LANG_TAG[lang])
    return f"<!doctype html>\n{page}\n"
