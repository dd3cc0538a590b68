"""How often each asset reports, when, and what it turns out to be: fitted from the tickets a region has had.

Rates are shrunk: an asset that reported twice is not twice as bad as its like. The rate of an asset is its gamma-Poisson
posterior mean among the assets of its model, the gamma fitted by moments. Source: Robbins 1956; Carlin and Louis, Bayes
and Empirical Bayes Methods (2nd ed. 2000), 3.3.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from statistics import fmean, pvariance

from dispatch.desk.customer import Asset, Contract
from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import Milestone, Severity, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind
from dispatch.desk.visit import Visit
from dispatch.measures.case import Case, cases
from dispatch.region import Region, schemes_of
from kernel.clock import zone
from kernel.ids import natural_key
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import Demand, Job, PartChance, Source

YEAR_S = 365 * 86_400.0
ENOUGH = 8
"""Repairs of one kind below which their times are taken from all repairs of the model, then of the region."""
WAITED_S = 10 * 3600
"""Longer than this from arrival to repair: it waited for something; not taken as working time."""
UNKNOWN_WORK_MIN = 90.0
"""Working time where the history has no repair at all."""


@dataclass(frozen=True, slots=True)
class Past:
    """The tickets demand is fitted to.

    Args:
        cases: faults of an asset, by time of report.
        from_at: the first report; `until_at`: the moment of looking, aware.
    """

    cases: tuple[Case, ...]
    from_at: datetime
    until_at: datetime

    @property
    def years(self) -> float:
        """Length in years of 365 days."""
        return (self.until_at - self.from_at).total_seconds() / YEAR_S


def past(region: Region, /, *, until_at: datetime) -> Past:
    """Collect the faults reported before a moment; without any the past is one second long."""
    found = tuple(
        case
        for case in cases(region, schemes_of(region.field), now=until_at)
        if case.ticket.kind is TicketKind.FAULT and case.ticket.asset and not case.cancelled
    )
    return Past(found, min((case.ticket.reported_at for case in found), default=until_at), until_at)


def demand(region: Region, seen: Past, /) -> Demand:
    """Fit who reports, how often, when and what; an asset of a model that never failed has no source."""
    rates = a_year(region.field.assets, seen)
    jobs = _jobs(region, seen)
    by_model: dict[str, list[tuple[str, float]]] = defaultdict(list)
    seen_as = Counter((case.model, case.ticket.severity) for case in seen.cases)
    for (model, severity), count in sorted(seen_as.items()):
        by_model[model].append((_job_id(model, severity), float(count)))
    promised = _schemes(region, seen)
    sources = tuple(
        Source(
            id=asset.id,
            site=asset.site,
            a_year=rates[asset.id],
            jobs=tuple(by_model[asset.model]),
            asset=asset.id,
            scheme=promised[asset.id][0],
            version=promised[asset.id][1],
        )
        for asset in sorted(region.field.assets, key=lambda one: natural_key(one.id))
        if rates.get(asset.id, 0.0) > 0 and asset.model in by_model
    )
    week, year = profile(seen, region.settings.zone)
    return Demand(sources, jobs, week, year)


def a_year(assets: Iterable[Asset], seen: Past, /) -> dict[str, float]:
    """Give the mean reports of every asset in a year, shrunk towards its model; see the head of this module."""
    counted = Counter(case.ticket.asset for case in seen.cases)
    by_model: dict[str, list[str]] = defaultdict(list)
    for asset in assets:
        by_model[asset.model].append(asset.id)
    years = max(seen.years, 1 / YEAR_S)
    rates: dict[str, float] = {}
    for ids in by_model.values():
        counts = [counted[one] for one in ids]
        mean = fmean(counts)
        extra = pvariance(counts) - mean
        alike = mean * mean / extra if extra > 0 else inf  # inf: no more spread than chance alone gives
        for one, count in zip(ids, counts, strict=True):
            posterior = mean if alike == inf or mean == 0 else mean * (count + alike) / (mean + alike)
            rates[one] = posterior / years
    return rates


def profile(seen: Past, zone_name: str, /) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Give relative rates by hour of the local week and by local month, each with mean 1.

    An hour of the week stands half for itself, half for its hour on all working days or on all weekends: a week has 168
    hours and a short history few reports in each. Months are compared by
    their whole ones; where not every month was seen whole the year is even.
    """
    local = [case.ticket.reported_at.astimezone(zone(zone_name)) for case in seen.cases]
    if not local:
        return (1.0,) * 168, (1.0,) * 12
    week = [0.0] * 168
    for at in local:
        week[at.weekday() * 24 + at.hour] += 1
    alike = [[day * 24 + hour for day in days] for hour in range(24) for days in (range(5), range(5, 7))]
    smooth = [0.0] * 168
    for hours in alike:
        mean = fmean(week[one] for one in hours)
        for one in hours:
            smooth[one] = (week[one] + mean) / 2
    whole = sum(smooth)
    return tuple(one * 168 / whole for one in smooth), _year(local, seen)


def _year(local: Sequence[datetime], seen: Past) -> tuple[float, ...]:
    """Rates by month, of whole months alone: the last days before looking hold what is still open, more than usual."""
    tz = local[0].tzinfo
    first, last = (at.astimezone(tz).date() for at in (seen.from_at, seen.until_at))
    days = Counter(
        (day.year, day.month) for day in map(date.fromordinal, range(first.toordinal(), last.toordinal()))
    )
    whole = {month for month, count in days.items() if count == monthrange(*month)[1]}
    if {number for _, number in whole} != set(range(1, 13)):
        return (1.0,) * 12
    reports = Counter((at.year, at.month) for at in local)
    rates = [
        sum(reports[one] for one in whole if one[1] == month)
        / sum(days[one] for one in whole if one[1] == month)
        for month in range(1, 13)
    ]
    mean = fmean(rates)
    return tuple(rate / mean for rate in rates)


