"""Who we serve: customers, their sites and equipment, and the contracts between us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.place import LatLon

LONGEST_WARRANTY_MONTHS = 600
"""Fifty years; more is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody we have a contract with."""

    id: str
    name: str = ""

    def __post_init__(self) -> None:
        checked_id(self.id)


@dataclass(frozen=True, slots=True)
class Site:
    """A customer's address where equipment stands.

    Args:
        id, customer: the site's id and its customer's.
        at: where it is.
        name: what people call it.
        remote: in a remote area, where a scheme may promise less.
        territory: area of engineers and partners it lies in; empty: anybody's.
    """

    id: str
    customer: str
    at: LatLon
    name: str = ""
    remote: bool = False
    territory: str = ""

    def __post_init__(self) -> None:
        checked_id(self.id)
        checked_id(self.customer)


class Standing(StrEnum):
    """Whether a customer is served."""

    GOOD = "good"
    SUSPENDED = "suspended"
    """Service rests, as a rule because fees are unpaid."""


@dataclass(frozen=True, slots=True)
class StandingChange:
    """A customer's service was suspended or taken up again.

    Args:
        customer: the customer's id.
        at: when it holds from, aware.
        by: id of who decided.
        standing: what he is from then on.
        reason: why.

    Raises:
        Refusal: ``customer.reason_missing``, ``id.malformed``, ``clock.naive_time``.
    """

    customer: str
    at: datetime
    by: str
    standing: Standing
    reason: str

    def __post_init__(self) -> None:
        checked_id(self.customer)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if not self.reason.strip():
            raise Refusal("customer.reason_missing", customer=self.customer, standing=self.standing)


def suspension_of(customer: str, changes: Iterable[StandingChange], at: datetime, /) -> StandingChange | None:
    """Give the suspension a customer stands under at a moment; None: he is served.

    Of two changes at one moment the one recorded later holds.
    """
    last: StandingChange | None = None
    for change in changes:
        if change.customer == customer and change.at <= at and (last is None or change.at >= last.at):
            last = change
    return last if last is not None and last.standing is Standing.SUSPENDED else None


class Wish(StrEnum):
    """What a customer says about an engineer."""

    PREFERRED = "preferred"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class EngineerWish:
    """A customer's wish about an engineer, for one site or for all of his: exactly one of `site`, `customer` is set.

    What is said for a site goes before what is said for its customer.

    Raises:
        Refusal: ``desk.wish_of_whom`` when both or neither is set.
    """

    engineer: str
    wish: Wish
    customer: str = ""
    site: str = ""

    def __post_init__(self) -> None:
        if bool(self.customer) == bool(self.site):
            raise Refusal("desk.wish_of_whom", engineer=self.engineer)


@dataclass(frozen=True, slots=True)
class Asset:
    """One piece of equipment at a site.

    Args:
        id, site: the asset's id and its site's.
        serial: the maker's serial number.
        model: what it is; fault history is looked up by it.
        loaner_class: the class a loaner must have to stand in for it; empty: none can.
        invoiced_on: date of the invoice; None: not known.
        made_on: day it left the factory; None: not known.
        warranty_months: months of warranty its maker gives; 0: none; None: not known.

    Raises:
        Refusal: ``asset.warranty_out_of_range``, ``id.malformed``.
    """

    id: str
    site: str
    serial: str = ""
    model: str = ""
    loaner_class: str = ""
    invoiced_on: date | None = None
    made_on: date | None = None
    warranty_months: int | None = None

    def __post_init__(self) -> None:
        checked_id(self.id)
        checked_id(self.site)
        if self.warranty_months is not None and not 0 <= self.warranty_months <= LONGEST_WARRANTY_MONTHS:
            raise Refusal("asset.warranty_out_of_range", asset=self.id, months=self.warranty_months)


@dataclass(frozen=True, slots=True)
class Contract:
    """A customer is served under one version of a scheme on the days [valid_from, valid_until).

    Args:
        id, customer: the contract's id and its customer's.
        scheme, version: which scheme, in which version; a ticket keeps the version it was opened under.
        valid_from: first day.
        valid_until: first day it no longer holds; None: open-ended.
        plan_from: first day it is paid by the month (a plan, or renewed after a free time); None: it is not.

    Raises:
        Refusal: ``contract.ends_before_start``, ``id.malformed``.
    """

    id: str
    customer: str
    scheme: str
    version: str
    valid_from: date
    valid_until: date | None = None
    plan_from: date | None = None

    def __post_init__(self) -> None:
        for text in (self.id, self.customer, self.scheme, self.version):
            checked_id(text)
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise Refusal(
                "contract.ends_before_start",
                contract=self.id,
                start=self.valid_from.isoformat(),
                end=self.valid_until.isoformat(),
            )

    def planned_on(self, day: date, /) -> bool:
        """Say whether a day is paid by the month."""
        return self.plan_from is not None and self.plan_from <= day and self.holds_on(day)

    def holds_on(self, day: date, /) -> bool:
        """Say whether it holds on a day (of the scheme's zone)."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)
