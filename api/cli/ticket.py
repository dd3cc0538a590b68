"""`fieldwright ticket`: take reports, see how tickets stand, write down what happened."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.app import app, stdout
from api.cli.asked import AtOption, JsonOption, Judged, Told, spelled_out, when
from api.text import Lang, label
from kernel.clock import zone
from kernel.errors import Refusal
from storage.rows.standing import practice_in

if TYPE_CHECKING:
    from api.usecases.desk import Desk
    from storage.desk.intake import Brought

tickets = typer.Typer(name="ticket", help="Reports, tickets and what happens to them.", no_args_is_help=True)
app.add_typer(tickets)

TicketArgument = Annotated[str, typer.Argument(help="Number of the ticket or report.")]
MinutesOption = Annotated[int, typer.Option("--minutes", help="Minutes of work of a visit; asks for one.")]
SkillOption = Annotated[list[str], typer.Option("--skill", help="Skill and least level it needs, like hv:2.")]
PartOption = Annotated[list[str], typer.Option("--part", help="Part and units it needs, like P-1:2.")]
EarliestOption = Annotated[str | None, typer.Option("--earliest", help="The visit starts no earlier.")]


@tickets.command("open")
@spelled_out
def open_(
    *,
    told: Told,
    channel: Annotated[str, typer.Option("--channel", help="phone, mail, web, chat or qr.")] = "phone",
    at: AtOption = None,
    asset: Annotated[str, typer.Option("--asset", help="Id of the equipment; none: no equipment.")] = "",
    serial: Annotated[str, typer.Option("--serial", help="The maker's serial number.")] = "",
    qr: Annotated[str, typer.Option("--qr", help="What was scanned on the equipment.")] = "",
    site: Annotated[str, typer.Option("--site", help="Id of the site.")] = "",
    contract: Annotated[str, typer.Option("--contract", help="Id of the contract.")] = "",
    scheme: Annotated[str, typer.Option("--scheme", help="Scheme, where no contract is in force.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="fault, installation, training, ...")] = "",
    severity: Annotated[str, typer.Option("--severity", help="P1 to P4, or the scheme's own word.")] = "",
    symptom: Annotated[str, typer.Option("--symptom", help="Code of the symptom.")] = "",
    text: Annotated[str, typer.Option("--text", help="The customer's words.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="How to reach who reported it.")] = "",
    attach: Annotated[list[Path], typer.Option("--attach", help="File that came with it.")] = [],  # noqa: B006
    minutes: MinutesOption = 0,
    skill: SkillOption = [],  # noqa: B006 typer reads the default, nobody changes it
    part: PartOption = [],  # noqa: B006
    earliest: EarliestOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a report: a number at once; a ticket when nothing is missing, else what to ask."""
    from dispatch.desk.intake import Channel, Report
    from storage.desk.intake import DRAFT, take

    known = {one.value: one for one in Channel}
    if channel not in known:
        raise Refusal("desk.unknown_channel", value=channel[:40], known=", ".join(known))
    head = told.head()
    report = Report(
        DRAFT,
        when(at) or head,
        known[channel],
        told.by,
        asset=asset,
        serial=serial,
        qr=qr,
        site=site,
        contract=contract,
        scheme=scheme,
        kind=kind,
        severity=severity,
        symptom=symptom,
        text=text,
        contact=contact,
    )
    trip = trip_asked(minutes, skill, part, earliest)
    files = files_of(told, attach)
    reply = told.done(lambda work: take(work, report, brought=files, trip=trip), now=head)
    tell_reply(reply, told, now=head, as_json=as_json)


