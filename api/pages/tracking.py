"""The customer's link: where the ticket stands, who comes when, another time, how it was, what helps; no account needed.

The secret stands in the address, so the address is in no log of ours (routes are logged, `api.traced`), in no Referer
(``Referrer-Policy: no-referrer`` on every answer) and kept by no cache.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.auth.masked import masked
from api.pages.drawn import drawn_page
from api.pages.form import FormAsked
from api.pages.route import PageRoute
from api.usecases.at_site import zone_here
from api.usecases.desk import Desk, Seen
from api.wire.bounds import ID_PATTERN
from api.wire.written import carried_out
from dispatch.desk.knowledge import offered
from dispatch.desk.life import Stage
from dispatch.desk.survey import LOWEST, SurveyEvent, SurveyStanding, SurveyStep, survey_standing
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.errors import Refusal
from storage.desk.facts import FILES, record
from storage.desk.tickets import happened
from storage.idempotency import Reply
from storage.rows.around import around
from storage.rows.customer_ticket import contact_of, told_visits
from storage.rows.knowledge import search
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    tags=["customer link"], include_in_schema=False, dependencies=[Depends(strict)], route_class=PageRoute
)

TicketPath = Annotated[str, InPath(pattern=ID_PATTERN, max_length=64)]
TokenPath = Annotated[str, InPath(max_length=200)]

STEPS: tuple[tuple[str, Stage], ...] = (
    ("received", Stage.REPORTED),
    ("planned", Stage.PLANNED),
    ("travelling", Stage.TRAVELLING),
    ("on_site", Stage.ON_SITE),
    ("repaired", Stage.REPAIRED),
    ("closed", Stage.CLOSED),
)
"""What a customer is shown of a ticket's life, each from the first stage that shows it done."""

PARTS_OF_DAY = {"any": (8, 18), "morning": (8, 12), "afternoon": (12, 18)}
"""Hours of the wall clock a customer may ask for; the desk arranges the minute. Chosen."""

AHEAD = timedelta(days=60)
"""A wish for another time reaches so far. Chosen."""

MOST_FOUND = 5


@router.get("/t/{ticket:path}/{token}")
def show(
    ticket: TicketPath,
    token: TokenPath,
    asked: Annotated[Asked, may(Action.LINK_READ)],
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The customer's page; `q`: words to look for in what is known."""
    _check_own(asked, ticket)
    with asked.database.reading() as connection:
        region = around(connection, asked.region, ticket)
        contact = contact_of(connection, asked.region, ticket)
        visits = told_visits(connection, asked.region, ticket)
        here = zone_here(connection, asked.region)
        found = search(connection, asked.region, q, public_only=True, most=MOST_FOUND) if q.strip() else ()
    seen = Desk(region, asked.now).shown(ticket)
    assert isinstance(seen, Seen), "a link is to a ticket"
    asset = next((one for one in region.field.assets if one.id == seen.ticket.asset), None)
    standing = _survey(seen, region.field.survey_events, asked.now)
    return drawn_page(
        "tracking",
        asked.lang,
        zone=here,
        address=f"/t/{ticket}/{token}",
        seen=seen,
        reached=_reached(seen.state.stage, told=bool(visits)),
        steps=STEPS,
        now=asked.now,
        visits=visits,
        text=masked(seen.ticket.text),
        contact=masked(contact),
        parts_of_day=PARTS_OF_DAY,
        first_day=asked.now.astimezone(here).date(),
        last_day=(asked.now + AHEAD).astimezone(here).date(),
        highest=seen.scheme.survey.highest if seen.scheme.survey is not None else 0,
        lowest=LOWEST,
        may_answer=_may_answer(seen, standing),
        standing=standing,
        q=q,
        found=found,
        offers=offered(
            (one for one in region.field.knowledge if one.at <= asked.now and one.ticket != ticket),
            model=asset.model if asset is not None else "",
            symptom=seen.ticket.symptom,
            public_only=True,
            most=3,
        ),
    )


@router.post("/t/{ticket:path}/{token}/time")
def ask_for_time(
    ticket: TicketPath,
    token: TokenPath,
    form: FormAsked,
    command: Annotated[Command, may_write(Action.LINK_WRITE)],
) -> Response:
    """Ask for another time: a wish the desk answers; what was arranged stands until then."""
    _check_own(command, ticket)
    form.only("day", "part", "words")

    def asked(work: UnitOfWork) -> Reply:
        here = zone_here(work.connection, work.region)
        start, end = _wished(form.word("day", most=10), form.word("part", most=10), here, work.now)
        value = f"{start.isoformat()} {end.isoformat()}"
        by = command.principal.user
        event = TicketEvent(ticket, work.now, EventKind.TIME_ASKED, by, form.word("words"), value=value)
        return happened(work, event)

    carried_out(command.database, command.envelope, asked)
    return RedirectResponse(f"/t/{ticket}/{token}", status_code=303)


@router.post("/t/{ticket:path}/{token}/survey")
def answer_survey(
    ticket: TicketPath,
    token: TokenPath,
    form: FormAsked,
    command: Annotated[Command, may_write(Action.LINK_WRITE)],
) -> Response:
    """Say how it was."""
    _check_own(command, ticket)
    form.only("score", "remark")
    score, remark = form.number("score", least=LOWEST, most=100), form.word("remark", most=1000)

    def said(work: UnitOfWork) -> Reply:
        answer = SurveyEvent(
            ticket, work.now, SurveyStep.ANSWERED, command.principal.user, score=score, remark=remark
        )
        return record(work, FILES["survey_events"], answer)

    carried_out(command.database, command.envelope, said)
    return RedirectResponse(f"/t/{ticket}/{token}", status_code=303)


def _check_own(asked: Asked, ticket: str) -> None:
    """A link opens its own ticket; for any other there is none."""
    if ticket != asked.scope.ticket:
        raise Refusal("board.unknown_ticket", ticket=ticket[:64])


def _reached(stage: Stage, *, told: bool) -> int:
    """How many of `STEPS` are behind or at this stage; a visit the customer was told is planned for him."""
    order = list(Stage)
    if told and order.index(stage) < order.index(Stage.PLANNED):
        stage = Stage.PLANNED
    return sum(1 for _, first in STEPS if order.index(stage) >= order.index(first))


def _wished(day: str, part: str, here: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """The hours of a day somebody wishes for.

    Raises:
        Refusal: ``tracking.not_a_day``, ``tracking.day_out_of_reach``, ``tracking.unknown_part_of_day``.
    """
    if part not in PARTS_OF_DAY:
        raise Refusal("tracking.unknown_part_of_day", value=part or "-", known=", ".join(PARTS_OF_DAY))
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Refusal("tracking.not_a_day", value=day or "-") from None
    first, last = PARTS_OF_DAY[part]
    start, end = (datetime.combine(on, time(hour), here) for hour in (first, last))
    if end <= now or start > now + AHEAD:
        raise Refusal("tracking.day_out_of_reach", day=day, days=AHEAD.days)
    return start, end


def _survey(seen: Seen, asked: tuple[SurveyEvent, ...], now: datetime) -> SurveyStanding:
    mine = sorted((one for one in asked if one.ticket == seen.ticket.id), key=lambda one: one.at)
    return survey_standing(seen.events, mine, seen.scheme.survey, now)


def _may_answer(seen: Seen, standing: SurveyStanding) -> bool:
    """A score is wanted: the ticket is closed, the scheme knows scores, and none was given or declined."""
    given = standing.answered_at or standing.declined_at
    return seen.scheme.survey is not None and standing.closed_at is not None and given is None
