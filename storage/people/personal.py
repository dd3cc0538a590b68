"""What is kept about a person: given out whole, and overwritten so that ledger and audit stay whole.

Work is written down under ids that name nobody: an account's drawn id, an engineer's code. What names or describes
the person behind them is overwritten or removed; the facts of the work stay, and every chain with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Table,
    delete,
    or_,
    select,
    union,
    update,
)

from dispatch.desk.intake import Asked
from kernel.errors import Refusal
from storage.outbox import unsent
from storage.people.accounts import account_of, close_account
from storage.tables import whole
from storage.tables.catalogue import PlaceRow
from storage.tables.command import AuditRow, KeyRow
from storage.tables.crew import AbsenceRow, EngineerRow, PositionRow
from storage.tables.outbox import OutboxRow
from storage.tables.owed import DutyHandedOverRow, RosterDutyRow
from storage.tables.paper import AnswerRow, ReportRow, SignatureRow
from storage.tables.people import AccountRow, ApiKeyRow, SessionRow, TicketLinkRow
from storage.tables.receiver import ReceiverRow
from storage.texts import check_writable
from storage.unit_of_work import UnitOfWork

Document = dict[str, Any]
"""Plain JSON values."""

SECRET = frozenset({"password_hash", "digest"})
"""Columns that are not given out: they are no word about the person but the way in."""

_TELL_PERSONS = (
    "message.receiver",
    "message.receiver_gone",
    "message.leave",
    "crew.absence",
    "register.absences",
)
"""Commands of a region whose digests are made of little but an address, or a reason not to be there: few words to try until one fits."""

_ENVELOPE = frozenset({"position", "written_by", "written_from", "written_at", "written_key"})


def about_user(connection: Connection, user: str) -> Document:
    """Everything kept about the holder of an account: it, its sessions and keys, links made, what it did.

    Raises:
        Refusal: ``user.unknown``.
    """
    account_of(connection, user)
    did = select(AuditRow.c.region_id, AuditRow.c.at, AuditRow.c.device, AuditRow.c.action, AuditRow.c.about)
    return {
        "account": _rows(connection, AccountRow, AccountRow.c.id == user),
        "sessions": _rows(connection, SessionRow, SessionRow.c.account_id == user),
        "keys": _rows(connection, ApiKeyRow, ApiKeyRow.c.account_id == user),
        "links": _rows(connection, TicketLinkRow, TicketLinkRow.c.made_by == user),
        "did": [
            {name: _plain(value) for name, value in row.items()}
            for row in connection.execute(
                did.where(AuditRow.c.actor == user).order_by(
                    AuditRow.c.at, AuditRow.c.lane, AuditRow.c.number
                )
            ).mappings()
        ],
    }


def about_engineer(connection: Connection, region: str, engineer: str) -> Document:
    """Everything kept about an engineer, by table: every row of the region that names him.

    Raises:
        Refusal: ``position.unknown_engineer``.
    """
    _check_engineer(connection, region, engineer)
    found: Document = {}
    for table, columns in _naming_engineers():
        rows = _rows(
            connection,
            table,
            table.c.region_id == region,
            or_(*(table.c[column] == engineer for column in columns)),
        )
        if rows:
            found[table.name] = rows
    return found


def about_contact(connection: Connection, region: str, contact: str) -> Document:
    """Every report, answer, signature, message and address of messages that names a contact in exactly these words, within a region.

    Raises:
        Refusal: ``person.no_contact``, ``database.unwritable_text``.
    """
    wanted = _contact(contact)
    return {
        "report": _rows(
            connection, ReportRow, ReportRow.c.region_id == region, ReportRow.c.contact == wanted
        ),
        "answer": _rows(
            connection,
            AnswerRow,
            AnswerRow.c.region_id == region,
            AnswerRow.c.asked == Asked.CONTACT,
            AnswerRow.c.value == wanted,
        ),
        "signature": _rows(
            connection, SignatureRow, SignatureRow.c.region_id == region, SignatureRow.c.name == wanted
        ),
        "outbox": _rows(connection, OutboxRow, OutboxRow.c.region_id == region, _sent_to(wanted)),
        "receiver": _rows(
            connection, ReceiverRow, ReceiverRow.c.region_id == region, ReceiverRow.c.address == wanted
        ),
    }


def erase_user(work: UnitOfWork, user: str) -> dict[str, int]:
    """Close an account and overwrite what names its holder; its id stays as the pseudonym of what it did.

    Returns:
        Rows overwritten, by table.

    Raises:
        Refusal: ``user.unknown``, ``user.last_administrator``.
    """
    close_account(work, user)
    mine = (AuditRow.c.region_id == work.region) & (AuditRow.c.about == user)
    _forget_asked(work, select(AuditRow.c.key).where(mine & AuditRow.c.action.startswith("user.")))
    done = {
        "account": _change(
            work,
            AccountRow,
            AccountRow.c.id == user,
            sign_in_name=f"erased-{user}".casefold(),
            shown_name="",
            password_hash="",
            erased_at=work.now,
        ),
        "session": _change(work, SessionRow, SessionRow.c.account_id == user, address="", agent=""),
        "api_key": _change(work, ApiKeyRow, ApiKeyRow.c.account_id == user, name=""),
    }
    work.record("person.erase_user", user, rows=done)
    return done


def erase_engineer(work: UnitOfWork, engineer: str) -> dict[str, int]:
    """Remove where an engineer was and lives, why he was away and how he is reached; his code stays with the work he did.

    His home becomes his depot. Shifts, skills and visits stay: they are the record of the work.

    Returns:
        Rows overwritten or removed, by table.

    Raises:
        Refusal: ``position.unknown_engineer``, ``person.depot_nowhere``.
    """
    depot = _check_engineer(work.connection, work.region, engineer)
    spot = work.connection.execute(
        select(PlaceRow.c.lat, PlaceRow.c.lon).where(
            PlaceRow.c.region_id == work.region, PlaceRow.c.place_id == depot
        )
    ).one_or_none()
    if spot is None or spot.lat is None:
        raise Refusal("person.depot_nowhere", depot=depot)
    his = EngineerRow.c.engineer_id == engineer
    there = (PositionRow.c.region_id == work.region) & (PositionRow.c.engineer_id == engineer)
    away = (AbsenceRow.c.region_id == work.region) & (AbsenceRow.c.engineer_id == engineer)
    described = (EngineerRow.c.region_id == work.region) & his
    # The row names the last who described him; where he lived before was told under other keys.
    before = (AuditRow.c.region_id == work.region) & (AuditRow.c.about == engineer)
    before &= AuditRow.c.action == "crew.engineer"
    _forget_asked(
        work, union(select(EngineerRow.c.written_key).where(described), select(AuditRow.c.key).where(before))
    )
    done = {
        "engineer": _change(
            work,
            EngineerRow,
            described,
            home_lat=spot.lat,
            home_lon=spot.lon,
        ),
        "engineer_position": work.connection.execute(delete(PositionRow).where(there)).rowcount,
        "absence": _change(work, AbsenceRow, away, reason=""),
        "receiver": _forget(work, ReceiverRow.c.engineer_id == engineer),
        "outbox": _unsend(work, OutboxRow.c.about == engineer, pseudonym=f"erased-{engineer}"[:64]),
    }
    work.record("person.erase_engineer", engineer, rows=done)
    return done


def erase_contact(work: UnitOfWork, contact: str, *, pseudonym: str) -> dict[str, int]:
    """Overwrite a contact, in exactly these words, with a pseudonym in every report, answer, signature and message of a region.

    A message to him that was not sent yet is sent no more.

    Returns:
        Rows overwritten, by table.

    Raises:
        Refusal: ``person.no_contact``, ``database.unwritable_text``.
    """
    wanted = _contact(contact)
    reports = (ReportRow.c.region_id == work.region) & (ReportRow.c.contact == wanted)
    answers = (
        (AnswerRow.c.region_id == work.region)
        & (AnswerRow.c.asked == Asked.CONTACT)
        & (AnswerRow.c.value == wanted)
    )
    signed = (SignatureRow.c.region_id == work.region) & (SignatureRow.c.name == wanted)
    rows = ((ReportRow, reports), (AnswerRow, answers), (SignatureRow, signed))
    _forget_asked(work, union(*(select(table.c.written_key).where(where) for table, where in rows)))
    done = {
        "report": _change(work, ReportRow, reports, contact=pseudonym),
        "answer": _change(work, AnswerRow, answers, value=pseudonym),
        "signature": _change(work, SignatureRow, signed, name=pseudonym),
        "outbox": _unsend(work, _sent_to(wanted), pseudonym=pseudonym),
        "receiver": _forget(work, ReceiverRow.c.address == wanted),
    }
    # The pseudonym, not the contact: the audit forgets nothing.
    work.record("person.erase_contact", pseudonym, rows=done)
    return done


def _sent_to(contact: str) -> ColumnElement[bool]:
    """The condition on messages to somebody."""
    found: ColumnElement[bool] = OutboxRow.c.body["to"].as_string() == contact
    return found


def _unsend(work: UnitOfWork, where: ColumnElement[bool], *, pseudonym: str) -> int:
    """Have messages of the region name nobody, and send those no more that wait or were given up."""
    here = (OutboxRow.c.region_id == work.region) & where
    unsent(work, here)
    rows = work.connection.execute(select(OutboxRow.c.seq, OutboxRow.c.body).where(here)).all()
    for row in rows:
        values = {"body": {**row.body, "to": pseudonym}, "error_detail": ""}
        work.connection.execute(update(OutboxRow).where(OutboxRow.c.seq == row.seq).values(**values))
    return len(rows)


def _forget_asked(work: UnitOfWork, keys: Select[tuple[str]] | CompoundSelect[tuple[str]]) -> None:
    """Keep no digest of what was asked under some keys, nor of any command that tells an address or why somebody was away.

    A digest of a telephone number is as good as the number to whoever has an afternoon. A command that comes late a
    second time is refused as ``database.key_reused`` from then on; it has no second effect.
    """
    told = KeyRow.c.key.in_(keys) | KeyRow.c.command.in_(_TELL_PERSONS)
    # Not the erasure's own: its answer is still to be written down.
    here = (KeyRow.c.region_id == work.region) & (KeyRow.c.key != work.key) & told
    work.connection.execute(update(KeyRow).where(here).values(digest="", reply=None))


def _forget(work: UnitOfWork, where: ColumnElement[bool]) -> int:
    """Have nobody of the region reached where somebody was."""
    here = (ReceiverRow.c.region_id == work.region) & where
    return work.connection.execute(delete(ReceiverRow).where(here)).rowcount


def _naming_engineers() -> Iterator[tuple[Table, tuple[str, ...]]]:
    """Tables of a region with the columns that hold an engineer's id; a new table with `engineer_id` is found by itself."""
    more = {
        RosterDutyRow.name: ("person",),
        DutyHandedOverRow.name: ("person",),
        "ticket_event": ("by",),
        "tool": ("holder",),
    }
    for table in whole().sorted_tables:
        if "region_id" not in table.c:
            continue
        columns = tuple(name for name in ("engineer_id", *more.get(table.name, ())) if name in table.c)
        if columns:
            yield table, columns


def _check_engineer(connection: Connection, region: str, engineer: str) -> str:
    """The engineer's depot."""
    query = select(EngineerRow.c.depot).where(
        EngineerRow.c.region_id == region, EngineerRow.c.engineer_id == engineer
    )
    depot = connection.execute(query).scalar()
    if depot is None:
        raise Refusal("position.unknown_engineer", engineer=engineer[:64])
    return str(depot)


def _contact(text: str) -> str:
    check_writable(text)
    if not text.strip():
        raise Refusal("person.no_contact")
    return text


def _change(work: UnitOfWork, table: Table, where: Any, **values: Any) -> int:
    return work.connection.execute(update(table).where(where).values(**values)).rowcount


def _rows(connection: Connection, table: Table, *where: Any) -> list[Document]:
    shown = [column for column in table.columns if column.name not in SECRET | _ENVELOPE]
    found = connection.execute(select(*shown).where(*where).order_by(*table.primary_key.columns)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
