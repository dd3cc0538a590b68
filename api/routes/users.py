"""Accounts and keys, for who hands out rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.auth.given import change_account, give_account, give_key
from api.auth.secret import slow_digest
from api.auth.shown import rights_of_user, rights_table
from api.auth.sign_in import sign_in_name
from api.schemas.people import (
    EndedOut,
    GivenOut,
    KeyIn,
    KeysOut,
    NewPasswordIn,
    OpenedIn,
    RoleIn,
    ShownIn,
    UserIn,
    UserOut,
    UsersOut,
    key_out,
    scope_in,
    user_out,
)
from api.schemas.rights import RightsOfUserOut, RightsOut
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, cursor, uncursor
from api.wire.version import IfMatch, seen_version, tag
from storage.people.accounts import (
    account_of,
    account_page,
    check_seen,
    check_way_in,
    close_account,
    end_sessions,
    open_account,
    set_password,
    set_role,
    set_shown_name,
)
from storage.people.credentials import close_key, key_page
from storage.scope import scope_document
from storage.unit_of_work import UnitOfWork

router = APIRouter(tags=["users"], dependencies=[Depends(strict)], route_class=StrictRoute)

UserNamed = Annotated[str, InPath(pattern=ID_PATTERN, max_length=64)]


@router.get("/v1/users")
def list_users(
    asked: Annotated[Asked, may(Action.USER_ADMIN)], limit: LimitAsked = 50, after: CursorAsked = ""
) -> UsersOut:
    """Accounts by id, closed ones too."""
    started = uncursor(after, parts=1)
    with asked.database.reading() as connection:
        found = account_page(connection, most=limit + 1, after=started[0] if started else "")
    shown = found[:limit]
    return UsersOut(
        users=[user_out(one) for one in shown], next=cursor(shown[-1].id) if len(found) > limit else None
    )


@router.post("/v1/users", status_code=201)
def add_user(
    body: UserIn, command: Annotated[Command, may_write(Action.USER_ADMIN)], request: Request
) -> UserOut:
    """Add an account; one for another program (`integration`) has no password but keys."""
    check_way_in(body.role, password=body.password)
    name = sign_in_name(body.name)
    hashed = request.app.state.passwords.hashed(body.password, name=name) if body.password else ""
    account = give_account(
        command.database,
        command.envelope,
        name=name,
        shown=body.shown,
        role=body.role,
        scope=scope_in(body.scope),
        password_hash=hashed,
        password_digest=slow_digest(body.password, salt=command.envelope.key) if body.password else "",
    )
    return user_out(account)


@router.get("/v1/users/{user}")
def read_user(
    user: UserNamed, asked: Annotated[Asked, may(Action.USER_ADMIN)], response: Response
) -> UserOut:
    """One account; the ETag is the version that a change of its role or password can be held to."""
    with asked.database.reading() as connection:
        account = account_of(connection, user)
    response.headers["ETag"] = tag(account.version)
    return user_out(account)


@router.post("/v1/users/{user}/close")
def close_user(user: UserNamed, command: Annotated[Command, may_write(Action.USER_ADMIN)]) -> UserOut:
    """End an account, its sessions and its keys; it stays in the records."""
    _once(command, "user.close", {"user": user}, lambda work: close_account(work, user))
    return _read(command, user)


@router.post("/v1/users/{user}/open")
def open_user(
    user: UserNamed,
    body: OpenedIn,
    command: Annotated[Command, may_write(Action.USER_ADMIN)],
    request: Request,
) -> UserOut:
    """Let a closed account sign in again, with another password; its keys stay ended."""
    with command.database.reading() as connection:
        name = account_of(connection, user).name
    hashed = request.app.state.passwords.hashed(body.password, name=name) if body.password else ""
    wanted = {
        "user": user,
        "password": slow_digest(body.password, salt=command.envelope.key) if body.password else "",
    }
    _once(command, "user.open", wanted, lambda work: open_account(work, user, hashed))
    return _read(command, user)


@router.delete("/v1/users/{user}/sessions")
def end_sessions_of_user(
    user: UserNamed, command: Annotated[Command, may_write(Action.USER_ADMIN)]
) -> EndedOut:
    """Sign somebody out everywhere."""
    return EndedOut(ended=command.database.run(command.envelope, lambda work: end_sessions(work, user)))


@router.get("/v1/users/{user}/rights")
def read_rights_of_user(user: UserNamed, asked: Annotated[Asked, may(Action.USER_ADMIN)]) -> RightsOfUserOut:
    """What an account may do; of what it may not, the code of the refusal it would get."""
    with asked.database.reading() as connection:
        account = account_of(connection, user)
    return rights_of_user(account, lang=asked.lang)


@router.get("/v1/rights")
def list_rights(asked: Annotated[Asked, may(Action.USER_ADMIN)]) -> RightsOut:
    """The table of rights: every action in words, with the roles that may and what a narrow scope leaves."""
    return rights_table(lang=asked.lang)


@router.put("/v1/users/{user}/role")
def change_role(
    user: UserNamed,
    body: RoleIn,
    command: Annotated[Command, may_write(Action.USER_ADMIN)],
    if_match: IfMatch = "",
) -> UserOut:
    """Give an account another role or scope; its sessions end. With If-Match only as it was seen."""
    scope, seen = scope_in(body.scope), seen_version(if_match)
    wanted = {"user": user, "role": body.role.value, "scope": scope_document(scope)}

    def change(work: UnitOfWork) -> None:
        check_seen(work, user, seen)
        set_role(work, user, body.role, scope)

    _once(command, "user.role", wanted, change)
    return _read(command, user)


@router.put("/v1/users/{user}/shown-name")
def change_shown_name(
    user: UserNamed,
    body: ShownIn,
    command: Annotated[Command, may_write(Action.USER_ADMIN)],
    if_match: IfMatch = "",
) -> UserOut:
    """Call an account's holder otherwise from now on; its sessions go on. With If-Match only as it was seen."""
    seen = seen_version(if_match)

    def change(work: UnitOfWork) -> None:
        check_seen(work, user, seen)
        set_shown_name(work, user, body.shown)

    _once(command, "user.shown_name", {"user": user, "shown": body.shown}, change)
    return _read(command, user)


