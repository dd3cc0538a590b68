"""Ruin and recreate under simulated annealing: one logical thread of the search, from epoch to epoch."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dispatch.solve.by_reference import by_reference
from dispatch.solve.groups import take_out_groups
from dispatch.solve.layout import (
    A_START,
    C_COST,
    G_OBJECTIVE,
    G_SHIFTS,
    G_VISITS,
    HOME_CARE,
    V_LEFT_OUT,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.pool import Pool, remember
from dispatch.solve.recreate import BLINK_SHARE, recreate
from dispatch.solve.routes import clear, keep, latest, pin, refresh, roll_back
from dispatch.solve.ruin import ruin, uniform
from dispatch.solve.supply import take_again
from dispatch.solve.timing import entry, jit

GROWTH = 2.0
FEWEST_BLINKS = 8


@by_reference
class Saved(NamedTuple):
    """A solution without its memory: tokens, lengths, options, need bits, PN (visits,) starts, and N (1,) its price."""

    R: Ints
    L: Ints
    PO: Ints
    NM: Ints
    PN: Ints
    N: Ints


def empty_saved(s: Routes) -> Saved:
    """Give room for a solution of the shape of `s`, with a price above any."""
    price = np.full(1, 1 << 60, dtype=np.int64)
    return Saved(s.R.copy(), np.zeros_like(s.L), s.PO.copy(), s.NM.copy(), np.zeros_like(s.NM), price)


@entry
def price_of(p: Encoded, s: Routes) -> int:
    """Price of all routes and of the visits without one."""
    total = latest(p, s) if p.G[G_OBJECTIVE] == HOME_CARE else 0
    for h in range(p.G[G_SHIFTS]):
        total += s.RC[h, C_COST]
    for v in range(p.G[G_VISITS]):
        if s.RV[v] < 0:
            total += p.V[v, V_LEFT_OUT]
    return total


@entry
def save(s: Routes, price: int, saved: Saved) -> None:
    """Copy the routes into `saved`."""
    for h in range(len(s.L)):
        saved.L[h] = s.L[h]
        for i in range(s.L[h]):
            token = s.R[h, i]
            saved.R[h, i] = token
            if token >= 0:
                saved.PO[token], saved.NM[token] = s.PO[token], s.NM[token]
                saved.PN[token] = s.A[h, i + 1, A_START]
    saved.N[0] = price


@entry
def restore(p: Encoded, s: Routes, saved: Saved) -> None:
    """Make the routes those of `saved`."""
    clear(p, s)
    for h in range(len(s.L)):
        s.L[h] = saved.L[h]
        for i in range(s.L[h]):
            token = saved.R[h, i]
            s.R[h, i] = token
            if token >= 0:
                s.RV[token], s.PO[token], s.NM[token] = h, saved.PO[token], saved.NM[token]
                pin(p, token, saved.PN[token])
        take_again(p, s, h)
        refresh(p, s, h)
    for v in range(p.G[G_VISITS]):
        if s.RV[v] >= 0:
            s.IU[v] = 0
    count = 0
    for v in range(p.G[G_VISITS]):
        if s.RV[v] < 0:
            s.U[count] = v
            count += 1
    s.U[-1] = count


@entry
def construct(p: Encoded, s: Routes, rng: Ints, marked: Ints, best: Saved, pool: Pool) -> None:
    """Insert every waiting visit once, as a start."""
    recreate(p, s, rng, 0, BLINK_SHARE, marked)
    keep(s)
    price = price_of(p, s)
    if price < best.N[0]:
        save(s, price, best)
    for h in range(p.G[G_SHIFTS]):
        remember(p, s, h, pool)


@jit
def temperature(heat: tuple[float, float, float], done: int) -> float:
    """Temperature after `done` iterations: a pure function of the work, so a run can be replayed.

    Cooling runs in cycles, each twice as long as the last: whenever the budget ends, a good part of the
    work was a whole cooling. `heat` is the first and last temperature and the first cycle's iterations.
    """
    length, start = heat[2], 0.0
    while done - start >= length:
        start += length
        length *= GROWTH
    return float(heat[0] * (heat[1] / heat[0]) ** ((done - start) / length))


@entry
def cycle(heat: tuple[float, float, float], done: int) -> int:
    """Number of the cooling cycle that iteration `done` belongs to, from 0."""
    length, start, number = heat[2], 0.0, 0
    while done - start >= length:
        start += length
        length *= GROWTH
        number += 1
    return number


@entry
def anneal(
    p: Encoded,
    s: Routes,
    rng: Ints,
    marked: Ints,
    best: Saved,
    pool: Pool,
    heat: tuple[float, float, float],
    done: int,
    count: int,
    near: float,
) -> None:
    """Run `count` iterations from the `done`-th on; `best` and `pool` learn on the way.

    Args:
        p: the problem.
        s: the thread's routes.
        rng: the thread's generator state.
        marked: (visits,) zeros.
        best: the best solution of the thread.
        pool: routes seen in accepted solutions not dearer than `near` times the best.
        heat: see `temperature`; in the objective's unit.
        done: iterations before.
        count: iterations now.
        near: share of the best price up to which a solution's routes are kept.
    """
    current, caring = price_of(p, s), p.G[G_OBJECTIVE] == HOME_CARE
    blink = min(
        BLINK_SHARE, FEWEST_BLINKS + p.G[G_VISITS]
    )  # a small problem needs more variety, not more steps
    for i in range(count):
        worst = latest(p, s) if caring else 0
        waiting = s.U[-1]
        before = 0
        for k in range(waiting):
            before += p.V[s.U[k], V_LEFT_OUT]
        ruin(p, s, rng, marked)
        if len(p.GM) > 0:
            take_out_groups(p, s, waiting, marked)
        recreate(p, s, rng, waiting, blink, marked)
        price = current - before
        if caring:
            price += latest(p, s) - worst
        for k in range(s.U[-1]):
            price += p.V[s.U[k], V_LEFT_OUT]
        for k in range(s.DF[-1]):
            price += s.RC[s.DF[k], C_COST] - s.BC[s.DF[k]]
        heated = temperature(heat, done + i)
        if price < current - heated * math.log(uniform(rng)):
            if price <= best.N[0] * near:
                for k in range(s.DF[-1]):
                    remember(p, s, s.DF[k], pool)
            keep(s)
            current = price
            if price < best.N[0]:
                save(s, price, best)
        else:
            roll_back(p, s)
