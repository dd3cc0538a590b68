"""Which tables a report of measures has, and what stands in them."""

from __future__ import annotations

from api.report.measures.managers import engineers, misses, renewals
from api.report.measures.sheet import SHARE, TICKETS, Cell, Column, Shape, Sheet
from dispatch.measures import Measures
from dispatch.measures.promises import EXCLUDED, By, Version
from dispatch.measures.restore import LOGISTIC, Phase, RestoreTime
from dispatch.measures.trend import Trend
from kernel.money import from_cents

Followed = Measures | Trend
"""What a table can be made of that is followed over time."""


def sheets(found: Measures, /) -> tuple[Sheet, ...]:
    """Give every table, in the order a report shows them; one without rows is kept, and says so."""
    return (
        figures(found),
        attainment(found),
        exclusions(found),
        misses(found),
        words_kept(found),
        restore(found),
        solve_targets(found),
        first_time_fix(found),
        causes(found),
        backlog(found),
        expiring(found),
        renewals(found),
        utilisation(found),
        engineers(found),
        standby(found),
        stock_fill(found),
        loaner_days(found),
        breach_exposure(found),
        satisfaction(found),
        complaints(found),
    )


def figures(found: Followed, /) -> Sheet:
    """The headline: one row a figure, with the number it was taken from."""
    rows: list[tuple[Cell, ...]] = [
        (f"attained_{row.milestone}", row.share, row.attained + row.breached)
        for row in found.attainment
        if row.by is By.ALL and row.version is Version.LAST and row.share is not None
    ]
    fix, repeats = found.first_time_fix, found.repeats
    rows += [
        ("first_time_fix", fix.share, fix.decided),
        ("held", fix.held_share, fix.total),
        ("repeats", repeats.share, repeats.known),
    ]
    if isinstance(found, Measures) and found.working_time:
        rows.append(("utilisation", found.working_time[-1].share, len(found.working_time) - 1))
    if found.shelf_fill:
        rows.append(("shelf_fill", found.shelf_fill[0].share, found.shelf_fill[0].kept))
    if found.satisfied:
        rows.append(("satisfied", found.satisfied[0].found.share, found.satisfied[0].found.n))
    rows.append(("job_fill", found.job_fill.share, found.job_fill.at_once + found.job_fill.waited))
    columns = (Column("figure", Shape.WORD, "measure.figure_"), SHARE, Column("of", Shape.COUNT))
    return Sheet("figures", columns, tuple(rows))


def attainment(found: Followed, /) -> Sheet:
    """Promises kept, by milestone and group, both versions."""
    columns = (
        Column("milestone", Shape.WORD, "milestone."),
        Column("by", Shape.WORD, "measure.by_", detail=True),
        Column("group", all_word=True, detail=True),
        Column("version", Shape.WORD, "measure.version_"),
        Column("attained", Shape.COUNT),
        Column("breached", Shape.COUNT),
        Column("open", Shape.COUNT),
        Column("excluded", Shape.COUNT),
        SHARE,
    )
    rows = tuple(
        (
            row.milestone,
            row.by,
            row.group,
            row.version,
            row.attained,
            row.breached,
            row.open,
            row.excluded,
            row.share,
        )
        for row in found.attainment
        if row.milestone is not None
    )
    return Sheet("attainment", columns, rows)


def exclusions(found: Measures, /) -> Sheet:
    """Why promises were not counted, by the last promise."""
    columns = (
        Column("milestone", Shape.WORD, "milestone."),
        Column("reason", Shape.WORD, "measure.outcome_"),
        Column("promises", Shape.COUNT),
    )
    rows = tuple(
        (row.milestone, reason, row.counts[reason])
        for row in found.attainment
        for reason in EXCLUDED
        if row.by is By.ALL and row.version is Version.LAST and row.counts[reason]
    )
    return Sheet("exclusions", columns, rows)


