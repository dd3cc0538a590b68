"""What is left of visits that have begun: by each of their people, in the shift they are in and in later ones.

Work that one shift can hold is finished whatever the overtime allows. Work that was planned in pieces, or that no shift
of the engineer's can hold, stops where the piece or the shift ends, and its rest is for later shifts; who has not said
that he left went home then. Continuous work is handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from dispatch import problem as posed
from dispatch.attendance import Attendance, crews
from dispatch.board import Board
from dispatch.crew import Shift, overtime_of
from dispatch.desk.visit import CrewRole, Visit
from dispatch.pace import arrives_at, pace
from dispatch.problem import UNREACHABLE, departure
from dispatch.stretch import Roads, holds, relief
from dispatch.underway import LEAST_LEFT, Begun, Standing, Stint, done, work_of
from kernel.errors import Refusal
from kernel.interval import Interval

LEAST_S = LEAST_LEFT // timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Under:
    """A stretch of work that is under way, and the ticks left of it from now."""

    standing: Standing
    left_s: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of the part of one of a visit's people.

    Args:
        under: stretches under way, in order of piece.
        finishing: at work beyond their shift: nothing of that is left to decide.
        coming: who is on the way to the next piece; `ahead`: to a later one.
        piece: number of the next piece; `work_s` the work of it and of those after it, ticks; 0: none.
        planned: how many pieces the published plan has for that.
        engineer: who began it, where he is to go on; empty: anybody.
        gap_s: ticks from now at which the next piece takes over; None: any time after.
        returning: it brings back what was in the workshop, which is ready at `ready_s`.
    """

    under: tuple[Under, ...] = ()
    finishing: tuple[Standing, ...] = ()
    coming: Standing | None = None
    ahead: Standing | None = None
    piece: int = 1
    work_s: int = 0
    planned: int = 0
    engineer: str = ""
    gap_s: int | None = None
    returning: bool = False
    ready_s: int = 0

    @property
    def posed(self) -> bool:
        """Whether anything of it is left to plan."""
        return bool(self.under) or self.work_s > 0


NOTHING = Left()
"""His part is done, or he will not come."""


def work_left(board: Board) -> Mapping[str, Mapping[str, Left]]:
    """What is left of every open visit that has begun, by visit and by role (empty: the first engineer's).

    A role that is not there has not begun.
    """
    there = crews(board)
    names = {*there, *(visit for visit in board.begun if visit in board.visits)}
    if not names:
        return {}
    roles: dict[str, list[CrewRole]] = {}
    for role in board.region.field.crew_roles:
        if role.visit in names:
            roles.setdefault(role.visit, []).append(role)
    look = Attendance.of(board, {one.engineer for crew in there.values() for one in crew})
    return {name: _of_visit(look, name, there.get(name, ()), roles.get(name, ())) for name in sorted(names)}


def _of_visit(
    look: Attendance, name: str, there: Sequence[Standing], roles: Iterable[CrewRole]
) -> dict[str, Left]:
    begun = look.board.begun.get(name, Begun())
    found: dict[str, Left] = {}
    for role in (None, *roles):
        word = role.role if role else ""
        crew = [one for one in there if one.role == word]
        first = found.get("")
        over = "" in begun.ended or (first is not None and bool(first.finishing) and not first.posed)
        alone = role is not None and not role.within_min and over
        if crew or (begun.of(word) and word not in begun.ended):
            found[word] = _of_role(_Part(look, look.board.visits[name], role, begun, crew))
        elif word in begun.ended or alone:
            found[word] = NOTHING
    return found


