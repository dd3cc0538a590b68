"""The dispatch board as one document: rows, bars and what the queue lists, read from a plan and its problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from api.report.view import Report, RouteView, VisitView
from api.schemas.board import (
    BoardDepotOut,
    BoardEngineerOut,
    BoardFiguresOut,
    BoardLoanerOut,
    BoardOut,
    BoardPickUpOut,
    BoardPromiseOut,
    BoardShiftOut,
    BoardSpanOut,
    BoardSupplyOut,
    BoardVisitOut,
)
from api.text import Lang
from dispatch.deadline import DeadlineState
from dispatch.desk.ticket import EventKind
from dispatch.desk.visit import Lock, part_of_trip
from dispatch.parts import supplies
from dispatch.plan import Stop, StopKind
from dispatch.problem import Shift, is_kept, plain_name
from dispatch.short import still_short
from kernel.ids import natural_key


def board_document(report: Report, lang: Lang, /, *, version: str) -> BoardOut:
    """Give the board of a planned region.

    Args:
        report: the plan in force and what it was made from; its changes name who believes another time.
        lang: of the reasons for what is left out.
        version: of the board: the caller's, changed with every change.
    """
    region, problem = report.board.region, report.problem
    routes = {view.shift.id: view for view in report.routes}
    leaving, short = _leaving(report), _short(report)
    visits = [_visit(report, one, leaving, short, lang) for one in report.visits]
    late = {DeadlineState.WILL_MISS.value, DeadlineState.BREACHED.value}
    return BoardOut(
        region=region.settings.id,
        name=region.settings.name,
        zone=region.settings.zone,
        currency=region.settings.currency,
        version=version,
        now=_at(report, 0),
        horizon=BoardSpanOut(start=_at(report, 0), end=_at(report, problem.horizon_s)),
        depots=_depots(report),
        engineers=_engineers(report, routes),
        visits=visits,
        figures=BoardFiguresOut(
            visits=len(visits),
            left_out=len(report.plan.unassigned),
            late=sum(one.state in late for one in visits),
            cost_cents=report.figures.terms.total,
            travel_s=report.figures.travel_s,
        ),
    )


def _at(report: Report, tick: int) -> int:
    return round(report.board.moment(tick).timestamp())


def _maybe(report: Report, tick: int | None) -> int | None:
    return None if tick is None else _at(report, tick)


def _depots(report: Report) -> list[BoardDepotOut]:
    used = set(report.depots.values())
    places = {place.id: place for place in report.board.region.stock.places}
    return [
        BoardDepotOut(id=one, name=places[one].name or one, lat=at.lat, lon=at.lon)
        for one in sorted(used, key=natural_key)
        if one in places and (at := places[one].at) is not None
    ]


def _engineers(report: Report, routes: Mapping[str, RouteView]) -> list[BoardEngineerOut]:
    shifts: dict[str, list[Shift]] = defaultdict(list)
    for shift in report.problem.shifts:
        shifts[report.problem.engineers[shift.engineer].id].append(shift)
    skills: dict[str, list[str]] = defaultdict(list)
    for held in report.board.region.field.skills:
        skills[held.engineer].append(f"{held.skill}:{held.level}")
    return [
        BoardEngineerOut(
            id=one.id,
            depot=one.depot,
            skills=sorted(skills[one.id]),
            shifts=[
                _shift(report, shift, routes.get(shift.id))
                for shift in sorted(shifts[one.id], key=lambda shift: (shift.start_s, shift.id))
            ],
        )
        for one in sorted(
            report.board.region.field.engineers, key=lambda one: (natural_key(one.depot), natural_key(one.id))
        )
    ]


def _shift(report: Report, shift: Shift, used: RouteView | None) -> BoardShiftOut:
    stops = used.route.stops if used else ()
    return BoardShiftOut(
        id=shift.id,
        start=_at(report, shift.start_s),
        end=_at(report, shift.end_s),
        on_call=bool(shift.call_out_cents),
        depart=_maybe(report, used.route.depart_s if used else None),
        back=_maybe(report, used.route.end_s if used else None),
        breaks=[
            BoardSpanOut(start=_at(report, stop.start_s), end=_at(report, stop.end_s))
            for stop in stops
            if stop.kind is StopKind.BREAK
        ],
        pick_ups=[
            BoardPickUpOut(
                store=stop.ref,
                start=_at(report, stop.start_s),
                end=_at(report, stop.end_s),
                what=[*stop.tools],
            )
            for stop in stops
            if stop.kind is StopKind.PICK_UP
        ],
    )


def _leaving(report: Report) -> dict[str, int]:
    """When the engineer sets off for each visit: the end of what he did before, or leaving the start of the shift."""
    found: dict[str, int] = {}
    for view in report.routes:
        free = view.route.depart_s
        for stop in view.route.stops:
            if stop.kind is StopKind.VISIT:
                found[stop.ref] = free
            free = stop.end_s
    return found


def _short(report: Report) -> dict[str, list[str]]:
    """What the store said it cannot stage, by visit, as long as nobody has brought it."""
    board = report.board
    if not any(event.kind is EventKind.PART_SHORT for event in board.region.field.ticket_events):
        return {}
    offered = supplies(board.region.stock, now=board.now, zone_name=board.region.settings.zone)
    found: dict[str, list[str]] = defaultdict(list)
    for visit, part, units in still_short(board.region.field, board.visits, offered):
        found[visit].append(f"{part} {units}")
    return found


def _visit(
    report: Report, one: VisitView, leaving: Mapping[str, int], short: Mapping[str, list[str]], lang: Lang
) -> BoardVisitOut:
    posed = report.problem.visits[report.problem.visit_index[one.id]]
    done = one.done
    loaner = one.stop.loaner if isinstance(one.stop, Stop) else None
    return BoardVisitOut(
        id=one.id,
        ticket=one.ticket,
        severity=one.severity,
        customer=one.customer,
        site=one.site,
        site_name=one.site_name,
        lat=one.at.lat,
        lon=one.at.lon,
        state=one.state.value,
        lock=one.lock.value if one.lock is not Lock.NONE else "",
        told=_told(report, one.id),
        work_s=posed.service_s,
        engineer=one.engineer,
        shift=one.shift,
        arrive=_maybe(report, one.stop.arrive_s if one.stop else None),
        start=_maybe(report, done.start_s if done else None),
        end=_maybe(report, done.end_s if done else None),
        leave_before=_maybe(report, leaving.get(one.id)),
        promises=[
            BoardPromiseOut(
                milestone=promise.milestone.value,
                due=_at(report, promise.due_s),
                forecast=_maybe(report, promise.meets_s),
                done=None,
            )
            for promise in one.promises
        ],
        parts=_parts(report, one),
        loaner=BoardLoanerOut(
            unit=loaner.unit,
            loaner_class=_class_name(report, loaner.loaner_class),
            by=loaner.by.value,
            stands=_at(report, loaner.stands_s),
        )
        if loaner
        else None,
        partner=one.partner.partner if one.partner else "",
        reason=report.tell(one.missing.reason, lang) if one.missing else "",
        reason_code=one.missing.reason.code if one.missing else "",
        known=one.missing.known.value if one.missing else "",
        fell_out=one.missing is not None and one.id in report.board.published,
        short=short.get(part_of_trip(one.id)[0], []),
    )


def _parts(report: Report, one: VisitView) -> list[BoardSupplyOut]:
    supply = one.stop.supply if one.stop else ()
    return [
        BoardSupplyOut(
            part=plain_name(line.part),
            name=report.part_names.get(plain_name(line.part), plain_name(line.part)),
            quantity=line.quantity,
            source=line.source.value,
            source_id=line.from_id,
            reserved=is_kept(line.part),
        )
        for line in supply
    ]


def _class_name(report: Report, kind: str) -> str:
    return report.class_names.get(plain_name(kind), plain_name(kind))


def _told(report: Report, visit: str) -> bool:
    """Whether the customer was told the time published for this visit."""
    stop = report.board.published.get(visit)
    return stop is not None and stop.told_at is not None
