"""Writing the catalogue: parts and who sells them, places of the ledger, loaners, skills and partner firms."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Connection, select

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.routes.on_record import HeldKind, Kind, add_held, add_register
from api.shapes.listed import CSV, registered
from api.shapes.registers import RowsOut, shape_of
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from storage.dataset import agreed_tables, crew_tables, inspection_tables, partner_tables, supply_tables
from storage.dataset.table import Row, Table
from storage.desk.held import ANY, HELD, nobody
from storage.desk.registers import REGISTERS
from storage.rows.register import alike
from storage.scope import Scope
from storage.stock.reached import places_shown
from storage.tables.catalogue import PlaceRow

router = APIRouter(prefix="/v1", tags=["catalogue"], dependencies=[Depends(strict)], route_class=StrictRoute)

Buys = Annotated[Asked, may(Action.ORDER_READ)]


def _anybody(connection: Connection, region: str, scope: Scope, row: Row) -> bool:  # noqa: ARG001 a row of the whole region
    return True


def _place(connection: Connection, region: str, scope: Scope, row: Row) -> bool:
    here = PlaceRow.c.region_id == region, PlaceRow.c.place_id == row["place_id"]
    return (
        connection.execute(select(PlaceRow.c.place_id).where(*here, places_shown(scope))).first() is not None
    )


@router.get("/price-breaks", response_model=RowsOut[shape_of(agreed_tables.PRICE_BREAKS)], responses=CSV)  # type: ignore[misc]
def list_price_breaks(
    asked: Annotated[Asked, may(Action.SUPPLIER_READ)],
    file: FileWanted,
    supplier: IdAsked = "",
    part: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Lower prices from so many units on, by supplier and part."""
    breaks = agreed_tables.PRICE_BREAKS
    wanted = alike(breaks, supplier_id=supplier, part_id=part)
    return registered(asked.database, asked.region, breaks, wanted, whole=file, limit=limit, after=after)


def _add_list(path: str, table: Table, what: str, reads: Action) -> None:
    """Add the route of a file nobody asks a part of."""

    def rows(
        asked: Annotated[Asked, may(reads)],
        file: FileWanted,
        limit: LimitAsked = 50,
        after: CursorAsked = "",
    ) -> Response | RowsOut[Any]:
        return registered(asked.database, asked.region, table, [], whole=file, limit=limit, after=after)

    rows.__annotations__["asked"] = Annotated[Asked, may(reads)]
    rows.__doc__ = f"{what}."
    shape: Any = RowsOut[shape_of(table)]  # type: ignore[misc]
    router.get(path, response_model=shape, responses=CSV, name=f"list_{table.name}")(rows)


for _path, _table, _what, _reads in (
    ("/skills", crew_tables.SKILLS, "Skills that engineers may hold and visits ask for", Action.CREW_READ),
    (
        "/partners",
        partner_tables.PARTNERS,
        "Other firms that do a visit for a price, with what their people can do",
        Action.REPORT_READ,
    ),
    (
        "/supplier-agreements",
        agreed_tables.SUPPLIER_AGREEMENTS,
        "What is agreed with suppliers; without a supplier: with every other",
        Action.SUPPLIER_READ,
    ),
    (
        "/inspection-limits",
        inspection_tables.INSPECTION_LIMITS,
        "How deliveries are inspected, by supplier, part and class",
        Action.SUPPLIER_READ,
    ),
    (
        "/part-checks",
        inspection_tables.PART_CHECKS,
        "What is looked at on units of a sample, by part",
        Action.SUPPLIER_READ,
    ),
    (
        "/part-classes",
        inspection_tables.PART_CLASSES,
        "The classes parts are inspected in",
        Action.SUPPLIER_READ,
    ),
    (
        "/reinspection-rules",
        inspection_tables.REINSPECTION_RULES,
        "How often stock is looked at again, by class of parts",
        Action.SUPPLIER_READ,
    ),
):
    _add_list(_path, _table, _what, _reads)


