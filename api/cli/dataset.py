"""Which region a command is about: the options that name it, and a dataset folder read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import complain
from api.text import Lang
from dispatch.region import Region

DatasetArgument = Annotated[Path, typer.Argument(help="Folder with region.toml and its CSV files.")]
MaybeDatasetArgument = Annotated[
    Path | None, typer.Argument(help="Folder with region.toml and its CSV files; or give --database.")
]
DatabaseOption = Annotated[
    str,
    typer.Option(
        "--database",
        help="sqlite:///file.db or postgresql://user:password@host/name.",
        envvar="FIELDWRIGHT_DATABASE",
    ),
]
ServedDatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="sqlite:///file.db or postgresql://user:password@host/name; default: the setting, else fieldwright.db here.",
    ),
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
