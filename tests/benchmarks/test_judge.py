"""The table of the engine is read from what the runs said."""

from __future__ import annotations

from benchmarks.judge import table


def test_the_table_says_mean_worst_and_ratio() -> None:
    """Gaps are those to the best known; a ratio is ours over the peer's on the files both have."""
    measured = {
        "trsp C101 10 s": ["objective 101.0000", "best known 100.0000", "gap +1.00 %"],
        "trsp C103 10 s": ["objective 99.0000", "best known 100.0000", "gap -1.00 %"],
        "solomon C101 10 s": ["objective 50.0000", "vehicles 3", "gap +0.00 %"],
        "solomon C101 10 s by pyvrp": ['{"solver": "pyvrp", "cost": 40.0, "feasible": true}'],
        "field 100x15": [
            "100x15, 10 s, seed 1: 0.900 of the best peer",
            "100x15, 10 s, seed 2: 0.950 of the best peer",
        ],
        "field 200x30": ["200x30, 10 s, seed 1: 0.850 of the best peer"],
        "field 100x15 with supply": ["100x15 with supply, 10 s, seed 1: 0.600 of the best peer"],
        "cold": ["60 visits, the very first: 4.00 s", "60 visits: median 2.00 s"],
    }

    told = table(measured)

    assert "| trsp 10 s | 2 | +0.00 % | +1.00 % |" in told
    assert "| solomon | 1 | +0.00 % | +0.00 % | pyvrp 1.2500 (worst 1.2500) |" in told
    assert "| field | 3 days | 0.900 | 0.950 | best peer: 100x15 0.925, 200x30 0.850 |" in told
    assert "| field with supply | 1 days | 0.600 | 0.600 | best peer: 100x15 0.600 |" in told
    assert "| cold | | | | 60 visits: median 2.00 s | 60 visits in a fresh process <= 3 s |" in told
