"""Writing what a region has on record: each row whole, judged as the dataset's file is, replaced only as it was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath
from pydantic import ConfigDict, Field, create_model
from sqlalchemy import ColumnElement, Connection, select

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.registers import RowRemovedOut, RowWrittenOut
from api.shapes.register_rows import EXAMPLES, cells_of, shape_in
from api.shapes.registers import row_out, shape_of
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN, In, Out
from api.wire.version import IfMatch, IfSeen, seen_version, tag
from api.wire.written import carried_out
from kernel.errors import Refusal
from storage.dataset import crew_tables
from storage.dataset.table import Row, Table
from storage.desk.held import HELD, held_by, hold, nobody, unknown_holder
from storage.desk.registers import REGISTERS, Register, keep, row_of, take_away, version_of
from storage.idempotency import Reply
from storage.rows.facts import pair_of
from storage.scope import Scope
from storage.tables.crew import EngineerRow
from storage.tables.desk import SiteRow
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["on record"], dependencies=[Depends(strict)], route_class=StrictRoute)

MOST_HELD = 200
"""Rows of one holder: skills, certificates or tools of an engineer, terms of a part, wishes of a customer."""

Reach = Callable[[Connection, str, Scope, Row], bool]
"""Whether somebody's rights reach a row of a region."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a register is asked for.

    Args:
        word: in the address; `name`: of the id in it.
        one: what one row is, for people.
        reads, writes: the rights.
        reach: asked of a row where somebody's rights are narrow; None: as they reach customers and engineers.
        shown: whether this shows a row; else another route does.
    """

    word: str
    name: str
    register: Register
    one: str
    reads: Action
    writes: Action
    reach: Reach | None = None
    shown: bool = True

    def reached(self, connection: Connection, region: str, scope: Scope, row: Row) -> bool:
        """Whether somebody's rights reach a row."""
        if self.reach is not None:
            return self.reach(connection, region, scope, row)
        rows = pair_of(self.register.file).rows
        if self.reads is Action.CREW_READ:
            if self.register.file is crew_tables.ENGINEERS and scope.depots:
                return row["depot"] in scope.depots
            return _engineer_reached(connection, region, scope, row["engineer_id"])
        if "customer_id" in row:
            mine = scope.customers_where(region=rows.c.region_id, customer=rows.c.customer_id)
        else:
            reach = scope.customers_where(region=SiteRow.c.region_id, customer=SiteRow.c.customer_id)
            mine = rows.c.site_id.in_(select(SiteRow.c.site_id).where(SiteRow.c.region_id == region, reach))
        key = self.register.key
        return _any(connection, rows, region, rows.c[key] == row[key], mine)

    def check(self, connection: Connection, region: str, scope: Scope, row: Row) -> None:
        """Refuse a row beyond somebody's rights as one that is not there."""
        # Everything of customers is written by who reaches the whole region: only the crew has narrow writers.
        if scope.is_narrow and not self.reached(connection, region, scope, row):
            raise Refusal("register.unknown", id=row[self.register.key])


def _engineer_reached(connection: Connection, region: str, scope: Scope, engineer: str) -> bool:
    mine = scope.engineers_where(region=EngineerRow.c.region_id, engineer=EngineerRow.c.engineer_id)
    return _any(connection, EngineerRow, region, EngineerRow.c.engineer_id == engineer, mine)


def _any(connection: Connection, rows: Any, region: str, *wanted: ColumnElement[bool]) -> bool:
    found = select(rows.c.region_id).where(rows.c.region_id == region, *wanted).limit(1)
    return connection.execute(found).first() is not None


def _customers(word: str, name: str, one: str) -> Kind:
    return Kind(word, name, REGISTERS[word], one, Action.CUSTOMER_READ, Action.CUSTOMER_WRITE)


def _crew(word: str, name: str, one: str) -> Kind:
    register = REGISTERS[word.replace("-", "_")]
    return Kind(word, name, register, one, Action.CREW_READ, Action.CREW_WRITE)


KINDS = (
    _customers("customers", "customer", "A customer"),
    _customers("sites", "site", "A site"),
    _customers("assets", "asset", "A piece of equipment"),
    _customers("contracts", "contract", "A contract"),
    _crew("shifts", "shift", "A shift"),
    _crew("on-call", "on_call", "A time on call"),
    _crew("absences", "absence", "An absence"),
    _crew("engineers", "engineer", "An engineer"),
)


