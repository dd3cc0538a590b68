"""`fieldwright order`: from proposals to purchase orders in a database, step by step."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.app import app
from api.cli.asked import Told, spelled_out, when
from api.cli.stock import say_line
from api.text import label
from inventory.supply.ordering import Order, OrderStep, orders_from, waiting
from kernel.money import amount

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

order_app = typer.Typer(name="order", help="Purchase orders.", no_args_is_help=True)
app.add_typer(order_app)

ApprovalAboveOption = Annotated[
    str,
    typer.Option(
        "--approval-above",
        help="What an order may cost without somebody else's approval; default: as agreed for its supplier.",
    ),
]


@order_app.command()
@spelled_out
def propose(
    prefix: Annotated[str, typer.Argument(help="Orders are called PREFIX-1, PREFIX-2, and so on.")],
    *,
    told: Told,
    approval_above: ApprovalAboveOption = "",
    budget: Annotated[float | None, typer.Option("--budget", min=0, help="Money to spend at most.")] = None,
) -> None:
    """Review the stock and write the orders its purchases ask for, without what waits to be sent; nothing is sent yet."""
    from dispatch.expected_needs import expected_needs
    from inventory.review import review
    from storage.rows.region import load_region
    from storage.stock.lots import currency_of
    from storage.stock.ordering import write_orders

    spoken = told.spoken
    limit = amount(approval_above) if approval_above else None

    def command(work: UnitOfWork) -> dict[str, Any]:
        def make() -> tuple[Order, ...]:
            whole = load_region(work.connection, work.region)
            homes = {engineer.van: engineer.depot for engineer in whole.field.engineers if engineer.van}
            found = review(
                whole.stock,
                expected_needs(whole, now=work.now),
                work.now,
                homes=homes,
                zone_name=whole.settings.zone,
                budget=None if budget is None else Decimal(str(budget)),
            )
            # What waits to be sent is on no order yet: without this the next look would buy it again.
            known = waiting(whole.stock.order_drafts, whole.stock.order_steps)
            new = (row for row in found if (row.part, row.place) not in known)
            return orders_from(
                new,
                whole.stock.terms,
                whole.stock.price_breaks,
                prefix=prefix,
                now=work.now,
                by=work.actor,
            )

        return write_orders(work, make, asked={"prefix": prefix, "budget": budget}, approval_above=limit)

    reply = told.done(command)
    with told.reading() as (connection, which):
        currency = currency_of(connection, which)
    for row in reply["orders"]:
        state = label(f"supply.state_{row['state']}", spoken)
        say_line(label("supply.order_written", spoken, **(row | {"state": state, "currency": currency})))
    if not reply["orders"]:
        say_line(label("supply.nothing_to_order", spoken))


@order_app.command()
@spelled_out
def step(
    order: Annotated[str, typer.Argument(help="Order.")],
    what: Annotated[OrderStep, typer.Argument(help="What is done.")],
    *,
    told: Told,
    approval_above: ApprovalAboveOption = "",
    promised: Annotated[str, typer.Option("--promised", help="Date confirmed (ISO 8601 with offset).")] = "",
    part: Annotated[str, typer.Option("--part", help="The line confirmed; default: every line.")] = "",
) -> None:
    """Approve, send, confirm or cancel an order."""
    from storage.stock.ordering import take_step

    spoken = told.spoken
    limit = amount(approval_above) if approval_above else None
    date = when(promised or None)
    reply = told.done(
        lambda work: take_step(work, order, what, approval_above=limit, part=part, promised_at=date),
    )
    state = label(f"supply.state_{reply['state']}", spoken)
    say_line(label("supply.order_stands", spoken, order=order, state=state))
