"""Stories are told from the plan: each holds when its facts do, and stops holding when one is taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from api.report.stories import stories
from api.report.told import Told
from api.report.view import Report
from api.text import LANGUAGES, label, say
from dispatch.plan import Known, Plan, Stop
from dispatch.region import Story
from dispatch.verify import violations


def told(report: Report, kind: str) -> Told:
    """The story of one kind, the others not looked at."""
    settings = report.board.region.settings
    one = next(story for story in settings.stories if story.kind == kind)
    region = replace(report.board.region, settings=replace(settings, stories=(one,)))
    (found,) = stories(replace(report, board=replace(report.board, region=region)))
    return found


def test_the_hand_made_plan_keeps_every_rule(report: Report) -> None:
    """A story told of a broken plan would be a tale."""
    assert violations(report.problem, report.plan) == ()


def test_all_six_stories_hold_in_the_small_region(report: Report) -> None:
    """The base all other cases start from; every sentence is whole in both languages."""
    found = stories(report)

    assert [(one.story.kind, one.holds) for one in found] == [
        ("transfer_beats_purchase", True),
        ("loaner_for_overrun", True),
        ("loaner_against_bill", True),
        ("original_only", True),
        ("certificate_expired", True),
        ("below_reorder_point", True),
    ]
    for one in found:
        for lang in LANGUAGES:
            assert "{" not in say(one.sentence, lang)
            assert label(f"story.title_{one.story.kind}", lang) != f"story.title_{one.story.kind}"


def test_the_transfer_story_counts_price_and_lateness(report: Report) -> None:
    """220 beats 900 plus what being a day and more late would cost; times and money are the plan's own."""
    facts = told(report, "transfer_beats_purchase").sentence.params

    assert facts["price"] == "220.00 CNY"
    assert facts["sold_price"] == "900.00 CNY"
    assert facts["arrives"] == "2026-03-06 14:00"
    assert (facts["nearest"], facts["from_store"]) == ("Depot Fuzhou", "Depot Xiamen")
    assert facts["engineer"] == "E-1"


def test_the_loaner_story_names_the_unit_and_when_it_stands(report: Report) -> None:
    """Due at 18:00, done the next day: the loaner stands before 18:00."""
    facts = told(report, "loaner_for_overrun").sentence.params

    assert facts["due"] == facts["promised"] == "2026-03-06 18:00"
    assert facts["finish"] == "2026-03-07 11:15"
    assert facts["late_s"] == (17 * 60 + 15) * 60
    assert facts["unit"] == "U-1"
    assert str(facts["stands"]) < "2026-03-06 18:00"


def test_the_loaner_stands_beside_the_bill_it_replaces(report: Report) -> None:
    """Due at 18:00, done 17 h 15 min late: 18 hours of repair and of substitute at 400 and 200 an hour."""
    facts = told(report, "loaner_against_bill").sentence.params

    assert (facts["bill"], facts["left"]) == ("10,800.00 CNY", "7,200.00 CNY")
    # 80 and 8.2 km by courier, two days started.
    assert facts["cost"] == "212.26 CNY"
    assert facts["saved"] == "3,387.74 CNY"


def test_the_cheaper_part_is_refused_with_both_prices(report: Report) -> None:
    """The scheme promises original parts; the other would have saved forty."""
    facts = told(report, "original_only").sentence.params

    assert (facts["scheme"], facts["part"], facts["other"]) == (
        "product-warranty",
        "name of SEAL",
        "name of SEAL-2",
    )
    assert (facts["price"], facts["other_price"], facts["saved"]) == ("100.00 CNY", "60.00 CNY", "40.00 CNY")


def test_the_certificate_story_names_the_last_valid_day(report: Report) -> None:
    """It ran out yesterday, at the end of the day."""
    facts = told(report, "certificate_expired").sentence.params

    assert (facts["certificate"], facts["engineer"], facts["ran_out"]) == (
        "high-voltage",
        "E-2",
        "2026-03-05",
    )


def test_the_reorder_story_says_what_is_proposed(report: Report) -> None:
    """One on the shelf, three is the point, eight the level: seven come."""
    facts = told(report, "below_reorder_point").sentence.params

    assert (facts["available"], facts["reorder_point"], facts["quantity"]) == (1, 3, 7)
    assert facts["cost"] == "140.00 CNY"


def with_stop(plan: Plan, visit: str, change: Callable[[Stop], Stop]) -> Plan:
    """The plan with one visit's stop changed."""
    routes = tuple(
        replace(route, stops=tuple(change(stop) if stop.ref == visit else stop for stop in route.stops))
        for route in plan.routes
    )
    return replace(plan, routes=routes)


