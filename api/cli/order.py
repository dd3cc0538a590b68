"""`fieldwright order`: from proposals to purchase orders in a database, step by step."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.app import LangOption, app, language
from api.cli.dataset import RegionOption
from api.cli.stock import ByOption, DatabaseOption, KeyOption, NowOption, done, say_line
from api.text import label
from inventory.supply.ordering import Order, OrderState, OrderStep, orders_from, waiting
from kernel.clock import moment
from kernel.money import amount

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

order_app = typer.Typer(name="order", help="Purchase orders.", no_args_is_help=True)
app.add_typer(order_app)

LimitOption = Annotated[
    str,
    typer.Option("--approval-above", help="What an order may cost without somebody else's approval."),
]


@order_app.command()
def propose(
    prefix: Annotated[str, typer.Argument(help="Orders are called PREFIX-1, PREFIX-2, and so on.")],
    *,
    database: DatabaseOption,
    approval_above: LimitOption,
    budget: Annotated[float | None, typer.Option("--budget", min=0, help="Money to spend at most.")] = None,
    region: RegionOption = "",
    by: ByOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
) -> None:
    """Review the stock and write the orders its purchases ask for, without what waits to be sent; nothing is sent yet."""
    from dispatch.expected_needs import expected_needs
    from inventory.review import review
    from storage.rows.region import load_region
    from storage.stock.ordering import write_orders

    spoken = language(lang)
    limit = amount(approval_above)

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
            return orders_from(new, whole.stock.terms, prefix=prefix, now=work.now, by=work.actor)

        return write_orders(work, make, asked={"prefix": prefix, "budget": budget})

    reply = done(command, database, region, key=key, now=now, by=by)
    for row in reply["orders"]:
        waits = Decimal(row["cost"]) > limit
        state = OrderState.AWAITING_APPROVAL if waits else OrderState.TO_SEND
        say_line(label("supply.order_written", spoken, **row, state=label(f"supply.state_{state}", spoken)))
    if not reply["orders"]:
        say_line(label("supply.nothing_to_order", spoken))


@order_app.command()
def step(
    order: Annotated[str, typer.Argument(help="Order.")],
    what: Annotated[OrderStep, typer.Argument(help="What is done.")],
    *,
    database: DatabaseOption,
    approval_above: LimitOption,
    promised: Annotated[str, typer.Option("--promised", help="Date confirmed (ISO 8601 with offset).")] = "",
    part: Annotated[str, typer.Option("--part", help="The line confirmed; default: every line.")] = "",
    region: RegionOption = "",
    by: ByOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
) -> None:
    """Approve, send, confirm or cancel an order."""
    from storage.stock.ordering import take_step

    spoken = language(lang)
    limit, date = amount(approval_above), moment(promised) if promised else None
    reply = done(
        lambda work: take_step(work, order, what, approval_above=limit, part=part, promised_at=date),
        database,
        region,
        key=key,
        now=now,
        by=by,
    )
    state = label(f"supply.state_{reply['state']}", spoken)
    say_line(label("supply.order_stands", spoken, order=order, state=state))
