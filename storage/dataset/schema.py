"""Every file of a dataset folder in one list: reading, writing and `docs/dataset.md` all walk it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storage.dataset import (
    agreed_tables,
    claim_tables,
    counter_tables,
    crew_tables,
    desk_tables,
    inspection_tables,
    money_tables,
    owed_tables,
    paper_tables,
    partner_tables,
    practice_text,
    quality_tables,
    road_tables,
    scheme_files,
    stock_tables,
    supply_tables,
    ticket_tables,
    visit_tables,
    workshop_tables,
)
from storage.dataset.head_keys import FILE, SECTIONS
from storage.dataset.table import Column, Table

FIELD: dict[str, Table] = {
    "customers": desk_tables.CUSTOMERS,
    "contracts": desk_tables.CONTRACTS,
    "sites": desk_tables.SITES,
    "assets": desk_tables.ASSETS,
    "engineers": crew_tables.ENGINEERS,
    "skill_catalogue": crew_tables.SKILLS,
    "skills": crew_tables.ENGINEER_SKILLS,
    "certificates": crew_tables.CERTIFICATES,
    "tools": crew_tables.TOOLS,
    "shifts": crew_tables.SHIFTS,
    "absences": crew_tables.ABSENCES,
    "on_call": crew_tables.ON_CALL,
    "positions": road_tables.POSITIONS,
    "partners": partner_tables.PARTNERS,
    "wishes": desk_tables.ENGINEER_WISHES,
    "tickets": ticket_tables.TICKETS,
    "ticket_events": ticket_tables.TICKET_EVENTS,
    "closed_tickets": ticket_tables.CLOSED_TICKETS,
    "visits": visit_tables.VISITS,
    "appointments": visit_tables.APPOINTMENTS,
    "part_needs": visit_tables.PART_REQUIREMENTS,
    "crew_roles": visit_tables.CREW_ROLES,
    "visit_order": visit_tables.VISIT_ORDER,
    "published": visit_tables.PUBLISHED_PLAN,
    "bench_times": workshop_tables.BENCH_TIMES,
    "travel": road_tables.TRAVEL,
    "ticket_loans": owed_tables.TICKET_LOANS,
    "loan_events": owed_tables.LOAN_EVENTS,
    "replaced": owed_tables.REPLACEMENTS,
    "roster_duties": owed_tables.ROSTER_DUTIES,
    "duties_handed_over": owed_tables.DUTIES_HANDED_OVER,
    "escalated": owed_tables.ESCALATIONS,
    "complaints": owed_tables.COMPLAINTS,
    "complaint_events": owed_tables.COMPLAINT_EVENTS,
    "survey_events": owed_tables.SURVEY_EVENTS,
    "preventive_visits": owed_tables.PREVENTIVE_VISITS,
    "preventive_events": owed_tables.PREVENTIVE_EVENTS,
    "borrowings": owed_tables.BORROWINGS,
    "standing_changes": desk_tables.STANDING_CHANGES,
    "findings": money_tables.FINDINGS,
    "charge_events": money_tables.CHARGE_EVENTS,
    "reports": paper_tables.REPORTS,
    "answers": paper_tables.ANSWERS,
    "attachments": paper_tables.ATTACHMENTS,
    "knowledge": paper_tables.KNOWLEDGE,
    "checklist_answers": paper_tables.CHECKLIST_ANSWERS,
    "signatures": paper_tables.SIGNATURES,
    "approvals": paper_tables.APPROVAL_EVENTS,
}
"""Tables by the field of `dispatch.region.Fieldwork` their values go to."""

STOCK: dict[str, Table] = {
    "parts": stock_tables.PARTS,
    "alternates": stock_tables.ALTERNATES,
    "places": stock_tables.PLACES,
    "lots": supply_tables.LOTS,
    "moves": stock_tables.STOCK_MOVES,
    "reservations": stock_tables.RESERVATIONS,
    "suppliers": supply_tables.SUPPLIERS,
    "terms": supply_tables.SUPPLIER_TERMS,
    "purchase_orders": supply_tables.PURCHASE_ORDERS,
    "lot_inspections": quality_tables.LOT_INSPECTIONS,
    "order_drafts": quality_tables.ORDER_DRAFTS,
    "order_steps": quality_tables.ORDER_STEPS,
    "price_breaks": agreed_tables.PRICE_BREAKS,
    "agreements": agreed_tables.SUPPLIER_AGREEMENTS,
    "shipments": agreed_tables.SHIPMENTS,
    "part_classes": inspection_tables.PART_CLASSES,
    "inspection_limits": inspection_tables.INSPECTION_LIMITS,
    "part_checks": inspection_tables.PART_CHECKS,
    "reinspection_rules": inspection_tables.REINSPECTION_RULES,
    "lot_readings": inspection_tables.LOT_READINGS,
    "lots_skipped": inspection_tables.LOTS_SKIPPED,
    "stock_inspections": inspection_tables.STOCK_INSPECTIONS,
    "dispositions": claim_tables.DISPOSITIONS,
    "nonconformances": claim_tables.NONCONFORMANCES,
    "corrective_steps": claim_tables.CORRECTIVE_STEPS,
    "undone": claim_tables.UNDONE,
    "remedy_promises": claim_tables.REMEDY_PROMISES,
    "delivery_notes": claim_tables.DELIVERY_NOTES,
    "loaner_classes": supply_tables.LOANER_CLASSES,
    "loaner_units": supply_tables.LOANER_UNITS,
    "loans": supply_tables.LOANS,
    "loan_checks": counter_tables.LOAN_CHECKS,
    "stock_counts": counter_tables.STOCK_COUNTS,
    "demand_history": supply_tables.DEMAND_HISTORY,
    "stock_policies": supply_tables.STOCK_POLICY,
    "snoozes": counter_tables.SNOOZES,
    "supply_offers": stock_tables.SUPPLY_OFFERS,
}
"""Tables by the field of `inventory.stockroom.Stockroom` their values go to."""

WITHIN: tuple[Table, ...] = (desk_tables.CALENDAR_DAYS, ticket_tables.REPAIR_HISTORY)
"""Tables whose values become part of another one's."""

