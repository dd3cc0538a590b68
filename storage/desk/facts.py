"""Writing down a fact of the desk: a complaint, a step of a loan, a charge, what was learnt; judged as a dataset judges it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete

from dispatch.borrowed import Borrowing, borrowed_shifts
from dispatch.desk import loan, survey
from dispatch.desk.loan import LoanEvent
from dispatch.desk.survey import SurveyEvent
from dispatch.desk.ticket import TicketEvent
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset import crew_tables, owed_rules, owed_tables, ticket_tables
from storage.dataset.draft import CALENDARS, PRACTICE, SCHEMES, ZONE, Draft
from storage.dataset.rules import HAPPENED
from storage.dataset.schema import FIELD
from storage.dataset.table import Table
from storage.desk.known import check_known
from storage.desk.lending import tell_pool
from storage.desk.register_rules import check_unnamed
from storage.desk.tickets import check_past, write_event
from storage.idempotency import Reply, once
from storage.regional import zone_of
from storage.rows.facts import add, pair_of, plain, rows_in, rows_of, values_in
from storage.rows.knowledge import index_entries
from storage.rows.schemes import own_practice_in, own_schemes_in
from storage.rows.standing import calendars
from storage.unit_of_work import UnitOfWork

FACTS: tuple[str, ...] = (
    "ticket_loans",
    "loan_events",
    "replacements",
    "roster_duties",
    "duties_handed_over",
    "escalations",
    "complaints",
    "complaint_events",
    "survey_events",
    "preventive_visits",
    "preventive_events",
    "borrowings",
    "standing_changes",
    "findings",
    "charge_events",
    "knowledge",
    "checklist_answers",
    "signatures",
    "approval_events",
)
"""Files whose rows may be written one by one; tickets, reports and attachments have commands of their own."""

_BESIDE: Mapping[str, Callable[[Connection, str], Iterable[Any]]] = {
    SCHEMES: own_schemes_in,
    PRACTICE: own_practice_in,
    CALENDARS: lambda connection, region: calendars(connection, region).values(),
    ZONE: lambda connection, region: (zone_of(connection, region),),
}
"""What rules look at beside rows."""

FILES: Mapping[str, Table] = {table.name: table for table in FIELD.values() if table.name in FACTS}

_OF_ONE = ("ticket_id", "loan_id", "complaint_id", "preventive_id", "approval_id")
"""Columns that say which stream a row belongs to: only rows of the same one are looked at."""

_JUDGED_WITH = {"ticket_loans": ("unit_id",), "borrowings": ("engineer_id",)}
"""The same for files whose rows are judged beside those of other streams."""


def record(work: UnitOfWork, file: Table, value: Any) -> Reply:
    """Write one value behind those that are there: ``{"fact": file, "ticket_event": kind, "pool": step, "new": yes or no}``.

    What is there exactly so already is the same fact and is not written again. A step that is one of its ticket's life
    too (a loaner in place, a survey answered) is written there as well, and a unit that leaves, is lent longer or is back
    is told to the pool; else the kind and the step are empty. What is agreed about a borrowed engineer's time becomes his
    shifts.

    Args:
        work: of the command.
        file: one of `FILES`.
        value: what its rows make.

    Raises:
        Refusal: ``desk.unknown_reference``, ``desk.known_already``, ``desk.ahead_of_now``, ``loan.unit_held_twice``
            for a unit another loan holds, and what the desk's rules say about it.
    """
    row = _in_file(file, rows_of(pair_of(file), (value,))[0])

    def act() -> Reply:
        queue(work)
        return _written(work, file, row, value)

    return once(work, f"desk.{file.name}", plain(row), act)


def record_all(work: UnitOfWork, file: Table, values: Sequence[Any]) -> Reply:
    """Write several values of one file, all or none, as `record` writes one: ``{"fact": file, "new": how many}``.

    Raises:
        Refusal: as `record`.
    """
    rows = [_in_file(file, row) for row in rows_of(pair_of(file), tuple(values))]

    def act() -> Reply:
        queue(work)
        made = [_written(work, file, row, value) for row, value in zip(rows, values, strict=True)]
        return {"fact": file.name, "new": sum(1 for one in made if one["new"])}

    return once(work, f"desk.{file.name}_all", {"rows": [plain(row) for row in rows]}, act)


def _written(work: UnitOfWork, file: Table, row: dict[str, Any], value: Any) -> Reply:
    """Judge and write one value inside a command that has queued already."""
    if file.name in HAPPENED:
        check_past(work, (row[HAPPENED[file.name]],))
    if value in _stream(work, file, row):
        return {"fact": file.name, "ticket_event": "", "pool": "", "new": False}
    check_known(work.connection, work.region, file, (row,))
    _check_new(work, file, row)
    _check_rules(work, file, row, value)
    add(work, file, (value,))
    if isinstance(value, Borrowing):
        _add_shifts(work, value)
    if file.name == "knowledge":
        index_entries(work, (value,))
    told = _of_the_ticket(work, value)
    if told is not None:
        write_event(work, told)
    pool = tell_pool(work, value) if isinstance(value, LoanEvent) else ""
    about = str(next((row[name] for name in _OF_ONE if row.get(name)), row[file.columns[0].name]))
    work.record(f"desk.{file.name}", about)
    kind = told.kind if told is not None else ""
    return {"fact": file.name, "ticket_event": kind, "pool": pool, "new": True}


def _in_file(file: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    pair = pair_of(file)
    return {column.name: row[pair.column(column.name)] for column in file.columns}


def _stream(work: UnitOfWork, file: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Values of the file that belong to the same ticket, loan, complaint ... as a row."""
    named = {column.name for column in file.columns}
    of_one = {name: row[name] for name in _OF_ONE if name in named and row.get(name)}
    return values_in(work.connection, file, work.region, **of_one)


