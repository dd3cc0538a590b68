"""The built-in region tells its stories: the facts each of them stands on."""

from __future__ import annotations

from datetime import date
from functools import cache

from dispatch.board import Board
from dispatch.desk.charge import ChargeItem
from dispatch.desk.clause import FeeKind
from dispatch.desk.knowledge import check_closing
from dispatch.desk.life import check_history, state_of
from dispatch.desk.milestone import Milestone
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.region import Region
from inventory.catalogue.place import PlaceKind
from inventory.review import review
from inventory.stock.loaner_pool import free_units
from inventory.stock.sourcing import OfferKind
from inventory.stockroom import position
from kernel.clock import moment
from scenarios.library.fujian import SPEC, THIN, TRANSFER_PART, fujian


@cache
def built_in() -> Region:
    """The region, made once."""
    return fujian()


def test_the_built_in_region_has_the_size_the_readme_says() -> None:
    """36 engineers, 6 depots, 200 field and 60 remote tickets, 150 parts, 12 loaner units."""
    field, stock = built_in().field, built_in().stock

    assert len(field.engineers) == 36
    assert sum(place.kind is PlaceKind.DEPOT for place in stock.places) == 6
    assert len(field.visits) == 200
    told = {ticket.id for ticket in field.tickets if ticket.id.startswith("H-")}
    assert len(field.tickets) - len(told) == 260
    assert len(stock.parts) == 150
    assert len(stock.loaner_units) == 12
    assert min(row.month for row in stock.demand_history) == "2024-03"


def test_the_last_weeks_are_told_step_by_step() -> None:
    """Closed tickets with their whole life, as the desk's own rules take it: a report has something to measure."""
    field = built_in().field
    schemes = builtin_schemes()
    told = [ticket for ticket in field.tickets if ticket.id.startswith("H-")]
    happened = {ticket.id: [e for e in field.ticket_events if e.ticket == ticket.id] for ticket in told}

    for ticket in told:
        scheme = schemes[ticket.scheme, ticket.version]
        assert list(check_history(ticket, happened[ticket.id], scheme)) == []
        assert list(check_closing(ticket, happened[ticket.id], scheme, field.knowledge)) == []
        assert not state_of(ticket, happened[ticket.id], SPEC.as_of).is_open
    assert len(told) > 50
    assert {event.score for event in field.survey_events} > {None, 4, 5}
    assert not {ticket.id for ticket in told} & {closed.ticket for closed in field.closed_tickets}


def test_every_kind_of_story_is_told_with_ids_that_exist() -> None:
    """A story that points at nothing cannot be shown."""
    made = built_in()
    known = {row.id for rows in (made.field.visits, made.field.tickets, made.field.engineers) for row in rows}
    known |= {
        row.id for rows in (made.stock.parts, made.stock.places, made.stock.supply_offers) for row in rows
    }

    kinds = [story.kind for story in made.settings.stories]

    assert set(kinds) == {
        "transfer_beats_purchase",
        "loaner_for_overrun",
        "loaner_against_bill",
        "original_only",
        "certificate_expired",
        "below_reorder_point",
        "lot_failed",
        "repeat_fault",
    }
    assert all(set(story.ids) <= known for story in made.settings.stories)


def test_every_fee_quoted_is_one_the_scheme_has_for_the_ticket() -> None:
    """The demo shows how charging works: a price its scheme does not have for that severity would show it wrong."""
    work = built_in().field
    tickets = {ticket.id: ticket for ticket in work.tickets}
    quoted = [one for one in work.charge_events if one.item not in {None, ChargeItem.PART}]

    assert quoted
    for one in quoted:
        ticket = tickets[one.ticket]
        fee = builtin_schemes()[ticket.scheme, ticket.version].fees.prices[FeeKind(str(one.item))]
        assert ticket.severity in fee.severities
        assert fee.allows(one.cents)


