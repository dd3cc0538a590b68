"""`fieldwright scheme`: which promises there are, what one says, a copy to edit, and whether the copy holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import Asked, NewFileOption, Told, spelled_out
from api.cli.clock import scheme_in
from api.text import Lang, label
from dispatch.desk.own_scheme import OwnScheme, check_own, schemes_with
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_text, find_scheme
from dispatch.desk.term import CHOSEN, Figure
from kernel.errors import Refusal
from storage.rows.standing import schemes_in

scheme_app = typer.Typer(
    name="scheme", help="Service schemes: what a contract promises.", no_args_is_help=True
)
app.add_typer(scheme_app)

IdArgument = Annotated[str, typer.Argument(help="Id of a scheme, for example field-2-4-24.")]
VersionOption = Annotated[str, typer.Option("--version", help="Its version; default: the latest.")]


@scheme_app.command("list")
@spelled_out
def list_schemes(
    *,
    asked: Asked,
) -> None:
    """Print every scheme that ships, and a region's own, with version and name."""
    spoken = asked.spoken
    table = Table(box=None, pad_edge=False)
    for column in ("id", "version", "effective_on", "name", "document"):
        table.add_column(label(f"scheme_column.{column}", spoken))
    own = _own(asked)
    for one in sorted(schemes_with(own).values(), key=lambda one: (one.id, one.effective_on)):
        table.add_row(one.id, one.version, one.effective_on.isoformat(), one.names[spoken], one.document)
    stdout().print(table)


@scheme_app.command("show")
@spelled_out
def show_scheme(
    scheme: IdArgument,
    *,
    asked: Asked,
    version: VersionOption = "",
) -> None:
    """Print every figure of a scheme with its source."""
    spoken = asked.spoken
    own = _own(asked)
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


@scheme_app.command("add")
@spelled_out
def add(
    file: Annotated[Path, typer.Argument(help="Your own scheme: a TOML file.")],
    *,
    told: Told,
) -> None:
    """Add a scheme of your own, or a new version of one, to a region in a database; what tickets were opened under stays."""
    from storage.dataset.scheme_files import MOST_BYTES
    from storage.desk.schemes import add_scheme

    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError:
        raise Refusal("desk.cannot_read", file=str(file)[:200]) from None
    reply = told.done(lambda work: add_scheme(work, file.name, raw))
    said = "scheme_said.added" if reply["new"] else "scheme_said.there"
    with told.reading() as (connection, which):
        added = schemes_in(connection, which)[reply["scheme"], reply["version"]]
    since = added.effective_on.isoformat()
    stdout().print(label(said, told.spoken, since=since, **reply), markup=False, soft_wrap=True)


@scheme_app.command("copy")
@spelled_out
def copy_scheme(
    scheme: IdArgument,
    *,
    asked: Asked,
    out: NewFileOption,
    version: VersionOption = "",
) -> None:
    """Write the file of a scheme, to be edited into one of your own."""
    spoken = asked.spoken
    own = _own(asked)
    found = find_scheme(schemes_with(own), scheme, version=version)
    text = next((one.text for one in own if one.scheme is found), "") or builtin_text(found)
    write_copy(out, text)
    stdout().print(label("scheme_said.copied", spoken, scheme=scheme, file=str(out)), markup=False)


def write_copy(out: Path, text: str) -> None:
    """Write a new file to be edited.

    Raises:
        Refusal: ``scheme.file_exists``, ``scheme.unwritable``.
    """
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise Refusal("scheme.file_exists", file=str(out)[:200]) from None
    except OSError:
        raise Refusal("scheme.unwritable", file=str(out)[:200]) from None


def _own(asked: Asked) -> tuple[OwnScheme, ...]:
    """The schemes of the region named, none without one."""
    if asked.dataset is None and not asked.database:
        return ()
    return asked.read().field.own_schemes


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
    console.print(figures_table(scheme.figures, lang))


def figures_table(figures: Iterable[Figure], lang: Lang) -> Table:
    """Every figure with its source; what stands in no document says so."""
    table = Table(box=None, pad_edge=False)
    for column in ("key", "value", "source"):
        table.add_column(label(f"scheme_column.{column}", lang), overflow="fold")
    for figure in figures:
        source = label("desk.chosen", lang) if figure.source == CHOSEN else figure.source
        table.add_row(figure.key, figure.value, source)
    return table
