"""The one place where values become words: local times, lengths, amounts, waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.text import LANGUAGES, label
from api.text.spoken import length, listed, tell
from inventory.replenish.forecast import Method
from inventory.stock.loan import CheckStep
from kernel.errors import Message, Value

FUJIAN = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_moments_are_written_in_the_reader_s_zone() -> None:
    """A reason carries UTC; the sentence says local time."""
    message = Message("reorder.runs_out", {"runs_out_at": "2026-03-02T02:40:00+00:00"})

    assert tell(message, "zh", zone=FUJIAN) == "按平常用量可维持到 2026-03-02 10:40。"


def test_every_kind_of_value_is_read_by_its_name() -> None:
    """A code without a sentence shows its values, so all of them can be seen at once."""
    raw: dict[str, Value] = {
        "at_tick": 3600,
        "on_day": 12 * 3600,
        "late_s": 3601,
        "fee_cents": 1250,
        "wait": "part",
        "n": 3,
    }

    told = tell(
        Message("no.sentence", raw),
        "en",
        zone=FUJIAN,
        currency="CNY",
        moment=lambda tick: NOON + timedelta(seconds=tick),
    )

    assert told == (
        "no.sentence (at_tick=2026-03-02 21:00, on_day=2026-03-03, late_s=1 h 01 min, fee_cents=12.50 CNY, "
        "wait=a part, n=3)"
    )


def test_a_tick_without_its_moment_is_a_defect_that_shows() -> None:
    """The number of seconds since a start nobody knows must not reach a reader."""
    with pytest.raises(ValueError, match="moment of a tick"):
        tell(Message("no.sentence", {"at_tick": 3600}), "en", zone=FUJIAN)


def test_a_sentence_within_a_sentence_is_told_with_the_same_values() -> None:
    """A reason that proves another one is not said twice."""
    raw: dict[str, Value] = {
        "engineer": "E1", "shift": "S1", "skill": "cooling", "level": 2, "held": 1, "why": "why.skill",
    }  # fmt: skip

    for lang in LANGUAGES:
        told = tell(Message("closed.nobody_can", raw), lang, zone=FUJIAN)

        assert "why.skill" not in told
        assert told.endswith(tell(Message("why.skill", raw), lang, zone=FUJIAN))


def test_lengths_and_lists_are_in_the_readers_language() -> None:
    """A Chinese sentence with English units reads like a form nobody finished."""
    assert [length(59 * 60, lang) for lang in LANGUAGES] == ["59 min", "59 分"]
    assert [length(3600, lang) for lang in LANGUAGES] == ["1 h 00 min", "1 小时 00 分"]
    assert [listed(("V1", "V2"), lang) for lang in LANGUAGES] == ["V1, V2", "V1、V2"]


def test_a_word_goes_by_its_number_and_a_name_by_its_own_sentence() -> None:
    """One line is no lines, and a method is told by name, not by the word a program knows it by."""
    values: dict[str, Value] = {
        "order": "W-1", "supplier": "S-1", "place": "FUZHOU", "cost": "90.00", "currency": "CNY", "state": "sent",
    }  # fmt: skip

    assert "1 line, 90.00 CNY" in label("supply.order_written", "en", lines=1, **values)
    assert "2 lines, 90.00 CNY" in label("supply.order_written", "en", lines=2, **values)
    for lang in LANGUAGES:
        told = label("reorder.demand", lang, rate=1.0, method="sba", months=1, variance=1.0)
        assert "SBA" in told
        assert "sba" not in told
    for lang in LANGUAGES:
        names = [label(f"method.{one.value}", lang) for one in Method]
        assert not [name for name in names if name.startswith("method.")]


@pytest.mark.parametrize("step", [None, *CheckStep])
def test_where_a_loaner_stands_is_said_in_the_readers_language(step: CheckStep | None) -> None:
    """A refused step names the state in words of both languages: no code of ours in a Chinese sentence."""
    state = "out" if step is None else step.value
    values: dict[str, Value] = {"unit": "N2", "loan": "L1", "step": "passed", "state": state}

    english, chinese = (label("loaner.no_such_step", lang, **values) for lang in ("en", "zh"))

    assert "loan_stands" not in english + chinese
    assert state not in chinese.split("，")[0]
