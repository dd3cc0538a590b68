"""`fieldwright scheme`: which promises there are, what one says, a copy to edit, and whether the copy holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.clock import scheme_in
from api.cli.dataset import MaybeDatabaseOption, MaybeDatasetArgument, RegionOption, open_either
from api.text import Lang, label
from dispatch.desk.own_scheme import OwnScheme, check_own, schemes_with
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_text, find_scheme
from dispatch.desk.term import CHOSEN
from kernel.errors import Refusal

scheme_app = typer.Typer(
    name="scheme", help="Service schemes: what a contract promises.", no_args_is_help=True
)
app.add_typer(scheme_app)

IdArgument = Annotated[str, typer.Argument(help="Id of a scheme, for example field-2-4-24.")]
VersionOption = Annotated[str, typer.Option("--version", help="Its version; default: the latest.")]


@scheme_app.command("list")
def list_schemes(
    dataset: MaybeDatasetArgument = None,
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Print every scheme that ships, and a region's own, with version and name."""
    spoken = language(lang)
    table = Table(box=None, pad_edge=False)
    for column in ("id", "version", "effective_on", "name", "document"):
        table.add_column(label(f"scheme_column.{column}", spoken))
    own = _own(dataset, database, region, spoken)
    for one in sorted(schemes_with(own).values(), key=lambda one: (one.id, one.effective_on)):
        table.add_row(one.id, one.version, one.effective_on.isoformat(), one.names[spoken], one.document)
    stdout().print(table)


@scheme_app.command("show")
def show_scheme(
    scheme: IdArgument,
    dataset: MaybeDatasetArgument = None,
    version: VersionOption = "",
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Print every figure of a scheme with its source."""
    spoken = language(lang)
    own = _own(dataset, database, region, spoken)
    _show(find_scheme(schemes_with(own), scheme, version=version), spoken)


@scheme_app.command("check")
def check_scheme(
    file: Annotated[Path, typer.Argument(help="Your own scheme: a TOML file.")], lang: LangOption = "en"
) -> None:
    """Read a scheme of your own; a mistake is refused with its line, changed terms without enough notice too."""
    spoken = language(lang)
    own = scheme_in(file)
    check_own((), own)
    chosen = sum(figure.source == CHOSEN for figure in own.figures)
    said = label(
        "scheme_said.holds",
        spoken,
        scheme=own.id,
        version=own.version,
        figures=len(own.figures),
        chosen=chosen,
    )
    stdout().print(said, markup=False)


@scheme_app.command("copy")
def copy_scheme(
    scheme: IdArgument,
    out: Annotated[Path, typer.Option("--out", help="File to write; it must not exist yet.")],
    dataset: MaybeDatasetArgument = None,
    version: VersionOption = "",
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Write the file of a scheme, to be edited into one of your own."""
    spoken = language(lang)
    own = _own(dataset, database, region, spoken)
    found = find_scheme(schemes_with(own), scheme, version=version)
    text = next((one.text for one in own if one.scheme is found), "") or builtin_text(found)
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise Refusal("scheme.file_exists", file=str(out)[:200]) from None
    except OSError:
        raise Refusal("scheme.unwritable", file=str(out)[:200]) from None
    stdout().print(label("scheme_said.copied", spoken, scheme=scheme, file=str(out)), markup=False)


def _own(dataset: Path | None, database: str, region: str, lang: Lang) -> tuple[OwnScheme, ...]:
    """The schemes of the region named, none without one."""
    if dataset is None and not database:
        return ()
    return open_either(dataset, database, region, accept_partial=False, lang=lang).region.field.own_schemes


def _show(scheme: Scheme, lang: Lang) -> None:
    console = stdout()
    title = label(
        "scheme_said.title",
        lang,
        name=scheme.names[lang],
        scheme=scheme.id,
        version=scheme.version,
        since=scheme.effective_on.isoformat(),
        document=scheme.document,
    )
    console.print(title, style="bold", markup=False)
    table = Table(box=None, pad_edge=False)
    for column in ("key", "value", "source"):
        table.add_column(label(f"scheme_column.{column}", lang), overflow="fold")
    for figure in scheme.figures:
        source = label("desk.chosen", lang) if figure.source == CHOSEN else figure.source
        table.add_row(figure.key, figure.value, source)
    console.print(table)
