"""The practice file: what it must say, where it is wrong, and that no figure of it claims a document."""

from __future__ import annotations

from importlib.resources import files

import pytest

from dispatch.desk.milestone import TicketKind
from dispatch.desk.practice import ApprovalKind, DeskRole
from dispatch.desk.practice_file import builtin_practice, load_practice
from dispatch.desk.term import CHOSEN
from dispatch.desk.ticket import Way
from kernel.errors import Refusal

TEXT = (files("dispatch.desk") / "practice.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("schema = 1", "schema = 2", "practice.unknown_schema", "schema"),
        ("schema = 1", "schema = ", "practice.not_toml", ""),
        ("{ value = 30,", "{ value = 0,", "practice.out_of_range", "repeat_days"),
        ("value = 20", "value = 20_000", "practice.out_of_range", "attachments.most"),
        ('"image/heic"', '"heic"', "practice.no_media_type", "attachments.photo.types"),
        ("usual_min = 30", "usual_min = 2000", "practice.out_of_range", "work.fault.remote.usual_min"),
        ("level = 3", "level = 6", "practice.out_of_range", "level"),
        ("[work.advice.remote]", "[work.advice.phone]", "scheme.unknown_value", "work.advice"),
        ("{ manager = 500_000, director = 50_000_000 }", "{}", "practice.nobody_decides", "approvals.refund"),
        ("manager = 500_000", "clerk = 500_000", "scheme.unknown_value", "approvals.refund.limits"),
        (
            'kind = "text", en = "Subjects"',
            'kind = "essay", en = "Subjects"',
            "scheme.unknown_value",
            "subjects",
        ),
        ("most_bytes = 15_000_000", "most_megabytes = 15", "scheme.unknown_key", "most_megabytes"),
        (
            'repeat_days = { value = 30, source = "chosen" }',
            "repeat_days = { value = 30 }",
            "scheme.source_missing",
            "",
        ),
    ],
)
def test_a_broken_practice_is_refused_with_its_place(old: str, new: str, code: str, key: str) -> None:
    """Whoever copies the file and slips is told where and what."""
    assert old in TEXT

    with pytest.raises(Refusal) as refused:
        load_practice(TEXT.replace(old, new, 1), "mine.toml")

    assert refused.value.code == code
    assert refused.value.at is not None
    assert refused.value.at.file == "mine.toml"
    assert key in refused.value.at.column or key in str(refused.value.message.params)


def test_skills_beside_the_equipments_own_are_read() -> None:
    """A company whose installations need an electrician says so in its copy."""
    mine = TEXT.replace(
        "usual_min = 240\nlevel = 3", "usual_min = 240\nlevel = 3\nskills = { electric = 2 }", 1
    )

    work = load_practice(mine, "mine.toml").works[TicketKind.INSTALLATION, Way.ON_SITE]

    assert work.skills == (("electric", 2),)


def test_every_figure_of_the_practice_that_ships_is_chosen() -> None:
    """No service document says how long an installation takes; a figure with a source would be added on purpose."""
    practice = builtin_practice()

    assert {figure.source for figure in practice.figures} == {CHOSEN}
    assert {figure.key for figure in practice.figures} == {
        "repeat_days",
        "attachments.most",
        "attachments.photo",
        "attachments.screenshot",
        "attachments.log",
        "attachments.video",
        "approvals.replacement",
        "approvals.refund",
        "approvals.purchase",
        "approvals.partner",
        "approvals.free_below",
        *(f"work.{kind}.{way}" for kind, way in practice.works),
    }


def test_limits_rise_with_the_role() -> None:
    """A director who may less than a manager is a slip of the pen."""
    practice = builtin_practice()

    for kind in ApprovalKind:
        limits = [practice.limits[kind][role] for role in DeskRole if role in practice.limits[kind]]
        assert limits == sorted(limits)
