"""Promise rescue: the ways out of a forecast overrun, each priced and placed by the solver, compared.

Every open way is a whole plan: the plan as it is, with a few routes near the visit solved again for the same problem
narrowed to that way (`narrow`), everybody else standing still (`part_of`). So its cost is that of
`dispatch.cost`, and `dispatch.verify` finds nothing wrong with it.
"""

from dispatch.rescue.placed import loaner_price
from dispatch.rescue.refused import RefusedPart, refused_parts
from dispatch.rescue.way import Effect, LoanerPrice, Rescue, Way, WayKind
from dispatch.rescue.ways import NEAR, WORK, late_visit, ways_out
from dispatch.rescue.workshop import Bench, bench

__all__ = [
    "NEAR",
    "WORK",
    "Bench",
    "Effect",
    "LoanerPrice",
    "RefusedPart",
    "Rescue",
    "Way",
    "WayKind",
    "bench",
    "late_visit",
    "loaner_price",
    "refused_parts",
    "ways_out",
]
