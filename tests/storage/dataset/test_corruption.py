"""Whatever is in the folder, reading answers with refusals and counts that add up."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.dataset.read import read
from tests.dataset_builder import TINY

CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "-1", "0", "1e9", "nan", "inf", "9" * 30, "٣", "=1+1", '"', '""', "a\x00b", "2026-03-06", "24:00-25:00",
         "9999-12-31T23:59:59-12:00", "1970-01-01T00:00+23:59", "P1", "E1", "D1", "W1", "X1", "S1", "hv:9", ";;", ":1",
         "90", "-90.0000001", "26 4 28 N", "[[[[", "{a=1}", "[story]", "M1", "M5", "\ud800"]
    ),
)  # fmt: skip


def check(files: dict[str, bytes]) -> None:
    """Read the files and see that nothing but refusals came of them."""
    with TemporaryDirectory() as name:
        for file, raw in files.items():
            (Path(name) / file).write_bytes(raw)

        reading = read(Path(name))

    for count in reading.counts:
        assert count.accepted + count.refused == count.given, count
    assert bool(reading.refusals) >= any(count.refused for count in reading.counts)
    if reading.region is not None:
        listed = {count.file: count.accepted for count in reading.counts}
        assert len(reading.region.stock.moves) == listed.get("stock_moves.csv", 0)
        assert len(reading.region.field.visits) == listed.get("visits.csv", 0)


@settings(max_examples=150, deadline=None)
@given(
    file=st.sampled_from(sorted(TINY)),
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 6), st.binary(max_size=6)), min_size=1, max_size=4
    ),
)
def test_no_change_of_bytes_makes_reading_fall_over(file: str, edits: list[tuple[float, int, bytes]]) -> None:
    """Half a download, a disk error, a stray key: the answer is a line number, never a traceback."""
    raw = TINY[file].encode()
    for where, length, put in edits:
        at = int(where * len(raw))
        raw = raw[:at] + put + raw[at + length :]

    check({name: text.encode() for name, text in TINY.items()} | {file: raw})


@settings(max_examples=150, deadline=None)
@given(
    file=st.sampled_from(sorted(set(TINY) - {"region.toml"})),
    edits=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), CELLS), min_size=1, max_size=4),
)
def test_no_cell_makes_reading_fall_over(file: str, edits: list[tuple[int, int, str]]) -> None:
    """A cell holds what somebody typed; the header is a cell too."""
    rows = [line.split(",") for line in TINY[file].splitlines()]
    for down, across, cell in edits:
        row = rows[down % len(rows)]
        row[across % len(row)] = cell
    text = "\n".join(",".join(row) for row in rows) + "\n"

    check(
        {name: known.encode() for name, known in TINY.items()} | {file: text.encode("utf-8", "surrogatepass")}
    )


@settings(max_examples=60, deadline=None)
@given(
    key=st.sampled_from(
        ["id", "name", "as_of", "zone", "currency", "horizon_days", "late_hour", "P1", "mon", "kind", "ids"]
    ),
    value=st.one_of(
        CELLS.map(repr),
        st.sampled_from(
            [
                "1",
                "-1",
                "1.5",
                "nan",
                "true",
                "[]",
                '["a", 1]',
                '[""]',
                "{}",
                "{a = 1}",
                "2026-03-06",
                "07:00:00",
                "[" * 2000,
            ]
        ),
    ),
)
def test_no_value_in_the_head_makes_reading_fall_over(key: str, value: str) -> None:
    """TOML has types of its own; each is either what is asked for or said to be wrong."""
    lines = [
        f"{key} = {value}" if line.startswith(f"{key} =") else line
        for line in TINY["region.toml"].splitlines()
    ]
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")

    check({name: known.encode() for name, known in TINY.items()} | {"region.toml": raw})


@settings(max_examples=40, deadline=None)
@given(kept=st.sets(st.sampled_from(sorted(TINY))))
def test_no_missing_file_makes_reading_fall_over(kept: set[str]) -> None:
    """Any selection of files is answered."""
    check({name: text.encode() for name, text in TINY.items() if name in kept})