def words_kept(found: Measures, /) -> Sheet:
    """Arrivals at the time told."""
    columns = (
        Column("version", Shape.WORD, "measure.version_"),
        Column("attained", Shape.COUNT),
        Column("breached", Shape.COUNT),
        Column("open", Shape.COUNT),
        Column("no_longer_needed", Shape.COUNT),
        SHARE,
    )
    rows = tuple(
        (row.version, row.attained, row.breached, row.open, row.no_longer_needed, row.share)
        for row in found.words_kept
        if row.total
    )
    return Sheet("words_kept", columns, rows)


def restore(found: Followed, /) -> Sheet:
    """Time to restore and its split."""
    columns = (
        Column("severity", all_word=True),
        TICKETS,
        Column("mean", Shape.SECONDS),
        Column("median", Shape.SECONDS),
        Column("split_tickets", Shape.COUNT),
        Column("split_mean", Shape.SECONDS),
        Column("reaction", Shape.SECONDS),
        Column("travel", Shape.SECONDS),
        Column("work", Shape.SECONDS),
        Column("logistic", Shape.SECONDS),
        *(Column(f"logistic_{phase}", Shape.SECONDS, detail=True) for phase in LOGISTIC),
    )
    return Sheet("restore", columns, tuple(_restored(row) for row in found.restore))


def _restored(row: RestoreTime) -> tuple[Cell, ...]:
    whole = (row.severity, row.tickets, row.mean_s, row.median_s, row.split)
    if not row.split:
        return (*whole, *([None] * 9))
    spent = row.mean_by_phase
    return (
        *whole,
        row.split_mean_s,
        spent[Phase.REACTION],
        spent[Phase.TRAVEL],
        spent[Phase.WORK],
        row.logistic_s,
        *(spent[phase] for phase in LOGISTIC),
    )


def solve_targets(found: Measures, /) -> Sheet:
    """Mean time to solve against what schemes promise."""
    columns = (
        Column("scheme"),
        TICKETS,
        Column("mean", Shape.SECONDS),
        Column("target", Shape.SECONDS),
        Column("verdict", Shape.WORD, "measure.verdict_"),
    )
    rows = tuple(
        (row.scheme, row.tickets, row.mean_s, row.target_s, "reached" if row.kept else "missed")
        for row in found.solve_targets
    )
    return Sheet("solve_targets", columns, rows)


def first_time_fix(found: Followed, /) -> Sheet:
    """What became of repairs whose days of waiting for a return ended in the period."""
    fix = found.first_time_fix
    rows: list[tuple[Cell, ...]] = (
        [(word, number) for word, number in fix.counts.items()] if fix.total else []
    )
    return Sheet("first_time_fix", (Column("became", Shape.WORD, "measure.fix_"), TICKETS), tuple(rows))


def causes(found: Measures, /) -> Sheet:
    """Causes, most frequent first."""
    columns = (Column("cause"), TICKETS, SHARE, Column("running", Shape.SHARE))
    return Sheet(
        "causes", columns, tuple((row.cause, row.tickets, row.share, row.running) for row in found.causes)
    )


def backlog(found: Measures, /) -> Sheet:
    """Open tickets by age."""
    columns = (Column("from_days", Shape.COUNT), Column("until_days", Shape.COUNT), TICKETS)
    rows = tuple((row.from_days, row.until_days, row.tickets) for row in found.backlog.groups)
    return Sheet("backlog", columns, rows if found.backlog.tickets else ())


def expiring(found: Measures, /) -> Sheet:
    """Papers that run out."""
    columns = (
        Column("last_on", Shape.DAY),
        Column("days_left", Shape.DAYS),
        Column("paper", Shape.WORD, "measure.paper_"),
        Column("engineer"),
        Column("name"),
        Column("serial"),
    )
    rows = tuple(
        (row.last_on, row.days_left, row.paper, row.engineer, row.name, row.serial) for row in found.expiring
    )
    return Sheet("expiring", columns, rows)


