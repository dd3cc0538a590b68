"""The loop's columns as an `Outcome`: seconds of everybody within the counted span, money, and why what was late was late."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from dispatch.desk.milestone import Milestone, TicketKind
from kernel.money import cents
from scenarios.run.case import Cases
from scenarios.run.duty import Hours, Stretch
from scenarios.run.layout import SEVERITIES, Layout
from scenarios.run.loop import Loop
from scenarios.run.outcome import NEVER, Crew, Ended, Late, Outcome, Stock, Tickets
from scenarios.run.visited import visited

Whole = NDArray[np.int64]
DAY_S = 86_400


def booked(loop: Loop, *, replication: int, seed: int) -> Outcome:
    """Give what happened in a replication that was run."""
    laid = loop.laid
    region, demand = laid.world.region, laid.world.demand
    sites = tuple(dict.fromkeys(source.site for source in demand.sources))
    tiers = tuple(dict.fromkeys(source.scheme for source in demand.sources))
    assets = tuple(dict.fromkeys(source.asset for source in demand.sources if source.asset))
    skills = ("", *dict.fromkeys(skill for job in demand.jobs for skill, _ in job.skills))
    parts = tuple(dict.fromkeys(one.part for one in laid.world.shelves))
    places = tuple(dict.fromkeys(one.place for one in laid.world.shelves))
    rows = _tickets(loop, sites, tiers, assets, skills)
    crew, money = _crew(loop)
    money.update(_owed_money(loop))
    shelves, log = loop.parting.shelves, loop.log
    stock = Stock(
        part=_rows(parts, [one.part for one in laid.world.shelves]),
        place=_rows(places, [one.place for one in laid.world.shelves]),
        opening=_whole(shelves.opening),
        received=_whole(shelves.received),
        used=_whole(shelves.used),
        sent_in=_whole(shelves.sent_in),
        sent_out=_whole(shelves.sent_out),
        closing=_whole(shelves.hand),
        wanted=_whole(shelves.wanted),
        filled=_whole(shelves.filled),
        moving=shelves.moving,
    )
    made = Outcome(
        replication=replication,
        seed=seed,
        span=laid.span,
        tickets=rows,
        crew=crew,
        stock=stock,
        money_cents=money,
        sites=sites,
        tiers=tiers,
        regions=(*laid.depots, ""),
        assets=assets,
        skills=skills,
        engineers=tuple(engineer.id for engineer in region.field.engineers),
        parts=parts,
        places=places,
        counts={
            "events": log.events,
            "decisions": log.decisions,
            "loans": log.loans,
            "loans_refused": log.loans_refused,
            "orders": shelves.orders,
            "lots_failed": shelves.failed,
        },
        visits=visited(loop),
    )
    made.identities()
    return made


def _whole(column: list[int]) -> Whole:
    return np.array(column, dtype=np.int64)


def _rows(names: tuple[str, ...], of: list[str]) -> Whole:
    """Where each of `of` stands among names; -1: nowhere."""
    row = {name: number for number, name in enumerate(names)}
    return _whole([row.get(one, -1) for one in of])


def _tickets(
    loop: Loop,
    sites: tuple[str, ...],
    tiers: tuple[str, ...],
    assets: tuple[str, ...],
    skills: tuple[str, ...],
) -> Tickets:
    cases, laid, until = loop.cases, loop.laid, loop.until
    sources, jobs, kinds = laid.world.demand.sources, laid.world.demand.jobs, tuple(TicketKind)
    source, job = _whole(cases.source), _whole(cases.job)
    site_of = _rows(sites, [one.site for one in sources])
    tier_of = _rows(tiers, [one.scheme for one in sources])
    asset_of = _rows(assets, [one.asset for one in sources])
    skill_of = _whole([skills.index(one.skills[0][0]) if one.skills else 0 for one in jobs])
    severity_of = _whole([SEVERITIES.index(one.severity) + 1 for one in jobs])
    kind_of = _whole([kinds.index(one.kind) for one in jobs])
    depot = _whole(cases.depot)
    restored, arrived = _within(cases.restored, until), _within(cases.arrived, until)
    asked = _whole(cases.asked)
    columns = {
        "born_s": _whole(cases.born),
        "site": site_of[source],
        "tier": tier_of[source],
        "region": np.where(depot < 0, len(laid.depots), depot),
        "asset": asset_of[source],
        "skill": skill_of[job],
        "severity": severity_of[job],
        "kind": kind_of[job],
        "set_out_s": _whole(cases.set_out),
        "arrived_s": arrived,
        "restored_s": restored,
        "due_arrive_s": _whole(cases.arrive_due),
        "due_restore_s": _whole(cases.restore_due),
        "engineer": _whole(cases.engineer),
        "visits": _whole(cases.visits),
        "first_time_fix": _whole(cases.fixed),
        "ended": _whole(cases.ended),
        "ended_s": _whole(cases.ended_s),
        "waited_part_s": _whole(cases.waited) + np.where(asked >= 0, until - asked, 0),
        "late": _late(loop, arrived, restored),
    }
    columns["loaner_s"] = _lent(loop, columns["ended"], restored)
    columns["loaner_late_s"] = _without_loaner(loop, columns["ended"], columns["ended_s"])
    # Reports of sources that wait were numbered after all the others.
    order = np.lexsort((np.arange(source.size), columns["born_s"]))
    return Tickets(**{name: column[order] for name, column in columns.items()})


def _within(column: list[int], until: int) -> Whole:
    at = _whole(column)
    return np.where(at < until, at, NEVER)


def _lent(loop: Loop, ended: Whole, restored: Whole) -> Whole:
    lent, keeps = _whole(loop.cases.lent), _whole(loop.cases.keeps)
    back = np.where(ended == Ended.OPEN, loop.until, restored + keeps)
    return np.where(lent >= 0, np.clip(back, lent, loop.until) - lent, 0)


def _without_loaner(loop: Loop, ended: Whole, ended_s: Whole) -> Whole:
    cases = loop.cases
    due = _whole(cases.loaner_due)
    wanted = np.array(
        [loop.pool.lends(source) for source in range(len(loop.laid.world.demand.sources))], dtype=bool
    )
    refused = (
        wanted[_whole(cases.source)] & (due >= 0) & (_whole(cases.lent) < 0) & (ended != Ended.TURNED_AWAY)
    )
    until = np.where(ended == Ended.OPEN, loop.until, ended_s)
    return np.where(refused, np.maximum(0, until - due), 0)


def _late(loop: Loop, arrived: Whole, restored: Whole) -> Whole:
    cases, laid, until = loop.cases, loop.laid, loop.until
    arrive_due, restore_due = _whole(cases.arrive_due), _whole(cases.restore_due)
    at_site = np.where(arrived == NEVER, until, arrived)
    again = np.where(restored == NEVER, until, restored)
    gone = np.isin(_whole(cases.ended), (Ended.GAVE_UP, Ended.TURNED_AWAY))
    solved = (arrived == NEVER) & (restored != NEVER)
    late_there = (arrive_due >= 0) & (at_site > arrive_due) & ~gone & ~solved
    late_again = (restore_due >= 0) & (again > restore_due) & ~gone
    found = np.zeros(arrived.size, dtype=np.int64)
    starts = [[one.start_s for one in own] for own in loop.duty]
    for t in np.flatnonzero(late_there | late_again).tolist():
        due = int(arrive_due[t] if late_there[t] else restore_due[t])
        found[t] = _why(loop, starts, cases, laid, t, due, there=bool(late_there[t]))
    return found


def _why(
    loop: Loop, starts: list[list[int]], cases: Cases, laid: Layout, t: int, due: int, *, there: bool
) -> Late:
    may, set_out = laid.may[cases.kind[t]], cases.set_out[t]
    waited_part = cases.waited[t] + (loop.until - cases.asked[t] if cases.asked[t] >= 0 else 0)
    if not may:
        return Late.NO_SKILL
    if 2 * waited_part > max(0, due - cases.born[t]):
        return Late.NO_PART
    if cases.closed_door[t]:
        return Late.SITE_CLOSED
    if 0 <= set_out <= due:
        return Late.TRAVEL if there else Late.WORK
    if all(_away_until(loop.duty[e], starts[e], cases.born[t]) > due for e in may):
        return Late.OFF_DUTY
    return Late.NO_ENGINEER


def _away_until(own: list[Stretch], starts: list[int], at_s: int) -> int:
    """The first second from `at_s` on that lies in a stretch."""
    row = bisect_right(starts, at_s) - 1
    if row >= 0 and at_s < own[row].end_s:
        return at_s
    return own[row + 1].start_s if row + 1 < len(own) else 1 << 60


def _crew(loop: Loop) -> tuple[Crew, dict[str, int]]:
    log, laid, span = loop.log, loop.laid, loop.laid.span
    prices = laid.world.region.settings.policy
    who, out = _whole(log.engineer), _whole(log.out)
    there, left = _whole(log.there), _whole(log.left)

    def clipped(at: Whole) -> Whole:
        return np.clip(at, span.from_s, span.until_s)

    count = len(loop.duty)
    travel = np.bincount(who, weights=clipped(there) - clipped(out), minlength=count).astype(np.int64)
    busy = np.bincount(who, weights=clipped(left) - clipped(there), minlength=count).astype(np.int64)
    edges = np.array([span.from_s, span.until_s], dtype=np.int64)
    on_duty, inside, wages = np.zeros((3, count), dtype=np.int64)
    for e, own in enumerate(loop.duty):
        hours, mine = Hours(own), who == e
        passed = hours.passed(edges)
        on_duty[e] = passed[1] - passed[0]
        inside[e] = int((hours.passed(clipped(left[mine])) - hours.passed(clipped(out[mine]))).sum())
        wages[e] = sum(
            (min(one.end_s, span.until_s) - max(one.start_s, span.from_s)) * one.wage_cents
            for one in own
            if one.wage_cents and one.start_s < span.until_s and one.end_s > span.from_s
        )
    counted = (out >= span.from_s) & (out < span.until_s)
    visits = np.bincount(who[counted & (_whole(log.ticket) >= 0)], minlength=count).astype(np.int64)
    overtime = travel + busy - inside
    money = {
        "travel": int(travel.sum()) * cents(prices.travel_hour) // 3600,
        "distance": int(_whole(log.metres)[counted].sum()) * cents(prices.distance_km) // 1000,
        "overtime": int(overtime.sum()) * cents(prices.overtime_hour) // 3600,
        "call_out": sum(price for at, price in log.called_out if span.from_s <= at < span.until_s),
        "partner": sum(price for at, price in log.by_partner if span.from_s <= at < span.until_s),
        "wages": int(wages.sum()) // 3600,
    }
    return Crew(on_duty, overtime, busy, travel, on_duty - inside, visits), money


def _owed_money(loop: Loop) -> dict[str, int]:
    """Lateness by the schemes' breach clauses and the days of loaners, of tickets born and loans begun in the counted span."""
    laid, span = loop.laid, loop.laid.span
    cases, until = loop.cases, loop.until
    default = cents(laid.world.region.settings.policy.late_hour)
    late = 0
    for milestone, due_of, done_of in (
        (Milestone.ARRIVE, cases.arrive_due, cases.arrived),
        (Milestone.REPAIR, cases.restore_due, cases.restored),
    ):
        due, done = _whole(due_of), _whole(done_of)
        never = (done < 0) | (done >= until)
        if milestone is Milestone.ARRIVE:
            # Solved without a visit: nobody had to come.
            done = np.where(
                never & (_whole(cases.restored) >= 0), _whole(cases.restored), np.where(never, until, done)
            )
        else:
            done = np.where(never, until, done)
        born = _whole(cases.born)
        mine = (due >= 0) & (done > due) & (born >= span.from_s)
        mine &= ~np.isin(_whole(cases.ended), (Ended.GAVE_UP, Ended.TURNED_AWAY))
        for t in np.flatnonzero(mine).tolist():
            scheme = laid.owed[cases.source[t], cases.job[t]].scheme
            assert scheme is not None, t
            severity = laid.world.demand.jobs[cases.job[t]].severity
            breach = scheme.breach.get(milestone)
            per_s, price = (3600, default) if breach is None else (breach.per.seconds, breach.cents[severity])
            late += -(-int(done[t] - due[t]) // per_s) * price
    out_still = [
        (at, until, loop.pool.day_cents(t, cases))
        for t, at in enumerate(cases.lent)
        if at >= 0 and loop.pool.is_out(t, cases)
    ]
    loaned = sum(
        -(-(back - out) // DAY_S) * price
        for out, back, price in (*loop.log.lent, *out_still)
        if span.from_s <= out < span.until_s
    )
    return {"lateness": late, "loaner": loaned}
