"""`visits.csv`: one row a visit, planned or left out, for a spreadsheet."""

from __future__ import annotations

from api.report import wording
from api.report.spreadsheet import spreadsheet
from api.report.view import Report, VisitView
from api.text import Lang
from dispatch.desk.milestone import Milestone

COLUMNS = (
    "visit_id",
    "ticket_id",
    "severity",
    "site_id",
    "site",
    "customer",
    "trip",
    "role",
    "engineer_id",
    "partner_id",
    "shift_id",
    "arrives_at",
    "starts_at",
    "ends_at",
    "arrive_due",
    "repair_due",
    "substitute_due",
    "spare_min",
    "state",
    "lock",
    "supply",
    "loaner",
    "fetches",
    "reason_code",
    "reason_known",
    "reason",
)
"""Header of the file; times are local ISO 8601 with offset, `spare_min` whole minutes, negative when late."""


def visits_csv(report: Report, lang: Lang, /) -> str:
    """Give the file's text; sentences in `lang`, columns and codes the same in both."""
    return spreadsheet(COLUMNS, (_row(report, visit, lang) for visit in report.visits))


def _row(report: Report, visit: VisitView, lang: Lang) -> tuple[str | int, ...]:
    stop, done, missing, spare_s = visit.stop, visit.done, visit.missing, visit.spare_s
    return (
        visit.id,
        visit.ticket,
        visit.severity,
        visit.site,
        visit.site_name,
        visit.customer,
        stop.trip if stop else "",
        stop.role if stop else "",
        visit.engineer,
        visit.partner.partner if visit.partner else "",
        visit.shift,
        _at(report, stop.arrive_s if stop else None),
        _at(report, done.start_s if done else None),
        _at(report, done.end_s if done else None),
        _at(report, visit.due_s(Milestone.ARRIVE)),
        _at(report, visit.due_s(Milestone.REPAIR)),
        _at(report, visit.due_s(Milestone.SUBSTITUTE)),
        "" if spare_s is None else spare_s // 60,
        visit.state.value,
        visit.lock.value,
        "; ".join(wording.supplies(report, visit, lang)),
        wording.loaner(report, visit, lang),
        ";".join(stop.fetches) if stop else "",
        missing.reason.code if missing else "",
        missing.known.value if missing else "",
        wording.reason(report, visit, lang),
    )


def _at(report: Report, tick: int | None) -> str:
    return "" if tick is None else report.local(tick).isoformat()
