"""`fieldwright region`: invent a service region, or write the built-in one, as a dataset folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.text import Lang, label
from dispatch.region import Region

region_app = typer.Typer(name="region", help="Make service regions to try things on.", no_args_is_help=True)
app.add_typer(region_app)

OutOption = Annotated[Path, typer.Option("--out", help="Folder to write; must be empty or not there yet.")]


@region_app.command()
def new(
    out: OutOption,
    engineers: Annotated[int, typer.Option("--engineers", help="Engineers, 1 to 900.")] = 36,
    visits: Annotated[int, typer.Option("--visits", help="Open field tickets, one visit each.")] = 200,
    parts: Annotated[int, typer.Option("--parts", help="Parts in the catalogue, at least 9.")] = 150,
    remote: Annotated[int, typer.Option("--remote", help="Open tickets solved at a distance.")] = 60,
    loaners: Annotated[int, typer.Option("--loaners", help="Loaner units.")] = 12,
    closed: Annotated[int, typer.Option("--closed", help="Closed tickets in two years of history.")] = 3000,
    seed: Annotated[int, typer.Option("--seed", help="The same numbers and seed give the same files.")] = 1,
    lang: LangOption = "en",
) -> None:
    """Invent a region and write it as a folder `fieldwright plan` can read."""
    from scenarios.world.region import region
    from scenarios.world.spec import Spec, depots_for

    spoken = language(lang)
    spec = Spec(
        engineers=engineers,
        visits=visits,
        parts=parts,
        remote=remote,
        loaners=loaners,
        closed=closed,
        depots=depots_for(engineers),
    )
    write_region(region(spec, seed=seed), out, lang=spoken)


@region_app.command("built-in")
def built_in(out: OutOption, lang: LangOption = "en") -> None:
    """Write the built-in region, Fujian, as a folder of its own to change and play with."""
    from scenarios.library.fujian import fujian

    spoken = language(lang)
    write_region(fujian(), out, lang=spoken)


def write_region(made: Region, out: Path, *, lang: Lang, enclosed: Iterable[tuple[str, bytes]] = ()) -> None:
    """Write a region as a dataset folder and print what was written.

    Raises:
        Refusal: ``dataset.target_not_empty`` and the others of `storage.dataset.write`.
    """
    from storage.dataset.write import write

    write(made, out, enclosed=enclosed)
    console = stdout()
    table = Table(label("scenario.file", lang), box=None, pad_edge=False)
    for heading in ("rows", "bytes"):
        table.add_column(label(f"scenario.{heading}", lang), justify="right")
    for file in sorted(path for path in out.rglob("*") if path.is_file()):
        content = file.read_bytes()
        rows = str(content.count(b"\n") - 1) if file.suffix == ".csv" else ""
        table.add_row(file.relative_to(out).as_posix(), rows, f"{len(content):,}")
    console.print(table)
    console.print(label("scenario.written", lang, name=made.settings.name, folder=str(out)), soft_wrap=True)
