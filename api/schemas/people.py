"""Accounts, sessions, keys, links and the audit over HTTP. No answer but the first holds a secret."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from api.wire.bounds import IdIn, In, Lax, LineIn, MaybeIdIn, MomentIn, Out
from storage.people.accounts import Account
from storage.people.credentials import Key
from storage.scope import Scope
from storage.tables.people import Role

PasswordIn = Annotated[str, StringConstraints(max_length=200)]
"""A password as typed; its rules are refused by code."""

IdsIn = Annotated[list[IdIn], Field(max_length=100)]
"""Ids of a scope."""


class SignInIn(In):
    """Name and password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "desk", "password": "a few unrelated words"}]}
    )

    name: LineIn
    password: PasswordIn


class FirstAccountIn(In):
    """The first administrator, with the secret of the first start."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"secret": "fwi-7Q2m", "name": "boss", "password": "a few unrelated words"}]
        }
    )

    secret: LineIn
    name: LineIn
    shown: LineIn = ""
    password: PasswordIn


class ScopeIn(In):
    """Where rights reach; what is not named reaches nothing."""

    everywhere: bool = False
    regions: IdsIn = Field(default_factory=list)
    depots: IdsIn = Field(default_factory=list)
    customers: IdsIn = Field(default_factory=list)
    engineer: MaybeIdIn = ""


class UserIn(In):
    """A new account; without a password it signs in by key only."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "desk",
                    "role": "dispatcher",
                    "scope": {"regions": ["fujian"]},
                    "password": "a few unrelated words",
                }
            ]
        }
    )

    name: LineIn
    shown: LineIn = ""
    role: Annotated[Role, Lax]
    scope: ScopeIn
    password: PasswordIn = ""


class RoleIn(In):
    """Another role and scope."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"role": "storekeeper", "scope": {"regions": ["fujian"], "depots": ["DEP-FZ"]}}]
        }
    )

    role: Annotated[Role, Lax]
    scope: ScopeIn


class ShownIn(In):
    """What people are to call an account's holder; empty: by the name it signs in with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"shown": "Lin Mei"}]})

    shown: LineIn


class NewPasswordIn(In):
    """A password given by an administrator."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a few unrelated words"}]})

    password: PasswordIn


class OpenedIn(In):
    """The password of an account that is opened again; none for a program."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a few unrelated words"}]})

    password: PasswordIn = ""


class OwnPasswordIn(In):
    """One's own password changed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"old": "a few unrelated words", "new": "some other words again"}]}
    )

    old: PasswordIn
    new: PasswordIn


class KeyIn(In):
    """A new key; without a scope it reaches what its account reaches."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"user": "u-3kq7", "name": "vans", "ends_at": "2027-03-06T00:00:00Z"}]
        }
    )

    user: IdIn
    name: LineIn
    scope: ScopeIn | None = None
    ends_at: MomentIn


class LinkIn(In):
    """A customer's link; without an end the setting's."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ends_at": "2026-04-06T00:00:00Z"}]})

    ends_at: MomentIn | None = None


class ContactIn(In):
    """A contact, in exactly the words it was written down."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"contact": "gate 3, 0591 000 0000"}]})

    contact: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class PositionIn(In):
    """Where an engineer is; the moment at most five minutes ago."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"engineer": "E1", "at": "2026-03-06T08:00:00+08:00", "lat": 26.08, "lon": 119.29}]
        }
    )

    engineer: IdIn
    at: MomentIn
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class ScopeOut(Out):
    """Where rights reach."""

    everywhere: bool
    regions: list[str]
    depots: list[str]
    customers: list[str]
    engineer: str


class UserOut(Out):
    """An account."""

    id: str
    name: str
    shown: str
    role: Role
    scope: ScopeOut
    made_at: datetime
    closed_at: datetime | None
    demo: bool
    erased: bool


class UsersOut(Out):
    """A page of accounts, by id."""

    users: list[UserOut]
    next: str | None


class NamesOut(Out):
    """Names by account; empty where it was erased, ids of no account are left out."""

    names: dict[str, str]


class MeOut(Out):
    """Who asks, and what they may do."""

    user: str
    shown: str
    kind: str
    role: Role
    scope: ScopeOut
    actions: list[str]
    demo: bool


class WaysInOut(Out):
    """How people sign in; `company`: with the company's own account too, at `/v1/session/company`."""

    company: bool


