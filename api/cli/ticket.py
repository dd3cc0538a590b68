"""`fieldwright ticket`: take reports, see how tickets stand, write down what happened."""

from __future__ import annotations

import json
import mimetypes
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import MaybeDatabaseOption, MaybeDatasetArgument, RegionOption, open_region
from api.text import Lang, label
from kernel.clock import SystemClock, moment, utc, zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from api.usecases.desk import Desk
    from dispatch.region import Region
    from storage.desk.intake import Brought
    from storage.unit_of_work import UnitOfWork

tickets = typer.Typer(name="ticket", help="Reports, tickets and what happens to them.", no_args_is_help=True)
app.add_typer(tickets)

DatabaseOption = Annotated[
    str,
    typer.Option(
        "--database",
        help="sqlite:///file.db or postgresql://user:password@host/name.",
        envvar="FIELDWRIGHT_DATABASE",
    ),
]
TicketArgument = Annotated[str, typer.Argument(help="Number of the ticket or report.")]
ByOption = Annotated[str, typer.Option("--by", help="Code of who says so.")]
KeyOption = Annotated[
    str, typer.Option("--key", help="Name of the command: the same name is done once, however often given.")
]
NowOption = Annotated[
    str | None, typer.Option("--now", help="Moment of the command (ISO 8601 with offset); default: now.")
]
AtOption = Annotated[
    str | None, typer.Option("--at", help="When it happened (ISO 8601 with offset); default: now.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
MinutesOption = Annotated[int, typer.Option("--minutes", help="Minutes of work of a visit; asks for one.")]
SkillOption = Annotated[list[str], typer.Option("--skill", help="Skill and least level it needs, like hv:2.")]
PartOption = Annotated[list[str], typer.Option("--part", help="Part and units it needs, like P-1:2.")]
EarliestOption = Annotated[str | None, typer.Option("--earliest", help="The visit starts no earlier.")]


@tickets.command("open")
def open_(
    database: DatabaseOption,
    *,
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
    by: ByOption = "operator",
    region: RegionOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Take a report: a number at once; a ticket when nothing is missing, else what to ask."""
    from dispatch.desk.intake import Channel, Report
    from storage.desk.intake import DRAFT, take

    spoken = language(lang)
    known = {one.value: one for one in Channel}
    if channel not in known:
        raise Refusal("desk.unknown_channel", value=channel[:40], known=", ".join(known))
    head = command_moment(now, database, region, key=key)
    report = Report(
        DRAFT,
        moment(at) if at else head,
        known[channel],
        by,
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
    files = [file_of(path) for path in attach]
    reply = done(
        lambda work: take(work, report, brought=files, trip=trip), database, region, key=key, now=head, by=by
    )
    tell_reply(reply, database, region, now=head, lang=spoken, as_json=as_json)


@tickets.command()
def answer(
    ticket: TicketArgument,
    asked: Annotated[
        str, typer.Argument(help="asset, site, kind, contract, scheme, severity, text, contact")
    ],
    value: Annotated[str, typer.Argument(help="The answer.")],
    database: DatabaseOption,
    *,
    at: AtOption = None,
    by: ByOption = "operator",
    region: RegionOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Write down the answer to a question; the last one missing opens the ticket."""
    from dispatch.desk.intake import Answer, Asked
    from storage.desk.intake import answer as answered

    spoken = language(lang)
    known = {one.value: one for one in Asked}
    if asked not in known:
        raise Refusal("desk.unknown_question", value=asked[:40], known=", ".join(known))
    head = command_moment(now, database, region, key=key)
    said = Answer(ticket, moment(at) if at else head, by, known[asked], value)
    reply = done(lambda work: answered(work, said), database, region, key=key, now=head, by=by)
    tell_reply(reply, database, region, now=head, lang=spoken, as_json=as_json)


@tickets.command()
def event(
    ticket: TicketArgument,
    kind: Annotated[str, typer.Argument(help="What happened: acknowledged, on_site, waiting, repaired, ...")],
    database: DatabaseOption,
    *,
    at: AtOption = None,
    by: ByOption = "operator",
    reason: Annotated[str, typer.Option("--reason", help="Why; some events need it.")] = "",
    value: Annotated[str, typer.Option("--value", help="What the kind needs, like part for waiting.")] = "",
    visit: Annotated[str, typer.Option("--visit", help="The visit it is about.")] = "",
    seen: Annotated[
        int | None,
        typer.Option("--seen", help="How many events you have seen; refused when it has moved on."),
    ] = None,
    region: RegionOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Write down what happened to a ticket; refused when it cannot have happened like that."""
    from dispatch.desk.ticket import EventKind, TicketEvent
    from storage.desk.tickets import happened

    spoken = language(lang)
    known = {one.value: one for one in EventKind}
    if kind not in known:
        raise Refusal("desk.unknown_event", value=kind[:40], known=", ".join(known))
    head = command_moment(now, database, region, key=key)
    made = TicketEvent(ticket, moment(at) if at else head, known[kind], by, reason, value, visit)
    reply = done(lambda work: happened(work, made, version=seen), database, region, key=key, now=head, by=by)
    if as_json:
        typer.echo(json.dumps(reply, ensure_ascii=False))
        return
    stdout().print(label("desk.written", spoken, ticket=ticket, event=kind, version=reply["version"]))
    _show(ticket, desk_of(None, database, region, now=head, lang=spoken), spoken)


@tickets.command()
def visit(
    ticket: TicketArgument,
    database: DatabaseOption,
    *,
    minutes: MinutesOption,
    skill: SkillOption = [],  # noqa: B006 typer reads the default, nobody changes it
    part: PartOption = [],  # noqa: B006
    earliest: EarliestOption = None,
    by: ByOption = "operator",
    region: RegionOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
) -> None:
    """Ask for one more visit; the next plan places it."""
    from storage.desk.tickets import request_visit

    trip = trip_asked(minutes, skill, part, earliest)
    assert trip is not None  # minutes are required here
    head = command_moment(now, database, region, key=key)
    reply = done(lambda work: request_visit(work, ticket, trip), database, region, key=key, now=head, by=by)
    stdout().print(label("desk.visit_asked", language(lang), **reply))


@tickets.command()
def show(
    ticket: TicketArgument,
    dataset: MaybeDatasetArgument = None,
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Show a ticket: what was said, where it stands, its clocks, what happened, what may follow."""
    from api.cli.ticket_words import report_document, ticket_document
    from api.usecases.desk import Seen

    spoken = language(lang)
    desk = desk_of(dataset, database, region, now=moment(now) if now else None, lang=spoken)
    if not as_json:
        _show(ticket, desk, spoken)
        return
    found = desk.shown(ticket)
    document = ticket_document(found) if isinstance(found, Seen) else report_document(found)
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@tickets.command("list")
def list_(
    dataset: MaybeDatasetArgument = None,
    database: MaybeDatabaseOption = "",
    *,
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
    region: RegionOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """List tickets, the next promise to run out first, and reports that wait for an answer."""
    from api.cli.ticket_words import list_as_table, report_document, ticket_document
    from api.usecases.desk import SORTS, Wanted
    from dispatch.desk.life import Stage
    from dispatch.desk.milestone import Severity

    spoken = language(lang)
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
    desk = desk_of(dataset, database, region, now=moment(now) if now else None, lang=spoken)
    found = desk.listed(wanted, sort=sort)
    asking = desk.asking() if wanted == Wanted() else ()
    if as_json:
        document = {
            "now": desk.now.isoformat(),
            "tickets": [ticket_document(one) for one in found[:most]],
            "left_out": max(0, len(found) - most),
            "reports": [report_document(one) for one in asking],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    list_as_table(found[:most], asking, stdout(), here=zone(desk.region.settings.zone), lang=spoken)
    if len(found) > most:
        stdout().print(label("desk.more_listed", spoken, count=len(found) - most))


def desk_of(dataset: Path | None, database: str, region: str, *, now: datetime | None, lang: Lang) -> Desk:
    """The desk of a folder, at the moment it is described at, or of a database, now.

    Raises:
        Refusal: ``cli.dataset_or_database``, ``cli.region_of_folder``; those of the database.
    """
    from api.usecases.desk import Desk

    if (dataset is None) == (not database):
        raise Refusal("cli.dataset_or_database")
    found: Region
    if dataset is not None:
        if region:
            raise Refusal("cli.region_of_folder")
        found = open_region(dataset, accept_partial=False, lang=lang).region
        return Desk(found, now or found.settings.as_of)
    from api.stored import opened
    from storage.rows.region import load_region, only_region

    with opened(database) as there, there.reading() as connection:
        found = load_region(connection, only_region(connection, region))
    return Desk(found, now or max(SystemClock().now(), found.settings.as_of))


def done(
    command: Callable[[UnitOfWork], dict[str, Any]],
    database: str,
    region: str,
    *,
    key: str,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Run one command and give its reply."""
    from api.stored import envelope, opened
    from storage.rows.region import only_region

    with opened(database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
        name = key or f"ticket-{SystemClock().now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        return there.run(replace(envelope(which, name), now=now, actor=by), command)


def tell_reply(
    reply: dict[str, Any], database: str, region: str, *, now: datetime, lang: Lang, as_json: bool
) -> None:
    """Say what became of a report: its number, what to ask, what it resembles."""
    from api.cli.ticket_words import say_questions

    if as_json:
        typer.echo(json.dumps(reply, ensure_ascii=False, indent=2))
        return
    console = stdout()
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
        _show(reply["ticket"], desk_of(None, database, region, now=now, lang=lang), lang)


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

    return Trip(minutes, moment(earliest) if earliest else None, skills=pairs(skills), parts=pairs(parts))


def file_of(path: Path) -> Brought:
    """A file to attach; its media type by its name.

    Raises:
        Refusal: ``desk.cannot_read``.
    """
    from dispatch.desk.practice_file import builtin_practice
    from storage.desk.intake import Brought

    # One byte more than anything may have is enough to be refused: nobody reads a disk image to say so.
    most = max(limit.most_bytes for limit in builtin_practice().attachments.values())
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError:
        raise Refusal("desk.cannot_read", file=str(path)[:200]) from None
    return Brought(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)


def command_moment(now: str | None, database: str, region: str, *, key: str) -> datetime:
    """The moment of a command: as said, else that of its first arrival under this key, else the machine's."""
    if now:
        return utc(moment(now))
    if key:
        from api.stored import opened
        from storage.idempotency import first_at
        from storage.rows.region import only_region

        with opened(database) as there, there.reading() as connection:
            first = first_at(connection, only_region(connection, region), key)
        if first is not None:
            return first
    return SystemClock().now()
