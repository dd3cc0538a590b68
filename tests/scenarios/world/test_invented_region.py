"""An invented region: the same for the same seed, as large as asked, whole, and stable under a change of counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.crew import present
from dispatch.desk.life import check_history
from dispatch.desk.milestone import Severity
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.region import Region
from inventory.catalogue.place import PlaceKind
from inventory.stock.ledger import fold
from inventory.stockroom import checked, opening
from kernel.clock import moment, zone
from kernel.errors import Refusal
from kernel.interval import Interval
from scenarios.world.region import region
from scenarios.world.spec import FRIDAY_MORNING, Spec

SMALL = Spec(engineers=9, visits=41, remote=12, parts=60, loaners=7, depots=3, closed=300)
DEMANDED_SCHEMES = 8


@cache
def small() -> Region:
    """The small region most tests look at."""
    return region(SMALL, seed=7)


def test_the_same_seed_gives_the_same_region() -> None:
    """A region somebody reports a problem with can be made again."""
    again = region(SMALL, seed=7)

    assert again == small()
    assert repr(again) == repr(small())


def test_another_seed_gives_another_region() -> None:
    """A seed that changes nothing would make every sample the same."""
    assert region(SMALL, seed=8) != small()


def test_a_region_holds_as_much_as_asked() -> None:
    """The counts of the command line are a promise."""
    field, stock = small().field, small().stock

    assert len(field.engineers) == SMALL.engineers
    assert len(field.visits) == SMALL.visits
    assert len(field.tickets) == SMALL.visits + SMALL.remote
    assert len(field.closed_tickets) == SMALL.closed
    assert len(stock.parts) == SMALL.parts
    assert len(stock.loaner_units) == SMALL.loaners
    assert sum(place.kind is PlaceKind.DEPOT for place in stock.places) == SMALL.depots


def test_one_engineer_more_changes_no_ticket_and_no_colleague() -> None:
    """Each cause has a stream of its own: staffing must not rewrite demand."""
    more = region(replace(SMALL, engineers=SMALL.engineers + 1), seed=7).field
    before = small().field

    assert more.tickets == before.tickets
    assert more.visits == before.visits
    assert more.appointments == before.appointments
    assert more.sites == before.sites
    assert more.engineers[: SMALL.engineers] == before.engineers
    assert more.skills[: len(before.skills)] == before.skills
    assert more.certificates[: len(before.certificates)] == before.certificates


def test_more_parts_change_no_ticket_no_visit_and_no_engineer() -> None:
    """A larger catalogue changes which part breaks, not when and where."""
    more = region(replace(SMALL, parts=SMALL.parts + 20), seed=7).field
    before = small().field

    assert more.tickets == before.tickets
    assert more.visits == before.visits
    assert more.engineers == before.engineers
    assert [one.reported_at for one in more.closed_tickets] == [
        one.reported_at for one in before.closed_tickets
    ]


def test_one_visit_more_leaves_the_others_as_they_are() -> None:
    """Growing a sample keeps the sample."""
    more = region(replace(SMALL, visits=SMALL.visits + 1), seed=7).field

    assert more.visits[: SMALL.visits] == small().field.visits


def test_stock_is_what_the_moves_say_and_never_below_nothing() -> None:
    """The ledger refuses what a shelf does not hold; an invented one may not need that."""
    stock = small().stock

    after = fold(opening(stock), stock.moves)

    assert checked(stock) == ()
    assert len(after.moves) == len(stock.moves)
    assert [move.at for move in stock.moves] == sorted(move.at for move in stock.moves)
    assert all(move.at <= FRIDAY_MORNING for move in stock.moves)


def test_only_field_tickets_have_a_visit() -> None:
    """A remote ticket is solved at a distance: nobody drives."""
    field = small().field
    visited = Counter(visit.ticket for visit in field.visits)

    assert set(visited.values()) == {1}
    assert {ticket.id for ticket in field.tickets if ticket.id not in visited} == {
        ticket.id for ticket in field.tickets if ticket.scheme in {"software-support", "analytics-support"}
    }


def test_every_reference_of_the_field_side_is_there() -> None:
    """A row that names nothing would be refused on reading."""
    field, stock = small().field, small().stock
    sites = {site.id: site for site in field.sites}
    assets = {asset.id: asset for asset in field.assets}
    contracts = {contract.id: contract for contract in field.contracts}
    places = {place.id for place in stock.places}

    for ticket in field.tickets:
        assert assets[ticket.asset].site == ticket.site
        assert contracts[ticket.contract].customer == sites[ticket.site].customer
        assert (ticket.scheme, ticket.version) in builtin_schemes()
        assert ticket.scheme == contracts[ticket.contract].scheme
        assert ticket.remote == sites[ticket.site].remote
    for engineer in field.engineers:
        assert {engineer.depot, engineer.van} <= places
    assert {need.part for need in field.part_needs} <= {part.id for part in stock.parts}
    assert {closed.asset for closed in field.closed_tickets} <= set(assets)
    assert {skill for visit in field.visits for skill, _ in visit.skills} <= {
        row.id for row in field.skill_catalogue
    }


def test_every_tool_is_with_an_engineer_and_every_depot_has_a_spare_of_each_kind() -> None:
    """A tool at a depot is nobody's yet; the spare goes to one who works from there, first to one who lacks it."""
    field = small().field
    depot = {engineer.id: engineer.depot for engineer in field.engineers}
    spares = [tool for tool in field.tools if tool.serial.rpartition("-")[2].isalpha()]
    carried = Counter((tool.holder, tool.tool) for tool in field.tools if tool not in spares)

    assert {tool.holder for tool in field.tools} <= set(depot)
    assert Counter((depot[tool.holder], tool.serial.rpartition("-")[2]) for tool in spares) == {
        (place, place.removeprefix("D-")): len({tool.tool for tool in field.tools})
        for place in set(depot.values())
    }
    assert any(not carried[tool.holder, tool.tool] for tool in spares)


