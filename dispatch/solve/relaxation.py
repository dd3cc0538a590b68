"""Which columns are worth CP-SAT's time: those with the least reduced cost in the linear relaxation.

The relaxation is solved over a few columns; the rest are priced with its duals and the most promising
join, a few times over.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from dispatch.solve.columns import Columns
from dispatch.solve.layout import H_CLASS, V_LEFT_OUT, Encoded, Ints

ROUNDS = 5
JOINING = 600


def promising(p: Encoded, columns: Columns, forced: Ints, keep: int) -> Ints:
    """Numbers of the `keep` columns with the least reduced cost and of the `forced`, in order."""
    if columns.count <= keep:
        return np.arange(columns.count)
    relaxation = _Relaxation(p, columns)
    served = np.maximum(1, columns.first[1:] - columns.first[:-1])
    relaxation.add(forced)
    relaxation.add(np.argsort(columns.price / served, kind="stable")[:JOINING])
    reduced = relaxation.reduced_costs()
    for _ in range(ROUNDS):
        joining = np.argsort(reduced, kind="stable")[:JOINING]
        joining = joining[reduced[joining] < 0]
        if not relaxation.add(joining):
            break
        reduced = relaxation.reduced_costs()
    best = np.argsort(reduced, kind="stable")[:keep]
    return np.unique(np.concatenate([forced, best]))


class _Relaxation:
    """The linear program: each visit served once or left out, each shift used once, nothing overspent."""

    def __init__(self, p: Encoded, columns: Columns) -> None:
        self._columns = columns
        solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._solver = solver
        visits, classes = len(p.V), np.bincount(p.H[:, H_CLASS])
        self._resources = {r: visits + len(classes) + i for i, r in enumerate(sorted(columns.capacity))}
        self._rows = [solver.Constraint(1, 1) for _ in range(visits)]
        self._rows += [solver.Constraint(-solver.infinity(), int(n)) for n in classes]
        self._rows += [
            solver.Constraint(-solver.infinity(), columns.capacity[r]) for r in sorted(columns.capacity)
        ]
        self._column, self._row, self._amount = _entries(p, columns, self._resources, visits)
        self._first = np.searchsorted(self._column, np.arange(columns.count + 1))
        self._scale = 1.0 / max(1.0, float(columns.price.mean()))
        for v in range(visits):
            slack = solver.NumVar(0, 1, "")
            self._rows[v].SetCoefficient(slack, 1)
            solver.Objective().SetCoefficient(slack, float(p.V[v, V_LEFT_OUT]) * self._scale)
        solver.Objective().SetMinimization()
        self._inside: set[int] = set()

    def add(self, numbers: Ints) -> bool:
        """Let these columns join; False when all were there already."""
        fresh = [int(c) for c in numbers if int(c) not in self._inside]
        for c in fresh:
            variable = self._solver.NumVar(0, self._solver.infinity(), "")
            self._solver.Objective().SetCoefficient(variable, float(self._columns.price[c]) * self._scale)
            for i in range(self._first[c], self._first[c + 1]):
                self._rows[self._row[i]].SetCoefficient(variable, float(self._amount[i]))
        self._inside.update(fresh)
        return bool(fresh)

    def reduced_costs(self) -> NDArray[np.float64]:
        """Solve, and give the reduced cost of every column, inside or not, scaled by the mean price."""
        self._solver.Solve()
        duals = np.array([row.dual_value() for row in self._rows], dtype=np.float64)
        worth = np.bincount(
            self._column, weights=duals[self._row] * self._amount, minlength=self._columns.count
        )
        return np.asarray(self._columns.price * self._scale - worth, dtype=np.float64)


def _entries(p: Encoded, columns: Columns, resources: dict[int, int], visits: int) -> tuple[Ints, Ints, Ints]:
    """The matrix as (column, row, amount), by column; one entry per column and row."""
    lengths = columns.first[1:] - columns.first[:-1]
    owner = np.repeat(np.arange(columns.count), lengths)
    tokens = columns.stops[:, 0]
    real = tokens >= 0
    numbers = np.array([resources[int(r)] for r in columns.uses[:, 1]], dtype=np.int64)
    column = np.concatenate([owner[real], np.arange(columns.count), columns.uses[:, 0]])
    row = np.concatenate([tokens[real], visits + p.H[columns.shift, H_CLASS], numbers])
    amount = np.concatenate([np.ones(int(real.sum()) + columns.count, dtype=np.int64), columns.uses[:, 2]])
    key = column * (visits + len(p.H) + len(resources) + 1) + row
    unique, where = np.unique(key, return_inverse=True)
    total = np.bincount(where, weights=amount, minlength=len(unique)).astype(np.int64)
    width = visits + len(p.H) + len(resources) + 1
    return unique // width, unique % width, total
