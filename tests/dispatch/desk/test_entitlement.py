"""Entitlement: covered or chargeable, always with the reason, never on a guessed fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.clause import Exclusion, WarrantyStart
from dispatch.desk.customer import Asset, Contract, Standing, StandingChange
from dispatch.desk.entitlement import (
    Entitlement,
    Finding,
    Verdict,
    entitlement,
    months_after,
    warranty_of,
)
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.request import Requests
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from dispatch.desk.ticket import Ticket
from kernel.clock import moment
from kernel.errors import Refusal

REPORTED = moment("2026-03-10T10:00+08:00")
NOW = moment("2026-03-10T12:00+08:00")
PRINTER = Asset("A-1", "S-1", "SN-77", "X200", "", date(2025, 6, 15), date(2025, 3, 1), 12)


def scheme(name: str) -> Scheme:
    """A scheme that ships."""
    return find_scheme(builtin_schemes(), name)


def ticket(
    name: str,
    id: str = "T-1",  # noqa: A002 the field's name
    at: datetime = REPORTED,
    kind: TicketKind = TicketKind.FAULT,
) -> Ticket:
    """A ticket under a scheme."""
    return Ticket(id, "S-1", "A-1", name, "1", Severity.P2, kind, at, contract="K-1")


def contract(name: str, since: date = date(2026, 1, 15), plan: date | None = None) -> Contract:
    """The contract it falls under."""
    return Contract("K-1", "C-1", name, "1", since, plan_from=plan)


def judged(
    name: str,
    *,
    asset: Asset | None = PRINTER,
    held: Contract | None = None,
    of: Ticket | None = None,
    standing: tuple[StandingChange, ...] = (),
    findings: tuple[Finding, ...] = (),
    others: tuple[Ticket, ...] = (),
) -> Entitlement:
    """What the ticket is entitled to."""
    return entitlement(
        of or ticket(name),
        scheme(name),
        now=NOW,
        customer="C-1",
        contract=held,
        asset=asset,
        standing=standing,
        findings=findings,
        requests=Requests.of(others),
    )


@pytest.mark.parametrize(
    ("on", "verdict", "code"),
    [
        ("2025-06-14T23:59+08:00", Verdict.CHARGEABLE, "warranty_not_begun"),
        ("2025-06-15T00:00+08:00", Verdict.COVERED, "by_warranty"),
        ("2026-06-14T23:59+08:00", Verdict.COVERED, "by_warranty"),
        ("2026-06-15T00:00+08:00", Verdict.CHARGEABLE, "warranty_over"),
    ],
)
def test_a_warranty_counts_from_the_invoice(on: str, verdict: Verdict, code: str) -> None:
    """Product warranty: from the invoice date, for the months of the product, days of the scheme's zone."""
    found = judged("product-warranty", of=ticket("product-warranty", at=moment(on)))

    assert (found.verdict, found.reason.code) == (verdict, f"entitlement.{code}")
    assert found.warranty is not None
    assert (found.warranty.start, found.warranty.from_on) == (WarrantyStart.INVOICE, date(2025, 6, 15))


def test_without_an_invoice_it_counts_from_the_factory() -> None:
    """Else the ex-factory date: three months earlier here, so March is over."""
    without = replace(PRINTER, invoiced_on=None)

    found = judged("product-warranty", asset=without)

    assert (found.verdict, found.reason.code) == (Verdict.CHARGEABLE, "entitlement.warranty_over")
    assert dict(found.reason.params)["start"] == "ex-factory"
    assert dict(found.reason.params)["serial"] == "SN-77"


@pytest.mark.parametrize(
    ("asset", "missing"),
    [
        (None, ("asset",)),
        (replace(PRINTER, warranty_months=None), ("warranty_months",)),
        (replace(PRINTER, invoiced_on=None, made_on=None), ("invoiced_on", "made_on")),
        (
            replace(PRINTER, invoiced_on=None, made_on=None, warranty_months=None),
            ("invoiced_on", "made_on", "warranty_months"),
        ),
    ],
)
def test_a_missing_fact_is_asked_for_never_guessed(asset: Asset | None, missing: tuple[str, ...]) -> None:
    """The years stand with the product: where they do not, nobody knows."""
    found = judged("product-warranty", asset=asset)

    assert (found.verdict, found.missing) == (Verdict.UNKNOWN, missing)


