"""The equipment an invented company repairs, read from `equipment.toml` beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from dispatch.desk.workshop import BenchTime


@dataclass(frozen=True, slots=True)
class Component:
    """A kind of part of a family: `popularity` is its share of the family's repairs."""

    name: str
    price: Decimal
    repairable: bool
    criticality: int
    popularity: int


@dataclass(frozen=True, slots=True)
class Family:
    """Equipment of one kind.

    Args:
        certificate, tool: what a share `certified`, `tooled` of its jobs needs; empty for none.
        minutes: usual lengths of a job.
        customers: kinds of customers that own it.
        models: (model, loaner class or empty).
        alternates: (component, the one that may be used instead, ``equal`` or ``supersedes``).
    """

    code: str
    name: str
    skill: str
    certificate: str
    certified: float
    tool: str
    tooled: float
    minutes: tuple[int, ...]
    customers: tuple[str, ...]
    causes: tuple[str, ...]
    models: tuple[tuple[str, str], ...]
    components: tuple[Component, ...]
    alternates: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Software:
    """What is mended at a distance, under one scheme."""

    code: str
    name: str
    scheme: str
    model: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoanerKind:
    """A class of loaners: the classes that may be lent in its place, its share `weight` of the pool."""

    code: str
    name: str
    substitutes: tuple[str, ...]
    day: Decimal
    weight: int


@dataclass(frozen=True, slots=True)
class Equipment:
    """Everything the file says."""

    families: tuple[Family, ...]
    software: tuple[Software, ...]
    loaners: tuple[LoanerKind, ...]
    bench_times: tuple[BenchTime, ...]

    @property
    def skills(self) -> tuple[str, ...]:
        """Every skill, in order of first use."""
        return tuple(dict.fromkeys(family.skill for family in self.families))

    @property
    def customer_kinds(self) -> tuple[str, ...]:
        """Every kind of customer, in order of first use."""
        return tuple(dict.fromkeys(kind for family in self.families for kind in family.customers))


@cache
def equipment() -> Equipment:
    """Read the file once."""
    raw = tomllib.loads((files(__package__) / "equipment.toml").read_text(encoding="utf-8"))
    families = tuple(
        Family(
            code=row["code"],
            name=row["name"],
            skill=row["skill"],
            certificate=row["certificate"],
            certified=row["certified"],
            tool=row["tool"],
            tooled=row["tooled"],
            minutes=tuple(row["minutes"]),
            customers=tuple(row["customers"]),
            causes=tuple(row["causes"]),
            models=tuple((model, loaner) for model, loaner in row["models"]),
            components=tuple(
                Component(name, Decimal(price), kind == "r", criticality, popularity)
                for name, price, kind, criticality, popularity in row["component"]
            ),
            alternates=tuple((old, new, kind) for old, new, kind in row["alternates"]),
        )
        for row in raw["family"]
    )
    software = tuple(
        Software(row["code"], row["name"], row["scheme"], row["model"], tuple(row["causes"]))
        for row in raw["remote"]
    )
    loaners = tuple(
        LoanerKind(row["code"], row["name"], tuple(row["substitutes"]), Decimal(row["day"]), row["weight"])
        for row in raw["loaner"]
    )
    bench_times = tuple(
        BenchTime(model, collect_min, bench_min, return_min)
        for model, collect_min, bench_min, return_min in raw["bench_times"]
    )
    return Equipment(families, software, loaners, bench_times)
