"""Who could take a visit, and what fits a gap, as JSON: moments in ISO 8601, money as decimals in the region's currency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dispatch.board import Board
from dispatch.candidates import Filler
from dispatch.cost import visit_stops
from dispatch.plan import Stop
from dispatch.problem import PlanningProblem, is_kept, plain_name
from dispatch.rescue.way import Way
from kernel.money import from_cents


def candidates_json(
    board: Board, problem: PlanningProblem, visit: str, ways: Iterable[Way]
) -> dict[str, Any]:
    """Each engineer with his price, which is not less what leaving the visit out would have cost."""
    left_out = problem.visits[problem.visit_index[visit]].left_out
    rows = []
    for way in ways:
        assert way.plan is not None  # only who can come is listed
        stop = next(stop for stop in visit_stops(way.plan) if stop.ref == visit)
        rows.append(
            {
                "engineer": way.engineer,
                "starts_at": board.moment(stop.start_s).isoformat(),
                "money": str(from_cents(way.cents + left_out)),
                "promises": {one.milestone.value: one.spare_s for one in way.promises},
                "parts": _parts(stop),
                "loaner": _loaner(board, stop),
                "others": {
                    "moved": list(way.effect.moved),
                    "late": list(way.effect.late),
                    "displaced": list(way.effect.displaced),
                },
            }
        )
    return {"visit": visit, "currency": board.region.settings.currency, "candidates": rows}


def fillers_json(board: Board, engineer: str, found: Iterable[Filler]) -> dict[str, Any]:
    """Each visit with what it saves, and who has it now; empty: nobody."""
    rows = [
        {
            "visit": one.visit,
            "shift": one.place.shift,
            "starts_at": board.moment(one.place.start_s).isoformat(),
            "saves": str(from_cents(one.saves)),
            "now": one.engineer,
        }
        for one in found
    ]
    return {"engineer": engineer, "currency": board.region.settings.currency, "fillers": rows}


def _parts(stop: Stop) -> list[dict[str, Any]]:
    return [
        {
            "needed": plain_name(line.needed),
            "part": plain_name(line.part),
            "quantity": line.quantity,
            "source": line.source.value,
            "from": line.from_id,
            "reserved": is_kept(line.part),
        }
        for line in stop.supply
    ]


def _loaner(board: Board, stop: Stop) -> dict[str, Any] | None:
    if stop.loaner is None:
        return None
    sent = stop.loaner
    stands_at = board.moment(sent.stands_s).isoformat()
    return {"unit": sent.unit, "by": sent.by.value, "from": sent.store, "stands_at": stands_at}
