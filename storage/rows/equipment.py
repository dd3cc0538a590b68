"""Equipment and sites found by whatever a caller has at hand: a scanned code, a number, a name, a telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from dispatch.desk.intake import QR
from storage.tables.desk import AssetRow, CustomerRow, SiteRow, TicketRow
from storage.tables.paper import ReportRow

_A, _S, _C, _R, _T = AssetRow.c, SiteRow.c, CustomerRow.c, ReportRow.c, TicketRow.c

LEAST_DIGITS = 6
"""Digits from which a text is looked for in what was said about reaching people."""
_NOT_A_DIGIT = re.compile(r"\D")


class FoundBy(StrEnum):
    """What of it was like the words, the surest first."""

    SCAN = "scan"
    ASSET = "asset"
    SERIAL = "serial"
    CONTACT = "contact"
    """Somebody reached there reported before."""
    SITE = "site"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of equipment with where it stands and whose it is; a site without equipment has none."""

    by: FoundBy
    site: str
    site_name: str
    customer: str
    customer_name: str
    asset: str = ""
    model: str = ""
    serial: str = ""


def equipment_found(
    connection: Connection, region: str, text: str, *, where: ColumnElement[bool], most: int = 20
) -> tuple[Found, ...]:
    """Find equipment by what its code says, its id or serial, a telephone known from a report, or a name.

    Args:
        connection: to read with.
        region: its id.
        text: as typed or scanned; an empty one finds nothing.
        where: how far somebody's rights reach, on `SiteRow`.
        most: lines at most.

    Returns:
        The surest first; of one kind by id.
    """
    words = text.strip()
    if not words:
        return ()
    found: dict[tuple[str, str], Found] = {}
    for by, wanted in _ways(region, words):
        query = (
            select(
                _S.site_id, _S.name, _C.customer_id, _C.name.label("whose"), _A.asset_id, _A.model, _A.serial
            )
            .join(CustomerRow, and_(_C.region_id == _S.region_id, _C.customer_id == _S.customer_id))
            .outerjoin(AssetRow, and_(_A.region_id == _S.region_id, _A.site_id == _S.site_id))
            .where(_S.region_id == region, where, wanted)
            .order_by(_S.site_id, _A.asset_id)
            .limit(most)
        )
        for row in connection.execute(query):
            one = Found(
                by,
                row.site_id,
                row.name,
                row.customer_id,
                row.whose,
                row.asset_id or "",
                row.model or "",
                row.serial or "",
            )
            found.setdefault((one.site, one.asset), one)
        if len(found) >= most:
            break
    return tuple(found.values())[:most]


def _ways(region: str, words: str) -> list[tuple[FoundBy, ColumnElement[bool]]]:
    """The conditions, the surest first."""
    if words.startswith(QR):
        return [(FoundBy.SCAN, _A.asset_id == words.removeprefix(QR))]
    small, inside = words.lower(), f"%{_literally(words.lower())}%"
    begins = f"{_literally(small)}%"
    ways: list[tuple[FoundBy, ColumnElement[bool]]] = [
        (FoundBy.ASSET, func.lower(_A.asset_id).like(begins, escape="\\")),
        (FoundBy.SERIAL, func.lower(_A.serial).like(inside, escape="\\")),
    ]
    digits = _NOT_A_DIGIT.sub("", words)
    if len(digits) >= LEAST_DIGITS and not re.search(r"[^\d\s()+./-]", words):
        ways.append((FoundBy.CONTACT, _reached(region, digits)))
    return [
        *ways,
        (
            FoundBy.SITE,
            or_(
                func.lower(_S.name).like(inside, escape="\\"),
                func.lower(_S.site_id).like(begins, escape="\\"),
            ),
        ),
        (
            FoundBy.CUSTOMER,
            or_(
                func.lower(_C.name).like(inside, escape="\\"),
                func.lower(_C.customer_id).like(begins, escape="\\"),
            ),
        ),
    ]


def _reached(region: str, digits: str) -> ColumnElement[bool]:
    """Sites and equipment of reports whose contact holds these digits, however they are set apart."""
    plain: ColumnElement[str] = _R.contact
    for mark in " -()./+":
        plain = func.replace(plain, mark, "")
    told = and_(_R.region_id == region, plain.like(f"%{digits}%"))
    ticket = select(_T.site_id).where(
        _T.region_id == region, _T.ticket_id.in_(select(_R.report_id).where(told))
    )
    return or_(
        _S.site_id.in_(select(_R.site).where(told, _R.site != "")),
        _A.asset_id.in_(select(_R.asset).where(told, _R.asset != "")),
        _S.site_id.in_(ticket),
    )


def _literally(words: str) -> str:
    """The words with what LIKE reads as a sign taken as it stands."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
