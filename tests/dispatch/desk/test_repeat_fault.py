"""Repeat faults: counted on one device and one problem, ended by another, answered by a new device of the same kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.approval import ApprovalStep
from dispatch.desk.customer import Asset
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.practice import ApprovalKind
from dispatch.desk.repeat_fault import (
    Attempt,
    Replaced,
    attempts,
    check_replaced,
    runs,
    serial_of,
    undiagnosed,
)
from dispatch.desk.replacement import Places, ReplacementProposal, proposals, requests
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from dispatch.desk.ticket import EventKind
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, event, make_ticket

DAY = timedelta(days=1)
NOW = FRIDAY_16 + 100 * DAY
ASSET = Asset("A-1", "S-1", serial="SN1", model="MFP-9")
PLACES = Places(customer="CUSTOMER", quarantine="QUARANTINE", shelf="W-1")


def fault(
    number: int,
    problem: str = "fuser",
    *,
    open_: bool = False,
    warranty: bool = True,
    customer_caused: bool = False,
) -> Attempt:
    """The n-th fault of the device, repaired half a day later unless it is open."""
    at = FRIDAY_16 + number * DAY
    repaired_at = None if open_ else at + DAY / 2
    return Attempt(f"T-{number}", "A-1", "SN1", problem, at, repaired_at, warranty, customer_caused)


def owed(found: list[Attempt], *replaced: Replaced, most_repairs: int = 2) -> tuple[ReplacementProposal, ...]:
    """What is proposed for the asset."""
    return proposals(
        ASSET, found, replaced, NOW, most_repairs=most_repairs, places=PLACES, suppliers={"SN1": "V-3"}
    )


@pytest.mark.parametrize(("scheme", "figure"), [("field-2-4-24", 2), ("field-2-12", 3), ("value-added", 0)])
def test_the_figure_is_the_schemes(scheme: str, figure: int) -> None:
    """002 §2(5): 连续两次维修仍无法正常使用; §四: 连续三次; others promise nothing of the kind."""
    most = find_scheme(builtin_schemes(), scheme).repeat_faults
    again = [fault(n) for n in range(figure)] + [fault(9, open_=True)]

    assert most == figure
    assert len(owed(again, most_repairs=most)) == (1 if figure else 0)
    assert owed(again[1:], most_repairs=most) == ()


def test_repairs_alone_owe_nothing_it_has_to_fail_again() -> None:
    """Twice repaired and running is repaired: 仍无法正常使用 is the other half of the clause."""
    assert owed([fault(0), fault(1)]) == ()
    assert len(owed([fault(0), fault(1), fault(2, open_=True)])) == 1


def test_a_repair_that_did_not_hold_counts_within_its_ticket() -> None:
    """A ticket opened again after its repair has failed again, without a new number and, until said, with the same fault."""
    ticket = make_ticket()
    events = [
        event(EventKind.REPAIRED, 60),
        event(EventKind.REOPENED, 120),
        event(EventKind.REPAIRED, 180),
        event(EventKind.REOPENED, 240),
    ]
    diagnosis = KnowledgeEntry("T-1", FRIDAY_16, "E01", "worn", "new one", "A-1", "SN1", problem="fuser")

    found = attempts(ticket, events, [diagnosis], NOW, serial="SN1", warranty=True)
    (proposal,) = owed(list(found))

    assert [one.problem for one in found] == ["fuser"] * 3
    assert (proposal.ticket, proposal.owed_since) == ("T-1", FRIDAY_16 + timedelta(minutes=240))


@pytest.mark.parametrize(
    ("found", "count"),
    [
        ([fault(0), fault(1, "tray"), fault(2), fault(3, open_=True)], 0),
        ([fault(0), fault(1), fault(2, "tray"), fault(3, open_=True)], 0),
        ([fault(0), fault(1, customer_caused=True), fault(2), fault(3, open_=True)], 1),
        ([fault(0), fault(1, "tray", customer_caused=True), fault(2), fault(3, open_=True)], 1),
        ([fault(0), fault(1, warranty=False), fault(3, open_=True)], 0),
        ([fault(0), fault(1), fault(3, open_=True, warranty=False)], 0),
        ([fault(0), fault(1, ""), fault(3, open_=True)], 0),
        ([fault(0), fault(1), fault(2), fault(3), fault(4)], 1),
    ],
)
def test_only_the_same_problem_in_a_row_under_warranty_counts(found: list[Attempt], count: int) -> None:
    """Misuse counts for nobody; another fault in between shows that the first repair held."""
    assert len(owed(found)) == count


def test_the_proposal_names_the_moves_and_the_claim() -> None:
    """A new one of the same model goes out, the old serial to quarantine, and its supplier hears of it."""
    (found,) = owed([fault(0), fault(1), fault(2, open_=True)])

    assert (found.ticket, found.serial, found.model, found.repairs) == ("T-2", "SN1", "MFP-9", ("T-0", "T-1"))
    assert found.owed_since == FRIDAY_16 + 2 * DAY
    assert [(m.serial, m.from_place, m.to_place, m.condition) for m in found.moves] == [
        ("SN1", "CUSTOMER", "QUARANTINE", "quarantined"),
        ("", "W-1", "CUSTOMER", "usable"),
    ]
    assert {m.model for m in found.moves} == {"MFP-9"}
    assert (found.claim.supplier, found.claim.serial, found.claim.tickets) == ("V-3", "SN1", ("T-0", "T-1"))


def test_asking_twice_is_asking_once() -> None:
    """The proposal keeps its id while faults go on; a declined request does not come back every night."""
    faults = [fault(0), fault(1), fault(2, open_=True)]
    (found,) = owed(faults)

    (request,) = requests([found], (), NOW, by="E01", cents=900_000)
    later = owed([fault(0), fault(1), fault(2), fault(3, open_=True)])

    assert (request.id, request.ticket, request.kind) == (found.id, "T-2", ApprovalKind.REPLACEMENT)
    assert request.step is ApprovalStep.REQUESTED
    assert [one.id for one in later] == [found.id]
    assert requests(later, {request.id}, NOW, by="E01", cents=900_000) == ()


def test_a_replacement_starts_the_count_anew() -> None:
    """The new device has no history; the old one is owed nothing any more."""
    before = [fault(0), fault(1), fault(2, open_=True)]
    swap = Replaced("A-1", FRIDAY_16 + 3 * DAY, "E01", "SN1", "SN2", "T-2")
    new = [fault(n)._replace(serial="SN2") for n in (4, 5)]

    assert serial_of(ASSET, [swap], NOW) == "SN2"
    assert serial_of(ASSET, [swap], FRIDAY_16) == "SN1"
    assert owed([*before, *new], swap) == ()
    assert len(owed([*before, *new, fault(6, open_=True)._replace(serial="SN2")], swap)) == 1


def test_a_repair_without_a_diagnosis_is_asked_for() -> None:
    """Whether it counts cannot be guessed; leaving it out silently would lose the customer's right."""
    found = [fault(0), fault(1, ""), fault(2, "", customer_caused=True), fault(3, "", open_=True)]

    assert [one.ticket for one in undiagnosed(found)] == ["T-1"]


