"""What lies in excess and what nobody sells any more, of a region as read."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dispatch.expected_needs import expected_needs
from dispatch.region import Region
from inventory import remnants
from inventory.provision import Provision
from inventory.remnants import Ending, Excess
from inventory.replenish.assessment import ReviewSettings


class Remnants(NamedTuple):
    """Both at a moment, made of one look at rates and levels: that look is what takes long."""

    at: datetime
    currency: str
    excess: tuple[Excess, ...]
    ending: tuple[Ending, ...]


def found(region: Region, *, now: datetime) -> Remnants:
    """What lies in excess and what ends."""
    provision, needs = _provision(region, now), expected_needs(region, now=now)
    return Remnants(
        now, region.settings.currency, remnants.excess(provision, needs), remnants.ending(provision, needs)
    )


def excess(region: Region, *, now: datetime) -> tuple[Excess, ...]:
    """Units beyond what is kept and what a year asks for, most money first."""
    return remnants.excess(_provision(region, now), expected_needs(region, now=now))


def ending(region: Region, *, now: datetime) -> tuple[Ending, ...]:
    """Parts that nobody sells, or nobody before long, first used up first."""
    return remnants.ending(_provision(region, now), expected_needs(region, now=now))


def _provision(region: Region, now: datetime) -> Provision:
    homes = {engineer.van: engineer.depot for engineer in region.field.engineers if engineer.van}
    return Provision(region.stock, now, ReviewSettings(), homes=homes, zone_name=region.settings.zone)
