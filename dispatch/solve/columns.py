"""The pools of all threads as one table of columns: what each route costs, serves and uses up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dispatch.solve.anneal import Saved
from dispatch.solve.layout import (
    C_COST,
    C_WORST,
    G_PARTS,
    H_ENGINEER,
    O_DRAW,
    O_DRAW_END,
    O_NEED,
    O_NEED_END,
    S_ENDLESS,
    V_PIN,
    Encoded,
    Ints,
)
from dispatch.solve.pool import Pool
from dispatch.solve.timing import entry, jit


@dataclass(frozen=True, eq=False)
class Columns:
    """Routes to choose from.

    Args:
        price: (columns,) in the objective's unit.
        shift: (columns,) the shift each was built for.
        first: (columns + 1,) where the stops of each begin in `stops`.
        stops: (stops, 4) token, option, need bits, pin.
        latest: (columns,) ticks its latest start lies after its due time.
        key: (columns,) the pool's key of each, negative and unlike any other for an incumbent's route.
        uses: (uses, 3) column, resource, quantity: what is shared and finite.
        capacity: by resource number, what there is.
    """

    price: Ints
    shift: Ints
    first: Ints
    stops: Ints
    key: Ints
    latest: Ints
    uses: Ints
    capacity: dict[int, int]

    @property
    def count(self) -> int:
        """How many columns there are."""
        return len(self.price)

    def only(self, chosen: Ints) -> Columns:
        """Give the columns with these numbers, in this order."""
        lengths = (self.first[1:] - self.first[:-1])[chosen]
        first = np.concatenate([[0], np.cumsum(lengths)])
        picks = np.arange(first[-1]) - np.repeat(first[:-1], lengths) + np.repeat(self.first[chosen], lengths)
        new_number = np.full(self.count, -1, dtype=np.int64)
        new_number[chosen] = np.arange(len(chosen))
        uses = self.uses[new_number[self.uses[:, 0]] >= 0].copy()
        uses[:, 0] = new_number[uses[:, 0]]
        return Columns(
            self.price[chosen],
            self.shift[chosen],
            first,
            self.stops[picks],
            self.key[chosen],
            self.latest[chosen],
            uses,
            self.capacity,
        )


def gather(
    p: Encoded, pools: list[Pool], incumbent: Saved, totals: Ints, archive: Columns | None
) -> tuple[Columns, Ints]:
    """Join pools and the incumbent's routes.

    Args:
        p: the problem.
        pools: what the threads have seen.
        incumbent: the best solution; its routes come first.
        totals: (shifts, C_COLUMNS) of its routes.
        archive: columns kept from before, or None.

    Returns:
        The columns without twins, and the numbers of the incumbent's.
    """
    used = np.flatnonzero(incumbent.L)
    chunks = [_rows(p, incumbent, int(h)) for h in used]
    price = [totals[used, C_COST]]
    latest = [totals[used, C_WORST]]
    shift = [used.astype(np.int64)]
    lengths = [incumbent.L[used]]
    keys = [np.arange(len(used)) - len(used)]
    if archive is not None:
        price.append(archive.price)
        shift.append(archive.shift)
        lengths.append(archive.first[1:] - archive.first[:-1])
        chunks.append(archive.stops)
        keys.append(archive.key)
        latest.append(archive.latest)
    for pool in pools:
        entries, stops = int(pool.N[0]), int(pool.N[1])
        price.append(pool.E[:entries, 0])
        shift.append(pool.E[:entries, 1])
        lengths.append(pool.E[:entries, 3])
        chunks.append(_packed(pool, entries, stops))
        keys.append(pool.E[:entries, 4])
        latest.append(pool.E[:entries, 5])
    all_lengths = np.concatenate(lengths)
    columns = Columns(
        price=np.concatenate(price),
        shift=np.concatenate(shift),
        first=np.concatenate([[0], np.cumsum(all_lengths)]),
        stops=np.concatenate([*chunks, np.zeros((0, 4), dtype=np.int64)]),
        key=np.concatenate(keys),
        latest=np.concatenate(latest),
        uses=np.zeros((0, 3), dtype=np.int64),
        capacity={},
    )
    columns = columns.only(_distinct(columns.key, columns.price, len(used)))
    room = np.zeros((8 * max(1, len(columns.stops)) + 64, 3), dtype=np.int64)
    count = list_uses(p, columns.shift, columns.first, columns.stops, _finite(p), room)
    while count > len(room):
        room = np.zeros((count, 3), dtype=np.int64)
        count = list_uses(p, columns.shift, columns.first, columns.stops, _finite(p), room)
    uses = room[:count].copy()
    everything = np.concatenate([p.CV.ravel(), p.CS.ravel(), p.CO])
    capacity = {int(r): int(everything[r]) for r in np.unique(uses[:, 1])}
    full = replace(columns, uses=uses, capacity=capacity)
    return full, np.arange(len(used))


def _rows(p: Encoded, saved: Saved, h: int) -> Ints:
    tokens = saved.R[h, : saved.L[h]]
    real = np.maximum(tokens, 0)
    visits, linked = tokens >= 0, (tokens >= 0) & (p.V[real, V_PIN] >= 0)
    return np.stack(
        [
            tokens,
            np.where(visits, saved.PO[real], -1),
            np.where(visits, saved.NM[real], 0),
            np.where(linked, saved.PN[real], -1),
        ],
        axis=1,
    )


def _packed(pool: Pool, entries: int, stops: int) -> Ints:
    """Stops of the entries one after the other; an entry made cheaper with fewer stops leaves a gap."""
    first, lengths = pool.E[:entries, 2], pool.E[:entries, 3]
    if int(lengths.sum()) == stops:
        return pool.F[:stops]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return np.asarray(
        pool.F[np.arange(starts[-1]) - np.repeat(starts[:-1], lengths) + np.repeat(first, lengths)]
    )


def _distinct(keys: Ints, price: Ints, forced: int) -> Ints:
    """Numbers of the first `forced` and of the cheapest of each other key, in order."""
    order = np.lexsort((np.arange(len(keys)), price, keys))
    firsts = np.ones(len(keys), dtype=np.bool_)
    firsts[1:] = keys[order][1:] != keys[order][:-1]
    kept = set(order[firsts].tolist()) | set(range(forced))
    return np.array(sorted(kept), dtype=np.int64)


def _finite(p: Encoded) -> Ints:
    """By resource number, 1 where more than one route could spend it and it can run out."""
    shifts_of = np.bincount(p.H[:, H_ENGINEER], minlength=len(p.CV))
    van = np.repeat((shifts_of > 1).astype(np.int64), p.CV.shape[1])
    store = np.ones(p.CS.shape, dtype=np.int64)
    store[p.SI[:, S_ENDLESS] == 1, : p.G[G_PARTS]] = 0
    return np.concatenate([van, store.ravel(), np.ones(len(p.CO), dtype=np.int64)])


@entry
def list_uses(p: Encoded, shift: Ints, first: Ints, stops: Ints, finite: Ints, out: Ints) -> int:
    """Write (column, resource, quantity) for everything finite each column takes; gives how many there are.

    Resources are numbered vans by item, then stores by item, then offers. Rows beyond `out` are counted only.
    """
    items = p.CV.shape[1]
    stores_from = p.CV.shape[0] * items
    offers_from = stores_from + p.CS.shape[0] * items
    count = 0
    for c in range(len(shift)):
        store = -1
        for i in range(first[c], first[c + 1]):
            if stops[i, 0] < 0:
                store = -1 - stops[i, 0]
                continue
            o, bits = stops[i, 1], stops[i, 2]
            for x in range(p.O[o, O_DRAW], p.O[o, O_DRAW_END]):
                resource = (
                    offers_from + p.X[x, 1] if p.X[x, 0] < 0 else stores_from + p.X[x, 0] * items + p.X[x, 1]
                )
                count = _use(out, count, c, resource, p.X[x, 2], finite)
            for k in range(p.O[o, O_NEED], p.O[o, O_NEED_END]):
                resource = p.H[shift[c], H_ENGINEER] * items + p.N[k, 0]
                if (bits >> (k - p.O[o, O_NEED])) & 1:
                    resource = stores_from + store * items + p.N[k, 0]
                count = _use(out, count, c, resource, p.N[k, 1], finite)
    return count


@jit
def _use(out: Ints, count: int, column: int, resource: int, quantity: int, finite: Ints) -> int:
    if finite[resource] == 0:
        return count
    if count < len(out):
        out[count, 0], out[count, 1], out[count, 2] = column, resource, quantity
    return count + 1
