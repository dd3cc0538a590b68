"""Quiet hours: when nobody is written to, in the region's own time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from kernel.clock import zone


def allowed_from(now: datetime, zone_name: str, *, quiet_from: time, quiet_until: time) -> datetime:
    """The first moment from `now` on at which a customer may be written to.

    Args:
        now: aware.
        zone_name: of the region.
        quiet_from: local time of day at which it becomes quiet.
        quiet_until: local time of day at which it ends; the same: it never is.

    >>> from kernel.clock import moment
    >>> late = moment("2026-03-06T22:30+08:00")
    >>> allowed_from(late, "Asia/Shanghai", quiet_from=time(21), quiet_until=time(8)).isoformat()
    '2026-03-07T00:00:00+00:00'
    """
    local = now.astimezone(zone(zone_name))
    at = local.time()
    over_midnight = quiet_from > quiet_until
    quiet = (at >= quiet_from or at < quiet_until) if over_midnight else quiet_from <= at < quiet_until
    if not quiet:
        return now
    day = local.date() + timedelta(days=1) if over_midnight and at >= quiet_from else local.date()
    # A local time that daylight saving skips is read with the offset before it: an hour later by the clock on the wall.
    return datetime.combine(day, quiet_until, tzinfo=zone(zone_name)).astimezone(UTC)
