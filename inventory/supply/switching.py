"""How strictly the next lot of a supplier's part is looked at: a fold of the lots inspected so far.

    reduced <- normal <-> tightened -> discontinued

Two of five lots in a row not accepted: tightened. Five in a row accepted: normal again. Five lots in all not accepted
under tightened inspection: discontinued, until the supplier has put it right. Good lots on normal inspection earn
points, thirty of them reduced inspection, where deliveries are steady and it is wanted; the first lot that fails or
comes near to it brings normal inspection back. Lots presented again after they failed do not count.

Source: MIL-STD-105E, 4.7 (tightened, discontinued, back from reduced); the points are ISO 2859-1's, which need no
table of limit numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from inventory.supply.sampling import InspectionSeverity, SamplingPlan, tighter
from kernel.errors import Refusal


class Inspection(StrEnum):
    """How lots of a supplier's part are inspected at a moment."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"
    DISCONTINUED = "discontinued"


FAILED_TO_TIGHTEN, OF_LAST = 2, 5
ACCEPTED_TO_RELAX = 5
FAILED_TO_DISCONTINUE = 5
POINTS_TO_REDUCE = 30


@dataclass(frozen=True, slots=True)
class Judged:
    """A lot was inspected.

    Args:
        plan: the plan it was inspected by.
        bad: bad units, or nonconformities, found in the sample.
        original: it was presented for the first time.
        steady: deliveries come regularly and nothing else speaks against reduced inspection.
    """

    plan: SamplingPlan
    bad: int
    original: bool = True
    steady: bool = True

    @property
    def accepted(self) -> bool:
        """Whether the lot passed."""
        return self.plan.accepts(self.bad)


class PutRight:
    """The supplier has shown what it changed: a discontinued part is inspected again, tightened."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a supplier's part stands.

    Args:
        inspection: how the next lot is inspected.
        recent: the last lots under normal inspection, newest last, whether each was accepted; five at most.
        points: earned towards reduced inspection.
        in_a_row: lots accepted in a row under tightened inspection.
        failed: lots not accepted since tightened inspection began.
    """

    inspection: Inspection = Inspection.NORMAL
    recent: tuple[bool, ...] = ()
    points: int = 0
    in_a_row: int = 0
    failed: int = 0

    @property
    def severity(self) -> InspectionSeverity:
        """The table for the next lot.

        Raises:
            Refusal: ``sampling.discontinued``.
        """
        if self.inspection is Inspection.DISCONTINUED:
            raise Refusal("sampling.discontinued", failed=self.failed)
        return InspectionSeverity(self.inspection.value)


TIGHT = Standing(Inspection.TIGHTENED)


def follow(standing: Standing, fact: Judged | PutRight, *, may_reduce: bool = True) -> Standing:
    """Give the standing after one more fact.

    Args:
        standing: before.
        fact: a lot inspected, or a discontinued supplier's correction.
        may_reduce: whether reduced inspection is wanted for this part.

    Raises:
        Refusal: ``sampling.discontinued`` for a lot while inspection is discontinued; ``sampling.other_table`` for a
            lot inspected by another table than the one in force; ``sampling.not_discontinued``.
    """
    if isinstance(fact, PutRight):
        if standing.inspection is not Inspection.DISCONTINUED:
            raise Refusal("sampling.not_discontinued", state=standing.inspection.value)
        return TIGHT
    if not fact.original:
        return standing
    standing = _as_inspected(standing, fact.plan.severity)
    if fact.plan.severity is not standing.severity:
        raise Refusal("sampling.other_table", used=fact.plan.severity.value, wanted=standing.inspection.value)
    if standing.inspection is Inspection.REDUCED:
        near = fact.bad > fact.plan.accept
        return Standing() if near or not (fact.steady and may_reduce) else standing
    if standing.inspection is Inspection.TIGHTENED:
        return _tightened(standing, fact)
    return _normal(standing, fact, may_reduce=may_reduce)


def _as_inspected(standing: Standing, used: InspectionSeverity) -> Standing:
    """Give the standing a lot was inspected in, where reduced inspection was earned and it was open whether it is wanted.

    Whether it is may change; the lots before then were inspected as it was wanted at their time.
    """
    if standing.inspection is Inspection.REDUCED and used is InspectionSeverity.NORMAL:
        return Standing(points=POINTS_TO_REDUCE)
    earned = standing.inspection is Inspection.NORMAL and standing.points >= POINTS_TO_REDUCE
    return Standing(Inspection.REDUCED) if earned and used is InspectionSeverity.REDUCED else standing


