"""What was promised and what was done, in figures: pure, from the facts of a region. Definitions: docs/measures.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.attendance import watches_of
from dispatch.desk.scheme import Scheme
from dispatch.measures.backlog import Backlog, backlog
from dispatch.measures.case import cases
from dispatch.measures.engineers import Scorecard, scorecards
from dispatch.measures.expiring import Expiring, expiring
from dispatch.measures.exposure import BreachCost, breach_costs
from dispatch.measures.misses import Miss, misses
from dispatch.measures.period import Period
from dispatch.measures.promises import Attainment, attainment, judged
from dispatch.measures.renewals import Renewal, renewals
from dispatch.measures.restore import RestoreTime, restore_times, restored
from dispatch.measures.returns import CauseCount, FirstTimeFix, Repeats, causes, first_time_fix, repeats
from dispatch.measures.standby import Standby, standbys
from dispatch.measures.stock import JobFill, LoanerDays, ShelfFill, job_fill, loaner_days, shelf_fill
from dispatch.measures.targets import SolveTarget, solve_targets
from dispatch.measures.took_parts import took_parts
from dispatch.measures.voices import ComplaintCount, Satisfied, complaint_counts, satisfied
from dispatch.measures.words_kept import WordsKept, words_kept
from dispatch.measures.working_time import WorkingTime, working_times
from dispatch.region import Region
from kernel.clock import zone

RETURN_DAYS = 14
"""Days without a return after which a repair counts as one that held, unless somebody says otherwise."""
EXPIRING_DAYS = 60
"""Days ahead in which papers that run out are listed, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures of one region and period.

    Args:
        reported: tickets reported in the period; `without_scheme` of them have no known promises.
        attainment: promises kept, by milestone and by scheme, severity and area.
        misses: promises that fell due in the period and were not kept.
        words_kept: arrivals at the told time, first and last told.
        restore: time to restore and its split, all and by severity.
        solve_targets: mean time to solve where a scheme promises one.
        first_time_fix, repeats, causes: did the repairs hold, and what was it.
        backlog: what was open at the end.
        expiring: certificates and calibrations that run out.
        renewals: contracts that do.
        working_time: utilisation by engineer, then all.
        engineers: scorecards, all together first.
        standby: time on call by person and role.
        job_fill, shelf_fill: parts there when needed; parts there now.
        loaner_days: all classes, then each.
        breach_costs: exposure in money, each currency, then each scheme and milestone.
        satisfied: scores with n and interval, all schemes, then each.
        complaints: by their two clocks.
    """

    period: Period
    reported: int
    without_scheme: int
    attainment: tuple[Attainment, ...]
    misses: tuple[Miss, ...]
    words_kept: tuple[WordsKept, ...]
    restore: tuple[RestoreTime, ...]
    solve_targets: tuple[SolveTarget, ...]
    first_time_fix: FirstTimeFix
    repeats: Repeats
    causes: tuple[CauseCount, ...]
    backlog: Backlog
    expiring: tuple[Expiring, ...]
    renewals: tuple[Renewal, ...]
    working_time: tuple[WorkingTime, ...]
    engineers: tuple[Scorecard, ...]
    standby: tuple[Standby, ...]
    job_fill: JobFill
    shelf_fill: tuple[ShelfFill, ...]
    loaner_days: tuple[LoanerDays, ...]
    breach_costs: tuple[BreachCost, ...]
    satisfied: tuple[Satisfied, ...]
    complaints: tuple[ComplaintCount, ...]


def measures(
    region: Region,
    schemes: Mapping[tuple[str, str], Scheme],
    period: Period,
    /,
    *,
    return_days: int = RETURN_DAYS,
    expiring_days: int = EXPIRING_DAYS,
) -> Measures:
    """Measure a region over a period, judged at the period's `now`.

    Args:
        region: the facts.
        schemes: by id and version.
        period: whole local days.
        return_days: days that must pass without a return.
        expiring_days: days after `now` in which papers and contracts that run out are listed.
    """
    field, settings = region.field, region.settings
    known = cases(region, schemes, now=period.now)
    then = known if period.until == period.now else cases(region, schemes, now=period.until)
    reported = [case for case in known if case.ticket.reported_at in period]
    without_scheme = sum(case.scheme is None for case in reported)
    calendars = {calendar.id: calendar for calendar in field.calendars}
    done = restored(known, period)
    today = period.now.astimezone(zone(settings.zone)).date()
    working = working_times(field.shifts, field.absences, field.ticket_events, period)
    return Measures(
        period=period,
        reported=len(reported),
        without_scheme=without_scheme,
        attainment=attainment(judged(known, calendars, period), without_scheme=without_scheme),
        misses=misses(known, calendars, period),
        words_kept=words_kept(known, period, tolerance_min=settings.policy.tolerance_min),
        restore=restore_times(done),
        solve_targets=solve_targets(done),
        first_time_fix=first_time_fix(known, period, days=return_days),
        repeats=repeats(known, period, days=return_days),
        causes=causes(known, period),
        backlog=backlog(then, period),
        expiring=expiring(
            field.certificates,
            field.tools,
            today=today,
            within_days=expiring_days,
        ),
        renewals=renewals(
            field.contracts,
            known,
            (event for event in field.charge_events if event.at <= period.now),
            schemes,
            calendars,
            now=period.now,
            today=today,
            within_days=expiring_days,
        ),
        working_time=working,
        engineers=scorecards(
            known,
            calendars,
            working,
            period,
            engineers=(engineer.id for engineer in field.engineers),
            days=return_days,
        ),
        standby=standbys(watches_of(field), calendars, period),
        job_fill=job_fill(known, took_parts(region, known), period),
        shelf_fill=shelf_fill(
            region.stock,
            {engineer.van: engineer.id for engineer in field.engineers if engineer.van},
            now=period.until,
            zone_name=settings.zone,
        ),
        loaner_days=loaner_days(region.stock, period),
        breach_costs=breach_costs(known, calendars, period),
        satisfied=satisfied(known, field.survey_events, period),
        complaints=complaint_counts(field.complaints, field.complaint_events, schemes, calendars, period),
    )