def add_register(router: APIRouter, kind: Kind) -> None:
    """Add the routes of one register: show a row with its version, write or replace it, take it away where that can be."""
    register, path = kind.register, f"/{kind.word}/{{{kind.name}:path}}"

    def show(
        asked: Annotated[Asked, may(kind.reads)],
        name: str,
        response: Response,
    ) -> Out:
        with asked.database.reading() as connection:
            row = row_of(connection, asked.region, register.file, name)
            if row is None or not kind.reached(connection, asked.region, asked.scope, row):
                raise Refusal("register.unknown", id=name)
        response.headers["ETag"] = tag(version_of(register.file, row))
        return row_out(register.file, row)

    def write(
        command: Annotated[Command, may_write(kind.writes)],
        name: str,
        body: In,
        response: Response,
        if_match: IfSeen = "",
    ) -> RowWrittenOut:
        cells, seen = cells_of(register.file, body, **{register.key: name}), seen_version(if_match)

        def done(work: UnitOfWork) -> Reply:
            def check(row: Row) -> None:
                kind.check(work.connection, work.region, command.scope, row)

            return keep(work, register, cells, seen=seen, check=check)

        reply = carried_out(command.database, command.envelope, done)
        response.status_code = 201 if reply["new"] else 200
        response.headers["ETag"] = tag(reply["version"])
        return RowWrittenOut(id=reply["id"], new=reply["new"], changed=reply["changed"])

    def remove(
        command: Annotated[Command, may_write(kind.writes)], name: str, if_match: IfMatch = ""
    ) -> RowRemovedOut:
        seen = seen_version(if_match)

        def done(work: UnitOfWork) -> Reply:
            def reached(row: Row) -> bool:
                return kind.reached(work.connection, work.region, command.scope, row)

            return take_away(work, register, name, seen=seen, reached=reached)

        return RowRemovedOut.model_validate(carried_out(command.database, command.envelope, done))

    its_id = Annotated[str, InPath(alias=kind.name, pattern=ID_PATTERN, description="Its id.")]
    for one in (show, write, remove):
        one.__annotations__["name"] = its_id
    show.__annotations__["asked"] = Annotated[Asked, may(kind.reads)]
    write.__annotations__ |= {
        "command": Annotated[Command, may_write(kind.writes)],
        "body": shape_in(register.file, register.key),
    }
    remove.__annotations__["command"] = Annotated[Command, may_write(kind.writes)]
    show.__doc__ = f"{kind.one}, as the list shows it; the ETag is the version a write can be held to."
    write.__doc__ = f"{kind.one} as it is from now on, whole; one that is there is replaced where If-Match names its version."
    remove.__doc__ = f"{kind.one} that nothing names, taken away."
    if kind.shown:
        router.get(path, response_model=shape_of(register.file), name=f"show_{register.file.name}")(show)
    router.put(path, response_model=RowWrittenOut, name=f"write_{register.file.name}")(write)
    if register.removable:
        router.delete(path, response_model=RowRemovedOut, name=f"remove_{register.file.name}")(remove)


@dataclass(frozen=True, slots=True)
class HeldKind:
    """How what somebody or something has is asked for, all of it at once.

    Args:
        word: one of `HELD`.
        before: the address up to the holder; `behind`: what follows him.
        all_of: what it is, for people.
        reads, writes: the rights.
        reach: asked of the holder's row; None: whoever has the right reaches it.
        most: rows one holder may have.
    """

    word: str
    before: str
    behind: str
    all_of: str
    reads: Action
    writes: Action
    reach: Reach | None = None
    most: int = MOST_HELD

    def reached(self, connection: Connection, region: str, scope: Scope, row: Row) -> bool:
        """Whether somebody's rights reach a holder."""
        return self.reach is None or self.reach(connection, region, scope, row)

    @property
    def path(self) -> str:
        """The address; what is nobody's has no holder in it."""
        named = () if HELD[self.word].look is nobody else (f"{{{HELD[self.word].named}:path}}",)
        return "/".join(("", self.before, *named, self.behind))


def _of_engineer(word: str) -> HeldKind:
    def reach(connection: Connection, region: str, scope: Scope, row: Row) -> bool:
        return _engineer_reached(connection, region, scope, row["engineer_id"])

    all_of = f"All {word} an engineer holds"
    return HeldKind(word, "engineers", word, all_of, Action.CREW_READ, Action.CREW_WRITE, reach)