def _job_id(model: str, severity: Severity) -> str:
    return f"{model}-{severity}"


def _jobs(region: Region, seen: Past) -> tuple[Job, ...]:
    by_job: dict[tuple[str, Severity], list[Case]] = defaultdict(list)
    by_model: dict[str, list[Case]] = defaultdict(list)
    for case in seen.cases:
        by_job[case.model, case.ticket.severity].append(case)
        by_model[case.model].append(case)
    anywhere = _minutes(seen.cases)
    asks = _asked(region)
    parts = _parts(region.field.closed_tickets)
    made = []
    for (model, severity), own in sorted(by_job.items()):
        like = by_model[model]
        minutes = next(
            (row for row in (_minutes(own), _minutes(like), anywhere) if len(row) >= ENOUGH), anywhere
        )
        skills, certificates, tools = asks.get(model, ((), (), ()))
        done = [case for case in like if case.restored_at is not None]
        far = sum(_arrival(case) is None for case in done)
        made.append(
            Job(
                id=_job_id(model, severity),
                work=_spread(minutes),
                severity=severity,
                skills=skills,
                certificates=certificates,
                tools=tools,
                parts=parts.get(model, ()),
                remote=far / len(done) if done else 0.0,
            )
        )
    return tuple(made)


def _arrival(case: Case) -> datetime | None:
    return next((event.at for event in case.events if event.kind is EventKind.ON_SITE), None)


def _minutes(found: Iterable[Case]) -> list[float]:
    """Minutes from arrival to repair, where nothing was waited for."""
    minutes = []
    for case in found:
        arrived_at = _arrival(case)
        if arrived_at is not None and case.restored_at is not None:
            seconds = (case.restored_at - arrived_at).total_seconds()
            if 0 < seconds <= WAITED_S:
                minutes.append(seconds / 60)
    return minutes


def _spread(minutes: Sequence[float]) -> Spread:
    if not minutes:
        return Spread(UNKNOWN_WORK_MIN)
    mean = fmean(minutes)
    return Spread(mean, Shape.LOGNORMAL, pvariance(minutes) / mean**2)


Asks = tuple[tuple[tuple[str, int], ...], tuple[str, ...], tuple[str, ...]]


def _asked(region: Region) -> dict[str, Asks]:
    """What a visit to each model asks for, as most of its open visits do."""
    models = {asset.id: asset.model for asset in region.field.assets}
    of_ticket = {ticket.id: models.get(ticket.asset, "") for ticket in region.field.tickets}
    found: dict[str, Counter[Asks]] = defaultdict(Counter)
    for visit in region.field.visits:
        found[of_ticket.get(visit.ticket, "")][_asks(visit)] += 1
    by_family: dict[str, Counter[Asks]] = defaultdict(Counter)
    for model, counts in found.items():
        by_family[model.split("-")[0]].update(counts)
    return {
        model: _most(found.get(model) or by_family.get(model.split("-")[0]) or Counter())
        for model in {asset.model for asset in region.field.assets}
    }


def _asks(visit: Visit) -> Asks:
    return tuple(sorted(visit.skills)), tuple(sorted(visit.certificates)), tuple(sorted(visit.tools))


def _most(counts: Counter[Asks]) -> Asks:
    return min(counts, key=lambda asks: (-counts[asks], asks)) if counts else ((), (), ())


def _parts(closed: Iterable[ClosedTicket]) -> dict[str, tuple[PartChance, ...]]:
    """Which parts a repair on site of each model took, how often."""
    repairs: Counter[str] = Counter()
    took: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in closed:
        if one.arrived_at is not None:
            repairs[one.model] += 1
            for used in one.parts:
                took[one.model][used.part].append(used.quantity)
    return {
        model: tuple(
            PartChance(part, len(counts) / repairs[model], round(fmean(counts)))
            for part, counts in sorted(parts.items())
        )
        for model, parts in took.items()
    }


def _schemes(region: Region, seen: Past) -> dict[str, tuple[str, str]]:
    """The promise of each asset: that of its newest ticket, else of its customer's contract that promises an arrival."""
    schemes = schemes_of(region.field)
    day = seen.until_at.astimezone(zone(region.settings.zone)).date()
    held: dict[str, list[Contract]] = defaultdict(list)
    for contract in region.field.contracts:
        if contract.holds_on(day):
            held[contract.customer].append(contract)
    customers = {site.id: site.customer for site in region.field.sites}
    newest = {
        case.ticket.asset: (case.ticket.scheme, case.ticket.version)
        for case in seen.cases
        if case.scheme is not None
    }
    found = {}
    for asset in region.field.assets:
        named = newest.get(asset.id) or _promised(held[customers[asset.site]], schemes)
        found[asset.id] = named
    return found


def _promised(contracts: Iterable[Contract], schemes: Mapping[tuple[str, str], Scheme]) -> tuple[str, str]:
    known = [(one.scheme, one.version) for one in contracts if (one.scheme, one.version) in schemes]
    arrives = [named for named in known if Milestone.ARRIVE in schemes[named].milestones]
    return (arrives or known or [("", "")])[0]
