"""`fieldwright reorder`: what to move and what to buy, with the calculation under every line."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated

import typer

from api.cli.app import app, stdout
from api.cli.asked import AsDelivered, JsonOption, Judged, LimitOption, spelled_out
from api.cli.reorder_table import as_document, show
from kernel.clock import zone
from kernel.errors import Refusal


@app.command()
@spelled_out
def reorder(
    *,
    asked: Judged,
    part: Annotated[str, typer.Option("--part", help="Only of this part.")] = "",
    place: Annotated[str, typer.Option("--place", help="Only for this place.")] = "",
    limit: LimitOption = 20,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget", min=0, help="Money for purchases at most, spent where it saves most shortage."
        ),
    ] = None,
    as_delivered: AsDelivered = False,
    as_json: JsonOption = False,
) -> None:
    """Propose what to move between places and what to buy, what breaks first first."""
    from api.usecases.orders import reviewed

    spoken = asked.spoken
    whole = asked.read()
    at = asked.at(whole)
    settings = whole.settings
    money = None if budget is None else Decimal(str(budget))
    proposals = reviewed(whole, now=at, budget=money, as_delivered=as_delivered)
    if part and all(row.id != part for row in whole.stock.parts):
        raise Refusal("stock.unknown_part", part=part[:64])
    if place and all(row.id != place for row in whole.stock.places):
        raise Refusal("stock.unknown_place", place=place[:64])
    proposals = tuple(row for row in proposals if part in {"", row.part} and place in {"", row.place})
    if as_json:
        document = as_document(
            proposals, lang=spoken, limit=limit, now=at, zone=zone(settings.zone), currency=settings.currency
        )
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    show(
        proposals,
        stdout(),
        lang=spoken,
        limit=limit,
        now=at,
        zone=zone(settings.zone),
        currency=settings.currency,
    )
