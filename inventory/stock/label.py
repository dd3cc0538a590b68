"""Labels: what a scanned code says, and the text of our own. GS1 codes are read with `biip`, damage is refused.

Our own label is one line of ASCII for a QR code, ``FW1;P=P-100;L=LOT-7;C=1A2B``: P part, L lot, S serial, W place,
U loaner unit, then a check over everything before it, for codes typed in by hand.
"""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from biip import ParseError, parse
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from biip.sscc import Sscc

from inventory.catalogue.part import Tracking
from inventory.stock.move import MOST_UNITS
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id

OWN = "FW1;"
"""How our own labels begin; the figure is the version of what follows."""

MOST_TEXT = 2000
"""Longer than any symbol that can be scanned."""

_FIELDS = {"P": "part", "L": "lot", "S": "serial", "W": "place", "U": "loaner_unit"}
_GTIN_DIGITS = frozenset({8, 12, 13, 14})
_SSCC_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Label:
    """What one of our own labels stands for: a part (its lot, its unit), a place, or a loaner unit.

    Raises:
        Refusal: ``label.not_one_subject``, ``id.malformed``.
    """

    part: str = ""
    lot: str = ""
    serial: str = ""
    place: str = ""
    loaner_unit: str = ""

    def __post_init__(self) -> None:
        subjects = sum(1 for subject in (self.part, self.place, self.loaner_unit) if subject)
        if subjects != 1 or ((self.lot or self.serial) and not self.part):
            raise Refusal("label.not_one_subject")
        for text in filter(None, (self.part, self.lot, self.serial, self.place, self.loaner_unit)):
            checked_id(text)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code says; empty or None: not said.

    Args:
        label: what our own label stands for; None: somebody else's code.
        part: our part number: of our own label, or GS1 241 (customer part number).
        gtin: trade item number, fourteen digits (GS1 01 or 02).
        package: number of a pallet or parcel (GS1 00, SSCC), eighteen digits.
        lot: of our own label, or GS1 10.
        serial: of our own label, or GS1 21.
        quantity: units inside (GS1 30 or 37).
        expires_on: last day of use (GS1 17).
    """

    label: Label | None = None
    part: str = ""
    gtin: str = ""
    package: str = ""
    lot: str = ""
    serial: str = ""
    quantity: int | None = None
    expires_on: date | None = None


def text_of(label: Label) -> str:
    """Write our own label as the text of its code.

    >>> text_of(Label(part="P-100", lot="LOT-7"))
    'FW1;P=P-100;L=LOT-7;C=626B'
    """
    said = "".join(f"{key}={getattr(label, name)};" for key, name in _FIELDS.items() if getattr(label, name))
    return f"{OWN}{said}C={_check(OWN + said)}"


def scanned(text: str) -> Scanned:
    """Read a scanned or typed code: our own, a GS1 message (plain or with brackets), a GTIN, an SSCC.

    Digits only, as many as a GTIN or SSCC has, are taken for one; eight are a GTIN-8, never a UPC-E. A check digit that does not fit is refused, though
    `biip` itself only notes it.

    Raises:
        Refusal: ``label.empty``, ``label.too_long``, ``label.not_read``, ``label.check_digit``, ``label.damaged``,
            ``label.said_twice``, ``label.nothing_of_use`` for a GS1 message without any of these fields, those of `Label`.

    >>> scanned("(01)09521234567899(17)261130(10)AB-1").lot
    'AB-1'
    """
    code = text.strip(" \t\r\n")
    if not code:
        raise Refusal("label.empty")
    if len(code) > MOST_TEXT:
        raise Refusal("label.too_long", most=MOST_TEXT)
    if code.startswith(OWN):
        label = _own(code)
        return Scanned(label, part=label.part, lot=label.lot, serial=label.serial)
    digits = code[3:] if code.startswith("]E") else code  # scanners may put "]E0" before the digits of an EAN
    if digits.isascii() and digits.isdigit() and len(digits) in _GTIN_DIGITS | {_SSCC_DIGITS}:
        return _number(digits)
    return _message(code)


def _check(text: str) -> str:
    # A CRC of sixteen bits finds every single changed character, and every two exchanged neighbours.
    return f"{crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def _own(code: str) -> Label:
    body, separator, check = code.rpartition("C=")
    if not code.isascii() or not separator or check != _check(body):
        raise Refusal("label.damaged", value=code[:80])
    said: dict[str, str] = {}
    for field in body.removeprefix(OWN).removesuffix(";").split(";"):
        key, _, value = field.partition("=")
        if key not in _FIELDS or _FIELDS[key] in said:
            raise Refusal("label.damaged", value=code[:80])
        said[_FIELDS[key]] = value
    return Label(**said)


def _number(digits: str) -> Scanned:
    # Not `parse`: it would take eight digits with a wrong check digit for a UPC-E that happens to fit.
    what = "SSCC" if len(digits) == _SSCC_DIGITS else "GTIN"
    try:
        if what == "SSCC":
            return Scanned(package=Sscc.parse(digits).value)
        return Scanned(gtin=Gtin.parse(digits).as_gtin_14())
    except ParseError:
        raise Refusal("label.check_digit", value=digits, what=what) from None


def _message(code: str) -> Scanned:
    try:
        message = GS1Message.parse_hri(code) if code.startswith("(") else parse(code).gs1_message
    except (
        ParseError,
        ValueError,
    ):  # biip lets a ValueError out for a decimal that is all point and no digits
        message = None
    if message is None or not message.element_strings:
        raise Refusal("label.not_read", value=code[:80])
    said: dict[str, GS1ElementString] = {}
    for each in message.element_strings:
        if each.gtin_error or each.sscc_error or each.gln_error:
            raise Refusal("label.check_digit", value=each.value, what=each.ai.data_title)
        if not each.value:  # biip lets a count without digits pass
            raise Refusal("label.not_read", value=code[:80])
        key = _SAME.get(each.ai.ai, each.ai.ai)
        if key in said and said[key].value != each.value:
            raise Refusal("label.said_twice", what=each.ai.data_title, one=said[key].value, other=each.value)
        said[key] = each
    quantity = said.get("30")
    expires = said.get("17")
    read = Scanned(
        part=_value(said, "241"),
        gtin=_value(said, "01"),
        package=_value(said, "00"),
        lot=_value(said, "10"),
        serial=_value(said, "21"),
        quantity=int(quantity.value) if quantity is not None else None,
        expires_on=expires.date if expires is not None else None,
    )
    if read == Scanned():
        raise Refusal("label.nothing_of_use", value=code[:80])
    return read


_SAME = {"02": "01", "37": "30"}
"""What is inside a logistic unit is said with other identifiers than what lies there by itself."""


def _value(said: dict[str, GS1ElementString], key: str) -> str:
    return said[key].value if key in said else ""


@dataclass(frozen=True, slots=True)
class Scan:
    """Somebody scanned a code.

    Args:
        id: given by the device, once for each pull of the trigger; sent again it is the same scan.
        at: when, aware.
        by: who.
        text: what was read.

    Raises:
        Refusal: ``id.malformed``, ``clock.naive_time``.
    """

    id: str
    at: datetime
    by: str
    text: str

    def __post_init__(self) -> None:
        checked_id(self.id)
        object.__setattr__(self, "at", utc(self.at))


Piece = tuple[str, str, str]
"""Part, lot and serial as a code names them; empty: not said."""


def pieces_scanned(scans: Iterable[Scan]) -> dict[Piece, int]:
    """Count the units of parts that were scanned one after another, by part, lot and serial.

    The same scan sent twice counts once; the same serial scanned twice is one unit, whatever the scan's id. A code
    counts as many units as it says, else one.

    Raises:
        Refusal: ``label.scan_reused`` for an id that came with another text, ``label.no_part`` for a code that names
            no part of ours, ``stock.too_many``, those of `scanned`.
    """
    seen: dict[str, str] = {}
    units: set[tuple[str, str]] = set()
    counted: dict[Piece, int] = {}
    for scan in scans:
        if scan.id in seen:
            if seen[scan.id] != scan.text:
                raise Refusal("label.scan_reused", scan=scan.id)
            continue
        seen[scan.id] = scan.text
        read = scanned(scan.text)
        if not read.part:
            raise Refusal("label.no_part", value=scan.text[:80])
        if read.serial:
            if (read.part, read.serial) in units:
                continue
            units.add((read.part, read.serial))
        piece = (read.part, read.lot, read.serial)
        counted[piece] = counted.get(piece, 0) + (
            1 if read.serial or read.quantity is None else read.quantity
        )
        if counted[piece] > MOST_UNITS:
            raise Refusal("stock.too_many", id=read.part, most=MOST_UNITS)
    return counted


def units_scanned(scans: Iterable[Scan]) -> dict[tuple[str, str], int]:
    """Count as `pieces_scanned` does, by part and lot; raises as it does."""
    counted: dict[tuple[str, str], int] = {}
    for (part, lot, _), units in pieces_scanned(scans).items():
        counted[part, lot] = counted.get((part, lot), 0) + units
        if counted[part, lot] > MOST_UNITS:
            raise Refusal("stock.too_many", id=part, most=MOST_UNITS)
    return counted


def as_tracked(pieces: Mapping[Piece, int], tracking: Mapping[str, Tracking]) -> dict[Piece, int]:
    """What was scanned as finely as the ledger knows each part: a label may say more than is kept.

    A part nobody knows stays as it was read, for the command to refuse.
    """
    found: dict[Piece, int] = {}
    for (part, lot, serial), units in pieces.items():
        how = tracking.get(part)
        kept_lot = "" if how is Tracking.NONE else lot
        kept_serial = "" if how in {Tracking.NONE, Tracking.LOT} else serial
        found[part, kept_lot, kept_serial] = found.get((part, kept_lot, kept_serial), 0) + units
    return found
