"""`fieldwright order show`, `ship`, `coming`: where an order stands line by line, and what of it is on its way."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, Told, spelled_out, when
from api.cli.order import order_app
from api.cli.stock import say_line
from api.text import Lang, label
from api.text.spoken import listed, wall_clock
from kernel.clock import moment, zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from inventory.supplied import LineStanding, WholeOrder

OrderArgument = Annotated[str, typer.Argument(help="Order.")]


@order_app.command()
@spelled_out
def ship(
    order: OrderArgument,
    waybill: Annotated[str, typer.Argument(help="The shipment's number; told again, the last word counts.")],
    lines: Annotated[list[str], typer.Argument(help="PART=UNITS; one each part.")],
    *,
    told: Told,
    expected: Annotated[str, typer.Option("--expected", help="When it is expected (ISO 8601 with offset).")],
    sent: Annotated[
        str, typer.Option("--sent", help="When it left (ISO 8601 with offset); default: now.")
    ] = "",
) -> None:
    """Write down what the supplier says has left: units of an order, and when they are expected."""
    from storage.stock.shipping import ship as shipped

    spoken = told.spoken
    units = _units(lines)
    expected_at = moment(expected)
    left_at = when(sent or None)
    reply = told.done(
        lambda work: shipped(work, order, waybill, units, sent_at=left_at, expected_at=expected_at),
    )
    say_line(label("supply.shipped", spoken, order=order, shipment=waybill, lines=reply["lines"]))
    if reply["over"]:
        say_line(label("supply.shipped_over", spoken, order=order, parts=listed(reply["over"], spoken)))


@order_app.command()
@spelled_out
def coming(
    *,
    asked: Judged,
    late: Annotated[bool, typer.Option("--late", help="Only what was expected before now.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what suppliers say is on its way and has not arrived, late ones first."""
    from inventory.supplied import coming as on_its_way

    spoken = asked.spoken
    whole = asked.read()
    at, where = asked.at(whole), zone(whole.settings.zone)
    found = [row for row in on_its_way(whole.stock, now=at) if row.late or not late]
    if as_json:
        rows = [
            {
                "shipment": row.shipment.id,
                "order": row.shipment.order,
                "part": row.shipment.part,
                "quantity": row.shipment.quantity,
                "left": row.left,
                "sent_at": row.shipment.sent_at.isoformat(),
                "expected_at": row.shipment.expected_at.isoformat(),
                "late": row.late,
            }
            for row in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    title = label("supply.coming_title", spoken, now_at=wall_clock(at, where), zone=where.key)
    stdout().print(title, style="bold", markup=False)
    for row in found:
        told = row.shipment
        code = "supply.coming_late" if row.late else "supply.coming_line"
        said = label(
            code,
            spoken,
            shipment=told.id,
            order=told.order,
            part=told.part,
            left=row.left,
            quantity=told.quantity,
            expected=wall_clock(told.expected_at, where),
        )
        say_line(said)
    if not found:
        say_line(label("supply.nothing_coming", spoken))


@order_app.command()
@spelled_out
def show(
    order: OrderArgument,
    *,
    asked: Judged,
    as_json: JsonOption = False,
) -> None:
    """Show where an order stands: ordered, dates confirmed, received, accepted, held, sent back, still open."""
    from inventory.supplied import whole_order

    spoken = asked.spoken
    whole = asked.read()
    at, where = asked.at(whole), zone(whole.settings.zone)
    found = whole_order(whole.stock, order, now=at)
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False, indent=1))
        return
    state = label(f"supply.state_{found.state.value}", spoken)
    head = {"order": order, "supplier": found.supplier, "place": found.place, "state": state}
    stdout().print(label("supply.order_title", spoken, **head), style="bold", markup=False)
    if found.cost is not None:
        money = f"{found.cost:,.2f} {whole.settings.currency}"
        say_line(label("supply.order_made", spoken, by=found.made_by, cost=money))
    if found.approved_by:
        say_line(label("supply.order_approved", spoken, by=found.approved_by))
    if found.sent_at is not None:
        say_line(label("supply.order_sent", spoken, sent=wall_clock(found.sent_at, where)))
    stdout().print(_table(found, spoken))
    for line in found.lines:
        for said in _said(line, where, spoken):
            say_line(said)


def _table(found: WholeOrder, lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(label("supply.column_part", lang))
    for name in ("ordered", "coming", "received", "accepted", "held", "decided", "open"):
        table.add_column(label(f"supply.column_{name}", lang), justify="right")
    for line in found.lines:
        gone = sum(line.decided.values())
        numbers = (line.ordered, line.coming, line.received, line.accepted, line.held, gone, line.open)
        table.add_row(line.part, *map(str, numbers))
    return table


def _said(line: LineStanding, where: ZoneInfo, lang: Lang) -> list[str]:
    said: list[str] = []
    if line.promises:
        first, *later = (wall_clock(date, where)[:10] for date in line.promises)
        code = "supply.line_dates" if later else "supply.line_date"
        dates = listed(later, lang)
        said.append(label(code, lang, part=line.part, first=first, later=dates))
    if line.late:
        said.append(label("supply.line_late", lang, part=line.part, open=line.open))
    if line.decided:
        ways = [f"{label(f'supply.way_{way.value}', lang)} {units}" for way, units in line.decided.items()]
        said.append(label("supply.line_decided", lang, part=line.part, ways=listed(ways, lang)))
    if line.complete and line.open:
        said.append(label("supply.line_enough", lang, part=line.part, open=line.open))
    return said


def _plain(found: WholeOrder) -> dict[str, object]:
    return {
        "order": found.id,
        "supplier": found.supplier,
        "place": found.place,
        "state": found.state.value,
        "cost": None if found.cost is None else str(found.cost),
        "made_by": found.made_by,
        "approved_by": found.approved_by,
        "sent_at": _iso(found.sent_at),
        "lines": [
            {
                "part": line.part,
                "ordered": line.ordered,
                "coming": line.coming,
                "received": line.received,
                "accepted": line.accepted,
                "held": line.held,
                "decided": {way.value: units for way, units in line.decided.items()},
                "open": line.open,
                "complete": line.complete,
                "promised": [_iso(date) for date in line.promises],
                "late": line.late,
            }
            for line in found.lines
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _units(lines: list[str]) -> dict[str, int]:
    """Read PART=UNITS, each part once.

    Raises:
        Refusal: ``cli.not_a_shipment``.
    """
    found: dict[str, int] = {}
    for text in lines:
        part, _, units = text.partition("=")
        whole = units.isascii() and units.isdigit() and len(units) <= 9
        if not part or not whole or part in found:
            raise Refusal("cli.not_a_shipment", value=text[:80])
        found[part] = int(units)
    return found
