"""Signing in: counted, hashed, compared, and only then a session with a token nobody had before."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.auth.address import is_loopback
from api.auth.password import Passwords
from api.auth.policy import Policy
from api.auth.secret import digest_of, drawn_id, drawn_secret
from kernel.envelope import NO_REGION, Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply, answered, once
from storage.people.accounts import Account, account_named, account_of, close_sessions, set_password
from storage.people.credentials import Session, close_session, open_session, session_by
from storage.people.tries import begin_try, forget_tries
from storage.unit_of_work import UnitOfWork

NAME_MOST = 64
"""Characters of a name to sign in with."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just begun; `token` is shown to its owner's browser once and kept nowhere."""

    session: Session
    account: Account
    token: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in comes from.

    Args:
        address: as `api.auth.address` counts it.
        agent: what the program says it is; cut to what the table holds.
        token: of the session it had before, empty for none; it ends, whoever planted it.
    """

    address: str
    agent: str = ""
    token: str = ""


def sign_in_name(text: str) -> str:
    """The name as it is kept and compared: one Unicode form, lower case.

    Raises:
        Refusal: ``user.malformed_name``.

    >>> sign_in_name(" Desk-1 ")
    'desk-1'
    """
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    if not 1 <= len(name) <= NAME_MOST or not name.isprintable() or any(map(str.isspace, name)):
        raise Refusal("user.malformed_name", most=NAME_MOST)
    return name


def sign_in(
    database: Database,
    passwords: Passwords,
    policy: Policy,
    *,
    name: str,
    password: str,
    caller: Caller,
    now: datetime,
) -> SignedIn:
    """Begin a session.

    A name nobody has, a wrong password and a closed account are refused alike and take the same time.

    Raises:
        Refusal: ``session.refused``, ``session.too_many_tries`` with the seconds to wait, ``password.busy``.
    """
    try:
        known_as = sign_in_name(name)
    except Refusal:
        known_as = ""
    tried = digest_of(known_as or name)
    door = Envelope("door", "sign-in", now, "sign-in", NO_REGION)
    wait = database.run(
        door,
        lambda work: begin_try(work, name_digest=tried, address=caller.address, throttle=policy.throttle),
    )
    if wait is not None:
        raise Refusal("session.too_many_tries", retry_s=int(wait.total_seconds()) + 1)
    with database.reading() as connection:
        account = account_named(connection, known_as)
    there = account is not None and account.is_open and (not account.demo or is_loopback(caller.address))
    if (
        not passwords.is_right(password, account.password_hash if account and there else "")
        or account is None
    ):
        raise Refusal("session.refused")
    renewed = passwords.rehashed(password) if passwords.is_old(account.password_hash) else ""
    return begin_session(database, policy, account, caller, now, tried=tried, renewed=renewed)


def begin_session(
    database: Database,
    policy: Policy,
    account: Account,
    caller: Caller,
    now: datetime,
    *,
    tried: str,
    renewed: str = "",
) -> SignedIn:
    """Begin the session of somebody who has shown who he is.

    Args:
        database: open.
        policy: how long it lasts.
        account: his.
        caller: where he comes from; the session he had there before ends.
        now: the moment.
        tried: digest of the name he came with; failed tries with it are forgotten.
        renewed: a new hash of his password; empty: the old one stays.
    """
    token = drawn_secret()
    session = Session(
        id=drawn_id("S"),
        account=account.id,
        made_at=now,
        seen_at=now,
        ends_at=now + policy.longest,
        closed_at=None,
        address=caller.address,
        agent="".join(letter for letter in caller.agent if letter.isprintable())[:200],
    )

    def command(work: UnitOfWork) -> None:
        forget_tries(work, name_digest=tried)
        if renewed:
            set_password(work, account.id, renewed, ends_sessions=False)
        before = session_by(work.connection, digest_of(caller.token)) if caller.token else None
        if before is not None:
            close_session(work, before[1].id, before[0].id)
        open_session(work, session, digest_of(token))

    database.run(Envelope(account.id, session.id, now, session.id, NO_REGION), command)
    return SignedIn(session, account, token)


def change_own_password(
    database: Database,
    passwords: Passwords,
    policy: Policy,
    *,
    envelope: Envelope,
    old: str,
    new: str,
    address: str,
) -> None:
    """Change the actor's own password; every other session of theirs ends. Wrong tries count as at the door.

    Raises:
        Refusal: ``session.refused``, ``session.too_many_tries``, ``password.*``, ``user.*``.
    """
    with database.reading() as connection:
        account = account_of(connection, envelope.actor)
        if answered(connection, envelope.region, envelope.key) is not None:
            return
    tried = digest_of(account.name)
    wait: timedelta | None = database.run(
        envelope, lambda work: begin_try(work, name_digest=tried, address=address, throttle=policy.throttle)
    )
    if wait is not None:
        raise Refusal("session.too_many_tries", retry_s=int(wait.total_seconds()) + 1)
    if not passwords.is_right(old, account.password_hash):
        raise Refusal("session.refused")
    hashed = passwords.hashed(new, name=account.name)

    def act(work: UnitOfWork) -> Reply:
        forget_tries(work, name_digest=tried)
        set_password(work, account.id, hashed, ends_sessions=False)
        close_sessions(work, account.id, but=envelope.device)
        return {}

    database.run(envelope, lambda work: once(work, "user.own_password", {}, lambda: act(work)))
