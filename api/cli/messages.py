"""`fieldwright send`, `fieldwright messages`, `fieldwright address`: what goes out, and what services outside say."""

from __future__ import annotations

import os
import signal
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import RegionOption, ServedDatabaseOption
from api.text import label
from kernel.errors import Refusal

messages_app = typer.Typer(name="messages", help="Messages to customers and engineers.", no_args_is_help=True)
address_app = typer.Typer(name="address", help="Where an address is.", no_args_is_help=True)
app.add_typer(messages_app)
app.add_typer(address_app)

Number = Annotated[int, typer.Argument(help="Number of the message, as `messages list` shows it.")]


@app.command()
def send(
    database: ServedDatabaseOption = None,
    once: Annotated[bool, typer.Option("--once", help="Send what is due, and end.")] = False,
    lang: LangOption = "en",
) -> None:
    """Send the messages that commands have left, until SIGTERM; docs/outbound.md says how channels are set up."""
    from api.logs import log_to
    from api.outbound.channel import channels_of
    from api.outbound.sender import Sender
    from api.settings import read_settings
    from api.stored import opened
    from kernel.clock import SystemClock

    spoken = language(lang)
    settings = read_settings(database=database)
    log_to(None, settings)
    with opened(settings.database) as there:
        one = Sender(there, f"send-{os.getpid()}", channels_of(settings), settings, SystemClock())
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: one.leave())
        if not once:
            one.until_left()
            return
        tried = 0
        while not one.leaving.is_set() and (some := one.once()):
            tried += some
    stdout().print(label("message.tried", spoken, count=tried))


@messages_app.command("list")
def list_(
    database: ServedDatabaseOption = None,
    region: RegionOption = "",
    state: Annotated[
        str, typer.Option("--state", help="Only those: waiting, sent, dead, dropped; empty: all.")
    ] = "",
    lang: LangOption = "en",
) -> None:
    """Show the latest messages of a region, newest first; to whom they go is not shown."""
    from api.settings import read_settings
    from api.stored import opened
    from storage.outbox import letters
    from storage.rows.region import only_region
    from storage.tables.outbox import OutboxState

    spoken = language(lang)
    known = {one.value: one for one in OutboxState}
    if state and state not in known:
        raise Refusal("message.unknown_state", value=state[:20], known=", ".join(known))
    with opened(read_settings(database=database).database) as there, there.reading() as connection:
        found = letters(connection, only_region(connection, region), state=known.get(state))
    table = Table(box=None, pad_edge=False)
    for heading in ("number", "about", "kind", "state", "attempts", "why"):
        table.add_column(label(f"message.heading_{heading}", spoken))
    for one in found:
        why = f"{one.error_code} ({one.error_detail})" if one.error_code else ""
        kind = str(one.body.get("kind", one.topic))
        words = label(f"message.state_{one.state.value}", spoken)
        table.add_row(str(one.seq), escape(one.about), escape(kind), words, str(one.attempts), escape(why))
    stdout().print(table)


@messages_app.command("add")
def add(
    kind: Annotated[str, typer.Argument(help="What it says: visit_time, visit_moved, ticket_done ...")],
    to: Annotated[str, typer.Option("--to", help="Mail address, number, or what the channel takes.")],
    channel: Annotated[str, typer.Option("--channel", help="mail, or a channel of docs/outbound.md.")],
    about: Annotated[str, typer.Option("--about", help="Ticket or engineer it is about.")],
    value: Annotated[
        list[str] | None, typer.Option("--value", help="name=text, for each value the kind names.")
    ] = None,
    key: Annotated[str, typer.Option("--key", help="Name of this command: the same name is done once.")] = "",
    database: ServedDatabaseOption = None,
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Leave a message to a customer or engineer; it is sent by `fieldwright send`."""
    import secrets

    from api.outbound.message import Message, left
    from api.settings import read_settings
    from api.stored import envelope, opened
    from storage.rows.region import only_region

    spoken = language(lang)
    values = dict(_pair(one) for one in value or ())
    message = Message(channel, to, kind, spoken, values)
    with opened(read_settings(database=database).database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
        named = envelope(which, key or f"message-{secrets.token_hex(8)}")
        there.run(named, lambda work: left(work, message, about=about))
    stdout().print(label("message.left", spoken, kind=kind, about=about))


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise Refusal("message.no_pair", value=text[:60])
    return name, value


@messages_app.command()
def again(
    message: Number, database: ServedDatabaseOption = None, region: RegionOption = "", lang: LangOption = "en"
) -> None:
    """Send a message anew that was given up."""
    from storage.outbox import send_again

    _act(message, database, region, send_again)
    stdout().print(label("message.again", language(lang), message=message))


@messages_app.command()
def drop(
    message: Number, database: ServedDatabaseOption = None, region: RegionOption = "", lang: LangOption = "en"
) -> None:
    """Have a message not sent any more."""
    from storage.outbox import drop as dropped

    _act(message, database, region, dropped)
    stdout().print(label("message.dropped", language(lang), message=message))


def _act(message: int, database: str | None, region: str, command: object) -> None:
    from api.settings import read_settings
    from api.stored import envelope, opened
    from storage.rows.region import only_region

    assert callable(command)
    with opened(read_settings(database=database).database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
        there.run(envelope(which, f"message-{message}"), lambda work: command(work, message))


@address_app.command()
def find(
    address: Annotated[str, typer.Argument(help="As one writes it, on one line.")],
    database: ServedDatabaseOption = None,
    lang: LangOption = "en",
) -> None:
    """Say where an address is; asked of the service once, then kept."""
    from api.outbound.geocoding import Geocoder
    from api.settings import read_settings
    from api.stored import opened
    from kernel.clock import SystemClock

    settings = read_settings(database=database)
    with opened(settings.database) as there:
        found = Geocoder(there, settings, SystemClock()).find(address, actor="operator")
    assert found.at is not None
    where = {"lat": f"{found.at.lat:.6f}", "lon": f"{found.at.lon:.6f}"}
    stdout().print(
        label(
            "message.address_found", language(lang), source=found.source, label=found.label or "-", **where
        ),
        soft_wrap=True,
        markup=False,
    )


@address_app.command()
def fix(
    address: Annotated[str, typer.Argument(help="As one writes it, on one line.")],
    lat: Annotated[float, typer.Option("--lat", help="Degrees north, WGS-84.")],
    lon: Annotated[float, typer.Option("--lon", help="Degrees east, WGS-84.")],
    database: ServedDatabaseOption = None,
    lang: LangOption = "en",
) -> None:
    """Say where an address is; no service says otherwise from then on."""
    from api.outbound.geocoding import Geocoder
    from api.settings import read_settings
    from api.stored import opened
    from kernel.clock import SystemClock
    from kernel.place import LatLon

    settings = read_settings(database=database)
    with opened(settings.database) as there:
        Geocoder(there, settings, SystemClock()).put_right(address, LatLon(lat, lon), actor="operator")
    stdout().print(label("message.address_fixed", language(lang)))
