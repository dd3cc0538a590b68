"""What a line of a day's script is to the board: its events, in order."""

from __future__ import annotations

from datetime import timedelta

from dispatch.board import Board
from dispatch.crew import Absence, Position
from dispatch.desk.milestone import TicketKind
from dispatch.desk.scheme_file import find_scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.desk.visit import Appointment, CrewRole, PartNeed, Visit, VisitOrder
from dispatch.event import (
    AppointmentAgreed,
    EngineerAway,
    EngineerSeen,
    Event,
    LoanerReturned,
    StockMoved,
    SupplyOffered,
    TicketHappened,
    TicketOpened,
    VisitRequested,
    WorkshopChosen,
)
from dispatch.loaners import loans_of
from dispatch.parts import Condition, Move, PlaceKind, SupplyOffer
from dispatch.underway import Standing
from kernel.errors import Refusal
from kernel.interval import Interval
from kernel.place import LatLon
from storage.day_script import Line, Said


def events_of(line: Line, board: Board) -> tuple[Event, ...]:
    """Give the events of one line.

    Raises:
        Refusal: ``day.not_at_work``, ``day.not_lent``, ``day.no_place``, and what the values refuse.
    """
    values = line.values
    match line.said:
        case Said.URGENT:
            return _urgent(line, board)
        case Said.OVERRUN:
            return (_by(line, board, EventKind.FORECAST_FINISH, value=values["finish"].isoformat()),)
        case Said.FINISHED:
            return (_by(line, board, EventKind.REPAIRED),)
        case Said.WAITING:
            return (_by(line, board, EventKind.WAITING, value=values["waits_for"], reason=values["reason"]),)
        case Said.ILL:
            away = Interval(line.at, values["until"])
            return (EngineerAway(Absence(f"ill-{line.number}", values["engineer"], away, "illness")),)
        case Said.PART_MISSING:
            return (_move(line, (values["place"], _first(board, PlaceKind.ADJUSTMENT)), "missing", ""),)
        case Said.PART_SHORT:
            return (_short(line, board),)
        case Said.PART_ARRIVED:
            way = (_first(board, PlaceKind.SUPPLIER), values["place"])
            return (_move(line, way, "receipt", values.get("order", "")),)
        case Said.OFFER:
            return (SupplyOffered(_offer(line)),)
        case Said.ANOTHER_TIME:
            return (AppointmentAgreed(values["visit"], (Interval(values["from"], values["until"]),)),)
        case Said.LOANER_BACK:
            return (LoanerReturned(_loan(board, values["unit"]), line.at),)
        case Said.POSITION:
            spot = LatLon(values["lat"], values["lon"])
            return (EngineerSeen(Position(values["engineer"], line.at, spot, values.get("free_at"))),)
        case Said.WORKSHOP:
            return (WorkshopChosen(values["visit"]),)
        case Said.CANCELLED:
            return (
                TicketHappened(
                    TicketEvent(values["ticket"], line.at, EventKind.CANCELLED, "desk", values["reason"])
                ),
            )


def _urgent(line: Line, board: Board) -> tuple[Event, ...]:
    values = line.values
    scheme = find_scheme(
        board.schemes, values["scheme"], version=values.get("version", ""), on=line.at.date()
    )
    ticket = Ticket(
        id=values["ticket"],
        site=values["site"],
        asset=values.get("asset", ""),
        scheme=scheme.id,
        version=scheme.version,
        severity=values["severity"],
        kind=TicketKind.FAULT,
        reported_at=line.at,
        symptom=values.get("symptom", ""),
        contract=values.get("contract", ""),
    )
    visit = Visit(
        id=values["visit"],
        ticket=ticket.id,
        site=ticket.site,
        duration_min=values["minutes"],
        skills=values.get("skills", ()),
        certificates=values.get("certificates", ()),
        tools=values.get("tools", ()),
        earliest_at=values.get("earliest"),
        role=values.get("role", ""),
        continuous=values.get("continuous"),
        bench_min=values.get("bench_min"),
        return_min=values.get("return_min", 0),
    )
    if (visit.bench_min is None) != (not visit.return_min):
        missing = "bench_min" if visit.bench_min is None else "return_min"
        raise Refusal("dataset.half_a_workshop", column=missing)
    agreed: tuple[Appointment, ...] = ()
    if "from" in values or "until" in values:
        window = Interval(values.get("from", line.at), values.get("until", line.at + timedelta(days=1)))
        agreed = (Appointment(visit.id, window),)
    needs = tuple(PartNeed(visit.id, part, 1) for part in values.get("parts", ()))
    told = TicketEvent(ticket.id, line.at, EventKind.ACKNOWLEDGED, "desk")
    skills = values.get("crew_skills", ())
    crew = tuple(
        CrewRole(visit.id, role, minutes, within_min=within, skills=skills)
        for role, minutes, within in values.get("crew", ())
    )
    order = tuple(VisitOrder(visit.id, other) for other in values.get("after", ()))
    return TicketOpened(ticket), TicketHappened(told), VisitRequested(visit, agreed, needs, crew, order)


def _by(line: Line, board: Board, kind: EventKind, *, value: str = "", reason: str = "") -> TicketHappened:
    """What the engineer at work on the line's visit says."""
    standing = at_work(board, line.values["visit"])
    ticket = board.visits[line.values["visit"]].ticket
    return TicketHappened(
        TicketEvent(ticket, line.at, kind, standing.engineer, reason, value, line.values["visit"])
    )


def _short(line: Line, board: Board) -> TicketHappened:
    """What the store cannot stage."""
    values = line.values
    visit = board.visits.get(values["visit"])
    if visit is None:
        raise Refusal("board.unknown_visit", visit=values["visit"])
    value = f"{values['part']} {values['quantity']}"
    by = values.get("by", "store")
    return TicketHappened(
        TicketEvent(visit.ticket, line.at, EventKind.PART_SHORT, by, value=value, visit=visit.id)
    )


def at_work(board: Board, visit: str) -> Standing:
    """Who is at work on an open visit.

    Raises:
        Refusal: ``day.not_at_work``.
    """
    for standing in board.standing.values():
        if standing.visit == visit and not standing.travelling and visit in board.visits:
            return standing
    raise Refusal("day.not_at_work", visit=visit)


def _move(line: Line, way: tuple[str, str], reason: str, document: str) -> StockMoved:
    name = f"day-{line.number}"
    part, quantity = line.values["part"], line.values["quantity"]
    usable = Condition.USABLE
    return StockMoved(
        Move(name, line.at, part, quantity, *way, usable, reason, "desk", "day", document or name, name)
    )


def _offer(line: Line) -> SupplyOffer:
    v = line.values
    return SupplyOffer(
        v["offer"], v["part"], v["way"], v["source"], v["visit"], v["arrives"], v["price"], v["quantity"]
    )


def _loan(board: Board, unit: str) -> str:
    for loan in loans_of(board.region.stock):
        if loan.unit == unit and loan.back_at is None:
            return loan.id
    raise Refusal("day.not_lent", unit=unit)


def _first(board: Board, kind: PlaceKind) -> str:
    for place in board.region.stock.places:
        if place.kind is kind:
            return place.id
    raise Refusal("day.no_place", kind=kind.value)
