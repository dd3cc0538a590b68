"""Sessions, keys and customers' links: how somebody proves who they are. Only digests of the secrets are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, insert, select, update

from kernel.errors import Refusal
from storage.people.accounts import Account, account_of, check_role, locked, made
from storage.ready import Proof, Ready
from storage.scope import Scope, scope_document, scope_of
from storage.tables.desk import TicketRow
from storage.tables.people import AccountRow, ApiKeyRow, Role, SessionRow, TicketLinkRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork

SEEN_EVERY = timedelta(seconds=60)
"""A credential in use is noted at most so often: a write for every read would be the dearest thing about it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that lasts.

    Args:
        id: of the session; not what proves it.
        account: whose.
        made_at, seen_at: begun and last used, the latter within `SEEN_EVERY`.
        ends_at: the end no use puts off.
        closed_at: signed out.
        address, agent: where it was begun.
    """

    id: str
    account: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    address: str
    agent: str

    def lasts(self, now: datetime, idle: timedelta) -> bool:
        """Whether it may still be used."""
        return self.closed_at is None and now < self.ends_at and now - self.seen_at < idle


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a program.

    Args:
        id: what stands before the dot.
        account: whose; the key ends with it.
        name: what it is for.
        role, scope: what it may do and where; no more than its account.
        made_at, seen_at: given and last used, the latter within `SEEN_EVERY`; None: never.
        ends_at: the moment it ends.
        closed_at: taken back.
    """

    id: str
    account: str
    name: str
    role: Role
    scope: Scope
    made_at: datetime
    seen_at: datetime | None
    ends_at: datetime
    closed_at: datetime | None

    def lasts(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.closed_at is None and now < self.ends_at


@dataclass(frozen=True, slots=True)
class Link:
    """A customer's link to one ticket; args as of `Key`."""

    id: str
    region: str
    ticket: str
    made_at: datetime
    ends_at: datetime
    closed_at: datetime | None

    def lasts(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.closed_at is None and now < self.ends_at


def open_session(work: UnitOfWork, session: Session, digest: str) -> None:
    """Write a new session; the password has been checked.

    Raises:
        Refusal: ``session.refused`` when the account was closed meanwhile.
    """
    account = account_of(work.connection, session.account)
    if not account.is_open:
        raise Refusal("session.refused")
    row = {
        "id": session.id,
        "digest": digest,
        "account_id": session.account,
        "made_at": session.made_at,
        "seen_at": session.seen_at,
        "ends_at": session.ends_at,
        "closed_at": None,
        "address": session.address,
        "agent": session.agent,
    }
    check_fits(SessionRow, row)
    work.connection.execute(insert(SessionRow).values(**row))
    work.record("session.open", session.account, session=session.id)


def session_by(connection: Connection, digest: str) -> tuple[Session, Account] | None:
    """The session with this digest and whose it is; whether it lasts is for the caller to ask."""
    row = _named(_SESSION, connection, {"of_digest": digest})
    return None if row is None else (_session(row), made(_account_part(row)))


def sessions_of(connection: Connection, user: str, *, now: datetime, idle: timedelta) -> list[Session]:
    """Sessions of an account that may still be used, newest first."""
    query = select(SessionRow).where(SessionRow.c.account_id == user, SessionRow.c.closed_at.is_(None))
    query = query.where(SessionRow.c.ends_at > now, SessionRow.c.seen_at > now - idle)
    rows = connection.execute(query.order_by(SessionRow.c.made_at.desc(), SessionRow.c.id).limit(200))
    return [_session(row) for row in rows.mappings()]


def close_session(work: UnitOfWork, user: str, session: str) -> None:
    """End one session of an account; one that has ended stays as it is.

    Raises:
        Refusal: ``session.unknown`` when the account has none of this id.
    """
    mine = (SessionRow.c.id == session) & (SessionRow.c.account_id == user)
    found = work.connection.execute(select(SessionRow.c.closed_at).where(mine)).one_or_none()
    if found is None:
        raise Refusal("session.unknown", session=session[:64])
    if found.closed_at is None:
        work.connection.execute(update(SessionRow).where(mine).values(closed_at=work.now))
        work.record("session.close", user, session=session)


def add_key(work: UnitOfWork, key: Key, digest: str) -> None:
    """Write a new key.

    Raises:
        Refusal: as `storage.people.accounts.check_role`; ``user.unknown``, ``user.closed``, ``key.more_than_account``,
            ``key.ends_before``, ``database.text_too_long``, ``database.unwritable_text``.
    """
    check_role(key.role, key.scope)
    account = locked(work, key.account)
    if not account.is_open:
        raise Refusal("user.closed", user=account.id)
    if not is_within(key, account):
        raise Refusal("key.more_than_account", role=account.role.value)
    if key.ends_at <= work.now:
        raise Refusal("key.ends_before", ends=key.ends_at.isoformat())
    row = {
        "id": key.id,
        "digest": digest,
        "account_id": key.account,
        "name": key.name,
        "role": key.role,
        "scope": scope_document(key.scope),
        "made_at": work.now,
        "seen_at": None,
        "ends_at": key.ends_at,
        "closed_at": None,
    }
    check_fits(ApiKeyRow, row)
    work.connection.execute(insert(ApiKeyRow).values(**row))
    facts = {"account": key.account, "role": key.role.value, "scope": scope_document(key.scope)}
    work.record("key.add", key.id, **facts, ends_at=key.ends_at.isoformat())


def is_within(key: Key, account: Account) -> bool:
    """Whether a key may do no more than its account; asked again at every use, as the account may change."""
    return key.role is account.role and key.scope.within(account.scope)


def key_by(connection: Connection, key: str) -> tuple[Key, str, Account] | None:
    """The key of an id, the digest of its secret, and whose it is."""
    found = _KEY.row(connection, {"of_id": key})
    if found is None:
        _KNOWN.pop(key, None)  # nobody supposes it any more
        return None
    kept = _KNOWN.get(key)
    if kept is None or kept[0] != found:
        row = dict(zip(_NAMES[_KEY], found, strict=True))
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        kept = _KNOWN[key] = found, (_key(row), row["digest"], made(_account_part(row)))
    return kept[1]


# Read at every request, and mostly the same row again: what was made of it before is given for it.
_KNOWN: dict[str, tuple[tuple[Any, ...], tuple[Key, str, Account]]] = {}
_MOST_KNOWN = 1024


def key_supposed(key: str) -> tuple[tuple[Key, str, Account], Proof] | None:
    """What `key_by` gave last in this process, and the proof that it would again; None: nothing, or long ago.

    Nothing may be done or said on it before it is proved.
    """
    kept = _KNOWN.get(key)
    return None if kept is None else (kept[1], Proof((_KEY, {"of_id": key}), kept[0]))


def key_page(connection: Connection, *, most: int, after: str = "", user: str = "") -> list[Key]:
    """Keys by id, ended ones too; of one account only, where given."""
    query = select(ApiKeyRow).where(ApiKeyRow.c.id > after)
    if user:
        query = query.where(ApiKeyRow.c.account_id == user)
    rows = connection.execute(query.order_by(ApiKeyRow.c.id).limit(most)).mappings()
    return [_key(row) for row in rows]


def close_key(work: UnitOfWork, key: str) -> None:
    """Take a key back; one that was stays as it is.

    Raises:
        Refusal: ``key.none_of_id``.
    """
    found = work.connection.execute(select(ApiKeyRow.c.closed_at).where(ApiKeyRow.c.id == key)).one_or_none()
    if found is None:
        raise Refusal("key.none_of_id", key=key[:64])
    if found.closed_at is None:
        work.connection.execute(update(ApiKeyRow).where(ApiKeyRow.c.id == key).values(closed_at=work.now))
        work.record("key.close", key)


def add_link(work: UnitOfWork, link: Link, digest: str, *, where: ColumnElement[bool]) -> None:
    """Write a new customer's link.

    Args:
        work: of the command, in the ticket's region.
        link: to be.
        digest: of its secret.
        where: what of `TicketRow` its maker reaches.

    Raises:
        Refusal: ``board.unknown_ticket``, ``link.ends_before``.
    """
    there = select(TicketRow.c.ticket_id).where(
        TicketRow.c.region_id == link.region, TicketRow.c.ticket_id == link.ticket, where
    )
    if work.connection.execute(there).scalar() is None:
        raise Refusal("board.unknown_ticket", ticket=link.ticket)
    if link.ends_at <= work.now:
        raise Refusal("link.ends_before", ends=link.ends_at.isoformat())
    row = {
        "id": link.id,
        "digest": digest,
        "region_id": link.region,
        "ticket_id": link.ticket,
        "made_by": work.actor,
        "made_at": work.now,
        "ends_at": link.ends_at,
        "closed_at": None,
    }
    work.connection.execute(insert(TicketLinkRow).values(**row))
    work.record("link.add", link.ticket, link=link.id, ends_at=link.ends_at.isoformat())


def close_links(work: UnitOfWork, ticket: str) -> int:
    """Take back every link to a ticket of the envelope's region; gives how many."""
    open_ones = (
        (TicketLinkRow.c.region_id == work.region)
        & (TicketLinkRow.c.ticket_id == ticket)
        & TicketLinkRow.c.closed_at.is_(None)
    )
    ended = work.connection.execute(
        update(TicketLinkRow).where(open_ones).values(closed_at=work.now)
    ).rowcount
    if ended:
        work.record("link.close_all", ticket, ended=ended)
    return ended


def link_by(connection: Connection, link: str) -> tuple[Link, str] | None:
    """The link of an id and the digest of its secret."""
    row = connection.execute(select(TicketLinkRow).where(TicketLinkRow.c.id == link)).mappings().one_or_none()
    if row is None:
        return None
    found = Link(
        row["id"], row["region_id"], row["ticket_id"], row["made_at"], row["ends_at"], row["closed_at"]
    )
    return found, row["digest"]


def note_seen(connection: Connection, table: Table, credential: str, now: datetime) -> None:
    """Write down that a session or key is in use."""
    connection.execute(update(table).where(table.c.id == credential).values(seen_at=now))


_ACCOUNT = {column.name: column.label(f"account__{column.name}") for column in AccountRow.columns}

# Asked at every request, so built once: putting a statement together costs more than running it.
_SESSION = Ready(
    select(SessionRow, *_ACCOUNT.values())
    .join(AccountRow, AccountRow.c.id == SessionRow.c.account_id)
    .where(SessionRow.c.digest == bindparam("of_digest"))
)
_KEY = Ready(
    select(ApiKeyRow, *_ACCOUNT.values())
    .join(AccountRow, AccountRow.c.id == ApiKeyRow.c.account_id)
    .where(ApiKeyRow.c.id == bindparam("of_id"))
)
_NAMES = {
    _SESSION: (*SessionRow.c.keys(), *(label.name for label in _ACCOUNT.values())),
    _KEY: (*ApiKeyRow.c.keys(), *(label.name for label in _ACCOUNT.values())),
}


def _named(asked: Ready, connection: Connection, values: dict[str, str]) -> dict[str, Any] | None:
    found = asked.row(connection, values)
    return None if found is None else dict(zip(_NAMES[asked], found, strict=True))


def _account_part(row: Any) -> dict[str, Any]:
    return {name: row[label.name] for name, label in _ACCOUNT.items()}


def _session(row: Any) -> Session:
    return Session(
        id=row["id"],
        account=row["account_id"],
        made_at=row["made_at"],
        seen_at=row["seen_at"],
        ends_at=row["ends_at"],
        closed_at=row["closed_at"],
        address=row["address"],
        agent=row["agent"],
    )


def _key(row: Any) -> Key:
    return Key(
        id=row["id"],
        account=row["account_id"],
        name=row["name"],
        role=row["role"],
        scope=scope_of(row["scope"]),
        made_at=row["made_at"],
        seen_at=row["seen_at"],
        ends_at=row["ends_at"],
        closed_at=row["closed_at"],
    )