@dataclass(frozen=True)
class _Part:
    """One of a visit's people: who has been and is there for it."""

    look: Attendance
    visit: Visit
    role: CrewRole | None
    begun: Begun
    crew: Sequence[Standing]

    @property
    def board(self) -> Board:
        return self.look.board

    @property
    def word(self) -> str:
        return self.role.role if self.role else ""

    @property
    def returning(self) -> bool:
        return self.visit.bench_min is not None and not self.word and bool(self.begun.of(""))

    @property
    def stints(self) -> tuple[Stint, ...]:
        return self.begun.of(self.word)

    def coming(self, piece: int) -> Standing | None:
        """Who is on the way to a piece, or to one before it."""
        return next((one for one in self.crew if one.travelling and one.piece <= piece), None)

    def ahead(self, piece: int) -> Standing | None:
        """Who is on the way to a later piece."""
        return next((one for one in self.crew if one.travelling and one.piece > piece), None)

    @property
    def at_work(self) -> list[Standing]:
        return [one for one in self.crew if not one.travelling]

    @property
    def next_piece(self) -> int:
        """The number of the piece after all that have begun."""
        pieces = [stint.piece for stint in self.stints]
        return max([*pieces, *(one.piece for one in self.at_work)], default=0) + 1

    def whole_s(self) -> int:
        piece = 2 if self.returning else 1
        return work_of(self.visit, self.role, piece=piece) // timedelta(seconds=1)

    def planned(self, piece: int) -> int:
        """How many pieces the published plan has from this number on; bringing a unit back is no piece of collecting it."""
        if self.visit.bench_min is not None and not self.word:
            return 0
        return sum(
            (stop.visit, stop.role) == (self.visit.id, self.word) and stop.piece >= piece
            for stop in self.board.published.values()
        )

    def starts_s(self, piece: int) -> int | None:
        """When the published plan has a piece begin."""
        stops = self.board.published.values()
        mine = (self.visit.id, self.word, piece)
        return next((self.board.tick(s.starts_at) for s in stops if (s.visit, s.role, s.piece) == mine), None)

    def remains_s(self, more: Iterable[tuple[datetime, datetime]] = ()) -> int:
        return self.whole_s() - done(self.stints, more) // timedelta(seconds=1)


def _of_role(part: _Part) -> Left:
    board, visit = part.board, part.visit
    scheme = board.scheme(board.ticket(visit.ticket))
    if part.returning:
        return _returning(part)
    if scheme.continuous if visit.continuous is None else visit.continuous:
        return _relieved(part)
    if not part.at_work:
        return _waiting(part, part.remains_s(), part.next_piece, _last_engineer(part))
    return _of_one(part, part.at_work[0])


def _some(left_s: int) -> int:
    """What is left, or the least there is while nobody has said that it is over."""
    return left_s if left_s > 0 else LEAST_S


def _last_engineer(part: _Part) -> str:
    return part.stints[-1].engineer if part.stints else ""


def _waiting(part: _Part, work_s: int, piece: int, engineer: str) -> Left:
    """Nobody is at work on it."""
    coming = part.coming(piece)
    return Left(
        coming=coming,
        ahead=part.ahead(piece),
        piece=piece,
        work_s=_some(work_s),
        planned=part.planned(piece),
        engineer=coming.engineer if coming else engineer,
    )


def _returning(part: _Part) -> Left:
    """The unit is in the workshop, or on its way back."""
    stint = part.begun.of("")[0]
    if part.at_work:
        one = part.at_work[0]
        if part.look.in_now(one) is None:
            return Left(finishing=(one,))
        left_s = part.board.tick(one.free_at(part.board.now))
        return Left(under=(Under(one, left_s),), returning=True)
    ready_s = ready(part.board, part.visit, stint.engineer, stint.left)
    left = _waiting(part, part.whole_s(), 2, "")
    return Left(coming=left.coming, piece=2, work_s=left.work_s, returning=True, ready_s=ready_s)


def ready(board: Board, visit: Visit, engineer: str, collected_at: datetime) -> int:
    """The tick at which a unit an engineer collects is repaired: its bench time counts while his depot is open.

    A depot without hours is open at any time; one that never opens again has it ready after the planned days.
    """
    row = next((one for one in board.region.field.engineers if one.id == engineer), None)
    depot = next((one for one in board.region.stock.places if row and one.id == row.depot), None)
    bench_s = (visit.bench_min or 0) * 60
    if depot is None or not depot.calendar:
        return board.tick(collected_at) + bench_s
    try:
        return board.tick(board.calendars[depot.calendar].add(collected_at, bench_s))
    except Refusal:
        return board.tick(board.horizon_end)


