"""`fieldwright person`: what is kept about persons no longer than the settings say."""

from __future__ import annotations

import typer

from api.cli.app import LangOption, app, language
from api.cli.dataset import DatabaseOption
from api.text import label

person = typer.Typer(name="person", help="Look after what is kept about persons.", no_args_is_help=True)
app.add_typer(person)


@person.command()
def forget(database: DatabaseOption, lang: LangOption = "en") -> None:
    """Remove old positions and ended sessions, keys and links, as the settings say; run it once a day."""
    from api.auth.policy import kept_of
    from api.auth.secret import drawn_id
    from api.settings import read_settings
    from api.stored import envelope, opened
    from storage.people.retention import forget_old

    spoken = language(lang)
    kept = kept_of(read_settings())
    with opened(database) as there:
        done = there.run(envelope("none", drawn_id("C")), lambda work: forget_old(work, kept))
    typer.echo(label("person.forgotten", spoken, rows=sum(done.values())))
    for table, rows in sorted(done.items()):
        if rows:
            typer.echo(f"  {table}  {rows}")
