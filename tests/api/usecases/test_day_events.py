"""What a line of a day's script is to the board: a visit with all that comes with it, a trip to the workshop."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.usecases.day import day
from api.usecases.day_events import events_of
from dispatch.board import Board
from dispatch.cost import cost
from dispatch.crew import Shift
from dispatch.desk.customer import Asset, Contract
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import CrewRole, VisitOrder
from dispatch.desk.workshop import BenchTime
from dispatch.event import TicketHappened, VisitRequested, WorkshopChosen
from dispatch.verify import violations
from kernel.errors import Refusal
from kernel.interval import Interval
from storage.day_script import Line, Script, read_script
from tests import regions as build

HEAD = "seed = 1\nfirst_work = 40\nwork = 40\ntell_hours = 2\n"
CREWED = """[[event]]
at = "2026-03-06T08:30:00+08:00"
kind = "urgent"
ticket = "T-9"
visit = "V-9"
site = "S-2"
scheme = "field-2-4-24"
severity = "P1"
minutes = "60"
skills = "HV:3"
role = "first"
crew = "helper:30:20"
crew_skills = "HV:2"
after = "V-1"
"""
SENT = """[[event]]
at = "2026-03-06T08:10:00+08:00"
kind = "workshop"
visit = "V-1"
"""


def script(folder: Path, text: str) -> Script:
    """A script with one event."""
    path = folder / "day.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_script(path)


def line(folder: Path, text: str) -> Line:
    """Its event."""
    (found,) = script(folder, text).lines
    return found


def test_an_urgent_visit_comes_with_its_crew_and_its_order(tmp_path: Path) -> None:
    """Everything a visit of a dataset can have that a dispatcher says on the telephone."""
    said = line(tmp_path, CREWED)

    *_, asked = events_of(said, Board.of(build.region()).at(said.at))

    assert isinstance(asked, VisitRequested)
    assert (asked.visit.role, asked.visit.continuous) == ("first", None)
    assert asked.crew == (CrewRole("V-9", "helper", 30, within_min=20, skills=(("HV", 2),)),)
    assert asked.order == (VisitOrder("V-9", "V-1"),)


def test_a_day_with_a_crew_is_planned_like_any_other(tmp_path: Path) -> None:
    """Two engineers, one after the other visit, nobody forgotten."""
    *_, turn = day(build.region(part_needs=()), script(tmp_path, CREWED))

    assert turn.refused is None
    assert turn.applied is not None
    problem, plan = turn.applied.problem, turn.applied.plan
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    assert {stop.ref for route in plan.routes for stop in route.stops} >= {"V-9", "V-9@helper"}


def test_a_visit_is_sent_to_the_workshop_in_the_middle_of_a_day(tmp_path: Path) -> None:
    """The desk decides; the day goes on with two trips."""
    region = build.region(
        assets=(Asset("A-1", "S-1", "SN1", "M1"), Asset("A-2", "S-2", "SN2", "M1")),
        bench_times=(BenchTime("M1", 20, 60, 20),),
        shifts=tuple(
            Shift(f"{name}/06", name, Interval(build.at(9), build.at(17))) for name in ("E-1", "E-2")
        ),
        part_needs=(),
    )

    *_, turn = day(region, script(tmp_path, SENT))

    assert events_of(line(tmp_path, SENT), Board.of(region)) == (WorkshopChosen("V-1"),)
    assert turn.refused is None
    assert turn.applied is not None
    problem, plan = turn.applied.problem, turn.applied.plan
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    assert {stop.ref for route in plan.routes for stop in route.stops} >= {"V-1", "V-1#2"}


def test_half_a_workshop_is_refused(tmp_path: Path) -> None:
    """As in a dataset: collected and brought back, or neither."""
    said = line(tmp_path, CREWED + 'bench_min = "60"\n')

    with pytest.raises(Refusal) as refused:
        events_of(said, Board.of(build.region()).at(said.at))

    assert refused.value.code == "dataset.half_a_workshop"


SHORT = """[[event]]
at = "2026-03-06T08:10:00+08:00"
kind = "part_short"
visit = "V-1"
part = "P-1"
quantity = 2
"""


def test_a_shortage_is_a_step_of_the_ticket_and_the_visit_is_planned_anew(tmp_path: Path) -> None:
    """The store says so, by its own name where it gives none, and the day goes on with a plan that holds."""
    said = line(tmp_path, SHORT)
    *_, turn = day(build.region(part_needs=()), script(tmp_path, SHORT))

    (happened,) = events_of(said, Board.of(build.region()).at(said.at))
    assert isinstance(happened, TicketHappened)
    assert happened.event == TicketEvent(
        "T-1", said.at, EventKind.PART_SHORT, "store", value="P-1 2", visit="V-1"
    )
    assert turn.refused is None
    assert turn.applied is not None
    assert turn.turned is not None
    assert violations(turn.turned.problem, turn.applied.plan) == ()
    assert cost(turn.turned.problem, turn.applied.plan).total == turn.applied.plan.claimed.total


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ('asset = "A-1"', "dataset.asset_elsewhere"),
        ('contract = "K-2"', "dataset.contract_of_another"),
        ('contract = "K-1"', "dataset.contract_not_in_force"),
        ('contract = "K-3"', "dataset.contract_of_another_scheme"),
    ],
)
def test_an_urgent_ticket_is_about_its_own_site_and_contract_or_is_refused(
    tmp_path: Path, named: str, code: str
) -> None:
    """The same sentence as in a folder: an engineer would stand at the wrong gate, and the wrong customer pay."""
    mine, others = "K-1", "K-2"
    region = build.region(
        contracts=(
            Contract("K-1", mine, "field-2-4-24", "1", date(2025, 1, 1), date(2026, 1, 1)),
            Contract("K-2", others, "field-2-4-24", "1", date(2026, 1, 1), None),
            Contract("K-3", mine, "field-2-12", "1", date(2026, 1, 1), None),
        ),
    )
    said = line(tmp_path, CREWED + named + "\n")
    before = Board.of(region).at(said.at)

    opened, *_ = events_of(said, before)
    with pytest.raises(Refusal) as refused:
        before.apply(opened)

    assert refused.value.code == code
