"""What a region to be invented looks like: how much of everything, where, at which moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.clock import moment, utc, zone
from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.money import currency

MOST_DEPOTS = 6
MOST_SEED = 2**63
FRIDAY_MORNING = moment("2026-03-06T10:40+08:00")
"""When an invented region is described, unless told otherwise."""

_BOUNDS = {
    "engineers": (1, 900),
    "visits": (1, 20_000),
    "remote": (0, 20_000),
    "parts": (9, 5_000),
    "loaners": (0, 900),
    "depots": (1, MOST_DEPOTS),
    "closed": (0, 100_000),
    "horizon_days": (1, 14),
    "history_months": (1, 60),
    "told_days": (0, 366),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Counts and settings of a region; `scenarios.world.region.region` invents the rest.

    Args:
        as_of: the moment the region is described at, aware.
        engineers: people with a van, spread over the depots by the weight of their towns.
        visits: open field tickets, one visit each.
        remote: open tickets solved at a distance, without a visit.
        parts: parts in the catalogue, at least one for each family of equipment.
        loaners: loaner units.
        depots: how many of the six depots are open, in order of size; sites lie only around them.
        closed: closed tickets in the history.
        history_months: whole months of history before `as_of`.
        told_days: days before `as_of` from which closed tickets are told step by step as well.

    Raises:
        Refusal: ``scenario.out_of_range`` naming the number and its bounds; ``clock.naive_time``,
            ``clock.unknown_zone``, ``money.not_a_currency``, ``id.malformed``.
    """

    id: str = "region"
    name: str = "Region"
    as_of: datetime = FRIDAY_MORNING
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    horizon_days: int = 3
    engineers: int = 36
    visits: int = 200
    remote: int = 60
    parts: int = 150
    loaners: int = 12
    depots: int = MOST_DEPOTS
    closed: int = 4000
    history_months: int = 24
    told_days: int = 0

    def __post_init__(self) -> None:
        checked_id(self.id)
        zone(self.zone)
        currency(self.currency)
        object.__setattr__(self, "as_of", utc(self.as_of))
        for name, (least, most) in _BOUNDS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise Refusal("scenario.out_of_range", name=name, value=value, least=least, most=most)


def depots_for(engineers: int, /) -> int:
    """How many depots a crew of this size is spread over: one for every four engineers, six at most.

    >>> depots_for(36), depots_for(5)
    (6, 1)
    """
    return max(1, min(MOST_DEPOTS, engineers // 4))
