"""`fieldwright reorder`: what to move and what to buy, with the calculation under every line."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.reorder_table import as_document, show
from kernel.clock import moment, zone


@app.command()
def reorder(
    dataset: DatasetArgument,
    now: Annotated[
        str | None,
        typer.Option("--now", help="Moment of the review (ISO 8601); default: the region's as_of."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Proposals shown at most; 0: all.")] = 20,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget", min=0, help="Money for purchases at most, spent where it saves most shortage."
        ),
    ] = None,
    as_delivered: Annotated[
        bool,
        typer.Option(
            "--as-delivered", help="Go by the lead times and yields suppliers have shown, not promised."
        ),
    ] = False,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Propose what to move between places and what to buy, what breaks first first."""
    from dispatch.expected_needs import expected_needs
    from inventory import scores
    from inventory.review import review

    spoken = language(lang)
    given = None if now is None else moment(now)
    region = open_region(dataset, accept_partial=accept_partial, lang=spoken).region
    settings = region.settings
    at = settings.as_of if given is None else given
    homes = {engineer.van: engineer.depot for engineer in region.field.engineers if engineer.van}
    needs = expected_needs(region, now=at)
    proposals = review(
        region.stock,
        needs,
        at,
        homes=homes,
        zone_name=settings.zone,
        delivered=scores.as_delivered(region.stock, at) if as_delivered else None,
        budget=None if budget is None else Decimal(str(budget)),
    )
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
