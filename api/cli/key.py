"""`fieldwright key`: keys of other programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language
from api.cli.dataset import DatabaseOption
from api.cli.user import NameArgument
from api.text import label

key = typer.Typer(name="key", help="Give keys to programs and take them back.", no_args_is_help=True)
app.add_typer(key)


@key.command()
def add(
    name: NameArgument,
    database: DatabaseOption,
    purpose: Annotated[str, typer.Option("--for", help="What the key is for.")],
    days: Annotated[int, typer.Option("--days", help="Days until it ends.", min=1, max=3650)] = 365,
    lang: LangOption = "en",
) -> None:
    """Give an account a key: the only line on standard output, and nowhere again."""
    from api.auth.given import give_key
    from api.auth.secret import drawn_id
    from api.stored import envelope, opened
    from storage.people.accounts import account_meant

    language(lang)
    with opened(database) as there:
        with there.reading() as connection:
            account = account_meant(connection, name)
        command = envelope("none", drawn_id("C"))
        given = give_key(
            there,
            command,
            user=account.id,
            name=purpose,
            scope=None,
            ends_at=command.now + timedelta(days=days),
        )
    typer.echo(given.secret)


@key.command("list")
def list_(database: DatabaseOption, lang: LangOption = "en") -> None:
    """List every key without its secret: id, account, what for, end."""
    from api.stored import opened
    from storage.people.credentials import key_page

    spoken = language(lang)
    with opened(database) as there, there.reading() as connection:
        after = ""
        while page := key_page(connection, most=200, after=after):
            for one in page:
                ended = label("key.taken_back", spoken) if one.closed_at else ""
                line = (one.id, one.account, one.role.value, one.name, one.ends_at.isoformat(), ended)
                typer.echo("  ".join(part for part in line if part))
            after = page[-1].id


@key.command()
def end(
    key_id: Annotated[str, typer.Argument(help="Id of the key: what stands before the dot.")],
    database: DatabaseOption,
    lang: LangOption = "en",
) -> None:
    """Take a key back."""
    from api.auth.secret import drawn_id
    from api.stored import envelope, opened
    from storage.people.credentials import close_key

    spoken = language(lang)
    with opened(database) as there:
        there.run(envelope("none", drawn_id("C")), lambda work: close_key(work, key_id))
    typer.echo(label("key.ended", spoken, key=key_id))
