"""`fieldwright check`: say what a dataset folder holds and what in it is wrong; nothing else is done."""

from __future__ import annotations

import typer
from rich.table import Table

from api.cli.app import LangOption, app, complain, language, stdout
from api.cli.dataset import DatasetArgument
from api.text import label


@app.command()
def check(dataset: DatasetArgument, lang: LangOption = "en") -> None:
    """Count rows given, accepted and refused by file, and list refusals; exit 2 when any row is refused."""
    from storage.dataset.read import read

    spoken = language(lang)
    reading = read(dataset)
    if reading.counts:
        table = Table()
        table.add_column(label("check.file", spoken))
        for heading in ("check.given", "check.accepted", "check.refused"):
            table.add_column(label(heading, spoken), justify="right")
        for count in reading.counts:
            table.add_row(count.file, str(count.given), str(count.accepted), str(count.refused))
        table.add_section()
        table.add_row(
            label("check.total", spoken),
            str(sum(count.given for count in reading.counts)),
            str(sum(count.accepted for count in reading.counts)),
            str(sum(count.refused for count in reading.counts)),
        )
        stdout().print(table)
    if reading.refusals:
        complain(reading.refusals, spoken)
        raise typer.Exit(2)
    typer.echo(label("check.whole", spoken, digest=reading.digest))