class SessionOut(Out):
    """A sign-in that lasts; `seen_at` to the minute."""

    id: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str
    this: bool


class SessionsOut(Out):
    """One's own sessions, newest first."""

    sessions: list[SessionOut]


class KeyOut(Out):
    """A key, without its secret; `seen_at` to the minute."""

    id: str
    user: str
    name: str
    role: Role
    scope: ScopeOut
    made_at: datetime
    seen_at: datetime | None
    ends_at: datetime
    closed_at: datetime | None


class KeysOut(Out):
    """A page of keys, by id."""

    keys: list[KeyOut]
    next: str | None


class GivenOut(Out):
    """What was made; `secret` is said this once, and is empty when the same request comes again."""

    id: str
    secret: str


class EndedOut(Out):
    """How many were ended."""

    ended: int


class CustomerTicketOut(Out):
    """What a customer sees of the ticket his link is for; telephone numbers are masked."""

    ticket: str
    reported_at: datetime
    stage: str
    symptom: str
    text: str
    contact: str
    visits: list[datetime]
    """Beginnings of the visits the customer was told."""


class AuditEntryOut(Out):
    """One thing done; `actor_name`: what people call the account, empty where it is none."""

    lane: int
    number: int
    at: datetime
    actor: str
    actor_name: str
    device: str
    key: str
    action: str
    about: str
    facts: dict[str, Any]
    hash: str


class AuditLineOut(Out):
    """The same as a line of a file: `facts` as JSON."""

    lane: int
    number: int
    at: datetime
    actor: str
    actor_name: str
    device: str
    action: str
    about: str
    facts: str
    hash: str


class AuditOut(Out):
    """A page of the audit, newest first."""

    region: str
    entries: list[AuditEntryOut]
    next: str | None


class AuditBreakOut(Out):
    """The first entry of a chain that does not follow from the one before; 0: its end is missing."""

    lane: int
    number: int


class AuditCheckOut(Out):
    """A part of the chains read again: entries read, of how many there are, and where the next part begins."""

    region: str
    checked: int
    total: int
    breaks: list[AuditBreakOut]
    next: str | None


class PositionOut(Out):
    """Where an engineer was seen; degrees, WGS-84."""

    engineer: str
    at: datetime
    lat: float
    lon: float


class PositionsOut(Out):
    """Engineers on duty, by id."""

    region: str
    positions: list[PositionOut]


class ErasedOut(Out):
    """What was overwritten or removed, by table."""

    rows: dict[str, int]


def scope_out(scope: Scope) -> ScopeOut:
    """A scope as shown."""
    return ScopeOut(
        everywhere=scope.everywhere,
        regions=list(scope.regions),
        depots=list(scope.depots),
        customers=list(scope.customers),
        engineer=scope.engineer,
    )


def scope_in(scope: ScopeIn) -> Scope:
    """The scope a request names.

    Raises:
        Refusal: ``scope.*``.
    """
    return Scope(
        everywhere=scope.everywhere,
        regions=tuple(scope.regions),
        depots=tuple(scope.depots),
        customers=tuple(scope.customers),
        engineer=scope.engineer,
    )


def user_out(account: Account) -> UserOut:
    """An account as shown."""
    return UserOut(
        id=account.id,
        name=account.name,
        shown=account.shown,
        role=account.role,
        scope=scope_out(account.scope),
        made_at=account.made_at,
        closed_at=account.closed_at,
        demo=account.demo,
        erased=account.erased,
    )


def key_out(key: Key) -> KeyOut:
    """A key as shown."""
    return KeyOut(
        id=key.id,
        user=key.account,
        name=key.name,
        role=key.role,
        scope=scope_out(key.scope),
        made_at=key.made_at,
        seen_at=key.seen_at,
        ends_at=key.ends_at,
        closed_at=key.closed_at,
    )
