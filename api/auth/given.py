"""Accounts, keys and links as commands: once for a key, and no secret in what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from api.auth.present import KEY_PREFIX, LINK_PREFIX
from api.auth.secret import digest_of, drawn_id, drawn_secret
from api.auth.sign_in import sign_in_name
from kernel.envelope import Envelope
from storage.database import Database
from storage.idempotency import Reply, once
from storage.people.accounts import Account, account_of, add_account
from storage.people.credentials import Key, Link, add_key, add_link
from storage.scope import Scope, scope_document
from storage.tables.people import Role
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Given:
    """What was made: its id, and its secret the first time; asked again with the same key the secret is not there."""

    id: str
    secret: str


def give_account(
    database: Database,
    envelope: Envelope,
    *,
    name: str,
    shown: str,
    role: Role,
    scope: Scope,
    password_hash: str,
    password_digest: str = "",
    demo: bool = False,
) -> Account:
    """Add an account, or give the one the same key added before.

    Args:
        database: open.
        envelope: of the command.
        name: as typed.
        shown: for people, the name where empty.
        role: its role.
        scope: where.
        password_hash: of `api.auth.password`; empty for a program.
        password_digest: `slow_digest` of the password, to know the same request again.
        demo: its password is known to everybody.

    Raises:
        Refusal: as `storage.people.accounts.add_account`; ``user.malformed_name``, ``database.key_reused``.
    """
    known_as = sign_in_name(name)
    drawn = drawn_id("U")
    content = {"name": known_as, "shown": shown, "role": role.value, "scope": scope_document(scope)}
    content["password"] = password_digest

    def command(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            account = Account(
                id=drawn,
                name=known_as,
                shown=shown.strip() or known_as,
                role=role,
                scope=scope,
                password_hash=password_hash,
                made_at=work.now,
                demo=demo,
            )
            add_account(work, account)
            return {"user": drawn}

        return once(work, "user.add", content, act)

    made = database.run(envelope, command)["user"]
    with database.reading() as connection:
        return account_of(connection, made)


def change_account(
    database: Database,
    envelope: Envelope,
    command: str,
    content: dict[str, Any],
    change: Callable[[UnitOfWork], object],
) -> None:
    """Change an account once for a key: a request that comes late a second time does not undo what came between.

    Args:
        database: open.
        envelope: of the command.
        command: dotted name.
        content: what is asked for, in plain JSON values; no secret in it.
        change: does it.

    Raises:
        Refusal: whatever `change` refuses; ``database.key_reused``.
    """

    def act(work: UnitOfWork) -> Reply:
        change(work)
        return {}

    database.run(envelope, lambda work: once(work, command, content, lambda: act(work)))


def give_key(
    database: Database,
    envelope: Envelope,
    *,
    user: str,
    name: str,
    scope: Scope | None,
    ends_at: datetime,
) -> Given:
    """Give an account a key; it is written ``id.secret``.

    Args:
        database: open.
        envelope: of the command.
        user: account's id.
        name: what the key is for.
        scope: within the account's; None: all of it.
        ends_at: when it ends.

    Raises:
        Refusal: as `storage.people.credentials.add_key`; ``database.key_reused``.
    """
    drawn, secret = drawn_id(KEY_PREFIX), drawn_secret()
    content: dict[str, Any] = {"user": user, "name": name, "ends_at": ends_at.isoformat()}
    content["scope"] = None if scope is None else scope_document(scope)

    def command(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            account = account_of(work.connection, user)
            wanted = account.scope if scope is None else scope
            key = Key(drawn, user, name, account.role, wanted, work.now, None, ends_at, None)
            add_key(work, key, digest_of(secret))
            return {"key": drawn}

        return once(work, "key.add", content, act)

    made = database.run(envelope, command)["key"]
    return Given(made, f"{drawn}.{secret}" if made == drawn else "")


def give_link(
    database: Database,
    envelope: Envelope,
    *,
    ticket: str,
    ends_at: datetime | None,
    lasts: timedelta,
    where: ColumnElement[bool],
) -> Given:
    """Make a customer's link to one ticket.

    Args:
        database: open.
        envelope: of the command, in the ticket's region.
        ticket: its number.
        ends_at: when it ends; None: after `lasts`.
        lasts: how long a link lasts where nothing is said.
        where: as of `storage.people.credentials.add_link`.

    Raises:
        Refusal: as `storage.people.credentials.add_link`; ``database.key_reused``.
    """
    drawn, secret = drawn_id(LINK_PREFIX), drawn_secret()

    def command(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            link = Link(drawn, work.region, ticket, work.now, ends_at or work.now + lasts, None)
            add_link(work, link, digest_of(secret), where=where)
            return {"link": drawn}

        return once(work, "link.add", {"ticket": ticket, "ends_at": ends_at and ends_at.isoformat()}, act)

    made = database.run(envelope, command)["link"]
    return Given(made, f"{drawn}.{secret}" if made == drawn else "")
