"""`fieldwright suppliers cards`: what each supplier has shown, beside what it promises, and what it owes an answer for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.cli.app import app, stdout
from api.cli.asked import JsonOption, Judged, spelled_out, when
from api.text import Lang, label
from api.text.spoken import wall_clock
from kernel.clock import zone

if TYPE_CHECKING:
    from inventory.supply.corrective import Report
    from inventory.supply.supplier import Scorecard


suppliers_app = typer.Typer(
    name="suppliers", help="Suppliers: what they have shown and what they owe.", no_args_is_help=True
)
app.add_typer(suppliers_app)


@suppliers_app.command()
@spelled_out
def cards(
    *,
    asked: Judged,
    since: Annotated[
        str | None, typer.Option("--since", help="Deliveries from this moment on (ISO 8601).")
    ] = None,
    part: Annotated[str, typer.Option("--part", help="Of this part only.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Print every supplier's scorecard: bad units, deliveries in time, lead time as it was, 8D reports open and late."""
    from inventory.scores import scorecards
    from inventory.supplied import open_reports

    spoken = asked.spoken
    start = when(since)
    whole = asked.read()
    at = asked.at(whole)
    found = scorecards(whole.stock, at, since=start, part=part)
    reports = [row for row in open_reports(whole.stock, now=at) if part in {"", row.about.part}]
    promised = {row.id: row.lead_time_days for row in whole.stock.suppliers}
    if as_json:
        typer.echo(
            json.dumps([_document(card, promised, reports) for card in found], ensure_ascii=False, indent=1)
        )
        return
    where = zone(whole.settings.zone)
    console = stdout()
    title = label("supply.scorecard_title", spoken, now_at=wall_clock(at, where), zone=where.key)
    console.print(title, style="bold")
    console.print(_table(found, promised, reports, spoken))


def _reports_of(supplier: str, reports: list[Report]) -> tuple[int, int]:
    """How many are open, and how many of them have a step past due."""
    own = [row for row in reports if row.about.supplier == supplier]
    return len(own), sum(row.waiting_for is not None and row.waiting_for.late for row in own)


def _table(
    found: tuple[Scorecard, ...], promised: dict[str, float], reports: list[Report], lang: Lang
) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(label("supply.column_supplier", lang))
    for name in ("deliveries", "units", "bad", "ppm", "on_time", "lead_time", "promised", "reports"):
        table.add_column(label(f"supply.column_{name}", lang), justify="right")
    for card in found:
        open_, late = _reports_of(card.supplier, reports)
        ppm, on_time, days, spread = (
            card.bad_per_million,
            card.on_time,
            card.lead_time_days,
            card.lead_time_sd_days,
        )
        lead = "-" if days is None else f"{days:.1f}" + ("" if spread is None else f" ± {spread:.1f}")
        table.add_row(
            card.supplier,
            str(card.deliveries),
            str(card.units),
            str(card.bad),
            "-" if ppm is None else f"{ppm:.0f}",
            "-" if on_time is None else f"{on_time:.0%} ({card.in_time}/{card.promised})",
            lead,
            f"{promised[card.supplier]:g}",
            label("supply.reports_late", lang, open=open_, late=late) if open_ else "-",
        )
    return table


def _document(card: Scorecard, promised: dict[str, float], reports: list[Report]) -> dict[str, object]:
    open_, late = _reports_of(card.supplier, reports)
    return {
        "supplier": card.supplier,
        "deliveries": card.deliveries,
        "units": card.units,
        "bad": card.bad,
        "bad_per_million": card.bad_per_million,
        "promised": card.promised,
        "in_time": card.in_time,
        "on_time": card.on_time,
        "lead_time_days": card.lead_time_days,
        "lead_time_sd_days": card.lead_time_sd_days,
        "lead_time_promised_days": promised[card.supplier],
        "reports_open": open_,
        "reports_late": late,
    }
