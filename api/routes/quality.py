"""What suppliers send, answer for and owe; stock looked at again; vans staged; loaners checked in; the desk's practice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, PosedAsked, strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.schemas.quality import (
    CheckedInOut,
    CheckInIn,
    CorrectiveReportIn,
    CorrectiveReportOpenedOut,
    CorrectiveReportOut,
    CorrectiveReportWholeOut,
    DefectiveOut,
    DutyOut,
    FigureOut,
    OrderStandingOut,
    PickedIn,
    PickedOut,
    PracticeOut,
    QuarantinedOut,
    ReinspectionDueOut,
    ReinspectionIn,
    ReinspectionOut,
    RemedyPromisedOut,
    RemedyPromiseIn,
    ReportStepIn,
    ReportStepTakenOut,
    ShipmentIn,
    ShipmentOut,
    ShippedOut,
    StepDueOut,
    SupplierStandingOut,
)
from api.shapes.listed import CSV, listed
from api.shapes.quality import (
    defective_out,
    duty_out,
    held_out,
    order_standing_out,
    part_standing_out,
    report_out,
    report_whole_out,
    shipment_out,
)
from api.shapes.registers import RowsOut
from api.usecases.staging import staged_by, staged_on, to_move
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from dispatch.desk.practice_file import practice_with
from inventory import supplied
from inventory.catalogue.place import PlaceKind
from inventory.stock.loan import CheckStep
from inventory.supply.corrective import Discipline, reports
from inventory.supply.waiting import Awaited
from kernel.clock import moment
from kernel.errors import Refusal
from storage.dataset.crew_tables import ENGINEERS
from storage.desk.checking_in import check_in
from storage.desk.staging import Picked, Short, stage
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.rows.head import read_settings
from storage.rows.region import load_stockroom
from storage.rows.schemes import own_practice_in
from storage.stock.claims import open_report, promise_remedy, take_report_step
from storage.stock.inspecting import look_again
from storage.stock.only_place import only_place
from storage.stock.reached import places_reached
from storage.stock.shipping import ship
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["quality"], dependencies=[Depends(strict)], route_class=StrictRoute)

OrderReads = Annotated[Asked, may(Action.ORDER_READ)]
SupplierReads = Annotated[Asked, may(Action.SUPPLIER_READ)]
SupplierWrites = Annotated[Command, may_write(Action.SUPPLIER_WRITE)]
OrderPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the order.")]
ReportPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the report.")]
SupplierPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the supplier.")]
UnitPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Serial of the loaner unit.")]
LateAsked = Annotated[bool, Query(description="Only what is past due.")]


@router.get("/shipments", response_model=RowsOut[ShipmentOut], responses=CSV)
def list_shipments(
    asked: OrderReads,
    file: FileWanted,
    *,
    order: IdAsked = "",
    supplier: IdAsked = "",
    late: LateAsked = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What suppliers say is on its way and has not arrived, the earliest expected first."""
    with asked.database.reading() as connection:
        stock = load_stockroom(connection, asked.region)
    sold_by = {row.order: row.supplier for row in stock.purchase_orders}
    rows = [
        shipment_out(one, supplier=sold_by[one.shipment.order])
        for one in supplied.coming(stock, now=asked.now)
        if order in {"", one.shipment.order}
        and supplier in {"", sold_by[one.shipment.order]}
        and (one.late or not late)
    ]
    return listed(asked.region, "shipments", ShipmentOut, rows, whole=file, limit=limit, after=after)


@router.post("/orders/{order:path}/shipments", status_code=201)
def tell_shipment(
    command: Annotated[Command, may_write(Action.ORDER_WRITE)], order: OrderPath, body: ShipmentIn
) -> ShippedOut:
    """Write down what the supplier says has left, and when it is expected."""
    twice = [part for part, times in Counter(one.part for one in body.lines).items() if times > 1]
    if twice:
        raise Refusal("stock.duplicate", id=twice[0])
    units = {one.part: one.quantity for one in body.lines}

    def act(work: UnitOfWork) -> Reply:
        return ship(work, order, body.shipment, units, sent_at=body.sent_at, expected_at=body.expected_at)

    return ShippedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.get("/orders/{order:path}/standing")
