"""`fieldwright approvals`: what waits for somebody's word, asking for it, and giving it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from api.cli.app import app, stdout
from api.cli.asked import InDatabase, JsonOption, Judged, Told, spelled_out
from api.text import Lang, label
from api.text.spoken import wall_clock
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.money import amount, cents, from_cents

if TYPE_CHECKING:
    from api.usecases.desk import Desk
    from dispatch.desk.approval import Approval, ApprovalEvent
    from dispatch.desk.practice import DeskRole

approvals = typer.Typer(
    name="approvals", help="Requests that wait for somebody's word.", no_args_is_help=True
)
app.add_typer(approvals)

Word = TypeVar("Word", bound=StrEnum)
RequestArgument = Annotated[str, typer.Argument(help="Id of the request.")]
RoleOption = Annotated[str, typer.Option("--role", help="dispatcher, manager or director.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]


@approvals.command()
@spelled_out
def inbox(
    *,
    asked: Judged,
    role: RoleOption = "",
    by: Annotated[str, typer.Option("--by", help="Whose inbox: his own requests are not in it.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List what waits, oldest first: for a role, what it may decide; without one, everything and who may."""
    from dispatch.desk.approval import approvals as requests
    from dispatch.desk.approval import inbox as inbox_of
    from dispatch.desk.practice import DeskRole
    from dispatch.region import practice_of

    spoken, desk = asked.spoken, asked.desk()
    events = sorted(desk.region.field.approvals, key=lambda one: one.at)
    if role:
        practice = practice_of(desk.region.field)
        found = inbox_of(events, practice, desk.now, role=_word(DeskRole, role), person=by)
    else:
        waiting = [one for one in requests(events, desk.now).values() if one.is_open and one.asked_by != by]
        found = tuple(sorted(waiting, key=lambda one: (one.asked_at, one.id)))
    if as_json:
        rows = [_row(desk, one) for one in found]
        typer.echo(json.dumps({"now": desk.now.isoformat(), "requests": rows}, ensure_ascii=False, indent=2))
        return
    typer.echo(label("approval.inbox", spoken, n=len(found)))
    for one in found:
        stdout().print(f"   {_line(desk, one, spoken)}", soft_wrap=True, markup=False)


@approvals.command()
@spelled_out
def ask(
    request: RequestArgument,
    ticket: Annotated[str, typer.Argument(help="Ticket it is for.")],
    kind: Annotated[str, typer.Argument(help="replacement, refund, purchase or partner")],
    price: Annotated[str, typer.Argument(help="Amount in the region's currency, like 450.00.")],
    *,
    told: Told,
    reason: ReasonOption,
) -> None:
    """Ask for something that costs money."""
    from dispatch.desk.approval import ApprovalEvent, ApprovalStep
    from dispatch.desk.practice import ApprovalKind

    spoken, head = told.spoken, told.head()
    what, wanted = _word(ApprovalKind, kind), cents(amount(price))
    step = ApprovalStep.REQUESTED
    event = ApprovalEvent(request, ticket, head, told.by, step, what, wanted, reason=reason)
    _recorded(event, told, now=head)
    typer.echo(label("approval.done", spoken, approval=request, step=label(f"approval.is_{step}", spoken)))


@approvals.command()
@spelled_out
def decide(
    request: RequestArgument,
    decision: Annotated[str, typer.Argument(help="approved, declined or withdrawn")],
    *,
    told: Told,
    role: RoleOption = "",
    reason: ReasonOption = "",
) -> None:
    """Approve or decline a request in a role, or withdraw one's own."""
    from dispatch.desk.approval import ApprovalEvent, ApprovalStep
    from dispatch.desk.practice import DeskRole

    spoken, head = told.spoken, told.head()
    step = _word(ApprovalStep, decision)
    desk = told.desk(head)
    ticket = next((one.ticket for one in desk.region.field.approvals if one.id == request), "")
    if not ticket:
        raise Refusal("approval.not_asked", approval=request)
    asked = _word(DeskRole, role) if role else None
    event = ApprovalEvent(request, ticket, head, told.by, step, role=asked, reason=reason)
    _recorded(event, told, now=head)
    typer.echo(label("approval.done", spoken, approval=request, step=label(f"approval.is_{step}", spoken)))


def _recorded(event: ApprovalEvent, told: Told, *, now: datetime) -> dict[str, Any]:
    from storage.desk.facts import FILES, record

    file = FILES["approval_events"]
    return told.done(lambda work: record(work, file, event), now=now)


def _word(words: type[Word], text: str) -> Word:
    for word in words:
        if word == text:
            return word
    raise Refusal("approval.unknown_word", value=text[:40], known=", ".join(words))


def _line(desk: Desk, one: Approval, lang: Lang) -> str:
    return label(
        "approval.line",
        lang,
        approval=one.id,
        ticket=one.ticket,
        kind=label(f"approval.of_{one.kind}", lang),
        price=f"{_price(one):,.2f} {desk.region.settings.currency}",
        asked_at=wall_clock(one.asked_at, zone(desk.region.settings.zone)),
        by=one.asked_by,
        reason=one.reason,
        may=", ".join(label(f"approval.role_{role}", lang) for role in _may(desk, one)),
    )


def _price(one: Approval) -> Decimal:
    return from_cents(one.cents)


def _may(desk: Desk, one: Approval) -> tuple[DeskRole, ...]:
    from dispatch.desk.approval import may_decide
    from dispatch.region import practice_of

    return may_decide(one.kind, one.cents, practice_of(desk.region.field))


def _row(desk: Desk, one: Approval) -> dict[str, Any]:
    return {
        "request": one.id,
        "ticket": one.ticket,
        "kind": one.kind.value,
        "price": str(_price(one)),
        "currency": desk.region.settings.currency,
        "asked_at": one.asked_at.isoformat(),
        "asked_by": one.asked_by,
        "reason": one.reason,
        "may_decide": [role.value for role in _may(desk, one)],
    }


@approvals.command()
@spelled_out
def changes(
    *,
    there: InDatabase,
    decided: Annotated[
        bool, typer.Option("--decided", help="Those declined, withdrawn or done as well.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List changes of a region that were asked for after a simulation, oldest first."""
    from dispatch.desk.change_request import NEXT
    from storage.desk.change_requests import requested
    from storage.rows.head import read_settings

    spoken = there.spoken
    with there.reading() as (connection, region):
        found = [one for one in requested(connection, region).values() if decided or one.step in NEXT]
        here = zone(read_settings(connection, region).zone)
    if as_json:
        rows = [asdict(one) | {"step": one.step} for one in found]
        typer.echo(json.dumps({"requests": rows}, ensure_ascii=False, indent=2, default=_told))
        return
    typer.echo(label("change.inbox", spoken, n=len(found)))
    for one in found:
        line = label(
            "change.line",
            spoken,
            request=one.id,
            step=label(f"change.is_{one.step}", spoken),
            name=one.of.name[spoken == "zh"],
            at=wall_clock(one.asked_at, here),
            by=one.asked_by,
            run=one.of.run,
            scenario=one.of.scenario,
        )
        stdout().print(f"   {line}", soft_wrap=True, markup=False)


def _told(value: object) -> str:
    """A moment as JSON has it."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
