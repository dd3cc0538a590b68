"""From the supplier's van to the shelf, or back: deliveries taken in, lots judged, quarantine decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.receipts import (
    CheckOut,
    DeliveryIn,
    DeliveryOut,
    DisposedOut,
    DispositionIn,
    InspectionIn,
    InspectionOut,
    LineRefusedOut,
    LineTakenOut,
    SampleOut,
    TakeBackIn,
    TakenBackOut,
    WaysIn,
)
from api.settings import Settings
from api.shapes.listed import CSV, registered
from api.shapes.quality import reading_of
from api.shapes.registers import RowsOut, shape_of
from api.shapes.scans import scans_of
from api.text import Lang, say
from api.usecases.over_limit import check_waiver
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line
from inventory.supply.disposition import Disposition
from inventory.supply.inspection import Arrival, Check, InspectionRule
from inventory.supply.sampling import Level
from kernel.errors import Message, Refusal
from storage.dataset.quality_tables import LOT_INSPECTIONS
from storage.idempotency import Reply
from storage.rows.register import alike
from storage.stock.disposing import dispose
from storage.stock.inspecting import inspect
from storage.stock.only_place import only_place
from storage.stock.receiving import take_in
from storage.stock.sample import sample_for
from storage.stock.scanning import arrivals_scanned
from storage.stock.undoing import undo
from storage.stock.ways import Ways
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["goods in"], dependencies=[Depends(strict)], route_class=StrictRoute)

Writes = Annotated[Command, may_write(Action.RECEIPT_WRITE)]


@router.post("/receipts", status_code=201)
def receive(command: Writes, body: DeliveryIn) -> DeliveryOut:
    """Take a delivery in, each line for itself; what is refused of one is told and holds up no other."""
    arrivals = [
        Arrival(one.part, one.quantity, one.rejected, one.lot, tuple(one.serials)) for one in body.lines
    ]

    scans = scans_of(body.scans, by=command.envelope.actor, listed=bool(body.lines))

    def act(work: UnitOfWork) -> Reply:
        came = arrivals_scanned(work, scans) if scans else arrivals
        ways = _ways(work, body)
        return take_in(work, body.document, came, ways, inspected=set(body.inspected), supplier=body.supplier)

    reply = carried_out(command.database, command.envelope, act)
    return DeliveryOut(lines=[_line_out(one, command.lang) for one in reply["lines"]], moves=reply["moves"])


@router.get("/inspections", response_model=RowsOut[shape_of(LOT_INSPECTIONS)], responses=CSV)  # type: ignore[misc]
def list_inspections(
    asked: Annotated[Asked, may(Action.SUPPLIER_READ)],
    file: FileWanted,
    supplier: IdAsked = "",
    part: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Lots that were inspected, in the order of inspection: the next lot's table follows from these."""
    wanted = alike(LOT_INSPECTIONS, supplier_id=supplier, part_id=part)
    return registered(
        asked.database, asked.region, LOT_INSPECTIONS, wanted, whole=file, limit=limit, after=after
    )


@router.get("/inspections/plan")
def show_sample(
    asked: Annotated[Asked, may(Action.SUPPLIER_READ)],
    supplier: Annotated[str, Query(pattern=ID_PATTERN, max_length=64)],
    part: Annotated[str, Query(pattern=ID_PATTERN, max_length=64)],
    units: Annotated[int, Query(ge=1, le=1_000_000, description="Of the lot.")],
    *,
    put_right: Annotated[
        bool, Query(description="Discontinued before; the supplier has shown what it changed.")
    ] = False,
) -> SampleOut:
    """Say how many units of a lot have to be looked at now, what on them, and how many bad ones decide."""
    with asked.database.reading() as connection:
        found = sample_for(connection, asked.region, supplier, part, units, put_right=put_right)
    plan = found.plan
    return SampleOut(
        supplier=supplier,
        part=part,
        units=units,
        aql=str(plan.aql),
        severity=plan.severity,
        size=plan.size,
        accept=plan.accept,
        reject=plan.reject,
        whole_lot=plan.whole_lot,
        checks=[_check_out(one) for one in found.checks],
    )


