"""An order and a supplier as they stand, whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.supplier import SupplierTerms
from inventory.stock.move import Condition, Move
from inventory.stockroom import Stockroom
from inventory.supplied import inspection_standings, open_reports, whole_order
from inventory.supply.corrective import Discipline, NonConformance, StepDone
from inventory.supply.disposition import Disposition
from inventory.supply.inspected import LotInspection
from inventory.supply.limits import Agreement, InspectionLimit
from inventory.supply.ordering import DraftLine, OrderFact, OrderState, OrderStep
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.returned import Disposed
from inventory.supply.sampling import InspectionSeverity, Level
from inventory.supply.shipment import Shipment
from inventory.supply.switching import Inspection
from kernel.errors import Refusal
from tests.stock_builders import NOW, move, stockroom

DAY = timedelta(days=1)
LINE = PurchaseOrderLine("PO-1", "S-1", "P-1", 100, "FUZHOU", NOW - 20 * DAY, NOW - 2 * DAY, 0)


def by(number: int, units: int, source: str, target: str, condition: Condition = Condition.USABLE) -> Move:
    """A move on the order."""
    return move(number, units, source, target, condition=condition, source_document="PO-1")


def decided(number: int, units: int, way: Disposition) -> Disposed:
    """Goods of the order left quarantine."""
    return Disposed(f"D-{number}", NOW - DAY, "DSP", "P-1", units, way, "head", delivery="PO-1")


@given(
    shelf=st.integers(0, 40),
    held=st.integers(0, 40),
    released=st.integers(0, 40),
    gone=st.lists(
        st.tuples(
            st.sampled_from([Disposition.SCRAP, Disposition.REWORK, Disposition.WAIVER]), st.integers(1, 9)
        ),
        max_size=3,
    ),
)
def test_everything_received_is_somewhere(
    shelf: int, held: int, released: int, gone: list[tuple[Disposition, int]]
) -> None:
    """Received = accepted + held + decided on, waived units being accepted."""
    released = min(released, held)
    left = held - released
    kept: list[tuple[Disposition, int]] = []
    for way, units in gone:
        if units <= left:
            kept.append((way, units))
            left -= units
    q = Condition.QUARANTINED
    steps = [
        ("SUPPLIER", "FUZHOU", Condition.USABLE, shelf),
        ("SUPPLIER", "QUARANTINE", q, held),
        ("QUARANTINE", "ADJUSTMENT", q, released),
        ("ADJUSTMENT", "FUZHOU", Condition.USABLE, released),
    ]
    moves = [by(n, units, a, b, c) for n, (a, b, c, units) in enumerate(steps) if units]
    stock = stockroom(
        *moves,
        purchase_orders=(replace(LINE, received=shelf + held),),
        dispositions=tuple(decided(n, units, way) for n, (way, units) in enumerate(kept)),
    )

    (line,) = whole_order(stock, "PO-1", now=NOW).lines

    waived = sum(units for way, units in kept if way is Disposition.WAIVER)
    assert line.accepted == shelf + released + waived
    assert line.held == left
    assert line.received == line.accepted + line.held + sum(line.decided.values()) - waived
    assert line.open == 100 - line.received


def draft(stock: Stockroom, *facts: OrderFact) -> Stockroom:
    """The order as it was written, with what was done to it."""
    written = DraftLine("PO-1", "S-1", "FUZHOU", "P-1", 100, Decimal(90), NOW - 21 * DAY, "keeper")
    return replace(stock, order_drafts=(written,), order_steps=facts)


def test_an_order_is_judged_by_what_is_laid_down_until_it_is_sent() -> None:
    """9,000 against a limit of 5,000 waits for somebody, and so it does where no limit is laid down; what was sent was sent."""
    stock = draft(stockroom())
    sent = OrderFact("PO-1", OrderStep.SEND, NOW - 20 * DAY, "keeper")

    assert whole_order(stock, "PO-1", now=NOW).state is OrderState.AWAITING_APPROVAL
    limited = replace(stock, agreements=(Agreement("S-1", approval_above=Decimal(5000)),))
    found = whole_order(limited, "PO-1", now=NOW)
    assert (found.state, found.cost) == (OrderState.AWAITING_APPROVAL, Decimal(9000))
    assert [(line.ordered, line.open, line.received) for line in found.lines] == [(100, 100, 0)]
    after = whole_order(replace(draft(limited, sent), purchase_orders=(LINE,)), "PO-1", now=NOW)
    assert (after.state, after.sent_at) == (OrderState.SENT, NOW - 20 * DAY)
    with pytest.raises(Refusal, match=r"supply\.order_unknown"):
        whole_order(stock, "PO-9", now=NOW)


def test_a_line_is_late_by_its_last_date_and_complete_within_its_tolerance() -> None:
    """The first date is what it is judged by, the last what is expected; three of a hundred may stay away."""
    line = replace(LINE, received=97, later=(NOW + DAY,))
    shipment = Shipment("WB-1", "PO-1", "P-1", 99, NOW - 5 * DAY, NOW - DAY)
    stock = stockroom(purchase_orders=(line,), shipments=(shipment,))

    (found,) = whole_order(stock, "PO-1", now=NOW).lines
    (later,) = whole_order(stock, "PO-1", now=NOW + 2 * DAY).lines
    agreed = replace(stock, agreements=(Agreement("", under_share=Decimal("0.03")),))
    (enough,) = whole_order(agreed, "PO-1", now=NOW + 2 * DAY).lines

    assert (found.promises, found.late, found.coming) == ((NOW - 2 * DAY, NOW + DAY), False, 2)
    assert (later.late, later.complete) == (True, False)
    assert (enough.late, enough.complete, enough.open) == (False, True, 3)


def inspected(number: int, bad: int) -> LotInspection:
    """A lot of a thousand under normal inspection."""
    return LotInspection(
        f"I-{number}",
        NOW - (9 - number) * DAY,
        "S-1",
        "P-1",
        "PO-1",
        1000,
        Decimal("1.5"),
        Level.II,
        InspectionSeverity.NORMAL,
        bad,
    )


def test_how_strictly_and_why_is_known_for_every_part() -> None:
    """Inspected or to be inspected; what was inspected later than now is not known yet."""
    terms = tuple(SupplierTerms("S-1", part, Decimal(90)) for part in ("P-1", "P-2"))
    stock = stockroom(terms=terms, lot_inspections=(inspected(1, 4), inspected(2, 4)))

    (found,) = inspection_standings(stock, "S-1", now=NOW)
    assert (found.part, found.lots, found.standing.inspection) == ("P-1", 2, Inspection.TIGHTENED)
    (early,) = inspection_standings(stock, "S-1", now=NOW - 7.5 * DAY)
    assert (early.lots, early.standing.inspection) == (1, Inspection.NORMAL)
    limited = replace(stock, inspection_limits=(InspectionLimit("", "P-2", "", Decimal(4)),))
    assert [row.part for row in inspection_standings(limited, "S-1", now=NOW)] == ["P-1", "P-2"]
    silent = replace(limited, inspection_limits=(InspectionLimit("", "P-2", "", Decimal(4), inspects=False),))
    assert [row.part for row in inspection_standings(silent, "S-1", now=NOW)] == ["P-1"]
    with pytest.raises(Refusal, match=r"stock\.unknown_supplier"):
        inspection_standings(stock, "X", now=NOW)


def test_reports_are_listed_by_the_step_that_is_due_longest() -> None:
    """A closed one waits for nothing."""
    about = [NonConformance(f"N-{n}", NOW - n * DAY, "S-1", "P-1", 5, "PO-1") for n in (1, 2, 3)]
    steps = [StepDone("N-3", step, NOW - 2 * DAY, "store") for step in Discipline]
    steps += [StepDone("N-2", step, NOW - DAY, "store") for step in (Discipline.TEAM, Discipline.PROBLEM)]
    stock = stockroom(nonconformances=tuple(about), corrective_steps=tuple(steps))

    found = open_reports(stock, now=NOW + timedelta(hours=1))

    assert [(row.about.id, row.waiting_for and row.waiting_for.late) for row in found] == [
        ("N-1", True),
        ("N-2", True),
    ]
