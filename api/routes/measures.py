"""What was promised and what was done, in figures; what lateness costs now and will."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.asked import AtOnceAsked, PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.report.measures.sheet import Cell, Sheet
from api.report.measures.sheets import sheets
from api.report.measures.write import as_csv
from api.schemas.measures import ExposedOut, MeasureColumnOut, MeasuresOut, SheetOut
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.text import Lang, label
from api.usecases.exposed import exposed
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from dispatch.measures import EXPIRING_DAYS, RETURN_DAYS, Measures, measures
from dispatch.measures.period import Period
from dispatch.measures.period import period as read_period
from dispatch.region import Settings, schemes_of
from kernel.clock import zone
from kernel.errors import Refusal
from storage.audit import revision
from storage.rows.region import load_region

router = APIRouter(
    prefix="/v1/reports", tags=["reports"], dependencies=[Depends(strict)], route_class=StrictRoute
)

Reads = Annotated[Asked, may(Action.REPORT_READ)]


@router.get("/measures", response_model=MeasuresOut, responses=CSV)
def show_measures(
    asked: Reads,
    at_once: AtOnceAsked,
    file: FileWanted,
    period: Annotated[
        str, Query(max_length=40, description="week, month, quarter (the last whole one), or FROM..UNTIL.")
    ] = "week",
    sheet: Annotated[str, Query(max_length=40, description="One table only; a file is always one.")] = "",
    return_days: Annotated[int, Query(ge=1, le=366, description="Days without a return.")] = RETURN_DAYS,
    expiring_days: Annotated[
        int, Query(ge=0, le=3660, description="Days ahead in which papers running out are listed.")
    ] = EXPIRING_DAYS,
) -> Response | MeasuresOut:
    """Measure the region over a period: promises kept, time to restore, returns, causes, backlog, stock, people."""
    with asked.database.reading() as connection:
        seen = revision(connection, asked.region)

    def compute() -> tuple[Settings, Period, Measures]:
        with asked.database.reading() as connection:
            region = load_region(connection, asked.region)
        days = read_period(period, now=asked.now, zone=zone(region.settings.zone))
        schemes = schemes_of(region.field)
        found = measures(region, schemes, days, return_days=return_days, expiring_days=expiring_days)
        return region.settings, days, found

    key = ("measures", asked.region, seen, period, return_days, expiring_days)
    settings, days, found = at_once.of(key, compute)
    tables = sheets(found)
    if sheet or file:
        tables = (_named(tables, sheet),)
    if file:
        return _file(tables[0])
    return MeasuresOut(
        region=asked.region,
        first=days.first,
        last=days.last,
        since=days.start,
        until=days.end,
        at=days.now,
        currency=settings.currency,
        reported=found.reported,
        without_scheme=found.without_scheme,
        sheets=[_sheet_out(one, asked.lang) for one in tables],
    )


@router.get("/exposure", response_model=RowsOut[ExposedOut], responses=CSV)
def list_exposure(
    asked: Reads, posed: PosedAsked, file: FileWanted, limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """What open promises cost that are late or will be as the plan in force goes, dearest first."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    rows = [
        ExposedOut(
            ticket=one.ticket,
            scheme=one.scheme,
            milestone=one.milestone,
            due_at=one.due_at,
            expected_at=one.expected_at,
            late_s=one.late_s,
            actual_cents=one.actual_cents,
            forecast_cents=one.forecast_cents,
            currency=one.currency,
        )
        for one in exposed(going)
    ]
    return listed(asked.region, "exposure", ExposedOut, rows, whole=file, limit=limit, after=after)


def _named(tables: tuple[Sheet, ...], name: str) -> Sheet:
    for one in tables:
        if one.name == name:
            return one
    raise Refusal("measure.unknown_sheet", name=name, known=", ".join(one.name for one in tables))


def _file(sheet: Sheet) -> Response:
    return Response(
        as_csv(sheet),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{sheet.name}.csv"', "Vary": "Accept"},
    )


def _sheet_out(sheet: Sheet, lang: Lang) -> SheetOut:
    return SheetOut(
        name=sheet.name,
        title=label(f"measure.sheet_{sheet.name}", lang),
        columns=[MeasureColumnOut(name=one.name, holds=one.shape.value) for one in sheet.columns],
        rows=[[_plain(cell) for cell in row] for row in sheet.rows],
    )


def _plain(cell: Cell) -> str | int | float | None:
    if cell is None or type(cell) in {int, float}:
        return cell  # type: ignore[return-value]
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
