"""Goods that come in over HTTP: receipts, inspections, dispositions."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.moves import ReferenceIn, ScansIn
from api.wire.bounds import CountIn, IdIn, In, Lax, LineIn, MaybeIdIn, Out, UnitsIn
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.sampling import InspectionSeverity, Level
from inventory.supply.switching import Inspection
from inventory.supply.undone import Undoable

SerialsIn = Annotated[list[IdIn], Field(max_length=1_000)]


class WaysIn(In):
    """Places goods go through; what is not named is the region's only place of its kind, the shelf has to be."""

    shelf: IdIn
    supplier_place: MaybeIdIn = ""
    quarantine: MaybeIdIn = ""
    adjustment: MaybeIdIn = ""


class ArrivalIn(In):
    """One line as counted at the door; `rejected` of them are turned away."""

    part: IdIn
    quantity: CountIn
    rejected: CountIn = 0
    lot: MaybeIdIn = ""
    serials: Annotated[SerialsIn, Field(default_factory=list)]


class DeliveryIn(WaysIn):
    """A delivery, listed or scanned; `inspected` are parts that wait for inspection whatever is laid down.

    `document` is the purchase order it came by, or the record of the return it is sent for; where it is neither, `supplier`
    says who sends it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": "PO-118",
                    "shelf": "D1",
                    "lines": [{"part": "P-1", "quantity": 20, "rejected": 1, "lot": "B-2026-07"}],
                    "inspected": ["P-1"],
                }
            ]
        }
    )

    document: Annotated[ReferenceIn, Field(min_length=1)]
    supplier: MaybeIdIn = ""
    lines: Annotated[list[ArrivalIn], Field(max_length=500, default_factory=list)]
    scans: ScansIn
    inspected: Annotated[list[IdIn], Field(max_length=500, default_factory=list)]


class LineRefusedOut(Out):
    """Why a line could not be taken in."""

    code: str
    detail: str


class LineTakenOut(Out):
    """What became of one line; a line that cannot be taken in holds up no other."""

    part: str
    accepted: int
    quarantined: int
    rejected: int
    refused: LineRefusedOut | None


class DeliveryOut(Out):
    """Line by line, and the moves that are new in the ledger."""

    lines: list[LineTakenOut]
    moves: list[str]


class ReadingIn(In):
    """What was found on one unit for one check: a number in the check's unit as text, `yes` or `no`."""

    unit: IdIn
    check: IdIn
    value: Annotated[str, Field(pattern=r"^(yes|no|-?\d{1,9}(\.\d{1,18})?)$")]


class InspectionIn(WaysIn):
    """A lot that waits in quarantine, judged by its sample.

    Of a part that has checks every unit's `readings`; of another the `bad` ones: serials, or numbers in the sample, among
    those `looked_at`. Without `supplier` it is who sent what came by the document. Without `aql` it is inspected as laid down; a `level` goes with an `aql`, II where none is said.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": "PO-118",
                    "shelf": "D1",
                    "part": "P-1",
                    "quantity": 500,
                    "lot": "B-2026-07",
                    "supplier": "S-3",
                    "looked_at": 50,
                    "bad": ["7"],
                }
            ]
        }
    )

    document: ReferenceIn
    part: IdIn
    quantity: UnitsIn
    lot: MaybeIdIn = ""
    serials: Annotated[SerialsIn, Field(default_factory=list)]
    supplier: MaybeIdIn = ""
    aql: Annotated[str, Field(pattern=r"^$|^\d{1,4}(\.\d{1,3})?$")] = ""
    level: Annotated[Level, Lax] | None = None
    looked_at: CountIn | None = None
    readings: Annotated[list[ReadingIn], Field(max_length=20_000, default_factory=list)]
    bad: Annotated[SerialsIn, Field(default_factory=list)]
    again: bool = False
    unsteady: bool = False
    put_right: bool = False


class CheckOut(Out):
    """One thing to look at on every unit of the sample; without limits: yes or no. Limits are decimal text in `unit`."""

    check: str
    name: str
    unit: str
    lower: str | None
    upper: str | None


class SampleOut(Out):
    """How many units of a lot are looked at, and how many bad ones decide; `whole_lot`: every one is."""

    supplier: str
    part: str
    units: int
    aql: str
    severity: InspectionSeverity
    size: int
    accept: int
    reject: int
    whole_lot: bool
    checks: list[CheckOut]


class InspectionOut(Out):
    """The verdict; `next`: how strictly the supplier's next lot of the part is inspected."""

    inspection: str
    accepted: bool
    severity: InspectionSeverity
    size: int
    accept: int
    reject: int
    bad: int
    shelf: int
    held: int
    next: Inspection
    moves: list[str]


class DispositionIn(WaysIn):
    """What goods held in quarantine become; a return says what the supplier owes, a waiver why.

    Where neither `supplier` nor `delivery` (the order or delivery they came by) is said, they are those of the lot inspected last.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": "NC-12",
                    "shelf": "D1",
                    "part": "P-1",
                    "quantity": 20,
                    "lot": "B-2026-07",
                    "way": "return",
                    "remedy": "replace",
                }
            ]
        }
    )

    document: Annotated[ReferenceIn, Field(min_length=1)]
    part: IdIn
    quantity: UnitsIn
    lot: MaybeIdIn = ""
    serial: MaybeIdIn = ""
    supplier: MaybeIdIn = ""
    delivery: ReferenceIn = ""
    way: Annotated[Disposition, Lax]
    remedy: Annotated[SupplierRemedy, Lax] | None = None
    reason: LineIn = ""
    scrap: MaybeIdIn = ""
    workshop: MaybeIdIn = ""


class TakeBackIn(In):
    """What was wrong and is taken back whole.

    `named`: of a receipt the order or delivery note, of which the last delivery goes; else the id of the inspection, disposition
    or re-inspection, or the document of the only one by it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"what": "inspection", "named": "PO-118", "reason": "the wrong lot was looked at"}]
        }
    )

    what: Annotated[Undoable, Lax]
    named: Annotated[str, Field(min_length=1, max_length=80)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class TakenBackOut(Out):
    """What does not count any more, and the moves that took its moves back."""

    undone: str
    moves: list[str]


class DisposedOut(Out):
    """What was decided, and the moves that are new in the ledger."""

    disposition: str
    moves: list[str]
