"""`fieldwright stock count`: bring the ledger to what was counted, once two people agree where it matters."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.asked import Told, spelled_out
from api.cli.stock import PartArgument, say_line, say_moves, stock_app
from api.text import label
from inventory.catalogue.place import PlaceKind
from inventory.stock.counting import CountedCell
from inventory.stock.move import Condition
from kernel.clock import moment
from kernel.errors import Refusal
from kernel.money import amount


@stock_app.command()
@spelled_out
def count(
    document: Annotated[str, typer.Argument(help="The count it belongs to.")],
    part: PartArgument,
    place: Annotated[str, typer.Argument(help="Where it was counted.")],
    units: Annotated[int, typer.Argument(help="Units found, zero included.")],
    *,
    told: Told,
    by: Annotated[str, typer.Option("--by", help="Who counted.")],
    at: Annotated[str, typer.Option("--at", help="Moment of counting (ISO 8601 with offset).")],
    adjustment: Annotated[
        str,
        typer.Option("--adjustment", help="Adjustment place of the ledger; default: the region's only one."),
    ] = "",
    condition: Annotated[Condition, typer.Option("--condition", help="As found.")] = Condition.USABLE,
    lot: Annotated[str, typer.Option("--lot", help="The lot counted; empty: of no lot.")] = "",
    serial: Annotated[
        list[str] | None, typer.Option("--serial", help="A unit found; all of them, where units are known.")
    ] = None,
    again: Annotated[int | None, typer.Option("--again", help="Units found by a second person.")] = None,
    again_by: Annotated[str, typer.Option("--again-by", help="Who counted the second time.")] = "",
    again_at: Annotated[str, typer.Option("--again-at", help="Moment of the second count.")] = "",
    again_serial: Annotated[
        list[str] | None, typer.Option("--again-serial", help="A unit found the second time.")
    ] = None,
    recount_above: Annotated[
        str, typer.Option("--recount-above", help="Value of a difference from which two have to count.")
    ] = "200",
    approval_above: Annotated[
        str, typer.Option("--approval-above", help="Value from which somebody who did not count approves.")
    ] = "1000",
    approved_by: Annotated[str, typer.Option("--approved-by", help="Who approved.")] = "",
) -> None:
    """Post the difference between what was counted and what the ledger had at that moment."""
    from storage.stock import commands
    from storage.stock.only_place import only_place

    spoken = told.spoken
    first = CountedCell(part, place, condition, units, moment(at), by, lot, _named(units, serial))
    second: list[CountedCell] = []
    if again is not None:
        found = _named(again, again_serial)
        if not again_by or not again_at:
            raise Refusal("count.half_a_recount")
        second = [CountedCell(part, place, condition, again, moment(again_at), again_by, lot, found)]
    elif again_by or again_at or again_serial:
        raise Refusal("count.half_a_recount")
    limits = amount(recount_above), amount(approval_above)
    reply = told.done(
        lambda work: commands.count(
            work,
            document,
            [first],
            adjustment=only_place(work, PlaceKind.ADJUSTMENT, adjustment),
            again=second,
            recount_above=limits[0],
            approval_above=limits[1],
            approved_by=approved_by,
        ),
    )
    if reply["moves"]:
        say_moves(reply, spoken)
    else:
        say_line(label("count.agreed", spoken, part=part, place=place))


def _named(units: int, serials: list[str] | None) -> tuple[str, ...] | None:
    """The units named; of nothing found there is none to name, which says so of a part known unit by unit and of any other."""
    return tuple(serials or ()) if serials or not units else None
