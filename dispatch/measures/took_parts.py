"""Which tickets needed parts."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.desk.ticket import EventKind
from dispatch.measures.case import Case
from dispatch.region import Region


def took_parts(region: Region, known: Iterable[Case], /) -> set[str]:
    """Ids of tickets that needed parts: a visit says so, an engineer asked for one, or the archive lists what was fitted."""
    visits = {visit.id: visit.ticket for visit in region.field.visits}
    took = {visits[need.visit] for need in region.field.part_needs if need.visit in visits}
    took |= {closed.ticket for closed in region.field.closed_tickets if closed.parts}
    return took | {
        event.ticket for case in known for event in case.events if event.kind is EventKind.PART_NEEDED
    }
