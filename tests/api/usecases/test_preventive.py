"""Laying out preventive visits on a region: days that are booked are left alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from api.usecases.preventive import laid_out, levels
from dispatch.desk.visit import PublishedStop
from kernel.clock import zone
from tests import regions as build

QUARTERLY = (replace(build.region().field.contracts[0], scheme="field-substitute"),)
LAST = date(2027, 1, 1)
DAY = timedelta(days=1)


def test_a_day_of_the_published_plan_takes_no_preventive_visit_beyond_its_level() -> None:
    """The visits laid out for a free region go elsewhere once their days are booked."""
    region = build.region(contracts=QUARTERLY)
    free = laid_out(region, LAST, levels(region, "", per_day=1), now=region.settings.as_of)
    here = zone(region.settings.zone)
    noon = [build.at(12).astimezone(here).replace(month=v.on.month, day=v.on.day) for v in free]
    full = build.region(
        contracts=QUARTERLY,
        published=tuple(
            PublishedStop("V-1", f"E-1/{at.date()}", at, piece=n) for n, at in enumerate(noon, 1)
        ),
    )

    moved = laid_out(full, LAST, levels(full, "", per_day=1), now=full.settings.as_of)

    assert [one.id for one in moved] == [one.id for one in free]
    assert not {one.on for one in moved} & {one.on for one in free}
    assert not any(one.overbooked for one in moved)
    assert max(Counter(one.on for one in moved).values()) == 1
