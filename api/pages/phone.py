"""The engineer's phone: the visits of the day, one visit, signing in and out. What is said there is in `said`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse

from api.asked import ClockAsked, DatabaseAsked, strict
from api.auth.action import Action
from api.auth.address import address_of
from api.auth.door import Asked, Command, may, may_write
from api.auth.present import cookie_name, forget_cookie, give_cookie
from api.auth.principal import Kind
from api.auth.same_site import check_same_site
from api.auth.sign_in import Caller, sign_in
from api.errors import language_of
from api.pages.drawn import PHONE, drawn_page
from api.pages.form import FormAsked
from api.pages.route import PageRoute
from api.pages.said import MOST_UNITS, PAUSES, STEPS_SAID
from api.usecases.at_site import days, duty_now, engineer_of, sheet_of, zone_here
from api.wire.bounds import ID_PATTERN
from kernel.errors import Refusal
from storage.people.credentials import close_session

router = APIRouter(
    tags=["phone"], include_in_schema=False, dependencies=[Depends(strict)], route_class=PageRoute
)

VisitPath = Annotated[str, InPath(pattern=ID_PATTERN, max_length=64)]


@router.get("/m")
def today(asked: Annotated[Asked, may(Action.TICKET_READ)]) -> Response:
    """The signed-in engineer's visits of today and tomorrow."""
    engineer = engineer_of(asked.scope)
    with asked.database.reading() as connection:
        here = zone_here(connection, asked.region)
        listed = days(connection, asked.region, engineer, now=asked.now)
        duty = duty_now(connection, asked.region, engineer, now=asked.now)
    by_day: dict[str, list[object]] = {}
    for one in listed:
        assert one.visit.starts_at is not None, "a published visit has its start"
        by_day.setdefault(f"{one.visit.starts_at.astimezone(here):%Y-%m-%d}", []).append(one)
    return drawn_page(
        "phone_day",
        asked.lang,
        zone=here,
        headers=PHONE,
        who=asked.principal.user,
        engineer=engineer,
        now=asked.now,
        today=f"{asked.now.astimezone(here):%Y-%m-%d}",
        days=by_day,
        duty=duty,
    )


@router.get("/m/visits/{visit:path}")
def visit_page(visit: VisitPath, asked: Annotated[Asked, may(Action.TICKET_READ)]) -> Response:
    """One visit: where, what, by when, and everything that is said of it."""
    engineer = engineer_of(asked.scope)
    with asked.database.reading() as connection:
        sheet = sheet_of(connection, asked.region, asked.scope, visit, engineer, now=asked.now)
        here = zone_here(connection, asked.region)
        duty = duty_now(connection, asked.region, engineer, now=asked.now)
    return drawn_page(
        "phone_visit",
        asked.lang,
        zone=here,
        headers=PHONE,
        who=asked.principal.user,
        engineer=engineer,
        now=asked.now,
        duty=duty,
        sheet=sheet,
        steps=STEPS_SAID,
        pauses=PAUSES,
        most_units=MOST_UNITS,
    )


@router.get("/m/offline")
def offline(request: Request) -> Response:
    """What is shown without a connection where nothing was kept."""
    return drawn_page("phone_offline", language_of(request), headers=PHONE)


@router.get("/m/sign-in")
def sign_in_page(request: Request) -> Response:
    """Ask who it is."""
    company = request.app.state.provider is not None
    return drawn_page("phone_sign_in", language_of(request), headers=PHONE, company=company)


@router.post("/m/sign-in")
def begin(form: FormAsked, request: Request, database: DatabaseAsked, clock: ClockAsked) -> Response:
    """Sign in, and go to the visits of the day."""
    request.app.state.allowance.spend_address(request)
    check_same_site(request)
    form.only("name", "password")
    begun = sign_in(
        database,
        request.app.state.passwords,
        request.app.state.policy,
        name=form.word("name"),
        password=form.words.get("password", "")[:1000],
        caller=Caller(
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            token=request.cookies.get(cookie_name(request), "")[:200],
        ),
        now=clock.now(),
    )
    answer = RedirectResponse("/m", status_code=303)
    give_cookie(request, answer, begun.token, lasts=begun.session.ends_at - begun.session.made_at)
    return answer


@router.post("/m/sign-out")
def end(command: Annotated[Command, may_write(Action.SELF)], form: FormAsked, request: Request) -> Response:
    """Sign out."""
    form.only()
    principal = command.principal
    if principal.kind is not Kind.SESSION:
        raise Refusal("session.is_none")
    command.database.run(
        command.envelope, lambda work: close_session(work, principal.user, principal.credential)
    )
    answer = RedirectResponse("/m/sign-in", status_code=303)
    forget_cookie(request, answer)
    return answer
