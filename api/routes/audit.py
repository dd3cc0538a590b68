"""Who did what when."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.asked import strict
from api.auth.action import Action
from api.auth.called import names_of
from api.auth.door import Asked, may
from api.schemas.people import AuditBreakOut, AuditCheckOut, AuditEntryOut, AuditLineOut, AuditOut
from api.shapes.listed import CSV, FILE_PAGE
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, cursor, uncursor
from api.wire.table import FileWanted, every, table
from kernel.clock import moment
from kernel.errors import Refusal
from storage.audit import part_checked
from storage.audit_page import After, Wanted, audit_page

router = APIRouter(prefix="/v1", tags=["audit"], dependencies=[Depends(strict)], route_class=StrictRoute)


def _wanted(
    actor: Annotated[
        str, Query(pattern=r"^$|" + ID_PATTERN, max_length=64, description="Account's id.")
    ] = "",
    action: Annotated[
        str, Query(pattern=r"^[a-z_.]*$", max_length=64, description="Dotted; `stock` means all of it.")
    ] = "",
    about: Annotated[str, Query(max_length=80, description="Id of what it was done to.")] = "",
    since: Annotated[str, Query(max_length=40, description="From this moment.")] = "",
    until: Annotated[str, Query(max_length=40, description="Until before this moment.")] = "",
) -> Wanted:
    return Wanted(
        actor=actor,
        action=action,
        about=about,
        since=moment(since) if since else None,
        until=moment(until) if until else None,
    )


CHECKED_AT_ONCE = 20_000
"""Entries of the chains read again in one request: less than a second."""

WantedAsked = Annotated[Wanted, Depends(_wanted)]


@router.get("/audit", response_model=AuditOut, responses=CSV)
def list_audit(
    asked: Annotated[Asked, may(Action.AUDIT_READ)],
    wanted: WantedAsked,
    file: FileWanted,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | AuditOut:
    """What was done in a region, newest first; `fieldwright db verify` checks the chain."""
    return _file(asked, wanted) if file else _page(asked, wanted, limit, after)


@router.get("/company-audit", response_model=AuditOut, responses=CSV)
def list_company_audit(
    asked: Annotated[Asked, may(Action.COMPANY_AUDIT_READ)],
    wanted: WantedAsked,
    file: FileWanted,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | AuditOut:
    """What was done to accounts, keys and the database itself, newest first."""
    return _file(asked, wanted) if file else _page(asked, wanted, limit, after)


@router.get("/audit/check")
def check_audit(asked: Annotated[Asked, may(Action.AUDIT_READ)], after: CursorAsked = "") -> AuditCheckOut:
    """Read a part of a region's chains again; ask on with `next` until it is null, and nothing was changed if no break was named."""
    return _checked(asked, after)


@router.get("/company-audit/check")
def check_company_audit(
    asked: Annotated[Asked, may(Action.COMPANY_AUDIT_READ)], after: CursorAsked = ""
) -> AuditCheckOut:
    """The same of what was done to accounts, keys and the database itself."""
    return _checked(asked, after)


def _checked(asked: Asked, after: str) -> AuditCheckOut:
    parts = uncursor(after, parts=2)
    if parts and not all(part.isdecimal() and len(part) < 12 for part in parts):
        raise Refusal("request.bad_cursor")
    begun = (int(parts[0]), int(parts[1])) if parts else (0, 0)
    with asked.database.reading() as connection:
        part = part_checked(connection, asked.region, after=begun, most=CHECKED_AT_ONCE)
    return AuditCheckOut(
        region=asked.region,
        checked=part.read,
        total=part.total,
        breaks=[AuditBreakOut(lane=one.lane, number=one.number) for one in part.breaks],
        next=cursor(*map(str, part.after)) if part.after else None,
    )


def _page(asked: Asked, wanted: Wanted, limit: int, after: str) -> AuditOut:
    with asked.database.reading() as connection:
        found = audit_page(connection, asked.region, wanted, most=limit + 1, after=_after(after))
        names = names_of(asked, connection, (one.actor for one in found))
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return AuditOut(
        region=asked.region,
        entries=[
            AuditEntryOut(
                lane=one.lane,
                number=one.number,
                at=one.at,
                actor=one.actor,
                actor_name=names.get(one.actor, ""),
                device=one.device,
                key=one.key,
                action=one.action,
                about=one.about,
                facts=one.facts,
                hash=one.hash,
            )
            for one in shown
        ],
        next=cursor(last.at.isoformat(), str(last.lane), str(last.number)) if last else None,
    )


def _file(asked: Asked, wanted: Wanted) -> Response:
    """All of it, with what was noted of each as JSON."""
    with asked.database.reading() as connection:

        def page(last: After | None) -> tuple[list[AuditLineOut], After | None]:
            found = audit_page(connection, asked.region, wanted, most=FILE_PAGE + 1, after=last)
            shown = found[:FILE_PAGE]
            names = names_of(asked, connection, (one.actor for one in shown))
            more = (shown[-1].at, shown[-1].lane, shown[-1].number) if len(found) > FILE_PAGE else None
            return [
                AuditLineOut(
                    lane=one.lane,
                    number=one.number,
                    at=one.at,
                    actor=one.actor,
                    actor_name=names.get(one.actor, ""),
                    device=one.device,
                    action=one.action,
                    about=one.about,
                    facts=json.dumps(one.facts, ensure_ascii=False, sort_keys=True),
                    hash=one.hash,
                )
                for one in shown
            ], more

        return table("audit", AuditLineOut, every(page))


def _after(text: str) -> After | None:
    parts = uncursor(text, parts=3)
    if parts is None:
        return None
    if not all(part.isdecimal() and len(part) < 12 for part in parts[1:]):
        raise Refusal("request.bad_cursor")
    return moment(parts[0]), int(parts[1]), int(parts[2])
