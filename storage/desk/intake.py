"""Taking in what somebody reports: a number at once, the files with it, a ticket as soon as nothing is missing.

One transaction a report: its number, its words, its attachments and, where nothing is missing, the ticket with the
trip it takes. What is missing comes back as questions; every answer is a fact, and the last one opens the ticket.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    union,
)

from dispatch.desk.attachment import Attachment, begins_as, check_attachments, kind_of
from dispatch.desk.clause import Evidence
from dispatch.desk.customer import Asset
from dispatch.desk.duplicate import duplicates
from dispatch.desk.history import ClosedTicket
from dispatch.desk.intake import (
    QR,
    Answer,
    Asked,
    Assessment,
    Directory,
    Report,
    assess,
    known_of,
    ticket_number,
)
from dispatch.desk.life import work_ended
from dispatch.desk.ticket import Ticket
from kernel.clock import zone
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset import paper_tables, ticket_tables
from storage.desk.contents import digest_of, keep
from storage.desk.numbers import next_number
from storage.desk.tickets import Trip, check_past, check_references, write_ticket, write_trip
from storage.idempotency import Reply, once
from storage.ready import Ready
from storage.rows.around import EVERYWHERE, meant
from storage.rows.facts import IN_REGION, add, pair_of, plain, rows_of, values_among, values_in
from storage.rows.standing import Standing, asked_standing, practice_in, standing
from storage.rows.tickets import events_of
from storage.scope import Scope
from storage.tables.desk import ClosedTicketRow, TicketRow
from storage.tables.paper import AnswerRow, ReportRow
from storage.unit_of_work import UnitOfWork

TICKETS, CLOSED, REPORTS = "tickets", "closed", "reports"
"""What there may be about a piece of equipment."""

DRAFT = "draft"
"""Id of a report that has no number yet."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that comes with a report; `kind` None: as its media type says."""

    name: str
    media_type: str
    content: bytes
    kind: Evidence | None = None


def take(
    work: UnitOfWork,
    report: Report,
    *,
    brought: Iterable[Brought] = (),
    trip: Trip | None = None,
    scope: Scope = EVERYWHERE,
) -> Reply:
    """Take a report in: ``{"ticket": number, "opened": yes or no, "questions": [...], ...}``; see `_reply`.

    Args:
        work: of the command.
        report: under the id `DRAFT`.
        brought: files that came with it.
        trip: the visit it takes; only where nothing is missing.
        scope: how far who says it reaches: equipment and sites beyond are as unknown as those that are not there.

    Raises:
        Refusal: ``desk.trip_too_early``, ``desk.ahead_of_now``, ``intake.*``; those of `write_ticket`, `write_trip`.
    """
    files = tuple(brought)
    content = {
        "report": plain(rows_of(pair_of(paper_tables.REPORTS), (report,))[0]),
        "files": [[one.name, one.media_type, digest_of(one.content)] for one in files],
        "trip": trip and trip.told(),
    }

    def act() -> Reply:
        check_past(work, (report.at,))
        stands = standing(work.connection, work.region)
        taken = replace(report, id=_number(work, report, stands))
        add(work, paper_tables.REPORTS, (taken,))
        work.record("ticket.report", taken.id, channel=taken.channel, by=taken.by)
        kept = attach(work, taken.id, files, by=report.by)
        directory = _directory(work.connection, work.region, taken, stands, scope)
        found = assess(taken, directory, sent=(one.kind for one in kept))
        return _reply(work, taken, found, stands, trip=trip)

    ahead = [asked_standing(work.region)]
    return once(work, "ticket.take", content, act, queued=True, ahead=ahead)


def looked_at(
    connection: Connection, region: str, report: Report, directory: Directory
) -> tuple[Assessment, list[dict[str, Any]]]:
    """Say of a report what `take` would, and keep nothing: what is missing, and what it resembles.

    Args:
        connection: to read with.
        region: its id.
        report: under the id `DRAFT`.
        directory: of `directory_for`, as far as whoever asks may see.

    Raises:
        Refusal: ``intake.*`` of `assess`.
    """
    found = assess(report, directory)
    return found, _duplicates(connection, region, found, report, standing(connection, region))