def _of_one(part: _Part, one: Standing) -> Left:
    """One engineer at work, who does all of it himself."""
    look, board = part.look, part.board
    before_s, now_in, began_in = part.remains_s(), look.in_now(one), look.begun_in(one)
    if not part.planned(one.piece + 1) and _in_one_go(look, one, before_s):
        if now_in is None:
            return Left(finishing=(one,))
        left_s = board.tick(one.free_at(board.now))
        return Left(under=(Under(one, left_s),), ahead=part.ahead(one.piece))
    if now_in is None or (began_in is not None and now_in != began_in):
        return _gone_home(part, one, began_in)
    rest_s = _rest_s(one, now_in[0])
    left_s = _some(part.remains_s([(one.at, board.now)]) + rest_s)
    if one.said and one.finish is not None:
        left_s = _some(look.paid(one.engineer, one.finish) // timedelta(seconds=1))
    stretch_s, passed = _stretch_s(part, one, now_in, left_s, before_s=before_s)
    piece = one.piece + passed + 1
    return Left(
        under=(Under(one, stretch_s),),
        piece=piece,
        work_s=left_s - stretch_s,
        planned=part.planned(piece),
        engineer=one.engineer,
    )


def _rest_s(one: Standing, shift: Shift) -> int:
    """The break he had since he came is no work."""
    return shift.break_min * 60 if one.rested_at is not None and one.rested_at >= one.at else 0


def _stretch_s(
    part: _Part, one: Standing, now_in: tuple[Shift, Interval], left_s: int, *, before_s: int
) -> tuple[int, int]:
    """How much of what is left he does before he stops, and how many further pieces he is in by now.

    He does his piece of it, and no more than his shift can hold.
    """
    paid_s, most_s = _held(part.look, one, now_in)
    later = part.planned(one.piece + 1)
    if left_s <= most_s and (one.said or not later):
        return left_s, later
    if not later:
        return min(left_s, _some(paid_s)), 0
    # As it was cut when he came: nobody's plans change while all goes well.
    piece_s, done_s = -(-before_s // (later + 1)), max(0, before_s - left_s)
    passed = min(later, done_s // piece_s)
    return min(left_s, _some(min((passed + 1) * piece_s - done_s, most_s))), passed


def _held(look: Attendance, one: Standing, now_in: tuple[Shift, Interval]) -> tuple[int, int]:
    """Ticks he can go on from now and be home in paid time, and with all his overtime; a break that is due ends both."""
    board, (shift, piece) = look.board, now_in
    end = f"place:{shift.end_place}" if shift.end_place else f"home:{shift.engineer}"
    way_s = max(0, int(board.roads.seconds[board.roads.index[one.place], board.roads.index[end]]))
    over_s = overtime_of(shift, piece, board.region.field.absences) // timedelta(seconds=1)
    speed, end_s = pace(board), board.tick(piece.end)
    paid_s, most_s = (departure(speed, end_s + more_s, way_s) for more_s in (0, over_s))
    rest = shift.break_between
    rested = one.rested_at is not None and one.rested_at in shift.worked
    if rest is not None and not rested and board.now < rest.end < piece.end:
        last_s = board.tick(rest.end) - 1
        paid_s, most_s = min(paid_s, last_s), min(most_s, last_s)
    return paid_s, most_s


def _gone_home(part: _Part, one: Standing, began_in: tuple[Shift, Interval] | None) -> Left:
    """His shift is over and there is more to do than overtime can hold: he did what the shift held."""
    board = part.board
    end = began_in[1].end if began_in else board.now
    left_s = part.remains_s([(one.at, max(one.at, min(end, board.now)))])
    over = overtime_of(*began_in, board.region.field.absences) if began_in else timedelta()
    if left_s <= max(0, over // timedelta(seconds=1)) and board.now < end + over + LEAST_LEFT:
        return Left(finishing=(one,))
    return _waiting(part, left_s, one.piece + 1, one.engineer)


def _in_one_go(look: Attendance, one: Standing, work_s: int) -> bool:
    """Whether any of his shifts, from its beginning, could hold so much work."""
    board = look.board
    ways = Roads(board.roads.seconds, pace(board))
    place = board.roads.index[one.place]
    return any(
        holds(_whole_shift(board, row), place, ways, work_s) for row, _ in look.rows.get(one.engineer, ())
    )


def _whole_shift(board: Board, row: Shift) -> posed.Shift:
    home = f"home:{row.engineer}"
    rest: tuple[posed.Break, ...] = ()
    if row.break_between is not None:
        span = board.tick(row.break_between.start), board.tick(min(row.break_between.end, row.worked.end))
        rest = (posed.Break(*span, row.break_min * 60),)
    return posed.Shift(
        id=row.id,
        engineer=0,
        start_place=board.roads.index[f"place:{row.start_place}" if row.start_place else home],
        end_place=board.roads.index[f"place:{row.end_place}" if row.end_place else home],
        start_s=board.tick(row.worked.start),
        end_s=board.tick(row.worked.end),
        overtime_s=row.overtime_min * 60,
        breaks=rest,
    )


def _relieved(part: _Part) -> Left:
    """Work that is handed over: whoever is there goes on until his relief has come."""
    board, policy = part.board, part.board.region.settings.policy
    handover_s, most_s = policy.handover_min * 60, policy.stretch_min * 60
    there = part.at_work
    if not there:
        return _waiting(part, part.remains_s(), part.next_piece, "")
    left_s = _some(part.remains_s((one.at, board.now) for one in there))
    newest = there[-1]
    coming = part.coming(newest.piece + 1)
    if newest.said and newest.finish is not None:
        left_s = _some(board.tick(newest.finish))
    since_s = -board.tick(newest.at)
    own_s = _own_s(part, newest, left_s, _some(most_s - since_s), since_s=since_s)
    stretches = [Under(one, _some(board.tick(after.at) + handover_s)) for one, after in pairwise(there)]
    stretches.append(Under(newest, own_s))
    return Left(
        under=tuple(one for one in stretches if part.look.in_now(one.standing) is not None),
        finishing=tuple(one.standing for one in stretches if part.look.in_now(one.standing) is None),
        coming=coming,
        ahead=part.ahead(newest.piece + 1),
        piece=newest.piece + 1,
        work_s=left_s - own_s + handover_s if left_s > own_s else 0,
        planned=part.planned(newest.piece + 1),
        engineer=coming.engineer if coming else "",
        gap_s=max(0, own_s - handover_s),
    )


def _own_s(part: _Part, newest: Standing, left_s: int, most_s: int, *, since_s: int) -> int:
    """How long the one who is there goes on: to the hand-over that was planned, and until his relief has come."""
    policy, starts_s = part.board.region.settings.policy, part.starts_s(newest.piece + 1)
    handover_s = policy.handover_min * 60
    if left_s <= most_s and (newest.said or starts_s is None):
        return left_s
    if starts_s is not None:
        own_s = starts_s + handover_s
    else:
        lengths = relief(left_s + since_s, stretch_s=policy.stretch_min * 60, handover_s=handover_s)
        own_s = lengths[0] - since_s
    own_s = min(most_s, _some(own_s))
    coming = part.coming(newest.piece + 1)
    if coming is not None:
        own_s = max(own_s, part.board.tick(arrival_of(part.board, coming)) + handover_s)
    return min(left_s, own_s)


def arrival_of(board: Board, standing: Standing) -> datetime:
    """When somebody on the way is there, at the road's pace."""
    home = f"home:{standing.engineer}"
    origin = board.roads.index[standing.origin or home]
    way_s = int(board.roads.seconds[origin, board.roads.index[standing.place]])
    leaves_at = standing.finish or standing.at
    return leaves_at if way_s == UNREACHABLE else arrives_at(board, leaves_at, way_s)
