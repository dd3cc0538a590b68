"""What was promised and what was done, in figures: over a period, and period after period."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.asked import AtOnceAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.report.measures.about import About
from api.report.measures.by_period import sheets_by_period
from api.report.measures.sheet import Cell, Shape, Sheet, heading
from api.report.measures.sheets import sheets
from api.report.measures.write import as_csv
from api.schemas.measures import MeasureColumnOut, MeasuresOut, SheetOut, TrendOut
from api.shapes.listed import CSV
from api.text import Lang, label
from api.wire.body import StrictRoute
from api.wire.table import FileWanted
from dispatch.measures import EXPIRING_DAYS, RETURN_DAYS, Measures, measures
from dispatch.measures.period import Every, Period, cut
from dispatch.measures.period import period as read_period
from dispatch.measures.trend import Trend, trend
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
        str,
        Query(max_length=40, description="day, week, month, quarter (the last whole one), or FROM..UNTIL."),
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
    about = _about(settings, return_days=return_days, expiring_days=expiring_days)
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
        sheets=[_sheet_out(one, about, asked.lang) for one in tables],
    )


@router.get("/trend", response_model=TrendOut, responses=CSV)
def show_trend(
    asked: Reads,
    at_once: AtOnceAsked,
    file: FileWanted,
    every: Annotated[Every, Query(description="How long each period is.")] = Every.WEEK,
    period: Annotated[
        str, Query(max_length=40, description="The days cut into periods, as for /measures.")
    ] = "month",
    sheet: Annotated[str, Query(max_length=40, description="One table only; a file is always one.")] = "",
    return_days: Annotated[int, Query(ge=1, le=366, description="Days without a return.")] = RETURN_DAYS,
) -> Response | TrendOut:
    """Measure period after period: promises kept, time to restore, first-time fix, satisfaction, stock, loaners."""
    with asked.database.reading() as connection:
        seen = revision(connection, asked.region)

    def compute() -> tuple[Settings, Period, tuple[Trend, ...]]:
        with asked.database.reading() as connection:
            region = load_region(connection, asked.region)
        days = read_period(period, now=asked.now, zone=zone(region.settings.zone))
        pieces = cut(days, every)
        return region.settings, days, trend(region, schemes_of(region.field), pieces, return_days=return_days)

    key = ("trend", asked.region, seen, every, period, return_days)
    settings, days, found = at_once.of(key, compute)
    tables = sheets_by_period(found)
    if sheet or file:
        tables = (_named(tables, sheet),)
    if file:
        return _file(tables[0])
    about = _about(settings, return_days=return_days)
    return TrendOut(
        region=asked.region,
        every=every,
        first=days.first,
        last=days.last,
        at=days.now,
        currency=settings.currency,
        sheets=[_sheet_out(one, about, asked.lang) for one in tables],
    )


def _about(settings: Settings, *, return_days: int, expiring_days: int = EXPIRING_DAYS) -> About:
    return About(
        name=settings.name,
        zone=settings.zone,
        currency=settings.currency,
        return_days=return_days,
        expiring_days=expiring_days,
        tolerance_min=settings.policy.tolerance_min,
    )


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


def _sheet_out(sheet: Sheet, about: About, lang: Lang) -> SheetOut:
    return SheetOut(
        name=sheet.name,
        title=label(f"measure.sheet_{sheet.name}", lang),
        says=about.definition(sheet.name, lang) if sheet.name != "figures" else "",
        columns=[
            MeasureColumnOut(
                name=one.name,
                holds=one.shape.value,
                title=heading(one, lang),
                words={
                    str(row[at]): label(f"{one.words}{row[at]}", lang)
                    for row in sheet.rows
                    if one.shape is Shape.WORD and row[at] is not None
                },
            )
            for at, one in enumerate(sheet.columns)
        ],
        rows=[[_plain(cell) for cell in row] for row in sheet.rows],
    )


def _plain(cell: Cell) -> str | int | float | None:
    if cell is None or type(cell) in {int, float}:
        return cell  # type: ignore[return-value]
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