def test_the_fuzhou_part_lies_in_xiamen_only() -> None:
    """So it is brought or bought; the transfer comes sooner and costs less."""
    stock = built_in().stock

    lies_at = {place for part, place in position(stock, SPEC.as_of) if part == TRANSFER_PART}
    transfer, purchase = (
        next(offer for offer in stock.supply_offers if offer.demand_ref == "V-FZ-PART" and offer.kind is kind)
        for kind in (OfferKind.TRANSFER, OfferKind.PURCHASE)
    )

    assert lies_at == {"D-XM"}
    assert transfer.source == "D-XM"
    assert transfer.arrives_at < moment("2026-03-06T18:00+08:00")
    assert transfer.arrives_at < purchase.arrives_at
    assert transfer.price < purchase.price


def test_the_quanzhou_part_comes_after_the_repair_is_due_and_a_loaner_is_free() -> None:
    """The overrun is certain before anything is planned; the scheme grants a loaner and one is there."""
    made = built_in()
    board = Board.of(made)
    ticket = board.ticket("T-QZ-LOANER")
    clocks = board.clocks(ticket)
    (offer,) = [offer for offer in made.stock.supply_offers if offer.demand_ref == "V-QZ-LOANER"]
    asset = next(asset for asset in made.field.assets if asset.id == ticket.asset)

    free = free_units(made.stock.loaner_units, made.stock.loans, at=SPEC.as_of, now=SPEC.as_of)

    assert clocks[Milestone.ARRIVE].met_at is not None
    assert clocks[Milestone.REPAIR].due_at == moment("2026-03-06T18:00+08:00")
    assert offer.arrives_at > moment("2026-03-06T18:00+08:00")
    assert clocks[Milestone.SUBSTITUTE].due_at == moment("2026-03-06T18:00+08:00")
    assert ("D-QZ", asset.loaner_class) in free


def test_the_refused_part_is_cheaper_and_would_do() -> None:
    """The scheme promises original parts; a stand-in listed as equal would cost less."""
    made = built_in()
    board = Board.of(made)
    (story,) = [story for story in made.settings.stories if story.kind == "original_only"]
    visit, part, other = story.ids
    prices = {row.id: row.price for row in made.stock.parts}

    assert board.scheme(board.ticket(board.visits[visit].ticket)).original_only
    assert part in {need.part for need in board.part_needs[visit]}
    assert (part, other) in {(row.part, row.alternate) for row in made.stock.alternates}
    assert prices[other] < prices[part]


def test_the_longyan_certificate_ran_out_yesterday_and_nobody_else_holds_it() -> None:
    """Nothing but renewing it would help."""
    field = built_in().field
    (visit,) = [visit for visit in field.visits if visit.id == "V-LY-CERT"]
    (held,) = [held for held in field.certificates if held.certificate in visit.certificates]
    levels = {row.skill: row.level for row in field.skills if row.engineer == held.engineer}

    assert held.valid_until == date(2026, 3, 5)
    assert all(levels[skill] >= level for skill, level in visit.skills)
    assert next(e.depot for e in field.engineers if e.id == held.engineer) == "D-LY"


def test_the_review_proposes_every_part_below_its_reorder_point() -> None:
    """The story says below, the reorder report must say so too."""
    stock = built_in().stock

    proposed = {(row.part, row.place) for row in review(stock, (), SPEC.as_of)}
    there = position(stock, SPEC.as_of)

    assert set(THIN) <= proposed
    for part, place in THIN:
        policy = next(row for row in stock.stock_policies if (row.part, row.place) == (part, place))
        at = there.get((part, place))
        assert policy.minimum is not None
        assert (0 if at is None else at.available + at.on_order) < policy.minimum


def test_one_loaner_class_is_nearly_exhausted() -> None:
    """One unit left of the class that is lent most."""
    stock = built_in().stock

    free = free_units(stock.loaner_units, stock.loans, at=SPEC.as_of, now=SPEC.as_of)
    left = [unit for (_, name), units in free.items() if name == "analyser-200" for unit in units]

    assert sum(unit.loaner_class == "analyser-200" for unit in stock.loaner_units) == 3
    assert len(left) == 1


def test_measured_mountain_roads_replace_the_model() -> None:
    """A road somebody drove is longer than the straight line; the board must plan with it."""
    made = built_in()
    roads = Board.of(made).roads
    located = {place.partition(":")[2]: at for place, at in roads.index.items()}

    assert made.field.travel
    for pair in made.field.travel:
        assert roads.seconds[located[pair.origin], located[pair.destination]] == pair.seconds
