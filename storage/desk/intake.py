"""Taking in what somebody reports: a number at once, the files with it, a ticket as soon as nothing is missing.

One transaction a report: its number, its words, its attachments and, where nothing is missing, the ticket with the
trip it takes. What is missing comes back as questions; every answer is a fact, and the last one opens the ticket.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
)

from dispatch.desk.attachment import Attachment, begins_as, check_attachments, kind_of
from dispatch.desk.clause import Evidence
from dispatch.desk.customer import Asset
from dispatch.desk.intake import (
    Answer,
    Assessment,
    Directory,
    Report,
    assess,
    known_of,
    ticket_number,
)
from kernel.clock import zone
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset import paper_tables, ticket_tables
from storage.desk.contents import digest_of, keep
from storage.desk.numbers import asked_next, next_number
from storage.desk.resembled import asked_resembled, resembled
from storage.desk.tickets import Trip, check_past, check_references, write_ticket, write_trip
from storage.idempotency import Reply, once
from storage.ready import Asked as Question
from storage.ready import foresee
from storage.rows.around import EVERYWHERE, asked_meant, meant
from storage.rows.facts import add, pair_of, plain, rows_of, values_in
from storage.rows.standing import Standing, asked_standing, practice_in, standing
from storage.scope import Scope
from storage.tables.desk import ClosedTicketRow, TicketRow
from storage.tables.paper import ReportRow
from storage.unit_of_work import UnitOfWork

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
        series = _series(report, stands)
        foresee(work.connection, [asked_next(work, series[1]), asked_meant(work.region, report)])
        taken = replace(report, id=_number(work, *series))
        add(work, paper_tables.REPORTS, (taken,))
        work.record("ticket.report", taken.id, channel=taken.channel, by=taken.by)
        kept = attach(work, taken.id, files, by=report.by)
        directory = _directory(work.connection, work.region, taken, stands, scope, opens=True)
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
    return found, resembled(connection, region, found, report, standing(connection, region))


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
    alike = resembled(connection, region, found, learnt, stands)
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
    connection: Connection,
    region: str,
    report: Report,
    stands: Standing,
    scope: Scope,
    *,
    opens: bool = False,
) -> Directory:
    def also(assets: Sequence[Asset]) -> list[Question]:
        """What is asked about the equipment when the report is found to mean it, and its ticket is opened."""
        return asked_resembled(region, assets[0]) if opens and len(assets) == 1 else []

    found = meant(connection, region, report, scope, also=also)
    return Directory.of(found.sites, found.assets, found.contracts, stands.schemes)


def _series(report: Report, stands: Standing) -> tuple[str, str]:
    """The local day a report was made on, and what its numbers begin with."""
    day = f"{report.at.astimezone(zone(stands.settings.zone)):%Y%m%d}"
    return day, f"T-{day}-"


def _number(work: UnitOfWork, day: str, series: str) -> str:
    """The next number of a day."""
    taken = (ReportRow.c.report_id, TicketRow.c.ticket_id, ClosedTicketRow.c.ticket_id)
    return ticket_number(day, next_number(work, series, taken))


def _reply(
    work: UnitOfWork, report: Report, found: Assessment, stands: Standing, *, trip: Trip | None
) -> Reply:
    """Open the ticket where nothing is missing, and say how it stands, in plain JSON values.

    ``ticket`` its number, ``opened`` whether it is one already, ``questions`` what to ask with answers that would do,
    ``evidence`` what the scheme wants with the report, ``duplicates`` earlier tickets of the equipment, ``visit``.
    """
    visit = ""
    alike = resembled(work.connection, work.region, found, report, stands)
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