@pytest.mark.parametrize("exclusion", sorted(scheme("product-warranty").entitlement.exclusions))
def test_an_exclusion_is_chargeable_within_the_warranty(exclusion: Exclusion) -> None:
    """Misuse, own repair, force majeure and wear are not covered; who found it and what he saw is kept."""
    finding = Finding("T-1", NOW, "E03", exclusion, "water in the case")
    elsewhere = replace(finding, ticket="T-2")
    later = replace(finding, at=NOW + timedelta(minutes=1))

    assert judged("product-warranty", findings=(finding,)).reason.code == "entitlement.excluded"
    assert judged("product-warranty", findings=(finding,)).verdict is Verdict.CHARGEABLE
    assert judged("product-warranty", findings=(elsewhere, later)).verdict is Verdict.COVERED


def test_only_what_the_scheme_excludes_can_be_found() -> None:
    """Refused upgrades are the analytics scheme's business."""
    finding = Finding("T-1", NOW, "E03", Exclusion.UPGRADE_REFUSED, "still on version 3")

    with pytest.raises(Refusal) as refused:
        judged("product-warranty", findings=(finding,))
    assert refused.value.code == "entitlement.not_excluded"
    with pytest.raises(Refusal) as refused:
        Finding("T-1", NOW, "E03", Exclusion.WEAR, " ")
    assert refused.value.code == "entitlement.reason_missing"


def test_three_requests_a_month_are_covered() -> None:
    """The fourth of the calendar month costs; the months are those of the scheme's zone."""
    name = "analytics-support"
    # 31 March, 17:00 UTC is April in Shanghai.
    times = ["2026-03-01T08:00Z", "2026-03-05T08:00Z", "2026-03-31T15:59Z", "2026-03-31T16:00Z"]
    month = tuple(ticket(name, f"T-{i}", moment(at)) for i, at in enumerate(times))
    fourth = ticket(name, "T-9", moment("2026-03-31T15:59:30Z"))

    numbers = [Requests.of(month).number(one, scheme(name)) for one in month]
    found = judged(name, held=contract(name), of=fourth, others=(*month, fourth))

    assert numbers == [1, 2, 3, 1]
    assert (found.verdict, found.reason.code) == (Verdict.CHARGEABLE, "entitlement.requests_used_up")
    assert dict(found.reason.params) == {"number": 4, "limit": 3}
    assert judged(name, held=contract(name), of=month[2], others=month).verdict is Verdict.COVERED


def test_a_preventive_visit_is_nobodys_request() -> None:
    """What we owe anyway takes nothing from the three requests, and is never the fourth."""
    name = "analytics-support"
    month = [ticket(name, f"T-{i}", REPORTED + timedelta(minutes=i)) for i in range(3)]
    ours = ticket(name, "T-5", REPORTED + timedelta(minutes=5), TicketKind.PREVENTIVE)
    early = ticket(name, "T-6", REPORTED - timedelta(minutes=5), TicketKind.PREVENTIVE)

    assert judged(name, held=contract(name), of=ours, others=(*month, early)).verdict is Verdict.COVERED
    assert judged(name, held=contract(name), of=month[2], others=(*month, early)).verdict is Verdict.COVERED


