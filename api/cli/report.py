"""`fieldwright report`: what was promised and what was done, over a week, a month or any days."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import app, stdout
from api.cli.asked import Judged, spelled_out
from dispatch.measures import EXPIRING_DAYS, RETURN_DAYS
from dispatch.measures.period import Every
from kernel.clock import zone


@app.command()
@spelled_out
def report(
    *,
    asked: Judged,
    period: Annotated[
        str,
        typer.Option(
            "--period",
            help="day (yesterday), week, month, quarter (the last whole one), or FROM..UNTIL, both included.",
        ),
    ] = "week",
    every: Annotated[
        Every | None,
        typer.Option(
            "--every", help="Cut the period into days, weeks or months and show each; default: whole."
        ),
    ] = None,
    return_days: Annotated[
        int,
        typer.Option(
            "--return-days", min=1, max=366, help="Days without a return after which a repair held."
        ),
    ] = RETURN_DAYS,
    expiring_days: Annotated[
        int,
        typer.Option(
            "--expiring-days", min=0, max=3660, help="Days ahead in which papers running out are listed."
        ),
    ] = EXPIRING_DAYS,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the CSV files and the page; default: none written."),
    ] = None,
) -> None:
    """Measure a region over a period: promises kept, time to restore, returns, causes, backlog, stock, people."""
    from api.report.measures.about import About
    from api.report.measures.by_period import sheets_by_period
    from api.report.measures.page import page
    from api.report.measures.sheets import sheets
    from api.report.measures.terminal import print_measures, print_tables
    from api.report.measures.write import write_measures, write_tables
    from dispatch.measures import measures
    from dispatch.measures.period import cut
    from dispatch.measures.period import period as read_period
    from dispatch.measures.trend import trend
    from dispatch.region import schemes_of

    spoken = asked.spoken
    region = asked.read()
    settings = region.settings
    days = read_period(period, now=asked.at(region), zone=zone(settings.zone))
    schemes = schemes_of(region.field)
    if every is not None:
        followed = trend(region, schemes, cut(days, every), return_days=return_days)
        tables = sheets_by_period(followed)
        written = write_tables(out, tables, every) if out is not None else ()
        print_tables(tables, stdout(), currency=settings.currency, lang=spoken, written=written)
        return
    found = measures(region, schemes, days, return_days=return_days, expiring_days=expiring_days)
    about = About(
        name=settings.name,
        zone=settings.zone,
        currency=settings.currency,
        return_days=return_days,
        expiring_days=expiring_days,
        tolerance_min=settings.policy.tolerance_min,
    )
    tables = sheets(found)
    written = write_measures(out, tables, page(about, found, tables, spoken)) if out is not None else ()
    print_measures(about, found, tables, stdout(), lang=spoken, written=written)