def utilisation(found: Measures, /) -> Sheet:
    """Engineers' time."""
    columns = (
        Column("engineer", all_word=True),
        Column("present", Shape.SECONDS),
        Column("travel", Shape.SECONDS),
        Column("work", Shape.SECONDS),
        Column("outside", Shape.SECONDS),
        SHARE,
    )
    rows = tuple(
        (row.engineer, row.present_s, row.travel_s, row.work_s, row.outside_s, row.share)
        for row in (*found.working_time[-1:], *found.working_time[:-1])
    )
    return Sheet("utilisation", columns, rows)


def standby(found: Measures, /) -> Sheet:
    """Time on call."""
    columns = (
        Column("person"),
        Column("role", Shape.WORD, "ladder_role."),
        Column("standby", Shape.SECONDS),
        Column("first_called", Shape.SECONDS),
    )
    rows = tuple((row.person, row.role, row.standby_s, row.first_s) for row in found.standby)
    return Sheet("standby", columns, rows)


def stock_fill(found: Followed, /) -> Sheet:
    """What is to be kept, and what of it is there."""
    columns = (
        Column("place", all_word=True),
        Column("kept", Shape.COUNT),
        Column("filled", Shape.COUNT),
        SHARE,
    )
    rows = tuple((row.place, row.kept, row.filled, row.share) for row in found.shelf_fill)
    return Sheet("stock_fill", columns, rows)


def loaner_days(found: Followed, /) -> Sheet:
    """Loans."""
    columns = (
        Column("loaner_class", all_word=True),
        Column("units", Shape.COUNT),
        Column("loans", Shape.COUNT),
        Column("days", Shape.DAYS),
        Column("overdue", Shape.COUNT),
        Column("cost", Shape.MONEY),
    )
    rows = tuple(
        (row.loaner_class, row.units, row.loans, row.days, row.overdue, row.cost) for row in found.loaner_days
    )
    return Sheet("loaner_days", columns, rows)


def breach_exposure(found: Measures, /) -> Sheet:
    """What lateness costs."""
    columns = (
        Column("scheme", all_word=True),
        Column("milestone", Shape.WORD, "milestone."),
        Column("late", Shape.COUNT),
        Column("will_be_late", Shape.COUNT),
        Column("actual", Shape.AMOUNT),
        Column("forecast", Shape.AMOUNT),
        Column("currency"),
    )
    rows = tuple(
        (
            row.scheme,
            row.milestone,
            row.late,
            row.will_be_late,
            from_cents(row.actual_cents),
            from_cents(row.forecast_cents),
            row.currency,
        )
        for row in found.breach_costs
    )
    return Sheet("breach_exposure", columns, rows)


def satisfaction(found: Followed, /) -> Sheet:
    """Scores with their interval."""
    columns = (
        Column("scheme", all_word=True),
        Column("sent", Shape.COUNT),
        Column("answers", Shape.COUNT),
        Column("mean_score", Shape.SCORE, detail=True),
        Column("satisfied", Shape.COUNT),
        SHARE,
        Column("low", Shape.SHARE),
        Column("high", Shape.SHARE),
        Column("target_share", Shape.SHARE),
        Column("verdict", Shape.WORD, "measure.verdict_"),
    )
    rows = tuple(
        (
            row.scheme,
            row.found.sent,
            row.found.n,
            row.found.mean,
            row.found.satisfied,
            row.found.share,
            row.found.low,
            row.found.high,
            row.target_percent / 100 if row.target_percent else None,
            row.found.verdict if row.target_percent else None,
        )
        for row in found.satisfied
    )
    return Sheet("satisfaction", columns, rows)


def complaints(found: Measures, /) -> Sheet:
    """Complaints by their clocks."""
    columns = (
        Column("step", Shape.WORD, "measure.complaint_"),
        Column("attained", Shape.COUNT),
        Column("breached", Shape.COUNT),
        Column("open", Shape.COUNT),
        Column("withdrawn", Shape.COUNT),
        Column("not_promised", Shape.COUNT),
        SHARE,
    )
    rows = tuple(
        (row.step, row.met, row.breached, row.running, row.cancelled, row.not_promised, row.share)
        for row in found.complaints
    )
    return Sheet("complaints", columns, rows)
