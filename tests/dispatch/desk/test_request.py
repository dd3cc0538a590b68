"""Which request of the month a ticket is: open tickets and those of the repair history, looked up in lists sorted once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.customer import Asset, Contract, Site
from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.request import Requests, all_requests
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from dispatch.desk.ticket import Ticket
from kernel.clock import moment, zone
from kernel.ids import natural_key
from kernel.place import LatLon

SCHEMES = builtin_schemes()
ANALYTICS = find_scheme(SCHEMES, "analytics-support")
FIELD = find_scheme(SCHEMES, "field-2-12")
MARCH_10 = moment("2026-03-10T10:00+08:00")
SITE = Site("S-1", "C-1", LatLon(26.0, 119.0))
ASSET = Asset("A-1", "S-1")
CONTRACT = Contract("K-1", "C-1", ANALYTICS.id, ANALYTICS.version, date(2026, 1, 1))


def ticket(name: str, hours: int, *, contract: str = "K-1", kind: TicketKind = TicketKind.FAULT) -> Ticket:
    """A ticket reported so many hours after the tenth of March, 10:00."""
    at = MARCH_10 + timedelta(hours=hours)
    return Ticket(name, "S-1", "A-1", ANALYTICS.id, "1", Severity.P2, kind, at, contract=contract)


def closed(name: str, hours: int, *, arrived: bool = False) -> ClosedTicket:
    """A ticket of the repair history, reported so many hours after the tenth of March, 10:00."""
    at = MARCH_10 + timedelta(hours=hours)
    return ClosedTicket(name, "A-1", "X200", Severity.P2, at, at if arrived else None, at)


def counted(one: Ticket, scheme: Scheme, others: list[Ticket]) -> int:
    """The same by counting: one more than the other requests of the month that came before."""
    here = zone(scheme.zone)

    def month(of: Ticket) -> str:
        return of.reported_at.astimezone(here).strftime("%Y-%m")

    def before(of: Ticket) -> bool:
        return (of.reported_at, natural_key(of.id)) < (one.reported_at, natural_key(one.id))

    same = {
        other.id
        for other in others
        if other.contract == one.contract
        and other.kind is not TicketKind.PREVENTIVE
        and month(other) == month(one)
        and before(other)
    }
    return len(same) + 1


HOURS = st.lists(
    st.tuples(
        st.integers(-800, 800), st.sampled_from(["K-1", "K-2"]), st.sampled_from(["fault", "preventive"])
    ),
    max_size=12,
)


@given(HOURS, st.integers(-800, 800))
def test_the_number_is_that_of_counting_one_by_one(rows: list[tuple[int, str, str]], hours: int) -> None:
    """Months end at midnight in the scheme's zone, whichever side of it the ticket lies."""
    others = [
        ticket(f"T-{n}", at, contract=contract, kind=TicketKind(kind))
        for n, (at, contract, kind) in enumerate(rows)
    ]
    asked = [*others, ticket("T-99", hours)]

    known = Requests.of(others)

    assert [known.number(one, ANALYTICS) for one in asked] == [
        counted(one, ANALYTICS, others) for one in asked
    ]


def test_a_ticket_closed_long_ago_was_a_request_too() -> None:
    """Three were answered this month and left the desk: the fourth is the fourth."""
    history = [closed(f"H-{n}", n) for n in range(3)]

    known = all_requests([ticket("T-1", 5)], history, [ASSET], [SITE], [CONTRACT], SCHEMES)

    assert known.number(ticket("T-1", 5), ANALYTICS) == 4
    assert known.number(ticket("T-0", -1), ANALYTICS) == 1


def test_a_ticket_at_the_desk_and_in_the_history_counts_once() -> None:
    """What the desk says of it holds: a preventive visit stays nobody's request."""
    ours = [ticket("T-1", 0), ticket("T-2", 1, kind=TicketKind.PREVENTIVE)]
    history = [closed("T-1", 0), closed("T-2", 1)]

    known = all_requests(ours, history, [ASSET], [SITE], [CONTRACT], SCHEMES)

    assert known.number(ticket("T-3", 5), ANALYTICS) == 2


@pytest.mark.parametrize(("arrived", "numbers"), [(False, (2, 1)), (True, (1, 2))])
def test_of_two_contracts_the_one_for_visits_has_the_ticket_somebody_came_for(
    arrived: bool, numbers: tuple[int, int]
) -> None:
    """One contract for the machines and one for advice: the history says whether somebody arrived."""
    machines = Contract("K-2", "C-1", FIELD.id, FIELD.version, date(2026, 1, 1))

    known = all_requests(
        (), [closed("H-1", 0, arrived=arrived)], [ASSET], [SITE], [CONTRACT, machines], SCHEMES
    )

    asked = [ticket("T-1", 5, contract=name) for name in ("K-1", "K-2")]
    assert tuple(known.number(one, ANALYTICS) for one in asked) == numbers


@pytest.mark.parametrize(
    "contracts",
    [
        [CONTRACT, Contract("K-9", "C-1", ANALYTICS.id, "1", date(2026, 1, 1))],
        [Contract("K-1", "C-1", ANALYTICS.id, "1", date(2026, 3, 11))],
        [],
    ],
)
def test_nobodys_requests_are_guessed(contracts: list[Contract]) -> None:
    """Two contracts that fit, or none that held on the day: the old ticket is held against no contract."""
    known = all_requests((), [closed("H-1", 0)], [ASSET], [SITE], contracts, SCHEMES)

    assert known.number(ticket("T-1", 5), ANALYTICS) == 1
