"""The door of every command that works on a region: a dataset folder, or a database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import complain
from api.text import Lang
from dispatch.region import Region
from kernel.errors import Refusal

DatasetArgument = Annotated[Path, typer.Argument(help="Folder with region.toml and its CSV files.")]
MaybeDatasetArgument = Annotated[
    Path | None, typer.Argument(help="Folder with region.toml and its CSV files; or give --database.")
]
MaybeDatabaseOption = Annotated[
    str, typer.Option("--database", help="Database instead of a folder: sqlite:///file.db or postgresql://…")
]
RegionOption = Annotated[str, typer.Option("--region", help="Id of the region, where there are several.")]
AcceptPartialOption = Annotated[
    bool, typer.Option("--accept-partial", help="Go on with the accepted rows when some are refused.")
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A region and the digest of the files it was read from."""

    region: Region
    digest: str


def open_region(folder: Path, *, accept_partial: bool, lang: Lang) -> Opened:
    """Read a dataset; every refusal is printed on standard error.

    Raises:
        typer.Exit: with code 2 when anything was refused and `accept_partial` is not set, or nothing whole is left.
    """
    from storage.dataset.read import read

    reading = read(folder)
    complain(reading.refusals, lang)
    if reading.region is None or (reading.refusals and not accept_partial):
        raise typer.Exit(2)
    return Opened(reading.region, reading.digest)


def open_either(
    dataset: Path | None, database: str, region: str, *, accept_partial: bool, lang: Lang
) -> Opened:
    """Read a region from a folder or from a database, whichever of the two was named.

    Raises:
        Refusal: ``cli.dataset_or_database`` unless exactly one was; those of the database.
        typer.Exit: as `open_region`.
    """
    if (dataset is None) == (not database):
        raise Refusal("cli.dataset_or_database")
    if dataset is not None:
        if region:
            raise Refusal("cli.region_of_folder")
        return open_region(dataset, accept_partial=accept_partial, lang=lang)
    from api.stored import opened
    from storage.rows.region import load_stored, only_region

    with opened(database) as there, there.reading() as connection:
        stored = load_stored(connection, only_region(connection, region))
    return Opened(stored.region, stored.digest)
