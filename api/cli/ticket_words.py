"""A ticket, a list of tickets and what is to be asked, as text and as plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from api.text import Lang, label, say_refusal
from api.text.spoken import tell, wall_clock
from api.usecases.desk import Asking, Seen
from api.usecases.triaged import Triaged
from dispatch.desk.arithmetic import arithmetic
from dispatch.desk.attachment import Attachment
from dispatch.desk.clock import ClockState
from dispatch.desk.entitlement import Entitlement
from dispatch.desk.intake import Question
from dispatch.desk.triage import Share
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal

SHOWN = 3
"""Parts, skills and causes shown of each list: the most frequent."""


def list_as_table(
    seen: Iterable[Seen], asking: Iterable[Asking], console: Console, *, here: ZoneInfo, lang: Lang
) -> None:
    """Print one line a ticket, the next promise beside it; reports that wait for an answer stand below."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("number", "severity", "stage", "site", "asset", "next", "due", "reported"):
        table.add_column(label(f"desk.column_{name}", lang), no_wrap=name in {"number", "due", "reported"})
    for one in seen:
        due = one.next_due
        waits = f" · {label(f'wait.{one.state.waiting}', lang)}" if one.state.waiting is not None else ""
        table.add_row(
            one.ticket.id,
            one.state.severity,
            label(f"stage.{one.state.stage}", lang) + waits,
            one.ticket.site,
            one.ticket.asset,
            "" if due is None else label(f"milestone.{due.milestone}", lang),
            "" if due is None else _due(due, here, lang),
            wall_clock(one.ticket.reported_at, here),
        )
    if table.row_count:
        console.print(table)
    waiting = list(asking)
    if waiting:
        console.print(label("desk.still_to_ask", lang), style="bold")
    for report in waiting:
        told = {"report": report.report.id, "at": wall_clock(report.report.at, here)}
        if isinstance(report.found, Refusal):
            line = label("desk.report_refused", lang, **told, why=say_refusal(report.found, lang))
        else:
            asked = ", ".join(question.asked for question in report.found.questions)
            line = label("desk.report_asks", lang, **told, missing=asked or "-")
        console.print(line, markup=False, soft_wrap=True)
    if not table.row_count and not waiting:
        console.print(label("desk.none_listed", lang))


def show_ticket(
    seen: Seen,
    console: Console,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
    *,
    here: ZoneInfo,
    lang: Lang,
) -> None:
    """Print a ticket: what was said, where it stands, its clocks with their arithmetic, what happened."""
    ticket, state = seen.ticket, seen.state
    console.print(_title(seen, lang), style="bold", markup=False)
    console.print(
        label(
            "desk.reported_line",
            lang,
            at=wall_clock(ticket.reported_at, here),
            customer=seen.customer,
            site=ticket.site,
            asset=ticket.asset or "-",
            contract=ticket.contract or "-",
            scheme=f"{ticket.scheme} {ticket.version}",
        ),
        markup=False,
    )
    for text in (ticket.symptom, ticket.text):
        if text:
            console.print(f"  {text}", markup=False)
    standing = label(f"stage.{state.stage}", lang)
    stands = label("desk.stands", lang, stage=standing, since=wall_clock(state.since, here))
    if state.waiting is not None and state.waiting_since is not None:
        waits, since = label(f"wait.{state.waiting}", lang), wall_clock(state.waiting_since, here)
        stands += f" · {label('desk.waits_for', lang, wait=waits, since=since)}"
    console.print(stands, markup=False)
    for one in seen.clocks.values():
        name = label(f"milestone.{one.milestone}", lang)
        met = "" if one.met_at is None else f", {wall_clock(one.met_at, here)}"
        said = f"{name}: {label(f'state.{one.state}', lang)}{met}"
        due = "" if one.due_at is None else f" · {_due(one, here, lang)}"
        console.print(said + due, style="bold", markup=False)
        if one.is_open:
            for step in arithmetic(one, ticket, seen.events, seen.scheme, calendars, now):
                console.print("    " + tell(step, lang, zone=here), markup=False)
    _happened(seen, console, here=here, lang=lang)
    if seen.triage is not None:
        _proposed(seen.triage, console, lang=lang)
    if state.leads_on:
        console.print(label("desk.may_follow", lang, steps=", ".join(state.leads_on)), markup=False)