def test_a_contract_covers_its_tickets_over_the_new_year() -> None:
    """In the first hours of January every open ticket was reported in December."""
    spec = replace(SMALL, as_of=moment("2027-01-01T00:30+08:00"))
    field = region(spec, seed=7).field
    contracts = {contract.id: contract for contract in field.contracts}

    for ticket in field.tickets:
        contract = contracts[ticket.contract]
        on = ticket.reported_at.astimezone(zone(spec.zone)).date()
        assert contract.valid_until is not None
        assert contract.valid_from <= on < contract.valid_until


def test_ticket_histories_read_in_order_under_their_scheme() -> None:
    """The clock folds what has happened; an impossible history would mean nothing."""
    field, schemes = small().field, builtin_schemes()

    for ticket in field.tickets:
        events = [event for event in field.ticket_events if event.ticket == ticket.id]
        assert list(check_history(ticket, events, schemes[ticket.scheme, ticket.version])) == []
        assert all(event.at <= FRIDAY_MORNING for event in events)


def test_needed_parts_fit_the_equipment() -> None:
    """A boiler seal for a printer would be noise, not demand."""
    field = small().field
    tickets = {ticket.id: ticket for ticket in field.tickets}
    models = {asset.id: asset.model for asset in field.assets}
    ticket_of = {visit.id: tickets[visit.ticket] for visit in field.visits}
    family = {
        "UP": "UPS",
        "SG": "SWG",
        "AC": "CMP",
        "CH": "CHL",
        "AN": "ANL",
        "ST": "STR",
        "PR": "PRT",
        "PK": "PCK",
        "WT": "WTR",
    }

    for need in field.part_needs:
        model = models[ticket_of[need.visit].asset]
        assert need.part.split("-")[1] == family[model.split("-")[0]]


