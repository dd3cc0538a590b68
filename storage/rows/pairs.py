"""Which file of a dataset lives in which table, and what its columns are called there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Table as Rows

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
    quality_tables,
    road_tables,
    stock_tables,
    supply_tables,
    ticket_tables,
    visit_tables,
    workshop_tables,
)
from storage.dataset.table import Table
from storage.tables import catalogue, claim, counter, crew, desk, owed, paper, quality, region


@dataclass(frozen=True, slots=True)
class Pair:
    """One file and its table; `renamed`: columns that are words of SQL have another name there."""

    file: Table
    rows: Rows
    renamed: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """Name in the table of a column of the file."""
        return self.renamed.get(name, name)


PAIRS: tuple[Pair, ...] = (
    Pair(desk_tables.CUSTOMERS, desk.CustomerRow),
    Pair(stock_tables.PARTS, catalogue.PartRow),
    Pair(stock_tables.ALTERNATES, catalogue.AlternateRow),
    Pair(stock_tables.PLACES, catalogue.PlaceRow),
    Pair(supply_tables.SUPPLIERS, catalogue.SupplierRow),
    Pair(supply_tables.SUPPLIER_TERMS, catalogue.SupplierTermRow),
    Pair(supply_tables.LOTS, catalogue.LotRow),
    Pair(supply_tables.PURCHASE_ORDERS, catalogue.PurchaseOrderLineRow),
    Pair(quality_tables.LOT_INSPECTIONS, quality.LotInspectionRow),
    Pair(quality_tables.ORDER_DRAFTS, quality.OrderDraftRow),
    Pair(quality_tables.ORDER_STEPS, quality.OrderStepRow),
    Pair(agreed_tables.PRICE_BREAKS, catalogue.PriceBreakRow),
    Pair(agreed_tables.SUPPLIER_AGREEMENTS, claim.SupplierAgreementRow),
    Pair(agreed_tables.SHIPMENTS, claim.ShipmentRow),
    Pair(inspection_tables.PART_CLASSES, quality.PartClassRow),
    Pair(inspection_tables.INSPECTION_LIMITS, quality.InspectionLimitRow),
    Pair(inspection_tables.PART_CHECKS, quality.PartCheckRow),
    Pair(inspection_tables.REINSPECTION_RULES, quality.ReinspectionRuleRow),
    Pair(inspection_tables.LOT_READINGS, quality.LotReadingRow),
    Pair(inspection_tables.LOTS_SKIPPED, quality.LotSkippedRow),
    Pair(inspection_tables.STOCK_INSPECTIONS, quality.StockInspectionRow),
    Pair(claim_tables.DISPOSITIONS, claim.DispositionRow),
    Pair(claim_tables.NONCONFORMANCES, claim.NonConformanceRow),
    Pair(claim_tables.CORRECTIVE_STEPS, claim.CorrectiveStepRow),
    Pair(claim_tables.UNDONE, claim.UndoneRow),
    Pair(claim_tables.REMEDY_PROMISES, claim.RemedyPromiseRow),
    Pair(claim_tables.DELIVERY_NOTES, claim.DeliveryNoteRow),
    Pair(supply_tables.LOANER_CLASSES, catalogue.LoanerClassRow),
    Pair(supply_tables.LOANER_UNITS, catalogue.LoanerUnitRow),
    Pair(supply_tables.LOANS, catalogue.LoanRow),
    Pair(counter_tables.LOAN_CHECKS, counter.LoanCheckRow),
    Pair(counter_tables.STOCK_COUNTS, counter.StockCountRow),
    Pair(supply_tables.DEMAND_HISTORY, catalogue.DemandMonthRow),
    Pair(supply_tables.STOCK_POLICY, catalogue.StockPolicyRow),
    Pair(counter_tables.SNOOZES, counter.SnoozeRow),
    Pair(crew_tables.ENGINEERS, crew.EngineerRow),
    Pair(crew_tables.SKILLS, crew.SkillRow),
    Pair(crew_tables.ENGINEER_SKILLS, crew.EngineerSkillRow),
    Pair(crew_tables.CERTIFICATES, crew.CertificateRow),
    Pair(crew_tables.TOOLS, crew.ToolRow),
    Pair(crew_tables.SHIFTS, crew.ShiftRow),
    Pair(crew_tables.ABSENCES, crew.AbsenceRow),
    Pair(crew_tables.ON_CALL, crew.OnCallRow),
    Pair(road_tables.TRAVEL, crew.TravelPairRow),
    Pair(road_tables.POSITIONS, crew.PositionRow),
    Pair(partner_tables.PARTNERS, crew.PartnerRow),
    Pair(desk_tables.CONTRACTS, desk.ContractRow),
    Pair(desk_tables.SITES, desk.SiteRow),
    Pair(desk_tables.ENGINEER_WISHES, desk.EngineerWishRow),
    Pair(desk_tables.ASSETS, desk.AssetRow),
    Pair(desk_tables.CALENDAR_DAYS, region.CalendarDayRow, {"on": "on_day"}),
    Pair(ticket_tables.TICKETS, desk.TicketRow),
    Pair(ticket_tables.TICKET_EVENTS, desk.TicketEventRow),
    Pair(ticket_tables.CLOSED_TICKETS, desk.ClosedTicketRow),
    Pair(ticket_tables.REPAIR_HISTORY, desk.ClosedTicketPartRow),
    Pair(visit_tables.VISITS, desk.VisitRow),
    Pair(visit_tables.APPOINTMENTS, desk.AppointmentRow, {"from": "from_at", "until": "until_at"}),
    Pair(visit_tables.PART_REQUIREMENTS, desk.PartNeedRow),
    Pair(visit_tables.CREW_ROLES, desk.CrewRoleRow),
    Pair(visit_tables.VISIT_ORDER, desk.VisitOrderRow),
    Pair(visit_tables.PUBLISHED_PLAN, desk.PublishedStopRow),
    Pair(workshop_tables.BENCH_TIMES, desk.BenchTimeRow),
    Pair(stock_tables.SUPPLY_OFFERS, catalogue.SupplyOfferRow),
    Pair(owed_tables.TICKET_LOANS, owed.TicketLoanRow),
    Pair(owed_tables.LOAN_EVENTS, owed.LoanEventRow),
    Pair(owed_tables.REPLACEMENTS, owed.ReplacementRow),
    Pair(owed_tables.ROSTER_DUTIES, owed.RosterDutyRow),
    Pair(owed_tables.DUTIES_HANDED_OVER, owed.DutyHandedOverRow),
    Pair(owed_tables.ESCALATIONS, owed.EscalationRow),
    Pair(owed_tables.COMPLAINTS, owed.ComplaintRow),
    Pair(owed_tables.COMPLAINT_EVENTS, owed.ComplaintEventRow),
    Pair(owed_tables.SURVEY_EVENTS, owed.SurveyEventRow),
    Pair(owed_tables.PREVENTIVE_VISITS, owed.PreventiveVisitRow, {"on": "on_day"}),
    Pair(owed_tables.PREVENTIVE_EVENTS, owed.PreventiveEventRow, {"on": "on_day"}),
    Pair(owed_tables.BORROWINGS, owed.BorrowingRow),
    Pair(desk_tables.STANDING_CHANGES, paper.StandingChangeRow),
    Pair(money_tables.FINDINGS, paper.FindingRow),
    Pair(money_tables.CHARGE_EVENTS, paper.ChargeEventRow),
    Pair(paper_tables.REPORTS, paper.ReportRow),
    Pair(paper_tables.ANSWERS, paper.AnswerRow),
    Pair(paper_tables.ATTACHMENTS, paper.AttachmentRow),
    Pair(paper_tables.KNOWLEDGE, paper.KnowledgeRow),
    Pair(paper_tables.CHECKLIST_ANSWERS, paper.ChecklistAnswerRow),
    Pair(paper_tables.SIGNATURES, paper.SignatureRow),
    Pair(paper_tables.APPROVAL_EVENTS, paper.ApprovalEventRow),
)
"""In an order in which what is referred to comes first. Moves and reservations belong to the ledger's tables."""
