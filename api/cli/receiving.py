"""`fieldwright stock receive`, `inspect`, `dispose`: from the supplier's van to the shelf, or back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.asked import Told, spelled_out, when
from api.cli.readings import readings_in
from api.cli.sampling import read_level, read_limit
from api.cli.scanned import ScanOption, scans_instead
from api.cli.stock import say_line, say_moves, stock_app
from api.text import Lang, label, say_refusal
from inventory.stock.document import Line
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspection import Arrival, InspectionRule
from kernel.errors import Refusal

DocumentArgument = Annotated[str, typer.Argument(help="The order, delivery or record it stands on.")]
SupplierPlaceOption = Annotated[
    str,
    typer.Option(
        "--from", help="Place of the ledger that stands for suppliers; default: the region's only one."
    ),
]
ShelfOption = Annotated[str, typer.Option("--shelf", help="Place accepted goods are put.")]
QuarantineOption = Annotated[
    str, typer.Option("--quarantine", help="Place goods wait or are held; default: the region's only one.")
]
AdjustmentOption = Annotated[
    str,
    typer.Option(
        "--adjustment",
        help="Adjustment place a change of condition goes through; default: the region's only one.",
    ),
]
LotOption = Annotated[str, typer.Option("--lot", help="Their lot.")]


@stock_app.command()
@spelled_out
def receive(
    document: DocumentArgument,
    lines: Annotated[
        list[str] | None,
        typer.Argument(help="PART=UNITS, or PART=UNITS,lot=L,rejected=N,serial=A,serial=B; one each line."),
    ] = None,
    *,
    told: Told,
    scan: ScanOption = None,
    supplier_place: SupplierPlaceOption = "",
    shelf: ShelfOption,
    quarantine: QuarantineOption = "",
    adjustment: AdjustmentOption = "",
    inspected: Annotated[
        list[str] | None,
        typer.Option(
            "--inspect",
            help="A part that waits for inspection whatever is laid down; may be repeated.",
        ),
    ] = None,
    supplier: Annotated[
        str,
        typer.Option(
            "--supplier", help="Who sends it; default: who the order was sent to, or owes it for a return."
        ),
    ] = "",
) -> None:
    """Take a delivery in, each line for itself; exit code 1 when a line could not be taken in."""
    from storage.stock.receiving import take_in
    from storage.stock.scanning import arrivals_scanned
    from storage.stock.ways import Ways, usual

    spoken, (scans, told) = told.spoken, scans_instead(scan, lines, told, door="receive", document=document)
    arrivals = [_arrival(line) for line in lines or ()]
    ways = Ways(supplier_place, shelf, quarantine, adjustment)
    reply = told.done(
        lambda work: take_in(
            work,
            document,
            arrivals_scanned(work, scans) if scans else arrivals,
            usual(work, ways),
            inspected=set(inspected or ()),
            supplier=supplier,
        ),
    )
    for row in reply["lines"]:
        for line in _told(row, spoken):
            say_line(line)
    say_moves(reply, spoken)
    if any(row["refused"] for row in reply["lines"]):
        raise typer.Exit(1)


def _told(row: dict[str, Any], lang: Lang) -> list[str]:
    if row["refused"]:
        refusal = Refusal(row["refused"]["code"], **row["refused"]["values"])
        return [label("supply.line_refused", lang, part=row["part"], why=say_refusal(refusal, lang))]
    numbers = {name: row[name] for name in ("part", "accepted", "quarantined", "rejected")}
    said = [label("supply.line_taken_in", lang, **numbers)]
    if row["surplus"]:
        said.append(label("supply.line_surplus", lang, part=row["part"], surplus=row["surplus"]))
    if row["skipped"]:
        said.append(label("supply.line_skipped", lang, part=row["part"], **row["skipped"]))
    return said


@stock_app.command()
@spelled_out
def inspect(
    document: DocumentArgument,
    part: Annotated[str, typer.Argument(help="Part number.")],
    quantity: Annotated[int, typer.Argument(help="Units of the lot: all that wait.")],
    *,
    told: Told,
    supplier: Annotated[
        str, typer.Option("--supplier", help="Who sold it; default: who sent what came by the document.")
    ] = "",
    aql: Annotated[
        str, typer.Option("--aql", help="Acceptable quality limit, a hundred units; default: as laid down.")
    ] = "",
    looked_at: Annotated[
        int | None, typer.Option("--looked-at", help="Units looked at; default: those that were read.")
    ] = None,
    supplier_place: SupplierPlaceOption = "",
    shelf: ShelfOption,
    quarantine: QuarantineOption = "",
    adjustment: AdjustmentOption = "",
    level: Annotated[
        str, typer.Option("--level", help="With --aql: inspection level I, II, III, S1 to S4; default: II.")
    ] = "",
    readings: Annotated[
        Path | None,
        typer.Option("--readings", help="CSV file of unit,check,value for a part that has checks."),
    ] = None,
    bad: Annotated[
        list[str] | None,
        typer.Option("--bad", help="A unit that failed: serial or number in the sample; may be repeated."),
    ] = None,
    lot: LotOption = "",
    serial: Annotated[
        list[str] | None, typer.Option("--serial", help="A unit of the lot; may be repeated.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="It failed before and is presented again.")] = False,
    unsteady: Annotated[
        bool, typer.Option("--unsteady", help="Something speaks against reduced inspection.")
    ] = False,
    put_right: Annotated[
        bool, typer.Option("--put-right", help="Discontinued before; the supplier has shown what it changed.")
    ] = False,
) -> None:
    """Judge a lot in quarantine by its sample; exit code 1 when it is not accepted."""
    from storage.stock.inspecting import inspect as judge
    from storage.stock.ways import Ways, usual

    spoken = told.spoken
    if level and not aql:
        raise Refusal("supply.level_without_limit", level=level[:20])
    rule = InspectionRule(part, read_limit(aql), read_level(level or "II")) if aql else None
    read = () if readings is None else readings_in(readings)
    goods = Arrival(part, quantity, lot=lot, serials=tuple(serial or ()))
    ways = Ways(supplier_place, shelf, quarantine, adjustment)
    reply = told.done(
        lambda work: judge(
            work,
            document,
            goods,
            usual(work, ways),
            supplier=supplier,
            rule=rule,
            looked_at=looked_at,
            bad=tuple(bad or ()),
            readings=read,
            original=not again,
            steady=not unsteady,
            put_right=put_right,
        ),
    )
    numbers = {name: reply[name] for name in ("size", "bad", "accept", "reject", "shelf", "held")}
    code = "supply.lot_accepted" if reply["accepted"] else "supply.lot_not_accepted"
    say_line(label(code, spoken, part=part, **numbers))
    following = label(f"supply.inspection_{reply['next']}", spoken)
    say_line(label("supply.next_lot", spoken, supplier=reply["supplier"], part=part, inspection=following))
    say_line(label("supply.inspection_kept", spoken, inspection=reply["inspection"]))
    if not reply["accepted"]:
        raise typer.Exit(1)


@stock_app.command()
@spelled_out
def dispose(
    document: DocumentArgument,
    part: Annotated[str, typer.Argument(help="Part number.")],
    quantity: Annotated[int, typer.Argument(help="Units.")],
    way: Annotated[Disposition, typer.Argument(help="What becomes of them.")],
    *,
    told: Told,
    supplier_place: SupplierPlaceOption = "",
    shelf: ShelfOption = "",
    quarantine: QuarantineOption = "",
    adjustment: AdjustmentOption = "",
    scrap: Annotated[str, typer.Option("--scrap", help="Place of the ledger for scrap.")] = "",
    workshop: Annotated[str, typer.Option("--workshop", help="Place goods are reworked.")] = "",
    remedy: Annotated[SupplierRemedy | None, typer.Option("--remedy", help="What the supplier owes.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; a waiver has to say.")] = "",
    supplier: Annotated[
        str,
        typer.Option(
            "--supplier",
            help="Who sold them; default: who sent the delivery, else whose lot was inspected last.",
        ),
    ] = "",
    delivery: Annotated[
        str, typer.Option("--delivery", help="Order they came by; default: that of the lot inspected last.")
    ] = "",
    due: Annotated[
        str,
        typer.Option(
            "--due",
            help="When the remedy is due (ISO 8601 with offset); default: as agreed with the supplier.",
        ),
    ] = "",
    lot: LotOption = "",
    serial: Annotated[str, typer.Option("--serial", help="The one unit.")] = "",
) -> None:
    """Decide what goods held in quarantine become: return, rework, scrap or waiver."""
    from storage.stock.disposing import dispose as decide
    from storage.stock.ways import Ways, usual

    spoken = told.spoken
    goods = Line(part, quantity, "", "", lot=lot, serial=serial, reason=reason)
    ways = Ways(supplier_place, shelf, quarantine, adjustment, scrap, workshop)
    reply = told.done(
        lambda work: decide(
            work,
            document,
            goods,
            usual(work, ways, way=way),
            way=way,
            remedy=remedy,
            supplier=supplier,
            delivery=delivery,
            due_at=when(due or None),
        ),
    )
    say_moves(reply, spoken)
    say_line(label("supply.disposition_kept", spoken, disposition=reply["disposition"]))
    if reply["due_at"]:
        owed = label(f"supply.remedy_{reply['remedy']}", spoken)
        day = told.days()(reply["due_at"])
        say_line(
            label("supply.now_owes", spoken, supplier=reply["supplier"], part=part, owed=owed, due_on=day)
        )


def _arrival(text: str) -> Arrival:
    """Read one line of a delivery.

    Raises:
        Refusal: ``cli.not_a_line``.
    """
    part, mark, rest = text.partition("=")
    units, *more = rest.split(",")
    if not part or not mark:
        raise Refusal("cli.not_a_line", value=text[:80])
    lot, rejected, serials = "", 0, list[str]()
    for item in more:
        name, _, value = item.partition("=")
        if not value or name not in {"lot", "rejected", "serial"}:
            raise Refusal("cli.not_a_line", value=text[:80])
        if name == "lot":
            lot = value
        elif name == "rejected":
            rejected = _whole(value, text)
        else:
            serials.append(value)
    return Arrival(part, _whole(units, text), rejected, lot, tuple(serials))


def _whole(value: str, text: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 12):
        raise Refusal("cli.not_a_line", value=text[:80])
    return int(value)