def _check_new(work: UnitOfWork, file: Table, row: Mapping[str, Any]) -> None:
    """Refuse an id that is there already."""
    if file.key and values_in(work.connection, file, work.region, **{name: row[name] for name in file.key}):
        raise Refusal("desk.known_already", value=" / ".join(str(row[name]) for name in file.key))


class _Accepted(Mapping[str, Sequence[Draft]]):
    """Rows of the region a rule asks for, read when it asks; the new one stands last in its file."""

    def __init__(self, work: UnitOfWork, file: Table, row: Mapping[str, Any], new: Draft) -> None:
        self._work, self._file, self._row, self._new = work, file, row, new
        self._read: dict[str, list[Draft]] = {}

    def __getitem__(self, name: str) -> Sequence[Draft]:
        if name in _BESIDE:
            values = _BESIDE[name](self._work.connection, self._work.region)
            return [Draft(at, {}, one) for at, one in enumerate(values)]
        if name not in self._read:
            file = _BY_NAME[name]
            pair = pair_of(file)
            named = {column.name for column in file.columns}
            wanted = [
                pair.rows.c[one] == self._row[one]
                for one in _JUDGED_WITH.get(self._file.name, _OF_ONE)
                if one in named and self._row.get(one)
            ]
            rows = rows_in(self._work.connection, pair, self._work.region, *wanted)
            drafts = [Draft(at, row, file.make(row)) for at, row in enumerate(rows)]
            self._read[name] = [*drafts, self._new] if file is self._file else drafts
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_BY_NAME)

    def __len__(self) -> int:
        return len(_BY_NAME)


_BY_NAME = {table.name: table for table in FIELD.values()}


def _check_rules(work: UnitOfWork, file: Table, row: Mapping[str, Any], value: Any) -> None:
    new = Draft(-1, row, value)
    accepted = _Accepted(work, file, row, new)
    for rule in owed_rules.ABOUT.get(file.name, ()):
        for _, draft, _, refusal in rule(accepted):
            if draft is new:
                raise refusal


def _add_shifts(work: UnitOfWork, agreed: Borrowing) -> None:
    """Write the shifts an agreement amounts to, that are not there yet: what the next plan reads."""
    there = values_in(work.connection, crew_tables.SHIFTS, work.region, engineer_id=agreed.engineer)
    known = {shift.worked for shift in there}
    calendar = calendars(work.connection, work.region)[agreed.calendar]
    made = borrowed_shifts(agreed, calendar, zone_name=zone_of(work.connection, work.region))
    new = tuple(shift for shift in made if shift.worked not in known)
    add(work, crew_tables.SHIFTS, new)
    work.record("crew.borrowed", agreed.engineer, borrowing=agreed.id, shifts=len(new))


def follow_calendar(work: UnitOfWork, name: str, before: BusinessCalendar) -> None:
    """Bring the shifts of who is borrowed by a calendar to its hours, those that have not begun; one changed by hand stays.

    Args:
        work: of a command that has changed the calendar.
        name: of the calendar.
        before: as it was.

    Raises:
        Refusal: ``register.still_named``: on a day that is closed now something is published.
    """
    zone_name, after = zone_of(work.connection, work.region), calendars(work.connection, work.region)[name]
    pair = pair_of(crew_tables.SHIFTS)
    here = pair.rows.c.region_id == work.region
    for agreed in values_in(work.connection, owed_tables.BORROWINGS, work.region, calendar=name):
        was, now = (
            {shift.id: shift for shift in borrowed_shifts(agreed, one, zone_name=zone_name)}
            for one in (before, after)
        )
        there = values_in(work.connection, crew_tables.SHIFTS, work.region, engineer_id=agreed.engineer)
        other = [
            shift
            for shift in there
            if shift.worked.start > work.now and was.get(shift.id) == shift != now.get(shift.id)
        ]
        for shift in other:
            if shift.id not in now:
                check_unnamed(work.connection, work.region, crew_tables.SHIFTS, shift.id)
            work.connection.execute(delete(pair.rows).where(here, pair.rows.c.shift_id == shift.id))
        gone = {shift.id for shift in other}
        stay = was.keys() | {shift.id for shift in there}
        new = tuple(
            shift
            for shift in now.values()
            if shift.id in gone or (shift.id not in stay and shift.worked.start > work.now)
        )
        add(work, crew_tables.SHIFTS, new)
        if other or new:
            counts = {"shifts": len(new), "gone": len(other)}
            work.record("crew.borrowed", agreed.engineer, borrowing=agreed.id, **counts)


def _of_the_ticket(work: UnitOfWork, value: Any) -> TicketEvent | None:
    """The step of the ticket's life that a fact is; None: none, or the ticket is kept as closed only."""
    event: TicketEvent | None = None
    if isinstance(value, SurveyEvent):
        event = survey.as_ticket_event(value)
    elif isinstance(value, LoanEvent):
        of = values_in(work.connection, owed_tables.TICKET_LOANS, work.region, loan_id=value.loan)
        event = loan.as_ticket_event(of[0], value)
    if event is None or not values_in(
        work.connection, ticket_tables.TICKETS, work.region, ticket_id=event.ticket
    ):
        return None
    return event