@router.get("/stock-policy", response_model=RowsOut[shape_of(supply_tables.STOCK_POLICY)], responses=CSV)  # type: ignore[misc]
def list_stock_policy(
    asked: Buys,
    file: FileWanted,
    part: IdAsked = "",
    place: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What is asked of parts at places: fill rate, review period, minimum and maximum set by hand."""
    policy = supply_tables.STOCK_POLICY
    wanted = alike(policy, part_id=part, place_id=place)
    return registered(asked.database, asked.region, policy, wanted, whole=file, limit=limit, after=after)


_A = Action

for _held in (
    ("alternates", "Parts that may stand in for a part", _A.PART_READ),
    ("terms", "Who sells a part, and on which terms", _A.SUPPLIER_READ),
    ("price-breaks", "Lower prices of a part from so many units on", _A.SUPPLIER_READ),
    ("stock-policy", "What is asked of a part, place by place", _A.ORDER_READ),
):
    _word, _all_of, _reads = _held
    add_held(router, HeldKind(_word, "parts", _word, _all_of, _reads, _A.CATALOGUE_WRITE))

# What a storekeeper is held to is not his to change: limits of approval and of inspection are laid down by who manages.
for _word, _behind, _of in (
    ("agreement", "agreement", "a supplier"),
    ("any-agreement", "agreement", "every supplier that has no agreement of its own"),
    ("inspection-limits", "inspection-limits", "a supplier"),
    (
        "any-inspection-limits",
        "inspection-limits",
        "every supplier, where nothing is laid down for it by name",
    ),
):
    _before = ANY if HELD[_word].look is nobody else "suppliers"
    _what = "What is agreed with" if _behind == "agreement" else "How deliveries are inspected that come from"
    _limits = 1 if _behind == "agreement" else 1000
    add_held(
        router,
        HeldKind(_word, _before, _behind, f"{_what} {_of}", _A.SUPPLIER_READ, _A.SCHEME_WRITE, most=_limits),
    )
add_held(
    router,
    HeldKind(
        "checks",
        "parts",
        "checks",
        "What is looked at on every unit of a sample of a part",
        _A.SUPPLIER_READ,
        _A.SCHEME_WRITE,
    ),
)

for _kind in (
    # The part itself is shown by `api.routes.parts`, with what stands in for it and where it lies.
    ("parts", "part", "A part", _A.PART_READ, _A.CATALOGUE_WRITE, _anybody, False),
    ("places", "place", "A place of the ledger", _A.PART_READ, _A.CATALOGUE_WRITE, _place, True),
    ("suppliers", "supplier", "Who sells parts", _A.SUPPLIER_READ, _A.CATALOGUE_WRITE, _anybody, True),
    (
        "loaner-classes",
        "loaner_class",
        "A class of loaners",
        _A.LOAN_READ,
        _A.CATALOGUE_WRITE,
        _anybody,
        True,
    ),
    ("loaner-units", "unit", "A unit to lend", _A.LOAN_READ, _A.CATALOGUE_WRITE, _anybody, True),
    ("skills", "skill", "A skill there is", _A.CREW_READ, _A.SCHEME_WRITE, _anybody, True),
    ("partners", "partner", "A partner firm", _A.REPORT_READ, _A.SCHEME_WRITE, _anybody, True),
    (
        "part-classes",
        "part",
        "The class a part is inspected in",
        _A.SUPPLIER_READ,
        _A.SCHEME_WRITE,
        _anybody,
        True,
    ),
    (
        "reinspection-rules",
        "part_class",
        "How often stock of a class of parts is looked at again",
        _A.SUPPLIER_READ,
        _A.SCHEME_WRITE,
        _anybody,
        True,
    ),
):
    _path, _name, _one, _reads, _writes, _reach, _shown = _kind
    _register = REGISTERS[_path.replace("-", "_")]
    add_register(router, Kind(_path, _name, _register, _one, _reads, _writes, _reach, _shown))
