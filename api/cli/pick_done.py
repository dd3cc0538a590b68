"""What becomes of a pick list: confirmed in a database, its shortages raised there, or written as events of a day's script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.stock import say_line, say_moves
from api.text import Lang, label
from kernel.errors import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from api.cli.asked import Told
    from dispatch.board import Board
    from inventory.stock.staging import Staging


def confirmed(told: Told, staged: Staging, board: Board, *, on: date) -> None:
    """Move what was picked into the vans and raise what is missing, in one command; say both.

    Raises:
        Refusal: those of `storage.desk.staging.stage`.
    """
    from api.usecases.staging import staged_by, to_move
    from storage.desk import staging

    found = to_move(staged, board)
    lang = told.spoken
    reply = told.done(lambda work: staging.stage(work, staged_by(on), lambda: found))
    say_moves(reply, lang)
    if waiting := sum(len(each.lines) for each in staged.lists) - len(found[0]):
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
