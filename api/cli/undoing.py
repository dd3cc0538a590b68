"""`fieldwright stock undo`: a delivery, an inspection or a decision on held goods that was wrong, taken back whole."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.asked import Told, spelled_out
from api.cli.stock import say_line, say_moves, stock_app
from api.text import label
from inventory.supply.undone import Undoable


@stock_app.command()
@spelled_out
def undo(
    what: Annotated[Undoable, typer.Argument(help="What was wrong.")],
    named: Annotated[
        str,
        typer.Argument(
            help="Of a receipt its order or delivery note (the last delivery by it), else the id that was said."
        ),
    ],
    *,
    told: Told,
    reason: Annotated[str, typer.Option("--reason", help="Why it was wrong.")],
) -> None:
    """Take back a receipt, inspection, disposition or re-inspection whole, as if it had never been; the record keeps both."""
    from storage.stock.undoing import undo as take_back

    reply = told.done(lambda work: take_back(work, what, named, reason=reason))
    say_line(label(f"supply.undone_{what.value}", told.spoken, fact=reply["undone"]))
    say_moves(reply, told.spoken)
