"""Readings of inspected lots as facts, and what they say of each check: mean, smallest, largest, outside the limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from inventory.supply.inspection import Check, Reading, is_right
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class LotReading:
    """A reading taken on one unit of an inspected lot; the lower and upper limit it was judged by stay with it.

    Args:
        inspection: id of the inspection.
        check: check id.
        unit: the unit's serial, or its number in the sample.
        right: for yes or no; None for a measurement.
        value: for a measurement; None for yes or no.
        lower: the check's lower limit then; None: none.
        upper: its upper limit then; None: none.

    Raises:
        Refusal: ``supply.reading_missing`` unless it is one of the two; ``supply.tolerance_empty``.
    """

    inspection: str
    check: str
    unit: str
    right: bool | None = None
    value: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.right is None) == (self.value is None):
            raise Refusal("supply.reading_missing", check=self.check, unit=self.unit)
        self.is_right  # noqa: B018 a value that no limit can judge is refused here

    @property
    def is_right(self) -> bool:
        """Whether it is within the limits, or was answered with yes."""
        return is_right(self.judged_by, self.reading)

    @property
    def reading(self) -> Reading:
        """As the verdict reads it."""
        return Reading(self.check, self.unit, self.right, self.value)

    @property
    def judged_by(self) -> Check:
        """The check as it was when the lot was judged."""
        return Check(self.check, "", self.lower, self.upper)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the readings of one inspection say of one check.

    Args:
        inspection: id of the inspection.
        check: check id.
        units: units read.
        wrong: of these, outside the limits, or answered with no.
        mean: of the measured values, exact to the last place they were given in and two more; None: yes or no.
        lowest: the smallest value; None: yes or no.
        highest: the largest; None: yes or no.
    """

    inspection: str
    check: str
    units: int
    wrong: int
    mean: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None


def measured(readings: Iterable[LotReading]) -> tuple[Measured, ...]:
    """Add readings up by inspection and check, in the order of their first readings.

    >>> rows = [LotReading("I", "length", str(n), value=Decimal(v), upper=Decimal(12)) for n, v in ((1, "11.9"), (2, "12.2"))]
    >>> found, = measured(rows)
    >>> found.wrong, found.mean, found.lowest, found.highest
    (1, Decimal('12.050'), Decimal('11.9'), Decimal('12.2'))
    """
    together: dict[tuple[str, str], list[LotReading]] = {}
    for row in readings:
        together.setdefault((row.inspection, row.check), []).append(row)
    found: list[Measured] = []
    for (inspection, check), rows in together.items():
        wrong = sum(not row.is_right for row in rows)
        values = [row.value for row in rows if row.value is not None]
        mean = _mean(values) if values else None
        found.append(
            Measured(
                inspection,
                check,
                len(rows),
                wrong,
                mean,
                min(values, default=None),
                max(values, default=None),
            )
        )
    return tuple(found)


def _mean(values: list[Decimal]) -> Decimal:
    places = max(0, *(-int(value.as_tuple().exponent) for value in values)) + 2
    exact = sum((Fraction(value) for value in values), Fraction(0)) / len(values)
    return Decimal(round(exact * 10**places)).scaleb(-places)