def without_loaner(plan: Plan) -> Plan:
    """Nobody sends the loaner."""
    return with_stop(plan, "V-LOAN", lambda stop: replace(stop, loaner=None))


def late_loaner(plan: Plan) -> Plan:
    """The loaner stands half a day after it was promised."""
    return with_stop(
        plan,
        "V-LOAN",
        lambda stop: replace(stop, loaner=stop.loaner and replace(stop.loaner, stands_s=20 * 3600)),
    )


def bought(plan: Plan) -> Plan:
    """The part is bought after all."""
    return with_stop(
        plan,
        "V-PART",
        lambda stop: replace(stop, supply=tuple(replace(s, from_id="O-P") for s in stop.supply)),
    )


def only_not_found(plan: Plan) -> Plan:
    """The visit is left out, but nobody proved that it has to be."""
    return replace(plan, unassigned=(replace(plan.unassigned[0], known=Known.NOT_FOUND),))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        pytest.param("loaner_for_overrun", without_loaner, id="no loaner"),
        pytest.param("loaner_for_overrun", late_loaner, id="loaner after it was promised"),
        pytest.param("transfer_beats_purchase", bought, id="bought"),
        pytest.param("certificate_expired", only_not_found, id="not proved"),
    ],
)
def test_a_story_stops_holding_when_its_plan_changes(
    report: Report, kind: str, change: Callable[[Plan], Plan]
) -> None:
    """Nothing is hard-coded: another plan tells another story, and says so."""
    other = replace(report, plan=change(report.plan))

    found = told(other, kind)

    assert not found.holds
    for lang in LANGUAGES:
        assert "{" not in say(found.sentence, lang)


def test_a_dear_transfer_does_not_beat_a_purchase(report: Report) -> None:
    """The story is about money, so money can end it."""
    dear = tuple(
        replace(offer, cents=10**8) if offer.id == "O-T" else offer for offer in report.problem.offers
    )

    found = told(replace(report, problem=replace(report.problem, offers=dear)), "transfer_beats_purchase")

    assert not found.holds


def test_a_part_on_the_nearest_shelf_needs_no_transfer(report: Report) -> None:
    """Had Fuzhou one, sending another from Xiamen would be no story."""
    part = report.problem.part_index["INV"]
    shelves = tuple(
        replace(store, stock=(*store.stock, (part, 1))) if store.id == "D-FZ" else store
        for store in report.problem.stores
    )

    found = told(replace(report, problem=replace(report.problem, stores=shelves)), "transfer_beats_purchase")

    assert not found.holds


def test_a_valid_certificate_ends_its_story(report: Report) -> None:
    """The smallest change that fixes it really fixes it."""
    engineers = tuple(
        replace(one, certificates=tuple(replace(held, until_s=10**7) for held in one.certificates))
        for one in report.problem.engineers
    )

    found = told(replace(report, problem=replace(report.problem, engineers=engineers)), "certificate_expired")

    assert not found.holds


def test_a_renewal_that_would_not_help_is_no_remedy(report: Report) -> None:
    """When a second rule rules the engineer out as well, renewing the certificate fixes nothing."""
    at = report.problem.visit_index["V-CERT"]
    longer = replace(report.problem.visits[at], service_s=20 * 3600)
    visits = (*report.problem.visits[:at], longer, *report.problem.visits[at + 1 :])

    found = told(replace(report, problem=replace(report.problem, visits=visits)), "certificate_expired")

    assert not found.holds
    assert found.sentence.code == "story.certificate_not_enough"


def test_without_a_proposal_a_part_is_not_below_its_point(report: Report) -> None:
    """The story points at the reorder list, so it has to be on it."""
    assert not told(replace(report, proposals=()), "below_reorder_point").holds


def test_a_story_may_name_part_and_place_in_one_id(report: Report) -> None:
    """Both ways of writing it are read."""
    settings = replace(report.board.region.settings, stories=(Story("below_reorder_point", ("FLT@D-FZ",)),))
    region = replace(report.board.region, settings=settings)

    (found,) = stories(replace(report, board=replace(report.board, region=region)))

    assert found.holds


@pytest.mark.parametrize("story", [Story("nobody_knows", ("V-PART",)), Story("loaner_for_overrun", ("V-9",))])
def test_a_story_that_cannot_be_told_does_not_hold(report: Report, story: Story) -> None:
    """A typing slip in region.toml is said, not hidden."""
    settings = replace(report.board.region.settings, stories=(story,))
    region = replace(report.board.region, settings=settings)

    (found,) = stories(replace(report, board=replace(report.board, region=region)))

    assert not found.holds
