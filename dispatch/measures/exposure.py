"""Breach exposure: what broken promises have cost by the schemes' prices of lateness, and are forecast to cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.desk.breach import exposure
from dispatch.desk.clock import clocks
from dispatch.desk.life import state_of
from dispatch.desk.milestone import Milestone
from dispatch.desk.ticket import EventKind
from dispatch.measures.case import RECORDED_IN_ARCHIVE, Case
from dispatch.measures.period import Period
from kernel.calendars import BusinessCalendar
from kernel.clock import moment


@dataclass(frozen=True, slots=True)
class BreachCost:
    """Lateness of one milestone under one scheme, priced.

    Args:
        scheme: id; empty: all schemes of the currency.
        milestone: which; None: all of them.
        currency: ISO 4217.
        late: promises past their due time so far.
        will_be_late: promises forecast to pass it, those already late included.
        actual_cents, forecast_cents: what that costs; the forecast is never below the actual.
    """

    scheme: str
    milestone: Milestone | None
    currency: str
    late: int
    will_be_late: int
    actual_cents: int
    forecast_cents: int


def breach_costs(
    cases: Iterable[Case], calendars: Mapping[str, BusinessCalendar], period: Period, /
) -> tuple[BreachCost, ...]:
    """Price the lateness of the tickets reported in the period, as of its `now`.

    The engineer's last word for the finish is the forecast of `repair` and `deliver`; what nobody forecast is taken as
    met now. Schemes that price no lateness have no row.

    Returns:
        All schemes of each currency first, then each scheme and milestone; the latter add up to the former.
    """
    sums: dict[tuple[str, str, Milestone], list[int]] = {}
    for case in cases:
        scheme = case.scheme
        if scheme is None or not scheme.breach or case.ticket.reported_at not in period:
            continue
        states = clocks(case.ticket, case.events, scheme, calendars, period.now)
        if case.archived:
            states = {one: state for one, state in states.items() if one in RECORDED_IN_ARCHIVE}
        severity = state_of(case.ticket, case.events, period.now).severity
        finish = _last_word(case)
        expected = {} if finish is None else {Milestone.REPAIR: finish, Milestone.DELIVER: finish}
        for row in exposure(states, scheme, severity, period.now, forecast=expected):
            due_s, stopped_s = states[row.milestone].due_s, states[row.milestone].stopped_s
            word = expected.get(row.milestone)
            to_come = (
                stopped_s is None and word is not None and due_s is not None and word.timestamp() > due_s
            )
            added = (row.late_s > 0, row.late_s > 0 or to_come, row.actual_cents, row.forecast_cents)
            known = sums.setdefault((scheme.currency, scheme.id, row.milestone), [0, 0, 0, 0])
            for at, number in enumerate(added):
                known[at] += number
    order = {one: at for at, one in enumerate(Milestone)}
    rows = [
        BreachCost(scheme_id, milestone, currency, *sums[currency, scheme_id, milestone])
        for currency, scheme_id, milestone in sorted(sums, key=lambda key: (key[0], key[1], order[key[2]]))
    ]
    totals = [
        BreachCost("", None, currency, *(sum(column) for column in zip(*amounts, strict=True)))
        for currency in sorted({key[0] for key in sums})
        if (amounts := [number for key, number in sums.items() if key[0] == currency])
    ]
    return (*totals, *rows)


def _last_word(case: Case) -> datetime | None:
    """When the engineer last said the repair will be done; a word about a repair that did not hold is over."""
    said = None
    for event in case.events:
        if event.kind is EventKind.FORECAST_FINISH:
            said = moment(event.value)
        elif event.kind is EventKind.REOPENED:
            said = None
    return said
