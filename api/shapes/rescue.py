"""The ways out of a promise in danger, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from api.usecases.rescuing import Rescued
from kernel.errors import Message
from kernel.money import from_cents


def rescue_json(rescued: Rescued) -> dict[str, Any]:
    """The ways as JSON: moments in ISO 8601, money as decimals in the region's currency."""
    rescue, board = rescued.rescue, rescued.board

    def at(tick: int | None) -> str | None:
        return None if tick is None else board.moment(tick).isoformat()

    def told(message: Message) -> dict[str, Any]:
        return {"code": message.code, "values": dict(message.params)}

    rows = []
    for number, way in enumerate(rescue.ways, start=1):
        row: dict[str, Any] = {"number": number, "kind": way.kind.value, "way": told(way.name)}
        if way.closed is not None:
            rows.append({**row, "closed": told(way.closed)})
            continue
        row |= {
            "engineer": way.engineer,
            "starts_at": at(way.start_s),
            "finishes_at": at(way.finish_s),
            "promises": [
                {
                    "milestone": one.milestone.value,
                    "due_at": at(one.due_s),
                    "met_at": at(one.meets_s),
                    "spare_s": one.spare_s,
                }
                for one in way.promises
            ],
            "money": str(from_cents(way.cents)),
            "terms": {name: str(from_cents(cents)) for name, cents in asdict(way.terms).items() if cents},
            "others": {what: list(visits) for what, visits in asdict(way.effect).items()},
            "safe_until": at(way.safe_until_s),
        }
        if way.loaner is not None:
            row["loaner"] = {
                "unit": way.loaner.unit,
                "cost": str(from_cents(way.loaner.cents)),
                "bill_without": str(from_cents(way.loaner.bill)),
                "bill_with": str(from_cents(way.loaner.still_owed)),
            }
        rows.append(row)
    currency = board.region.settings.currency
    return {"ticket": rescue.ticket, "visit": rescue.visit, "currency": currency, "ways": rows}
