"""What suppliers send, answer for and owe, and stock looked at again, over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.moves import ReferenceIn
from api.wire.bounds import CountIn, DayIn, IdIn, In, Lax, LineIn, MaybeIdIn, MomentIn, Out, TextIn, UnitsIn
from inventory.stock.loan import CheckStep
from inventory.supply.defective import NextStep
from inventory.supply.disposition import SupplierRemedy
from inventory.supply.ordering import OrderState
from inventory.supply.sampling import Level
from inventory.supply.switching import Inspection
from inventory.supply.waiting import Awaited


class ShipmentOut(Out):
    """What a supplier says is on its way; `left`: units of it that have not arrived, `late`: expected before now."""

    shipment: str
    order: str
    supplier: str
    part: str
    quantity: int
    left: int
    sent_at: datetime
    expected_at: datetime
    late: bool


class ShippedLineIn(In):
    """Units of one part of the order."""

    part: IdIn
    quantity: UnitsIn


class ShipmentIn(In):
    """Units of an order have left; a waybill told again for a part replaces what was said of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "shipment": "WB-7731",
                    "lines": [{"part": "P-1", "quantity": 20}],
                    "expected_at": "2026-03-12T12:00:00+08:00",
                }
            ]
        }
    )

    shipment: IdIn
    lines: Annotated[list[ShippedLineIn], Field(min_length=1, max_length=500)]
    sent_at: MomentIn | None = None
    expected_at: MomentIn


class ShippedOut(Out):
    """What was written; `over`: parts of which more is said to be on the way than was ordered."""

    order: str
    shipment: str
    lines: int
    over: list[str]


class LineStandingOut(Out):
    """One part of an order: received = accepted + held + what was decided on.

    `decided`: units that left quarantine by a decision, by way; `promises`: dates confirmed, as they came; `coming`: units
    the supplier says are on their way.
    """

    part: str
    ordered: int
    received: int
    accepted: int
    held: int
    decided: dict[str, int]
    open: int
    complete: bool
    promises: list[datetime]
    coming: int
    late: bool


class OrderStandingOut(Out):
    """An order whole; `cost_cents` null: not written here."""

    order: str
    supplier: str
    place: str
    state: OrderState
    cost_cents: int | None
    currency: str
    made_by: str
    made_by_name: str = ""
    approved_by: str
    approved_by_name: str = ""
    sent_at: datetime | None
    lines: list[LineStandingOut]


class PartStandingOut(Out):
    """How strictly the next lot of a part is inspected, and what that follows from.

    `recent`: the last lots under normal inspection, newest last, whether each was accepted; `points`: earned towards
    reduced inspection; `in_a_row`, `failed`: under tightened inspection; `aql`, `level` null: nothing is laid down;
    `skips`: the next lot may be passed over; `skip_in_a_row` null: every lot is looked at.
    """

    part: str
    inspection: Inspection
    lots: int
    recent: list[bool]
    points: int
    in_a_row: int
    failed: int
    aql: str | None
    level: Level | None
    skips: bool
    skip_in_a_row: int | None


class DutyOut(Out):
    """What a supplier owes for goods sent back; `left`: units still owed.

    `due_at`: as agreed, judged; `promised`: dates named since; `expected_at`: the last of them; `late`: that has passed.
    """

    disposition: str
    document: str
    supplier: str
    part: str
    quantity: int
    left: int
    remedy: SupplierRemedy
    due_at: datetime
    promised: list[datetime]
    expected_at: datetime
    late: bool


