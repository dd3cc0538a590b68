"""`fieldwright person`: what is kept about persons no longer than the settings say."""

from __future__ import annotations

from functools import partial

import typer

from api.cli.app import LangOption, app, language
from api.cli.dataset import ServedDatabaseOption
from api.text import label

person = typer.Typer(name="person", help="Look after what is kept about persons.", no_args_is_help=True)
app.add_typer(person)


@person.command()
def forget(database: ServedDatabaseOption = None, lang: LangOption = "en") -> None:
    """Remove old positions, ended sessions, keys and links, and old replies to writes, as the settings say; a worker does it every day."""
    from api.auth.policy import kept_of
    from api.auth.secret import drawn_id
    from api.settings import read_settings
    from api.stored import opened
    from api.usecases.forgetting import Forgetting

    spoken = language(lang)
    settings = read_settings(database=database)
    with opened(settings.database) as there:
        done = Forgetting(there, kept_of(settings), partial(drawn_id, "C")).now()
    typer.echo(label("person.forgotten", spoken, rows=sum(done.values())))
    for table, rows in sorted(done.items()):
        if rows:
            typer.echo(f"  {table}  {rows}")
