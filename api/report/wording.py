"""The sentences several reports share: days, lengths, why a visit is left out, where its parts come from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from api.report.view import Report, VisitView
from api.text import Lang, label
from api.text.spoken import length, listed
from dispatch.plan import Source, Supply
from dispatch.problem import is_kept, plain_name
from dispatch.publish import Change
from inventory.replenish.reorder import Proposal
from kernel.money import Money


def day(on: date, lang: Lang, /) -> str:
    """A day with its weekday."""
    weekday = label(f"plan.weekday_{on.weekday()}", lang)
    return label("plan.day", lang, weekday=weekday, date=on.isoformat())


def spare(seconds: int | None, lang: Lang, /) -> str:
    """Time left before a deadline, or by how much it is passed; empty without a deadline."""
    if seconds is None:
        return ""
    if seconds < 0:
        return label("plan.late_by", lang, time=length(-seconds, lang))
    return label("plan.spare", lang, time=length(seconds, lang))


def reason(report: Report, visit: VisitView, lang: Lang, /) -> str:
    """Why a visit is left out and how that is known; empty for a planned one."""
    if visit.missing is None:
        return ""
    known = label(f"plan.known_{visit.missing.known.value}", lang)
    said = report.tell(visit.missing.reason, lang)
    return label("plan.reason", lang, reason=said, known=known)


def changes(report: Report, lang: Lang, /) -> str:
    """How many visits the plan adds, moves, leaves out and leaves alone."""
    return label("plan.changes", lang, **report.change_counts)


def call(report: Report, change: Change, lang: Lang, /) -> tuple[str, str, str, str, str]:
    """A customer to call: visit, site, the time told, the new time, who comes; left out: no time and nobody."""
    visit = report.visit[change.visit]
    told = report.clock_at(change.old[1]) if change.old else ""
    new = report.clock_at(change.new[1]) if change.new else label("plan.no_time", lang)
    return visit.id, visit.site_name, told, new, who(visit, lang)


def supplies(report: Report, visit: VisitView, lang: Lang, /) -> tuple[str, ...]:
    """Every part line of a planned visit with where it comes from."""
    if visit.stop is None:
        return ()
    lines = []
    for line in visit.stop.supply:
        if line.source is Source.WITHOUT:
            lines.append(label("plan.without", lang, part=plain_name(line.needed)))
            continue
        source = line.from_id
        if line.source is Source.PICK_UP:
            source = report.place_names.get(line.from_id, line.from_id)
        where = label(f"plan.from_{line.source.value}", lang, source=source)
        lines.append(brought(line, where, lang))
    return tuple(lines)


def brought(line: Supply, where: str, lang: Lang, /) -> str:
    """A part line with where it comes from, and whether it is reserved for its visit."""
    code = "plan.supply_kept" if is_kept(line.part) else "plan.supply"
    return label(code, lang, quantity=line.quantity, part=plain_name(line.part), where=where)


def loaner(report: Report, visit: VisitView, lang: Lang, /) -> str:
    """The loaner of a visit; empty without one."""
    if visit.stop is None or visit.stop.loaner is None:
        return ""
    sent = visit.stop.loaner
    by = label(f"plan.loaner_by_{sent.by.value}", lang)
    return label("plan.loaner_line", lang, unit=sent.unit, by=by, stands=report.clock(sent.stands_s))


def who(visit: VisitView, lang: Lang, /) -> str:
    """Who comes: our engineer, a partner, nobody."""
    if visit.partner is not None:
        return label("plan.partner", lang, partner=visit.partner.partner)
    return visit.engineer or label("plan.nobody", lang)


def fetched(visit: VisitView, lang: Lang, /) -> str:
    """The loaners a visit fetches back; empty without any."""
    units = visit.stop.fetches if visit.stop else ()
    return label("plan.fetches", lang, units=listed(units, lang)) if units else ""


def source(report: Report, proposal: Proposal, lang: Lang, /) -> str:
    """Where a proposal's units come from."""
    place = report.place_names.get(proposal.from_place, proposal.from_place)
    return label(
        f"reorder.source_{proposal.source.value}",
        lang,
        from_place=place,
        supplier=proposal.supplier,
        until=str(proposal.snoozed_until or ""),
    )


def urgency(report: Report, proposal: Proposal, lang: Lang, /) -> str:
    """What happens if nothing is done about a proposal."""
    at = f"{report.here(proposal.breaks_at):%m-%d %H:%M}" if proposal.breaks_at else ""
    return label(f"reorder.urgency_{proposal.urgency.value}", lang, at=at)


def amount(report: Report, value: Decimal, /) -> str:
    """An amount of money with the region's currency."""
    return str(Money(value, report.board.region.settings.currency))


def hours(seconds: int, lang: Lang, /) -> str:
    """A length of time in hours, one decimal."""
    return label("spoken.hours", lang, hours=f"{seconds / 3600:,.1f}")


def kilometres(metres: int, /) -> str:
    """A distance in whole kilometres."""
    return f"{metres / 1000:,.0f} km"


def percent(share: float | None, /) -> str:
    """A share in per cent, one decimal; a dash when nothing is promised."""
    return "–" if share is None else f"{share:.1%}"
