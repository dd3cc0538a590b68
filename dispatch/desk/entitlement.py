"""What a customer is entitled to: covered or chargeable, and why. Pure; a missing fact is named, never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.desk.clause import Exclusion, FeeKind, WarrantyStart
from dispatch.desk.customer import Asset, Contract, StandingChange, suspension_of
from dispatch.desk.milestone import TicketKind
from dispatch.desk.request import Requests
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket
from kernel.clock import utc, zone
from kernel.errors import Message, Refusal
from kernel.ids import checked_id

UNDER_WARRANTY = frozenset({TicketKind.FAULT, TicketKind.RETURN})
"""Kinds of ticket a warranty is about; the rest is the contract's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Somebody found that a ticket falls under an exclusion.

    Args:
        ticket: the ticket's id.
        at: when, aware.
        by: id of who found it.
        exclusion: which.
        reason: what was seen.

    Raises:
        Refusal: ``entitlement.reason_missing``, ``id.malformed``, ``clock.naive_time``.
    """

    ticket: str
    at: datetime
    by: str
    exclusion: Exclusion
    reason: str

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if not self.reason.strip():
            raise Refusal("entitlement.reason_missing", ticket=self.ticket, exclusion=self.exclusion)


def check_finding(finding: Finding, scheme: Scheme, /) -> None:
    """Check that the scheme excludes what was found.

    Raises:
        Refusal: ``entitlement.not_excluded``.
    """
    if finding.exclusion not in scheme.entitlement.exclusions:
        known = ", ".join(one for one in Exclusion if one in scheme.entitlement.exclusions)
        raise Refusal(
            "entitlement.not_excluded",
            ticket=finding.ticket,
            exclusion=finding.exclusion,
            scheme=scheme.id,
            known=known or "-",
        )


class Verdict(StrEnum):
    """What a ticket costs the customer."""

    COVERED = "covered"
    CHARGEABLE = "chargeable"
    UNKNOWN = "unknown"
    """A fact is missing; `Entitlement.missing` names it."""
    SUSPENDED = "suspended"
    """Service rests until the customer is in good standing again."""


@dataclass(frozen=True, slots=True)
class Warranty:
    """A warranty on the days [from_on, until_on), counted from the date named by `start`."""

    start: WarrantyStart
    from_on: date
    until_on: date

    def holds_on(self, day: date, /) -> bool:
        """Say whether it holds on a day of the scheme's zone."""
        return self.from_on <= day < self.until_on


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a ticket is entitled to.

    Args:
        verdict: covered, chargeable, unknown or suspended.
        reason: why, as a code ``entitlement.*`` with its values.
        missing: names of the facts to ask for, when unknown.
        warranty: the asset's warranty under this scheme, where it could be told.
    """

    verdict: Verdict
    reason: Message
    missing: tuple[str, ...] = ()
    warranty: Warranty | None = None


def entitlement(
    ticket: Ticket,
    scheme: Scheme,
    *,
    now: datetime,
    customer: str,
    contract: Contract | None = None,
    asset: Asset | None = None,
    standing: Iterable[StandingChange] = (),
    findings: Iterable[Finding] = (),
    requests: Requests | None = None,
) -> Entitlement:
    """Judge a ticket: what decides first is looked at first.

    A suspended customer, a kind the scheme does not take, a contract that does not hold, an exclusion and the
    month's requests used up come before everything that covers; of those a plan, the free months, the warranty,
    then the contract as such. Where there is no contract a warranty stands in for it.

    Args:
        ticket: the ticket; the day of its report in the scheme's zone decides.
        scheme: its scheme version.
        now: aware; findings and suspensions of later are not yet known.
        customer: id of the ticket's customer.
        contract: the contract it falls under, or None.
        asset: the equipment it is about, or None.
        standing: changes of the customer's standing.
        findings: exclusions found.
        requests: the tickets that may count against the same contract's month, those of the repair history too;
            None: no others.

    Raises:
        Refusal: ``entitlement.not_excluded`` for a finding the scheme knows no exclusion for.
    """
    day = ticket.reported_at.astimezone(zone(scheme.zone)).date()
    warranty, missing = warranty_of(asset, scheme)
    suspended = suspension_of(customer, standing, now)
    if suspended is not None and scheme.entitlement.suspended_when_unpaid:
        return Entitlement(
            Verdict.SUSPENDED,
            Message(
                "entitlement.suspended", {"since_at": suspended.at.isoformat(), "reason": suspended.reason}
            ),
            warranty=warranty,
        )
    verdict, reason = _stands_against(ticket, scheme, contract, findings, day, now) or _covered_by(
        ticket, scheme, contract, requests or Requests(), day
    )
    if verdict is Verdict.UNKNOWN:
        verdict, reason = _by_warranty(warranty, missing, asset, day)
    return Entitlement(verdict, reason, missing if verdict is Verdict.UNKNOWN else (), warranty)


def warranty_of(asset: Asset | None, scheme: Scheme, /) -> tuple[Warranty | None, tuple[str, ...]]:
    """Give an asset's warranty under a scheme, or the facts that are missing to tell it.

    The first date known of the scheme's list starts it; its months are the product's. A month that has no such
    day ends with its last one, to the customer's gain.

    >>> months_after(date(2024, 1, 31), 1).isoformat()
    '2024-03-01'
    """
    if scheme.warranty is None or asset is None:
        return None, ("asset",) if scheme.warranty is not None else ()
    dates = {WarrantyStart.INVOICE: asset.invoiced_on, WarrantyStart.EX_FACTORY: asset.made_on}
    known = [(start, on) for start in scheme.warranty.starts if (on := dates[start]) is not None]
    missing = [] if known else [_FACTS[start] for start in scheme.warranty.starts]
    if asset.warranty_months is None:
        missing.append("warranty_months")
    if missing or asset.warranty_months is None:
        return None, tuple(missing)
    start, from_on = known[0]
    return Warranty(start, from_on, months_after(from_on, asset.warranty_months)), ()


_FACTS = {WarrantyStart.INVOICE: "invoiced_on", WarrantyStart.EX_FACTORY: "made_on"}


def months_after(on: date, months: int, /) -> date:
    """Give the day that many calendar months later; where the month has no such day, the first of the next."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    try:
        return date(year, month + 1, on.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def _stands_against(
    ticket: Ticket,
    scheme: Scheme,
    contract: Contract | None,
    findings: Iterable[Finding],
    day: date,
    now: datetime,
) -> tuple[Verdict, Message] | None:
    """Say what makes it chargeable whatever covers it."""
    if ticket.kind not in scheme.kinds:
        return _charged(
            Message("entitlement.kind_not_taken", {"kind": str(ticket.kind), "scheme": scheme.id})
        )
    if contract is None and scheme.warranty is None:
        return _charged(Message("entitlement.no_contract", {"scheme": scheme.id}))
    if contract is not None and not contract.holds_on(day):
        return _charged(
            Message("entitlement.contract_not_in_force", {"contract": contract.id, "day": day.isoformat()})
        )
    for finding in findings:
        if finding.ticket == ticket.id and finding.at <= now:
            check_finding(finding, scheme)
            return _charged(
                Message(
                    "entitlement.excluded", {"exclusion": str(finding.exclusion), "reason": finding.reason}
                )
            )
    return None


def _covered_by(
    ticket: Ticket, scheme: Scheme, contract: Contract | None, requests: Requests, day: date
) -> tuple[Verdict, Message]:
    """Say what covers it, or that nothing does; unknown: the warranty decides."""
    clause = scheme.entitlement
    if contract is not None and clause.requests_a_month and ticket.kind is not TicketKind.PREVENTIVE:
        number = requests.number(ticket, scheme)
        if number > clause.requests_a_month:
            return _charged(
                Message("entitlement.requests_used_up", {"number": number, "limit": clause.requests_a_month})
            )
    if contract is not None and contract.planned_on(day):
        return Verdict.COVERED, Message("entitlement.by_plan", {"contract": contract.id})
    if contract is not None and clause.free_months:
        until = months_after(contract.valid_from, clause.free_months)
        found = {"contract": contract.id, "until": until.isoformat()}
        if day < until:
            return Verdict.COVERED, Message("entitlement.free_time", found)
        return _charged(Message("entitlement.free_time_over", found))
    if scheme.warranty is not None and (ticket.kind in UNDER_WARRANTY or contract is None):
        return Verdict.UNKNOWN, Message("entitlement.facts_missing")
    priced = [kind for kind in (FeeKind.CALL, FeeKind.PROJECT) if kind in scheme.fees.prices]
    if priced and scheme.warranty is None:
        return _charged(Message("entitlement.priced", {"scheme": scheme.id}))
    return Verdict.COVERED, Message("entitlement.by_contract", {"contract": contract.id if contract else ""})


def _by_warranty(
    warranty: Warranty | None, missing: tuple[str, ...], asset: Asset | None, day: date
) -> tuple[Verdict, Message]:
    if warranty is None:
        return Verdict.UNKNOWN, Message("entitlement.facts_missing", {"facts": ", ".join(missing)})
    serial = asset.serial if asset is not None and asset.serial else "-"
    found = {
        "serial": serial,
        "start": str(warranty.start),
        "from_on": warranty.from_on.isoformat(),
        "until": warranty.until_on.isoformat(),
    }
    if warranty.holds_on(day):
        return Verdict.COVERED, Message("entitlement.by_warranty", found)
    if day >= warranty.until_on:
        return _charged(Message("entitlement.warranty_over", found))
    return _charged(Message("entitlement.warranty_not_begun", found))


def _charged(reason: Message) -> tuple[Verdict, Message]:
    return Verdict.CHARGEABLE, reason
