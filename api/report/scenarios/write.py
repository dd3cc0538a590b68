"""A simulation in a folder: tables, document, manifest, page; the same bytes for the same runs, wherever they ran."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from api.report.scenarios.about import About
from api.report.scenarios.page import page
from api.report.scenarios.plans import PAGE as PLANS_PAGE
from api.report.scenarios.plans import plans, plans_page
from api.report.scenarios.sheets import document, manifest, sheets
from api.text import Lang
from kernel.errors import Refusal
from storage.plan_file import write_whole

PAGE = "scenarios.html"
PAGES: Mapping[str, Callable[[About, Lang], str]] = {PLANS_PAGE: plans_page}
"""Pages beside it, where there is something to be shown on them."""


def files_of(about: About, lang: Lang, /, *, target: float | None = None) -> Mapping[str, str]:
    """Give the text of every file by its name; the page is the last."""
    return {
        **sheets(about),
        "scenarios.json": document(about),
        "manifest.json": manifest(about),
        **({"plans.json": plans(about)} if about.simulated.diaries else {}),
        **{name: drawn(about, lang) for name, drawn in pages_of(about).items()},
        PAGE: page(about, lang, target=target),
    }


def pages_of(about: About, /) -> Mapping[str, Callable[[About, Lang], str]]:
    """Give the pages beside the first that this simulation has, each made of it and a language."""
    return PAGES if about.simulated.diaries else {}


def write_all(folder: Path, texts: Mapping[str, str], /) -> tuple[Path, ...]:
    """Write every text; files of the same names are replaced.

    Raises:
        Refusal: ``scenario.cannot_write``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise Refusal(
            "scenario.cannot_write", folder=str(folder)[-200:], detail=error.strerror or ""
        ) from None
    return tuple(folder / name for name in texts)
