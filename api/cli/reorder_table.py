"""Reorder proposals in the terminal: one line each, its calculation under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.text import Lang, label
from api.text.spoken import tell, wall_clock
from inventory.replenish.assessment import Urgency
from inventory.replenish.reorder import Proposal, Source


def as_document(
    proposals: Sequence[Proposal], *, lang: Lang, limit: int, now: datetime, zone: ZoneInfo, currency: str
) -> dict[str, Any]:
    """Proposals as plain JSON values; arguments as `show`, `count` counts those not shown too."""
    shown = proposals[:limit] if limit else proposals
    return {
        "now": now.isoformat(),
        "currency": currency,
        "count": len(proposals),
        "proposals": [_plain(proposal, lang, zone, currency) for proposal in shown],
    }


def _plain(proposal: Proposal, lang: Lang, zone: ZoneInfo, currency: str) -> dict[str, Any]:
    """One proposal as plain JSON values; each reason with its code, its values and its sentence."""
    return {
        "part": proposal.part,
        "place": proposal.place,
        "quantity": proposal.quantity,
        "source": proposal.source.value,
        "from_place": proposal.from_place,
        "supplier": proposal.supplier,
        "arrives_at": _iso(proposal.arrives_at),
        "cost": str(proposal.cost),
        "urgency": proposal.urgency.value,
        "breaks_at": _iso(proposal.breaks_at),
        "criticality": proposal.criticality,
        "snoozed_until": None if proposal.snoozed_until is None else proposal.snoozed_until.isoformat(),
        "why": [
            {
                "code": step.code,
                "values": dict(step.params),
                "text": tell(step, lang, zone=zone, currency=currency),
            }
            for step in proposal.why
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def show(
    proposals: Sequence[Proposal],
    console: Console,
    *,
    lang: Lang,
    limit: int,
    now: datetime,
    zone: ZoneInfo,
    currency: str,
) -> None:
    """Print proposals, each as a line of a table with its calculation under it.

    Args:
        proposals: in the order to show them.
        console: where to.
        lang: language of the output.
        limit: proposals shown at most; 0: all.
        now: moment of the review.
        zone: zone moments are shown in.
        currency: of the amounts.
    """
    title = label("reorder.title", lang, now_at=wall_clock(now, zone), zone=zone.key)
    console.print(title, style="bold")
    if not proposals:
        console.print(label("reorder.nothing", lang))
        return
    shown = proposals[:limit] if limit else proposals
    for number, proposal in enumerate(shown, start=1):
        console.print(_line(proposal, lang, number=number, zone=zone, currency=currency))
        for step in proposal.why:
            console.print(
                Padding(Text(tell(step, lang, zone=zone, currency=currency), style="dim"), (0, 0, 0, 5))
            )
    if len(shown) < len(proposals):
        console.print(label("reorder.more", lang, count=len(proposals) - len(shown)))
    bought = [proposal for proposal in proposals if proposal.source is Source.PURCHASE]
    console.print(
        label(
            "reorder.summary",
            lang,
            count=len(proposals),
            transfers=sum(proposal.source is Source.TRANSFER for proposal in proposals),
            purchases=len(bought),
            spend=f"{sum(proposal.cost for proposal in bought):,.2f}",
            currency=currency,
            none=sum(proposal.source is Source.NONE for proposal in proposals),
        ),
        style="bold",
    )
    asleep = [proposal for proposal in proposals if proposal.source is Source.SNOOZED]
    if asleep:
        breaking = sum(proposal.urgency is Urgency.NEED_BREAKS for proposal in asleep)
        console.print(label("reorder.snoozed_summary", lang, count=len(asleep), breaking=breaking))


_WIDTHS = {
    "part": 14,
    "place": 12,
    "quantity": 8,
    "source": 24,
    "arrives": 10,
    "cost": 11,
    "urgency": 20,
}


def _line(proposal: Proposal, lang: Lang, *, number: int, zone: ZoneInfo, currency: str) -> Table:
    table = Table(box=None, show_header=number == 1, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", width=3, justify="right")
    for name, width in _WIDTHS.items():
        heading = label(f"reorder.column_{name}", lang, currency=currency)
        side: Literal["left", "right"] = "right" if name in {"quantity", "cost"} else "left"
        table.add_column(heading, width=width, justify=side, overflow="fold")
    source = label(
        f"reorder.source_{proposal.source.value}",
        lang,
        from_place=proposal.from_place,
        supplier=proposal.supplier,
        until=str(proposal.snoozed_until or ""),
    )
    when, arrives = (wall_clock(at, zone) if at else "" for at in (proposal.breaks_at, proposal.arrives_at))
    table.add_row(
        str(number),
        proposal.part,
        proposal.place,
        str(proposal.quantity),
        source,
        arrives[:10],
        f"{proposal.cost:,.2f}",
        label(f"reorder.urgency_{proposal.urgency.value}", lang, at=when[5:]),
    )
    return table
