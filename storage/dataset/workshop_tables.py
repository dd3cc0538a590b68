"""Table of what the workshop can repair."""

from __future__ import annotations

from dispatch.desk.workshop import BenchTime
from storage.dataset.cell import TEXT, whole
from storage.dataset.table import Column, Table

MINUTES = whole(1, 100_000)

BENCH_TIMES = Table(
    "bench_times",
    "A model of equipment the workshop can repair: a visit on site may become a trip to the bench. No rows: no workshop.",
    (
        Column("model", TEXT, "The model, as in `assets.csv`."),
        Column("collect_min", MINUTES, "Work on site to take it out.", unit="min"),
        Column(
            "bench_min",
            MINUTES,
            "From then until the workshop is done with it, the way there included.",
            unit="min",
        ),
        Column("return_min", MINUTES, "Work on site when it is brought back.", unit="min"),
    ),
    key=("model",),
    make=lambda row: BenchTime(row["model"], row["collect_min"], row["bench_min"], row["return_min"]),
    rows=lambda region: (
        {
            "model": bench.model,
            "collect_min": bench.collect_min,
            "bench_min": bench.bench_min,
            "return_min": bench.return_min,
        }
        for bench in region.field.bench_times
    ),
)
