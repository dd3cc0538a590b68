"""`fieldwright stock send`, `arrive`: goods from one place of ours to another, counted at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from api.cli.asked import Told, spelled_out
from api.cli.scanned import ScanOption, scans_instead
from api.cli.stock import CustomerOption, FromOption, ToOption, say_line, say_moves, stock_app
from api.text import label
from inventory.catalogue.place import PlaceKind
from inventory.stock.label import units_scanned
from inventory.stock.move import Condition
from inventory.stock.transfer import Courier, Goods
from kernel.errors import Refusal

DocumentArgument = Annotated[str, typer.Argument(help="The transfer, like TR-1.")]
GoodsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="PART=UNITS, or PART=UNITS,lot=L,serial=S,condition=damaged; one each kind of goods."
    ),
]
TransitOption = Annotated[
    str, typer.Option("--transit", help="Place of the ledger for the road; default: the region's only one.")
]


@stock_app.command()
@spelled_out
def send(
    document: DocumentArgument,
    goods: GoodsArgument = None,
    *,
    told: Told,
    scan: ScanOption = None,
    from_place: FromOption,
    to_place: ToOption,
    transit: TransitOption = "",
    customer: CustomerOption = "",
    carrier: Annotated[str, typer.Option(help="The courier it is handed to; default: our own people.")] = "",
    tracking: Annotated[str, typer.Option(help="The courier's number to follow it by.")] = "",
) -> None:
    """Send goods to another place of ours: they leave at once and are on the road until they are counted there."""
    from storage.stock import commands
    from storage.stock.only_place import only_place
    from storage.stock.scanning import goods_scanned

    spoken, (scans, told) = told.spoken, scans_instead(scan, goods, told, door="send", document=document)
    what = _goods(goods or ())
    courier = Courier(carrier, tracking) if carrier or tracking else None
    reply = told.done(
        lambda work: commands.send(
            work,
            document,
            goods_scanned(work, scans) if scans else what,
            from_place=from_place,
            to_place=to_place,
            transit=only_place(work, PlaceKind.IN_TRANSIT, transit),
            customer=customer,
            courier=courier,
        ),
    )
    units = sum(what.values()) or sum(units_scanned(scans).values())
    say_line(label("goods.on_the_road", spoken, document=document, units=units, place=to_place))
    say_moves(reply, spoken)


@stock_app.command()
@spelled_out
def arrive(
    document: DocumentArgument,
    goods: GoodsArgument = None,
    *,
    told: Told,
    scan: ScanOption = None,
    place: Annotated[str, typer.Option("--at", help="Place where they were counted.")],
    transit: TransitOption = "",
    adjustment: Annotated[
        str,
        typer.Option(
            "--adjustment", help="Adjustment place for a difference; default: the region's only one."
        ),
    ] = "",
    more_follows: Annotated[
        bool, typer.Option("--more-follows", help="The rest is still on the road: no difference yet.")
    ] = False,
) -> None:
    """Take a transfer in as counted at the door; what differs is said and becomes an adjustment."""
    from storage.stock import commands
    from storage.stock.only_place import only_place
    from storage.stock.scanning import goods_scanned

    spoken, (scans, told) = told.spoken, scans_instead(scan, goods, told, door="arrive", document=document)
    what = _goods(goods or ())
    reply = told.done(
        lambda work: commands.receive_transfer(
            work,
            document,
            goods_scanned(work, scans) if scans else what,
            to_place=place,
            transit=only_place(work, PlaceKind.IN_TRANSIT, transit),
            adjustment=only_place(work, PlaceKind.ADJUSTMENT, adjustment),
            more_follows=more_follows,
        ),
    )
    for one in reply["differences"]:
        code = "goods.came_short" if one["units"] < 0 else "goods.came_over"
        say_line(label(code, spoken, part=one["part"], units=abs(one["units"]), document=document))
    if not reply["differences"]:
        say_line(label("goods.all_there", spoken, document=document, place=place))
    say_moves(reply, spoken)


def _goods(lines: Sequence[str]) -> dict[Goods, int]:
    """Read kinds of goods with their numbers; one named twice is added up.

    Raises:
        Refusal: ``cli.not_goods``.
    """
    found: dict[Goods, int] = {}
    for text in lines:
        (part, mark, rest), words = text.partition("="), {"lot": "", "serial": "", "condition": "usable"}
        units, *more = rest.split(",")
        for item in more:
            name, _, value = item.partition("=")
            if not value or name not in words:
                raise Refusal("cli.not_goods", value=text[:80])
            words[name] = value
        whole = units.isascii() and units.isdigit() and len(units) <= 12
        if not part or not mark or not whole or words["condition"] not in set(Condition):
            raise Refusal("cli.not_goods", value=text[:80])
        what = Goods(part, Condition(words["condition"]), words["lot"], words["serial"])
        found[what] = found.get(what, 0) + int(units)
    return found
