"""What a dispatcher does to one visit by hand: give it to an engineer, take it off the plan, hold it where it is.

Each answer says which published stops it changed, `before` and `after`: that is what `put_back` takes to undo it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.usecases.deciding import Decision, carry_decision
from api.usecases.in_force import InForce, Posed
from dispatch.board import Board
from dispatch.candidates import candidate, without
from dispatch.carry import as_published, carried
from dispatch.deliveries import NOTHING, Asked, asking
from dispatch.desk.visit import Lock, PublishedStop
from dispatch.event import PlanPublished
from dispatch.explain import Answer, answers
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.publish import stops_of, stops_with
from dispatch.region import Region
from dispatch.rescue.way import Way
from dispatch.standing import standing
from dispatch.verify import violations
from kernel.clock import moment, utc
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply, answered
from storage.rows.region import load_region


@dataclass(frozen=True, slots=True)
class Moved:
    """A plan with one visit moved, and what was asked."""

    plan: Plan
    reply: dict[str, str]


def tried_move(
    going: InForce, visit: str, engineer: str, *, not_before: datetime | None = None
) -> Way | None:
    """What a move would be: the engineer's best place for the visit that begins at `not_before` or later; None: none.

    Raises:
        Refusal: ``explain.unknown_visit``, ``candidates.*``.
    """
    earliest = None if not_before is None else going.board.tick(not_before)
    return candidate(going.problem, going.plan, visit, engineer, not_before_s=earliest)


def tried(
    going: InForce, visit: str, engineer: str, *, not_before: datetime | None = None
) -> tuple[Way | None, tuple[Answer, ...]]:
    """As `tried_move`; where there is no place, with what the engineer's shifts say to the visit.

    Raises:
        Refusal: as `tried_move`.
    """
    way = tried_move(going, visit, engineer, not_before=not_before)
    if way is not None:
        return way, ()
    return None, answers(going.problem, going.plan, visit, engineer)


def moved(going: InForce, visit: str, engineer: str, *, not_before: datetime | None = None) -> Plan:
    """The plan in force with a visit given to an engineer, or taken off where `engineer` is empty; others give way where it pays.

    Raises:
        Refusal: ``move.locked`` when the visit is held where it is; ``move.cannot_come`` when the engineer cannot
            come, whoever gives way; ``move.no_room`` when he could, only not so late; ``explain.unknown_visit``,
            ``candidates.*``.
    """
    stop = going.board.published.get(visit)
    if stop is not None and stop.lock is not Lock.NONE:
        raise Refusal("move.locked", visit=visit, lock=stop.lock.value)
    if not engineer:
        if visit not in going.problem.visit_index:
            raise Refusal("explain.unknown_visit", visit=visit)
        return without(going.problem, going.plan, visit)
    way, said = tried(going, visit, engineer, not_before=not_before)
    if way is not None and way.plan is not None:
        return way.plan
    broken = sorted({one.rule.value for one in said if one.rule is not None})
    if broken or not_before is None:
        raise Refusal("move.cannot_come", visit=visit, engineer=engineer, rules=", ".join(broken) or "-")
    raise Refusal("move.no_room", visit=visit, engineer=engineer, not_before=not_before.isoformat())


def move(
    database: Database,
    envelope: Envelope,
    visit: str,
    engineer: str,
    *,
    not_before: datetime | None = None,
    posed: Posed,
) -> Reply:
    """Publish the plan in force with a visit given to an engineer.

    Returns:
        ``{"visit": id, "engineer": id, "before": [stops], "after": [stops], "lost": [visits], "stops_changed": n}``;
        `lost` are those of `before` that could already no longer be kept as published.

    Raises:
        Refusal: as `moved`; ``proposal.does_not_hold``, ``plan.region_moving``.
    """

    def made(going: InForce) -> Moved:
        plan = moved(going, visit, engineer, not_before=not_before)
        return Moved(plan, {"visit": visit, "engineer": engineer})

    content = {"visit": visit, "engineer": engineer, "not_before": not_before and not_before.isoformat()}
    return _publish(database, envelope, ("plan.move", content), made, posed)


def unassign(database: Database, envelope: Envelope, visit: str, *, posed: Posed) -> Reply:
    """Publish the plan in force without a visit, everybody else where he is.

    Returns:
        As `move`, with an empty engineer.

    Raises:
        Refusal: as `moved`; ``proposal.does_not_hold``, ``plan.region_moving``.
    """

    def made(going: InForce) -> Moved:
        return Moved(moved(going, visit, ""), {"visit": visit, "engineer": ""})

    return _publish(database, envelope, ("plan.unassign", {"visit": visit}), made, posed)


def hold(database: Database, envelope: Envelope, visit: str, lock: Lock) -> Reply:
    """Hold a published visit to its engineer, its time or both, or let it go; the plan itself stays as it is.

    Returns:
        ``{"visit": id, "lock": word, "before": [stops], "after": [stops], "stops_changed": n}``.

    Raises:
        Refusal: ``board.not_published``, ``plan.region_moving``.
    """

    def decide(region: Region) -> Decision:
        # As the customer knows it: what was told holds the start, also where only an event says so.
        published = Board.of(region, now=max(envelope.now, region.settings.as_of)).published
        held = [stop for stop in published.values() if stop.planned == visit]
        if not held:
            raise Refusal("board.not_published", visit=visit)
        stops = tuple(replace(stop, lock=lock) for stop in held)
        named = {stop.visit for stop in held}
        others = [stop for stop in published.values() if stop.planned != visit and stop.visit in named]
        return Decision(
            stops=(*stops, *others),
            visits=frozenset(named),
            reply={"visit": visit, "lock": lock.value, **_changed(held, stops)},
            as_given=True,
        )

    content = {"visit": visit, "lock": lock.value}
    return carry_decision(
        database,
        envelope,
        command=("plan.hold", content),
        read=lambda connection: load_region(connection, envelope.region),
        decide=decide,
    )


def put_back(database: Database, envelope: Envelope, key: str) -> Reply:
    """Undo one of these commands, named by its key: publish what was before where what it left still stands.

    Nothing is put back in part, and nothing another has changed since; what could already no longer be kept before the
    command still cannot. Undoing can be undone.

    Returns:
        ``{"undone": key, "before": [stops], "after": [stops], "stops_changed": n}``.

    Raises:
        Refusal: ``move.nothing_to_undo`` when no such command is known; ``move.changed_since`` when one of the stops no
            longer is as it was left; ``move.cannot_undo`` when somebody could no longer go as before;
            ``plan.region_moving``.
    """

    def read(connection: Connection) -> tuple[Reply, Region]:
        reply = answered(connection, envelope.region, key)
        if reply is None or not isinstance(reply.get("before"), list):
            raise Refusal("move.nothing_to_undo", key=key)
        return reply, load_region(connection, envelope.region)

    def decide(found: tuple[Reply, Region]) -> Decision:
        reply, region = found
        now = max(envelope.now, region.settings.as_of)
        before, after = ([_stop(one) for one in reply[name]] for name in ("before", "after"))
        board = Board.of(region, now=now.replace(second=0, microsecond=0))
        left = {stop.planned: _told(stop) for stop in after}
        for name in sorted({*left, *(stop.planned for stop in before)}):
            there = board.published.get(name)
            if (None if there is None else _told(there)) != left.get(name):
                raise Refusal("move.changed_since", visit=name)
        wanted = {name: stop for name, stop in board.published.items() if name not in left}
        wanted |= {stop.planned: stop for stop in before}
        places = {(stop.planned, stop.who, stop.starts_at) for stop in after}
        lost = set(reply.get("lost", ()))
        moved_back = [
            s for s in before if (s.planned, s.who, s.starts_at) not in places and s.planned not in lost
        ]
        asked = _check_possible(board, wanted.values(), moved_back) if moved_back else NOTHING
        touched = frozenset(stop.visit for stop in (*before, *after))
        return Decision(
            stops=tuple(stop for stop in wanted.values() if stop.visit in touched),
            visits=touched,
            reply={"undone": key, **_changed(after, before)},
            as_given=True,
            asked=asked,
        )

    return carry_decision(
        database, envelope, command=("plan.put_back", {"key": key}), read=read, decide=decide
    )


def _check_possible(
    board: Board, wanted: Iterable[PublishedStop], moved_back: Iterable[PublishedStop]
) -> Asked:
    """Refuse when somebody would no longer go where he is put back: ``move.cannot_undo``; else what has to be brought for it."""
    again = board.apply(PlanPublished(tuple(wanted)))
    problem = problem_of(again)
    plan = carried(problem, as_published(again, problem))
    stands = {stop.planned: stop.who for stop in stops_of(again, problem, plan)}
    lost = [stop.planned for stop in moved_back if stands.get(stop.planned) != stop.who]
    if lost or violations(problem, plan):
        raise Refusal("move.cannot_undo", visit=", ".join(lost) or "-")
    return asking(again, problem, plan)


def _publish(
    database: Database,
    envelope: Envelope,
    command: tuple[str, Mapping[str, Any]],
    made: Callable[[InForce], Moved],
    posed: Posed,
) -> Reply:
    """Publish what `made` changes of the plan in force; its locks stay."""

    def decide(going: InForce) -> Decision:
        move = made(going)
        wrong = standing(going.problem, going.plan).after(move.plan).violations
        if wrong:
            raise Refusal("proposal.does_not_hold", rule=wrong[0].rule.value, count=len(wrong))
        stops = stops_with(going.board, going.problem, going.plan, move.plan)
        open_now = [stop for stop in going.board.published.values() if stop.visit in going.board.visits]
        carried_to = {stop.planned: stop.who for stop in stops_of(going.board, going.problem, going.plan)}
        lost = {stop.planned for stop in open_now if carried_to.get(stop.planned) != stop.who}
        return Decision(
            stops=stops,
            visits=frozenset(going.board.visits),
            reply={**move.reply, **_changed(open_now, stops, lost=lost)},
            asked=asking(going.board, going.problem, move.plan),
        )

    return carry_decision(
        database,
        envelope,
        command=command,
        read=lambda connection: posed.within(connection, envelope.region, now=envelope.now),
        decide=decide,
    )


def _changed(
    before: Iterable[PublishedStop], after: Iterable[PublishedStop], *, lost: Collection[str] = ()
) -> dict[str, Any]:
    """The stops that are not the same before and after, as plain values, and which of them were `lost` before."""
    old = {stop.planned: _told(stop) for stop in before}
    new = {stop.planned: _told(stop) for stop in after}
    gone = {name: stop for name, stop in sorted(old.items()) if new.get(name) != stop}
    return {
        "before": list(gone.values()),
        "after": [stop for name, stop in sorted(new.items()) if old.get(name) != stop],
        "lost": [name for name in gone if name in lost],
    }


def _told(stop: PublishedStop) -> dict[str, Any]:
    """A stop in plain JSON values, every moment in UTC."""
    return {
        "visit": stop.visit,
        "role": stop.role,
        "piece": stop.piece,
        "shift": stop.shift,
        "partner": stop.partner,
        "starts_at": utc(stop.starts_at).isoformat(),
        "lock": stop.lock.value,
        "told_at": None if stop.told_at is None else utc(stop.told_at).isoformat(),
    }


def _stop(told: Mapping[str, Any]) -> PublishedStop:
    """The stop `_told` told of."""
    return PublishedStop(
        told["visit"],
        told["shift"],
        moment(told["starts_at"]),
        Lock(told["lock"]),
        None if told["told_at"] is None else moment(told["told_at"]),
        role=told["role"],
        piece=told["piece"],
        partner=told["partner"],
    )
