"""How a problem and a set of routes lie in memory: column numbers, and the two bundles of arrays.

Compiled code reads plain integer arrays. A row is an entity, a column one of its numbers; the constants
below name the columns. Everything is int64 unless it says otherwise.

A route is a row of tokens: ``v >= 0`` is visit `v`, ``-1 - s`` a pick-up at store `s`. A visit's *option*
is one complete way to supply it: for each part line the part and whether it is carried or delivered, and
how a loaner gets there, if at all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

FAR = 1 << 44
"""Later than any tick, dearer than any leg: stands for "never" and "unreachable"."""

MONEY, WORKING_TIME, DISTANCE, VEHICLES = 0, 1, 2, 3
"""`Objective` as numbers."""

# General numbers (one row)
G_VISITS, G_SHIFTS, G_STORES, G_PARTS, G_OBJECTIVE = 0, 1, 2, 3, 4
G_TRAVEL_HOUR, G_KM, G_OVERTIME_HOUR, G_TICKS, G_VEHICLE, G_SIMPLE, G_LONGEST = 5, 6, 7, 8, 9, 10, 11
G_COLUMNS = 12

# Visits
V_PLACE, V_SERVICE, V_LEFT_OUT, V_OPT, V_OPT_END = 0, 1, 2, 3, 4
V_ARR_DUE, V_ARR_CENTS, V_ARR_PER = 5, 6, 7
V_REP_DUE, V_REP_CENTS, V_REP_PER = 8, 9, 10
V_SUB_DUE, V_SUB_CENTS, V_SUB_PER = 11, 12, 13
V_PRICED, V_SCARCE, V_DUE, V_WIDTH, V_FAR = 14, 15, 16, 17, 18
V_COLUMNS = 19

# Shifts
H_ENGINEER, H_START_PLACE, H_END_PLACE, H_START, H_END, H_LAST = 0, 1, 2, 3, 4, 5
H_CALL_OUT, H_BRK, H_BRK_END, H_CLASS = 6, 7, 8, 9
H_COLUMNS = 10

# Options
O_VISIT, O_WIN, O_WIN_END, O_FIXED, O_NEED, O_NEED_END, O_DRAW, O_DRAW_END = 0, 1, 2, 3, 4, 5, 6, 7
O_LOANER, O_PLACED, O_DAY, O_STOPS = 8, 9, 10, 11
O_COLUMNS = 12
NO_LOANER, BY_COURIER, BY_VISIT = 0, 1, 2

# Stores
S_PLACE, S_PICK_UP, S_ENDLESS = 0, 1, 2

# Row r of a route's memory: 0 is the start, r the r-th token, n + 1 the end
A_PLACE, A_LEAVE, A_BREAK, A_LATE, A_TRAVEL, A_METRES, A_START, A_LATEST = 0, 1, 2, 3, 4, 5, 6, 7
A_PRE_D, A_PRE_E, A_PRE_L, A_SUF_D, A_SUF_E, A_SUF_L = 8, 9, 10, 11, 12, 13
A_COLUMNS = 14

# Totals of a route
C_COST, C_TRAVEL, C_METRES, C_END, C_LATE, C_DEPART = 0, 1, 2, 3, 4, 5
C_COLUMNS = 6


class Encoded(NamedTuple):
    """A problem as arrays; never written to after `encode`.

    Shapes: G (G_COLUMNS,), V (visits, V_COLUMNS), H (shifts, H_COLUMNS), O (options, O_COLUMNS),
    N (needs, 2), X (draws, 3), W (windows, 2), B (breaks, 3), T and D (places, places),
    C uint8 (visits, shifts): 0 never, 1 with the engineer's own tools, 2 only with tools picked up,
    K uint8 (visits, shifts, stores): whether the tools of that store suffice, SI (stores, 3),
    NB int32 (visits, near): other visits, nearest first, CV (engineers, items), CS (stores, items),
    CO (offers,): what there is at the start.
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
    NB: NDArray[np.int32]
    CV: Ints
    CS: Ints
    CO: Ints


class Routes(NamedTuple):
    """A set of routes with everything remembered about them; written in place by compiled code.

    R (shifts, longest) tokens, L (shifts,) lengths, A (shifts, longest + 2, A_COLUMNS), RC (shifts,
    C_COLUMNS), RV (visits,) shift of each visit or -1, PO (visits,) chosen option, NM (visits,) bit i set:
    need i comes from the pick-up, VL, SL, OL what is left of CV, CS, CO; BR, BL, BO, BM the routes as they
    were before the current step, with options and need bits; DF (shifts + 1,) shifts changed in this step,
    count last; DM uint8 (shifts,) the same as flags; U (visits + 1,) visits without a route, count last; SU uint8
    (shifts,) 1 while a route holds its parts; TM, TT, TC room for the times, tokens and totals of one route; BC
    (shifts,) prices before the step; ST (shifts + 1,) stamps of shift classes seen; CN, KY (visits + 1,)
    candidates and their order; UB the waiting visits before the step; IU uint8
    (visits,) 1 for those in U.
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
    CN: Ints
    KY: Ints
    UB: Ints
    IU: NDArray[np.uint8]


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
        CN=zeros(visits + 1),
        KY=zeros(visits + 1),
        UB=zeros(visits + 1),
        IU=np.zeros(visits, dtype=np.uint8),
    )
