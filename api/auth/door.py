"""The door: every route names the one right it is about and gets who asks, where, when; a write its envelope too.

A read route takes ``asked: Annotated[Asked, may(Action.TICKET_READ)]``, a write route
``command: Annotated[Command, may_write(Action.TICKET_WRITE)]``. A route without either must stand in `OPEN`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from sqlalchemy import Connection

from api.asked import RegionAsked, clock_of, database_of
from api.auth.action import COMPANY, WEIGHT, Action
from api.auth.present import note_present, present, supposed
from api.auth.principal import Principal
from api.auth.same_site import check_same_site
from api.auth.secret import drawn_id
from api.errors import language_of
from api.text import Lang
from api.wire.straight import PROVE
from kernel.envelope import NO_REGION, Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.rows.region import is_seen, only_region
from storage.scope import Scope

OPEN = frozenset(
    {
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),  # this machine only; from elsewhere it asks for METRICS_READ itself
        ("GET", "/openapi.json"),
        ("GET", "/"),  # the pages themselves: what they show is asked for
        ("GET", "/console/{path:path}"),
        ("GET", "/pages/{name}"),  # styles and scripts of the phone and the link
        ("GET", "/m/sign-in"),
        ("POST", "/m/sign-in"),
        ("GET", "/m/offline"),
        ("GET", "/m/sw.js"),
        ("POST", "/v1/session"),
        ("GET", "/v1/session/ways"),
        ("GET", "/v1/session/company"),  # to the company's provider and back; 404 where none is set
        ("GET", "/v1/session/company/back"),
        ("POST", "/v1/first-account"),
    }
)
"""Routes that ask nobody who they are; each with its own limits."""

SPENT = "fieldwright.spent"
"""In the scope of a request that began on a supposition: its address was counted, and this account; begun anew it is no second one."""

KEY_MOST = 200
"""Characters of an Idempotency-Key."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a route knows about the request: nothing of it comes from the body.

    Args:
        principal: who asks; the right has been checked.
        database: to read and write.
        now: the server's moment, once for the whole request.
        lang: to answer in.
        region: the one meant, within the scope; `NO_REGION` for what is about the company.
    """

    principal: Principal
    database: Database
    now: datetime
    lang: Lang
    region: str

    @property
    def scope(self) -> Scope:
        """Where the rights reach; its conditions go into the queries."""
        return self.principal.scope


@dataclass(frozen=True, slots=True)
class Command(Asked):
    """What a route that writes knows: the same, and the envelope of its command.

    Args:
        envelope: actor is the principal's account, device its session or key, key the caller's made his own.
    """

    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Door:
    """A dependency: asks who it is and whether they may."""

    action: Action

    def __call__(self, request: Request, region: RegionAsked = "") -> Asked:
        """Let the request in.

        Raises:
            Refusal: ``session.*``, ``key.*``, ``right.*``, ``rate.*``, ``region.*``.
        """
        return _asked(request, self.action, region)


@dataclass(frozen=True, slots=True)
class CompanyDoor:
    """As `Door`, for what is about no region: the parameter is not even known."""

    action: Action

    def __call__(self, request: Request) -> Asked:
        """Let the request in, as `Door` does."""
        return _asked(request, self.action, "")


KeyAsked = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=KEY_MOST,
        description="Your own key for this command: sent again with the same key it has its effect once.",
    ),
]


@dataclass(frozen=True, slots=True)
class WriteDoor:
    """As `Door`, and makes the envelope of the command.

    Args:
        action: the right.
        within: the route does nothing but by the command's database: who asks may be proved with the command's first
            question, see `supposed`.
    """

    action: Action
    within: bool = False

    def __call__(self, request: Request, region: RegionAsked = "", idempotency_key: KeyAsked = "") -> Command:
        """Let the request in.

        Raises:
            Refusal: as `Door`; ``request.no_key``, ``request.bad_key``, ``right.other_site``.
        """
        asked = _supposed(request, self.action, region) if self.within else None
        asked = asked or _asked(request, self.action, region)
        return _command(asked, idempotency_key, request.method)


@dataclass(frozen=True, slots=True)
class CompanyWriteDoor:
    """As `WriteDoor`, for what is about no region."""

    action: Action

    def __call__(self, request: Request, idempotency_key: KeyAsked = "") -> Command:
        """Let the request in, as `WriteDoor` does."""
        return _command(_asked(request, self.action, ""), idempotency_key, request.method)


DOORS = (Door, CompanyDoor, WriteDoor, CompanyWriteDoor)
"""What a test looks for in every route."""


def may(action: Action) -> Any:
    """The dependency of a route that reads; gives an `Asked`."""
    return Depends(CompanyDoor(action) if action in COMPANY else Door(action))


def may_write(action: Action, *, within: bool = False) -> Any:
    """The dependency of a route that writes; gives a `Command`. `within` as of `WriteDoor`."""
    return Depends(CompanyWriteDoor(action) if action in COMPANY else WriteDoor(action, within))


def _supposed(request: Request, action: Action, region: str) -> Asked | None:
    """As `_asked` would say if nothing has changed about a key since it came last; None: it has to be asked.

    Its database proves that before it is asked anything else, and the route is not answered before it was
    (`api.wire.straight`): whose key was taken back meanwhile is refused as ever.
    """
    database, now = database_of(request), clock_of(request).now()
    if database.kind != "postgresql" or PROVE not in request.scope or not is_seen(database.engine, region):
        return None
    known = supposed(request, now=now)
    if known is None:
        return None
    found, proof = known
    proving, principal = replace(database, proof=proof), found.principal
    allowance = request.app.state.allowance
    allowance.spend_address(request)
    request.scope[PROVE] = proving.prove
    request.scope[SPENT] = ""
    allowance.spend(principal, weight=WEIGHT.get(action, 1))
    request.scope[SPENT] = principal.user
    principal.check(action)
    if not principal.scope.reaches(region):
        raise Refusal("region.unknown", region=region)
    return Asked(principal=principal, database=proving, now=now, lang=language_of(request), region=region)


def _asked(request: Request, action: Action, region: str) -> Asked:
    database, now = database_of(request), clock_of(request).now()
    allowance = request.app.state.allowance
    if SPENT not in request.scope:
        allowance.spend_address(request)
    found = None
    try:
        with database.looking() as connection:
            found = present(request, connection, now=now)
            principal = found.principal
            if principal.kind == "session":
                check_same_site(request)
            if request.scope.get(SPENT) != principal.user:
                allowance.spend(principal, weight=WEIGHT.get(action, 1))
            principal.check(action)
            meant = NO_REGION if action in COMPANY else _region(connection, principal.scope, region)
    finally:
        if found is not None:
            note_present(database, found, now=now)
    return Asked(principal=principal, database=database, now=now, lang=language_of(request), region=meant)


def _region(connection: Connection, scope: Scope, wanted: str) -> str:
    """The region meant; one outside the scope is as unknown as one that is not there."""
    if wanted and not scope.reaches(wanted):
        raise Refusal("region.unknown", region=wanted)
    if not wanted and not scope.everywhere:
        if not scope.regions:
            raise Refusal("region.none")
        if len(scope.regions) > 1:
            raise Refusal("region.which", regions=", ".join(scope.regions[:20]))
        wanted = scope.regions[0]
    found = only_region(connection, wanted)
    if found == NO_REGION:  # a region of that name would have the company's audit
        raise Refusal("region.unknown", region=found)
    return found


def own_key(user: str, key: str) -> str:
    """The key a caller's command is known by here."""
    return "H-" + hashlib.sha256(f"{user}\0{key}".encode()).hexdigest()[:40]


def _command(asked: Asked, key: str, method: str) -> Command:
    if not key and method == "DELETE":
        key = drawn_id("D")  # to end what has ended has no effect anyway
    if not key:
        raise Refusal("request.no_key")
    if not key.isprintable():
        raise Refusal("request.bad_key")
    principal = asked.principal
    # The same word from two callers is two keys: nobody is given the reply to another's command.
    own = own_key(principal.user, key)
    envelope = Envelope(principal.user, principal.credential, asked.now, own, asked.region)
    return Command(asked.principal, asked.database, asked.now, asked.lang, asked.region, envelope)