def _happened(seen: Seen, console: Console, *, here: ZoneInfo, lang: Lang) -> None:
    for event in seen.events:
        extra = " · ".join(text for text in (event.value, event.visit, event.reason) if text)
        line = f"{wall_clock(event.at, here)}  {event.kind}  {event.by}" + (f"  {extra}" if extra else "")
        console.print(line, markup=False, soft_wrap=True)
    for visit in seen.visits:
        console.print(
            label("desk.visit_line", lang, visit=visit.id, minutes=visit.duration_min), markup=False
        )
    _attached(seen.attachments, console, lang=lang)
    for offer in seen.offers:
        line = label(
            "desk.offer_line", lang, cause=offer.cause, solution=offer.solution, n=offer.n, m=offer.m
        )
        console.print(line, markup=False, soft_wrap=True)


def _proposed(triage: Triaged, console: Console, *, lang: Lang) -> None:
    """Print where to begin and why, and what it took the last times."""
    first, found = triage.first, triage.found
    why = label(f"triage.{first.ground}", lang, n=first.n, m=first.m)
    way = label(f"triage.way_{first.way}", lang)
    usual = "" if triage.usual_min is None else label("triage.usual", lang, minutes=triage.usual_min)
    console.print(label("triage.first", lang, way=way, why=why) + usual, markup=False, soft_wrap=True)
    if not found.n:
        return
    basis = "basis_symptom" if found.symptom else "basis_model"
    head = label(f"triage.{basis}", lang, n=found.n, model=found.model, symptom=found.symptom)
    lists = {
        name: ", ".join(f"{one.what} {one.n}/{one.m}" for one in shares[:SHOWN]) or "-"
        for name, shares in (("parts", found.parts), ("skills", found.skills), ("causes", found.causes))
    }
    minutes = "-" if found.repair_min is None else found.repair_min
    console.print(head + label("triage.took", lang, **lists, minutes=minutes), markup=False, soft_wrap=True)


def _attached(files: Iterable[Attachment], console: Console, *, lang: Lang) -> None:
    for file in files:
        line = label(
            "desk.attachment_line",
            lang,
            name=file.name or file.digest[:12],
            media_type=file.media_type,
            size=file.size,
            digest=file.digest,
        )
        console.print(line, markup=False, soft_wrap=True)


def show_entitlement(found: Entitlement, console: Console, *, here: ZoneInfo, lang: Lang) -> None:
    """Print whether a ticket is covered, and why."""
    verdict = label(f"verdict.{found.verdict}", lang)
    console.print(f"{verdict}: {tell(found.reason, lang, zone=here)}", markup=False)


def show_report(asking: Asking, console: Console, *, here: ZoneInfo, lang: Lang) -> None:
    """Print a report that is no ticket yet, and the questions."""
    report = asking.report
    at = wall_clock(report.at, here)
    console.print(label("desk.report_title", lang, report=report.id, at=at), style="bold", markup=False)
    for text in (report.text, report.contact):
        if text:
            console.print(f"  {text}", markup=False)
    _attached(asking.attachments, console, lang=lang)
    if isinstance(asking.found, Refusal):
        console.print(say_refusal(asking.found, lang), markup=False, soft_wrap=True)
        return
    say_questions(map(_question, asking.found.questions), console, lang=lang)


def say_questions(questions: Iterable[Mapping[str, Any]], console: Console, *, lang: Lang) -> None:
    """Print what to ask, with answers that would do."""
    for one in questions:
        console.print(f"? {label('intake.ask_' + one['asked'], lang)}", markup=False, soft_wrap=True)
        if one["given"]:
            console.print("    " + label("desk.given_unknown", lang, given=one["given"]), markup=False)
        if one["proposed"]:
            console.print("    " + label("desk.proposed", lang, answer=one["proposed"]), markup=False)
        elif one["choices"]:
            listed = ", ".join(one["choices"][:20])
            more = len(one["choices"]) - 20
            console.print(
                "    " + listed + (f", … +{more}" if more > 0 else ""), markup=False, soft_wrap=True
            )


