"""`fieldwright db`: bring a database to this version, check it, copy it, bring a copy back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language
from api.cli.dataset import DatabaseOption
from api.text import Lang, label, say
from kernel.errors import Message
from storage.database import Database

db = typer.Typer(name="db", help="Look after a database.", no_args_is_help=True)
app.add_typer(db)

SHOWN = 50
"""Findings printed at most; the rest is counted."""


@db.command()
def upgrade(database: DatabaseOption, lang: LangOption = "en") -> None:
    """Make the tables, or bring them to this version; nothing happens when they are."""
    from api.stored import envelope
    from storage.migration import migrate

    spoken = language(lang)
    with _open(database) as there:
        before, after = migrate(there, envelope("none", "upgrade"))
    code = "database.upgraded" if before != after else "database.at_head"
    typer.echo(label(code, spoken, database=there.name, revision=after))


@db.command()
def check(database: DatabaseOption, lang: LangOption = "en") -> None:
    """Check that the tables are those of this version and that the file is sound: exit 0 only then."""
    from storage.check import unsound
    from storage.migration import check_at_head

    spoken = language(lang)
    with _open(database) as there:
        check_at_head(there)
        found = unsound(there)
    _tell(found, spoken, good=label("database.sound", spoken, database=there.name))


@db.command()
def verify(database: DatabaseOption, lang: LangOption = "en") -> None:
    """Add the ledger up again and read the audit chain: exit 0 only when every sum agrees and no link is broken."""
    from storage.check import remarks, untrue
    from storage.migration import check_at_head

    spoken = language(lang)
    with _open(database) as there:
        check_at_head(there)
        found = untrue(there)
        for remark in remarks(there)[:SHOWN]:
            typer.echo(say(remark, spoken))
    _tell(found, spoken, good=label("database.true", spoken, database=there.name))


@db.command()
def backup(
    file: Annotated[Path, typer.Argument(help="File to write; must not exist yet.")],
    database: DatabaseOption,
    lang: LangOption = "en",
) -> None:
    """Copy a database while it is in use."""
    from api.settings import read_settings
    from storage.backup import back_up
    from storage.copies import check_room
    from storage.migration import check_at_head

    spoken = language(lang)
    settings = read_settings()
    if settings.backups and file.absolute().parent.resolve() == Path(settings.backups).resolve():
        check_room(Path(settings.backups), most=settings.backups_most)
    with _open(database) as there:
        check_at_head(there)
        held = back_up(there, file)
    typer.echo(label("database.backed_up", spoken, file=str(file), moves=held["rows"]["stock_move"]))


@db.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Copy made by `fieldwright db backup`.")],
    database: DatabaseOption,
    lang: LangOption = "en",
) -> None:
    """Fill an empty database from a copy and compare it with what the copy held."""
    from storage.backup import restore as brought_back

    spoken = language(lang)
    held = brought_back(file, database)
    typer.echo(label("database.restored", spoken, file=str(file), moves=held["rows"]["stock_move"]))


@contextmanager
def _open(url: str) -> Iterator[Database]:
    from storage.database import open_database

    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def _tell(found: list[Message], lang: Lang, *, good: str) -> None:
    for wrong in found[:SHOWN]:
        typer.echo(f"{say(wrong, lang)} ({wrong.code})")
    if found:
        typer.echo(label("database.found_wrong", lang, count=len(found)))
        raise typer.Exit(1)
    typer.echo(good)
