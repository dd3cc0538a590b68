"""Parts and loaners, as a problem sees them: stores, offers, part lines, what a scheme grants."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket
from dispatch.desk.visit import PartNeed, Visit
from dispatch.parts import Delivery
from dispatch.pose.index import Index, in_order
from dispatch.pose.resumed import soonest_ready
from dispatch.problem import UNREACHABLE, kept_name
from kernel.errors import Refusal
from kernel.money import cents

NEVER = (posed.Window(-2, -1),)
"""Opening hours of a store that stays closed: no tick of a problem lies in them."""


def stores(board: Board, index: Index) -> tuple[posed.Store, ...]:
    """Places a route can stop at, with what is free there."""
    return tuple(
        posed.Store(
            id=shelf.id,
            place=board.roads.index[f"place:{shelf.id}"],
            stock=tuple((i, shelf.stock[part]) for i, part in enumerate(index.parts) if part in shelf.stock),
            loaners=tuple(
                (i, index.pool.free[shelf.id, name])
                for i, name in enumerate(index.classes)
                if (shelf.id, name) in index.pool.free
            ),
            pick_up_s=shelf.pick_up_min * 60,
            opens=_opens(board, shelf.calendar) if shelf.calendar else (),
        )
        for shelf in index.supplies.shelves
    )


def _opens(board: Board, calendar: str) -> tuple[posed.Window, ...]:
    """Opening hours over the planned days and the night after; closed throughout is not the same as open at any time."""
    last = board.horizon_end + (board.horizon_end - board.now)
    spans = board.calendars[calendar].openings(board.now, last)
    return tuple(posed.Window(board.tick(start), board.tick(end)) for start, end in spans) or NEVER


def offers(board: Board, index: Index) -> tuple[posed.Offer, ...]:
    """Deliveries to open visits; one for the bench arrives when what it is fitted to is repaired."""
    return tuple(
        posed.Offer(
            id=one.id,
            kind=one.kind,
            part=index.parts.index(_sent(board, index, one)),
            quantity=one.quantity,
            arrives_s=_usable_s(board, one),
            cents=cents(one.price),
            from_store=index.stores.index(one.from_shelf) if one.from_shelf else -1,
        )
        for one in index.deliveries
    )


def _sent(board: Board, index: Index, one: Delivery) -> str:
    """The part a delivery brings, by name: what is kept for its visit on the shelf it leaves, if that is enough."""
    own = kept_name(one.part, one.visit)
    shelves = {shelf.id: shelf.stock for shelf in index.supplies.shelves}
    needed = sum(need.quantity for need in board.part_needs.get(one.visit, ()) if need.part == one.part)
    held = shelves.get(one.from_shelf, {}).get(own, 0)
    return own if own in index.parts and held >= (needed or one.quantity) else one.part


def _usable_s(board: Board, one: Delivery) -> int:
    """When what is delivered serves its visit: once it is there; on the bench its time begins only then."""
    arrives_s, visit = board.tick(one.arrives_at), board.visits.get(one.visit)
    if visit is None or visit.bench_min is None:
        return arrives_s
    return soonest_ready(board, visit, "", max(0, arrives_s))


def part_lines(
    board: Board, index: Index, visit: Visit, *, original_only: bool
) -> tuple[posed.PartLine, ...]:
    """What a visit needs, one line a part, or two where less than that is kept for it; an alternate only where the scheme allows it."""
    needed: dict[str, list[PartNeed]] = {}
    for need in board.part_needs.get(visit.id, ()):
        needed.setdefault(need.part, []).append(need)
    lines = []
    for part in in_order(needed):
        usable = (part,) if original_only else (part, *index.supplies.stand_ins.get(part, ()))
        own = tuple(name for one in usable if (name := kept_name(one, visit.id)) in index.parts)
        for name, quantity in _shares(index, visit, part, sum(need.quantity for need in needed[part])):
            # What is kept first: the search looks at a few ways only.
            others = (index.parts.index(other) for other in (*own, *usable) if other != name)
            lines.append(
                posed.PartLine(
                    part=index.parts.index(name),
                    quantity=quantity,
                    alternates=tuple(others),
                    offers=tuple(
                        i
                        for i, one in enumerate(index.deliveries)
                        if one.visit == visit.id and one.part in usable and one.quantity >= quantity
                    ),
                    # Of a part in two shares going without either is a second visit: both left, it is counted twice.
                    without_cents=_without(board, needed[part]),
                )
            )
    return tuple(lines)


def _shares(index: Index, visit: Visit, part: str, quantity: int) -> Iterator[tuple[str, int]]:
    """What is kept for a visit where it is less than needed, and the rest: a line is served from one place as a whole."""
    kept = index.supplies.kept(part, visit.id)
    if 0 < kept < quantity:
        yield kept_name(part, visit.id), kept
        quantity -= kept
    yield part, quantity


def soonest_had(board: Board, index: Index, line: posed.PartLine) -> int | None:
    """The tick at which the parts of a line can be had, from a van, a shelf or an offer; None: they are nowhere."""
    if line.without_cents is not None:
        return 0
    usable = [index.parts[part] for part in (line.part, *line.alternates)]
    if any(stock.get(part, 0) >= line.quantity for stock in index.supplies.stocks for part in usable):
        return 0
    # What is to come from a shelf has been looked for there.
    bought = (index.deliveries[offer] for offer in line.offers)
    return min((_usable_s(board, one) for one in bought if not one.from_shelf), default=None)


def _without(board: Board, needs: list[PartNeed]) -> int | None:
    """Price of going without: how likely it is needed, times a second visit; None: it is needed for sure."""
    likely = [need.likely for need in needs]
    sure = any(share is None or share >= 1 for share in likely)
    if sure:
        return None
    share = max(Decimal(repr(share)) for share in likely if share is not None)
    # Rounded up to a cent: a chance that costs nothing would never be prepared for.
    price = share * cents(board.region.settings.policy.second_visit)
    return int(-(-price // 1))


def grant(
    board: Board, index: Index, visit: Visit, ticket: Ticket, scheme: Scheme
) -> posed.LoanerGrant | None:
    """The loaner a scheme grants for the ticket's equipment; None: none.

    Raises:
        Refusal: ``stock.unknown_loaner_class`` for equipment of a class the stock does not list.
    """
    wanted = index.loaner_class[ticket.id]
    if scheme.loaner is None or not wanted:
        return None
    if wanted not in index.pool.day_cost:
        raise Refusal("stock.unknown_loaner_class", loaner_class=wanted)
    policy = board.region.settings.policy
    site = board.roads.index[f"site:{visit.site}"]
    classes = index.pool.classes_for(wanted, ticket=ticket.id)
    couriers: list[posed.LoanerCourier] = []
    for number, shelf in enumerate(index.stores):
        origin = board.roads.index[f"place:{shelf}"]
        seconds, metres = int(board.roads.seconds[origin, site]), int(board.roads.metres[origin, site])
        if seconds == UNREACHABLE:
            continue
        price = policy.loaner_courier + policy.loaner_courier_km * Decimal(metres) / 1000
        couriers.extend(
            posed.LoanerCourier(
                index.classes.index(name), number, policy.loaner_prepare_min * 60 + seconds, cents(price)
            )
            for name in classes
            if (shelf, name) in index.pool.free
        )
    return posed.LoanerGrant(
        classes=tuple(sorted(index.classes.index(name) for name in classes)),
        couriers=tuple(couriers),
        day_cents=cents(index.pool.day_cost[wanted]),
        stops_repair=scheme.loaner.stops_repair,
    )
