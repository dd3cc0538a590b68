"""What takes the right to approve from some sum on: money given back to a customer, goods taken although they failed.

Small sums in a row are one sum: what was given back before on the same charge, or taken before of the same lot, counts.
"""

from __future__ import annotations

from decimal import Decimal

from dispatch.desk.charge import ChargeEvent, ChargeStep
from inventory.supply.disposition import Disposition
from kernel.errors import Refusal
from kernel.money import from_cents
from storage.appended import queue
from storage.dataset.money_tables import CHARGE_EVENTS
from storage.dataset.stock_tables import PARTS
from storage.idempotency import answered
from storage.rows.facts import values_in
from storage.stock.stands import decided
from storage.unit_of_work import UnitOfWork

GIVES = frozenset({ChargeStep.REFUNDED, ChargeStep.PAID_BACK})
"""Steps that give money back: what is owed no longer, and what went out."""


def check_refund(work: UnitOfWork, event: ChargeEvent, *, limit: Decimal) -> None:
    """Refuse what somebody without the right to approve may not give back, or do again for nothing.

    Args:
        work: of the command.
        event: about to be written; said again, it counts once.
        limit: what may be given back on one charge, each way by itself, in the currency of its scheme.

    Raises:
        Refusal: ``charge.needs_approval``.
    """
    if event.step not in GIVES and event.step is not ChargeStep.REPEATED_FREE:
        return
    queue(work)  # two at the same moment must not each see the other's sum as not there
    known = values_in(work.connection, CHARGE_EVENTS, work.region, charge_id=event.charge)
    if event in known:
        return
    if event.step is ChargeStep.REPEATED_FREE:
        total = sum(one.cents for one in known if one.step is ChargeStep.QUOTED)
    else:
        total = event.cents + sum(one.cents for one in known if one.step is event.step)
    if from_cents(total) > limit:
        raise Refusal(
            "charge.needs_approval", charge=event.charge, amount=f"{from_cents(total):f}", limit=f"{limit:f}"
        )


def check_waiver(work: UnitOfWork, part: str, lot: str, quantity: int, *, limit: Decimal) -> None:
    """Refuse goods taken as they are beyond what somebody without the right to approve may take of a part and lot.

    Every earlier decision that still stands counts, whatever its document; one that was taken back does not.

    Args:
        work: of the command; a key that was answered is this very decision said again, and gets its answer.
        part: its id; one that is not known is left to the rules behind.
        lot: empty: of no lot.
        quantity: units.
        limit: their price in the region's currency.

    Raises:
        Refusal: ``supply.waiver_needs_approval``.
    """
    queue(work)
    if answered(work.connection, work.region, work.key) is not None:
        return
    found = values_in(work.connection, PARTS, work.region, part_id=part)
    if not found:
        return
    before = sum(
        one.quantity
        for one in decided(work.connection, work.region, part_id=part)
        if one.way is Disposition.WAIVER and one.lot == lot
    )
    value = found[0].price * (before + quantity)
    if value > limit:
        raise Refusal("supply.waiver_needs_approval", part=part, amount=f"{value:f}", limit=f"{limit:f}")
