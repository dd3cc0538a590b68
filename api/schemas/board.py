"""Shapes of the dispatch board's document: small objects, moments as whole seconds since 1970 in UTC."""

from __future__ import annotations

from api.wire.bounds import Out


class BoardSpanOut(Out):
    """From `start` until before `end`."""

    start: int
    end: int


class BoardShiftOut(Out):
    """A shift as planned: when the engineer works, when he rests, when and how he drives."""

    id: str
    start: int
    end: int
    on_call: bool
    depart: int | None
    back: int | None
    breaks: list[BoardSpanOut]
    pick_ups: list[BoardPickUpOut]


class BoardPickUpOut(Out):
    """A stop at a store to take parts, tools or loaners along."""

    store: str
    start: int
    end: int
    what: list[str]


class BoardEngineerOut(Out):
    """A row of the timeline."""

    id: str
    depot: str
    skills: list[str]
    shifts: list[BoardShiftOut]


class BoardPromiseOut(Out):
    """One milestone of a visit: when it is due, when the plan meets it (None: nobody is planned), when it was met."""

    milestone: str
    due: int
    forecast: int | None
    done: int | None


class BoardSupplyOut(Out):
    """A part line and where it comes from: van, pick_up, offer or without; missing: nothing brings it.

    `reserved`: it is a unit reserved for this visit.
    """

    part: str
    name: str
    quantity: int
    source: str
    source_id: str
    reserved: bool


class BoardLoanerOut(Out):
    """The loaner unit a visit brings, or that goes there by courier."""

    unit: str
    loaner_class: str
    by: str
    stands: int


class BoardVisitOut(Out):
    """A bar of the timeline or a line of the queue.

    Args:
        state: how its most urgent promise stands at the document's moment; the page goes on counting.
        engineer, shift, arrive, start, end: where it is planned; None and empty: left out, or given to a `partner`.
        reason: why it is left out, in words of the language asked for.
        known: how that is known, ``proved`` or ``not_found``.
        fell_out: it was published, and as things stand now nobody can go.
        short: parts the store said it cannot stage and nobody has brought since, with a blank and how many.
    """

    id: str
    ticket: str
    severity: str
    customer: str
    site: str
    site_name: str
    lat: float
    lon: float
    state: str
    lock: str
    told: bool
    work_s: int
    engineer: str
    shift: str
    arrive: int | None
    start: int | None
    end: int | None
    leave_before: int | None
    promises: list[BoardPromiseOut]
    parts: list[BoardSupplyOut]
    loaner: BoardLoanerOut | None
    partner: str
    reason: str
    reason_code: str
    known: str
    fell_out: bool
    short: list[str]


class BoardDepotOut(Out):
    """A depot, by which rows are grouped."""

    id: str
    name: str
    lat: float
    lon: float


class BoardFiguresOut(Out):
    """What the top bar says of the plan; money in whole cents."""

    visits: int
    left_out: int
    late: int
    cost_cents: int
    travel_s: int


class BoardOut(Out):
    """The dispatch board at one moment.

    Args:
        version: changes with every change of the board; an answer to the same version is the same bytes.
        now: the board's moment.
        horizon: what is planned.
    """

    region: str
    name: str
    zone: str
    currency: str
    version: str
    now: int
    horizon: BoardSpanOut
    depots: list[BoardDepotOut]
    engineers: list[BoardEngineerOut]
    visits: list[BoardVisitOut]
    figures: BoardFiguresOut
