"""A large problem is cut into pieces whose plans are one plan of the whole, under every rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dispatch.cost import cost
from dispatch.plan import CostTerms, Known, Plan, Route
from dispatch.problem import Link, Objective, Outside, Pair, PlanningProblem, Published
from dispatch.solve import Budget, Progress, decompose
from dispatch.solve.borders import Piece, pieces, positions
from dispatch.solve.decode import Priced
from dispatch.verify import violations
from kernel.clock import Stopwatch
from tests.dispatch.solve.worlds import Size, world

MANY = Size(visits=40, engineers=9, days=2, stores=3)
CUT = [Objective.MONEY, Objective.WORKING_TIME, Objective.DISTANCE]


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few engineers, so that small worlds have several."""
    monkeypatch.setattr(decompose, "VISITS", 8)
    monkeypatch.setattr(decompose, "CROWDED_VISITS", 5)
    monkeypatch.setattr(decompose, "SHIFTS", 6)


def solved(problem: PlanningProblem, *, work: int = 4000, seed: int = 1, hint: Plan | None = None) -> Plan:
    """Solve in pieces, verify, and compare the claimed cost with the plain one."""
    plan = decompose.run(problem, Budget(seed=seed, work=work), hint)
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    return plan


def crowded(seed: int) -> PlanningProblem:
    """A world with crews, reliefs, partners and visits that were published."""
    problem = world(seed, MANY)
    visits = list(problem.visits)
    for index in (0, 2, 4, 6):
        for one in (index, index + 1):
            visits[one] = replace(visits[one], engineer_lock=-1, start_lock_s=None, windows=())
    for index in range(10, 16):
        visits[index] = replace(visits[index], outside=(Outside("PX", 9 * 3600, 9_000),))
    for index in range(16, 24):
        told = Published(index % MANY.engineers, 10 * 3600, 1800, 700, 300)
        visits[index] = replace(visits[index], published=told, preferred=(1, 7), other_engineer_cents=400)
    links = (
        Link(0, 1, 0, 0, Pair.DIFFERENT, both=True),
        Link(2, 3, 600, 7200, Pair.SAME),
        Link(4, 5, 0, None, Pair.ANY),
        Link(5, 6, -3600, 3600, Pair.DIFFERENT),
    )
    return replace(problem, visits=tuple(visits), links=links)


@pytest.mark.parametrize("objective", CUT)
@pytest.mark.parametrize("seed", range(3))
def test_a_plan_made_in_pieces_is_verified_and_priced_right(seed: int, objective: Objective) -> None:
    """Shelves, offers and loaner units are shared out between pieces; together they must not be overspent."""
    problem = world(seed, MANY, objective)

    plan = solved(problem, seed=seed)

    served = sum(bool(stop.ref in problem.visit_index) for route in plan.routes for stop in route.stops)
    assert served + len(plan.unassigned) == len(problem.visits)


@pytest.mark.parametrize("seed", range(4))
def test_linked_published_and_outsourced_visits_stay_right_across_borders(seed: int) -> None:
    """Linked visits lie in one piece, whoever was promised keeps his price, a partner is paid once."""
    problem = crowded(seed)

    first = solved(problem, seed=seed)
    again = solved(problem, seed=seed, hint=first)

    assert again.claimed.total <= first.claimed.total


def test_the_same_seed_and_work_give_the_same_plan_whichever_piece_is_ready_first() -> None:
    """Pieces are searched two at a time and joined in order."""
    problem = crowded(5)

    first, second = solved(problem, seed=3), solved(problem, seed=3)

    assert first == second
    assert first.manifest == second.manifest


def test_a_run_stopped_on_the_way_is_replayed_by_its_work() -> None:
    """A live run ends between pieces; the same work alone gives the same plan."""
    problem = world(7, MANY)
    reports: list[Progress] = []

    def enough(report: Progress) -> bool:
        reports.append(report)
        return len(reports) < 12

    stopped = decompose.run(problem, Budget(seed=2, work=10**9), progress=enough)
    assert stopped.manifest is not None
    replayed = decompose.run(problem, Budget(seed=2, work=stopped.manifest.work))

    assert replayed == stopped


class Counted(Stopwatch):
    """A second for every look at it: the same run on every machine."""

    def __init__(self) -> None:
        """Nobody has looked yet."""
        super().__init__()
        self._looks = 0

    @property
    def seconds(self) -> float:
        """How often it was looked at."""
        self._looks += 1
        return float(self._looks)


@pytest.mark.parametrize("seconds", range(40, 46))
def test_what_time_is_left_for_a_part_of_a_piece_is_searched_too_and_replayed(seconds: int) -> None:
    """The last piece gets less work than it would; by work the run is the same."""
    problem = world(7, MANY)

    timed = decompose.run(problem, Budget(seed=2, seconds=seconds), watch=Counted())

    assert timed.manifest is not None
    replayed = decompose.run(problem, Budget(seed=2, work=timed.manifest.work))
    assert replayed == timed
    assert replayed.manifest == timed.manifest