@given(st.permutations(range(6)))
def test_requests_are_numbered_by_time_whatever_order_they_are_read_in(order: list[int]) -> None:
    """Same tickets, same numbers."""
    name = "analytics-support"
    tickets = [ticket(name, f"T-{i}", REPORTED + timedelta(minutes=i // 2)) for i in range(6)]

    known = Requests.of(tickets[i] for i in order)
    numbers = [known.number(one, scheme(name)) for one in tickets]

    assert numbers == [1, 2, 3, 4, 5, 6]


def test_three_months_are_free_then_the_contract_is_renewed_or_costs() -> None:
    """Free support from the start of the contract; renewal is paid by the month."""
    name = "analytics-support"
    late = ticket(name, at=moment("2026-04-15T00:00+08:00"))

    within = judged(name, held=contract(name))
    over = judged(name, held=contract(name), of=late)
    renewed = judged(name, held=contract(name, plan=date(2026, 4, 15)), of=late)

    assert (within.verdict, within.reason.code) == (Verdict.COVERED, "entitlement.free_time")
    assert dict(within.reason.params)["until"] == "2026-04-15"
    assert (over.verdict, over.reason.code) == (Verdict.CHARGEABLE, "entitlement.free_time_over")
    assert (renewed.verdict, renewed.reason.code) == (Verdict.COVERED, "entitlement.by_plan")


def test_a_customer_who_does_not_pay_is_suspended_until_he_does() -> None:
    """Every change of standing is a fact; the last one up to now holds."""
    name = "analytics-support"
    stopped = StandingChange("C-1", NOW - timedelta(days=2), "E01", Standing.SUSPENDED, "invoice 7 unpaid")
    again = StandingChange("C-1", NOW - timedelta(days=1), "E01", Standing.GOOD, "paid")

    suspended = judged(name, held=contract(name), standing=(stopped,))

    assert (suspended.verdict, suspended.reason.code) == (Verdict.SUSPENDED, "entitlement.suspended")
    assert dict(suspended.reason.params)["reason"] == "invoice 7 unpaid"
    for changes in (
        (stopped, again),
        (replace(stopped, customer="C-2"),),
        (replace(stopped, at=NOW + timedelta(seconds=1)),),
    ):
        assert judged(name, held=contract(name), standing=changes).verdict is Verdict.COVERED
    # A scheme that says nothing about unpaid fees suspends nobody.
    assert (
        judged("field-2-4-24", held=contract("field-2-4-24"), standing=(stopped,)).verdict is Verdict.COVERED
    )


@pytest.mark.parametrize(
    ("name", "held", "kind", "verdict", "code"),
    [
        ("value-added", True, TicketKind.FAULT, Verdict.CHARGEABLE, "priced"),
        ("field-substitute", True, TicketKind.FAULT, Verdict.COVERED, "by_contract"),
        ("field-substitute", False, TicketKind.FAULT, Verdict.CHARGEABLE, "no_contract"),
        ("analytics-support", True, TicketKind.RETURN, Verdict.CHARGEABLE, "kind_not_taken"),
        ("field-2-12", True, TicketKind.TRAINING, Verdict.COVERED, "by_contract"),
        ("field-2-12", True, TicketKind.FAULT, Verdict.COVERED, "by_warranty"),
        ("field-2-12", False, TicketKind.FAULT, Verdict.COVERED, "by_warranty"),
    ],
)
def test_what_covers_a_ticket_is_named(
    name: str, held: bool, kind: TicketKind, verdict: Verdict, code: str
) -> None:
    """Price list, contract, warranty or nothing: the desk can tell the customer."""
    found = judged(name, held=contract(name) if held else None, of=ticket(name, kind=kind))

    assert (found.verdict, found.reason.code) == (verdict, f"entitlement.{code}")


def test_a_contract_that_has_ended_covers_nothing() -> None:
    """The day of the report decides."""
    ended = replace(contract("field-substitute"), valid_until=date(2026, 3, 10))

    found = judged("field-substitute", held=ended)

    assert (found.verdict, found.reason.code) == (Verdict.CHARGEABLE, "entitlement.contract_not_in_force")


@pytest.mark.parametrize("name", sorted({name for name, _ in builtin_schemes()}))
def test_every_shipped_scheme_judges_every_kind(name: str) -> None:
    """No combination is left without a verdict and a reason."""
    for kind in TicketKind:
        found = judged(name, held=contract(name), of=ticket(name, kind=kind))

        assert found.verdict in {Verdict.COVERED, Verdict.CHARGEABLE}
        assert found.reason.code.startswith("entitlement.")
        if kind not in scheme(name).kinds:
            assert found.verdict is Verdict.CHARGEABLE


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 600))
def test_months_end_on_their_day_or_to_the_customers_gain(on: date, months: int) -> None:
    """The same day so many months on; where the month is too short, the first of the next."""
    end = months_after(on, months)

    passed = (end.year - on.year) * 12 + end.month - on.month
    assert (passed, end.day) == (months, on.day) or (passed, end.day) == (months + 1, 1)
    if end.day != on.day:
        assert (end - timedelta(days=1)).day < on.day
    assert months_after(on, months + 1) > end


def test_a_product_without_warranty_has_none() -> None:
    """Zero months is a fact, not a missing one."""
    warranty, missing = warranty_of(replace(PRINTER, warranty_months=0), scheme("product-warranty"))

    assert missing == ()
    assert warranty is not None
    assert not warranty.holds_on(date(2025, 6, 15))
    with pytest.raises(Refusal) as refused:
        replace(PRINTER, warranty_months=-1)
    assert refused.value.code == "asset.warranty_out_of_range"


def test_a_suspension_needs_a_reason() -> None:
    """A customer who is not served may ask why."""
    with pytest.raises(Refusal) as refused:
        StandingChange("C-1", NOW, "E01", Standing.SUSPENDED, "")
    assert refused.value.code == "customer.reason_missing"
