"""`fieldwright day`: a day event after event, planned again after each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.text import label


@app.command()
def day(
    dataset: DatasetArgument,
    script: Annotated[Path, typer.Argument(help="TOML file of events: docs/day-script.md.")],
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
) -> None:
    """Go through a day: what happens, what it changes, who must be called, what it costs."""
    from api.cli.day_words import told
    from api.usecases.day import Turn
    from api.usecases.day import day as turns_of
    from storage.day_script import read_script

    spoken = language(lang)
    said = read_script(script)
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    turns: list[Turn] = []
    for turn in turns_of(opened.region, said):
        turns.append(turn)
        for line in told(turn, spoken):
            typer.echo(line)
        typer.echo("")
    planned = [turn.applied for turn in turns if turn.applied is not None]
    typer.echo(
        label(
            "day.summary",
            spoken,
            events=len(said.lines),
            refused=sum(turn.refused is not None for turn in turns),
            calls=sum(len(turn.calls) for turn in turns),
            left_out=len(planned[-1].plan.unassigned),
        )
    )
