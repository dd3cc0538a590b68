"""The stories of a region, told from the plan: what really happened, and whether it is still the story.

Nothing is known beforehand but what a story is about; every fact is read from the problem and the plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from api.report.faulty_stories import lot_failed, repeat_fault
from api.report.told import Told
from api.report.view import Report
from dispatch.eligibility import failures
from dispatch.plan import Known, LoanerBy, Source, Stop
from dispatch.problem import UNREACHABLE, Held, Offer, PlanningProblem, Visit, plain_name
from dispatch.region import Story
from dispatch.rescue import loaner_price, refused_parts
from inventory.stockroom import position
from kernel.errors import Message, Value


def stories(report: Report) -> tuple[Told, ...]:
    """Tell every story of the report's region, in their order; a kind nobody knows does not hold."""
    return tuple(_told(report, story) for story in report.board.region.settings.stories)


def _told(report: Report, story: Story) -> Told:
    teller = _TELLERS.get(story.kind)
    if teller is None:
        return Told(story, False, Message("story.unknown_kind", {"kind": story.kind}))
    return teller(report, story)


def _visit_of(report: Report, story: Story) -> Visit | None:
    index = report.problem.visit_index
    return next((report.problem.visits[index[name]] for name in story.ids if name in index), None)


def _not_open(story: Story) -> Told:
    return Told(story, False, Message("story.not_open", {"ids": ", ".join(story.ids)}))


def _not_so(story: Story, code: str, visit: str, /) -> Told:
    return Told(story, False, Message(code, {"visit": visit}), visit)


def _lateness(visit: Visit, start_s: int) -> int:
    """Cents owed for the visit's own deadlines when work starts at `start_s`."""
    late = visit.arrive.price(start_s) if visit.arrive else 0
    return late + (visit.repair.price(start_s + visit.service_s) if visit.repair else 0)


def _transfer_beats_purchase(report: Report, story: Story) -> Told:
    """Our own part, sent from another depot, is taken although a supplier sells it."""
    visit = _visit_of(report, story)
    if visit is None:
        return _not_open(story)
    problem, stop = report.problem, report.visit[visit.id].stop
    pair = _sent_and_sold(problem, visit, stop) if stop else None
    if stop is None or pair is None:
        return _not_so(story, "story.transfer_not_taken", visit.id)
    sent, sold = pair
    bought_s = max(stop.start_s, sold.arrives_s)
    all_sent = sent.cents + _lateness(visit, stop.start_s)
    all_sold = sold.cents + _lateness(visit, bought_s)
    nearest = _nearest_store(problem, visit)
    lacks = nearest is not None and dict(problem.stores[nearest].stock).get(sent.part, 0) == 0
    facts: dict[str, Value] = {
        "visit": visit.id,
        "part": report.part_names.get(problem.parts[sent.part], problem.parts[sent.part]),
        "nearest": _store_name(report, nearest),
        "from_store": _store_name(report, sent.from_store),
        "arrives": report.clock(sent.arrives_s),
        "price": report.money(sent.cents),
        "starts": report.clock(stop.start_s),
        "engineer": report.visit[visit.id].engineer,
        "sold_arrives": report.clock(sold.arrives_s),
        "sold_price": report.money(sold.cents),
        "sold_late": report.money(all_sold - sold.cents),
        "saved": report.money(all_sold - all_sent),
    }
    holds = lacks and all_sent < all_sold
    code = "story.transfer_beats_purchase" if holds else "story.transfer_without_gain"
    return Told(story, holds, Message(code, facts), visit.id)


def _sent_and_sold(problem: PlanningProblem, visit: Visit, stop: Stop) -> tuple[Offer, Offer] | None:
    """The offer taken from our own stock, and the cheapest purchase of the same line that was passed over."""
    for supply in stop.supply:
        if supply.source is not Source.OFFER:
            continue
        sent = problem.offers[problem.offer_index[supply.from_id]]
        line = next(line for line in visit.parts if problem.parts[line.part] == supply.needed)
        others = [problem.offers[at] for at in line.offers]
        sold = [offer for offer in others if offer.from_store < 0 and offer.quantity >= supply.quantity]
        if sent.from_store >= 0 and sold:
            return sent, min(
                sold, key=lambda o: (o.cents + _lateness(visit, max(stop.start_s, o.arrives_s)), o.id)
            )
    return None


