"""`fieldwright suppliers show`, `owed`: how strictly a supplier's parts are inspected and why, and what it owes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, Told, spelled_out
from api.cli.stock import say_line
from api.cli.suppliers import suppliers_app
from api.text import Lang, label
from api.text.spoken import wall_clock
from inventory.supply.switching import ACCEPTED_TO_RELAX, FAILED_TO_DISCONTINUE, POINTS_TO_REDUCE, Inspection
from kernel.clock import moment, zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from inventory.supplied import PartStanding
    from inventory.supply.returned import Duty


@suppliers_app.command()
@spelled_out
def show(
    supplier: Annotated[str, typer.Argument(help="Supplier.")],
    *,
    asked: Judged,
    part: Annotated[str, typer.Option("--part", help="This part only.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show how strictly the next lot of each part of a supplier is inspected and why, and what the supplier owes."""
    from inventory.supplied import coming, inspection_standings, open_duties, open_reports

    spoken = asked.spoken
    whole = asked.read()
    at, where, stock = asked.at(whole), zone(whole.settings.zone), whole.stock
    found = [row for row in inspection_standings(stock, supplier, now=at) if part in {"", row.part}]
    if part and part not in {row.id for row in stock.parts}:
        raise Refusal("stock.unknown_part", part=part[:64])
    lines = {row.order: row.supplier for row in stock.purchase_orders}
    shipments = [
        row
        for row in coming(stock, now=at)
        if lines.get(row.shipment.order) == supplier and part in {"", row.shipment.part}
    ]
    owed = [
        row
        for row in open_duties(stock, now=at)
        if row.about.supplier == supplier and part in {"", row.about.part}
    ]
    reports = [
        row
        for row in open_reports(stock, now=at)
        if row.about.supplier == supplier and part in {"", row.about.part}
    ]
    if as_json:
        document = {
            "supplier": supplier,
            "parts": [_plain(row) for row in found],
            "on_the_way": len(shipments),
            "owed": [duty_document(row) for row in owed],
            "reports": [row.about.id for row in reports],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    title = label(
        "supply.supplier_title", spoken, supplier=supplier, now_at=wall_clock(at, where), zone=where.key
    )
    stdout().print(title, style="bold", markup=False)
    for row in found:
        for line in _said(row, spoken):
            say_line(line)
    if not found:
        say_line(label("supply.nothing_inspected", spoken))
    late = sum(row.late for row in shipments)
    say_line(label("supply.owes_shipments", spoken, count=len(shipments), late=late))
    for duty in owed:
        say_line(duty_line(duty, where, spoken))
    overdue = sum(row.waiting_for is not None and row.waiting_for.late for row in reports)
    say_line(label("supply.owes_reports", spoken, count=len(reports), late=overdue))


@suppliers_app.command()
@spelled_out
def owed(
    *,
    asked: Judged,
    late: Annotated[bool, typer.Option("--late", help="Only what is past due.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what suppliers still owe for goods sent back, longest due first."""
    from inventory.supplied import open_duties

    spoken = asked.spoken
    whole = asked.read()
    at, where = asked.at(whole), zone(whole.settings.zone)
    found = [row for row in open_duties(whole.stock, now=at) if row.late or not late]
    if as_json:
        typer.echo(json.dumps([duty_document(row) for row in found], ensure_ascii=False, indent=1))
        return
    _title(at, where, spoken)
    for row in found:
        say_line(duty_line(row, where, spoken))
    if not found:
        say_line(label("supply.nothing_owed", spoken))


@suppliers_app.command()
@spelled_out
def promise(
    disposition: Annotated[str, typer.Argument(help="Id of the return.")],
    day: Annotated[str, typer.Argument(help="The date the supplier names (ISO 8601 with offset).")],
    *,
    told: Told,
) -> None:
    """Write down another date a supplier names for what it owes; the one agreed stays and is judged."""
    from storage.stock.claims import promise_remedy

    named = moment(day)
    reply = told.done(lambda work: promise_remedy(work, disposition, named))
    on = told.days()
    values = {name: reply[name] for name in ("supplier", "part", "left", "document")}
    say_line(
        label(
            "supply.remedy_expected",
            told.spoken,
            **values,
            due_on=on(reply["due_at"]),
            expected_on=on(reply["expected_at"]),
        )
    )


def _title(at: datetime, where: ZoneInfo, lang: Lang) -> None:
    title = label("supply.owed_title", lang, now_at=wall_clock(at, where), zone=where.key)
    stdout().print(title, style="bold", markup=False)


def duty_line(duty: Duty, where: ZoneInfo, lang: Lang) -> str:
    """One line about what is owed for a return."""
    about = duty.about
    assert about.remedy is not None
    code = "supply.duty_late" if duty.late else "supply.duty"
    said = label(
        code,
        lang,
        supplier=about.supplier,
        part=about.part,
        left=duty.left,
        quantity=about.quantity,
        owed=label(f"supply.remedy_{about.remedy.value}", lang),
        document=about.document,
        due=wall_clock(duty.due_at, where)[:10],
    )
    if not duty.promised:
        return said
    day = wall_clock(duty.expected_at, where)[:10]
    return said + label("supply.duty_promised", lang, times=len(duty.promised), day=day)


def duty_document(duty: Duty) -> dict[str, object]:
    """The same in plain JSON values."""
    about = duty.about
    return {
        "disposition": about.id,
        "document": about.document,
        "supplier": about.supplier,
        "part": about.part,
        "quantity": about.quantity,
        "left": duty.left,
        "remedy": about.remedy.value if about.remedy else "",
        "due_at": duty.due_at.isoformat(),
        "promised": [at.isoformat() for at in duty.promised],
        "expected_at": duty.expected_at.isoformat(),
        "late": duty.late,
    }


def _said(row: PartStanding, lang: Lang) -> list[str]:
    state = row.standing
    values: dict[str, Any] = {
        "part": row.part,
        "lots": row.lots,
        "passed": sum(state.recent),
        "recent": len(state.recent),
        "points": state.points,
        "to_reduce": POINTS_TO_REDUCE,
        "in_a_row": state.in_a_row,
        "to_relax": ACCEPTED_TO_RELAX,
        "failed": state.failed,
        "to_stop": FAILED_TO_DISCONTINUE,
    }
    said = [label(f"supply.why_{state.inspection.value}", lang, **values)]
    limit = row.limit
    if limit is None:
        said.append(label("supply.limit_nowhere", lang))
    else:
        code = "supply.limit_in_force" if limit.inspects else "supply.limit_no_look"
        said.append(label(code, lang, aql=str(limit.aql), level=limit.level.value))
    if row.skip is not None and limit is not None and limit.clearance is not None:
        numbers = {"in_a_row": row.skip.in_a_row, "clearance": limit.clearance, "share": limit.fraction}
        strict = state.inspection in {Inspection.TIGHTENED, Inspection.DISCONTINUED}
        code = "skip_on" if row.skip.skips else "skip_strict" if strict else "skip_waits"
        said.append(label(f"supply.{code}", lang, **numbers))
    return said


def _plain(row: PartStanding) -> dict[str, object]:
    return {
        "part": row.part,
        "inspection": row.standing.inspection.value,
        "lots": row.lots,
        "recent": list(row.standing.recent),
        "points": row.standing.points,
        "in_a_row": row.standing.in_a_row,
        "failed": row.standing.failed,
        "aql": None if row.limit is None else str(row.limit.aql),
        "level": None if row.limit is None else row.limit.level.value,
        "skips": row.skip is not None and row.skip.skips,
        "skip_in_a_row": None if row.skip is None else row.skip.in_a_row,
    }
