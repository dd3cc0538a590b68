"""Contracts that run out, with what can be said when the customer asks: promises kept, what was charged, what lateness cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dispatch.desk.breach import exposure
from dispatch.desk.charge import ChargeEvent, ChargeStage, charges
from dispatch.desk.clock import State, clocks
from dispatch.desk.customer import Contract
from dispatch.desk.life import state_of
from dispatch.desk.scheme import Scheme
from dispatch.measures.case import RECORDED_IN_ARCHIVE, Case
from kernel.calendars import BusinessCalendar
from kernel.ids import natural_key

_AGREED = frozenset({ChargeStage.ACCEPTED, ChargeStage.DONE})


@dataclass(frozen=True, slots=True)
class Renewal:
    """One contract that runs out and that no other continues.

    Args:
        contract, customer, scheme, version: which.
        last_on: last day it holds.
        days_left: days after today on which it still holds; negative: it has run out that many days ago.
        tickets: reported under it.
        attained, breached: their promises that are decided (last promise).
        charged_cents: what the customer accepted to pay under it, less what was given back.
        late_cents: what lateness cost so far by the scheme's prices.
        currency: of both amounts, ISO 4217.
    """

    contract: str
    customer: str
    scheme: str
    version: str
    last_on: date
    days_left: int
    tickets: int
    attained: int
    breached: int
    charged_cents: int
    late_cents: int
    currency: str

    @property
    def share(self) -> float | None:
        """Attained over attained and breached, 0 to 1; None when neither happened."""
        decided = self.attained + self.breached
        return self.attained / decided if decided else None


def running_out(
    contracts: Iterable[Contract], /, *, today: date, within_days: int
) -> tuple[tuple[Contract, date], ...]:
    """Give the contracts that have run out or do within some days, each with its last day, soonest first.

    One is left out that another of the same customer continues: begun by the day after its last one, and lasting
    longer. One that ran out more than `within_days` ago is history.

    Args:
        contracts: all there are.
        today: local day.
        within_days: days before and after today that are looked at.
    """
    known = list(contracts)
    of_customer: dict[str, list[Contract]] = defaultdict(list)
    for one in known:
        of_customer[one.customer].append(one)
    found = []
    for one in known:
        until = one.valid_until
        if until is None or abs((until - timedelta(days=1) - today).days) > within_days:
            continue
        continued = any(
            other.scheme == one.scheme
            and other.valid_from <= until
            and (other.valid_until is None or other.valid_until > until)
            for other in of_customer[one.customer]
        )
        if not continued:
            found.append((one, until - timedelta(days=1)))
    return tuple(sorted(found, key=lambda row: (row[1], natural_key(row[0].id))))


def renewals(
    contracts: Iterable[Contract],
    cases: Iterable[Case],
    events: Iterable[ChargeEvent],
    schemes: Mapping[tuple[str, str], Scheme],
    calendars: Mapping[str, BusinessCalendar],
    /,
    *,
    now: datetime,
    today: date,
    within_days: int,
) -> tuple[Renewal, ...]:
    """Say how the contracts stand that run out (`running_out`), soonest first; one of an unknown scheme is left out.

    Args:
        contracts: all there are.
        cases: as of `now`; the archive's under the contract it is told to have been.
        events: of charges, in order of time.
        schemes: by id and version.
        calendars: as handed to the clocks.
        now: aware.
        today: its local day.
        within_days: days before and after today that are looked at.

    Raises:
        Refusal: those of `charges`.
    """
    listed = [
        (contract, last_on, scheme)
        for contract, last_on in running_out(contracts, today=today, within_days=within_days)
        if (scheme := schemes.get((contract.scheme, contract.version))) is not None
    ]
    wanted = {contract.id for contract, _, _ in listed}
    under: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.ticket.contract in wanted and case.scheme is not None:
            under[case.ticket.contract].append(case)
    charged = _charged(events, under)
    return tuple(
        _stands(contract, last_on, scheme, under[contract.id], charged[contract.id], calendars, now, today)
        for contract, last_on, scheme in listed
    )


def _charged(events: Iterable[ChargeEvent], under: Mapping[str, list[Case]]) -> Counter[str]:
    """Cents accepted, less what was given back, by contract."""
    contract_of = {case.ticket.id: contract for contract, cases in under.items() for case in cases}
    schemes = {case.ticket.id: case.scheme for cases in under.values() for case in cases if case.scheme}
    states = charges((event for event in events if event.ticket in contract_of), schemes)
    sums: Counter[str] = Counter()
    for state in states.values():
        if state.stage in _AGREED:
            sums[contract_of[state.ticket]] += state.total - state.refunded
    return sums


def _stands(
    contract: Contract,
    last_on: date,
    scheme: Scheme,
    cases: list[Case],
    charged_cents: int,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
    today: date,
) -> Renewal:
    attained = breached = late_cents = 0
    for case in cases:
        terms = case.scheme or scheme  # a ticket keeps the version it was opened under
        states = clocks(case.ticket, case.events, terms, calendars, now)
        if case.archived:
            states = {one: state for one, state in states.items() if one in RECORDED_IN_ARCHIVE}
        attained += sum(one.state is State.MET and one.due_s is not None for one in states.values())
        breached += sum(one.state is State.BREACHED for one in states.values())
        severity = state_of(case.ticket, case.events, now).severity
        late_cents += sum(row.actual_cents for row in exposure(states, terms, severity, now))
    return Renewal(
        contract.id,
        contract.customer,
        contract.scheme,
        contract.version,
        last_on,
        (last_on - today).days,
        len(cases),
        attained,
        breached,
        charged_cents,
        late_cents,
        scheme.currency,
    )