TABLES: tuple[Table, ...] = (*FIELD.values(), *STOCK.values(), *WITHIN)
"""In the order their refusals are reported."""

_INTRODUCTION = """# A region as a folder

Made from `storage/dataset` (`FIELDWRIGHT_WRITE_DOCS=1` writes it again; a test compares the two).

A dataset is a folder with `region.toml` and CSV files: UTF-8, commas, one header line, one line a row. Columns may
stand in any order; an optional column may be left out, which is the same as leaving its cells empty. A file that is
not marked *required* may be left out, which is the same as having no rows. A formula in a cell is text.

Moments are ISO 8601 with their UTC offset (`2026-03-06T16:00+08:00`), dates are local to the region and a last day
is still valid, amounts have at most two decimals, lists are separated by `;`. Text has at most 500 characters and no
line breaks. Ids have 1 to 64 letters, digits or `. _ / + -` and start with a letter or digit.

Every refused row is reported as file, line, column, what is wrong and its code; accepted and refused rows add up to
the rows given. `fieldwright check DATASET` says what a folder holds and does nothing else.
"""


def document() -> str:
    """Give the text of `docs/dataset.md`."""
    return "\n".join([_INTRODUCTION, *_toml(), scheme_files.DOCUMENT, practice_text.DOCUMENT, *_csv()])


def _toml() -> Iterator[str]:
    yield f"## {FILE} (required)\n"
    for section in SECTIONS:
        yield f"### `[[{section.name}]]`" if section.repeats else f"### `[{section.name}]`"
        yield f"\n{section.text}\n"
        yield from _columns(section.keys, "key")


def _csv() -> Iterator[str]:
    for table in sorted(TABLES, key=lambda table: table.name):
        yield f"## {table.file}" + (" (required)" if table.required else "")
        key = ", ".join(f"`{name}`" for name in table.key)
        yield f"\n{table.text}" + (f" One row for each {key}.\n" if key else "\n")
        yield from _columns(table.columns, "column")


def _columns(columns: Sequence[Column], heading: str) -> Iterator[str]:
    yield f"| {heading} | type | unit | empty means | meaning |"
    yield "|---|---|---|---|---|"
    for column in columns:
        places = sorted({f"`{reference.table}`" for reference in column.references if not reference.refused})
        found = f" Found in {' or '.join(places)}." if places else ""
        unit, empty = column.unit or "—", column.empty or "refused"
        yield f"| `{column.name}` | {column.kind.name} | {unit} | {empty} | {column.text}{found} |"
    yield ""
