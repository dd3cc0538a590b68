"""`fieldwright receiver`: how customers and engineers are reached by message."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import RegionOption, ServedDatabaseOption
from api.text import label
from kernel.errors import Refusal

if TYPE_CHECKING:
    from storage.receivers import Who as Whom

receiver_app = typer.Typer(name="receiver", help="How people are reached by message.", no_args_is_help=True)
app.add_typer(receiver_app)

Who = Annotated[str, typer.Argument(help="customer or engineer")]
Name = Annotated[str, typer.Argument(help="Id of the customer or engineer.")]


@receiver_app.command("list")
def list_(database: ServedDatabaseOption = None, region: RegionOption = "", lang: LangOption = "en") -> None:
    """Show who of a region is reached by message, and where."""
    from api.settings import read_settings
    from api.stored import opened
    from storage.receivers import receivers
    from storage.rows.region import only_region

    spoken = language(lang)
    with opened(read_settings(database=database).database) as there, there.reading() as connection:
        found = receivers(connection, only_region(connection, region))
    table = Table(box=None, pad_edge=False)
    for heading in ("who", "channel", "address", "lang"):
        table.add_column(label(f"message.heading_{heading}", spoken))
    for one in found:
        who = label(f"message.who_{one.who.value}", spoken, id=one.id)
        table.add_row(escape(who), escape(one.channel), escape(one.address), one.lang)
    stdout().print(table)


@receiver_app.command("set")
def set_(
    who: Who,
    name: Name,
    channel: Annotated[str, typer.Option("--channel", help="mail, or a channel of docs/outbound.md.")],
    address: Annotated[
        str, typer.Option("--address", help="Mail address, number, or what the channel takes.")
    ],
    database: ServedDatabaseOption = None,
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Say where messages to a customer or engineer go, in the language of `--lang`; what was said before is replaced."""
    from api.settings import read_settings
    from api.stored import envelope, opened
    from storage.receivers import Receiver, reach, receivers_of
    from storage.rows.region import only_region

    spoken = language(lang)
    told = Receiver(_who(who), name, channel, address, spoken)
    with opened(read_settings(database=database).database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
            before = receivers_of(connection, which, told.who, (name,)).get(name)
        seen = None if before is None else before.version
        named = envelope(which, f"receiver-{secrets.token_hex(8)}")
        there.run(named, lambda work: reach(work, told, seen=seen))
    who_said = label(f"message.who_{told.who.value}", spoken, id=name)
    stdout().print(label("message.reached", spoken, who=who_said, channel=channel))


@receiver_app.command()
def remove(
    who: Who,
    name: Name,
    database: ServedDatabaseOption = None,
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Send a customer or engineer no messages from now on."""
    from api.settings import read_settings
    from api.stored import envelope, opened
    from storage.receivers import reach_no_more, receiver_of
    from storage.rows.region import only_region

    spoken, whom = language(lang), _who(who)
    with opened(read_settings(database=database).database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
            seen = receiver_of(connection, which, whom, name).version
        named = envelope(which, f"receiver-{secrets.token_hex(8)}")
        there.run(named, lambda work: reach_no_more(work, whom, name, seen=seen))
    who_said = label(f"message.who_{whom.value}", spoken, id=name)
    stdout().print(label("message.reached_no_more", spoken, who=who_said))


def _who(text: str) -> Whom:
    from storage.receivers import Who as Whom

    known = {one.value: one for one in Whom}
    if text not in known:
        raise Refusal("message.unknown_who", value=text[:20], known=", ".join(known))
    return known[text]
