"""Tables of other firms that do visits for a price."""

from __future__ import annotations

from dispatch.crew import Partner
from storage.dataset.cell import AMOUNT, ID, SKILL_LEVEL, TEXT, YES, several, whole
from storage.dataset.table import Column, Table, to

PARTNERS = Table(
    "partners",
    "Another firm that does a visit for a price: a last resort. It brings tools and parts of its own.",
    (
        Column("partner_id", ID, "The firm."),
        Column("name", TEXT, "What people call it.", empty="no name", default=""),
        Column("territories", several(ID), "Areas it works in.", empty="everywhere", default=()),
        Column(
            "skills",
            several(SKILL_LEVEL),
            "Skills its people hold, with their level.",
            empty="none",
            default=(),
            references=to("skills"),
            unknown="dataset.unknown_skill",
        ),
        Column("certificates", several(ID), "Certificates its people hold.", empty="none", default=()),
        Column("price", AMOUNT, "Price of one visit.", unit="currency of the region"),
        Column(
            "lead_min",
            whole(0, 100_000),
            "From asking until it can start.",
            unit="min",
            empty="0",
            default=0,
        ),
        Column(
            "original_parts",
            YES,
            "It fits original parts only; needed where the scheme promises them.",
            empty="not promised",
            default=False,
        ),
    ),
    key=("partner_id",),
    make=lambda row: Partner(
        id=row["partner_id"],
        name=row["name"],
        territories=row["territories"],
        skills=row["skills"],
        certificates=row["certificates"],
        price=row["price"],
        lead_min=row["lead_min"],
        original_parts=row["original_parts"],
    ),
    rows=lambda region: (
        {
            "partner_id": partner.id,
            "name": partner.name,
            "territories": partner.territories,
            "skills": partner.skills,
            "certificates": partner.certificates,
            "price": partner.price,
            "lead_min": partner.lead_min,
            "original_parts": partner.original_parts,
        }
        for partner in region.field.partners
    ),
)