@cache
def _whole_shapes(file: Table, unsaid: tuple[str, ...], most: int) -> tuple[Any, Any]:
    """The shapes of all rows of a holder, as they are said and as they are shown."""
    row_in, row_shown = shape_in(file, *unsaid), shape_of(file)
    listed = Annotated[list[row_in], Field(max_length=most)]  # type: ignore[valid-type]
    example: Any = {"rows": [EXAMPLES[file.name]]}
    base = type(
        f"{row_in.__name__}sBase",
        (In,),
        {"__module__": __name__, "model_config": ConfigDict(json_schema_extra={"examples": [example]})},
    )
    doc = f"All of what somebody or something has. {file.text}"
    return (
        create_model(f"{row_in.__name__}s", __base__=base, __doc__=doc, rows=(listed, ...)),
        create_model(
            f"{row_shown.__name__}s",
            __base__=Out,
            __doc__=doc,
            rows=(list[row_shown], ...),  # type: ignore[valid-type]
        ),
    )


@cache
def _written(named: str) -> Any:
    """The shape of what became of it; its first field is the holder's id."""
    columns: dict[str, Any] = {named: (str, ...), "new": (int, ...), "gone": (int, ...)}
    doc = "What somebody or something has from now on: how many rows came, how many went."
    return create_model(f"{named.capitalize()}HeldOut", __base__=Out, __doc__=doc, **columns)


def _nobody() -> str:
    return ""


def add_held(router: APIRouter, kind: HeldKind) -> None:
    """Add the routes of what somebody has: all of it shown with its version, all of it said anew."""
    word, held = kind.word, HELD[kind.word]
    file = held.file
    said, shown = _whole_shapes(file, held.unsaid, kind.most)
    written = _written(held.named)

    def show(asked: Any, holder: str, response: Response) -> Out:
        with asked.database.reading() as connection:
            of = held.look(connection, asked.region, holder)
            if of is None or not kind.reached(connection, asked.region, asked.scope, of):
                raise unknown_holder(word, holder)
            rows = held_by(connection, asked.region, word, holder)
        response.headers["ETag"] = tag(version_of(file, *rows))
        answer: Out = shown(rows=[row_out(file, row) for row in rows])
        return answer

    def write(
        command: Any,
        holder: str,
        body: Any,
        response: Response,
        if_match: IfSeen = "",
    ) -> Out:
        given, seen = [cells_of(file, row) for row in body.rows], seen_version(if_match)

        def done(work: UnitOfWork) -> Reply:
            def check(of: Row) -> None:
                if not kind.reached(work.connection, work.region, command.scope, of):
                    raise unknown_holder(word, holder)

            return hold(work, word, holder, given, seen=seen, check=check)

        reply = carried_out(command.database, command.envelope, done)
        response.headers["ETag"] = tag(reply["version"])
        answer: Out = written(**{held.named: holder}, new=reply["new"], gone=reply["gone"])
        return answer

    its_id: Any = Annotated[str, InPath(alias=held.named, pattern=ID_PATTERN, description="Its id.")]
    if held.look is nobody:
        its_id = Annotated[str, Depends(_nobody)]
    show.__annotations__ |= {"asked": Annotated[Asked, may(kind.reads)], "holder": its_id}
    write.__annotations__ |= {
        "command": Annotated[Command, may_write(kind.writes)],
        "holder": its_id,
        "body": said,
    }
    show.__doc__ = f"{kind.all_of}; the ETag is the version a write can be held to."
    write.__doc__ = f"{kind.all_of} from now on: what is left out is no more."
    name = word.replace("-", "_")
    router.get(kind.path, response_model=shown, name=f"show_held_{name}")(show)
    router.put(kind.path, response_model=written, name=f"write_held_{name}")(write)


for _word in ("skills", "certificates", "tools"):
    add_held(router, _of_engineer(_word))
for _word, _kind, _wishes in (
    ("customer-wishes", KINDS[0], "Engineers a customer wants and does not want, at all of its sites"),
    (
        "site-wishes",
        KINDS[1],
        "Engineers a site wants and does not want, before what its customer says",
    ),
):
    add_held(router, HeldKind(_word, _kind.word, "wishes", _wishes, _kind.reads, _kind.writes, _kind.reached))
# Last: an id may hold a slash, and what follows a customer's would be taken for a part of it.
for _kind in KINDS:
    add_register(router, _kind)
