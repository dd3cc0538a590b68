"""Whose report it is, and how its figures are defined, in words."""

from __future__ import annotations

from dataclasses import dataclass

from api.text import Lang, label
from dispatch.measures import Measures
from kernel.clock import zone


@dataclass(frozen=True, slots=True)
class About:
    """The head of a report.

    Args:
        name: of the region.
        zone: IANA name; whose days the period has.
        currency: of its amounts.
        return_days, expiring_days, tolerance_min: figures the definitions name.
    """

    name: str
    zone: str
    currency: str
    return_days: int
    expiring_days: int
    tolerance_min: int

    def subtitle(self, found: Measures, lang: Lang, /) -> str:
        """Say which days and which moment the figures are about."""
        days = found.period
        return label(
            "measure.subtitle",
            lang,
            first=days.first.isoformat(),
            last=days.last.isoformat(),
            zone=self.zone,
            now=f"{days.now.astimezone(zone(self.zone)):%Y-%m-%d %H:%M}",
            reported=found.reported,
        )

    def definition(self, sheet: str, lang: Lang, /) -> str:
        """Say in a sentence what a table counts."""
        return label(
            f"measure.says_{sheet}",
            lang,
            days=self.return_days,
            ahead=self.expiring_days,
            minutes=self.tolerance_min,
        )
