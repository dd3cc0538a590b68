"""A crew, an outside partner, a loaner fetched back, a part left behind: planned by hand, verified, and told."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from api.report.figures_json import summary_json
from api.report.page import page
from api.report.spreadsheet import BYTE_ORDER_MARK
from api.report.terminal import print_summary
from api.report.view import Report
from api.report.visits_csv import visits_csv
from api.report.write import head_of
from api.text import LANGUAGES, Lang
from dispatch.board import Board
from dispatch.cost import cost
from dispatch.crew import Partner
from dispatch.desk.visit import CrewRole, PartNeed
from dispatch.plan import CostTerms, Outsourced, Plan, Route, Source, Stop, StopKind, Supply
from dispatch.pose import problem_of
from dispatch.region import Region
from dispatch.verify import violations
from inventory.catalogue.loaner import LoanerUnit
from inventory.stock.loan import Loan
from storage.plan_file import plan_document, plan_file, read_plan, write_plan
from tests.api.report.conftest import NOW, Driver, region


def helped() -> Region:
    """The small region: two for V-PLAIN and a loaner to take back there, a firm for V-CERT, a part V-PART may not need."""
    plain = region()
    firm = Partner("X-1", "Other firm", Decimal(900), certificates=("high-voltage",), original_parts=True)
    lent = Loan("L-9", "U-9", "T-PLAIN", NOW - timedelta(days=2), NOW + timedelta(days=2))
    return replace(
        plain,
        settings=replace(plain.settings, stories=()),
        field=replace(
            plain.field,
            partners=(firm,),
            crew_roles=(CrewRole("V-PLAIN", "helper", 10, within_min=20),),
            part_needs=(PartNeed("V-PART", "INV", 1, 0.4), PartNeed("V-LOAN", "BRD", 1, 0.1)),
        ),
        stock=replace(
            plain.stock,
            loaner_units=(*plain.stock.loaner_units, LoanerUnit("U-9", "ups-10", "D-FZ")),
            loans=(lent,),
        ),
    )


@pytest.fixture(scope="module")
def told() -> Report:
    """The plan by hand: E-2 drives three hours to help, E-1 waits for him."""
    board = Board.of(helped())
    problem = problem_of(board)

    def stop(name: str, *without: str) -> Stop:
        visit = problem.visits[problem.visit_index[name]]
        supply = tuple(Supply(part, part, 0, Source.WITHOUT) for part in without)
        return Stop(
            StopKind.VISIT, name, 0, 0, 0, supply, fetches=visit.fetches, trip=visit.trip, role=visit.role
        )

    mate = Driver(problem, "W-3").go(stop("V-PLAIN@helper"), work_s=600)
    meets_s = mate.stops[0].start_s
    first = Driver(problem, "W-1").rest(at_s=2 * 3600, for_s=45 * 60)
    first.go(stop("V-PLAIN"), work_s=75 * 60, not_before_s=meets_s).go(stop("V-PART", "INV"), work_s=7200)
    tomorrow = Driver(problem, "W-2").go(stop("V-LOAN", "BRD"), work_s=4500, not_before_s=24 * 3600)
    mate.rest(at_s=0, for_s=45 * 60)
    routes: tuple[Route, ...] = (first.route(), tomorrow.route(), mate.route())
    given = problem.visits[problem.visit_index["V-CERT"]].outside[0]
    outside = (Outsourced("V-CERT", given.partner, given.start_s, given.start_s + 90 * 60),)
    plan = Plan(routes, (), CostTerms(), outside=outside)
    return Report(board, problem, replace(plan, claimed=cost(problem, plan)))


def test_the_plan_keeps_every_rule_and_its_file_comes_back(
    told: Report, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """By the verifier, to the cent; written and read again it is the same plan."""
    assert violations(told.problem, told.plan) == ()
    assert told.plan.claimed.partners == 90_000
    assert told.plan.claimed.second_visits == 16_000 + 4_000

    path = tmp_path_factory.mktemp("plan") / "plan.json"
    file = plan_file(head_of(told, dataset_digest="d" * 64), told.problem, told.plan)
    write_plan(path, file)

    assert read_plan(path) == file
    assert plan_document(file)["outside"][0]["partner"] == "X-1"


def test_the_figures_say_whom_to_ask_and_what_comes_back(told: Report) -> None:
    """A partner nobody asks does not come; a loaner nobody expects stays in the van."""
    figures = told.figures

    assert (figures.planned, figures.visits, figures.left_out) == (5, 5, ())
    assert [(row.visit, row.partner, row.cents) for row in figures.given_away] == [("V-CERT", "X-1", 90_000)]
    assert [(row.unit, row.visit, row.engineer) for row in figures.fetched] == [("U-9", "V-PLAIN", "E-1")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_of_the_report_tells_it(told: Report, lang: Lang) -> None:
    """Page, terminal, JSON: in both languages."""
    console = Console(record=True, width=160, force_terminal=False)

    print_summary(told, console, lang=lang)
    terminal, html, figures = console.export_text(), page(told, lang), summary_json(told, lang)

    for text in (terminal, html, json.dumps(figures)):
        assert "X-1" in text
        assert "U-9" in text
    assert 'id="section-given_away"' in html
    assert 'id="section-fetched"' in html
    assert figures["given_away"][0]["price"] == "900.00"


def test_the_table_has_trip_role_and_partner(told: Report) -> None:
    """One row for every part, each with what it belongs to."""
    text = visits_csv(told, "en").removeprefix(BYTE_ORDER_MARK)
    rows = {row["visit_id"]: row for row in csv.DictReader(StringIO(text))}

    assert (rows["V-PLAIN@helper"]["trip"], rows["V-PLAIN@helper"]["role"]) == ("V-PLAIN", "helper")
    assert (rows["V-PLAIN"]["trip"], rows["V-PLAIN"]["role"]) == ("", "lead")
    assert rows["V-PLAIN"]["fetches"] == "U-9"
    assert (rows["V-CERT"]["engineer_id"], rows["V-CERT"]["partner_id"]) == ("", "X-1")
    assert rows["V-CERT"]["starts_at"] == "2026-03-06T10:00:00+08:00"
    assert "left behind" in rows["V-PART"]["supply"]
