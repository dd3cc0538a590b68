"""The summary as plain JSON values, for `--json` and for programs: ids, ISO moments, amounts as text."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from api.report import wording
from api.report.stories import stories
from api.report.view import Report
from api.text import Lang
from kernel.money import from_cents


def summary_json(report: Report, lang: Lang, /) -> dict[str, Any]:
    """Give the key figures, what to do, and the stories of a plan.

    Args:
        report: the plan and what it was made from.
        lang: language of the sentences; everything else is the same in both.

    Returns:
        Values `json` can write: seconds and metres as whole numbers, moments as ISO 8601 in local time, money
        as text with two decimals, shares from 0 to 1 or null.
    """
    figures, settings = report.figures, report.board.region.settings
    return {
        "region": settings.id,
        "now": _at(report, 0),
        "zone": settings.zone,
        "currency": settings.currency,
        "problem_digest": report.problem.digest,
        "visits": figures.visits,
        "planned": figures.planned,
        "routes": figures.routes,
        "engineers": figures.engineers,
        "left_out": [
            {
                "visit": row.visit,
                "known": row.known.value,
                "code": row.reason.code,
                "values": dict(row.reason.params),
                "text": wording.reason(report, report.visit[row.visit], lang),
            }
            for row in figures.left_out
        ],
        "changes": report.change_counts,
        "calls": [
            {
                "visit": change.visit,
                "site": report.visit[change.visit].site,
                "kind": change.kind.value,
                "told_at": report.here(change.old[1]).isoformat() if change.old else None,
                "new_at": report.here(change.new[1]).isoformat() if change.new else None,
                "engineer": report.visit[change.visit].engineer or None,
            }
            for change in report.calls
        ],
        "attainment": [
            {
                "milestone": row.milestone.value,
                "met": row.met,
                "late": row.late,
                "left_out": row.left_out,
                "undecided": row.undecided,
                "total": row.total,
                "share": None if row.share is None else round(row.share, 4),
            }
            for row in figures.attainment
        ],
        "travel_s": figures.travel_s,
        "distance_m": figures.distance_m,
        "overtime_s": figures.overtime_s,
        "pick_ups": [
            {
                "store": row.store,
                "at": _at(report, row.at_s),
                "engineer": row.engineer,
                "shift": row.shift,
                "part": row.part,
                "tool": row.tool,
                "quantity": row.quantity,
            }
            for row in figures.pick_ups
        ],
        "deliveries": [
            {
                "offer": row.offer,
                "kind": row.kind,
                "from_store": row.from_store,
                "part": row.part,
                "quantity": row.quantity,
                "visit": row.visit,
                "arrives_at": _at(report, row.arrives_s),
                "price": _money(row.cents),
            }
            for row in figures.deliveries
        ],
        "loaners": [
            {
                "unit": row.unit,
                "loaner_class": row.loaner_class,
                "store": row.store,
                "visit": row.visit,
                "by": row.by.value,
                "stands_at": _at(report, row.stands_s),
            }
            for row in figures.loaners
        ],
        "given_away": [
            {
                "visit": row.visit,
                "partner": row.partner,
                "starts_at": _at(report, row.start_s),
                "ends_at": _at(report, row.end_s),
                "price": _money(row.cents),
            }
            for row in figures.given_away
        ],
        "fetched": [
            {
                "unit": row.unit,
                "visit": row.visit,
                "shift": row.shift,
                "engineer": row.engineer,
                "at": _at(report, row.at_s),
            }
            for row in figures.fetched
        ],
        "reorder": [
            {
                "part": row.part,
                "place": row.place,
                "quantity": row.quantity,
                "source": row.source.value,
                "from_place": row.from_place,
                "supplier": row.supplier,
                "arrives_at": report.here(row.arrives_at).isoformat() if row.arrives_at else None,
                "cost": f"{row.cost:.2f}",
                "urgency": row.urgency.value,
            }
            for row in report.proposals
        ],
        "cost": {
            "terms": {
                name: _money(cents)
                for name, cents in asdict(figures.terms).items()
                if name not in {"measure", "vehicles"}
            },
            "total": _money(figures.terms.total),
        },
        "stories": [
            {
                "kind": told.story.kind,
                "ids": list(told.story.ids),
                "holds": told.holds,
                "code": told.sentence.code,
                "values": dict(told.sentence.params),
                "text": report.tell(told.sentence, lang),
                "visit": told.visit or None,
            }
            for told in stories(report)
        ],
    }


def _at(report: Report, tick: int) -> str:
    return report.local(tick).isoformat()


def _money(cents: int) -> str:
    return str(from_cents(cents))
