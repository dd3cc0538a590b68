"""What an engineer says at a visit, by forms: steps, parts, photos, the checklist, the signature; each once for its key.

A form may have been filled in without a connection: its field ``at`` says when, and the rules judge it as of then. What
can no longer be so (somebody else wrote meanwhile) is refused, and may be said again as of now; ``was`` keeps the moment.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Command, may_write
from api.pages.form import Form, FormAsked
from api.pages.route import PageRoute
from api.text import label
from api.text.spoken import wall_clock
from api.usecases.at_site import engineer_of, own_visit, zone_here
from api.wire.body import takes_file
from api.wire.bounds import ID_PATTERN
from api.wire.written import carried_out
from dispatch.desk.clause import Evidence
from dispatch.desk.milestone import Wait
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.work_order import ChecklistAnswer
from kernel.clock import moment
from kernel.errors import Refusal
from storage.desk.facts import FILES, record_all
from storage.desk.fitted import fit, taken
from storage.desk.intake import Brought, bring
from storage.desk.signing import sign
from storage.desk.tickets import happened
from storage.idempotency import Reply
from storage.rows.visits import VisitThere
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    tags=["phone"], include_in_schema=False, dependencies=[Depends(strict)], route_class=PageRoute
)

VisitPath = Annotated[str, InPath(pattern=ID_PATTERN, max_length=64)]
Reports = Annotated[Command, may_write(Action.VISIT_REPORT)]

STEPS_SAID: tuple[EventKind, ...] = (
    EventKind.ACCEPTED,
    EventKind.TRAVELLING,
    EventKind.ON_SITE,
    EventKind.RESUMED,
    EventKind.REPAIRED,
    EventKind.LEFT,
    EventKind.COLLECTED,
    EventKind.RETURNED,
    EventKind.DELIVERED,
    EventKind.LOANER_IN_PLACE,
)
"""Steps said by one button."""

PAUSES: tuple[Wait, ...] = tuple(Wait)
MOST_UNITS = 999
"""Units of one part that go in at one visit; more is a slip of the finger."""

ITEM = "item-"
"""Begins the names of the checklist's fields."""

DRAWN = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class Saying:
    """One form at one visit, inside its command.

    Args:
        work: of the command.
        form: as sent.
        visit: the engineer's.
        engineer: who says it.
        at: when it was said.
        here: the zone of the clocks on its walls.
        lang: of the words the desk is left.
    """

    work: UnitOfWork
    form: Form
    visit: VisitThere
    engineer: str
    at: datetime
    here: ZoneInfo
    command: Command

    def event(self, kind: EventKind, *, value: str = "", reason: str = "") -> Reply:
        """Write down a step of the ticket's life."""
        name = self.visit.ticket
        told = TicketEvent(
            name, self.at, kind, self.engineer, self._why(reason), value=value, visit=self.visit.visit
        )
        return happened(self.work, told)

    def _why(self, reason: str) -> str:
        """The reason, and where it is said again as of now, when it was."""
        was = self.form.word("was", most=40)
        if not was:
            return reason
        said = label("phone.was_said", self.command.lang, at=wall_clock(moment(was), self.here))
        return f"{reason} {said}".strip()


def _said(command: Command, visit: str, form: Form, act: Callable[[Saying], Reply]) -> Response:
    """Carry a form out once for its key, and show the visit as it is then."""
    engineer = engineer_of(command.scope)
    who = form.word("who", most=64)
    if who and who != command.principal.user:
        raise Refusal("phone.other_account")

    def done(work: UnitOfWork) -> Reply:
        there = own_visit(work.connection, work.region, command.scope, visit, engineer)
        here = zone_here(work.connection, work.region)
        return act(Saying(work, form, there, engineer, form.at(work.now), here, command))

    carried_out(command.database, command.envelope, done)
    return RedirectResponse(f"/m/visits/{visit}", status_code=303)


