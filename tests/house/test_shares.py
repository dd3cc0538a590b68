"""How several testers share the tests: nothing is left out or given twice, no file is torn apart, the longest begin first."""

from __future__ import annotations

from itertools import groupby

from tests.conftest import ROOT
from tests.shares import LONG, shares, turn

FILE, OTHER, (LONGEST, *_), SPLIT = (
    "tests/a.py",
    "tests/b.py",
    LONG,
    next(f for f, n in LONG.items() if n > 1),
)


def test_what_takes_longest_is_there() -> None:
    """A file that was moved would be begun with the rest, and end alone."""
    assert [file for file in LONG if not (ROOT / file).is_file()] == []
    assert min(LONG.values()) >= 1


def test_a_file_is_one_share_and_what_of_it_runs_on_the_other_database_another() -> None:
    """What it makes for all its tests is made once; a database is not changed for each file."""
    tests = [f"{FILE}::test_one", f"{FILE}::test_two[sqlite-en]", f"{FILE}::test_two[postgresql-en]"]

    found = shares([*tests, f"{OTHER}::test_postgresql"])

    assert list(found) == [*tests, f"{OTHER}::test_postgresql"]
    assert found[tests[0]] == found[tests[1]] != found[tests[2]]
    assert found[f"{OTHER}::test_postgresql"] == OTHER


def test_a_long_file_of_tests_that_stand_alone_is_given_out_in_parts() -> None:
    """As many as said, one behind another, of about a size."""
    tests = [f"{SPLIT}::test_one[{number}]" for number in range(10 * LONG[SPLIT])]

    found = shares(tests)
    parts = [len(list(same)) for _, same in groupby(found.values())]

    assert parts == [10] * LONG[SPLIT]


def test_the_longest_begin_first_and_the_other_database_comes_last() -> None:
    """Whoever is free takes what would otherwise end last."""
    found = shares([f"{OTHER}::test_two[postgresql]", f"{FILE}::test_one", f"{LONGEST}::test_one"])

    assert sorted(found, key=lambda test: turn(found[test])) == [
        f"{LONGEST}::test_one",
        f"{FILE}::test_one",
        f"{OTHER}::test_two[postgresql]",
    ]
