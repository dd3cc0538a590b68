"""`fieldwright stock check-in`: a loaner unit comes back, is inspected, and can be lent again or goes to quarantine."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.asked import Told, spelled_out
from api.cli.stock import say_line, stock_app
from api.text import label
from inventory.stock.loan import CheckStep


@stock_app.command("check-in")
@spelled_out
def check_in(
    unit: Annotated[str, typer.Argument(help="Serial of the loaner unit.")],
    step: Annotated[CheckStep, typer.Argument(help="What happened.")],
    *,
    told: Told,
    by: Annotated[str, typer.Option("--by", help="Who says so.")],
    reason: Annotated[str, typer.Option("--reason", help="What is damaged; needed with failed.")] = "",
) -> None:
    """Check a loaner unit in: back, inspecting, then passed (it can be lent again) or failed (quarantine)."""
    from storage.desk import checking_in

    spoken = told.spoken
    at = told.head()
    reply = told.done(
        lambda work: checking_in.check_in(work, unit, step, at=at, by=by, reason=reason),
        now=at,
    )
    say_line(
        label(
            "loaner.checked_in",
            spoken,
            unit=reply["unit"],
            loan=reply["loan"],
            state=label(f"loaner.state_{reply['state']}", spoken),
        )
    )
