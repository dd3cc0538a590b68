"""`fieldwright order`: from proposals to purchase orders in a database, step by step."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from api.cli.app import app
from api.cli.asked import AsDelivered, Told, spelled_out, when
from api.cli.stock import say_line
from api.text import label
from inventory.supply.ordering import OrderStep
from kernel.money import amount

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
    as_delivered: AsDelivered = False,
) -> None:
    """Review the stock and write the orders its purchases ask for, without what waits to be sent; nothing is sent yet."""
    from api.usecases import orders
    from storage.regional import currency_of

    spoken = told.spoken
    limit = amount(approval_above) if approval_above else None
    money = None if budget is None else Decimal(str(budget))
    reply = told.done(
        lambda work: orders.propose(
            work, prefix, budget=money, as_delivered=as_delivered, approval_above=limit
        )
    )
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
    reason: Annotated[str, typer.Option("--reason", help="Why nothing more comes; for closing.")] = "",
) -> None:
    """Approve, send, confirm, cancel or close an order; closed, what has not come is no longer expected."""
    from storage.stock.ordering import take_step

    spoken = told.spoken
    limit = amount(approval_above) if approval_above else None
    date = when(promised or None)
    reply = told.done(
        lambda work: take_step(
            work, order, what, approval_above=limit, part=part, promised_at=date, reason=reason
        ),
    )
    state = label(f"supply.state_{reply['state']}", spoken)
    say_line(label("supply.order_stands", spoken, order=order, state=state))
