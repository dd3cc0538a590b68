"""`fieldwright warm`: compile the search once, at set-up, so that the first plan does not wait for it."""

from __future__ import annotations

import typer

from api.cli.app import LangOption, app, language
from api.text import label
from kernel.clock import Stopwatch


@app.command()
def warm(lang: LangOption = "en") -> None:
    """Compile the search and keep it for later starts."""
    from dispatch.solve import warm as compile_search

    spoken = language(lang)
    watch = Stopwatch()
    compile_search()
    typer.echo(label("cli.warmed", spoken, seconds=f"{watch.seconds:.0f}"))
