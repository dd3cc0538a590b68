"""`fieldwright stock`: lots, units and promises in a database, one command of the storekeeper each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.app import app, stdout
from api.cli.asked import InDatabase, NowOption, Told, spelled_out, when
from api.text import Lang, label
from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line
from inventory.stock.lot import Lot
from inventory.stock.move import Condition
from kernel.clock import SystemClock, zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

stock_app = typer.Typer(name="stock", help="Lots, units and promises.", no_args_is_help=True)
app.add_typer(stock_app)

PartArgument = Annotated[str, typer.Argument(help="Part number.")]
QuantityArgument = Annotated[int, typer.Argument(help="Units.")]
FromOption = Annotated[str, typer.Option("--from", help="Place the units are taken from.")]
ToOption = Annotated[str, typer.Option("--to", help="Place the units go to.")]
DocumentOption = Annotated[str, typer.Option("--document", help="Paper or record it stands on.")]
ReservationOption = Annotated[
    str, typer.Option("--reservation", help="Reservation the units were kept under.")
]
CustomerOption = Annotated[
    str, typer.Option("--customer", help="Whom they are for; forward stock asks for it.")
]


@stock_app.command("describe-lot")
@spelled_out
def describe_lot(
    part: PartArgument,
    lot: Annotated[str, typer.Argument(help="Number of the lot.")],
    *,
    told: Told,
    supplier: Annotated[str, typer.Option("--supplier", help="Who sold it.")] = "",
    document: DocumentOption = "",
    original: Annotated[
        bool | None,
        typer.Option("--original/--not-original", help="Whether the maker's own; unsaid: not known."),
    ] = None,
    expires_on: Annotated[str, typer.Option("--expires-on", help="Last day of use, like 2027-03-31.")] = "",
) -> None:
    """Write down a lot before its goods move."""
    from storage.stock.lots import describe

    made = Lot(lot, part, supplier, document, original=original, expires_on=day(expires_on))
    reply = told.done(lambda work: describe(work, made))
    say_line(label("goods.described", told.spoken, lot=reply["lot"], part=reply["part"]))


@stock_app.command()
@spelled_out
def pick(
    part: PartArgument,
    quantity: QuantityArgument,
    *,
    told: Told,
    from_place: FromOption,
    to_place: ToOption,
    document: DocumentOption = "",
    reservation: ReservationOption = "",
    customer: CustomerOption = "",
    originals: Annotated[bool, typer.Option("--originals", help="Original parts only.")] = False,
    look: Annotated[bool, typer.Option("--look", help="Only say which lots; take nothing.")] = False,
) -> None:
    """Hand out units from the lots that run out first."""
    from storage.stock import units
    from storage.stock.asking import lots_to_take

    spoken = told.spoken
    if look:
        with told.reading() as (connection, which):
            found = lots_to_take(
                connection,
                which,
                part,
                from_place,
                quantity,
                now=when(told.now) or SystemClock().now(),
                reservation=reservation,
                originals_only=originals,
            )
        _say_lots([[one.lot, one.quantity] for one in found], spoken)
        return
    line = Line(part, quantity, from_place, to_place)
    reply = told.done(
        lambda work: units.pick(
            work, document, line, reservation=reservation, customer=customer, originals_only=originals
        )
    )
    _say_lots(reply["lots"], spoken)
    say_moves(reply, spoken)


@stock_app.command()
@spelled_out
def exchange(
    good: Annotated[str, typer.Argument(help="Part that goes in.")],
    bad: Annotated[str, typer.Argument(help="Part that comes out.")],
    *,
    told: Told,
    from_place: FromOption,
    to_place: Annotated[str, typer.Option("--to", help="Place of the ledger that stands for customers.")],
    returns: Annotated[str, typer.Option("--returns", help="Place the defective unit is brought to.")],
    good_serial: Annotated[str, typer.Option("--good-serial", help="Its serial.")] = "",
    good_lot: Annotated[str, typer.Option("--good-lot", help="Its lot.")] = "",
    bad_serial: Annotated[str, typer.Option("--bad-serial", help="Its serial.")] = "",
    bad_lot: Annotated[str, typer.Option("--bad-lot", help="Its lot.")] = "",
    document: DocumentOption = "",
    reservation: ReservationOption = "",
    customer: CustomerOption = "",
) -> None:
    """Good for bad: install a good unit and take the defective one back, together or not at all."""
    from storage.stock import units

    reply = told.done(
        lambda work: units.exchange(
            work,
            document,
            good=units.Named(good, good_serial, good_lot),
            bad=units.Named(bad, bad_serial, bad_lot),
            shelf=from_place,
            customer_place=to_place,
            returns=returns,
            reservation=reservation,
            customer=customer,
        )
    )
    say_moves(reply, told.spoken)


@stock_app.command()
@spelled_out
def condition(
    part: PartArgument,
    quantity: QuantityArgument,
    *,
    told: Told,
    at_place: Annotated[str, typer.Option("--at", help="Place the units lie at.")],
    was: Annotated[Condition, typer.Option("--was", help="Condition they were thought to be in.")],
    found: Annotated[Condition, typer.Option("--is", help="Condition they are in.")],
    adjustment: Annotated[
        str,
        typer.Option(
            "--adjustment", help="Adjustment place they go through; default: the region's only one."
        ),
    ] = "",
    put: Annotated[str, typer.Option("--put", help="Place they are put; default: where they were.")] = "",
    lot: Annotated[str, typer.Option("--lot", help="Their lot.")] = "",
    serial: Annotated[str, typer.Option("--serial", help="The one unit.")] = "",
    document: DocumentOption = "",
) -> None:
    """Say that goods are in another condition than was thought."""
    from storage.stock import units
    from storage.stock.only_place import only_place

    def command(work: UnitOfWork) -> dict[str, Any]:
        through = only_place(work, PlaceKind.ADJUSTMENT, adjustment)
        line = Line(part, quantity, at_place, through, was, lot=lot, serial=serial)
        return units.change_condition(work, document, line, found, adjustment=through, to_place=put)

    reply = told.done(command)
    say_moves(reply, told.spoken)


@stock_app.command()
@spelled_out
def promise(
    part: PartArgument,
    place: Annotated[str, typer.Argument(help="Place.")],
    *,
    there: InDatabase,
    now: NowOption = None,
) -> None:
    """Show how many units can be promised from which moment on, in the region's local time."""
    from storage.regional import zone_of
    from storage.stock.asking import promisable

    spoken, asked_at = there.spoken, when(now) or SystemClock().now()
    with there.reading() as (connection, which):
        steps = promisable(connection, which, part, place, now=asked_at)
        here = zone(zone_of(connection, which))
    say_line(label("goods.promise", spoken, part=part, place=place, zone=here.key))
    for step in steps:
        at = step.at.astimezone(here)
        say_line(label("goods.promise_from", spoken, at=f"{at:%Y-%m-%d %H:%M}", quantity=step.quantity))


def day(text: str) -> date | None:
    """A day as somebody typed it, None where nothing was; refuses ``cli.not_a_day``."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("cli.not_a_day", value=text[:40]) from None


def _say_lots(lots: list[list[Any]], lang: Lang) -> None:
    for lot, quantity in lots:
        code = "goods.of_lot" if lot else "goods.of_no_lot"
        say_line(label(code, lang, lot=lot, quantity=quantity))


def say_moves(reply: dict[str, Any], lang: Lang) -> None:
    """Print how many moves a command posted, and which."""
    say_line(label("goods.moved", lang, count=len(reply["moves"]), moves=", ".join(reply["moves"])))


def say_line(line: str) -> None:
    """Print one line as it is, however long."""
    stdout().print(line, soft_wrap=True, markup=False)