def show_order_standing(asked: OrderReads, order: OrderPath) -> OrderStandingOut:
    """Where an order stands line by line: confirmed, coming, received, accepted, held, decided on, still open."""
    with asked.database.reading() as connection:
        stock = load_stockroom(connection, asked.region)
        currency = read_settings(connection, asked.region).currency
    found = order_standing_out(supplied.whole_order(stock, order, now=asked.now), currency=currency)
    return with_names(asked, [found])[0]


@router.get("/suppliers/{supplier:path}/standing")
def show_supplier_standing(asked: SupplierReads, supplier: SupplierPath) -> SupplierStandingOut:
    """How strictly the next lot of each part of a supplier is inspected and why, what it owes, its open reports."""
    with asked.database.reading() as connection:
        stock = load_stockroom(connection, asked.region)
    parts = supplied.inspection_standings(stock, supplier, now=asked.now)
    owed = supplied.open_duties(stock, now=asked.now)
    waiting = supplied.open_reports(stock, now=asked.now)
    return SupplierStandingOut(
        supplier=supplier,
        at=asked.now,
        parts=[part_standing_out(one) for one in parts],
        owed=[duty_out(one) for one in owed if one.about.supplier == supplier],
        reports=[one.about.id for one in waiting if one.about.supplier == supplier],
    )


