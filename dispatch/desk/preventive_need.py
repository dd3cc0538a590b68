"""Preventive visits a contract owes: its years cut into periods, one visit for each site in every whole one.

The id of a visit follows from contract, site and period, so that laying out again adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dispatch.desk.customer import Contract, Site
from dispatch.desk.entitlement import months_after
from dispatch.desk.scheme import Scheme
from kernel.errors import Refusal
from kernel.ids import derived_id, natural_key


class Period(NamedTuple):
    """Days from `start` (in) to `end` (out)."""

    start: date
    end: date


def periods(valid_from: date, until: date, *, visits_per_year: int) -> tuple[Period, ...]:
    """Cut the years from a contract's first day into periods and give the whole ones that end by `until`.

    Each year is cut on its own, evenly: in whole months where twelve can be divided by the number of visits,
    else in days. Nothing is promised for what is left at the end.

    Raises:
        Refusal: ``maintenance.no_figure`` when `visits_per_year` is below 1 or above 365.

    >>> [str(p.start) for p in periods(date(2026, 1, 31), date(2027, 1, 31), visits_per_year=4)]
    ['2026-01-31', '2026-05-01', '2026-07-31', '2026-10-31']
    """
    if not 1 <= visits_per_year <= 365:
        raise Refusal("maintenance.no_figure", value=visits_per_year)
    found: list[Period] = []
    number = 0
    start = valid_from
    while True:
        number += 1
        end = _boundary(valid_from, number, visits_per_year)
        if end > until:
            return tuple(found)
        found.append(Period(start, end))
        start = end


def _boundary(first: date, number: int, visits_per_year: int) -> date:
    year, part = divmod(number, visits_per_year)
    if 12 % visits_per_year == 0:
        return months_after(first, 12 * year + part * 12 // visits_per_year)
    start, end = months_after(first, 12 * year), months_after(first, 12 * year + 12)
    return start + timedelta(days=(end - start).days * part // visits_per_year)


class Need(NamedTuple):
    """A visit that has to be laid out: for which site of which contract, in which period."""

    id: str
    contract: str
    site: str
    period: Period


def needs(
    contracts: Iterable[Contract],
    sites: Iterable[Site],
    schemes: Mapping[tuple[str, str], Scheme],
    until: date,
    /,
    *,
    since: date | None = None,
) -> tuple[Need, ...]:
    """List the preventive visits owed in every whole period that ends by `until`.

    Args:
        contracts: with the scheme version each keeps.
        sites: whose customer has such a contract.
        schemes: by (id, version); a contract of an unknown one is left to the checks of the region.
        until: last day looked at (out).
        since: periods over by this day are not listed; None: all from the first day of each contract.

    Returns:
        In order of period, contract and site.
    """
    by_customer: dict[str, list[Site]] = {}
    for site in sites:
        by_customer.setdefault(site.customer, []).append(site)
    owed = []
    for contract in contracts:
        scheme = schemes.get((contract.scheme, contract.version))
        if scheme is None or scheme.preventive is None:
            continue
        ends = until if contract.valid_until is None else min(until, contract.valid_until)
        owed += [
            Need(preventive_id(contract.id, site.id, period.start), contract.id, site.id, period)
            for period in periods(
                contract.valid_from, ends, visits_per_year=scheme.preventive.visits_per_year
            )
            if since is None or period.end > since
            for site in by_customer.get(contract.customer, ())
        ]
    return tuple(sorted(owed, key=in_order))


def in_order(need: Need, /) -> tuple[object, ...]:
    """Sort key: what has to be done first stands first."""
    return (need.period.end, need.period.start, natural_key(need.contract), natural_key(need.site))


def preventive_id(contract: str, site: str, period_from: date, /) -> str:
    """Give the id of the visit of one period."""
    return derived_id(f"PM-{period_from.isoformat()}", contract, site)
