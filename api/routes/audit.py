"""Who did what when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.schemas.people import AuditEntryOut, AuditOut
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, cursor, uncursor
from kernel.clock import moment
from kernel.errors import Refusal
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


WantedAsked = Annotated[Wanted, Depends(_wanted)]


@router.get("/audit")
def list_audit(
    asked: Annotated[Asked, may(Action.AUDIT_READ)],
    wanted: WantedAsked,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> AuditOut:
    """What was done in a region, newest first; `fieldwright db verify` checks the chain."""
    return _page(asked, wanted, limit, after)


@router.get("/company-audit")
def list_company_audit(
    asked: Annotated[Asked, may(Action.COMPANY_AUDIT_READ)],
    wanted: WantedAsked,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> AuditOut:
    """What was done to accounts, keys and the database itself, newest first."""
    return _page(asked, wanted, limit, after)


def _page(asked: Asked, wanted: Wanted, limit: int, after: str) -> AuditOut:
    with asked.database.reading() as connection:
        found = audit_page(connection, asked.region, wanted, most=limit + 1, after=_after(after))
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


def _after(text: str) -> After | None:
    parts = uncursor(text, parts=3)
    if parts is None:
        return None
    if not all(part.isdecimal() and len(part) < 12 for part in parts[1:]):
        raise Refusal("request.bad_cursor")
    return moment(parts[0]), int(parts[1]), int(parts[2])
