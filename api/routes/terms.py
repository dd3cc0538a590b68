"""What a region promises and how its desk works, as files: copied, checked, and a new version brought in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from fastapi.responses import PlainTextResponse

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.routes.on_record import HeldKind, add_held
from api.schemas.registers import PracticeKeptOut, SchemeAddedOut
from api.schemas.terms import CalendarOut, CalendarsOut, DraftIn, DraftOut, SchemeUseOut
from api.shapes.terms import drafted
from api.wire.body import FileAsked, StrictRoute, takes_file
from api.wire.bounds import ID_PATTERN
from api.wire.version import IfSeen, seen_version, tag
from api.wire.written import carried_out
from dispatch.desk.practice_file import builtin_text as practice_that_ships
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_text, find_scheme
from dispatch.desk.term import Figure
from storage.dataset.practice_text import read_practice
from storage.dataset.scheme_files import check_beside, read_scheme
from storage.desk.practice import keep_practice, practice_version
from storage.desk.schemes import add_scheme
from storage.rows.scheme_use import scheme_use
from storage.rows.schemes import own_practice_in, own_schemes_in
from storage.rows.standing import calendars, schemes_in

router = APIRouter(prefix="/v1", tags=["on record"], dependencies=[Depends(strict)], route_class=StrictRoute)

FILE = "scheme.toml"
MOST_DAYS = 1000
"""Days of one calendar that differ: those of twenty years or more."""

TOML = "application/toml"


def _takes_toml(what: str) -> dict[str, Any]:
    content = {TOML: {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "content": content, "description": what}}


SCHEME = _takes_toml(
    "A scheme's file, as `GET /v1/schemes/{scheme}/file` gives one, with a version of its own."
)
PRACTICE = _takes_toml("The practice's file, whole, as `GET /v1/practice/file` gives it.")


@router.get("/schemes/{scheme:path}/file", response_class=PlainTextResponse)
def copy_scheme(
    scheme: Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the scheme.")],
    asked: Annotated[Asked, may(Action.SCHEME_READ)],
    version: Annotated[str, Query(max_length=64, description="Empty: the latest.")] = "",
) -> Response:
    """The file of a scheme, to be edited into a version of one's own."""
    with asked.database.reading() as connection:
        own = own_schemes_in(connection, asked.region)
        found = find_scheme(schemes_in(connection, asked.region), scheme, version=version)
    mine = {(one.scheme.id, one.scheme.version): one.text for one in own}
    return _file(mine.get((found.id, found.version)) or builtin_text(found))


@router.post("/schemes/check", openapi_extra=SCHEME)
@takes_file
def check_scheme(asked: Annotated[Asked, may(Action.SCHEME_READ)], content: FileAsked) -> SchemeAddedOut:
    """Say what is wrong with a scheme's file, also beside the versions that are there; keeps nothing."""
    new = read_scheme(FILE, content)
    with asked.database.reading() as connection:
        own = own_schemes_in(connection, asked.region)
    known = any(one.text == new.text for one in own)
    if not known:
        check_beside(own, new)
    return SchemeAddedOut(
        scheme=new.scheme.id,
        version=new.scheme.version,
        effective_on=new.scheme.effective_on.isoformat(),
        new=not known,
    )


@router.post("/schemes", status_code=201, openapi_extra=SCHEME)
@takes_file
def take_scheme(
    command: Annotated[Command, may_write(Action.SCHEME_WRITE)], content: FileAsked
) -> SchemeAddedOut:
    """Add a version of a scheme; contracts may name it from the day it takes effect, what has a version keeps it."""
    reply = carried_out(command.database, command.envelope, lambda work: add_scheme(work, FILE, content))
    effective_on = read_scheme(FILE, content).scheme.effective_on
    return SchemeAddedOut(
        scheme=reply["scheme"],
        version=reply["version"],
        effective_on=effective_on.isoformat(),
        new=reply["new"],
    )