def taken_before(
    connection: Connection, region: str, report: Report, *, now: datetime, told: frozenset[str] | None
) -> Reply | None:
    """What became of a report that came under this reference before, in the words of `take`; None: none did.

    Args:
        connection: to read with.
        region: its id.
        report: as it comes now, under the id `DRAFT`.
        now: answers up to then count.
        told: digests of the files that come with a mail; what its way here added (moments, addresses) is not
            compared. None: a line of a list, of which all is compared but who imported it.

    Raises:
        Refusal: ``desk.reference_taken`` when the one before says something else; ``intake.*`` of `assess`.
    """
    for before in values_in(connection, paper_tables.REPORTS, region, reference=report.reference):
        if told is None:
            alike = replace(before, id=report.id, by=report.by) == report
        else:
            sent = values_in(connection, paper_tables.ATTACHMENTS, region, ticket_id=before.id)
            alike = before.text == report.text and told <= {one.digest for one in sent}
        if not alike:
            raise Refusal("desk.reference_taken", reference=report.reference[:120], ticket=before.id)
        return _standing(connection, region, before, now)
    return None


def _standing(connection: Connection, region: str, report: Report, now: datetime) -> Reply:
    """How a report taken before stands now."""
    answers = values_in(connection, paper_tables.ANSWERS, region, report_id=report.id)
    learnt = known_of(report, answers, now)
    sent = values_in(connection, paper_tables.ATTACHMENTS, region, ticket_id=report.id)
    opened = any(
        values_in(connection, file, region, ticket_id=report.id)
        for file in (ticket_tables.TICKETS, ticket_tables.CLOSED_TICKETS)
    )
    stands = standing(connection, region)
    found = assess(
        learnt, _directory(connection, region, learnt, stands, EVERYWHERE), sent=(one.kind for one in sent)
    )
    alike = _duplicates(connection, region, found, learnt, stands)
    return _told(learnt, found, alike=alike, opened=opened, visit="")


def answer(work: UnitOfWork, said: Answer, *, scope: Scope = EVERYWHERE) -> Reply:
    """Write down what was learnt about a report; the reply is that of `take`, and so is `scope`.

    Raises:
        Refusal: ``desk.unknown_report``, ``desk.report_opened`` when its ticket is open already, ``desk.ahead_of_now``,
            ``intake.*``.
    """
    content = plain(rows_of(pair_of(paper_tables.ANSWERS), (said,))[0])

    def act() -> Reply:
        queue(work)
        check_past(work, (said.at,))
        reports = values_in(work.connection, paper_tables.REPORTS, work.region, report_id=said.report)
        if not reports:
            raise Refusal("desk.unknown_report", report=said.report)
        if values_in(work.connection, ticket_tables.TICKETS, work.region, ticket_id=said.report):
            raise Refusal("desk.report_opened", report=said.report)
        before = values_in(work.connection, paper_tables.ANSWERS, work.region, report_id=said.report)
        learnt = known_of(reports[0], (*before, said), work.now)
        add(work, paper_tables.ANSWERS, (said,))
        work.record("ticket.answer", said.report, asked=said.asked, by=said.by)
        sent = values_in(work.connection, paper_tables.ATTACHMENTS, work.region, ticket_id=said.report)
        stands = standing(work.connection, work.region)
        directory = _directory(work.connection, work.region, learnt, stands, scope)
        found = assess(learnt, directory, sent=(one.kind for one in sent))
        return _reply(work, learnt, found, stands, trip=None)

    return once(work, "ticket.answer", content, act)


def bring(work: UnitOfWork, ticket: str, brought: tuple[Brought, ...], *, by: str) -> Reply:
    """Keep files with a ticket or report, all or none: ``{"ticket": id, "digests": [...]}``.

    Raises:
        Refusal: ``desk.unknown_reference``; those of `attach`.
    """

    def act() -> Reply:
        queue(work)
        return {"ticket": ticket, "digests": [one.digest for one in attach(work, ticket, brought, by=by)]}

    told = [[one.name, one.media_type, digest_of(one.content)] for one in brought]
    return once(work, "ticket.attach", {"ticket": ticket, "files": told}, act)


