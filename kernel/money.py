"""Money: Decimal outside, whole cents inside the solver."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from kernel.errors import Refusal

_CURRENCY = re.compile(r"[A-Z]{3}")
_LIMIT = Decimal(10) ** 12
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217 code), exact, in steps of a cent."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"


def amount(text: str, /) -> Decimal:
    """Read a non-negative amount with at most two decimals.

    Raises:
        Refusal: ``money.not_an_amount`` or ``money.negative``.

    >>> amount("12.5")
    Decimal('12.50')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Refusal("money.not_an_amount", value=text[:40]) from None
    if not value.is_finite() or abs(value) >= _LIMIT or value != value.quantize(_CENT):
        raise Refusal("money.not_an_amount", value=text[:40])
    if value < 0:
        raise Refusal("money.negative", value=text[:40])
    return value.quantize(_CENT)


def currency(text: str, /) -> str:
    """Check an ISO 4217 code.

    Raises:
        Refusal: ``money.not_a_currency``.
    """
    if not _CURRENCY.fullmatch(text):
        raise Refusal("money.not_a_currency", value=text[:40])
    return text


def cents(value: Decimal, /) -> int:
    """Give an amount in whole cents, halves up.

    >>> cents(Decimal("12.345"))
    1235
    """
    return int((value * 100).to_integral_value(ROUND_HALF_UP))


def from_cents(value: int, /) -> Decimal:
    """Give whole cents as an amount.

    >>> from_cents(1235)
    Decimal('12.35')
    """
    return (Decimal(value) / 100).quantize(_CENT)