@router.post("/inspections", status_code=201)
def judge(command: Writes, body: InspectionIn) -> InspectionOut:
    """Judge a lot in quarantine by its sample and put it where the verdict says."""
    if body.level is not None and not body.aql:
        raise Refusal("supply.level_without_limit", level=body.level.value)
    rule = InspectionRule(body.part, Decimal(body.aql), body.level or Level.II) if body.aql else None
    readings = tuple(reading_of(one) for one in body.readings)
    goods = Arrival(body.part, body.quantity, lot=body.lot, serials=tuple(body.serials))

    def act(work: UnitOfWork) -> Reply:
        return inspect(
            work,
            body.document,
            goods,
            _ways(work, body),
            supplier=body.supplier,
            rule=rule,
            looked_at=body.looked_at,
            bad=tuple(body.bad),
            readings=readings,
            original=not body.again,
            steady=not body.unsteady,
            put_right=body.put_right,
        )

    reply = carried_out(command.database, command.envelope, act)
    return InspectionOut(**{name: reply[name] for name in InspectionOut.model_fields})


@router.post("/dispositions", status_code=201)
def decide(command: Writes, body: DispositionIn, request: Request) -> DisposedOut:
    """Decide what goods held in quarantine become: returned, reworked, scrapped, taken as they are.

    Goods taken as they are beyond the setting `waiver_approval_above` take the right to approve.
    """
    settings: Settings = request.app.state.settings
    goods = Line(body.part, body.quantity, "", "", lot=body.lot, serial=body.serial, reason=body.reason)

    def act(work: UnitOfWork) -> Reply:
        scrap = body.scrap
        if body.way is Disposition.WAIVER and not command.principal.may(Action.APPROVE):
            most = Decimal(settings.waiver_approval_above)
            check_waiver(work, body.part, body.lot, body.quantity, limit=most)
        if body.way is Disposition.SCRAP:
            scrap = only_place(work, PlaceKind.SCRAP, scrap)
        ways = _ways(work, body, scrap=scrap, workshop=body.workshop)
        return dispose(
            work,
            body.document,
            goods,
            ways,
            way=body.way,
            remedy=body.remedy,
            supplier=body.supplier,
            delivery=body.delivery,
        )

    reply = carried_out(command.database, command.envelope, act)
    return DisposedOut(disposition=reply["disposition"], moves=reply["moves"])


@router.post("/undoings", status_code=201)
def take_back(command: Writes, body: TakeBackIn) -> TakenBackOut:
    """Take back a receipt, an inspection, a disposition or a re-inspection whole, as if it had never been."""

    def act(work: UnitOfWork) -> Reply:
        return undo(work, body.what, body.named, reason=body.reason)

    return TakenBackOut.model_validate(carried_out(command.database, command.envelope, act))


def _check_out(one: Check) -> CheckOut:
    return CheckOut(
        check=one.id,
        name=one.name,
        unit=one.unit,
        lower=None if one.lower is None else str(one.lower),
        upper=None if one.upper is None else str(one.upper),
    )


def _ways(work: UnitOfWork, said: WaysIn, *, scrap: str = "", workshop: str = "") -> Ways:
    return Ways(
        only_place(work, PlaceKind.SUPPLIER, said.supplier_place),
        said.shelf,
        only_place(work, PlaceKind.QUARANTINE, said.quarantine),
        only_place(work, PlaceKind.ADJUSTMENT, said.adjustment),
        scrap,
        workshop,
    )


def _line_out(row: dict[str, Any], lang: Lang) -> LineTakenOut:
    refused = row["refused"]
    return LineTakenOut(
        part=row["part"],
        accepted=row["accepted"],
        quarantined=row["quarantined"],
        rejected=row["rejected"],
        refused=refused
        and LineRefusedOut(
            code=refused["code"], detail=say(Message(refused["code"], refused["values"]), lang)
        ),
    )
