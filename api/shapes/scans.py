"""Scans of a body as the rules read them."""

from __future__ import annotations

from collections.abc import Sequence

from api.schemas.moves import ScanIn
from inventory.stock.label import Scan
from kernel.errors import Refusal


def scans_of(scans: Sequence[ScanIn], *, by: str, listed: bool) -> list[Scan]:
    """What was scanned, by whom.

    Args:
        scans: of the body.
        by: who sends them.
        listed: whether goods are listed; both would count them twice, neither says nothing.

    Raises:
        Refusal: ``label.listed_or_scanned``.
    """
    if bool(scans) == listed:
        raise Refusal("label.listed_or_scanned")
    return [Scan(one.scan, one.at, by, one.code) for one in scans]
