"""`fieldwright charge`: what a ticket costs the customer and why, how charges stand, charges as CSV."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.app import app, stdout
from api.cli.asked import JsonOption, Judged, spelled_out
from api.text import label
from api.text.spoken import tell
from dispatch.desk.clause import FeeKind
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.money import amount, cents, from_cents

charge_app = typer.Typer(
    name="charge", help="What the customer is charged; nothing is paid here.", no_args_is_help=True
)
app.add_typer(charge_app)

_PART = re.compile(r"([^:=\s]+):([1-9]\d{0,3})(?:=(\S+))?")


@charge_app.command("quote")
@spelled_out
def quote_ticket(
    ticket: Annotated[str, typer.Argument(help="Number of the ticket.")],
    *,
    asked: Judged,
    part: Annotated[
        list[str], typer.Option("--part", help="Part and units, with its list price: P-1:2 or P-1:2=450.00.")
    ] = [],  # noqa: B006 typer reads the default, nobody changes it
    ask: Annotated[list[str], typer.Option("--ask", help="Price asked for by name, like report.")] = [],  # noqa: B006
    price: Annotated[
        list[str], typer.Option("--price", help="Amount where the scheme gives a bound: call=150.00.")
    ] = [],  # noqa: B006
    as_json: JsonOption = False,
) -> None:
    """Say whether a ticket is covered or chargeable, why, and what the scheme would have it cost."""
    from api.usecases.entitled import quote_of, scheme_of, ticket_named

    spoken, region = asked.spoken, asked.read()
    known = ticket_named(region, ticket)
    scheme = scheme_of(region, known)
    found, lines = quote_of(
        region,
        known,
        now=asked.at(region),
        parts=dict(_part(one) for one in part),
        asked_for=[_fee(one) for one in ask],
        amounts={_fee(name): cents(amount(text)) for name, _, text in (one.partition("=") for one in price)},
    )
    total = sum(line.cents for line in lines)
    deposit = (total * scheme.fees.deposit_percent + 50) // 100
    reason = tell(found.reason, spoken, zone=zone(scheme.zone))
    if as_json:
        document = {
            "ticket": known.id,
            "verdict": found.verdict,
            "reason": {"code": found.reason.code, "text": reason},
            "currency": scheme.currency,
            "lines": [
                {
                    "item": one.item,
                    "part": one.part,
                    "quantity": one.quantity,
                    "amount": str(from_cents(one.cents)),
                }
                for one in lines
            ],
            "total": str(from_cents(total)),
            "deposit": str(from_cents(deposit)),
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    console = stdout()
    verdict = label(f"verdict.{found.verdict}", spoken)
    console.print(f"{known.id}: {verdict}", style="bold", markup=False)
    console.print(reason, markup=False)
    for line in lines:
        what = label(f"charge_item.{line.item.replace('-', '_')}", spoken)
        of = f" {line.part} x {line.quantity}" if line.part else ""
        console.print(f"  {from_cents(line.cents):>12,.2f} {scheme.currency}  {what}{of}", markup=False)
    if lines:
        said = label(
            "charge_said.total",
            spoken,
            total=str(from_cents(total)),
            currency=scheme.currency,
            deposit=str(from_cents(deposit)),
        )
        console.print(said, markup=False)


@charge_app.command("list")
@spelled_out
def list_charges(
    *,
    asked: Judged,
    out: Annotated[Path | None, typer.Option("--out", help="CSV file to write, one row a step.")] = None,
) -> None:
    """Print how every charge stands; write their steps as CSV."""
    from api.usecases.entitled import charges_of, schemes_by_ticket
    from dispatch.desk.charge import charge_rows

    spoken, region = asked.spoken, asked.read()
    events, states = charges_of(region, now=asked.at(region))
    schemes = schemes_by_ticket(region)
    table = Table(box=None, pad_edge=False)
    for column in ("charge", "ticket", "stage", "total", "deposit_due", "received", "balance"):
        right = column in {"total", "deposit_due", "received", "balance"}
        table.add_column(label(f"charge_column.{column}", spoken), justify="right" if right else "left")
    for one in states.values():
        amounts = (one.total, one.deposit_due, one.received, one.balance)
        shown = [f"{from_cents(value):,.2f}" for value in amounts]
        table.add_row(one.charge, one.ticket, label(f"charge_stage.{one.stage}", spoken), *shown)
    stdout().print(table)
    if out is not None:
        try:
            with out.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(charge_rows(events, schemes))
        except OSError:
            raise Refusal("charge.unwritable", file=str(out)[:200]) from None


def _part(text: str) -> tuple[str, tuple[int, int | None]]:
    found = _PART.fullmatch(text)
    if not found:
        raise Refusal("charge.not_a_part", value=text[:60])
    name, quantity, listed = found.groups()
    return name, (int(quantity), None if listed is None else cents(amount(listed)))


def _fee(text: str) -> FeeKind:
    try:
        return FeeKind(text)
    except ValueError:
        raise Refusal("charge.unknown_fee", value=text[:40], known=", ".join(FeeKind)) from None