def attach(work: UnitOfWork, ticket: str, files: tuple[Brought, ...], *, by: str) -> tuple[Attachment, ...]:
    """Keep files with a ticket or report inside a command that has queued already; gives what is new.

    Raises:
        Refusal: ``intake.attachment_*`` when one may not be kept; then none is.
    """
    if not files:
        return ()
    practice = practice_in(work.connection, work.region)
    before = values_in(work.connection, paper_tables.ATTACHMENTS, work.region, ticket_id=ticket)
    made = []
    for one in files:
        kind = one.kind or kind_of(one.media_type, practice)
        if kind is None:
            known = sorted({word for limit in practice.attachments.values() for word in limit.types})
            raise Refusal(
                "intake.attachment_type",
                name=one.name[:80],
                media_type=one.media_type[:60],
                kind="-",
                known=", ".join(known),
            )
        if one.content and not begins_as(one.media_type, one.content):
            raise Refusal(
                "intake.attachment_not_its_type", name=one.name[:80], media_type=one.media_type[:60]
            )
        digest = digest_of(one.content)
        made.append(
            Attachment(ticket, work.now, by, kind, digest, one.media_type, len(one.content), one.name)
        )
    for refusal in check_attachments((*before, *made), practice):
        raise refusal
    check_references(work, paper_tables.ATTACHMENTS, tuple(made))
    for one in files:
        keep(work, one.content)
    add(work, paper_tables.ATTACHMENTS, made)
    for new in made:
        work.record("ticket.attach", ticket, digest=new.digest, kind=new.kind)
    return tuple(made)


def directory_for(
    connection: Connection, region: str, report: Report, *, scope: Scope = EVERYWHERE
) -> Directory:
    """What the desk has to know to judge one report: the equipment it may mean, its sites and their contracts."""
    return _directory(connection, region, report, standing(connection, region), scope)


def _directory(
    connection: Connection, region: str, report: Report, stands: Standing, scope: Scope
) -> Directory:
    found = meant(connection, region, report, scope)
    return Directory.of(found.sites, found.assets, found.contracts, stands.schemes)


def _number(work: UnitOfWork, report: Report, stands: Standing) -> str:
    """The next number of the local day the report was made on."""
    day = f"{report.at.astimezone(zone(stands.settings.zone)):%Y%m%d}"
    taken = (ReportRow.c.report_id, TicketRow.c.ticket_id, ClosedTicketRow.c.ticket_id)
    return ticket_number(day, next_number(work, f"T-{day}-", taken))


def _reply(
    work: UnitOfWork, report: Report, found: Assessment, stands: Standing, *, trip: Trip | None
) -> Reply:
    """Open the ticket where nothing is missing, and say how it stands, in plain JSON values.

    ``ticket`` its number, ``opened`` whether it is one already, ``questions`` what to ask with answers that would do,
    ``evidence`` what the scheme wants with the report, ``duplicates`` earlier tickets of the equipment, ``visit``.
    """
    visit = ""
    alike = _duplicates(work.connection, work.region, found, report, stands)
    if found.ticket is not None:
        write_ticket(work, found.ticket)
        visit = write_trip(work, found.ticket, trip) if trip is not None else ""
    elif trip is not None:
        raise Refusal("desk.trip_too_early", missing=", ".join(one.asked for one in found.questions))
    return _told(report, found, alike=alike, opened=found.ticket is not None, visit=visit)


def _told(
    report: Report, found: Assessment, *, alike: list[dict[str, Any]], opened: bool, visit: str
) -> Reply:
    return {
        "ticket": report.id,
        "opened": opened,
        "questions": [
            {"asked": one.asked, "choices": one.choices, "proposed": one.proposed, "given": one.given}
            for one in (() if opened else found.questions)
        ],
        "evidence": list(found.evidence),
        "duplicates": alike,
        "visit": visit,
    }


