"""Standby: the hours people were on call outside the hours they are at work anyway, for a roster that is fair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatch.desk.clause import LadderRole
from dispatch.desk.on_call import Watch, standby_s
from dispatch.measures.period import Period
from kernel.calendars import BusinessCalendar
from kernel.ids import natural_key
from kernel.interval import Interval


@dataclass(frozen=True, slots=True)
class Standby:
    """One person's time on call in one role, seconds.

    Args:
        person: his code.
        role: whom he is called as.
        standby_s: on call outside the hours of the role.
        first_s: of that, as the first to be called.
    """

    person: str
    role: LadderRole
    standby_s: int
    first_s: int


def standbys(
    watches: Iterable[Watch], calendars: Mapping[str, BusinessCalendar], period: Period, /
) -> tuple[Standby, ...]:
    """Give each person and role with a duty in the period, by person.

    Args:
        watches: the roster.
        calendars: of the region by id; one named like a role has its hours, a role without one has none.
        period: up to its `until`.
    """
    known = list(watches)
    if period.start >= period.until:
        return ()
    span = Interval(period.start, period.until)
    found: list[Standby] = []
    for role in LadderRole:
        of_role = [one for one in known if one.role is role]
        hours = calendars.get(role)
        whole = standby_s(of_role, span, hours=hours)
        first = standby_s((one for one in of_role if one.rank == 1), span, hours=hours)
        found += [Standby(person, role, s, first.get(person, 0)) for person, s in whole.items()]
    return tuple(sorted(found, key=lambda one: (natural_key(one.person), list(LadderRole).index(one.role))))
