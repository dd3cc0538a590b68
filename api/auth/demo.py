"""The demonstration: one marked account for each role, with a password everybody knows, on this machine only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, true

from api.auth.address import is_loopback
from api.auth.given import give_account, give_key, give_link
from api.auth.password import Passwords
from api.auth.secret import drawn_id
from kernel.envelope import NO_REGION, Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.people.accounts import account_named, demo_names
from storage.rows.region import region_ids
from storage.scope import Scope
from storage.tables.crew import EngineerRow
from storage.tables.desk import TicketRow
from storage.tables.people import Role

PASSWORD = "only for looking around"  # noqa: S105 meant to be known; `check_loopback` keeps it on this machine
"""Of every demonstration account."""

LASTS = timedelta(days=30)
"""The demonstration's key and link end after this."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration made this time.

    Args:
        names: accounts that sign in with `PASSWORD`.
        key: of the integration; empty when it was made before.
        ticket: the one its customer may read, empty where there is none; `link`: with this.
    """

    names: tuple[str, ...]
    key: str
    ticket: str
    link: str


def make_demo(database: Database, passwords: Passwords, *, now: datetime) -> Demo:
    """Make the accounts that are not there yet; an engineer's where a region has one.

    Raises:
        Refusal: ``password.busy``, ``user.name_taken`` when somebody real has such a name.
    """
    hashed = passwords.rehashed(PASSWORD)
    with database.reading() as connection:
        region = next(iter(region_ids(connection)), "")
        engineer, ticket = _first(connection, region)
    everywhere = Scope(everywhere=True)
    wanted = dict.fromkeys(
        (
            Role.DISPATCHER,
            Role.STOREKEEPER,
            Role.MANAGER,
            Role.DIRECTOR,
            Role.ADMINISTRATOR,
            Role.INTEGRATION,
        ),
        everywhere,
    )
    if engineer:
        wanted[Role.ENGINEER] = Scope(regions=(region,), engineer=engineer)
    key = ""
    for role, scope in wanted.items():
        name = f"demo-{role.value}"
        with database.reading() as connection:
            known = account_named(connection, name)
        if known is not None:
            continue
        account = give_account(
            database,
            _envelope(now),
            name=name,
            shown=name,
            role=role,
            scope=scope,
            password_hash="" if role is Role.INTEGRATION else hashed,
            demo=True,
        )
        if role is Role.INTEGRATION:
            key = give_key(
                database, _envelope(now), user=account.id, name="demo", scope=None, ends_at=now + LASTS
            ).secret
    link = _link(database, region, ticket, now) if ticket and key else ""
    with database.reading() as connection:
        names = [one for one in demo_names(connection) if one != f"demo-{Role.INTEGRATION.value}"]
    return Demo(tuple(names), key, ticket if link else "", link)


def check_loopback(database: Database, host: str) -> list[str]:
    """Refuse to be heard beyond this machine while accounts are open whose password everybody knows.

    Returns:
        Names of those accounts.

    Raises:
        Refusal: ``serve.demo_beyond_loopback``.
    """
    with database.reading() as connection:
        names = demo_names(connection)
    if names and not is_loopback(host):
        raise Refusal("serve.demo_beyond_loopback", host=host, names=", ".join(names))
    return names


def _link(database: Database, region: str, ticket: str, now: datetime) -> str:
    envelope = Envelope("server", "demo", now, drawn_id("C"), region)
    return give_link(database, envelope, ticket=ticket, ends_at=now + LASTS, lasts=LASTS, where=true()).secret


def _first(connection: Connection, region: str) -> tuple[str, str]:
    """The first engineer and the first ticket of a region; empty where there is none."""
    engineer = select(EngineerRow.c.engineer_id).where(EngineerRow.c.region_id == region)
    ticket = select(TicketRow.c.ticket_id).where(TicketRow.c.region_id == region)
    found = (
        connection.execute(engineer.order_by(EngineerRow.c.position).limit(1)).scalar(),
        connection.execute(ticket.order_by(TicketRow.c.position).limit(1)).scalar(),
    )
    return str(found[0] or ""), str(found[1] or "")


def _envelope(now: datetime) -> Envelope:
    return Envelope("server", "demo", now, drawn_id("C"), NO_REGION)