def test_a_last_piece_gets_the_part_of_its_work_there_is_time_for() -> None:
    """None where little time is left: what it takes besides searching is not less."""
    clock = Counted()
    meter = decompose._Meter(Budget(seed=1, seconds=10), clock, longest_s=5.0)
    shares = [meter.share(600) for _ in range(6)]
    late = decompose._Meter(Budget(seed=1, seconds=10), clock, longest_s=5.0)

    assert shares == [600, 600, 600, 600, 500, 0]
    assert late.share(600) == 0


def test_where_something_happened_is_searched_twice_before_anything_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plan in force was good elsewhere."""
    problem = world(3, MANY)
    new = problem.visits[5].id
    before = solved(replace(problem, visits=tuple(one for one in problem.visits if one.id != new)), work=8000)
    searched: list[bool] = []
    search = decompose._searched

    def watched(piece: PlanningProblem, routes: tuple[Route, ...], share: int, seed: int) -> decompose._Done:
        if share:
            searched.append(any(one.id == new for one in piece.visits))
        return search(piece, routes, share, seed)

    monkeypatch.setattr(decompose, "_searched", watched)
    monkeypatch.setattr(decompose, "AT_A_TIME", 1)

    solved(problem, hint=before)

    assert searched[:2] == [True, True]
    assert not all(searched)


def test_more_work_is_never_dearer() -> None:
    """A piece is taken over only where it is cheaper."""
    problem = world(3, MANY)

    costs = [solved(problem, work=work).claimed.total for work in (0, 800, 4000, 12_000)]

    assert costs == sorted(costs, reverse=True)


def test_a_plan_that_takes_more_than_there_is_now_starts_one_that_does_not() -> None:
    """Yesterday's plan may draw on shelves that are empty today."""
    problem = world(2, MANY)
    before = solved(problem)

    empty = tuple(replace(store, stock=store.stock[:1], loaners=()) for store in problem.stores)
    solved(replace(problem, stores=empty), hint=before)


def test_a_route_of_the_hint_does_not_outlive_its_visits() -> None:
    """What a piece without visits had in the plan in force is nobody's any more."""
    problem = world(2, MANY)
    state = decompose._State(problem, 1, {0: Route(problem.shifts[0].id, 0, 60, ())})

    state.take(Piece((0,), ()), decompose._Done(Plan((), (), CostTerms()), Priced({}, {}), 0, 0))

    assert state.routes == {}


def test_a_seed_may_be_any_whole_number() -> None:
    """As for a problem that is searched whole."""
    solved(world(1, MANY), work=0, seed=10**30)


def test_no_work_at_all_still_gives_a_plan() -> None:
    """The first sweep looks at every visit once, whatever the budget."""
    plan = solved(world(1, MANY), work=0)

    assert plan.routes
    assert all(one.known is Known.NOT_FOUND for one in plan.unassigned)


@pytest.mark.parametrize(("waiting", "size"), [(100, 8), (99, 5), (6, 5), (5, 8), (0, 8)])
def test_where_many_visits_wait_pieces_are_smaller(waiting: int, size: int) -> None:
    """Not before anybody has a visit: then all of them wait."""
    shift_of = np.repeat(np.array([-1, 3], dtype=np.int64), [waiting, 100 - waiting])
    assert decompose.piece_size(shift_of, shared=False) == size
    assert decompose.piece_size(shift_of[:0], shared=False) == 8
    assert decompose.piece_size(shift_of, shared=True) == 8


@pytest.mark.parametrize("sweep", range(5))
def test_a_cut_has_every_shift_and_visit_once_and_an_engineers_shifts_together(sweep: int) -> None:
    """What a van holds is shared by all shifts of its engineer, so no border may run between them."""
    problem = crowded(1)
    nobody = np.full(len(problem.visits), -1, dtype=np.int64)

    cut = pieces(problem, positions(problem), nobody, sweep=sweep, visits=8, shifts=6)

    assert len(cut) > 2
    assert sorted(h for piece in cut for h in piece.shifts) == list(range(len(problem.shifts)))
    assert sorted(v for piece in cut for v in piece.visits) == list(range(len(problem.visits)))
    for piece in cut:
        crew = {problem.shifts[h].engineer for h in piece.shifts}
        assert all(h in piece.shifts for h, shift in enumerate(problem.shifts) if shift.engineer in crew)
        assert all((link.first in piece.visits) == (link.second in piece.visits) for link in problem.links)


@pytest.mark.parametrize("engineer", range(MANY.engineers))
def test_a_visit_on_a_route_lies_in_the_piece_of_whom_it_was_locked_to_since(engineer: int) -> None:
    """Elsewhere nobody could do it, and the first sweep would take it off every route."""
    problem = world(1, MANY)
    shift_of = np.arange(len(problem.visits)) % len(problem.shifts)
    visits = (replace(problem.visits[0], engineer_lock=engineer), *problem.visits[1:])
    problem = replace(problem, visits=visits)

    cut = pieces(problem, positions(problem), shift_of, sweep=0, visits=8, shifts=6)

    mine = next(piece for piece in cut if 0 in piece.visits)
    assert engineer in {problem.shifts[h].engineer for h in mine.shifts}
    assert int(shift_of[0]) in mine.shifts
