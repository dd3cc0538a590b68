"""Accounts: who may sign in, as what, where. Every change of what somebody may ends the sessions it concerns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, insert, select, update

from kernel.errors import Refusal
from storage.missing import insert_missing
from storage.people.turn import take_turn
from storage.scope import Scope, scope_document, scope_of
from storage.tables.people import AccountRow, ApiKeyRow, InvitationRow, Role, SessionRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork

PEOPLE = frozenset(Role) - {Role.CUSTOMER_LINK}
"""Roles an account may have."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, or a program, that may sign in.

    Args:
        id: drawn, names nobody.
        name: to sign in with; lower case.
        shown: for people to read.
        role: what it may do; `scope`: where.
        password_hash: argon2's; empty: signs in by key only.
        made_at: when it was added; `closed_at`: since when it may sign in no more.
        demo: stands for a role in the demonstration, with a password everybody knows.
        erased: its holder is named no more; it is never opened again.
    """

    id: str
    name: str
    shown: str
    role: Role
    scope: Scope
    password_hash: str
    made_at: datetime
    closed_at: datetime | None = None
    demo: bool = False
    erased: bool = False

    @property
    def version(self) -> int:
        """What is changed about an account, as a number: the same as long as nobody has changed it."""
        told = [
            self.shown,
            self.role.value,
            scope_document(self.scope),
            self.password_hash,
            str(self.closed_at),
            self.erased,
        ]
        return int.from_bytes(hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest()[:4]) % 10**9

    @property
    def is_open(self) -> bool:
        """Whether it may sign in."""
        return self.closed_at is None


def check_seen(work: UnitOfWork, user: str, seen: int | None) -> None:
    """Refuse to change an account that is another than the one that was seen; None: whatever it is.

    Raises:
        Refusal: ``user.unknown``, ``register.moved_on``.
    """
    if seen is not None and locked(work, user).version != seen:
        raise Refusal("register.moved_on", id=user)


def check_role(role: Role, scope: Scope) -> None:
    """Refuse a role no account may have, and one whose scope does not fit it.

    Raises:
        Refusal: ``user.role_of_link``, ``user.engineer_needs_one``, ``user.engineer_of_other_role``, ``scope.ticket_of_link``.
    """
    if role not in PEOPLE:
        raise Refusal("user.role_of_link", role=role.value)
    if scope.ticket:
        raise Refusal("scope.ticket_of_link")
    if role is Role.ENGINEER and not scope.engineer:
        raise Refusal("user.engineer_needs_one")
    if role is not Role.ENGINEER and scope.engineer:
        raise Refusal("user.engineer_of_other_role", role=role.value)


def add_account(work: UnitOfWork, account: Account) -> None:
    """Write a new account.

    Raises:
        Refusal: as `check_role`; ``user.name_taken``, ``database.text_too_long``, ``database.unwritable_text``.
    """
    check_role(account.role, account.scope)
    row = {
        "id": account.id,
        "sign_in_name": account.name,
        "shown_name": account.shown,
        "role": account.role,
        "scope": scope_document(account.scope),
        "password_hash": account.password_hash,
        "demo": int(account.demo),
        "made_at": work.now,
        "closed_at": None,
        "erased_at": None,
    }
    check_fits(AccountRow, row)
    if not insert_missing(work.connection, AccountRow, [row]):
        raise Refusal("user.name_taken", name=account.name)
    work.record("user.add", account.id, role=account.role.value, scope=scope_document(account.scope))


# Built once: it is asked at every look of a person at themselves.
_BY_ID = select(AccountRow).where(AccountRow.c.id == bindparam("of_id"))


def account_named(connection: Connection, name: str) -> Account | None:
    """The account that signs in with this name; closed ones too."""
    return _one(connection, AccountRow.c.sign_in_name == name)


def account_of(connection: Connection, user: str) -> Account:
    """The account of an id.

    Raises:
        Refusal: ``user.unknown``.
    """
    row = connection.execute(_BY_ID, {"of_id": user}).mappings().one_or_none()
    if row is None:
        raise Refusal("user.unknown", user=user[:64])
    return made(row)


def account_meant(connection: Connection, name_or_id: str) -> Account:
    """The account a person at the command line means, by name or id.

    Raises:
        Refusal: ``user.unknown``.
    """
    return account_named(connection, name_or_id) or account_of(connection, name_or_id)


def account_page(connection: Connection, *, most: int, after: str = "") -> list[Account]:
    """Accounts by id, closed ones too."""
    query = select(AccountRow).where(AccountRow.c.id > after).order_by(AccountRow.c.id).limit(most)
    return [made(row) for row in connection.execute(query).mappings()]


@dataclass(frozen=True, slots=True)
class Named:
    """How the holder of an account is called: to sign in (`name`), by people (`shown`), as what (`role`); or no more (`erased`)."""

    name: str
    shown: str
    role: Role
    erased: bool
    demo: bool


def named_accounts(connection: Connection, ids: Iterable[str]) -> dict[str, Named]:
    """How the holders of accounts are called, by id; no word on ids of no account."""
    wanted = sorted(set(ids))
    row = AccountRow.c
    query = select(row.id, row.sign_in_name, row.shown_name, row.role, row.erased_at, row.demo).where(
        row.id.in_(wanted)
    )
    return {
        one.id: Named(
            one.sign_in_name, one.shown_name, Role(one.role), one.erased_at is not None, bool(one.demo)
        )
        for one in (connection.execute(query.order_by(row.id)) if wanted else ())
    }


def any_account(connection: Connection) -> bool:
    """Whether anybody was ever added."""
    return connection.execute(select(AccountRow.c.id).limit(1)).scalar() is not None


def demo_names(connection: Connection) -> list[str]:
    """Names of the open accounts whose password everybody knows."""
    query = select(AccountRow.c.sign_in_name).where(AccountRow.c.demo == 1, AccountRow.c.closed_at.is_(None))
    return list(connection.execute(query.order_by(AccountRow.c.sign_in_name)).scalars())


def set_password(work: UnitOfWork, user: str, password_hash: str, *, ends_sessions: bool = True) -> None:
    """Give an account another password; every session of it ends, unless the caller sees to them.

    Raises:
        Refusal: ``user.unknown``, ``user.closed``, ``user.key_only``.
    """
    account = locked(work, user)
    if not account.is_open:
        raise Refusal("user.closed", user=user)
    if account.role is Role.INTEGRATION:
        raise Refusal("user.key_only")
    _change(work, user, {"password_hash": password_hash})
    if ends_sessions:
        close_sessions(work, user)
    work.record("user.password", user)


def set_role(work: UnitOfWork, user: str, role: Role, scope: Scope) -> None:
    """Give an account another role or scope; every session of it ends.

    Raises:
        Refusal: as `check_role`; ``user.unknown``, ``user.closed``, ``user.last_administrator``, ``user.own_account``.
    """
    check_role(role, scope)
    account = locked(work, user)
    if not account.is_open:
        raise Refusal("user.closed", user=user)
    if not _administers(role, scope):
        _check_not_own(work, account)
        _check_another_administrator(work, account)
    values: dict[str, Any] = {"role": role, "scope": scope_document(scope)}
    if role is Role.INTEGRATION:
        values["password_hash"] = ""
    _change(work, user, values)
    close_sessions(work, user)
    work.record("user.role", user, role=role.value, scope=scope_document(scope))


def set_shown_name(work: UnitOfWork, user: str, shown: str) -> None:
    """Call an account's holder otherwise: in what people read, not to sign in with; an empty name is the one to sign in with.

    The audit says that it was changed and, as nothing leaves it again, neither name.

    Raises:
        Refusal: ``user.unknown``, ``user.erased``, ``database.text_too_long``, ``database.unwritable_text``.
    """
    account = locked(work, user)
    if account.erased:
        raise Refusal("user.erased", user=user)
    values = {"shown_name": shown.strip() or account.name}
    if values["shown_name"] == account.shown:
        return
    check_fits(AccountRow, values)
    _change(work, user, values)
    work.record("user.shown_name", user)


def close_account(work: UnitOfWork, user: str) -> None:
    """End an account: its sessions and keys end with it. A closed one stays as it is.

    Raises:
        Refusal: ``user.unknown``, ``user.last_administrator``, ``user.own_account``.
    """
    account = locked(work, user)
    if not account.is_open:
        return
    _check_not_own(work, account)
    _check_another_administrator(work, account)
    _change(work, user, {"closed_at": work.now, "password_hash": ""})
    close_sessions(work, user)
    keys = (ApiKeyRow.c.account_id == user) & ApiKeyRow.c.closed_at.is_(None)
    work.connection.execute(update(ApiKeyRow).where(keys).values(closed_at=work.now))
    work.record("user.close", user)


def open_account(work: UnitOfWork, user: str, password_hash: str) -> None:
    """Let a closed account sign in again, with another password; its keys stay ended. An open one stays as it is.

    Args:
        work: of the command.
        user: account's id.
        password_hash: argon2's; empty for a program, which is given a new key.

    Raises:
        Refusal: ``user.unknown``, ``user.erased``, ``user.key_only``, ``user.needs_password``.
    """
    account = locked(work, user)
    if account.erased:
        raise Refusal("user.erased", user=user)
    check_way_in(account.role, password=password_hash)
    if account.is_open:
        return
    _change(work, user, {"closed_at": None, "password_hash": password_hash})
    work.record("user.open", user)


def check_way_in(role: Role, *, password: str) -> None:
    """A program has keys and no password, everybody else a password.

    Raises:
        Refusal: ``user.key_only``, ``user.needs_password``.
    """
    if role is Role.INTEGRATION and password:
        raise Refusal("user.key_only")
    if role is not Role.INTEGRATION and not password:
        raise Refusal("user.needs_password")


def end_sessions(work: UnitOfWork, user: str) -> int:
    """End every session of somebody's account; gives how many.

    Raises:
        Refusal: ``user.unknown``.
    """
    return close_sessions(work, locked(work, user).id)


def close_sessions(work: UnitOfWork, user: str, *, but: str = "") -> int:
    """End every open session of an account, except one; gives how many."""
    open_ones = (
        (SessionRow.c.account_id == user) & SessionRow.c.closed_at.is_(None) & (SessionRow.c.id != but)
    )
    ended = work.connection.execute(update(SessionRow).where(open_ones).values(closed_at=work.now)).rowcount
    if ended:
        work.record("session.close_all", user, ended=ended)
    return ended


def invite(work: UnitOfWork, digest: str, role: Role, *, ends_at: datetime) -> None:
    """Let whoever holds the secret of `digest` make the first account, until a moment; older invitations end."""
    work.connection.execute(
        update(InvitationRow).where(InvitationRow.c.used_at.is_(None)).values(used_at=work.now)
    )
    work.connection.execute(
        insert(InvitationRow).values(
            digest=digest, role=role, made_at=work.now, ends_at=ends_at, used_at=None
        )
    )
    work.record("user.invite", digest[:8], role=role.value)


def redeem(work: UnitOfWork, digest: str) -> Role:
    """Use an invitation up; gives the role it is for.

    Raises:
        Refusal: ``invitation.unknown`` when there is none, it was used, or it has ended.
    """
    valid = (
        (InvitationRow.c.digest == digest)
        & InvitationRow.c.used_at.is_(None)
        & (InvitationRow.c.ends_at > work.now)
    )
    used = update(InvitationRow).where(valid).values(used_at=work.now)
    if work.connection.execute(used).rowcount != 1:
        raise Refusal("invitation.unknown")
    role: Role = work.connection.execute(
        select(InvitationRow.c.role).where(InvitationRow.c.digest == digest)
    ).scalar_one()
    return role


def locked(work: UnitOfWork, user: str) -> Account:
    """The account, kept from other writers until the commit.

    Raises:
        Refusal: ``user.unknown``.
    """
    take_turn(work)
    return account_of(work.connection, user)


def made(row: Mapping[str, Any] | RowMapping) -> Account:
    """The account a row says."""
    return Account(
        id=row["id"],
        name=row["sign_in_name"],
        shown=row["shown_name"],
        role=row["role"],
        scope=scope_of(row["scope"]),
        password_hash=row["password_hash"],
        made_at=row["made_at"],
        closed_at=row["closed_at"],
        demo=bool(row["demo"]),
        erased=row["erased_at"] is not None,
    )


def _one(connection: Connection, where: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(AccountRow).where(where)).mappings().one_or_none()
    return None if row is None else made(row)


def _change(work: UnitOfWork, user: str, values: dict[str, Any]) -> None:
    work.connection.execute(update(AccountRow).where(AccountRow.c.id == user).values(**values))


def _administers(role: Role, scope: Scope) -> bool:
    return role is Role.ADMINISTRATOR and scope.everywhere


def _check_not_own(work: UnitOfWork, account: Account) -> None:
    """Nobody takes the right to administer from himself: it is another who decides that."""
    if account.id == work.actor:
        raise Refusal("user.own_account")


def _check_another_administrator(work: UnitOfWork, account: Account) -> None:
    if not _administers(account.role, account.scope):
        return
    query = select(AccountRow).where(
        AccountRow.c.role == Role.ADMINISTRATOR,
        AccountRow.c.closed_at.is_(None),
        AccountRow.c.id != account.id,
    )
    others = [made(row) for row in work.connection.execute(query).mappings()]
    if not any(_administers(one.role, one.scope) and one.password_hash for one in others):
        raise Refusal("user.last_administrator")
