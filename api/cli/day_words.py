"""A day in words: what happened, what it changes, who must be called, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from api.report.wording import brought
from api.text import Lang, label, say, say_refusal
from api.text.spoken import length, listed
from api.usecases.day import Turn
from dispatch.board import Board
from dispatch.cost import visit_stops
from dispatch.plan import Plan, Source, Stop
from dispatch.problem import PlanningProblem, plain_name
from dispatch.publish import Change, ChangeKind
from dispatch.rescue.way import Way
from kernel.clock import zone
from kernel.errors import Message
from kernel.money import Money, from_cents
from storage.day_script import Line, Said


def told(turn: Turn, lang: Lang) -> Iterator[str]:
    """Give the lines of one turn."""
    board = turn.board
    yield f"{clock(board, board.now)}  {_happened(turn.before, turn.line, lang)}"
    if turn.refused is not None:
        yield "       " + label("day.refused", lang, why=say_refusal(turn.refused, lang))
        return
    assert turn.turned is not None
    assert turn.applied is not None
    turned, applied = turn.turned, turn.applied
    yield "       " + _cost(board, turned.kept if turn.line else None, turned.plan, lang)
    for way in turn.candidates:
        assert turn.line is not None
        yield "       " + candidate(board, turned.problem, turn.line.values["visit"], way, lang)
    counts = {kind: sum(change.kind is kind for change in turned.changes) for kind in ChangeKind}
    yield "       " + label(
        "day.changes",
        lang,
        added=counts[ChangeKind.ADDED],
        moved=counts[ChangeKind.MOVED],
        left_out=counts[ChangeKind.LEFT_OUT],
        told=len(turn.told),
    )
    if turn.line is not None:
        for change in turned.changes:
            yield "         " + _change(board, change, lang)
    for change in turn.calls:
        yield "       " + _call(board, turned.problem, change, lang)
    for conflict in applied.conflicts:
        yield "       " + say(conflict.reason, lang)


def _happened(board: Board, line: Line | None, lang: Lang) -> str:
    if line is None:
        return label("day.first", lang, open=len(board.visits))
    shown = dict(line.values)
    if line.said in {Said.OVERRUN, Said.FINISHED, Said.WAITING}:
        shown["engineer"] = next(
            (one.engineer for one in board.standing.values() if one.visit == line.values["visit"]), ""
        )
    if line.said is Said.WAITING:
        shown["waits_for"] = label(f"wait.{shown['waits_for']}", lang)
    values = {
        name: clock(board, value) if isinstance(value, datetime) else value for name, value in shown.items()
    }
    return say(Message(f"day.{line.said.value}", values), lang)


def _cost(board: Board, kept: Plan | None, plan: Plan, lang: Lang) -> str:
    left = len(plan.unassigned)
    if kept is None:
        return label("day.cost_first", lang, cost=money(board, plan.claimed.total), left_out=left)
    return label(
        "day.cost",
        lang,
        before=money(board, kept.claimed.total),
        before_left=len(kept.unassigned),
        after=money(board, plan.claimed.total),
        after_left=left,
    )


def _change(board: Board, change: Change, lang: Lang) -> str:
    old = _place(board, change.old, lang)
    new = _place(board, change.new, lang)
    return label(f"day.change_{change.kind.value}", lang, visit=change.visit, old=old, new=new)


def _call(board: Board, problem: PlanningProblem, change: Change, lang: Lang) -> str:
    desk = problem.visits[problem.visit_index[change.visit]].desk_visit
    site = next(site for site in board.region.field.sites if site.id == board.visits[desk].site)
    new = _place(board, change.new, lang)
    return label(
        "day.call",
        lang,
        visit=change.visit,
        site=site.name or site.id,
        old=_place(board, change.old, lang),
        new=new,
    )


def _place(board: Board, at: tuple[str, datetime] | None, lang: Lang) -> str:
    if at is None:
        return label("plan.no_time", lang)
    work = board.region.field
    engineers = {shift.id: shift.engineer for shift in work.shifts}
    engineers |= {duty.id: duty.engineer for duty in work.on_call}
    return f"{engineers.get(at[0], at[0])} {clock(board, at[1])}"


def candidate(board: Board, problem: PlanningProblem, name: str, way: Way, lang: Lang) -> str:
    """Who could take a visit: start, promises, price difference, parts and loaner, who is moved or displaced."""
    assert way.plan is not None
    visit = problem.visits[problem.visit_index[name]]
    start = "" if way.start_s is None else clock(board, board.moment(way.start_s))
    # What is not paid for leaving the visit out is no saving of this engineer's.
    cents = way.cents + visit.left_out
    said = [
        label("day.candidate", lang, engineer=way.engineer, start=start, cost=_signed(board, cents)),
        *(_promise(promise.milestone.value, promise.spare_s, lang) for promise in way.promises),
        *_supplies(next(stop for stop in visit_stops(way.plan) if stop.ref == name), lang),
    ]
    for effect in ("moved", "late", "displaced"):
        visits = getattr(way.effect, effect)
        if visits:
            said.append(label(f"day.others_{effect}", lang, visits=listed(visits, lang)))
    return label("day.separator", lang).join(said)


def _promise(milestone: str, spare_s: int | None, lang: Lang) -> str:
    name = label(f"milestone.{milestone}", lang)
    if spare_s is None:
        return name
    code = "day.spare" if spare_s >= 0 else "day.late"
    return label(code, lang, milestone=name, time=length(abs(spare_s), lang))


def _supplies(stop: Stop, lang: Lang) -> Iterator[str]:
    for line in stop.supply:
        if line.source is Source.WITHOUT:
            yield label("day.without", lang, part=plain_name(line.needed))
        else:
            where = label(f"plan.from_{line.source.value}", lang, source=line.from_id)
            yield brought(line, where, lang)
    if stop.loaner is not None:
        by = label(f"plan.loaner_by_{stop.loaner.by.value}", lang)
        yield label("day.loaner", lang, unit=stop.loaner.unit, by=by)


def money(board: Board, cents: int) -> str:
    """An amount in the region's currency."""
    return str(Money(from_cents(cents), board.region.settings.currency))


def _signed(board: Board, cents: int) -> str:
    return ("+" if cents >= 0 else "−") + money(board, abs(cents))


def clock(board: Board, at: datetime) -> str:
    """Local time; the day, too, where it is another one."""
    here = zone(board.region.settings.zone)
    local, today = at.astimezone(here), board.now.astimezone(here).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"