@tickets.command()
@spelled_out
def answer(
    ticket: TicketArgument,
    asked: Annotated[
        str, typer.Argument(help="asset, site, kind, contract, scheme, severity, text, contact")
    ],
    value: Annotated[str, typer.Argument(help="The answer.")],
    *,
    told: Told,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write down the answer to a question; the last one missing opens the ticket."""
    from dispatch.desk.intake import Answer
    from dispatch.desk.intake import Asked as Question
    from storage.desk.intake import answer as answered

    known = {one.value: one for one in Question}
    if asked not in known:
        raise Refusal("desk.unknown_question", value=asked[:40], known=", ".join(known))
    head = told.head()
    said = Answer(ticket, when(at) or head, told.by, known[asked], value)
    reply = told.done(lambda work: answered(work, said), now=head)
    tell_reply(reply, told, now=head, as_json=as_json)


@tickets.command()
@spelled_out
def event(
    ticket: TicketArgument,
    kind: Annotated[str, typer.Argument(help="What happened: acknowledged, on_site, waiting, repaired, ...")],
    *,
    told: Told,
    at: AtOption = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; some events need it.")] = "",
    value: Annotated[str, typer.Option("--value", help="What the kind needs, like part for waiting.")] = "",
    visit: Annotated[str, typer.Option("--visit", help="The visit it is about.")] = "",
    seen: Annotated[
        int | None,
        typer.Option("--seen", help="How many events you have seen; refused when it has moved on."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write down what happened to a ticket; refused when it cannot have happened like that."""
    from dispatch.desk.ticket import EventKind, TicketEvent
    from storage.desk.tickets import happened

    known = {one.value: one for one in EventKind}
    if kind not in known:
        raise Refusal("desk.unknown_event", value=kind[:40], known=", ".join(known))
    head = told.head()
    made = TicketEvent(ticket, when(at) or head, known[kind], told.by, reason, value, visit)
    reply = told.done(lambda work: happened(work, made, version=seen), now=head)
    if as_json:
        typer.echo(json.dumps(reply, ensure_ascii=False))
        return
    stdout().print(label("desk.written", told.spoken, ticket=ticket, event=kind, version=reply["version"]))
    _show(ticket, told.desk(head), told.spoken)


@tickets.command()
@spelled_out
def visit(
    ticket: TicketArgument,
    *,
    told: Told,
    minutes: MinutesOption,
    skill: SkillOption = [],  # noqa: B006 typer reads the default, nobody changes it
    part: PartOption = [],  # noqa: B006
    earliest: EarliestOption = None,
) -> None:
    """Ask for one more visit; the next plan places it."""
    from storage.desk.tickets import request_visit

    trip = trip_asked(minutes, skill, part, earliest)
    if trip is None:
        raise Refusal("desk.minutes_missing")
    reply = told.done(lambda work: request_visit(work, ticket, trip))
    stdout().print(label("desk.visit_asked", told.spoken, **reply))


@tickets.command()
@spelled_out
def show(
    ticket: TicketArgument,
    *,
    asked: Judged,
    as_json: JsonOption = False,
) -> None:
    """Show a ticket: what was said, where it stands, its clocks, what happened, what may follow."""
    from api.cli.ticket_words import report_document, ticket_document
    from api.usecases.desk import Seen

    desk = asked.desk()
    if not as_json:
        _show(ticket, desk, asked.spoken)
        return
    found = desk.shown(ticket)
    document = ticket_document(found) if isinstance(found, Seen) else report_document(found)
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@tickets.command("list")
@spelled_out
def list_(
    *,
    asked: Judged,
    stage: Annotated[list[str], typer.Option("--stage", help="Only these stages.")] = [],  # noqa: B006
    severity: Annotated[list[str], typer.Option("--severity", help="Only these, P1 to P4.")] = [],  # noqa: B006
    site: Annotated[str, typer.Option("--site", help="Only this site.")] = "",
    customer: Annotated[str, typer.Option("--customer", help="Only this customer.")] = "",
    asset: Annotated[str, typer.Option("--asset", help="Only this equipment.")] = "",
    scheme: Annotated[str, typer.Option("--scheme", help="Only under this scheme.")] = "",
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait.")] = False,
    breached: Annotated[
        bool, typer.Option("--breached", help="Only with a broken promise still owed.")
    ] = False,
    within: Annotated[float | None, typer.Option("--within", help="Only due within so many hours.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over as well.")] = False,
    sort: Annotated[str, typer.Option("--sort", help="due, reported, severity or number.")] = "due",
    most: Annotated[int, typer.Option("--most", help="Tickets to list.", min=1)] = 100,
    as_json: JsonOption = False,
) -> None:
    """List tickets, the next promise to run out first, and reports that wait for an answer."""
    from api.cli.ticket_words import list_as_table, report_document, ticket_document
    from api.usecases.desk import SORTS, Wanted
    from dispatch.desk.life import Stage
    from dispatch.desk.milestone import Severity

    spoken = asked.spoken
    for given, words in ((stage, tuple(Stage)), (severity, tuple(Severity)), ([sort], SORTS)):
        for one in given:
            if one not in words:
                raise Refusal("desk.unknown_word", value=one[:40], known=", ".join(words))
    wanted = Wanted(
        frozenset(stage),
        frozenset(severity),
        site,
        customer,
        asset,
        scheme,
        waiting=waiting,
        breached=breached,
        within=None if within is None else timedelta(hours=within),
        over=everything,
    )
    desk = asked.desk()
    found = desk.listed(wanted, sort=sort)
    reports = desk.asking() if wanted == Wanted() else ()
    if as_json:
        document = {
            "now": desk.now.isoformat(),
            "tickets": [ticket_document(one) for one in found[:most]],
            "left_out": max(0, len(found) - most),
            "reports": [report_document(one) for one in reports],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    list_as_table(found[:most], reports, stdout(), here=zone(desk.region.settings.zone), lang=spoken)
    if len(found) > most:
        stdout().print(label("desk.more_listed", spoken, count=len(found) - most))


def tell_reply(reply: dict[str, Any], told: Told, *, now: datetime, as_json: bool) -> None:
    """Say what became of a report: its number, what to ask, what it resembles."""
    from api.cli.ticket_words import say_questions, triage_document

    if as_json:
        desk = told.desk(now) if reply["opened"] else None
        proposed = {} if desk is None else {"triage": triage_document(desk.shown(reply["ticket"]))}
        typer.echo(json.dumps(reply | proposed, ensure_ascii=False, indent=2))
        return
    console, lang = stdout(), told.spoken
    code = "desk.opened" if reply["opened"] else "desk.taken"
    console.print(label(code, lang, ticket=reply["ticket"]), style="bold", markup=False)
    for one in reply["duplicates"]:
        line = label(f"duplicate.{one['likeness']}", lang, ticket=one["ticket"], days=one["days"])
        console.print(line, markup=False)
    say_questions(reply["questions"], console, lang=lang)
    if reply["evidence"]:
        console.print(label("desk.evidence_wanted", lang, kinds=", ".join(reply["evidence"])), markup=False)
    if reply["visit"]:
        console.print(label("desk.visit_asked", lang, ticket=reply["ticket"], visit=reply["visit"]))
    if reply["opened"]:
        _show(reply["ticket"], told.desk(now), lang)


def _show(ticket: str, desk: Desk, lang: Lang) -> None:
    from api.cli.ticket_words import show_entitlement, show_report, show_ticket
    from api.usecases.desk import Seen
    from api.usecases.entitled import entitlement_of

    here = zone(desk.region.settings.zone)
    found = desk.shown(ticket)
    if isinstance(found, Seen):
        calendars = {one.id: one for one in desk.region.field.calendars}
        show_ticket(found, stdout(), calendars, desk.now, here=here, lang=lang)
        show_entitlement(
            entitlement_of(desk.region, found.ticket, now=desk.now), stdout(), here=here, lang=lang
        )
    else:
        show_report(found, stdout(), here=here, lang=lang)


_PAIR = re.compile(r"(?P<name>[^:]+):(?P<number>[0-9]{1,9})")


def trip_asked(minutes: int, skills: list[str], parts: list[str], earliest: str | None) -> Any:
    """The visit asked for; None without minutes.

    Raises:
        Refusal: ``desk.minutes_missing``, ``desk.not_a_pair``.
    """
    from storage.desk.tickets import Trip

    if minutes < 1:
        if skills or parts or earliest or minutes:
            raise Refusal("desk.minutes_missing")
        return None

    def pairs(given: list[str]) -> tuple[tuple[str, int], ...]:
        read = []
        for one in given:
            found = _PAIR.fullmatch(one)
            if found is None:
                raise Refusal("desk.not_a_pair", value=one[:40])
            read.append((found["name"], int(found["number"])))
        return tuple(read)

    return Trip(minutes, when(earliest), skills=pairs(skills), parts=pairs(parts))


def files_of(told: Told, paths: Iterable[Path]) -> tuple[Brought, ...]:
    """Files to attach, none larger than anything may be by the desk's practice; their media types by their names.

    Raises:
        Refusal: ``desk.cannot_read``.
    """
    named = tuple(paths)
    if not named:
        return ()
    with told.reading() as (connection, which):
        practice = practice_in(connection, which)
    most = max(limit.most_bytes for limit in practice.attachments.values())
    return tuple(_file_of(path, most) for path in named)


def _file_of(path: Path, most: int) -> Brought:
    from storage.desk.intake import Brought

    # One byte more than anything may have is enough to be refused: nobody reads a disk image to say so.
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError:
        raise Refusal("desk.cannot_read", file=str(path)[:200]) from None
    return Brought(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)
