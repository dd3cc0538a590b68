"""Accounts and keys for tests: somebody of a role with a key, without paying for a password's hash."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from fastapi.testclient import TestClient

from api.auth.given import give_account, give_key
from api.auth.password import Passwords
from api.auth.policy import Hashing
from api.settings import Settings
from kernel.envelope import Envelope
from storage.database import Database
from storage.people.accounts import Account
from storage.scope import Scope
from storage.tables.people import Role

EVERYWHERE = Scope(everywhere=True)

QUICK = Settings.model_construct(
    password_memory_mib=8, requests_per_min=10_000_000, requests_per_min_address=10_000_000
)
"""Cheap passwords and no limits: for tests of something else."""

NUMBERS = count(1)


def company(key: str = "", *, now: datetime) -> Envelope:
    """The envelope of a command about the whole company."""
    return Envelope("operator", "test", now, key or f"company-{next(NUMBERS)}", "none")


def somebody(
    database: Database,
    role: Role,
    scope: Scope = EVERYWHERE,
    *,
    now: datetime,
    name: str = "",
    password_hash: str = "",
) -> Account:
    """An account; without a password's hash it signs in by key only."""
    return give_account(
        database,
        company(now=now),
        name=name or f"{role.value}-{next(NUMBERS)}",
        shown="",
        role=role,
        scope=scope,
        password_hash=password_hash,
    )


def person(
    database: Database,
    role: Role = Role.MANAGER,
    scope: Scope = EVERYWHERE,
    *,
    now: datetime,
    name: str = "desk-1",
) -> str:
    """An account that signs in with `PASSWORD`; gives its id."""
    hashed = PASSWORDS.hashed(PASSWORD, name=name)
    return somebody(database, role, scope, now=now, name=name, password_hash=hashed).id


def bearer(
    database: Database, role: Role, scope: Scope = EVERYWHERE, *, now: datetime, days: float = 3650
) -> dict[str, str]:
    """The header of a program that may do what a role may."""
    account = somebody(database, role, scope, now=now)
    ends = now + timedelta(days=days)
    given = give_key(database, company(now=now), user=account.id, name="test", scope=None, ends_at=ends)
    return {"Authorization": f"Bearer {given.secret}"}


PASSWORD = "nine blue horses at noon"  # noqa: S105 a password of the tests
GUESS = "wrong wrong wrong"
PASSWORDS = Passwords(Hashing(memory_kib=8 * 1024))


def enter(client: TestClient, name: str = "desk-1", password: str = PASSWORD, **headers: str) -> Any:
    """Sign in; the client keeps the cookie."""
    return client.post("/v1/session", json={"name": name, "password": password}, headers=headers)


def code(answer: Any) -> str:
    """Status and code of a refusal."""
    return f"{answer.status_code} {answer.json()['code']}"


def once(headers: dict[str, str]) -> dict[str, str]:
    """The headers with a key nobody used before."""
    return {**headers, "Idempotency-Key": f"n-{next(NUMBERS)}"}
