"""docs/http.md lists every route there is; its table is written from the application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.routing import iter_route_contexts

from api.app import make_app
from api.auth.door import DOORS, OPEN
from storage.database import open_database
from tests.conftest import ROOT, set_by_name

PAGE = ROOT / "docs" / "http.md"
MARK = "<!-- the table below is written from the application -->\n"


def table(folder: Path) -> str:
    """Every route with its right and what it does."""
    database = open_database(f"sqlite:///{folder}/empty.db")
    try:
        app = make_app(database)
    finally:
        database.close()
    lines = ["| route | right | what it does |", "|---|---|---|"]
    for route in iter_route_contexts(app.routes):
        path, methods = str(getattr(route, "path", "")), getattr(route, "methods", None) or set()
        for method in sorted(methods - {"HEAD"}):
            right = (
                "anybody" if (method, path) in OPEN else f"`{right_of(getattr(route, 'dependant', None))}`"
            )
            told = (getattr(route, "endpoint", None).__doc__ or "").strip().partition("\n")[0]
            lines.append(f"| `{method} {path.replace(':path}', '}')}` | {right} | {told} |")
    return "\n".join([*lines, ""])


def right_of(dependant: Any) -> str:
    """The right a route names; empty: none."""
    for one in getattr(dependant, "dependencies", ()):
        if isinstance(one.call, DOORS):
            return str(one.call.action)
        found = right_of(one)
        if found:
            return found
    return ""


def test_the_page_lists_every_route(tmp_path: Path) -> None:
    """A route nobody can find is a route nobody uses, and one that is gone is a promise."""
    head, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(f"{head}{MARK}\n{table(tmp_path)}", encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == f"{head}{MARK}\n{table(tmp_path)}"