def standing_after(facts: Iterable[Judged | PutRight], *, may_reduce: bool = True) -> Standing:
    """Fold all facts about one supplier's part, oldest first.

    Raises:
        Refusal: as `follow`.
    """
    standing = Standing()
    for fact in facts:
        standing = follow(standing, fact, may_reduce=may_reduce)
    return standing


def _tightened(standing: Standing, lot: Judged) -> Standing:
    if lot.accepted:
        if standing.in_a_row + 1 == ACCEPTED_TO_RELAX:
            return Standing()
        return replace(standing, in_a_row=standing.in_a_row + 1)
    failed = standing.failed + 1
    stopped = failed == FAILED_TO_DISCONTINUE
    inspection = Inspection.DISCONTINUED if stopped else Inspection.TIGHTENED
    return Standing(inspection, failed=failed)


def _normal(standing: Standing, lot: Judged, *, may_reduce: bool) -> Standing:
    recent = (*standing.recent, lot.accepted)[-OF_LAST:]
    if recent.count(False) >= FAILED_TO_TIGHTEN:
        return TIGHT
    points = standing.points + _points(lot) if _points(lot) else 0
    if points >= POINTS_TO_REDUCE and lot.steady and may_reduce:
        return Standing(Inspection.REDUCED)
    return Standing(recent=recent, points=min(points, POINTS_TO_REDUCE))


def _points(lot: Judged) -> int:
    """Points of a lot; none: it costs all earned so far."""
    if not lot.accepted:
        return 0
    if lot.plan.accept < 2:
        return 2
    stricter = tighter(lot.plan)
    return 3 if stricter is not None and lot.bad <= stricter.accept else 0


def scheme_acceptance(*, normal: float, tightened: float) -> float:
    """Share of lots accepted in the long run by normal and tightened inspection with the switching between them.

    Lots expected on normal inspection until two of five fail: ``(2 - a^4) / ((1 - a)(1 - a^4))``; on tightened until five
    in a row pass: ``(1 - b^5) / ((1 - b) b^5)``, with a and b the chances of acceptance of one lot.

    Source: Stephens and Larson (1967), An evaluation of the MIL-STD-105D system of sampling plans.

    >>> round(scheme_acceptance(normal=0.9, tightened=0.8), 4)
    0.8792
    """
    if normal >= 1:
        return 1.0
    if tightened <= 0:
        # Once tightened it stays so: no lot passes any more.
        return 0.0
    on_normal = (2 - normal**4) / ((1 - normal) * (1 - normal**4))
    # The sum 1/b + ... + 1/b^5 is the same number and knows no division by nothing at b = 1.
    on_tightened = sum(tightened**-row for row in range(1, ACCEPTED_TO_RELAX + 1))
    return (on_normal * normal + on_tightened * tightened) / (on_normal + on_tightened)


@dataclass(frozen=True, slots=True)
class Skipping:
    """Skip-lot inspection SkSP-2: after `clearance` lots accepted in a row only a fraction of the lots is inspected.

    Args:
        clearance: lots in a row, each inspected and accepted, before any is skipped.
        fraction: share of lots inspected then.

    Raises:
        Refusal: ``sampling.skip_lot``.

    Source: Perry (1973), Skip-lot sampling plans, Journal of Quality Technology 5(3), 123-130.
    """

    clearance: int = 8
    fraction: float = 0.25

    def __post_init__(self) -> None:
        if self.clearance < 1 or not 0 < self.fraction <= 1:
            raise Refusal("sampling.skip_lot", clearance=self.clearance, fraction=self.fraction)

    def after(self, in_a_row: int, *, accepted: bool) -> int:
        """Lots accepted in a row after one more was inspected; a skipped lot changes nothing."""
        return min(in_a_row + 1, self.clearance) if accepted else 0

    def inspects(self, lot: str, *, in_a_row: int, seed: str) -> bool:
        """Say whether a lot is inspected: asking again gives the same answer, only who knows `seed` can foresee it."""
        if in_a_row < self.clearance:
            return True
        # Keyed: a supplier who numbers its lots itself could otherwise choose numbers that are skipped.
        drawn = int.from_bytes(
            hashlib.blake2b(lot.encode(), key=seed.encode()[:64], digest_size=8).digest(), "big"
        )
        return drawn < self.fraction * 2**64

    def acceptance(self, lot_accepted: float) -> float:
        """Share of lots accepted in the long run, skipped ones included, when an inspected one is with that chance.

        ``(f P + (1 - f) P^i) / (f + (1 - f) P^i)``.

        >>> round(Skipping(8, 0.25).acceptance(0.95), 5)
        0.98328
        """
        cleared = lot_accepted**self.clearance
        return (self.fraction * lot_accepted + (1 - self.fraction) * cleared) / (
            self.fraction + (1 - self.fraction) * cleared
        )
