"""Who we serve: customers, their sites and equipment, and the contracts between us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.place import LatLon


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
    """

    id: str
    site: str
    serial: str = ""
    model: str = ""
    loaner_class: str = ""

    def __post_init__(self) -> None:
        checked_id(self.id)
        checked_id(self.site)


@dataclass(frozen=True, slots=True)
class Contract:
    """A customer is served under one version of a scheme on the days [valid_from, valid_until).

    Args:
        id, customer: the contract's id and its customer's.
        scheme, version: which scheme, in which version; a ticket keeps the version it was opened under.
        valid_from: first day.
        valid_until: first day it no longer holds; None: open-ended.

    Raises:
        Refusal: ``contract.ends_before_start``, ``id.malformed``.
    """

    id: str
    customer: str
    scheme: str
    version: str
    valid_from: date
    valid_until: date | None = None

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

    def holds_on(self, day: date, /) -> bool:
        """Say whether it holds on a day (of the scheme's zone)."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)