def test_a_diagnosis_belongs_to_the_repair_it_was_written_for() -> None:
    """Each spell has its own finding; what is written after the repair still means that repair."""
    events = [event(EventKind.REPAIRED, 60), event(EventKind.REOPENED, 120), event(EventKind.REPAIRED, 180)]
    first = KnowledgeEntry("T-1", FRIDAY_16 + timedelta(minutes=90), "E01", "worn", "new", problem="fuser")
    second = replace(first, at=FRIDAY_16 + timedelta(minutes=170), problem="misuse", customer_caused=True)

    found = attempts(make_ticket(), events, [first, second], NOW, serial="SN1", warranty=True)

    assert [(one.problem, one.customer_caused) for one in found] == [("fuser", False), ("misuse", True)]


def test_a_cancelled_ticket_is_no_fault_until_it_is_reopened() -> None:
    """The customer needed nothing, so nothing was repaired."""
    cancelled = [event(EventKind.CANCELLED, 60)]
    again = [*cancelled, event(EventKind.REOPENED, 120)]

    assert attempts(make_ticket(), cancelled, [], NOW, serial="SN1", warranty=True) == ()
    assert len(attempts(make_ticket(), again, [], NOW, serial="SN1", warranty=True)) == 1


@pytest.mark.parametrize(
    ("swaps", "codes"),
    [
        ([("A-1", "SN1", "SN2"), ("A-1", "SN2", "SN3")], []),
        ([("A-1", "SN2", "SN3")], ["repeat_fault.serial_elsewhere"]),
        ([("A-9", "SN1", "SN2")], ["repeat_fault.unknown_asset"]),
        ([("A-1", "SN1", "SN8")], ["repeat_fault.serial_stands"]),
        ([("A-1", "SN1", "SN7")], []),
    ],
)
def test_a_replacement_swaps_what_stands_there(swaps: list[tuple[str, str, str]], codes: list[str]) -> None:
    """A serial is in one place at a time; another maker may have given the same number."""
    assets = {
        "A-1": ASSET,
        "A-2": replace(ASSET, id="A-2", serial="SN8"),
        "A-3": replace(ASSET, id="A-3", serial="SN7", model="OTHER"),
    }
    facts = [
        Replaced(asset, FRIDAY_16 + n * DAY, "E01", old, new, "T-1")
        for n, (asset, old, new) in enumerate(swaps)
    ]

    assert [refusal.code for refusal in check_replaced(assets, facts)] == codes


def test_nothing_replaces_itself_and_no_scheme_replaces_at_once() -> None:
    """Both would be a slip of the pen with a device as its price."""
    with pytest.raises(Refusal, match=r"repeat_fault\.replaced_by_itself"):
        Replaced("A-1", NOW, "E01", "SN1", "SN1", "T-1")
    with pytest.raises(Refusal, match=r"repeat_fault\.no_figure"):
        runs([], most_repairs=0)


FAULTS = st.lists(
    st.tuples(st.sampled_from(["fuser", "tray", ""]), st.booleans(), st.booleans(), st.booleans()),
    max_size=9,
)


def owed_by_hand(found: list[Attempt], most: int) -> int:
    """Every fault with `most` counted repairs of its problem right before it, the first of each row."""
    counted = [one for one in found if one.problem and one.warranty and not one.customer_caused]
    owed_rows = set()
    for i, one in enumerate(counted):
        row = i
        while row and counted[row - 1].problem == one.problem:
            row -= 1
        before = [other for other in counted[row:i] if other.repaired_at is not None]
        if len(before) >= most:
            owed_rows.add(row)
    return len(owed_rows)


@settings(deadline=None)
@given(FAULTS, st.integers(1, 4), st.permutations(range(9)))
def test_runs_agree_with_counting_back_from_every_fault(
    drawn: list[tuple[str, bool, bool, bool]], most: int, order: list[int]
) -> None:
    """Two ways of counting, whatever the order in which the facts are read."""
    found = [
        fault(n, problem, open_=open_, warranty=warranty, customer_caused=caused)
        for n, (problem, open_, warranty, caused) in enumerate(drawn)
    ]
    mixed = [found[number] for number in order if number < len(found)]

    folded = runs(mixed, most_repairs=most)

    assert folded == runs(found, most_repairs=most)
    assert sum(run.failed_again_at is not None for run in folded) == owed_by_hand(found, most)
