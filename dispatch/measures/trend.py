"""The same measures over several periods, one after another: how things went from day to day, week to week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatch.desk.scheme import Scheme
from dispatch.measures.case import cases
from dispatch.measures.period import Period
from dispatch.measures.promises import Attainment, attainment, judged
from dispatch.measures.restore import RestoreTime, restore_times, restored
from dispatch.measures.returns import FirstTimeFix, Repeats, first_time_fix, repeats
from dispatch.measures.stock import JobFill, LoanerDays, ShelfFill, job_fill, loaner_days, shelf_fill
from dispatch.measures.took_parts import took_parts
from dispatch.measures.voices import Satisfied, satisfied
from dispatch.region import Region


@dataclass(frozen=True, slots=True)
class Trend:
    """What of `Measures` is followed over time, for one period; its fields are those of the same names there."""

    period: Period
    attainment: tuple[Attainment, ...]
    restore: tuple[RestoreTime, ...]
    first_time_fix: FirstTimeFix
    repeats: Repeats
    job_fill: JobFill
    shelf_fill: tuple[ShelfFill, ...]
    loaner_days: tuple[LoanerDays, ...]
    satisfied: tuple[Satisfied, ...]


def trend(
    region: Region,
    schemes: Mapping[tuple[str, str], Scheme],
    periods: Iterable[Period],
    /,
    *,
    return_days: int,
) -> tuple[Trend, ...]:
    """Measure each of several periods that are judged at one moment, in the order given.

    Args:
        region: the facts.
        schemes: by id and version.
        periods: whole local days, all with the same `now`.
        return_days: days that must pass without a return.
    """
    listed = list(periods)
    if not listed:
        return ()
    field = region.field
    # The tickets are folded once: every period is judged as of the same moment.
    known = cases(region, schemes, now=listed[0].now)
    calendars = {calendar.id: calendar for calendar in field.calendars}
    took = took_parts(region, known)
    vans = {engineer.van: engineer.id for engineer in field.engineers if engineer.van}
    return tuple(
        Trend(
            period=one,
            attainment=attainment(judged(known, calendars, one)),
            restore=restore_times(restored(known, one)),
            first_time_fix=first_time_fix(known, one, days=return_days),
            repeats=repeats(known, one, days=return_days),
            job_fill=job_fill(known, took, one),
            shelf_fill=shelf_fill(region.stock, vans, now=one.until, zone_name=region.settings.zone),
            loaner_days=loaner_days(region.stock, one),
            satisfied=satisfied(known, field.survey_events, one),
        )
        for one in listed
    )
