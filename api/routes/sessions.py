"""Signing in and out, and who one is."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath

from api.asked import ClockAsked, DatabaseAsked, strict
from api.auth.action import Action
from api.auth.address import address_of
from api.auth.door import Asked, Command, may, may_write
from api.auth.first import first_account
from api.auth.present import cookie_name, forget_cookie, give_cookie
from api.auth.principal import Kind, Principal
from api.auth.same_site import check_same_site
from api.auth.sign_in import Caller, change_own_password, sign_in
from api.schemas.people import (
    EndedOut,
    FirstAccountIn,
    MeOut,
    OwnPasswordIn,
    SessionOut,
    SessionsOut,
    SignInIn,
    UserOut,
    WaysInOut,
    scope_out,
    user_out,
)
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from kernel.errors import Refusal
from storage.people.accounts import Account, account_of, close_sessions
from storage.people.credentials import close_session, sessions_of

router = APIRouter(tags=["sign-in"], dependencies=[Depends(strict)], route_class=StrictRoute)


@router.post("/v1/session", status_code=201)
def begin_session(
    body: SignInIn, request: Request, response: Response, database: DatabaseAsked, clock: ClockAsked
) -> MeOut:
    """Sign in: the session's token comes as a cookie no script can read."""
    request.app.state.allowance.spend_address(request)
    check_same_site(request)
    begun = sign_in(
        database,
        request.app.state.passwords,
        request.app.state.policy,
        name=body.name,
        password=body.password,
        caller=Caller(
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            token=request.cookies.get(cookie_name(request), "")[:200],
        ),
        now=clock.now(),
    )
    give_cookie(request, response, begun.token, lasts=begun.session.ends_at - begun.session.made_at)
    account = begun.account
    return _me(Principal(account.id, Kind.SESSION, begun.session.id, account.role, account.scope), account)


@router.get("/v1/session/ways")
def list_ways(request: Request) -> WaysInOut:
    """How people sign in here: by password always, with the company's own account where a provider is set."""
    return WaysInOut(company=request.app.state.provider is not None)


@router.post("/v1/first-account", status_code=201)
def make_first_account(
    body: FirstAccountIn, request: Request, database: DatabaseAsked, clock: ClockAsked
) -> UserOut:
    """Make the first administrator with the secret `fieldwright serve` printed."""
    request.app.state.allowance.spend_address(request)
    check_same_site(request)
    account = first_account(
        database,
        request.app.state.passwords,
        secret=body.secret,
        name=body.name,
        shown=body.shown,
        password=body.password,
        now=clock.now(),
    )
    return user_out(account)


@router.delete("/v1/session", status_code=204)
def end_session(
    command: Annotated[Command, may_write(Action.SELF)], request: Request, response: Response
) -> None:
    """Sign out."""
    principal = command.principal
    if principal.kind is not Kind.SESSION:
        raise Refusal("session.is_none")
    command.database.run(
        command.envelope, lambda work: close_session(work, principal.user, principal.credential)
    )
    forget_cookie(request, response)


@router.get("/v1/sessions")
def list_sessions(asked: Annotated[Asked, may(Action.SELF)], request: Request) -> SessionsOut:
    """One's own sessions that last, newest first."""
    idle = request.app.state.policy.idle
    with asked.database.reading() as connection:
        found = sessions_of(connection, asked.principal.user, now=asked.now, idle=idle)
    return SessionsOut(
        sessions=[
            SessionOut(
                id=one.id,
                made_at=one.made_at,
                seen_at=one.seen_at,
                ends_at=one.ends_at,
                address=one.address,
                agent=one.agent,
                this=one.id == asked.principal.credential,
            )
            for one in found
        ]
    )


@router.delete("/v1/sessions")
def end_every_session(
    command: Annotated[Command, may_write(Action.SELF)], request: Request, response: Response
) -> EndedOut:
    """Sign out everywhere, here too."""
    ended = command.database.run(command.envelope, lambda work: close_sessions(work, command.principal.user))
    forget_cookie(request, response)
    return EndedOut(ended=ended)


@router.delete("/v1/sessions/{session}", status_code=204)
def end_one_session(
    session: Annotated[str, InPath(pattern=ID_PATTERN)], command: Annotated[Command, may_write(Action.SELF)]
) -> None:
    """Sign out somewhere else."""
    command.database.run(command.envelope, lambda work: close_session(work, command.principal.user, session))


@router.get("/v1/me")
def read_me(asked: Annotated[Asked, may(Action.SELF)]) -> MeOut:
    """Who asks, and what they may do."""
    principal = asked.principal
    with asked.database.reading() as connection:
        account = account_of(connection, principal.user)
    return _me(principal, account)


@router.post("/v1/me/password", status_code=204)
def change_password(
    body: OwnPasswordIn, command: Annotated[Command, may_write(Action.SELF)], request: Request
) -> None:
    """Change one's own password; every other session ends."""
    change_own_password(
        command.database,
        request.app.state.passwords,
        request.app.state.policy,
        envelope=command.envelope,
        old=body.old,
        new=body.new,
        address=address_of(request),
    )


@lru_cache(maxsize=256)
def _actions(principal: Principal) -> tuple[str, ...]:
    return tuple(sorted(one.value for one in Action if principal.may(one)))


def _me(principal: Principal, account: Account) -> MeOut:
    return MeOut(
        user=principal.user,
        shown=account.shown,
        kind=principal.kind.value,
        role=principal.role,
        scope=scope_out(principal.scope),
        actions=list(_actions(principal)),
        demo=account.demo,
    )
