"""Certificates and tool calibrations that run out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dispatch.crew import CertificateHeld, ToolHeld
from kernel.ids import natural_key


class Paper(StrEnum):
    """What runs out."""

    CERTIFICATE = "certificate"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Expiring:
    """Something that is no longer valid after a day.

    Args:
        paper: certificate or calibration.
        engineer: who holds it.
        name: of the certificate or the tool.
        serial: of the tool; empty for a certificate.
        last_on: last valid day.
        days_left: days after today on which it is still valid; negative: it has run out that many days ago.
    """

    paper: Paper
    engineer: str
    name: str
    serial: str
    last_on: date
    days_left: int


def expiring(
    certificates: Iterable[CertificateHeld], tools: Iterable[ToolHeld], /, *, today: date, within_days: int
) -> tuple[Expiring, ...]:
    """List what has run out or does within some days, soonest first.

    A certificate renewed in time is judged by its longest-lasting row; one without an end is never listed.

    Args:
        certificates: all that are held.
        tools: all that are held; those that need no calibration are passed over.
        today: local day.
        within_days: days after today that are looked at.
    """
    longest: dict[tuple[str, str], date | None] = {}
    for row in certificates:
        known = longest.get((row.engineer, row.certificate), date.min)
        endless = known is None or row.valid_until is None
        longest[row.engineer, row.certificate] = (
            None if endless else max(known or date.min, row.valid_until or date.min)
        )
    papers = [
        (Paper.CERTIFICATE, engineer, name, "", last_on)
        for (engineer, name), last_on in longest.items()
        if last_on is not None
    ] + [
        (Paper.CALIBRATION, tool.holder, tool.tool, tool.serial, tool.calibrated_until)
        for tool in tools
        if tool.calibrated_until is not None
    ]
    listed = [Expiring(*row, days_left=(row[4] - today).days) for row in papers]
    return tuple(
        sorted(
            (row for row in listed if row.days_left <= within_days),
            key=lambda row: (row.last_on, row.paper, natural_key(row.engineer), row.name, row.serial),
        )
    )
