"""Tickets as HTTP answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.schemas.tickets import (
    AttachmentOut,
    ClockOut,
    EventOut,
    EventsOut,
    OfferOut,
    QuestionOut,
    ReportOut,
    SeverityProposedOut,
    ShareOut,
    TicketOut,
    TicketVisitOut,
    TriageOut,
    WholeTicketOut,
)
from api.text import Lang
from api.text.spoken import tell
from api.usecases.desk import Asking, Desk, Seen
from dispatch.desk.arithmetic import arithmetic
from dispatch.desk.attachment import Attachment
from dispatch.desk.clock import ClockState
from dispatch.desk.intake import Assessment
from dispatch.desk.ticket import TicketEvent
from dispatch.desk.triage import Likely, SeverityProposal, Share
from kernel.clock import zone
from kernel.errors import Refusal


def ticket_out(seen: Seen, /) -> TicketOut:
    """A ticket in a list."""
    return TicketOut(**_head(seen), clocks=[clock_out(one) for one in seen.clocks.values()])


def whole_out(desk: Desk, seen: Seen, *, lang: Lang, names: Mapping[str, str]) -> WholeTicketOut:
    """A ticket with everything beside it, its clocks with their arithmetic; `names` of accounts, by id."""
    ticket, state, here = seen.ticket, seen.state, zone(desk.region.settings.zone)
    calendars = {one.id: one for one in desk.region.field.calendars}
    published = {one.visit: one for one in desk.region.field.published if not one.role and one.piece == 1}

    def counted(one: ClockState) -> list[str]:
        if not one.is_open:
            return []
        steps = arithmetic(one, ticket, seen.events, seen.scheme, calendars, desk.now)
        return [tell(step, lang, zone=here) for step in steps]

    return WholeTicketOut(
        **_head(seen),
        clocks=[clock_out(one, counted(one)) for one in seen.clocks.values()],
        since=state.since,
        waiting_since=state.waiting_since,
        way=state.way,
        forecast=state.forecast,
        reopened=state.reopened,
        may_follow=list(state.may_follow),
        events=[_event(one, names) for one in seen.events],
        visits=[
            TicketVisitOut(
                visit=one.id,
                minutes=one.duration_min,
                starts_at=stop.starts_at if (stop := published.get(one.id)) else None,
                shift=stop.shift if stop else "",
                partner=stop.partner if stop else "",
            )
            for one in seen.visits
        ],
        attachments=files_out(seen.attachments, names),
        offers=[OfferOut(cause=one.cause, solution=one.solution, n=one.n, m=one.m) for one in seen.offers],
    )


def report_out(asking: Asking, /) -> ReportOut:
    """A report that is no ticket yet."""
    report = asking.report
    found = asking.found if isinstance(asking.found, Assessment) else None
    return ReportOut(
        id=report.id,
        at=report.at,
        channel=report.channel,
        text=report.text,
        contact=report.contact,
        questions=[
            QuestionOut(
                asked=one.asked, choices=list(one.choices), proposed=one.proposed or "", given=one.given or ""
            )
            for one in (found.questions if found else ())
        ],
        evidence=list(found.evidence) if found else [],
        refused=asking.found.code if isinstance(asking.found, Refusal) else "",
        attachments=files_out(asking.attachments, {}),
    )


def events_out(ticket: str, events: Iterable[TicketEvent], /, *, names: Mapping[str, str]) -> EventsOut:
    """Everything that happened to a ticket, in order of time; `names` of accounts, by id."""
    made = [_event(one, names) for one in sorted(events, key=lambda one: one.at)]
    return EventsOut(ticket=ticket, version=len(made), events=made)


def triage_out(ticket: str, severities: Iterable[SeverityProposal], found: Likely, /) -> TriageOut:
    """Proposals with their grounds."""
    return TriageOut(
        ticket=ticket,
        severities=[
            SeverityProposedOut(severity=one.severity.value, word=one.word, named=one.named)
            for one in severities
        ],
        model=found.model,
        symptom=found.symptom,
        counted=found.n,
        remote=None if found.remote is None else _share(found.remote),
        parts=[_share(one) for one in found.parts],
        causes=[_share(one) for one in found.causes],
        solutions=[_share(one) for one in found.solutions],
        repair_min=found.repair_min,
    )


def _share(one: Share) -> ShareOut:
    return ShareOut(what=one.what, n=one.n, m=one.m, quantity=one.quantity)


def files_out(files: Iterable[Attachment], names: Mapping[str, str], /) -> list[AttachmentOut]:
    """Files by their digests; `names`: of accounts, by id."""
    return [
        AttachmentOut(
            digest=one.digest,
            kind=one.kind,
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            at=one.at,
            by=one.by,
            by_name=names.get(one.by, ""),
        )
        for one in files
    ]


def _head(seen: Seen) -> dict[str, Any]:
    ticket, due = seen.ticket, seen.next_due
    return {
        "id": ticket.id,
        "stage": seen.state.stage.value,
        "waiting": seen.state.waiting and seen.state.waiting.value,
        "severity": seen.state.severity.value,
        "kind": ticket.kind.value,
        "customer": seen.customer,
        "site": ticket.site,
        "asset": ticket.asset,
        "contract": ticket.contract,
        "scheme": ticket.scheme,
        "scheme_version": ticket.version,
        "reported_at": ticket.reported_at,
        "symptom": ticket.symptom,
        "text": ticket.text,
        "version": len(seen.events),
        "next_milestone": due and due.milestone.value,
        "next_due_at": due and due.due_at,
    }


def clock_out(one: ClockState, steps: list[str] | None = None) -> ClockOut:
    """One milestone, with the lines of its arithmetic where they are told."""
    return ClockOut(
        milestone=one.milestone.value,
        promise=one.promise.value,
        state=one.state.value,
        due_at=one.due_at,
        met_at=one.met_at,
        elapsed_s=one.elapsed_s,
        remaining_s=one.remaining_s,
        arithmetic=steps or [],
    )


def _event(one: TicketEvent, names: Mapping[str, str]) -> EventOut:
    return EventOut(
        at=one.at,
        kind=one.kind.value,
        by=one.by,
        by_name=names.get(one.by, ""),
        reason=one.reason,
        value=one.value,
        visit=one.visit,
    )
