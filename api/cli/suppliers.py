"""`fieldwright suppliers`: what each supplier has shown, beside what it promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.text import Lang, label
from api.text.spoken import wall_clock
from kernel.clock import moment, zone

if TYPE_CHECKING:
    from inventory.supply.supplier import Scorecard


@app.command()
def suppliers(
    dataset: DatasetArgument,
    since: Annotated[
        str | None, typer.Option("--since", help="Deliveries from this moment on (ISO 8601).")
    ] = None,
    part: Annotated[str, typer.Option("--part", help="Of this part only.")] = "",
    now: Annotated[
        str | None, typer.Option("--now", help="Moment to judge at (ISO 8601); default: the region's as_of.")
    ] = None,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Print every supplier's scorecard: bad units, deliveries in time, lead time as it was."""
    from inventory.scores import scorecards

    spoken = language(lang)
    given, start = (None if text is None else moment(text) for text in (now, since))
    region = open_region(dataset, accept_partial=accept_partial, lang=spoken).region
    at = region.settings.as_of if given is None else given
    cards = scorecards(region.stock, at, since=start, part=part)
    promised = {row.id: row.lead_time_days for row in region.stock.suppliers}
    if as_json:
        typer.echo(json.dumps([_document(card, promised) for card in cards], ensure_ascii=False, indent=1))
        return
    where = zone(region.settings.zone)
    console = stdout()
    title = label("supply.scorecard_title", spoken, now_at=wall_clock(at, where), zone=where.key)
    console.print(title, style="bold")
    console.print(_table(cards, promised, spoken))


def _table(cards: tuple[Scorecard, ...], promised: dict[str, float], lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(label("supply.column_supplier", lang))
    for name in ("deliveries", "units", "bad", "ppm", "on_time", "lead_time", "promised"):
        table.add_column(label(f"supply.column_{name}", lang), justify="right")
    for card in cards:
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
        )
    return table


def _document(card: Scorecard, promised: dict[str, float]) -> dict[str, object]:
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
    }
