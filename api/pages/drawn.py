"""Pages from their templates: every text from the catalogues, everything in them escaped, nothing inline."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.routes.pages import POLICY
from api.text import LANGUAGES, Lang, label
from api.text.spoken import wall_clock

PHONE: Mapping[str, str] = {
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
}
"""What the engineer's pages may do beyond the others: say where he is, which he switches on."""

TAGS = {"en": "en", "zh": "zh-Hans"}


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def drawn_page(
    template: str,
    lang: Lang,
    *,
    zone: ZoneInfo | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Draw a page.

    Args:
        template: its name without ending.
        lang: of the texts.
        zone: moments are shown on its wall clocks.
        status: of the answer.
        headers: of the answer, beside the content policy.
        values: what the template shows.
    """
    text = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            t=partial(_text, lang),
            day=partial(_shown, zone, "%Y-%m-%d"),
            clock=partial(_shown, zone, "%H:%M"),
            moment=partial(_moment, zone),
            new_key=lambda: secrets.token_urlsafe(18),
            lang=lang,
            tag=TAGS[lang],
            languages=LANGUAGES,
            **values,
        )
    )
    policy = {"Content-Security-Policy": POLICY.format(tiles=""), "Content-Language": lang}
    return HTMLResponse(text, status_code=status, headers={**policy, **(headers or {})})


def _text(lang: Lang, code: str, /, **params: Any) -> str:
    return label(code, lang, **params)


def _shown(zone: ZoneInfo | None, form: str, at: datetime, /) -> str:
    return at.astimezone(zone).strftime(form)


def _moment(zone: ZoneInfo | None, at: datetime, /) -> str:
    assert zone is not None, "a page that shows moments is drawn with its zone"
    return wall_clock(at, zone)
