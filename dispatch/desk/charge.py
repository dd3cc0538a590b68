"""What a customer is charged: quoted, accepted, deposit recorded, done, rest. Facts only; nobody pays here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dispatch.desk.scheme import Scheme
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.money import from_cents


class ChargeItem(StrEnum):
    """What a line is for."""

    CALL = "call"
    MONTHLY_PLAN = "monthly-plan"
    PROJECT = "project"
    REPORT = "report"
    OUT_OF_HOURS = "out-of-hours"
    PART = "part"


class ChargeStep(StrEnum):
    """What happened to a charge."""

    QUOTED = "quoted"
    """One line was offered: `item`, `cents`, for parts `part` and `quantity`."""
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    """Offered no longer; `reason` says why."""
    DEPOSIT_RECORDED = "deposit_recorded"
    """`cents` came in before the work."""
    DONE = "done"
    REST_RECORDED = "rest_recorded"
    """`cents` came in after the work."""
    REFUNDED = "refunded"
    """`cents` of the price are given back or no longer asked for; `reason` says why."""
    PAID_BACK = "paid_back"
    """`cents` went back to the customer."""
    REPEATED_FREE = "repeated_free"
    """The service is done again for nothing; `reason` says why."""


NEEDS_REASON = frozenset({ChargeStep.WITHDRAWN, ChargeStep.REFUNDED, ChargeStep.REPEATED_FREE})
NEEDS_AMOUNT = frozenset(
    {
        *(ChargeStep.QUOTED, ChargeStep.DEPOSIT_RECORDED, ChargeStep.REST_RECORDED),
        *(ChargeStep.REFUNDED, ChargeStep.PAID_BACK),
    }
)


@dataclass(frozen=True, slots=True)
class ChargeEvent:
    """One step of a charge.

    Args:
        charge, ticket: ids; a ticket may have several charges.
        at: when, aware.
        by: id of who says so.
        step: what happened.
        item: for a quoted line: what it is for.
        cents: amount, of the scheme's currency; 0 where the step has none.
        part, quantity: for a quoted part: which, and how many.
        reason: why, where `NEEDS_REASON` says so.

    Raises:
        Refusal: ``charge.reason_missing``, ``charge.no_amount``, ``charge.amount_not_used``, ``charge.line_unclear``,
            ``id.malformed``, ``clock.naive_time``.
    """

    charge: str
    ticket: str
    at: datetime
    by: str
    step: ChargeStep
    item: ChargeItem | None = None
    cents: int = 0
    part: str = ""
    quantity: int = 0
    reason: str = ""

    def __post_init__(self) -> None:
        for text in (self.charge, self.ticket, self.by, *([self.part] if self.part else [])):
            checked_id(text)
        object.__setattr__(self, "at", utc(self.at))
        if self.step in NEEDS_REASON and not self.reason.strip():
            raise Refusal("charge.reason_missing", charge=self.charge, step=self.step)
        if self.step in NEEDS_AMOUNT and self.cents < 1:
            raise Refusal("charge.no_amount", charge=self.charge, step=self.step)
        if self.step not in NEEDS_AMOUNT and self.cents:
            raise Refusal("charge.amount_not_used", charge=self.charge, step=self.step)
        quoted, parts = self.step is ChargeStep.QUOTED, self.item is ChargeItem.PART
        if quoted != (self.item is not None) or parts != (bool(self.part) and self.quantity > 0):
            raise Refusal("charge.line_unclear", charge=self.charge, step=self.step)
        if not parts and (self.part or self.quantity):
            raise Refusal("charge.line_unclear", charge=self.charge, step=self.step)


class ChargeLine(NamedTuple):
    """One line of a quote: `cents` for all of `quantity`."""

    item: ChargeItem
    cents: int
    part: str = ""
    quantity: int = 0


class ChargeStage(StrEnum):
    """Where a charge stands."""

    QUOTED = "quoted"
    ACCEPTED = "accepted"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ChargeState(NamedTuple):
    """A charge after its events. Amounts in cents.

    Args:
        charge, ticket: ids.
        stage: where it stands.
        lines: what was quoted.
        total: their sum.
        deposit_due: what the scheme asks for before the work.
        received: deposit and rest that came in, less what went back.
        refunded: what of the price is given back or no longer asked for.
        repeats: services done again for nothing.
    """

    charge: str
    ticket: str
    stage: ChargeStage
    lines: tuple[ChargeLine, ...]
    total: int
    deposit_due: int
    received: int = 0
    refunded: int = 0
    repeats: int = 0

    @property
    def balance(self) -> int:
        """Still to come in; below zero: to give back. Nothing is owed for what was not accepted."""
        owed = self.total - self.refunded if self.stage in {ChargeStage.ACCEPTED, ChargeStage.DONE} else 0
        return owed - self.received


def charges(events: Iterable[ChargeEvent], schemes: Mapping[str, Scheme], /) -> dict[str, ChargeState]:
    """Fold events into the state of every charge, by charge id in order of its first event.

    Args:
        events: in order of time.
        schemes: scheme version of each ticket, by ticket id.

    Raises:
        Refusal: those of `step`.
    """
    states: dict[str, ChargeState] = {}
    for event in events:
        states[event.charge] = step(states.get(event.charge), event, schemes[event.ticket])
    return states


_AFTER: Mapping[ChargeStep, frozenset[ChargeStage]] = {
    ChargeStep.QUOTED: frozenset({ChargeStage.QUOTED}),
    ChargeStep.ACCEPTED: frozenset({ChargeStage.QUOTED}),
    ChargeStep.WITHDRAWN: frozenset({ChargeStage.QUOTED, ChargeStage.ACCEPTED}),
    ChargeStep.DEPOSIT_RECORDED: frozenset({ChargeStage.ACCEPTED}),
    ChargeStep.DONE: frozenset({ChargeStage.ACCEPTED}),
    ChargeStep.REST_RECORDED: frozenset({ChargeStage.DONE}),
    ChargeStep.REFUNDED: frozenset({ChargeStage.ACCEPTED, ChargeStage.DONE}),
    ChargeStep.PAID_BACK: frozenset({ChargeStage.ACCEPTED, ChargeStage.DONE, ChargeStage.WITHDRAWN}),
    ChargeStep.REPEATED_FREE: frozenset({ChargeStage.DONE}),
}


def step(state: ChargeState | None, event: ChargeEvent, scheme: Scheme, /) -> ChargeState:
    """Take one event into a charge.

    Raises:
        Refusal: ``charge.no_such_move``, ``charge.other_ticket``, ``charge.deposit_first`` when work is done
            before the deposit is in, ``charge.too_much`` when more comes in than is owed or goes back than was
            charged.
    """
    if state is None:
        state = ChargeState(event.charge, event.ticket, ChargeStage.QUOTED, (), 0, 0)
        if event.step is not ChargeStep.QUOTED:
            raise Refusal("charge.no_such_move", charge=event.charge, step=event.step, stage="-")
    if event.ticket != state.ticket:
        raise Refusal("charge.other_ticket", charge=event.charge, ticket=state.ticket, other=event.ticket)
    if state.stage not in _AFTER[event.step]:
        raise Refusal("charge.no_such_move", charge=event.charge, step=event.step, stage=state.stage)
    match event.step:
        case ChargeStep.QUOTED:
            assert event.item is not None  # checked when the event was made
            total = state.total + event.cents
            line = ChargeLine(event.item, event.cents, event.part, event.quantity)
            return state._replace(
                lines=(*state.lines, line), total=total, deposit_due=deposit_of(scheme, total)
            )
        case ChargeStep.ACCEPTED:
            return state._replace(stage=ChargeStage.ACCEPTED)
        case ChargeStep.WITHDRAWN:
            return state._replace(stage=ChargeStage.WITHDRAWN)
        case ChargeStep.DONE:
            if state.received < state.deposit_due:
                short = str(from_cents(state.deposit_due - state.received))
                raise Refusal("charge.deposit_first", charge=event.charge, short=short)
            return state._replace(stage=ChargeStage.DONE)
        case ChargeStep.DEPOSIT_RECORDED | ChargeStep.REST_RECORDED:
            return state._replace(received=state.received + _at_most(event, state.balance))
        case ChargeStep.REFUNDED:
            return state._replace(refunded=state.refunded + _at_most(event, state.total - state.refunded))
        case ChargeStep.PAID_BACK:
            return state._replace(received=state.received - _at_most(event, -state.balance))
        case ChargeStep.REPEATED_FREE:
            return state._replace(repeats=state.repeats + 1)


def following(state: ChargeState, /) -> tuple[ChargeStep, ...]:
    """Steps that may follow where a charge stands, with some amount where a step has one."""
    left = {
        ChargeStep.DONE: state.received >= state.deposit_due,
        ChargeStep.DEPOSIT_RECORDED: state.balance > 0,
        ChargeStep.REST_RECORDED: state.balance > 0,
        ChargeStep.REFUNDED: state.total > state.refunded,
        ChargeStep.PAID_BACK: state.balance < 0,
    }
    return tuple(one for one in ChargeStep if state.stage in _AFTER[one] and left.get(one, True))


def deposit_of(scheme: Scheme, total: int, /) -> int:
    """What a scheme asks for before the work, of a price; both in cents, halves up."""
    return (total * scheme.fees.deposit_percent + 50) // 100


def _at_most(event: ChargeEvent, most: int) -> int:
    if event.cents > most:
        raise Refusal(
            "charge.too_much",
            charge=event.charge,
            amount=str(from_cents(event.cents)),
            most=str(from_cents(max(0, most))),
        )
    return event.cents


GOES_BACK = frozenset({ChargeStep.REFUNDED, ChargeStep.PAID_BACK})
COLUMNS = ("charge", "ticket", "at", "by", "step", "item", "part", "quantity", "amount", "currency", "reason")
"""Columns of the exported charges."""


def charge_rows(events: Iterable[ChargeEvent], schemes: Mapping[str, Scheme], /) -> Iterator[tuple[str, ...]]:
    """Give the exported rows of charges, one for each event, in their order; the first row names the columns.

    Amounts have two decimals and no thousands separator; money that goes back is negative.
    """
    yield COLUMNS
    for event in events:
        cents = -event.cents if event.step in GOES_BACK else event.cents
        yield (
            event.charge,
            event.ticket,
            event.at.isoformat(),
            event.by,
            event.step,
            event.item or "",
            event.part,
            str(event.quantity) if event.quantity else "",
            str(from_cents(cents)) if cents else "",
            schemes[event.ticket].currency,
            event.reason,
        )