class RemedyPromiseIn(In):
    """Another date a supplier names for what it owes for goods sent back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"promised_at": "2026-04-20T08:00:00+08:00"}]})

    promised_at: MomentIn


class RemedyPromisedOut(Out):
    """What is owed and when it is expected now; `due_at`: as agreed."""

    disposition: str
    document: str
    supplier: str
    part: str
    left: int
    due_at: datetime
    expected_at: datetime


class SupplierStandingOut(Out):
    """A supplier whole: how its parts are inspected, what it owes, its reports that are not closed."""

    supplier: str
    at: datetime
    parts: list[PartStandingOut]
    owed: list[DutyOut]
    reports: list[str]


class ReportStepOut(Out):
    """One discipline, D1 to D8; `done_at` null: not yet; `late`: done late, or not done and past due."""

    step: int
    due_at: datetime
    done_at: datetime | None
    done_by: str
    done_by_name: str = ""
    note: str
    late: bool


class CorrectiveReportOut(Out):
    """An 8D report; `waits_for`: the first step not done, null: closed."""

    report: str
    supplier: str
    part: str
    quantity: int
    document: str
    lot: str
    found: str
    source: str
    opened_at: datetime
    opened_by: str
    opened_by_name: str = ""
    waits_for: int | None
    due_at: datetime | None
    late: bool


class CorrectiveReportWholeOut(CorrectiveReportOut):
    """A report with its eight steps."""

    steps: list[ReportStepOut]


class CorrectiveReportIn(In):
    """A report about a lot that was not accepted, or goods a decision was taken on; `source`: id of either."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"report": "8D-12", "source": "DS1", "found": "Too short."}]}
    )

    report: IdIn
    source: IdIn
    found: TextIn = ""
    quantity: UnitsIn | None = None


class StepDueOut(Out):
    """When a step has to be done."""

    step: int
    due_at: datetime


class CorrectiveReportOpenedOut(Out):
    """What was opened, and when each step is due."""

    report: str
    supplier: str
    part: str
    quantity: int
    due: list[StepDueOut]


class ReportStepIn(In):
    """A step is done now; `note` says what."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": 3, "note": "The lot is held back at both depots."}]}
    )

    step: Annotated[int, Field(ge=1, le=8)]
    note: TextIn = ""


class ReportStepTakenOut(Out):
    """What was written; `next` null: the report is closed."""

    report: str
    step: int
    late: bool
    next: int | None
    due_at: datetime | None


class QuarantinedOut(Out):
    """Goods that wait for somebody: `inspect`, `disposition`, or the supplier's `remedy` for what was sent back.

    `place`: where they lie, or lay before they went back; `since`: they came, failed, or went back; `due_at` null: nothing is laid down.
    """

    part: str
    place: str
    lot: str
    quantity: int
    document: str
    supplier: str
    waits_for: Awaited
    since: datetime
    due_at: datetime | None


class DefectiveOut(Out):
    """Damaged units that nobody has decided on; `next`: `bring` them to `to_place`, their van's depot, or put them into `quarantine`."""

    part: str
    place: str
    lot: str
    serial: str
    quantity: int
    since: datetime
    next: NextStep
    to_place: str


class ReinspectionDueOut(Out):
    """Units that have lain too long; `since`: the day they came or were last looked at."""

    part: str
    lot: str
    place: str
    quantity: int
    since: date
    due_on: date
    late_days: int


class ReinspectionIn(In):
    """All usable units of a part and lot at a place were looked at; `bad` of them, or those of `serials`, failed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"document": "RI-4", "part": "P-1", "place": "D1", "bad": 1}]}
    )

    document: Annotated[ReferenceIn, Field(min_length=1)]
    part: IdIn
    place: IdIn
    lot: MaybeIdIn = ""
    bad: CountIn = 0
    serials: Annotated[list[IdIn], Field(max_length=1_000, default_factory=list)]
    quarantine: MaybeIdIn = ""
    adjustment: MaybeIdIn = ""


class ReinspectionOut(Out):
    """What was written down, and the moves of what went to quarantine."""

    inspection: str
    units: int
    bad: int
    moves: list[str]


class CheckInIn(In):
    """A loaner unit comes back; a step that failed says why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": "failed", "reason": "The case is cracked."}]}
    )

    step: Annotated[CheckStep, Lax]
    reason: LineIn = ""
    at: MomentIn | None = None


class CheckedInOut(Out):
    """Where the unit is now; `loan`: the loan that brought it out."""

    unit: str
    loan: str
    step: CheckStep
    state: str


class PickedIn(In):
    """What was listed for the vans of a day was picked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"day": "2026-03-09"}]})

    day: DayIn


class PickedOut(Out):
    """Moves into the vans, and the visits whose shortages were raised to the desk."""

    moves: list[str]
    short: list[str]


class FigureOut(Out):
    """One figure of the practice: where it stands in its file, its value as text, its source."""

    key: str
    value: str
    source: str


class PracticeOut(Out):
    """How the desk works; `own`: the region has a practice of its own, else it is the one that ships."""

    region: str
    own: bool
    figures: list[FigureOut]
