"""What can happen to a board: each event a value, checked when `Board.apply` takes it, a fact for ever after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.crew import Absence, Position
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.desk.ticket import Ticket, TicketEvent
from dispatch.desk.visit import Appointment, CrewRole, PartNeed, PublishedStop, Visit, VisitOrder
from dispatch.loaners import Loan
from dispatch.parts import Move, SupplyOffer
from kernel.interval import Interval


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A customer reported something."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class TicketHappened:
    """A step in a ticket's life: on the way, on site, a revised finish, left, repaired and the rest of `EventKind`."""

    event: TicketEvent


@dataclass(frozen=True, slots=True)
class VisitRequested:
    """A trip is needed: the visit with what it needs, who comes along, and what the customer agreed to.

    `order` names open visits it has to wait for, or that have to wait for it.
    """

    visit: Visit
    appointments: tuple[Appointment, ...] = ()
    part_needs: tuple[PartNeed, ...] = ()
    crew: tuple[CrewRole, ...] = ()
    order: tuple[VisitOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkshopChosen:
    """An open visit collects the unit for the workshop instead of repairing it on site, as long as its model takes."""

    visit: str


@dataclass(frozen=True, slots=True)
class AppointmentAgreed:
    """The customer asked for another time: these windows take the place of those agreed before; none: any time.

    A locked start outside the new windows is no longer locked.
    """

    visit: str
    windows: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class EngineerAway:
    """An engineer will not be there."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class EngineerSeen:
    """An engineer said where he is."""

    position: Position


@dataclass(frozen=True, slots=True)
class StockMoved:
    """Parts went from one place to another: lost, found, received, sent."""

    move: Move


@dataclass(frozen=True, slots=True)
class SupplyOffered:
    """Somebody offers to bring a part to a visit."""

    offer: SupplyOffer


@dataclass(frozen=True, slots=True)
class LoanerLent:
    """A loaner unit left for a customer."""

    loan: Loan


@dataclass(frozen=True, slots=True)
class LoanerTaken:
    """An engineer has put a loaner unit into his van, to bring it to a customer; no engineer: it is back at its place."""

    unit: str
    engineer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LoanerReturned:
    """A loaner unit is back."""

    loan: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanPublished:
    """These stops are what people go by; they replace what was published before."""

    stops: tuple[PublishedStop, ...]


@dataclass(frozen=True, slots=True)
class CustomersTold:
    """The customers of these visits (ids as planned) were told their published time."""

    visits: tuple[str, ...]
    at: datetime


Event = (
    TicketOpened
    | TicketHappened
    | VisitRequested
    | WorkshopChosen
    | AppointmentAgreed
    | EngineerAway
    | EngineerSeen
    | StockMoved
    | SupplyOffered
    | LoanerTaken
    | LoanerLent
    | LoanerReturned
    | PlanPublished
    | CustomersTold
)


def of_loan(loan: TicketLoan, step: LoanEvent, /) -> LoanerLent | LoanerReturned | None:
    """What a step of a desk's loan does to the pool: the unit leaves, or is back; None: it stays where it is.

    A unit that is back is not free before its inspection: until then the desk keeps it (`loan.kept_units`).
    """
    if step.step is LoanStep.OUT and step.due_back_at is not None:
        return LoanerLent(Loan(loan.id, loan.unit, loan.ticket, step.at, step.due_back_at))
    if step.step is LoanStep.BACK:
        return LoanerReturned(loan.id, step.at)
    return None