def _nearest_store(problem: PlanningProblem, visit: Visit) -> int | None:
    ways = [(int(problem.travel_s[store.place, visit.place]), at) for at, store in enumerate(problem.stores)]
    return min(((far, at) for far, at in ways if far != UNREACHABLE), default=(0, None))[1]


def _store_name(report: Report, store: int | None) -> str:
    if store is None:
        return ""
    name = report.problem.stores[store].id
    return report.place_names.get(name, name)


def _loaner_for_overrun(report: Report, story: Story) -> Told:
    """A repair that passes its due time gets a loaner that stands by the time promised for it."""
    visit = _visit_of(report, story)
    if visit is None:
        return _not_open(story)
    stop = report.visit[visit.id].stop
    if stop is None or stop.loaner is None or visit.repair is None or stop.end_s <= visit.repair.due_s:
        return _not_so(story, "story.loaner_not_sent", visit.id)
    loaner = stop.loaner
    facts: dict[str, Value] = {
        "visit": visit.id,
        "due": report.clock(visit.repair.due_s),
        "finish": report.clock(stop.end_s),
        "late_s": stop.end_s - visit.repair.due_s,
        "unit": loaner.unit,
        "loaner_class": report.class_names.get(
            plain_name(loaner.loaner_class), plain_name(loaner.loaner_class)
        ),
        "store": report.place_names.get(loaner.store, loaner.store),
        "stands": report.clock(loaner.stands_s),
    }
    by = "courier" if loaner.by is LoanerBy.COURIER else "visit"
    in_time = visit.substitute is None or loaner.stands_s <= visit.substitute.due_s
    # A loaner that stands when the repair ends bridges nothing.
    holds = in_time and loaner.stands_s < stop.end_s
    code = f"story.loaner_by_{by}" if holds else "story.loaner_late"
    if visit.substitute is not None:
        facts["promised"] = report.clock(visit.substitute.due_s)
    else:
        facts["promised"] = report.clock(stop.end_s)
    return Told(story, holds, Message(code, facts), visit.id)


def _certificate_expired(report: Report, story: Story) -> Told:
    """Nobody can do it because one certificate ran out, and renewing it would be enough."""
    visit = _visit_of(report, story)
    if visit is None:
        return _not_open(story)
    problem, missing = report.problem, report.visit[visit.id].missing
    holders = [i for i, engineer in enumerate(problem.engineers) if engineer.id in story.ids]
    if missing is None or not holders:
        return _not_so(story, "story.certificate_not_missed", visit.id)
    holder = problem.engineers[holders[0]]
    lapsed = [held for held in holder.certificates if held.item in visit.certificates and held.until_s <= 0]
    nobody = all(failures(problem, visit, shift) for shift in problem.shifts)
    if missing.known is not Known.PROVED or not lapsed or not nobody:
        return _not_so(story, "story.certificate_not_missed", visit.id)
    code = "story.certificate_expired"
    renewed = _renewed(problem, holders[0], lapsed[0].item)
    own = [shift for shift in renewed.shifts if shift.engineer == holders[0]]
    holds = any(not failures(renewed, visit, shift) for shift in own)
    facts: dict[str, Value] = {
        "visit": visit.id,
        "certificate": problem.certificates[lapsed[0].item],
        "engineer": holder.id,
        # The last valid day ends at midnight, which is already the next day.
        "ran_out": f"{report.local(max(h.until_s for h in lapsed) - 1):%Y-%m-%d}",
        "engineers": len(report.board.region.field.engineers),
    }
    return Told(story, holds, Message(code if holds else "story.certificate_not_enough", facts), visit.id)


def _renewed(problem: PlanningProblem, engineer: int, item: int) -> PlanningProblem:
    person = problem.engineers[engineer]
    first = min((shift.start_s for shift in problem.shifts), default=0)
    last = max((shift.end_s for shift in problem.shifts), default=0)
    valid = replace(person, certificates=(*person.certificates, Held(item, first, last)))
    return replace(
        problem, engineers=(*problem.engineers[:engineer], valid, *problem.engineers[engineer + 1 :])
    )


