"""Who went where when, visit by visit: what a plan came to, so that two of them can be laid side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.run.loop import Loop
from scenarios.run.outcome import Visits

Whole = NDArray[np.int64]


def visited(loop: Loop) -> Visits:
    """Give every visit of a replication that was run, in the order in which people set out; the ways home are left out."""
    cases, log = loop.cases, loop.log
    ticket, out = _whole(log.ticket), _whole(log.out)
    rows = np.flatnonzero(ticket >= 0)
    rows = rows[np.argsort(out[rows], kind="stable")]
    t = ticket[rows]
    there, left = _whole(log.there)[rows], _whole(log.left)[rows]
    source = _whole(cases.source)
    late = np.zeros(t.size, dtype=np.int64)
    for due_of, met_of, at in (
        (cases.arrive_due, cases.arrived, there),
        (cases.restore_due, cases.restored, left),
    ):
        due = _whole(due_of)[t]
        brought = (due >= 0) & (_whole(met_of)[t] == at)
        late = np.maximum(late, np.where(brought, at - due, 0))
    return Visits(
        engineer=_whole(log.engineer)[rows],
        source=source[t],
        report=_how_manyth(source)[t],
        job=_whole(cases.job)[t],
        out_s=out[rows],
        there_s=there,
        left_s=left,
        late_s=late,
    )


def _how_manyth(source: Whole) -> Whole:
    """Of every ticket, which report of its source it is, from 1; tickets are numbered in the order of their births there."""
    order = np.argsort(source, kind="stable")
    ordered = source[order]
    begins = np.searchsorted(ordered, ordered, side="left")
    found = np.empty_like(source)
    found[order] = np.arange(source.size) - begins + 1
    return found


def _whole(column: list[int]) -> Whole:
    return np.array(column, dtype=np.int64)
