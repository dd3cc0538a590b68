"""Where parts and loaners come from: stores, deliveries, what a visit needs and is granted."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.problem.promise import Window


@dataclass(frozen=True, slots=True)
class Offer:
    """A delivery of one part straight to the site: courier, transfer or purchase.

    Args:
        id: the offer's own id.
        part: index into `PlanningProblem.parts`.
        quantity: how many it can bring, in whole units; shared by everyone who takes it.
        arrives_s: when the part is at the site; work cannot start before.
        cents: its price, paid once per visit that takes it.
        from_store: index of the store whose shared stock it draws on, -1 for a supplier's.
    """

    id: str
    kind: str
    part: int
    quantity: int
    arrives_s: int
    cents: int
    from_store: int


@dataclass(frozen=True, slots=True)
class PartLine:
    """A need of one visit: `quantity` whole units of `part`, or all of them of one alternate.

    `part` and `alternates` index `PlanningProblem.parts`; alternates are listed only where the scheme
    allows them. `offers` index `PlanningProblem.offers`. `without_cents` is the price of going without the
    part (how likely it is needed, times a second visit); None: it is needed for sure, nobody goes without.
    """

    part: int
    quantity: int
    alternates: tuple[int, ...] = ()
    offers: tuple[int, ...] = ()
    without_cents: int | None = None


@dataclass(frozen=True, slots=True)
class LoanerCourier:
    """A loaner of class `loaner_class` sent from `store`, standing at the site at `arrives_s`, for `cents`."""

    loaner_class: int
    store: int
    arrives_s: int
    cents: int


@dataclass(frozen=True, slots=True)
class LoanerGrant:
    """What the scheme grants when the repair's forecast finish passes `repair_due`.

    The visit's `substitute` lateness runs from its due time until a loaner stands or the repair is
    finished, whichever is first, and is owed only when the finish passes the `repair` due time (where repair
    is not promised: whenever neither is done by its own due time).

    Args:
        classes: acceptable loaner classes (the asset's, and those listed as equal or better).
        couriers: ways to send one ahead; bringing one on the visit needs a pick-up stop instead.
        day_cents: price of a started day from standing until the repair's finish.
        stops_repair: the scheme's word: a standing loaner stops the `repair` clock (default: it runs on).
    """

    classes: tuple[int, ...]
    couriers: tuple[LoanerCourier, ...]
    day_cents: int
    stops_repair: bool = False


@dataclass(frozen=True, slots=True)
class Store:
    """A place where a route can stop to pick up parts, tools and loaner units.

    Args:
        place: index into `PlanningProblem.places`.
        stock: (part index, free whole units), shared by all routes and by offers that draw on it.
        endless: any quantity of any part (benchmarks).
        loaners: (loaner class index, ids of the free units).
        tools: tool indices anyone may take along from here, as many at once as want to (benchmarks).
        pick_up_s: ticks a pick-up stop takes.
        opens: when a pick-up may begin, sorted and disjoint; empty: any time.
    """

    id: str
    place: int
    stock: tuple[tuple[int, int], ...] = ()
    endless: bool = False
    loaners: tuple[tuple[int, tuple[str, ...]], ...] = ()
    tools: tuple[int, ...] = ()
    pick_up_s: int = 0
    opens: tuple[Window, ...] = ()