@router.post("/m/visits/{visit:path}/step")
def say_step(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Accept, set off, arrive, go on, be done, leave."""
    form.only("kind", "reason")
    kind = form.word("kind")
    if kind not in STEPS_SAID:
        raise Refusal("phone.unknown_step", kind=kind[:40] or "-")
    return _said(command, visit, form, lambda say: say.event(EventKind(kind), reason=form.word("reason")))


@router.post("/m/visits/{visit:path}/pause")
def pause(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Stop work: what for, and why."""
    form.only("wait", "reason")
    return _said(
        command,
        visit,
        form,
        lambda say: say.event(EventKind.WAITING, value=form.word("wait"), reason=form.word("reason")),
    )


@router.post("/m/visits/{visit:path}/finish")
def new_finish(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Say when the repair will be done: a time of day, the next one there is; endangered promises come to the desk."""
    form.only("finish", "reason")
    clock = form.word("finish", most=8)

    def act(say: Saying) -> Reply:
        finish = next_time(clock, say.at, say.here)
        value = finish.isoformat(timespec="seconds")
        return say.event(EventKind.FORECAST_FINISH, value=value, reason=form.word("reason"))

    return _said(command, visit, form, act)


def next_time(clock: str, at: datetime, here: ZoneInfo) -> datetime:
    """The next moment the wall clock shows a time of day.

    Raises:
        Refusal: ``phone.not_a_time``.
    """
    hour, colon, minute = clock.partition(":")
    if not (
        colon and hour.isdecimal() and minute[:2].isdecimal() and int(hour) < 24 and int(minute[:2]) < 60
    ):
        raise Refusal("phone.not_a_time", value=clock or "-")
    found = at.astimezone(here).replace(hour=int(hour), minute=int(minute[:2]), second=0, microsecond=0)
    return found if found >= at else found + timedelta(days=1)


@router.post("/m/visits/{visit:path}/need")
def need_part(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Say that a part is needed: the next plan brings it, and the promise it endangers is named at the desk."""
    form.only("code", "quantity", "reason")
    quantity = form.number("quantity", least=1, most=MOST_UNITS)

    def act(say: Saying) -> Reply:
        part = taken(say.work.connection, say.work.region, form.word("code", most=2000)).part
        return say.event(EventKind.PART_NEEDED, value=f"{part} {quantity}", reason=form.word("reason"))

    return _said(command, visit, form, act)


@router.post("/m/visits/{visit:path}/parts")
def use_part(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Take a part out of the van and fit it; what was typed or scanned says which."""
    form.only("code", "quantity")
    quantity = form.number("quantity", least=1, most=MOST_UNITS)

    def act(say: Saying) -> Reply:
        what = taken(say.work.connection, say.work.region, form.word("code", most=2000))
        return fit(say.work, say.visit.visit, what, quantity, engineer=say.engineer)

    return _said(command, visit, form, act)


@router.post("/m/visits/{visit:path}/photos")
@takes_file
def add_photos(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Keep photos with the ticket, as the desk's practice allows."""
    form.only(files=True)
    if not form.files:
        raise Refusal("phone.no_photo")
    brought = tuple(Brought(one.name, one.media_type, one.content) for one in form.files)
    return _said(
        command, visit, form, lambda say: bring(say.work, say.visit.ticket, brought, by=say.engineer)
    )


@router.post("/m/visits/{visit:path}/checklist")
def check_off(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Answer items of the checklist; those left empty stay unanswered."""
    form.only(*(name for name in form.words if name.startswith(ITEM)))
    given = {
        name.removeprefix(ITEM): form.word(name, most=2000) for name in form.words if name.startswith(ITEM)
    }
    answers = {item: value for item, value in given.items() if value}
    if not answers:
        raise Refusal("phone.nothing_answered")

    def act(say: Saying) -> Reply:
        facts = [
            ChecklistAnswer(say.visit.ticket, say.at, say.engineer, item, value)
            for item, value in answers.items()
        ]
        return record_all(say.work, FILES["checklist_answers"], facts)

    return _said(command, visit, form, act)


@router.post("/m/visits/{visit:path}/signature")
def take_signature(visit: VisitPath, form: FormAsked, command: Reports) -> Response:
    """Have the customer sign: drawn where there is a script, else by the name alone; it confirms the repair."""
    form.only("name", "remark", "drawing")
    name, remark = form.word("name", most=200), form.word("remark", most=1000)
    drawing = form.words.get("drawing", "")

    def act(say: Saying) -> Reply:
        signed = _drawn(drawing) if drawing else _typed(say, name, remark)
        return sign(
            say.work,
            say.visit.ticket,
            signed,
            by=say.engineer,
            name=name,
            remark=remark,
            at=None if say.at == say.work.now else say.at,
        )

    return _said(command, visit, form, act)


def _drawn(drawing: str) -> Brought:
    """The picture a canvas gave; its first bytes are looked at where it is kept."""
    if not drawing.startswith(DRAWN):
        raise Refusal("phone.not_a_drawing")
    try:
        content = base64.b64decode(drawing.removeprefix(DRAWN), validate=True)
    except (ValueError, binascii.Error):
        raise Refusal("phone.not_a_drawing") from None
    return Brought("signature.png", "image/png", content, Evidence.PHOTO)


def _typed(say: Saying, name: str, remark: str) -> Brought:
    """What stands for a signature where nobody could draw: who confirmed what to whom, and when."""
    text = label(
        "phone.signed_typed",
        say.command.lang,
        ticket=say.visit.ticket,
        visit=say.visit.visit,
        engineer=say.engineer,
        name=name,
        at=wall_clock(say.at, say.here),
        remark=remark or "-",
    )
    return Brought("signature.txt", "text/plain", f"{text}\n".encode(), Evidence.LOG)
