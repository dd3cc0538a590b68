"""How a problem and a set of routes lie in memory: column numbers, and the two bundles of arrays.

Compiled code reads plain integer arrays. A row is an entity, a column one of its numbers; the constants
below name the columns. Everything is int64 unless it says otherwise.

A route is a row of tokens: ``v >= 0`` is visit `v`, ``-1 - s`` a pick-up at store `s`. A visit's *option*
is one complete way to supply it: for each part line the part and whether it is carried or delivered, and
how a loaner gets there, if at all.

A *group* is a set of visits whose starts are linked. While on a route, each of them is *pinned*: its option's
windows (O_WIN) are one row of W, its start now; its own windows are O_TRUE. One that has room, and whose links all go to
pinned visits, *floats*: its row is the time the links leave it. So a route is timed by itself, and
what links routes is settled where these rows are set (`groups`). W is the only array of a problem that is
written to, and each thread has its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dispatch.solve.by_reference import by_reference

Ints = NDArray[np.int64]

FAR = 1 << 44
"""Later than any tick, dearer than any leg: stands for "never" and "unreachable"."""

MOST_STARTS = 24
"""Starts of a group remembered at a time."""

NEVER_PRICE = 1 << 60
"""Dearer than any route: "not possible"."""

NOWHERE = (NEVER_PRICE, -1, -1, -1)

MONEY, WORKING_TIME, DISTANCE, VEHICLES, HOME_CARE = 0, 1, 2, 3, 4
"""`Objective` as numbers."""

# General numbers (one row)
G_VISITS, G_SHIFTS, G_STORES, G_PARTS, G_OBJECTIVE = 0, 1, 2, 3, 4
G_TRAVEL_HOUR, G_KM, G_OVERTIME_HOUR, G_TICKS, G_VEHICLE, G_SIMPLE, G_LONGEST = 5, 6, 7, 8, 9, 10, 11
G_PACED, G_FASTEST = 12, 13
G_COLUMNS = 14

# Visits
V_PLACE, V_SERVICE, V_LEFT_OUT, V_OPT, V_OPT_END = 0, 1, 2, 3, 4
V_ARR_DUE, V_ARR_CENTS, V_ARR_PER = 5, 6, 7
V_REP_DUE, V_REP_CENTS, V_REP_PER = 8, 9, 10
V_SUB_DUE, V_SUB_CENTS, V_SUB_PER = 11, 12, 13
V_PRICED, V_SCARCE, V_DUE, V_WIDTH, V_FAR = 14, 15, 16, 17, 18
V_AWAY, V_PIN, V_GROUP, V_LINK, V_LINK_END, V_LEAST, V_MOST, V_ALONE, V_FLOAT = (
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
)
V_COLUMNS = 28

# Shifts
H_ENGINEER, H_START_PLACE, H_END_PLACE, H_START, H_END, H_LAST = 0, 1, 2, 3, 4, 5
H_CALL_OUT, H_BRK, H_BRK_END, H_CLASS = 6, 7, 8, 9
H_COLUMNS = 10

# Options
O_VISIT, O_WIN, O_WIN_END, O_FIXED, O_NEED, O_NEED_END, O_DRAW, O_DRAW_END = 0, 1, 2, 3, 4, 5, 6, 7
O_LOANER, O_PLACED, O_DAY, O_STOPS = 8, 9, 10, 11
O_TRUE, O_TRUE_END = 12, 13
O_COLUMNS = 14
NO_LOANER, BY_COURIER, BY_VISIT = 0, 1, 2

# Stores
S_PLACE, S_PICK_UP, S_ENDLESS, S_WIN, S_WIN_END = 0, 1, 2, 3, 4
S_COLUMNS = 5

# Links
K_FIRST, K_SECOND, K_LEAST, K_MOST, K_PAIR, K_BOTH = 0, 1, 2, 3, 4, 5
K_COLUMNS = 6
ANYONE, SAME, DIFFERENT = 0, 1, 2

# Paces
P_FROM, P_RATE = 0, 1

# Row r of a route's memory: 0 is the start, r the r-th token, n + 1 the end
A_PLACE, A_LEAVE, A_BREAK, A_LATE, A_TRAVEL, A_METRES, A_START, A_LATEST = 0, 1, 2, 3, 4, 5, 6, 7
A_PRE_D, A_PRE_E, A_PRE_L, A_SUF_D, A_SUF_E, A_SUF_L = 8, 9, 10, 11, 12, 13
A_COLUMNS = 14

# Totals of a route
C_COST, C_TRAVEL, C_METRES, C_END, C_LATE, C_DEPART, C_WORST, C_BUSY = 0, 1, 2, 3, 4, 5, 6, 7
C_COLUMNS = 8


@by_reference
class Encoded(NamedTuple):
    """A problem as arrays; never written to after `encode`, but for the pins in W.

    Shapes: G (G_COLUMNS,), V (visits, V_COLUMNS), H (shifts, H_COLUMNS), O (options, O_COLUMNS),
    N (needs, 2), X (draws, 3), W (windows, 2), B (breaks, 3), T and D (places, places),
    C uint8 (visits, shifts): 0 never, 1 with the engineer's own tools, 2 only with tools picked up,
    K uint8 (visits, shifts, stores): whether the tools of that store suffice, SI (stores, S_COLUMNS),
    NB (visits, near): other visits, nearest first, CV (engineers, items), CS (stores, items),
    CO (offers,): what there is at the start, PQ (visits, shifts): what the visit costs more on that shift,
    PC (paces, 2), LK (links, K_COLUMNS), LI: numbers of links by visit (V_LINK), GM (groups, 3): first and end in ME,
    and whether MT is another order than ME. ME: the members of the groups, each next to one before it; MT: the same, each
    after those it has to wait for.
    """

    G: Ints
    V: Ints
    H: Ints
    O: Ints  # noqa: E741 single letters match the other bundles
    N: Ints
    X: Ints
    W: Ints
    B: Ints
    T: Ints
    D: Ints
    C: NDArray[np.uint8]
    K: NDArray[np.uint8]
    SI: Ints
    NB: Ints
    CV: Ints
    CS: Ints
    CO: Ints
    PQ: Ints
    PC: Ints
    LK: Ints
    LI: Ints
    GM: Ints
    ME: Ints
    MT: Ints


@by_reference
class Routes(NamedTuple):
    """A set of routes with everything remembered about them; written in place by compiled code.

    R (shifts, longest) tokens, L (shifts,) lengths, A (shifts, longest + 2, A_COLUMNS), RC (shifts,
    C_COLUMNS), RV (visits,) shift of each visit or -1, PO (visits,) chosen option, NM (visits,) bit i set:
    need i comes from the pick-up, VL, SL, OL what is left of CV, CS, CO; BR, BL, BO, BM the routes as they
    were before the current step, with options and need bits; DF (shifts + 1,) shifts changed in this step,
    count last; DM uint8 (shifts,) the same as flags; U (visits + 1,) visits without a route, count last; SU uint8
    (shifts,) 1 while a route holds its parts; TM, TT, TC room for the times, tokens and totals of one route; BC
    (shifts,) prices before the step; ST (shifts + 1,) stamps of shift classes seen, SN (shifts + 1,) of shifts, HN (shifts,) those
    to look at; CN, KY (visits + 1,)
    candidates and their order; IU uint8
    (visits,) 1 for those in U; BP, BQ the rows of W of BR; GT possible starts of a group, GS uint8 (groups,) those tried in
    this step, GE, GF starts of a group's members; WO (1,) the latest start's ticks over all routes.
    """

    R: Ints
    L: Ints
    A: Ints
    RC: Ints
    RV: Ints
    PO: Ints
    NM: Ints
    VL: Ints
    SL: Ints
    OL: Ints
    BR: Ints
    BL: Ints
    BO: Ints
    BM: Ints
    DF: Ints
    DM: NDArray[np.uint8]
    U: Ints
    SU: NDArray[np.uint8]
    TM: Ints
    TT: Ints
    TC: Ints
    BC: Ints
    ST: Ints
    SN: Ints
    HN: Ints
    CN: Ints
    KY: Ints
    IU: NDArray[np.uint8]
    BP: Ints
    BQ: Ints
    GT: Ints
    GS: NDArray[np.uint8]
    GE: Ints
    GF: Ints
    WO: Ints


def empty_routes(p: Encoded) -> Routes:
    """Give routes without a stop: every visit is waiting. Call `routes.clear` before use."""
    visits, shifts, longest = int(p.G[G_VISITS]), int(p.G[G_SHIFTS]), int(p.G[G_LONGEST])

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Routes(
        R=zeros(shifts, longest),
        L=zeros(shifts),
        A=zeros(shifts, longest + 2, A_COLUMNS),
        RC=zeros(shifts, C_COLUMNS),
        RV=np.full(visits, -1, dtype=np.int64),
        PO=np.full(visits, -1, dtype=np.int64),
        NM=zeros(visits),
        VL=p.CV.copy(),
        SL=p.CS.copy(),
        OL=p.CO.copy(),
        BR=zeros(shifts, longest),
        BL=zeros(shifts),
        BO=zeros(shifts, longest),
        BM=zeros(shifts, longest),
        DF=zeros(shifts + 1),
        DM=np.zeros(shifts, dtype=np.uint8),
        U=zeros(visits + 1),
        SU=np.zeros(shifts, dtype=np.uint8),
        TM=zeros(longest + 2, 4),
        TT=zeros(longest + 2),
        TC=zeros(C_COLUMNS),
        BC=zeros(shifts),
        ST=zeros(shifts + 1),
        SN=zeros(shifts + 1),
        HN=zeros(shifts),
        CN=zeros(visits + 1),
        KY=zeros(visits + 1),
        IU=np.zeros(visits, dtype=np.uint8),
        BP=zeros(shifts, longest),
        BQ=zeros(shifts, longest),
        GT=zeros(MOST_STARTS),
        GS=np.zeros(len(p.GM), dtype=np.uint8),
        GE=zeros(visits + 1),
        GF=zeros(visits + 1),
        WO=zeros(1),
    )
