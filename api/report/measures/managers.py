"""The tables a manager looks at first: promises missed, contracts that run out, the engineers' scorecards."""

from __future__ import annotations

from api.report.measures.sheet import SHARE, TICKETS, Column, Shape, Sheet
from dispatch.measures import Measures
from kernel.money import from_cents


def misses(found: Measures, /) -> Sheet:
    """What fell due and was not kept, dearest first."""
    columns = (
        Column("ticket"),
        Column("milestone", Shape.WORD, "milestone."),
        Column("due", Shape.MOMENT),
        Column("ended", Shape.MOMENT, detail=True),
        Column("late_by", Shape.SECONDS),
        Column("spent_on", Shape.WORD, "measure.phase_"),
        Column("cause"),
        Column("severity", detail=True),
        Column("scheme", detail=True),
        Column("area", detail=True),
        Column("amount", Shape.AMOUNT),
        Column("currency"),
    )
    rows = tuple(
        (
            row.ticket,
            row.milestone,
            row.due_at.astimezone(found.period.zone),
            row.ended_at and row.ended_at.astimezone(found.period.zone),
            row.late_s,
            row.spent_on,
            row.cause,
            row.severity,
            row.scheme,
            row.area,
            from_cents(row.cents),
            row.currency,
        )
        for row in found.misses
    )
    return Sheet("misses", columns, rows)


def renewals(found: Measures, /) -> Sheet:
    """Contracts that run out."""
    columns = (
        Column("last_on", Shape.DAY),
        Column("days_left", Shape.DAYS),
        Column("contract"),
        Column("customer"),
        Column("scheme"),
        TICKETS,
        Column("attained", Shape.COUNT, detail=True),
        Column("breached", Shape.COUNT),
        SHARE,
        Column("charged", Shape.AMOUNT),
        Column("lateness", Shape.AMOUNT),
        Column("currency"),
    )
    rows = tuple(
        (
            row.last_on,
            row.days_left,
            row.contract,
            row.customer,
            row.scheme,
            row.tickets,
            row.attained,
            row.breached,
            row.share,
            from_cents(row.charged_cents),
            from_cents(row.late_cents),
            row.currency,
        )
        for row in found.renewals
    )
    return Sheet("renewals", columns, rows)


def engineers(found: Measures, /) -> Sheet:
    """Scorecards."""
    columns = (
        Column("engineer", all_word=True),
        Column("visits", Shape.COUNT),
        Column("fixed_first", Shape.SHARE),
        Column("low", Shape.SHARE, detail=True),
        Column("high", Shape.SHARE, detail=True),
        Column("fixes_judged", Shape.COUNT),
        Column("on_time", Shape.SHARE),
        Column("promised", Shape.COUNT),
        Column("came_back", Shape.SHARE),
        Column("repairs_judged", Shape.COUNT),
        Column("travel_share", Shape.SHARE),
        Column("outside", Shape.SECONDS),
    )
    rows = tuple(
        (
            row.engineer,
            row.visits,
            row.fix_share,
            *(row.fix_interval or (None, None)),
            row.decided,
            row.on_time_share,
            row.promised,
            row.back_share,
            row.judged,
            row.travel_share,
            row.working.outside_s if row.working else None,
        )
        for row in found.engineers
    )
    return Sheet("engineers", columns, rows)
