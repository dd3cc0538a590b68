"""Every mistake we learnt from elsewhere is held by tests of ours, and at least one of them runs on both databases.

A row is a mistake other stock systems shipped, in our words; its tests are named by file and function. Who renames
or removes one is told here which mistake is no longer guarded.
"""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.conftest import ROOT

DATABASE = "tests/storage/database/"
STOCK = "tests/inventory/stock/"

HELD_BY: dict[str, tuple[str, ...]] = {
    "two promises of one numbered unit": (
        f"{DATABASE}test_bug_table.py::test_a_look_that_skips_locked_rows_finds_a_promised_unit_free",
        f"{DATABASE}test_bug_table.py::test_one_numbered_unit_wanted_by_many_goes_to_one",
        f"{DATABASE}test_stock_commands.py::test_a_serial_is_promised_once",
        f"{STOCK}test_shelf.py::test_one_serial_is_not_reserved_twice",
    ),
    "five and five promised of five": (
        f"{DATABASE}test_bug_table.py::test_five_and_five_of_five_fit_only_who_looks_before_locking",
        f"{DATABASE}test_races.py::test_two_hundred_at_once_reserve_exactly_the_five_there_are",
        f"{DATABASE}test_races.py::test_a_hundred_rounds_of_that_race_never_promise_a_sixth",
        f"{DATABASE}test_races.py::test_the_same_race_run_naively_gives_away_ten_of_five",
        f"{DATABASE}test_stock_commands.py::test_what_is_promised_to_one_is_not_handed_to_another",
        f"{STOCK}test_shelf.py::test_five_and_five_of_five_are_not_both_reserved",
        f"{STOCK}test_shelf.py::test_reservations_never_exceed_what_is_usable",
    ),
    "damaged or quarantined goods still to be had": (
        f"{DATABASE}test_bug_table.py::test_goods_held_back_stop_who_counts_all_on_hand",
        f"{DATABASE}test_stock_commands.py::test_damaged_and_quarantined_goods_are_on_hand_and_never_available",
        f"{STOCK}test_shelf.py::test_damaged_or_quarantined_goods_are_not_reserved",
        f"{STOCK}test_position.py::test_quarantined_goods_are_on_hand_and_never_available",
    ),
    "a stored balance wrong when two post at once": (
        f"{DATABASE}test_bug_table.py::test_a_balance_written_from_an_old_figure_loses_a_receipt",
        f"{DATABASE}test_races.py::test_fifty_storekeepers_at_random_lose_and_invent_nothing",
        f"{DATABASE}test_stock_folds.py::test_tables_and_memory_accept_refuse_and_add_up_alike",
        f"{STOCK}test_ledger.py::test_one_by_one_equals_all_at_once_and_the_plain_sum",
    ),
    "two commands that stop each other": (
        f"{DATABASE}test_bug_table.py::test_two_that_lock_in_the_order_of_their_lines_stop_each_other",
        f"{DATABASE}test_bug_table.py::test_the_same_two_parts_in_opposite_order_never_stop_each_other",
        f"{DATABASE}test_database.py::test_a_command_the_server_gives_up_is_run_again",
        f"{DATABASE}test_database.py::test_giving_up_is_bounded_and_said",
    ),
    "a transfer applied a second time": (
        f"{DATABASE}test_bug_table.py::test_a_second_apply_without_a_key_doubles_the_transfer",
        f"{DATABASE}test_stock_commands.py::test_every_command_arriving_twice_has_one_effect_and_one_reply",
        f"{DATABASE}test_stock_commands.py::test_a_transfer_received_twice_under_two_keys_is_received_once",
        f"{STOCK}test_transfer.py::test_a_second_apply_does_not_double_a_transfer",
    ),
    "fractions of a unit that do not add up": (
        f"{DATABASE}test_bug_table.py::test_units_are_whole_where_fractions_do_not_add_up",
        f"{STOCK}test_ledger.py::test_quantities_are_whole_units",
    ),
    "one bad line that blocks the whole paper": (
        f"{DATABASE}test_bug_table.py::test_a_receipt_splits_into_accepted_quarantined_and_rejected",
        f"{DATABASE}test_bug_table.py::test_one_wish_that_cannot_be_kept_leaves_the_others",
        f"{STOCK}test_ledger.py::test_a_receipt_splits_into_accepted_quarantined_and_rejected",
        f"{STOCK}test_transfer.py::test_one_wrong_line_does_not_block_the_others",
    ),
    "no marks of its own for each place, no promise, no loan": (
        f"{DATABASE}test_bug_table.py::test_a_part_has_marks_of_its_own_at_every_place",
        f"{DATABASE}test_region_round_trip.py::test_fujian_comes_back_as_it_went_and_poses_the_same_problem",
        "tests/inventory/test_review.py::test_a_van_is_filled_from_its_depot_and_the_depot_from_the_supplier",
        f"{STOCK}test_shelf.py::test_a_reservation_ends_when_it_expires",
        f"{STOCK}test_loaner_pool.py::test_a_unit_that_is_out_is_not_free_until_it_is_due_back",
    ),
}


@cache
def found_in(file: str) -> frozenset[str]:
    """Names of the test functions of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("mistake", HELD_BY)
def test_every_known_mistake_is_held_by_tests_that_exist(mistake: str) -> None:
    """A rule nobody tests any more is a rule that will be broken."""
    named = [node.partition("::") for node in HELD_BY[mistake]]

    assert [(file, name) for file, _, name in named if name not in found_in(file)] == []


@pytest.mark.parametrize("mistake", HELD_BY)
def test_every_known_mistake_is_tried_on_both_databases(mistake: str) -> None:
    """What memory does right a database can still do wrong: every test of that folder runs on both."""
    assert [node for node in HELD_BY[mistake] if node.startswith(f"{DATABASE}test_bug_table.py")]


def test_every_naive_try_is_listed() -> None:
    """A test added beside the others belongs to a row."""
    listed = {node.partition("::")[2] for nodes in HELD_BY.values() for node in nodes}

    assert found_in(f"{DATABASE}test_bug_table.py") <= listed
