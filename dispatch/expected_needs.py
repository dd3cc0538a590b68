"""What open visits will take from stock, before a plan says from where.

The published plan counts where it names a visit; every other visit is expected at its nearest depot at the
earliest moment it may start. Once there is a plan, `dispatch.parts.planned_needs` says it exactly.
"""

from __future__ import annotations

from datetime import datetime

from dispatch.desk.visit import Visit
from dispatch.heard import needed_parts
from dispatch.parts import PlannedNeed, Shelf, supplies
from dispatch.problem import kept_name
from dispatch.region import Region
from kernel.place import nearest


def expected_needs(region: Region, *, now: datetime) -> tuple[PlannedNeed, ...]:
    """Needs of the region's open visits, in the order of their part requirements.

    A visit published with an outside partner needs nothing of ours. A part kept for a visit is needed where it is kept; one that lies in the van of the engineer a visit is published for is needed there; otherwise at that
    engineer's depot, or the depot nearest to the site.

    Raises:
        Refusal: ``place.none_to_choose_from`` when parts are needed and no depot or warehouse has coordinates.
    """
    field = region.field
    offered = supplies(region.stock, now=now, zone_name=region.settings.zone)
    carried = {engineer: dict(stock) for engineer, stock in offered.vans.items()}
    shelves = {shelf.id: shelf for shelf in offered.shelves}
    kept = {shelf.id: dict(shelf.stock) for shelf in offered.shelves}
    kept |= {one.van: dict(offered.vans.get(one.id, {})) for one in field.engineers if one.van}
    engineers = {engineer.id: engineer for engineer in field.engineers}
    shifts = {shift.id: shift.engineer for shift in field.shifts}
    visits = {visit.id: visit for visit in field.visits}
    sites = {site.id: site for site in field.sites}
    published = {stop.visit: stop for stop in field.published}
    needs: list[PlannedNeed] = []
    for line in needed_parts(field):
        visit = visits.get(line.visit)
        stop = published.get(line.visit)
        if visit is None or (stop is not None and stop.partner):
            continue  # a partner brings his own
        engineer = engineers.get(shifts.get(stop.shift, "")) if stop is not None else None
        at = stop.starts_at if stop is not None else _earliest(region, visit, now)
        in_van = carried.get(engineer.id, {}) if engineer is not None else {}
        quantity = line.quantity
        for there, stock in kept.items():
            own = min(quantity, stock.pop(kept_name(line.part, visit.id), 0))
            if own:
                needs.append(PlannedNeed(line.part, there, at, own, visit.id))
                quantity -= own
        if not quantity:
            continue
        if engineer is not None and engineer.van and in_van.get(line.part, 0) >= quantity:
            in_van[line.part] -= quantity
            place = engineer.van
        elif engineer is not None and engineer.depot in shelves:
            place = engineer.depot
        else:
            choice: tuple[Shelf, ...] = offered.shelves
            place_at = sites[visit.site].at
            place = choice[nearest(place_at, [shelf.at for shelf in choice])].id
        needs.append(PlannedNeed(line.part, place, at, quantity, visit.id))
    return tuple(needs)


def _earliest(region: Region, visit: Visit, now: datetime) -> datetime:
    starts = [row.window.start for row in region.field.appointments if row.visit == visit.id]
    return max(now, visit.earliest_at or now, min(starts, default=now))
