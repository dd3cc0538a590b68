"""What facts of the desk have to keep together: loans, complaints and preventive visits that can have gone like that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from dispatch.desk.approval import check_approvals
from dispatch.desk.charge import ChargeState, step
from dispatch.desk.clause import SurveyClause
from dispatch.desk.complaint import check_complaint
from dispatch.desk.entitlement import check_finding
from dispatch.desk.loan import check_loan
from dispatch.desk.maintenance import check_preventive
from dispatch.desk.on_call import check_roster
from dispatch.desk.practice_file import builtin_practice
from dispatch.desk.repeat_fault import check_replaced
from dispatch.desk.scheme import Scheme
from dispatch.desk.survey import check_surveys
from dispatch.desk.ticket import TicketEvent
from kernel.errors import Refusal
from storage.dataset.draft import Accepted, Draft, Found, last_read, schemes_among

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
    practice = builtin_practice()
    yield from last_read(
        "approval_events",
        accepted["approval_events"],
        lambda events: check_approvals(events, practice),
        column="step",
    )


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
}
"""Rules by the file they judge."""

RULES: tuple[Rule, ...] = tuple(dict.fromkeys(rule for rules in ABOUT.values() for rule in rules))
"""Each once."""
