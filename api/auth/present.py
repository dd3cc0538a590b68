"""Who sends a request: its session's cookie, or the key or link in its Authorization header."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response
from sqlalchemy import Connection, Table

from api.auth.address import address_of, is_loopback
from api.auth.policy import Policy
from api.auth.principal import Kind, Principal
from api.auth.secret import digest_of, is_secret_of
from kernel.envelope import NO_REGION, Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.people.accounts import Account
from storage.people.credentials import (
    SEEN_EVERY,
    Key,
    is_within,
    key_by,
    key_supposed,
    link_by,
    note_seen,
    session_by,
)
from storage.ready import Proof
from storage.scope import Scope
from storage.tables.people import ApiKeyRow, Role, SessionRow

LOG = logging.getLogger("fieldwright")

KEY_PREFIX = "fwk"
LINK_PREFIX = "fwl"

COOKIE = "fieldwright"
"""Over HTTPS its name is `__Host-fieldwright`: no other host and no plain page can set that one."""

NO_DIGEST = "0" * 64
"""Compared with when there is no such key: the answer takes as long."""


def cookie_name(request: Request) -> str:
    """The session cookie's name for this request's scheme."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def give_cookie(request: Request, response: Response, token: str, *, lasts: timedelta) -> None:
    """Have the browser keep a session's token where no script reads it and no other site sends it."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def forget_cookie(request: Request, response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        cookie_name(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )


@dataclass(frozen=True, slots=True)
class Present:
    """Who sends a request.

    Args:
        principal: who.
        unnoted: the table of a credential whose use is to be written down; None: it was, not long ago.
    """

    principal: Principal
    unnoted: Table | None = None


def present(request: Request, connection: Connection, *, now: datetime) -> Present:
    """Say who sends the request; the Authorization header goes before the cookie, and a wrong one is not passed over.

    An account of the demonstration is nobody beyond this machine, also where another server uses the same database.

    Args:
        request: as it came.
        connection: to read with; `note_present` follows when it is closed.
        now: the server's moment.

    Raises:
        Refusal: ``session.none``, ``session.over``, ``key.unknown``, ``link.unknown``.
    """
    near = is_loopback(address_of(request))
    given = request.headers.getlist("authorization")
    if given:
        return _by_word(given, connection, now, near=near)
    token = request.cookies.get(cookie_name(request), "")
    if not token:
        raise Refusal("session.none")
    policy: Policy = request.app.state.policy
    return _by_session(token, connection, now, policy.idle, near=near)


def _by_session(token: str, connection: Connection, now: datetime, idle: timedelta, *, near: bool) -> Present:
    found = session_by(connection, digest_of(token))
    if found is None:
        raise Refusal("session.over")
    session, account = found
    if not (session.lasts(now, idle) and account.is_open) or (account.demo and not near):
        raise Refusal("session.over")
    due = now - session.seen_at >= SEEN_EVERY
    who = Principal(account.id, Kind.SESSION, session.id, account.role, account.scope)
    return Present(who, SessionRow if due else None)


def _by_word(given: list[str], connection: Connection, now: datetime, *, near: bool) -> Present:
    kind, _, word = given[0].partition(" ")
    name, _, secret = word.strip().partition(".")
    if len(given) > 1 or kind.lower() != "bearer" or len(word) > 200 or not word.isascii():
        raise Refusal("key.unknown")
    if name.startswith(f"{LINK_PREFIX}-"):
        return _by_link(name, secret, connection, now)
    return _by_key(name, secret, connection, now, near=near)


def supposed(request: Request, *, now: datetime) -> tuple[Present, Proof] | None:
    """Who `present` said it is when this key came last, with what proves that it would again; None: it has to be asked.

    Nobody is let in by it: what is done for him rests on the proof, and is given up where that fails.
    """
    given = request.headers.getlist("authorization")
    kind, _, word = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    name, _, secret = word.strip().partition(".")
    kept = key_supposed(name) if kind.lower() == "bearer" and word.isascii() else None
    if kept is None:
        return None
    try:
        found = _judged(kept[0], secret, now, near=is_loopback(address_of(request)))
    except Refusal:
        return None
    return None if found.unnoted is not None else (found, kept[1])


def _by_key(name: str, secret: str, connection: Connection, now: datetime, *, near: bool) -> Present:
    return _judged(key_by(connection, name), secret, now, near=near)


def _judged(found: tuple[Key, str, Account] | None, secret: str, now: datetime, *, near: bool) -> Present:
    if not is_secret_of(secret, found[1] if found else NO_DIGEST) or found is None:
        raise Refusal("key.unknown")
    key, _, account = found
    if not (key.lasts(now) and account.is_open and is_within(key, account)) or (account.demo and not near):
        raise Refusal("key.unknown")
    due = key.seen_at is None or now - key.seen_at >= SEEN_EVERY
    who = Principal(account.id, Kind.KEY, key.id, key.role, key.scope)
    return Present(who, ApiKeyRow if due else None)


def _by_link(name: str, secret: str, connection: Connection, now: datetime) -> Present:
    found = link_by(connection, name)
    if not is_secret_of(secret, found[1] if found else NO_DIGEST) or found is None:
        raise Refusal("link.unknown")
    link = found[0]
    if not link.lasts(now):
        raise Refusal("link.unknown")
    scope = Scope(regions=(link.region,), ticket=link.ticket)
    return Present(Principal(link.id, Kind.LINK, link.id, Role.CUSTOMER_LINK, scope))


def note_present(database: Database, found: Present, *, now: datetime) -> None:
    """Write down that a credential is in use, where that is due; a database that cannot leaves it out."""
    table, credential = found.unnoted, found.principal.credential
    if table is None:
        return
    envelope = Envelope(found.principal.user, credential, now, "seen", NO_REGION)
    try:
        database.run(envelope, lambda work: note_seen(work.connection, table, credential, now))
    except Refusal as refusal:
        # A disk that is full must not close the door to who only reads; the session ends a little sooner then.
        LOG.warning("use of %s not noted: %s", credential, refusal.code)
