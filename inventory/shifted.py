"""A stockroom moved in time, whole: what scenarios and live demonstrations start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from inventory.stockroom import Stockroom


class Shift(Protocol):
    """Says where a moment, a day and a calendar month of the old time lie in the new one."""

    def at(self, moment: datetime, /) -> datetime:
        """The moment, moved."""

    def maybe_at(self, moment: datetime | None, /) -> datetime | None:
        """The moment, moved; None stays None."""

    def maybe_on(self, day: date | None, /) -> date | None:
        """The day, moved; None stays None."""

    def month(self, month: str, /) -> str:
        """The month (``2026-03``), moved."""


def shifted(stock: Stockroom, by: Shift) -> Stockroom:
    """Move every time of a stockroom; quantities, places and the order of rows stay."""
    return replace(
        stock,
        moves=tuple(replace(move, at=by.at(move.at)) for move in stock.moves),
        lots=tuple(replace(lot, expires_on=by.maybe_on(lot.expires_on)) for lot in stock.lots),
        reservations=tuple(
            replace(row, expires_at=by.maybe_at(row.expires_at)) for row in stock.reservations
        ),
        purchase_orders=tuple(
            replace(
                line,
                ordered_at=by.at(line.ordered_at),
                promised_at=by.maybe_at(line.promised_at),
                later=tuple(map(by.at, line.later)),
            )
            for line in stock.purchase_orders
        ),
        lot_inspections=tuple(replace(row, at=by.at(row.at)) for row in stock.lot_inspections),
        order_drafts=tuple(replace(row, made_at=by.at(row.made_at)) for row in stock.order_drafts),
        order_steps=tuple(
            replace(row, at=by.at(row.at), promised_at=by.maybe_at(row.promised_at))
            for row in stock.order_steps
        ),
        shipments=tuple(
            replace(row, sent_at=by.at(row.sent_at), expected_at=by.at(row.expected_at))
            for row in stock.shipments
        ),
        lots_skipped=tuple(replace(row, at=by.at(row.at)) for row in stock.lots_skipped),
        stock_inspections=tuple(replace(row, at=by.at(row.at)) for row in stock.stock_inspections),
        dispositions=tuple(
            replace(row, at=by.at(row.at), due_at=by.maybe_at(row.due_at)) for row in stock.dispositions
        ),
        nonconformances=tuple(replace(row, at=by.at(row.at)) for row in stock.nonconformances),
        corrective_steps=tuple(replace(row, at=by.at(row.at)) for row in stock.corrective_steps),
        undone=tuple(replace(row, at=by.at(row.at)) for row in stock.undone),
        remedy_promises=tuple(
            replace(row, at=by.at(row.at), promised_at=by.at(row.promised_at))
            for row in stock.remedy_promises
        ),
        delivery_notes=tuple(replace(row, at=by.at(row.at)) for row in stock.delivery_notes),
        terms=tuple(replace(row, last_order_on=by.maybe_on(row.last_order_on)) for row in stock.terms),
        parts=tuple(replace(row, served_until=by.maybe_on(row.served_until)) for row in stock.parts),
        loaner_units=tuple(
            replace(unit, free_from=by.maybe_at(unit.free_from)) for unit in stock.loaner_units
        ),
        loans=tuple(
            replace(
                loan,
                out_at=by.at(loan.out_at),
                due_back_at=by.at(loan.due_back_at),
                back_at=by.maybe_at(loan.back_at),
            )
            for loan in stock.loans
        ),
        loan_checks=tuple(replace(row, at=by.at(row.at)) for row in stock.loan_checks),
        stock_counts=tuple(replace(row, at=by.at(row.at)) for row in stock.stock_counts),
        demand_history=tuple(replace(row, month=by.month(row.month)) for row in stock.demand_history),
        snoozes=tuple(
            replace(row, at=by.at(row.at), until_on=by.maybe_on(row.until_on)) for row in stock.snoozes
        ),
        supply_offers=tuple(
            replace(offer, arrives_at=by.at(offer.arrives_at)) for offer in stock.supply_offers
        ),
    )
