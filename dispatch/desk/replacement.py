"""Replacements owed for repeat faults, as proposals: what should be moved, what the supplier owes us, what to approve.

Nothing here changes anything: the proposal goes for approval, and what is done about it are facts of their own
(`approval.ApprovalEvent`, moves of the ledger, `repeat_fault.Replaced`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dispatch.desk.approval import ApprovalEvent, ApprovalStep
from dispatch.desk.customer import Asset
from dispatch.desk.practice import ApprovalKind
from dispatch.desk.repeat_fault import Attempt, Replaced, runs, serial_of
from kernel.ids import derived_id


@dataclass(frozen=True, slots=True)
class UnitMove:
    """One unit that should go from one place to another; `serial` empty: any new one of the model."""

    model: str
    serial: str
    from_place: str
    to_place: str
    condition: str
    reason: str


@dataclass(frozen=True, slots=True)
class SupplierClaim:
    """What the supplier of a unit must put right: rectify or replace.

    Args:
        id: follows from the replacement.
        supplier: who delivered it; empty: not known, to be looked up.
        model, serial: the unit.
        problem: the problem's code.
        tickets: the repairs that did not help, in order.
    """

    id: str
    supplier: str
    model: str
    serial: str
    problem: str
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplacementProposal:
    """A new device is owed; somebody with the right to decides.

    Args:
        id: follows from device, problem and the ticket it failed in: proposing again gives the same id.
        ticket: the ticket in which it failed once more.
        asset, serial: the device.
        model: the replacement has to be of the same brand and model, and new.
        problem: the problem's code.
        repairs: the tickets of the repairs that did not help, in order.
        owed_since: when it failed again.
        moves: the old unit to quarantine, a new one to the customer.
        claim: on the supplier.
    """

    id: str
    ticket: str
    asset: str
    serial: str
    model: str
    problem: str
    repairs: tuple[str, ...]
    owed_since: datetime
    moves: tuple[UnitMove, UnitMove]
    claim: SupplierClaim


class Places(NamedTuple):
    """Ids of the places a replacement goes through: the customer's, quarantine, and where new units come from."""

    customer: str
    quarantine: str
    shelf: str


def proposals(
    asset: Asset,
    found: Iterable[Attempt],
    replaced: Iterable[Replaced],
    now: datetime,
    *,
    most_repairs: int,
    places: Places,
    suppliers: Mapping[str, str] | None = None,
) -> tuple[ReplacementProposal, ...]:
    """Propose the replacements owed for one asset.

    Args:
        asset: the asset.
        found: its faults, of all serials it had.
        replaced: replacements so far; a serial that was replaced is owed nothing any more.
        now: aware.
        most_repairs: the scheme's figure; 0: the scheme promises no replacement.
        places: where the units go.
        suppliers: who delivered a unit, by serial; absent: not known.

    Returns:
        Proposals in order of time; none where the device has no serial, since nobody could say which it was.
    """
    serial = serial_of(asset, replaced, now)
    if not most_repairs or not serial:
        return ()
    mine = [one for one in found if one.asset == asset.id and one.serial == serial and one.failed_at <= now]
    owed = []
    for run in runs(mine, most_repairs=most_repairs):
        if run.failed_again_at is None:
            continue
        tickets = run.repairs[:most_repairs]
        key = derived_id("REPLACE", asset.id, serial, run.problem, run.failed_in)
        claim = SupplierClaim(
            derived_id("CLAIM", key),
            (suppliers or {}).get(serial, ""),
            asset.model,
            serial,
            run.problem,
            tickets,
        )
        moves = (
            UnitMove(asset.model, serial, places.customer, places.quarantine, "quarantined", "repeat_fault"),
            UnitMove(asset.model, "", places.shelf, places.customer, "usable", "repeat_fault"),
        )
        owed.append(
            ReplacementProposal(
                key,
                run.failed_in,
                asset.id,
                serial,
                asset.model,
                run.problem,
                tickets,
                run.failed_again_at,
                moves,
                claim,
            )
        )
    return tuple(owed)


def requests(
    owed: Iterable[ReplacementProposal], asked: Collection[str], at: datetime, /, *, by: str, cents: int
) -> tuple[ApprovalEvent, ...]:
    """Ask for approval of every proposal nobody asked for yet.

    Args:
        owed: from `proposals`.
        asked: ids of the requests there are, decided or not; a declined one is not asked for again.
        at: when, aware.
        by: id of who asks.
        cents: price of a new device in cents of the region's currency.
    """
    return tuple(
        ApprovalEvent(
            one.id,
            one.ticket,
            at,
            by,
            ApprovalStep.REQUESTED,
            ApprovalKind.REPLACEMENT,
            cents,
            reason=f"{one.model} {one.serial} {one.problem}: {', '.join(one.repairs)}",
        )
        for one in owed
        if one.id not in asked
    )
