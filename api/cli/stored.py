"""`fieldwright import` and `fieldwright export`: a dataset folder into a database and out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, complain, language, stdout
from api.cli.dataset import AcceptPartialOption, DatasetArgument, RegionOption, open_region
from api.text import label
from kernel.clock import SystemClock, moment, zone
from kernel.errors import Refusal

DatabaseOption = Annotated[
    str, typer.Option("--database", help="sqlite:///file.db or postgresql://user:password@host/name.")
]


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
    """Bring a dataset into a database; an empty database gets its tables first."""
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
        stdout().print(
            label(code, spoken, region=settings.id, name=settings.name, as_of=local, database=there.name),
            soft_wrap=True,
        )
    complain(imported.lost, spoken)


@app.command()
def export(
    database: DatabaseOption,
    out: Annotated[Path, typer.Option("--out", help="Folder to write; must be empty or not there yet.")],
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Write a region of a database as a dataset folder, attachments and signed forms with it."""
    from api.cli.region import write_region
    from api.stored import opened
    from storage.desk.enclosed import enclosed_of
    from storage.rows.region import load_region, only_region

    spoken = language(lang)
    with opened(database) as there, there.reading() as connection:
        loaded = load_region(connection, only_region(connection, region))
        lost: list[Refusal] = []

        def kept() -> Iterator[tuple[str, bytes]]:
            for one in enclosed_of(connection, loaded):
                if isinstance(one, Refusal):
                    lost.append(one)
                else:
                    yield one

        write_region(loaded, out, lang=spoken, enclosed=kept())
    complain(lost, spoken)
