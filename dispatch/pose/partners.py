"""What outside partners offer for a visit: a last resort with a price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.crew import Partner
from dispatch.desk.visit import Visit
from dispatch.pose.index import Index
from dispatch.underway import PartnerThere
from dispatch.work_left import LEAST_S, Left
from kernel.ids import natural_key
from kernel.money import cents


def outside(
    board: Board, index: Index, visit: Visit, whole: posed.Visit, *, original_only: bool
) -> tuple[posed.Outside, ...]:
    """Offers for a visit nobody of ours is locked to, in order of partner.

    A partner offers when the site lies in his territory, he holds every skill and certificate, and uses original
    parts where the scheme promises them. He starts as soon as he can, the visit may begin and an agreed time is open;
    whom the published plan has asked already comes when he was asked to, while the customer agrees to that time.
    """
    told = whole.published
    asked = told.partner if told is not None else ""
    held = whole.engineer_lock >= 0 or whole.start_lock_s is not None
    if held and not asked:
        return ()
    found = []
    for partner in sorted(board.region.field.partners, key=lambda partner: natural_key(partner.id)):
        start_s = _start(whole, lead_s=partner.lead_min * 60)
        if told is not None and partner.id == asked:
            kept = not whole.windows or any(w.open_s <= told.start_s < w.close_s for w in whole.windows)
            start_s = told.start_s if kept else start_s
        elif held:
            continue  # the lock is on the one who was asked
        fit = _able(partner, visit, index.sites[visit.site].territory)
        if fit and start_s is not None and (partner.original_parts or not original_only):
            found.append(posed.Outside(partner.id, start_s, cents(partner.price)))
    return tuple(found)


def alone_there(board: Board, visit: str, left: Mapping[str, Left]) -> PartnerThere | None:
    """The partner who is at work on a visit, with nobody of ours; None: nobody is.

    Args:
        board: what is true now.
        visit: its id.
        left: what is left of it, by role.
    """
    there = board.partners.get(visit)
    ours = any(one.under or one.finishing for one in left.values())
    return there if there is not None and not ours else None


def until_s(board: Board, there: PartnerThere, service_s: int) -> int:
    """The tick he is done at: a little from now at the soonest, while nobody has said so."""
    return max(board.tick(there.since) + service_s, LEAST_S)


def at_work(board: Board, index: Index, whole: posed.Visit, there: PartnerThere) -> posed.Visit:
    """The visit an outside partner is at work on: his, since he came, and nobody else's.

    He is paid and the customer waits whatever is planned: leaving it out costs that too, so he is not called off.
    """
    partner = next(one for one in board.region.field.partners if one.id == there.partner)
    start_s = board.tick(there.since)
    service_s = until_s(board, there, whole.service_s) - start_s
    offer = posed.Outside(partner.id, start_s, cents(partner.price))
    promises = (one for one in (whole.repair, whole.substitute) if one is not None)
    late = sum(one.price(start_s + service_s) for one in promises)
    return replace(
        whole,
        engineer_lock=len(index.engineers) + index.asked.index(partner.id),
        start_lock_s=None,
        service_s=service_s,
        earliest_s=0,
        windows=(),
        arrive=None,
        published=None,
        left_out=whole.left_out + offer.cents + late,
        outside=(offer,),
    )


def _able(partner: Partner, visit: Visit, territory: str) -> bool:
    held = dict(partner.skills)
    return (
        (not partner.territories or territory in partner.territories)
        and all(held.get(skill, 0) >= level for skill, level in visit.skills)
        and set(visit.certificates) <= set(partner.certificates)
    )


def _start(whole: posed.Visit, *, lead_s: int) -> int | None:
    """The soonest he may start work; None: after every agreed time."""
    ready_s = max(lead_s, whole.earliest_s)
    if not whole.windows:
        return ready_s
    return next((max(ready_s, w.open_s) for w in whole.windows if ready_s < w.close_s), None)
