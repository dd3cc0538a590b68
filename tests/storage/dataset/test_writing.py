"""What is written reads back the same; what would not is refused and leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.crew import OnCall
from dispatch.desk.customer import Customer
from dispatch.region import Region
from inventory.catalogue.part import Part, PartKind
from kernel.errors import Refusal, Refused
from storage.dataset.read import load, read
from storage.dataset.write import write
from tests.dataset_builder import crewed


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The tiny region."""
    return load(crewed(tmp_path_factory.mktemp("region")))


def test_a_region_reads_back_as_it_was_written(tmp_path: Path, region: Region) -> None:
    """The folder is the only way in and out: whatever it loses is lost for good."""
    write(region, tmp_path / "deep" / "out")

    reading = read(tmp_path / "deep" / "out")

    assert reading.region == region
    assert reading.refusals == ()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_writing_twice_gives_the_same_digest(tmp_path: Path, region: Region) -> None:
    """The same region has the same name wherever it is written."""
    write(region, tmp_path / "one")
    write(region, tmp_path / "two")

    assert read(tmp_path / "one").digest == read(tmp_path / "two").digest


def test_an_empty_folder_may_be_written_into_a_full_one_may_not(tmp_path: Path, region: Region) -> None:
    """Nobody's files are overwritten."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")

    write(region, tmp_path / "empty")
    with pytest.raises(Refusal) as refusal:
        write(region, tmp_path / "full")

    assert refusal.value.code == "dataset.target_not_empty"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_value_without_a_place_in_the_format_is_refused_and_nothing_is_left(
    tmp_path: Path, region: Region
) -> None:
    """A line break in a name would come back as two rows."""
    odd = replace(region, field=replace(region.field, customers=(Customer("C1", "Mill\nhall"),)))

    with pytest.raises(Refusal) as refusal:
        write(odd, tmp_path / "out")

    assert refusal.value.code == "dataset.cannot_write"
    assert refusal.value.at is not None
    assert (refusal.value.at.file, refusal.value.at.column) == ("customers.csv", "name")
    assert list(tmp_path.iterdir()) == []


def test_what_the_format_would_lose_is_noticed(tmp_path: Path, region: Region) -> None:
    """A shift's own call-out price has no column (on-call duties have one): better refused than forgotten."""
    shift = replace(region.field.shifts[0], call_out=Decimal(5))
    odd = replace(region, field=replace(region.field, shifts=(shift, *region.field.shifts[1:])))

    with pytest.raises(Refusal) as refusal:
        write(odd, tmp_path / "deep" / "out")

    assert refusal.value.message.params["value"] == "field.shifts"
    assert list(tmp_path.iterdir()) == []


def test_a_region_that_would_be_refused_is_not_written(tmp_path: Path, region: Region) -> None:
    """A dangling id is found by the writer, not by the next reader."""
    duty = OnCall("O2", "E9", region.field.on_call[0].duty, Decimal(1))
    odd = replace(region, field=replace(region.field, on_call=(duty,)))

    with pytest.raises(Refused):
        write(odd, tmp_path / "out")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file/out", "o\0ut", "x" * 300])
def test_a_place_where_nothing_can_be_made_is_refused(tmp_path: Path, region: Region, name: str) -> None:
    """A file in the middle of the path, or a name no disk takes, is said, not thrown."""
    (tmp_path / "file").write_text("")

    with pytest.raises(Refusal) as refusal:
        write(region, tmp_path / name)

    assert refusal.value.code == "dataset.cannot_create"


IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}", fullmatch=True)
NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=500)
AMOUNTS = st.decimals(0, 10**9, places=2)


@settings(max_examples=30, deadline=None)
@given(
    parts=st.lists(
        st.builds(Part, IDS, NAMES, st.sampled_from(PartKind), AMOUNTS, st.integers(1, 3)),
        unique_by=lambda part: part.id,
        max_size=4,
    ),
    name=NAMES,
    seconds=st.integers(0, 10**9),
    prices=st.fixed_dictionaries(dict.fromkeys(("P1", "P2", "P3", "P4"), AMOUNTS)),
)
def test_any_text_and_any_amount_survive_the_round_trip(
    region: Region, parts: list[Part], name: str, seconds: int, prices: dict[str, Decimal]
) -> None:
    """Quotes, commas, formulas, Chinese, right-to-left: a name is a name."""
    known = {part.id for part in region.stock.parts}
    stock = replace(region.stock, parts=(*region.stock.parts, *(p for p in parts if p.id not in known)))
    head = replace(
        region.settings,
        name=name,
        as_of=region.settings.as_of + timedelta(seconds=seconds),
        policy=replace(region.settings.policy, left_out=prices),
    )
    field = replace(region.field, customers=(Customer("C1", name),))
    drawn = Region(head, field, stock)

    with TemporaryDirectory() as folder:
        write(drawn, Path(folder) / "out")

        assert load(Path(folder) / "out") == drawn
