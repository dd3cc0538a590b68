"""A review is made once for a state of a region and a few minutes, and never shown beyond them."""

from __future__ import annotations

from datetime import datetime, timedelta

from api.usecases.reviews import KEPT, LASTS, Review, Reviews
from tests.regions import region
from tests.stock_builders import NOW


def test_who_reads_on_reads_the_same_review_until_the_region_is_changed_or_it_is_old() -> None:
    """Another page is no other review; another revision, a later hour and an earlier moment are."""
    reviews, made = Reviews(), []

    def at(moment: datetime, *, revision: int = 7) -> Review:
        def compute() -> Review:
            made.append((revision, moment))
            return Review(moment, region().settings, ())

        return reviews.of(("R1", revision), compute, now=moment)

    first = at(NOW)
    soon = at(NOW + LASTS - timedelta(seconds=1))
    later = at(NOW + LASTS)
    other = at(NOW + LASTS, revision=8)
    earlier = at(NOW)

    assert (first.at, soon.at, later.at, other.at, earlier.at) == (NOW, NOW, NOW + LASTS, NOW + LASTS, NOW)
    assert made == [(7, NOW), (7, NOW + LASTS), (8, NOW + LASTS), (7, NOW)]


def test_only_the_last_few_are_kept() -> None:
    """Ten thousand lines are some tens of megabytes."""
    reviews, made = Reviews(), []

    def asked(revision: int) -> None:
        def compute() -> Review:
            made.append(revision)
            return Review(NOW, region().settings, ())

        reviews.of(revision, compute, now=NOW)

    for revision in [*range(KEPT + 1), KEPT, 1, 0]:
        asked(revision)

    assert made == [*range(KEPT + 1), 0]
