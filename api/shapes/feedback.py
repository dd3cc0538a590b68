"""Complaints and surveys as HTTP answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from api.schemas.feedback import ComplaintOut, SurveyOut
from dispatch.desk.complaint import Complaint, ComplaintEvent, complaint_due, complaint_standing
from dispatch.desk.scheme import Scheme
from dispatch.desk.survey import asking_owed, survey_standing
from kernel.calendars import BusinessCalendar
from storage.rows.surveys import AskedAbout

Schemes = Mapping[tuple[str, str], Scheme]


def complaint_out(
    one: Complaint,
    steps: Iterable[ComplaintEvent],
    schemes: Schemes,
    calendars: Mapping[str, BusinessCalendar],
    /,
    *,
    now: datetime,
) -> ComplaintOut:
    """A complaint with its clocks."""
    standing = complaint_standing(one, steps, schemes[one.scheme, one.version], calendars, now)
    due = complaint_due(one.id, standing)
    return ComplaintOut(
        complaint=one.id,
        customer=one.customer,
        ticket=one.ticket,
        scheme=one.scheme,
        scheme_version=one.version,
        made_at=one.made_at,
        by=one.by,
        text=one.text,
        state=standing.state,
        accept_state=standing.accept.state,
        accept_due_at=standing.accept.due_at,
        answer_state=standing.answer.state,
        answer_due_at=standing.answer.due_at,
        next_step=due and due.step,
        next_due_at=due and due.due_at,
        remedies=list(standing.remedies),
    )


def survey_out(one: AskedAbout, schemes: Schemes, /, *, now: datetime) -> SurveyOut:
    """What was asked about a ticket, and what is still to be asked."""
    clause = schemes[one.ticket.scheme, one.ticket.version].survey
    standing = survey_standing(one.events, one.asked, clause, now)
    return SurveyOut(
        ticket=one.ticket.id,
        closed_at=standing.closed_at,
        survey_due_at=standing.survey_due_at,
        follow_up_due_at=standing.follow_up_due_at,
        sent_at=standing.sent_at,
        answered_at=standing.answered_at,
        score=standing.score,
        declined_at=standing.declined_at,
        followed_up_at=standing.followed_up_at,
        came_back=standing.came_back,
        owed=[task.step for task in asking_owed({one.ticket.id: standing}, now)],
    )
