"""What the workshop can repair, and how long it takes: a visit on site made a trip to the bench."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dispatch.desk.visit import Visit


@dataclass(frozen=True, slots=True)
class BenchTime:
    """How long a model takes when it is repaired on the bench.

    Args:
        model: of the equipment.
        collect_min: minutes of work on site to take it out.
        bench_min: minutes from then until the workshop is done with it, the way there included.
        return_min: minutes of work on site when it is brought back.
    """

    model: str
    collect_min: int
    bench_min: int
    return_min: int


def to_workshop(visit: Visit, bench: BenchTime) -> Visit:
    """The visit as two trips: one collects the unit, another brings it back."""
    return replace(
        visit,
        duration_min=bench.collect_min,
        bench_min=bench.bench_min,
        return_min=bench.return_min,
        continuous=False,
    )
