"""Moves, promises and transfers of stock over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire.bounds import CountIn, IdIn, In, Lax, LineIn, MaybeIdIn, MomentIn, Out, UnitsIn
from inventory.stock.move import Condition

ConditionIn = Annotated[Condition, Lax]
ReferenceIn = Annotated[str, Field(max_length=80)]
"""Paper or record something stands on."""


class MoveOut(Out):
    """A posted move; `seq`: its place in the ledger."""

    seq: int
    move: str
    at: datetime
    part: str
    quantity: int
    from_place: str
    to_place: str
    condition: Condition
    lot: str
    serial: str
    bound_for: str
    reason: str
    by: str
    document: str
    reverses: str
    by_name: str


class MoveLineIn(In):
    """One line of a document: what goes from where to where, under which promise, for whom."""

    part: IdIn
    quantity: UnitsIn
    from_place: IdIn
    to_place: IdIn
    condition: ConditionIn = Condition.USABLE
    lot: MaybeIdIn = ""
    serial: MaybeIdIn = ""
    reason: LineIn = ""
    reservation: ReferenceIn = ""
    customer: MaybeIdIn = ""


class IssueIn(In):
    """Goods handed out or put elsewhere by the lines of a document, all or none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": "WO-77",
                    "lines": [{"part": "P-1", "quantity": 2, "from_place": "D1", "to_place": "W1"}],
                }
            ]
        }
    )

    document: ReferenceIn
    lines: Annotated[list[MoveLineIn], Field(min_length=1, max_length=200)]


class PostedOut(Out):
    """Ids of the moves that are new in the ledger."""

    moves: list[str]


class ReversalIn(In):
    """Why a move is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "wrong shelf"}]})

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class PickIn(In):
    """Units handed out from the lots that run out first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"part": "P-1", "quantity": 2, "from_place": "D1", "to_place": "W1", "document": "WO-77"}
            ]
        }
    )

    part: IdIn
    quantity: UnitsIn
    from_place: IdIn
    to_place: IdIn
    document: ReferenceIn = ""
    reservation: ReferenceIn = ""
    customer: MaybeIdIn = ""
    originals_only: bool = False


class LotsPickedOut(Out):
    """The moves, and how many units of which lot; a lot without a number is empty."""

    moves: list[str]
    lots: list[tuple[str, int]]


class NamedIn(In):
    """One unit as a scanner names it."""

    part: IdIn
    serial: MaybeIdIn = ""
    lot: MaybeIdIn = ""


class ExchangeIn(In):
    """Good for bad: a good unit goes in, the defective one is brought to `returns`, together or not at all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "good": {"part": "P-2", "serial": "SN-9"},
                    "bad": {"part": "P-2", "serial": "SN-1"},
                    "from_place": "W1",
                    "customer_place": "CUSTOMER",
                    "returns": "W1",
                    "document": "WO-77",
                }
            ]
        }
    )

    good: NamedIn
    bad: NamedIn
    from_place: IdIn
    customer_place: MaybeIdIn = ""
    returns: IdIn
    document: ReferenceIn = ""
    reservation: ReferenceIn = ""
    customer: MaybeIdIn = ""


class ChangedIn(In):
    """Goods are in another condition than was thought; `put`: where they go, empty: they stay."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"part": "P-1", "quantity": 1, "place": "D1", "was": "usable", "found": "damaged"}]
        }
    )

    part: IdIn
    quantity: UnitsIn
    place: IdIn
    was: ConditionIn
    found: ConditionIn
    put: MaybeIdIn = ""
    adjustment: MaybeIdIn = ""
    lot: MaybeIdIn = ""
    serial: MaybeIdIn = ""
    document: ReferenceIn = ""


class ReservationOut(Out):
    """Units kept for a demand; `left`: not taken yet."""

    reservation: str
    part: str
    place: str
    quantity: int
    left: int
    demand: str
    expires_at: datetime | None
    lot: str
    serial: str


class ReservationIn(In):
    """Units to keep for a demand; `reservation` is your own number for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reservation": "R-118",
                    "part": "P-1",
                    "place": "D1",
                    "quantity": 2,
                    "demand": "T-20260306-0007/1",
                    "expires_at": "2026-03-08T18:00:00+08:00",
                }
            ]
        }
    )

    reservation: IdIn
    part: IdIn
    place: IdIn
    quantity: UnitsIn
    demand: Annotated[str, Field(min_length=1, max_length=80)]
    expires_at: MomentIn | None = None
    lot: MaybeIdIn = ""
    serial: MaybeIdIn = ""
    customer: MaybeIdIn = ""


class ReservedOut(Out):
    """The reservation that was made."""

    reservation: str


class ReleasedOut(Out):
    """The reservation that was given up, and how many units are free again."""

    reservation: str
    released: int


class GoodsIn(In):
    """Units that are alike, and how many."""

    part: IdIn
    quantity: CountIn
    condition: ConditionIn = Condition.USABLE
    lot: MaybeIdIn = ""
    serial: MaybeIdIn = ""


GoodsListIn = Annotated[list[GoodsIn], Field(max_length=200)]


class ScanIn(In):
    """One pull of the trigger: `scan` is the device's own number for it; sent again it is the same scan."""

    scan: IdIn
    at: MomentIn
    code: Annotated[str, Field(min_length=1, max_length=2_000)]


ScansIn = Annotated[list[ScanIn], Field(max_length=2_000, default_factory=list)]
"""Codes of our labels or GS1 codes; what is scanned stands for what would be listed."""


class TransferIn(In):
    """Goods leave for another place of ours, listed or scanned; `transit` empty: the region's only place for the road."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": "TR-12",
                    "from_place": "D1",
                    "to_place": "D2",
                    "goods": [{"part": "P-1", "quantity": 4}],
                }
            ]
        }
    )

    document: Annotated[str, Field(min_length=1, max_length=80)]
    from_place: IdIn
    to_place: IdIn
    transit: MaybeIdIn = ""
    customer: MaybeIdIn = ""
    carrier: Annotated[
        str, Field(max_length=60, description="The courier it is handed to; empty: our own people.")
    ] = ""
    tracking: Annotated[str, Field(max_length=60, description="The courier's number to follow it by.")] = ""
    goods: Annotated[GoodsListIn, Field(default_factory=list)]
    scans: ScansIn


class ReceiptIn(In):
    """A transfer as counted or scanned at the door; what is left out was not found, a difference becomes an adjustment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"document": "TR-12", "to_place": "D2", "goods": [{"part": "P-1", "quantity": 3}]}]
        }
    )

    document: Annotated[str, Field(min_length=1, max_length=80)]
    to_place: IdIn
    transit: MaybeIdIn = ""
    adjustment: MaybeIdIn = ""
    goods: GoodsListIn | None = None
    scans: ScansIn
    more_follows: bool = False


class OnTheRoadOut(Out):
    """Units sent and not received; `carrier`, `tracking`: the courier's, empty: our own people; `late`: longer than a transfer takes."""

    document: str
    to_place: str
    part: str
    condition: Condition
    lot: str
    serial: str
    quantity: int
    since: datetime
    carrier: str
    tracking: str
    late: bool