def test_monthly_demand_is_what_the_closed_tickets_took() -> None:
    """Two stories about the same past would make forecasts unexplainable."""
    field, stock = small().field, small().stock

    taken = Counter[str]()
    for closed in field.closed_tickets:
        for used in closed.parts:
            taken[used.part] += used.quantity
    asked = Counter[str]()
    for row in stock.demand_history:
        asked[row.part] += row.quantity

    assert asked == taken


def test_published_stops_can_be_kept() -> None:
    """A lock on a stop nobody can make would leave the planner no way out."""
    field = small().field
    shifts = {shift.id: shift for shift in field.shifts}
    visits = {visit.id: visit for visit in field.visits}
    levels = {(held.engineer, held.skill): held.level for held in field.skills}
    needing = {need.visit for need in field.part_needs}
    busy: dict[str, list[Interval]] = {}

    assert field.published
    for stop in field.published:
        shift, visit = shifts[stop.shift], visits[stop.visit]
        assert stop.starts_at >= FRIDAY_MORNING
        assert present(shift, field.absences) == (shift.worked,)
        assert stop.starts_at in shift.worked
        assert all(levels[shift.engineer, skill] >= level for skill, level in visit.skills)
        assert stop.visit not in needing
        assert stop.told_at is None or stop.told_at < FRIDAY_MORNING
        busy.setdefault(stop.shift, []).append(
            Interval(stop.starts_at, stop.starts_at + timedelta(minutes=visit.duration_min))
        )
    for spans in busy.values():
        assert not any(a.overlaps(b) for a in spans for b in spans if a is not b)


def test_engineers_are_codes_never_names() -> None:
    """Nobody who exists, or could, is in an invented region."""
    assert all(re.fullmatch(r"E-\d+", engineer.id) for engineer in small().field.engineers)


def test_every_severity_and_many_schemes_occur() -> None:
    """A region that knows one promise only would show nothing."""
    tickets = region(Spec(), seed=7).field.tickets

    assert {ticket.severity for ticket in tickets} == set(Severity)
    assert len({ticket.scheme for ticket in tickets}) > DEMANDED_SCHEMES


@pytest.mark.parametrize(
    ("name", "value"), [("engineers", 0), ("engineers", -3), ("visits", 20_001), ("parts", 8), ("depots", 7)]
)
def test_nonsense_numbers_are_refused(name: str, value: int) -> None:
    """Said before anything is written, with the bounds."""
    with pytest.raises(Refusal) as refused:
        Spec(**{name: value})  # type: ignore[arg-type]  # every parametrized name is a whole number

    assert refused.value.code == "scenario.out_of_range"
    assert refused.value.message.params["name"] == name


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    """The generator would answer with a traceback of its own."""
    with pytest.raises(Refusal) as refused:
        region(SMALL, seed=seed)

    assert refused.value.code == "scenario.seed_out_of_range"


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    engineers=st.integers(1, 12),
    visits=st.integers(1, 30),
    parts=st.integers(9, 40),
    loaners=st.integers(0, 9),
    depots=st.integers(1, 6),
    horizon_days=st.integers(1, 5),
    later_h=st.integers(0, 24 * 370),
)
def test_any_size_gives_a_region_whose_stock_stands(
    seed: int,
    engineers: int,
    visits: int,
    parts: int,
    loaners: int,
    depots: int,
    horizon_days: int,
    later_h: int,
) -> None:
    """Odd sizes (more depots than engineers, no loaners) and hours (a Sunday night) are where a generator breaks."""
    spec = Spec(
        as_of=FRIDAY_MORNING + timedelta(hours=later_h),
        engineers=engineers,
        visits=visits,
        parts=parts,
        loaners=loaners,
        depots=depots,
        horizon_days=horizon_days,
        remote=3,
        closed=40,
    )

    made = region(spec, seed=seed)

    assert checked(made.stock) == ()
    assert len(made.field.visits) == visits