@router.get("/supplier-duties", response_model=RowsOut[DutyOut], responses=CSV)
def list_duties(
    asked: SupplierReads,
    file: FileWanted,
    *,
    supplier: IdAsked = "",
    late: LateAsked = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What suppliers still owe for goods sent back, longest due first."""
    with asked.database.reading() as connection:
        stock = load_stockroom(connection, asked.region)
    rows = [
        duty_out(one)
        for one in supplied.open_duties(stock, now=asked.now)
        if supplier in {"", one.about.supplier} and (one.late or not late)
    ]
    return listed(asked.region, "supplier_duties", DutyOut, rows, whole=file, limit=limit, after=after)


@router.post("/supplier-duties/{disposition:path}/promises", status_code=201)
def promise_later(
    command: SupplierWrites,
    disposition: Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the return.")],
    body: RemedyPromiseIn,
) -> RemedyPromisedOut:
    """Write down another date a supplier names for what it owes; the one agreed stays and is judged."""

    def act(work: UnitOfWork) -> Reply:
        return promise_remedy(work, disposition, body.promised_at)

    reply = carried_out(command.database, command.envelope, act)
    dates = {name: moment(reply[name]) for name in ("due_at", "expected_at")}
    return RemedyPromisedOut.model_validate(reply | dates)


@router.get("/corrective-reports", response_model=RowsOut[CorrectiveReportOut], responses=CSV)
def list_reports(
    asked: SupplierReads,
    file: FileWanted,
    *,
    supplier: IdAsked = "",
    late: LateAsked = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """8D reports that are not closed, longest due first: what each waits for and since when."""
    with asked.database.reading() as connection:
        stock = load_stockroom(connection, asked.region)
    found = (report_out(one) for one in supplied.open_reports(stock, now=asked.now))
    rows = [one for one in found if supplier in {"", one.supplier} and (one.late or not late)]
    return listed(
        asked.region,
        "corrective_reports",
        CorrectiveReportOut,
        with_names(asked, rows),
        whole=file,
        limit=limit,
        after=after,
    )


@router.post("/corrective-reports", status_code=201)
def open_corrective(
    command: SupplierWrites, body: CorrectiveReportIn, response: Response
) -> CorrectiveReportOpenedOut:
    """Open an 8D report about a lot that failed or goods that were not taken, and say when each step is due."""

    def act(work: UnitOfWork) -> Reply:
        return open_report(work, body.report, source=body.source, found=body.found, quantity=body.quantity)

    reply = carried_out(command.database, command.envelope, act)
    response.headers["Location"] = f"/v1/corrective-reports/{body.report}"
    due = [StepDueOut(step=step, due_at=moment(due_at)) for step, due_at in reply["due"]]
    return CorrectiveReportOpenedOut(
        report=reply["report"],
        supplier=reply["supplier"],
        part=reply["part"],
        quantity=reply["quantity"],
        due=due,
    )


@router.post("/corrective-reports/{report:path}/steps", status_code=201)
def take_corrective_step(
    command: SupplierWrites, report: ReportPath, body: ReportStepIn
) -> ReportStepTakenOut:
    """Say that a step of a report is done."""
    step = Discipline(body.step)

    def act(work: UnitOfWork) -> Reply:
        return take_report_step(work, report, step, note=body.note)

    reply = carried_out(command.database, command.envelope, act)
    due_at = moment(reply["due_at"]) if reply["due_at"] else None
    return ReportStepTakenOut.model_validate(reply | {"due_at": due_at})


@router.get("/corrective-reports/{report:path}")
def show_report(asked: SupplierReads, report: ReportPath) -> CorrectiveReportWholeOut:
    """A report with all its steps, closed or not."""
    with asked.database.reading() as connection:
        stock = load_stockroom(connection, asked.region)
    done = [row for row in stock.corrective_steps if row.at <= asked.now]
    every = reports(stock.nonconformances, done, stock.agreements, now=asked.now)
    found = [row for row in every if row.about.id == report]
    if not found:
        raise Refusal("supply.report_unknown", report=report)
    told = with_names(asked, [report_whole_out(found[0], done)])[0]
    return told.model_copy(update={"steps": with_names(asked, told.steps)})


@router.get("/quarantine", response_model=RowsOut[QuarantinedOut], responses=CSV)
def list_held(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    file: FileWanted,
    *,
    part: IdAsked = "",
    place: IdAsked = "",
    supplier: IdAsked = "",
    waits_for: Annotated[Awaited | None, Query(description="Only what waits for this.")] = None,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What lies in quarantine and waits for a decision, the longest waiting first; what suppliers owe, to whom may see that."""
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
        stock = load_stockroom(connection, asked.region)
    owed_too = asked.principal.may(Action.SUPPLIER_READ)
    rows = [
        held_out(one)
        for one in supplied.held(stock, now=asked.now)
        if (one.place in reached or not (one.place or asked.scope.is_narrow))
        and (owed_too or one.awaited is not Awaited.REMEDY)
        and part in {"", one.part}
        and place in {"", one.place}
        and supplier in {"", one.supplier}
        and waits_for in {None, one.awaited}
    ]
    return listed(asked.region, "quarantine", QuarantinedOut, rows, whole=file, limit=limit, after=after)


@router.get("/defectives", response_model=RowsOut[DefectiveOut], responses=CSV)
def list_defectives(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    file: FileWanted,
    *,
    part: IdAsked = "",
    place: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Damaged units on shelves and in vans that nobody has decided on, what lies longest first: to be brought, or put into quarantine."""
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
        stock = load_stockroom(connection, asked.region)
        engineers = values_in(connection, ENGINEERS, asked.region)
    homes = {one.van: one.depot for one in engineers if one.van}
    rows = [
        defective_out(one)
        for one in supplied.defective(stock, homes, now=asked.now)
        if one.place in reached and part in {"", one.part} and place in {"", one.place}
    ]
    return listed(asked.region, "defectives", DefectiveOut, rows, whole=file, limit=limit, after=after)


@router.get("/reinspections/due", response_model=RowsOut[ReinspectionDueOut], responses=CSV)
def list_due_again(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    file: FileWanted,
    place: IdAsked = "",
    ahead_days: Annotated[int, Query(ge=0, le=3650, description="Days to look ahead.")] = 0,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Stock that has lain too long and has to be looked at again, longest due first."""
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
        stock = load_stockroom(connection, asked.region)
        here = read_settings(connection, asked.region).zone
    rows = [
        ReinspectionDueOut(
            part=one.part,
            lot=one.lot,
            place=one.place,
            quantity=one.quantity,
            since=one.since,
            due_on=one.due_on,
            late_days=one.late_days,
        )
        for one in supplied.to_look_at(stock, now=asked.now, ahead_days=ahead_days, zone_name=here)
        if one.place in reached and place in {"", one.place}
    ]
    return listed(
        asked.region, "reinspections_due", ReinspectionDueOut, rows, whole=file, limit=limit, after=after
    )


@router.post("/reinspections", status_code=201)
def reinspect(
    command: Annotated[Command, may_write(Action.RECEIPT_WRITE)], body: ReinspectionIn
) -> ReinspectionOut:
    """Look again at all usable units of a part and lot at a place; what fails goes to quarantine."""

    def act(work: UnitOfWork) -> Reply:
        return look_again(
            work,
            body.document,
            body.part,
            body.place,
            lot=body.lot,
            bad=body.bad,
            serials=tuple(body.serials),
            quarantine=only_place(work, PlaceKind.QUARANTINE, body.quarantine),
            adjustment=only_place(work, PlaceKind.ADJUSTMENT, body.adjustment),
        )

    reply = carried_out(command.database, command.envelope, act)
    return ReinspectionOut(**{name: reply[name] for name in ReinspectionOut.model_fields})


@router.post("/loaner-units/{unit:path}/check-in", status_code=201)
def check_unit_in(
    command: Annotated[Command, may_write(Action.LOAN_WRITE)], unit: UnitPath, body: CheckInIn
) -> CheckedInOut:
    """Take a loaner unit back: back, inspecting, then passed (it can be lent again) or failed (quarantine)."""

    def act(work: UnitOfWork) -> Reply:
        who = command.principal.user
        return check_in(work, unit, body.step, at=body.at or work.now, by=who, reason=body.reason)

    reply = carried_out(command.database, command.envelope, act)
    return CheckedInOut(
        unit=reply["unit"], loan=reply["loan"], step=CheckStep(reply["step"]), state=reply["state"]
    )


@router.post("/pick-lists", status_code=201)
def confirm_picks(
    command: Annotated[Command, may_write(Action.STOCK_WRITE)], posed: PosedAsked, body: PickedIn
) -> PickedOut:
    """Move what the day's lists name into the vans, and raise what is missing to the desk; nothing is moved twice."""
    going = posed.of(command.database, command.region, now=command.now)

    def act(work: UnitOfWork) -> Reply:
        def found() -> tuple[Sequence[Picked], Sequence[Short]]:
            stock = load_stockroom(work.connection, work.region)
            reached = places_reached(work.connection, work.region, command.scope)
            _, staged = staged_on(
                going.board,
                going.problem,
                going.plan,
                stock,
                day=body.day,
                now=max(work.now, going.board.now),
            )
            mine = replace(
                staged,
                lists=tuple(one for one in staged.lists if one.depot in reached),
                shortages=tuple(one for one in staged.shortages if one.depot in reached),
            )
            picked, short = to_move(mine, going.board)
            return [one for one in picked if one.van in reached], short

        return stage(work, staged_by(body.day), found)

    return PickedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.get("/practice")
def show_practice(asked: Annotated[Asked, may(Action.SCHEME_READ)]) -> PracticeOut:
    """Every figure of the practice that holds, a region's own or the one that ships, with its source."""
    with asked.database.reading() as connection:
        own = own_practice_in(connection, asked.region)
    figures = practice_with(own).figures
    return PracticeOut(
        region=asked.region,
        own=bool(own),
        figures=[FigureOut(key=one.key, value=one.value, source=one.source) for one in figures],
    )