@router.put("/v1/users/{user}/password", status_code=204)
def give_password(
    user: UserNamed,
    body: NewPasswordIn,
    command: Annotated[Command, may_write(Action.USER_ADMIN)],
    request: Request,
    if_match: IfMatch = "",
) -> None:
    """Give an account another password; its sessions end. With If-Match only as it was seen."""
    seen = seen_version(if_match)
    with command.database.reading() as connection:
        name = account_of(connection, user).name
    hashed = request.app.state.passwords.hashed(body.password, name=name)
    wanted = {"user": user, "password": slow_digest(body.password, salt=command.envelope.key)}

    def change(work: UnitOfWork) -> None:
        check_seen(work, user, seen)
        set_password(work, user, hashed)

    _once(command, "user.password", wanted, change)


@router.get("/v1/keys")
def list_keys(
    asked: Annotated[Asked, may(Action.KEY_ADMIN)], limit: LimitAsked = 50, after: CursorAsked = ""
) -> KeysOut:
    """Keys by id, ended ones too, without their secrets."""
    started = uncursor(after, parts=1)
    with asked.database.reading() as connection:
        found = key_page(connection, most=limit + 1, after=started[0] if started else "")
    shown = found[:limit]
    return KeysOut(
        keys=[key_out(one) for one in shown], next=cursor(shown[-1].id) if len(found) > limit else None
    )


@router.post("/v1/keys", status_code=201)
def add_key(body: KeyIn, command: Annotated[Command, may_write(Action.KEY_ADMIN)]) -> GivenOut:
    """Give an account a key; its secret is in this answer and nowhere else."""
    given = give_key(
        command.database,
        command.envelope,
        user=body.user,
        name=body.name,
        scope=None if body.scope is None else scope_in(body.scope),
        ends_at=body.ends_at,
    )
    return GivenOut(id=given.id, secret=given.secret)


@router.delete("/v1/keys/{key}", status_code=204)
def end_key(key: UserNamed, command: Annotated[Command, may_write(Action.KEY_ADMIN)]) -> None:
    """Take a key back."""
    command.database.run(command.envelope, lambda work: close_key(work, key))


def _once(
    command: Command, name: str, content: dict[str, Any], change: Callable[[UnitOfWork], object]
) -> None:
    change_account(command.database, command.envelope, name, content, change)


def _read(command: Command, user: str) -> UserOut:
    with command.database.reading() as connection:
        return user_out(account_of(connection, user))