@router.post("/schemes/draft")
def draft_scheme(asked: Annotated[Asked, may(Action.SCHEME_READ)], body: DraftIn) -> DraftOut:
    """Change a scheme's file value by value and say what is wrong with it, as `check` does; keeps nothing."""
    with asked.database.reading() as connection:
        own = own_schemes_in(connection, asked.region)

    def judge(text: str) -> tuple[Scheme, tuple[Figure, ...]]:
        new = read_scheme(FILE, text.encode())
        if all(one.text != new.text for one in own):
            check_beside(own, new)
        return new.scheme, new.scheme.figures

    return drafted(body, judge, asked.lang)


@router.get("/schemes/{scheme:path}/use")
def use_of_scheme(
    scheme: Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the scheme.")],
    asked: Annotated[Asked, may(Action.SCHEME_READ)],
    version: Annotated[str, Query(max_length=64, description="Empty: the latest.")] = "",
) -> SchemeUseOut:
    """How many contracts name a scheme version and how many open tickets were opened under it, as far as one reaches."""
    with asked.database.reading() as connection:
        found = find_scheme(schemes_in(connection, asked.region), scheme, version=version)
        contracts, tickets = scheme_use(
            connection, asked.region, asked.scope, scheme=found.id, version=found.version
        )
    return SchemeUseOut(scheme=found.id, version=found.version, contracts=contracts, open_tickets=tickets)


@router.post("/practice/draft")
def draft_practice(asked: Annotated[Asked, may(Action.SCHEME_READ)], body: DraftIn) -> DraftOut:
    """Change the practice's file value by value and say what is wrong with it; keeps nothing."""

    def judge(text: str) -> tuple[None, tuple[Figure, ...]]:
        return None, read_practice(text.encode()).practice.figures

    return drafted(body, judge, asked.lang)


@router.get("/practice/file", response_class=PlainTextResponse)
def copy_practice(asked: Annotated[Asked, may(Action.SCHEME_READ)]) -> Response:
    """The file of the practice that holds; its ETag is the version a change is held to."""
    with asked.database.reading() as connection:
        own = own_practice_in(connection, asked.region)
    text = own[0].text if own else ""
    answer = _file(text or practice_that_ships())
    answer.headers["ETag"] = tag(practice_version(text))
    return answer


@router.put("/practice", openapi_extra=PRACTICE)
@takes_file
def write_practice(
    command: Annotated[Command, may_write(Action.SCHEME_WRITE)],
    content: FileAsked,
    response: Response,
    if_match: IfSeen = "",
) -> PracticeKeptOut:
    """Work by this practice from now on; what was decided under the one before stays."""
    seen = seen_version(if_match)
    reply = carried_out(
        command.database, command.envelope, lambda work: keep_practice(work, content, seen=seen)
    )
    response.headers["ETag"] = tag(reply["version"])
    return PracticeKeptOut(new=reply["new"])


@router.get("/calendars")
def list_calendars(asked: Annotated[Asked, may(Action.SCHEME_READ)]) -> CalendarsOut:
    """The business calendars: the hours of a week and whose public holidays close them; days that differ stand with each."""
    with asked.database.reading() as connection:
        known = calendars(connection, asked.region)
    return CalendarsOut(
        region=asked.region,
        calendars=[
            CalendarOut(
                calendar=one.id,
                zone=one.zone,
                country=one.country,
                subdivision=one.subdivision,
                week=[list(map(str, spans)) for spans in one.week],
                makeup=list(map(str, one.makeup)),
            )
            for one in known.values()
        ],
    )


add_held(
    router,
    HeldKind(
        "days",
        "calendars",
        "days",
        "The days on which a calendar differs from its week and from the public holidays",
        Action.SCHEME_READ,
        Action.SCHEME_WRITE,
        most=MOST_DAYS,
    ),
)


def _file(text: str) -> Response:
    return PlainTextResponse(text, media_type=f"{TOML}; charset=utf-8")
