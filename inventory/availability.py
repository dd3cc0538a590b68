"""The chance that a part is there within four hours, or a day, at every place that keeps it: what a promise rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from inventory.catalogue.place import PlaceKind
from inventory.provision import Provision
from inventory.replenish.assessment import Delivered, ReviewSettings
from inventory.replenish.lead_time_demand import Floats
from inventory.replenish.marks import Levels
from inventory.replenish.trace import Formula, Trace
from inventory.replenish.window import within_levels, within_two_echelon
from inventory.stock.position import PartPlace
from inventory.stockroom import Stockroom
from kernel.ids import natural_key

HOURS_A_DAY = 24.0


@dataclass(frozen=True, slots=True)
class Availability:
    """One part at one place that keeps it by a stock policy.

    Args:
        part: the part.
        place: the place.
        criticality: of the part, 1 to 3.
        per_month: units asked for there in a month.
        reorder_point: its mark.
        order_up_to: its mark.
        chances: that a unit is there within each window, in the order asked for.
        why: the calculation of each.
    """

    part: str
    place: str
    criticality: int
    per_month: float
    reorder_point: int
    order_up_to: int
    chances: tuple[float, ...]
    why: tuple[Trace, ...]


def availability(
    stockroom: Stockroom,
    now: datetime,
    settings: ReviewSettings | None = None,
    *,
    hours: Sequence[float] = (4.0, 24.0),
    homes: Mapping[str, str] | None = None,
    delivered: Mapping[tuple[str, str], Delivered] | None = None,
    zone_name: str = "UTC",
) -> tuple[Availability, ...]:
    """Say how likely each part is there in time when its levels are kept, not what happens to lie there today.

    A depot or warehouse is refilled by its supplier (`within_levels`); a van by its home, which may itself be short
    (`within_two_echelon`, the home's position averaged over its marks). What the windows leave out is the way from the
    place to the customer.

    Args:
        stockroom: everything known.
        now: the moment, aware.
        settings: what is taken as given; None: as `ReviewSettings` stands.
        hours: the windows.
        homes: depot by van place; see `review.review`.
        delivered: by supplier and part id, what has been shown; see `assessment.supplies`.
        zone_name: whose calendar says which day it is.

    Returns:
        Most critical first, then least likely in the first window.

    Raises:
        Refusal: ``replenish.window_negative``, ``stock.level_too_high``.
    """
    provision = Provision(
        stockroom, now, settings or ReviewSettings(), homes=homes, delivered=delivered, zone_name=zone_name
    )
    keys = sorted(provision.levels, key=lambda key: (natural_key(key[0]), natural_key(key[1])))
    shelves = [key for key in keys if provision.places[key[1]].kind is not PlaceKind.VAN]
    vans = [key for key in keys if provision.places[key[1]].kind is PlaceKind.VAN]
    found = [*_at_shelves(provision, shelves, hours), *_in_vans(provision, vans, hours)]
    return tuple(sorted(found, key=lambda row: (row.criticality, row.chances[:1])))


def _at_shelves(provision: Provision, keys: list[PartPlace], hours: Sequence[float]) -> list[Availability]:
    rates = [provision.rate(key) for key in keys]
    leads = [provision.usual(key)[0] for key in keys]
    levels = [provision.levels[key] for key in keys]
    windows = [within_levels(rates, leads, levels, window_days=each / HOURS_A_DAY) for each in hours]
    found = []
    for row, key in enumerate(keys):
        lead, marks = leads[row], levels[row]
        traces = tuple(
            Trace(
                Formula.WINDOW_LEVELS,
                {
                    "per_day": rates[row].per_day,
                    "days": lead.days + lead.review_days,
                    "reorder_point": marks.reorder_point,
                    "order_up_to": marks.order_up_to,
                    "hours": float(each),
                },
                {"chance": float(window[row])},
                {"at_once": marks.fill_rate},
            )
            for each, window in zip(hours, windows, strict=True)
        )
        found.append(_row(provision, key, tuple(float(window[row]) for window in windows), traces))
    return found


def _in_vans(provision: Provision, keys: list[PartPlace], hours: Sequence[float]) -> list[Availability]:
    served: dict[PartPlace, list[PartPlace]] = {}
    found = []
    for key in keys:
        home = provision.home(provision.places[key[1]])
        served.setdefault((key[0], "" if home is None else home.id), []).append(key)
    for (part, home_id), vans in served.items():
        chances = {each: _of_home(provision, part, home_id, vans, each / HOURS_A_DAY) for each in hours}
        at_once = _of_home(provision, part, home_id, vans, 0.0)
        home_levels = _levels(provision, (part, home_id))
        for column, key in enumerate(vans):
            traces = tuple(
                Trace(
                    Formula.WINDOW_VAN,
                    {
                        "per_day": provision.rate(key).per_day,
                        "stock": provision.levels[key].order_up_to,
                        "home": home_id,
                        "home_point": home_levels.reorder_point,
                        "home_up_to": home_levels.order_up_to,
                        "hours": float(each),
                    },
                    {"chance": float(chances[each][column])},
                    {"at_once": float(at_once[column])},
                )
                for each in hours
            )
            row = tuple(float(chances[each][column]) for each in hours)
            found.append(_row(provision, key, row, traces))
    return found


def _of_home(provision: Provision, part: str, home: str, vans: list[PartPlace], window: float) -> Floats:
    """Chances of the vans of one home, averaged over the home's position; its own customers are one more base."""
    key = (part, home)
    levels = _levels(provision, key)
    positions = np.arange(levels.reorder_point + 1, max(levels.reorder_point + 2, levels.order_up_to + 1))
    lead = provision.usual(key)[0] if home else None
    demand = [provision.rate(van).per_day for van in vans] + [provision.rate(key).per_day]
    ways = [provision.usual(van)[0] for van in vans]
    chance = within_two_echelon(
        np.tile(demand, (len(positions), 1)),
        depot_lead=0.0 if lead is None else lead.days + lead.review_days,
        base_lead=[[way.days + way.review_days for way in ways] + [0.0]],
        depot_stock=positions,
        base_stock=[[provision.levels[van].order_up_to for van in vans] + [0]],
        window=window,
    )
    return np.asarray(chance.mean(axis=0)[:-1], dtype=np.float64)


def _levels(provision: Provision, key: PartPlace) -> Levels:
    """A home's marks; nothing is kept where no policy says so."""
    return provision.levels.get(key, Levels(-1, 0, 0.0, 0.0, by_hand=False))


def _row(
    provision: Provision, key: PartPlace, chances: tuple[float, ...], traces: tuple[Trace, ...]
) -> Availability:
    marks = provision.levels[key]
    return Availability(
        part=key[0],
        place=key[1],
        criticality=provision.parts[key[0]].criticality,
        per_month=provision.rate(key).per_month,
        reorder_point=marks.reorder_point,
        order_up_to=marks.order_up_to,
        chances=chances,
        why=traces,
    )
