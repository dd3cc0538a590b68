"""What engineers did, one row for each trip, as the loop writes it down."""

from __future__ import annotations


class Logbook:
    """Columns by trip: who, for which ticket (-1: the way home), set out, there, left, metres."""

    def __init__(self) -> None:
        self.engineer: list[int] = []
        self.ticket: list[int] = []
        self.out: list[int] = []
        self.there: list[int] = []
        self.left: list[int] = []
        self.metres: list[int] = []
        self.called_out: list[tuple[int, int]] = []
        """(second, cents) of every duty that was used at a price."""
        self.by_partner: list[tuple[int, int]] = []
        self.lent: list[tuple[int, int, int]] = []
        """(from, until, cents a day) of every loan."""
        self.loans = self.loans_refused = self.events = self.decisions = 0

    def trip(self, engineer: int, ticket: int, out: int, there: int, left: int, metres: int) -> None:
        """Write down a trip."""
        self.engineer.append(engineer)
        self.ticket.append(ticket)
        self.out.append(out)
        self.there.append(there)
        self.left.append(left)
        self.metres.append(metres)
