"""The first account: whoever started the server holds a secret that makes one administrator, once."""

from __future__ import annotations

from datetime import datetime

from api.auth.password import Passwords
from api.auth.policy import Policy
from api.auth.secret import digest_of, drawn_id, drawn_secret
from api.auth.sign_in import sign_in_name
from kernel.envelope import NO_REGION, Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.people.accounts import Account, add_account, any_account, invite, redeem
from storage.people.turn import take_turn
from storage.scope import Scope
from storage.tables.people import Role
from storage.unit_of_work import UnitOfWork


def invitation(database: Database, policy: Policy, *, now: datetime) -> str | None:
    """A secret that makes the first account, where there is none yet; one given before is worth nothing then."""
    with database.reading() as connection:
        if any_account(connection):
            return None
    secret = drawn_secret()
    envelope = Envelope("server", "first-start", now, drawn_id("I"), NO_REGION)

    def command(work: UnitOfWork) -> bool:
        take_turn(work)
        if any_account(work.connection):
            return False
        invite(work, digest_of(secret), Role.ADMINISTRATOR, ends_at=now + policy.invitation_lasts)
        return True

    return secret if database.run(envelope, command) else None


def first_account(
    database: Database,
    passwords: Passwords,
    *,
    secret: str,
    name: str,
    shown: str,
    password: str,
    now: datetime,
) -> Account:
    """Make the first account with the secret of the first start.

    Raises:
        Refusal: ``invitation.unknown``, ``user.*``, ``password.*``.
    """
    known_as = sign_in_name(name)
    account = Account(
        id=drawn_id("U"),
        name=known_as,
        shown=shown.strip() or known_as,
        role=Role.ADMINISTRATOR,
        scope=Scope(everywhere=True),
        password_hash=passwords.hashed(password, name=known_as),
        made_at=now,
    )

    def command(work: UnitOfWork) -> None:
        take_turn(work)
        if any_account(work.connection):
            raise Refusal("invitation.unknown")
        redeem(work, digest_of(secret))
        add_account(work, account)

    database.run(Envelope(account.id, "first-start", now, drawn_id("I"), NO_REGION), command)
    return account