def ticket_document(seen: Seen) -> dict[str, Any]:
    """A ticket in plain JSON values."""
    ticket, state = seen.ticket, seen.state
    return {
        "ticket": ticket.id,
        "stage": state.stage,
        "since": state.since.isoformat(),
        "waiting": state.waiting,
        "severity": state.severity,
        "kind": ticket.kind,
        "customer": seen.customer,
        "site": ticket.site,
        "asset": ticket.asset,
        "contract": ticket.contract,
        "scheme": ticket.scheme,
        "version": ticket.version,
        "reported_at": ticket.reported_at.isoformat(),
        "symptom": ticket.symptom,
        "text": ticket.text,
        "clocks": [_clock_document(one) for one in seen.clocks.values()],
        "events": [
            {
                "at": one.at.isoformat(),
                "kind": one.kind,
                "by": one.by,
                "reason": one.reason,
                "value": one.value,
                "visit": one.visit,
            }
            for one in seen.events
        ],
        "events_seen": len(seen.events),
        "may_follow": list(state.may_follow),
        "visits": [{"visit": one.id, "duration_min": one.duration_min} for one in seen.visits],
        "attachments": _files(seen.attachments),
        "triage": triage_document(seen),
    }


def triage_document(seen: Seen | Asking) -> dict[str, Any] | None:
    """What triage proposes in plain JSON values; None: nothing is proposed any more."""
    if isinstance(seen, Asking) or seen.triage is None:
        return None
    first, found = seen.triage.first, seen.triage.found

    def shares(of: Iterable[Share]) -> list[dict[str, Any]]:
        return [{"what": one.what, "n": one.n, "m": one.m} for one in of]

    return {
        "way": first.way,
        "ground": first.ground,
        "n": first.n,
        "m": first.m,
        "usual_min": seen.triage.usual_min,
        "earlier": {
            "model": found.model,
            "symptom": found.symptom,
            "n": found.n,
            "parts": shares(found.parts),
            "skills": shares(found.skills),
            "causes": shares(found.causes),
            "solutions": shares(found.solutions),
            "repair_min": found.repair_min,
        },
    }


def report_document(asking: Asking) -> dict[str, Any]:
    """A report that is no ticket yet, in plain JSON values."""
    report = asking.report
    return {
        "report": report.id,
        "at": report.at.isoformat(),
        "channel": report.channel,
        "text": report.text,
        "contact": report.contact,
        "questions": []
        if isinstance(asking.found, Refusal)
        else list(map(_question, asking.found.questions)),
        "refused": asking.found.code if isinstance(asking.found, Refusal) else "",
        "attachments": _files(asking.attachments),
    }


def _files(attachments: Iterable[Attachment]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "media_type": one.media_type, "size": one.size, "digest": one.digest}
        for one in attachments
    ]


def _question(one: Question) -> dict[str, Any]:
    return {
        "asked": one.asked.value,
        "choices": list(one.choices),
        "proposed": one.proposed,
        "given": one.given,
    }


def _clock_document(one: ClockState) -> dict[str, Any]:
    return {
        "milestone": one.milestone,
        "promise": one.promise,
        "state": one.state,
        "due_at": None if one.due_at is None else one.due_at.isoformat(),
        "met_at": None if one.met_at is None else one.met_at.isoformat(),
        "remaining_s": one.remaining_s,
    }


def _due(one: ClockState, here: ZoneInfo, lang: Lang) -> str:
    assert one.due_at is not None
    due = label("desk.due", lang, due_at=wall_clock(one.due_at, here))
    late = one.is_open and one.remaining_s is not None and one.remaining_s < 0
    return f"{due} {label('desk.late', lang)}" if late else due


def _title(seen: Seen, lang: Lang) -> str:
    kind = label(f"ticket_kind.{seen.ticket.kind}", lang)
    return f"{seen.ticket.id} · {seen.state.severity} · {kind}"
