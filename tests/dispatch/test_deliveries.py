"""From where a part can be brought to a site: by the store's hours, its stock and the way."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.deliveries import Source, sources
from dispatch.problem import UNREACHABLE, Prices, Store, Window
from kernel.errors import Refusal
from tests import builders as build


def test_a_part_comes_from_whoever_has_it_the_earliest_first() -> None:
    """Hours, hand-out and way count together: the nearest store is not always the first."""
    near = Store("NEAR", 1, stock=((0, 5),), pick_up_s=60, opens=(Window(-50, 0), Window(400, 900)))
    far = Store("FAR", 4, stock=((0, 2), (1, 9)), pick_up_s=30)
    problem = build.problem(
        visits=(build.visit("V", 2),), stores=(near, far), prices=Prices(travel_hour=3600, distance_km=500)
    )

    found = sources(problem, "V", "A", 2)

    # There and back: 200 ticks at a cent and 2 km at 5.00; 100 ticks and 1 km.
    assert found == (
        Source("FAR", 2, 30 + 200, 2 * (200 + 1000)),
        Source("NEAR", 5, 400 + 60 + 100, 2 * (100 + 500)),
    )


def test_nothing_comes_from_where_there_is_too_little_or_no_way() -> None:
    """Who is shown a source can have the part from it."""
    problem = build.problem(
        visits=(build.visit("V", 2),),
        stores=(
            Store("FEW", 1, stock=((0, 1),)),
            Store("OTHER", 1, stock=((1, 9),)),
            Store("SHUT", 1, stock=((0, 9),), opens=(Window(-90, -10),)),
            Store("ISLAND", 4, stock=((0, 9),)),
        ),
    )
    cut = np.array(problem.travel_s)
    cut[4, :] = UNREACHABLE
    problem = build.problem(visits=problem.visits, stores=problem.stores, travel_s=cut)

    assert sources(problem, "V", "A", 2) == ()
    assert [one.store for one in sources(problem, "V", "A", 1)] == ["FEW"]
    with pytest.raises(Refusal, match=r"explain\.unknown_visit"):
        sources(problem, "V9", "A", 1)
