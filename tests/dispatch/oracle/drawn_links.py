"""Links between the visits of a random problem: crews, reliefs, later shifts, orders, workshop trips."""

from __future__ import annotations

from dataclasses import replace

from dispatch.problem import Link, Pair, Visit
from tests.dispatch.oracle.draw import Draw

HOUR = 3600


def drawn_links(draw: Draw, visits: list[Visit]) -> tuple[Link, ...]:
    """Link a few pairs, the earlier of the list first, so that no circle comes about."""
    pairs = [(i, j) for i in range(len(visits)) for j in range(i + 1, len(visits))]
    chosen = draw.rng.permutation(len(pairs))[: draw.one(1, 3)]
    for v in {v for n in chosen for v in pairs[int(n)]}:
        if draw.chance(0.7):  # without limits of its own a linked visit is seldom left out
            visits[v] = replace(
                visits[v], windows=(), start_lock_s=None, skills=(), tools=(), left_out=150_000
            )
    links = [_link(draw, *pairs[int(n)], visits) for n in sorted(chosen)]
    return (*links, *_apart(links))


def _apart(links: list[Link]) -> list[Link]:
    """Two who come to the same first within their gaps are two people, as in a crew."""
    mates = [link for link in links if link.engineers is Pair.DIFFERENT and link.both]
    return [
        Link(one.second, two.second, -(one.most_s or 0), two.most_s, Pair.DIFFERENT, both=True)
        for number, one in enumerate(mates)
        for two in mates[number + 1 :]
        if one.first == two.first
    ]


def _link(draw: Draw, first: int, second: int, visits: list[Visit]) -> Link:
    work_s = visits[first].service_s
    kind = draw.one(0, 6)
    if kind == 0:
        visits[second] = replace(
            visits[second], place=visits[first].place, trip=visits[first].id, role="mate"
        )
        return Link(first, second, 0, 0, Pair.DIFFERENT, both=True)
    if kind == 1:
        return Link(first, second, 0, draw.one(300, 2 * HOUR), Pair.DIFFERENT, both=draw.chance(0.5))
    if kind == 2:
        visits[second] = replace(
            visits[second], place=visits[first].place, trip=visits[first].id, role="relief"
        )
        return Link(first, second, max(0, work_s - 600), max(0, work_s - 600), Pair.ANY, both=True)
    if kind == 3:
        return Link(first, second, work_s, None, Pair.SAME, both=True)
    if kind == 4:
        return Link(first, second, work_s, None)
    bench_s = draw.one(HOUR, 3 * HOUR)
    return Link(first, second, work_s + bench_s, None if draw.chance(0.5) else work_s + 4 * HOUR)