def _below_reorder_point(report: Report, story: Story) -> Told:
    """A part at a place has fallen to its reorder point and is proposed for reorder."""
    part, place = _part_place(story)
    found = [p for p in report.proposals if p.place == place and _is_for(p.why, p.part, part)]
    region = report.board.region
    stock = position(region.stock, report.board.now, zone_name=region.settings.zone).get((part, place))
    due = next((step for p in found for step in p.why if step.code == "reorder.due"), None)
    facts: dict[str, Value] = {
        "part": report.part_names.get(part, part),
        "place": report.place_names.get(place, place),
        "available": stock.available if stock else 0,
    }
    if due is None:
        return Told(story, False, Message("story.not_below_reorder_point", facts))
    facts["reorder_point"] = due.params["reorder_point"]
    facts["quantity"] = sum(p.quantity for p in found)
    facts["arrives"] = _first_arrival(report, [p.arrives_at for p in found if p.arrives_at])
    facts["cost"] = f"{sum(p.cost for p in found):,.2f} {report.board.region.settings.currency}"
    return Told(story, True, Message("story.below_reorder_point", facts))


def _is_for(why: tuple[Message, ...], brought: str, part: str) -> bool:
    """Whether a proposal serves `part`: it brings it, or its successor because it is superseded."""
    return brought == part or any(
        step.code == "reorder.superseded" and step.params.get("part") == part for step in why
    )


def _part_place(story: Story) -> tuple[str, str]:
    part, _, place = story.ids[0].partition("@") if story.ids else ("", "", "")
    return part, place or (story.ids[1] if len(story.ids) > 1 else "")


def _first_arrival(report: Report, arrivals: list[datetime]) -> str:
    return f"{report.here(min(arrivals)):%Y-%m-%d}" if arrivals else "-"


def _loaner_against_bill(report: Report, story: Story) -> Told:
    """A loaner costs less than what another firm may charge us for the late repair."""
    visit = _visit_of(report, story)
    if visit is None:
        return _not_open(story)
    stop = report.visit[visit.id].stop
    price = loaner_price(report.problem, stop) if stop is not None else None
    if price is None:
        return _not_so(story, "story.loaner_not_sent", visit.id)
    facts: dict[str, Value] = {
        "visit": visit.id,
        "unit": price.unit,
        "cost": report.money(price.cents),
        "bill": report.money(price.bill),
        "left": report.money(price.still_owed),
        "saved": report.money(abs(price.saved)),
    }
    holds = price.saved > 0
    code = "story.loaner_against_bill" if holds else "story.loaner_dearer_than_bill"
    return Told(story, holds, Message(code, facts), visit.id)


def _original_only(report: Report, story: Story) -> Told:
    """A cheaper part that would do is not fitted, because the scheme promises original ones."""
    visit = _visit_of(report, story)
    if visit is None:
        return _not_open(story)
    stop, board = report.visit[visit.id].stop, report.board
    refused = refused_parts(board, visit.desk_visit) if visit.desk_visit in board.visits else ()
    one = max(refused, key=lambda part: (part.saved, part.other), default=None)
    supply = (
        next((line for line in stop.supply if one and plain_name(line.needed) == one.part), None)
        if stop
        else None
    )
    if one is None or one.saved <= 0 or supply is None:
        return _not_so(story, "story.nothing_refused", visit.id)
    facts: dict[str, Value] = {
        "visit": visit.id,
        "scheme": one.scheme,
        "quantity": supply.quantity,
        "part": report.part_names.get(one.part, one.part),
        "price": report.money(one.price),
        "other": report.part_names.get(one.other, one.other),
        "other_price": report.money(one.other_price),
        "saved": report.money(one.saved * supply.quantity),
        "engineer": report.visit[visit.id].engineer,
    }
    holds = plain_name(supply.part) == one.part
    return Told(story, holds, Message("story.original_only", facts), visit.id)


_TELLERS: dict[str, Callable[[Report, Story], Told]] = {
    "transfer_beats_purchase": _transfer_beats_purchase,
    "loaner_for_overrun": _loaner_for_overrun,
    "loaner_against_bill": _loaner_against_bill,
    "original_only": _original_only,
    "certificate_expired": _certificate_expired,
    "below_reorder_point": _below_reorder_point,
    "lot_failed": lot_failed,
    "repeat_fault": repeat_fault,
}
