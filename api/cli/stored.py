"""`fieldwright import` and `fieldwright export`: a dataset folder into a database and out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.app import LangOption, app, complain, language, stdout
from api.cli.asked import InDatabase, spelled_out
from api.cli.dataset import AcceptPartialOption, DatabaseOption, DatasetArgument, open_region
from api.text import Lang, label
from kernel.clock import SystemClock, moment, zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from dispatch.region import Region


@app.command("import")
def import_(
    dataset: DatasetArgument,
    database: DatabaseOption,
    accept_partial: AcceptPartialOption = False,
    live: Annotated[
        bool,
        typer.Option("--live", help="Move the region in time: described today at 10:40, its local time."),
    ] = False,
    now: Annotated[
        str | None, typer.Option("--now", help="The same: described at this moment (ISO 8601 with offset).")
    ] = None,
    lang: LangOption = "en",
) -> None:
    """Bring a dataset into a database; an empty database gets its tables first.

    Attachments that are named and not there are listed; without --accept-partial the command then ends with 2, and
    the same folder imported again adds what was missing.
    """
    from api.stored import opened
    from api.usecases.importing import import_into
    from dispatch.rebase import live_at

    spoken = language(lang)
    if live and now is not None:
        raise Refusal("import.live_and_now")
    as_of = moment(now) if now is not None else None
    reading = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    if live:
        as_of = live_at(SystemClock().now(), zone(reading.region.settings.zone))
    with opened(database, fresh=True) as there:
        imported = import_into(there, reading.region, digest=reading.digest, as_of=as_of, folder=dataset)
        settings = imported.region.settings
        local = settings.as_of.astimezone(zone(settings.zone)).isoformat(timespec="minutes")
        code = "import.done" if imported.new else "import.known"
        other = weekday_told(reading.region, imported.region, spoken)
        stdout().print(
            label(code, spoken, region=settings.id, name=settings.name, as_of=local, database=there.name)
            + (f" {other}" if other else ""),
            soft_wrap=True,
        )
    complain(imported.lost, spoken)
    if imported.lost and not accept_partial:
        raise typer.Exit(2)


def weekday_told(was: Region, now: Region, lang: Lang, /) -> str:
    """Say that a region moved in time stands on another day of the week; empty where it does not.

    Its rosters move by days (adr 4), so a Saturday may have the people of a Friday: whoever looks should know.
    """
    days = [one.settings.as_of.astimezone(zone(one.settings.zone)).date().weekday() for one in (was, now)]
    if days[0] == days[1]:
        return ""
    names = [label(f"plan.weekday_{day}", lang) for day in days]
    return label("import.weekday", lang, was=names[0], now=names[1])


@app.command()
@spelled_out
def export(
    *,
    there: InDatabase,
    out: Annotated[Path, typer.Option("--out", help="Folder to write; must be empty or not there yet.")],
) -> None:
    """Write a region of a database as a dataset folder, attachments and signed forms with it; ends with 2 if one is missing."""
    from api.cli.region import write_region
    from storage.desk.enclosed import enclosed_of
    from storage.rows.region import load_region

    with there.reading() as (connection, which):
        loaded = load_region(connection, which)
        lost: list[Refusal] = []

        def kept() -> Iterator[tuple[str, bytes]]:
            for one in enclosed_of(connection, loaded):
                if isinstance(one, Refusal):
                    lost.append(one)
                else:
                    yield one

        write_region(loaded, out, lang=there.spoken, enclosed=kept())
    complain(lost, there.spoken)
    if lost:
        raise typer.Exit(2)
