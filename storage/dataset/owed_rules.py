"""What facts of the desk have to keep together: loans, complaints and preventive visits that can have gone like that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from dispatch.borrowed import check_borrowings
from dispatch.crew import on_call_shift
from dispatch.desk.approval import check_approvals
from dispatch.desk.charge import ChargeState, step
from dispatch.desk.clause import SurveyClause
from dispatch.desk.complaint import check_complaint
from dispatch.desk.entitlement import check_finding
from dispatch.desk.life import state_of
from dispatch.desk.loan import LoanEvent, check_loan, check_units
from dispatch.desk.maintenance import check_preventive
from dispatch.desk.on_call import check_roster
from dispatch.desk.repeat_fault import check_replaced
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import find_scheme
from dispatch.desk.survey import check_surveys
from dispatch.desk.ticket import TicketEvent
from dispatch.desk.triage import work_of
from dispatch.desk.work_order import check_answers
from kernel.errors import Refusal
from storage.dataset.draft import (
    ZONE,
    Accepted,
    Draft,
    Found,
    calendars_among,
    last_read,
    practice_among,
    schemes_among,
)

Check = Callable[[Any, Iterable[Any]], Iterator[Refusal]]


def streams_that_fold(
    accepted: Accepted, *, of: str, events: str, refers: str, check: Check
) -> Iterator[Found]:
    """The events of every row of `of` can have happened in the order they stand.

    Args:
        accepted: rows by table.
        of: the table the events are about.
        events: their table.
        refers: the field of an event that names its row.
        check: the desk's rule: a value and its events to what is wrong, in the order they stand.
    """
    by_id: dict[str, list[Draft]] = {}
    for draft in accepted[events]:
        by_id.setdefault(getattr(draft.value, refers), []).append(draft)
    for parent in accepted[of]:
        yield from last_read(
            events, by_id.get(parent.value.id, ()), partial(check, parent.value), column="step"
        )


def replacements_in_order(accepted: Accepted) -> Iterator[Found]:
    """A unit that is replaced stood there, and the one that came stood nowhere else."""
    assets = {draft.value.id: draft.value for draft in accepted["assets"]}
    drafts = sorted(accepted["replacements"], key=lambda draft: draft.value.at)
    yield from last_read("replacements", drafts, partial(check_replaced, assets), column="old_serial")


def duties_apart(accepted: Accepted) -> Iterator[Found]:
    """What is handed over is part of a duty; two people of one rank are not on call for one role at once."""
    drafts = accepted["roster_duties"]
    handed = accepted["duties_handed_over"]
    if not any(check_roster([d.value for d in drafts], [d.value for d in handed])):
        return
    # Something is wrong: one by one, each judged beside those that stand.
    duties: list[Any] = []
    for draft in drafts:
        wrong = next(check_roster([*duties, draft.value]), None)
        if wrong is None:
            duties.append(draft.value)
        else:
            yield "roster_duties", draft, "starts_at", wrong
    given: list[Any] = []
    for draft in handed:
        wrong = next(check_roster(duties, [*given, draft.value]), None)
        if wrong is None:
            given.append(draft.value)
        else:
            yield "duties_handed_over", draft, "starts_at", wrong


def surveys_that_follow(accepted: Accepted) -> Iterator[Found]:
    """One answer a ticket, on the scale of its scheme; of tickets long closed the scheme is no longer known."""
    clauses: dict[str, SurveyClause | None] = {
        draft.value.ticket: _WIDEST for draft in accepted["closed_tickets"]
    }
    clauses |= {ticket: scheme.survey for ticket, scheme in _schemes(accepted).items()}
    events: dict[str, list[TicketEvent]] = {draft.value.id: [] for draft in accepted["tickets"]}
    for draft in accepted["ticket_events"]:
        events.setdefault(draft.value.ticket, []).append(draft.value)
    yield from last_read(
        "survey_events",
        accepted["survey_events"],
        lambda asked: check_surveys(asked, clauses, events=events),
        column="score",
    )


def charges_that_follow(accepted: Accepted) -> Iterator[Found]:
    """A charge is quoted, accepted, done in that order, under the scheme of its ticket."""
    schemes = _schemes(accepted)
    states: dict[str, ChargeState] = {}
    for draft in accepted["charge_events"]:
        event = draft.value
        if event.ticket in schemes:
            try:
                states[event.charge] = step(states.get(event.charge), event, schemes[event.ticket])
            except Refusal as refusal:
                yield "charge_events", draft, "step", refusal


def findings_of_the_scheme(accepted: Accepted) -> Iterator[Found]:
    """What is found to be excluded is excluded by the scheme of the ticket."""
    schemes = _schemes(accepted)
    for draft in accepted["findings"]:
        if draft.value.ticket in schemes:
            try:
                check_finding(draft.value, schemes[draft.value.ticket])
            except Refusal as refusal:
                yield "findings", draft, "exclusion", refusal


def approvals_that_follow(accepted: Accepted) -> Iterator[Found]:
    """Who decides may decide, once, and never on his own request."""
    practice = practice_among(accepted)
    yield from last_read(
        "approval_events",
        accepted["approval_events"],
        lambda events: check_approvals(events, practice),
        column="step",
    )


def complaints_under_a_scheme(accepted: Accepted) -> Iterator[Found]:
    """The clocks of a complaint are those of a scheme that is known."""
    known = schemes_among(accepted)
    for draft in accepted["complaints"]:
        try:
            find_scheme(known, draft.value.scheme, version=draft.value.version)
        except Refusal as refusal:
            column = "scheme_version" if refusal.code == "scheme.unknown_version" else "scheme"
            yield "complaints", draft, column, refusal


def units_apart(accepted: Accepted) -> Iterator[Found]:
    """A loaner unit is held by one loan at a time."""
    steps: dict[str, list[LoanEvent]] = {}
    for draft in accepted["loan_events"]:
        steps.setdefault(draft.value.loan, []).append(draft.value)
    yield from last_read(
        "ticket_loans",
        accepted["ticket_loans"],
        lambda loans: check_units(loans, steps),
        column="unit_id",
    )


def lent_engineers(accepted: Accepted) -> Iterator[Found]:
    """Who is borrowed has the hours of a calendar that is there, and works nowhere else in them."""
    engineers = {draft.value.id: draft.value for draft in accepted["engineers"]}
    shifts = [draft.value for draft in accepted["shifts"]]
    shifts += [on_call_shift(draft.value) for draft in accepted["on_call"]]
    for zone in accepted.get(ZONE, ()):
        yield from last_read(
            "borrowings",
            accepted["borrowings"],
            lambda agreed, zone=zone: check_borrowings(  # type: ignore[misc]
                agreed, engineers, calendars_among(accepted), shifts, zone_name=zone.value
            ),
            column="engineer_id",
        )


def answers_of_the_work(accepted: Accepted) -> Iterator[Found]:
    """An answer is to an item of the checklist its ticket had then, and of the kind the item asks for."""
    practice = practice_among(accepted)
    tickets = {draft.value.id: draft.value for draft in accepted["tickets"]}
    events: dict[str, list[TicketEvent]] = {}
    if accepted["checklist_answers"]:
        for draft in accepted["ticket_events"]:
            events.setdefault(draft.value.ticket, []).append(draft.value)
    for draft in accepted["checklist_answers"]:
        answer = draft.value
        ticket = tickets.get(answer.ticket)
        if ticket is None:
            continue  # of one long closed, what kind it was is no longer known
        way = state_of(ticket, sorted(events.get(ticket.id, ()), key=lambda one: one.at), answer.at).way
        for refusal in check_answers((answer,), work_of(practice, ticket.kind, way)):
            yield "checklist_answers", draft, "item", refusal


def _schemes(accepted: Accepted) -> dict[str, Scheme]:
    """Scheme version of every open ticket; what a closed one was served under is no longer known."""
    known = schemes_among(accepted)
    return {draft.value.id: known[draft.value.scheme, draft.value.version] for draft in accepted["tickets"]}


_WIDEST = SurveyClause(highest=100, satisfied_from=100)

Rule = Callable[[Accepted], Iterator[Found]]

ABOUT: Mapping[str, tuple[Rule, ...]] = {
    "loan_events": (
        partial(streams_that_fold, of="ticket_loans", events="loan_events", refers="loan", check=check_loan),
    ),
    "complaints": (complaints_under_a_scheme,),
    "complaint_events": (
        partial(
            streams_that_fold,
            of="complaints",
            events="complaint_events",
            refers="complaint",
            check=check_complaint,
        ),
    ),
    "preventive_events": (
        partial(
            streams_that_fold,
            of="preventive_visits",
            events="preventive_events",
            refers="visit",
            check=check_preventive,
        ),
    ),
    "replacements": (replacements_in_order,),
    "roster_duties": (duties_apart,),
    "duties_handed_over": (duties_apart,),
    "survey_events": (surveys_that_follow,),
    "charge_events": (charges_that_follow,),
    "findings": (findings_of_the_scheme,),
    "approval_events": (approvals_that_follow,),
    "ticket_loans": (units_apart,),
    "borrowings": (lent_engineers,),
    "checklist_answers": (answers_of_the_work,),
}
"""Rules by the file they judge."""

RULES: tuple[Rule, ...] = tuple(dict.fromkeys(rule for rules in ABOUT.values() for rule in rules))
"""Each once."""
