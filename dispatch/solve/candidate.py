"""One answer to "who can take this visit now, and what would it cost?"."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.plan import LoanerChoice, Supply


@dataclass(frozen=True, slots=True)
class Candidate:
    """The cheapest place for a visit on one shift of a plan.

    Args:
        shift: the shift's id.
        cents: price difference in the objective's unit, `left_out` not counted.
        position: index of the visit among the route's stops that are no breaks, the new pick-up counted.
        start_s: start of work, ticks.
        end_s: end of the whole route with the visit, ticks.
        late_s: ticks the start lies after `arrive_due`, 0 when on time or not promised.
        pick_up: id of the store of a pick-up stop to be added, empty when none is.
        supply: where each part line would come from.
        loaner: the loaner, without a unit's name yet; None: none.
    """

    shift: str
    cents: int
    position: int
    start_s: int
    end_s: int
    late_s: int
    pick_up: str
    supply: tuple[Supply, ...]
    loaner: LoanerChoice | None
