"""What a scanned code says, and what is refused."""

from __future__ import annotations

from datetime import date
from string import ascii_letters, digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.stock.label import Label, Scan, Scanned, scanned, text_of, units_scanned
from kernel.errors import Refusal
from tests.stock_builders import NOW

IDS = st.text(ascii_letters + digits + "._/+-", min_size=1, max_size=64).filter(
    lambda text: text[0].isalnum()
)
LABELS = st.one_of(
    st.builds(Label, part=IDS, lot=st.one_of(st.just(""), IDS), serial=st.one_of(st.just(""), IDS)),
    st.builds(Label, place=IDS),
    st.builds(Label, loaner_unit=IDS),
)


def check_digit(payload: str) -> str:
    """The digit GS1 puts behind: weights three and one from the right, up to the next ten."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


@given(label=LABELS)
def test_what_is_printed_is_what_is_read(label: Label) -> None:
    """Any id we accept survives the way to paper and back."""
    read = scanned(text_of(label))

    assert read == Scanned(label, part=label.part, lot=label.lot, serial=label.serial)


@given(label=LABELS, data=st.data())
def test_a_wrong_character_in_our_label_is_refused(label: Label, data: st.DataObject) -> None:
    """Typed by hand, one character wrong: never another part."""
    text = text_of(label)
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from(ascii_letters + digits + "._/+-;=").filter(lambda c: c != text[at]))

    with pytest.raises(Refusal, match=r"label\."):
        scanned(text[:at] + wrong + text[at + 1 :])


@given(
    payload=st.text(digits, min_size=13, max_size=13),
    wrong=st.integers(1, 9),
    form=st.sampled_from(["01", "02", "(01)"]),
)
def test_a_check_digit_that_does_not_fit_is_refused(payload: str, wrong: int, form: str) -> None:
    """The reader only notes it; the goods of another maker must not be booked for it."""
    right = check_digit(payload)
    bad = str((int(right) + wrong) % 10)
    count = "" if form != "02" else "372"

    assert scanned(f"{form}{payload}{right}{count}").gtin == payload + right
    with pytest.raises(Refusal, match=r"label\.check_digit"):
        scanned(f"{form}{payload}{bad}{count}")


@given(
    payload=st.sampled_from([7, 11, 12, 13, 17]).flatmap(lambda n: st.text(digits, min_size=n, max_size=n))
)
@example(payload="0000001")  # 00000010 would do as a UPC-E
def test_bare_digits_are_a_gtin_or_an_sscc(payload: str) -> None:
    """Eight, twelve, thirteen, fourteen or eighteen digits: with nine wrong last digits of ten."""
    right = payload + check_digit(payload)
    read = scanned(right)

    assert (read.package or read.gtin[-len(right) :]) == right
    for step in range(1, 10):
        with pytest.raises(Refusal, match=r"label\.check_digit"):
            scanned(payload + str((int(right[-1]) + step) % 10))


def test_a_gs1_message_is_read_field_by_field() -> None:
    """Lot and serial end at the separator; a day 00 is the month's last; 241 is our number."""
    read = scanned(
        "]C1" + "0109521234567899" + "17260200" + "10L-7\x1d" + "21S-9\x1d" + "241P-100\x1d" + "3012"
    )

    assert read == Scanned(
        part="P-100",
        gtin="09521234567899",
        lot="L-7",
        serial="S-9",
        quantity=12,
        expires_on=date(2026, 2, 28),
    )
    assert scanned("]E04006381333931").gtin == "04006381333931"
    assert scanned("(00)340123450000000017").package == "340123450000000017"


PIECES = (
    "(",
    ")",
    "01",
    "(01)",
    "09521234567899",
    "17",
    "260230",
    "3103",
    "10",
    "\x1d",
    "]C1",
    "]E0",
    "]Q3",
    "FW1;",
    "C=",
    "²",
    "٣",
)


@given(text=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=8).map("".join))
@example(text="(8008)99999999")
@example(text="(7007)261301")
@example(text="321142977230\x1d")  # a weight, then a count without digits
def test_whatever_is_scanned_is_read_or_refused(text: str) -> None:
    """A scanner sends what it likes; nothing of it is a crash."""
    try:
        read = scanned(text)
    except Refusal as refusal:
        code = refusal.code
    else:
        code = "label" if read != Scanned() else "nothing"

    assert code.split(".")[0] in {"label", "id"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "label.empty"),
        ("]C1", "label.not_read"),
        ("hello", "label.not_read"),
        ("(01)0952", "label.not_read"),
        ("010952123456789917260230", "label.not_read"),
        ("(00)340123450000000018", "label.check_digit"),
        ("(410)9521234567891(10)L", "label.check_digit"),
        ("(10)A(10)B", "label.said_twice"),
        ("(422)156", "label.nothing_of_use"),
        ("FW1;P=P-1;", "label.damaged"),
        ("FW2;P=P-1;C=0000", "label.not_read"),
        ("FW1;P=é;C=0000", "label.damaged"),
        ("9" * 2001, "label.too_long"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, code: str) -> None:
    """Never a guess."""
    with pytest.raises(Refusal) as refused:
        scanned(text)
    assert refused.value.code == code


def test_a_label_stands_for_one_thing() -> None:
    """A place has no lot; a label of nothing is no label."""
    for wrong in ({}, {"part": "P-1", "place": "FUZHOU"}, {"place": "FUZHOU", "lot": "L-1"}):
        with pytest.raises(Refusal, match=r"label\.not_one_subject"):
            Label(**wrong)


def scan(number: int, label: Label | str) -> Scan:
    """A scan by its number."""
    return Scan(f"S-{number}", NOW, "E03", label if isinstance(label, str) else text_of(label))


SCANS = st.lists(
    st.builds(
        scan,
        st.integers(0, 10_000),
        st.sampled_from([Label(part="P-1"), Label(part="P-1", lot="L-1"), Label(part="P-2", serial="U-1")]),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)


@given(scans=SCANS, data=st.data())
def test_scans_sent_again_count_once(scans: list[Scan], data: st.DataObject) -> None:
    """Whatever arrives twice, late and in another order: the same units."""
    again = data.draw(st.lists(st.sampled_from(scans), max_size=12)) if scans else []
    mixed = data.draw(st.permutations(scans + again))

    assert units_scanned(mixed) == units_scanned(scans)
    plain = sum(1 for one in scans if "S=" not in one.text)
    assert sum(units_scanned(scans).values()) == plain + (plain < len(scans))


def test_one_scan_is_one_text() -> None:
    """The same id with another text is two devices at odds; a code of no part of ours counts nothing."""
    with pytest.raises(Refusal, match=r"label\.scan_reused"):
        units_scanned([scan(1, Label(part="P-1")), scan(1, Label(part="P-2"))])
    with pytest.raises(Refusal, match=r"label\.no_part"):
        units_scanned([scan(1, "(01)09521234567899")])
    assert units_scanned([scan(1, "(241)P-1(30)12(10)L")]) == {("P-1", "L"): 12}