def _duplicates(
    connection: Connection, region: str, found: Assessment, report: Report, stands: Standing
) -> list[dict[str, Any]]:
    if found.asset is None:
        return []
    asset = found.asset.id
    there = _there(connection, region, found.asset, but=report.id)
    if not any(there.values()):
        return []
    tickets: tuple[Ticket, ...] = ()
    if there[TICKETS]:
        tickets = values_in(connection, ticket_tables.TICKETS, region, asset_id=asset)
    events = events_of(connection, region, [one.id for one in tickets]) if tickets else {}
    open_ones = [one for one in tickets if one.id != report.id and not work_ended(events.get(one.id, ()))]
    closed: tuple[ClosedTicket, ...] = ()
    if there[CLOSED]:
        closed = values_in(connection, ticket_tables.CLOSED_TICKETS, region, asset_id=asset)
    waiting = _waiting(connection, region, found.asset, there[REPORTS])
    if not (open_ones or closed or waiting):
        return []
    alike = duplicates(
        asset,
        report.symptom,
        report.at,
        open_ones,
        [one for one in closed if one.ticket != report.id],
        waiting=waiting,
        repeat_days=stands.practice.repeat_days,
    )
    return [
        {"ticket": one.ticket, "likeness": one.likeness, "at": one.at.isoformat(), "days": one.days}
        for one in alike
    ]


def _there(connection: Connection, region: str, asset: Asset, *, but: str) -> dict[str, set[str]]:
    """Ids of what there is about a piece of equipment, by what it is: mostly nothing, and that is one statement."""
    serial = asset.serial.lower() or None
    values = {IN_REGION: region, "asset": asset.id, "qr": QR + asset.id, "serial": serial}
    found: dict[str, set[str]] = {TICKETS: set(), CLOSED: set(), REPORTS: set()}
    for kind, name in _meaning().rows(connection, values):
        if name != but:
            found[kind].add(name)
    return found


def _waiting(connection: Connection, region: str, asset: Asset, named: set[str]) -> list[Report]:
    """Those of some reports that are no tickets yet and mean the equipment, with what was learnt since, in their order."""
    for opened in _opened():
        if named:
            named = named - set(
                connection.execute(opened, {IN_REGION: region, "ids": sorted(named)}).scalars()
            )
    if not named:
        return []
    answers: dict[str, list[Answer]] = {}
    for answer in values_among(connection, paper_tables.ANSWERS, region, "report_id", named):
        answers.setdefault(answer.report, []).append(answer)
    found = []
    one: Report
    for one in values_among(connection, paper_tables.REPORTS, region, "report_id", named):
        mine = answers.get(one.id, [])
        learnt = known_of(one, mine, max((answer.at for answer in mine), default=one.at))
        if learnt.asset in {"", asset.id}:
            found.append(learnt)
    return found


@cache
def _meaning() -> Ready:
    """Ids about a piece of equipment: its tickets, and reports that may mean it, each way by an index of its own."""
    told, asset = AnswerRow.c, bindparam("asset", type_=ReportRow.c.asset.type)
    unnamed, serial = ReportRow.c.asset == "", func.lower(func.trim(ReportRow.c.serial))
    ways = (
        ReportRow.c.asset == asset,
        unnamed & (ReportRow.c.qr == bindparam("qr")),
        unnamed & (serial == bindparam("serial", type_=ReportRow.c.serial.type)),
    )
    here = bindparam(IN_REGION, type_=ReportRow.c.region_id.type)

    def ids(kind: str, name: ColumnElement[str], *wanted: ColumnElement[bool]) -> Select[str, str]:
        return select(literal_column(f"'{kind}'", String).label("kind"), name).where(*wanted)

    ways_to_it = union(
        ids(TICKETS, TicketRow.c.ticket_id, TicketRow.c.region_id == here, TicketRow.c.asset_id == asset),
        ids(
            CLOSED,
            ClosedTicketRow.c.ticket_id,
            ClosedTicketRow.c.region_id == here,
            ClosedTicketRow.c.asset_id == asset,
        ),
        *(ids(REPORTS, ReportRow.c.report_id, ReportRow.c.region_id == here, way) for way in ways),
        ids(
            REPORTS,
            told.report_id,
            told.region_id == here,
            told.asked == Asked.ASSET,
            told.value == asset,
        ),
    )
    return Ready(ways_to_it)


@cache
def _opened() -> tuple[Select[Any], ...]:
    """Statements for those of some reports that are tickets, by their table."""
    return tuple(
        select(rows.c.ticket_id).where(
            rows.c.region_id == bindparam(IN_REGION),
            rows.c.ticket_id.in_(bindparam("ids", expanding=True)),
        )
        for rows in (TicketRow, ClosedTicketRow)
    )
