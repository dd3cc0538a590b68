"""What becomes of a pick list: confirmed in a database, its shortages raised there, or written as events of a day's script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.stock import say_line, say_moves
from api.text import Lang, label
from kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from api.cli.asked import Told
    from dispatch.board import Board
    from inventory.stock.staging import Staging
    from inventory.stockroom import Stockroom
    from storage.desk.staging import Picked, Short
    from storage.idempotency import Reply
    from storage.unit_of_work import UnitOfWork


def confirmed(
    told: Told, staged: Callable[[Stockroom, datetime], Staging], board: Board, *, on: date
) -> None:
    """Move what was picked into the vans and raise what is missing, in one command; say both.

    Args:
        told: who says so.
        staged: the lists of the day for a stock and a moment: asked again once the command has its turn, so that what
            somebody else confirmed meanwhile is not moved twice.
        board: what the plan was made of.
        on: day of leaving.

    Raises:
        Refusal: those of `storage.desk.staging.stage`.
    """
    from api.usecases.staging import staged_by, to_move
    from storage.desk import staging
    from storage.rows.region import load_stockroom

    lang = told.spoken
    listed: list[Staging] = []

    def act(work: UnitOfWork) -> Reply:
        def found() -> tuple[list[Picked], list[Short]]:
            listed[:] = [staged(load_stockroom(work.connection, work.region), work.now)]
            return to_move(listed[0], board)

        return staging.stage(work, staged_by(on), found)

    reply = told.done(act)
    say_moves(reply, lang)
    fetched = [each for one in listed for each in one.lists]
    moved = to_move(listed[0], board)[0] if listed else []
    if waiting := sum(len(each.lines) for each in fetched) - len(moved):
        say_line(label("pick.fetched", lang, count=waiting))
    if reply["short"]:
        say_line(label("pick.raised", lang, count=len(reply["short"]), visits=", ".join(reply["short"])))


def write_events(staged: Staging, out: Path, lang: Lang, *, at: datetime) -> None:
    """Write the shortages as events for `fieldwright day`.

    Raises:
        Refusal: ``pick.file_there`` where something stands already; ``plan_file.cannot_write``.
    """
    from api.usecases.staging import visit_of

    blocks = [
        f'[[event]]\nat = "{at.isoformat()}"\nkind = "part_short"\n'
        f'visit = "{visit_of(row.demand_ref)}"\npart = "{row.part}"\nquantity = {row.quantity}\n'
        for row in staged.shortages
    ]
    if out.exists():
        raise Refusal("pick.file_there", file=str(out)[:200])
    try:
        out.write_text("\n".join(blocks), encoding="utf-8")
    except OSError as error:
        raise Refusal("plan_file.cannot_write", file=str(out)[:200], detail=str(error)[:200]) from None
    say_line(label("pick.written", lang, count=len(blocks), file=str(out)))
