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
        "field 100x15": ["mean 0.900, worst 0.950"],
    }

    told = table(measured)

    assert "| trsp 10 s | 2 | +0.00 % | +1.00 % |" in told
    assert "| solomon | 1 | +0.00 % | +0.00 % | pyvrp 1.2500 (worst 1.2500) |" in told
    assert "| field 100x15 | | | | mean 0.900, worst 0.950 | |" in told
