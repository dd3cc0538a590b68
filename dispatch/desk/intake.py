"""Intake: what somebody reports gets a number at once; what is missing is asked for, never guessed.

A report is a fact, its number is the ticket's. Every answer to a question is a fact too; once nothing is missing,
the ticket is opened as of the moment of the report, so asking costs us time, not the customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from dispatch.desk.clause import Evidence
from dispatch.desk.customer import Asset, Contract, Site
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import find_scheme
from dispatch.desk.ticket import Ticket
from dispatch.desk.triage import proposed_severities
from kernel.clock import utc, zone
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key


class Channel(StrEnum):
    """How a report comes in."""

    PHONE = "phone"
    MAIL = "mail"
    WEB = "web"
    CHAT = "chat"
    QR = "qr"
    """The QR code on the equipment was scanned."""


class Asked(StrEnum):
    """What a ticket needs to be opened, in the order it is asked for."""

    ASSET = "asset"
    """Which equipment: its id; ``none`` where the request is about none."""
    SITE = "site"
    KIND = "kind"
    CONTRACT = "contract"
    SCHEME = "scheme"
    """Under which scheme, where no contract is in force."""
    SEVERITY = "severity"
    """In the scheme's words or P1 to P4."""
    SYMPTOM = "symptom"
    TEXT = "text"
    """What is wrong, in the customer's words."""
    CONTACT = "contact"
    """How to reach who reported it."""


NO_ASSET = "none"
"""The answer to `Asked.ASSET` where no equipment is meant."""


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said, as it came in; an empty text was not said.

    Args:
        id: the number given at once; the ticket keeps it.
        at: when, aware.
        channel: how.
        by: id of who took it down, or of the program that did.
        asset: id of the equipment; `NO_ASSET`: none is meant. `serial`: the maker's number; `qr`: what was scanned.
        site, contract, scheme: ids.
        kind: word of `TicketKind`; `severity`: word of the scheme, or P1 to P4.
        symptom: code; `text`: the customer's words; `contact`: how to reach him.
        reference: what it is called where it came from; empty: it came from nobody's list.

    Raises:
        Refusal: ``id.malformed``, ``clock.*``, ``intake.nothing_scanned`` (by QR code without what it says).
    """

    id: str
    at: datetime
    channel: Channel
    by: str
    asset: str = ""
    serial: str = ""
    qr: str = ""
    site: str = ""
    contract: str = ""
    scheme: str = ""
    kind: str = ""
    severity: str = ""
    symptom: str = ""
    text: str = ""
    contact: str = ""
    reference: str = ""

    def __post_init__(self) -> None:
        checked_id(self.id)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if self.channel is Channel.QR and not (self.qr or self.asset):
            raise Refusal("intake.nothing_scanned", report=self.id)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was learnt later about a report; the last answer to a question holds.

    Raises:
        Refusal: ``intake.answer_empty``, ``id.malformed``, ``clock.*``.
    """

    report: str
    at: datetime
    by: str
    asked: Asked
    value: str

    def __post_init__(self) -> None:
        checked_id(self.report)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if not self.value.strip():
            raise Refusal("intake.answer_empty", report=self.report, asked=self.asked)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask.

    Args:
        asked: what.
        choices: answers that would do; none: anything.
        proposed: the choice something speaks for; empty: none.
        given: what was said, and is not known here; empty: nothing was said.
    """

    asked: Asked
    choices: tuple[str, ...] = ()
    proposed: str = ""
    given: str = ""

    @property
    def code(self) -> str:
        """Code of the question's sentence."""
        return f"intake.ask_{self.asked}"


@dataclass(frozen=True, slots=True)
class Directory:
    """Whom and what the desk knows: sites and assets by id, contracts, scheme versions by (id, version)."""

    sites: Mapping[str, Site]
    assets: Mapping[str, Asset]
    contracts: tuple[Contract, ...]
    schemes: Mapping[tuple[str, str], Scheme]

    @classmethod
    def of(
        cls,
        sites: Iterable[Site],
        assets: Iterable[Asset],
        contracts: Iterable[Contract],
        schemes: Mapping[tuple[str, str], Scheme],
    ) -> Directory:
        """Key what is known."""
        return cls(
            {site.id: site for site in sites},
            {asset.id: asset for asset in assets},
            tuple(contracts),
            schemes,
        )


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of a report, and what is missing.

    Args:
        ticket: opened, when nothing is missing; else None.
        questions: what is missing, in the order it is asked for.
        evidence: what the scheme wants with the report and has not come; it does not hold the ticket up.
        asset, site, scheme: as far as known.
    """

    ticket: Ticket | None
    questions: tuple[Question, ...]
    evidence: tuple[Evidence, ...] = ()
    asset: Asset | None = None
    site: Site | None = None
    scheme: Scheme | None = None


QR = "fieldwright:asset:"
"""Begins what the QR code on a piece of equipment says; its id follows."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")


def qr_payload(asset: str, /) -> str:
    """Give what the QR code on a piece of equipment says.

    >>> qr_payload("A-17")
    'fieldwright:asset:A-17'
    """
    return QR + checked_id(asset)


def asset_of_qr(payload: str, /) -> str:
    """Read the id of the equipment from a scanned code.

    Raises:
        Refusal: ``intake.not_our_code``, ``id.malformed``.
    """
    if not payload.startswith(QR):
        raise Refusal("intake.not_our_code", value=payload[:80])
    return checked_id(payload.removeprefix(QR))


def ticket_number(on: str, sequence: int, /) -> str:
    """Give the number of the `sequence`-th report of a day (``YYYYMMDD``).

    >>> ticket_number("20260306", 7)
    'T-20260306-0007'
    """
    return checked_id(f"T-{on}-{sequence:04d}")


def words_of(text: str, /) -> frozenset[str]:
    """The words of a text that may be an id or a serial number, folded."""
    return frozenset(word.rstrip("./+-").casefold() for word in _WORD.findall(text))


def equipment_named(text: str, assets: Mapping[str, Asset], /) -> tuple[str, ...]:
    """Give the ids of equipment whose id or serial stands in a text as a word of its own, in order of id."""
    words = words_of(text)
    named = [a.id for a in assets.values() if a.id.casefold() in words or a.serial.casefold() in words - {""}]
    return tuple(sorted(named, key=natural_key))


def known_of(report: Report, answers: Iterable[Answer], now: datetime, /) -> Report:
    """Give a report with what was learnt by `now`; the last answer to a question holds.

    Raises:
        Refusal: ``intake.answer_of_other_report``, ``intake.answer_before_report``.
    """
    for answer in sorted(answers, key=lambda one: one.at):
        if answer.report != report.id:
            raise Refusal("intake.answer_of_other_report", report=report.id, other=answer.report)
        if answer.at < report.at:
            raise Refusal("intake.answer_before_report", report=report.id, asked=answer.asked)
        if answer.at <= now:
            report = replace(report, **_learnt(answer))
    return report


def _learnt(answer: Answer) -> dict[str, Any]:
    learnt = {answer.asked.value: answer.value.strip()}
    # Who names the equipment has settled what the serial number or the scanned code left open.
    return learnt | {"serial": "", "qr": ""} if answer.asked is Asked.ASSET else learnt


def assess(report: Report, directory: Directory, /, *, sent: Iterable[Evidence] = ()) -> Assessment:
    """Say what is missing of a report; when nothing is, give the ticket, opened as of the report.

    Args:
        report: with what was learnt since (`known_of`).
        directory: what the desk knows.
        sent: kinds of attachment that came with it.

    Raises:
        Refusal: ``intake.asset_contradicts`` (id, serial or code mean different equipment),
            ``intake.asset_elsewhere`` (the equipment stands at another site than said),
            ``intake.contract_not_in_force``, ``intake.scheme_not_in_force``, ``intake.not_our_code``.
    """
    questions: list[Question] = []
    asset = _asset(report, directory, questions)
    site = _site(report, directory, asset, questions)
    kind = _word(TicketKind, report.kind, Asked.KIND, questions)
    contract, scheme = _terms(report, directory, site, questions)
    severity = _severity(report, scheme, questions)
    for asked, value in ((Asked.TEXT, report.text or report.symptom), (Asked.CONTACT, report.contact)):
        if not value.strip():
            questions.append(Question(asked))
    came = set(sent)
    wanted = scheme.handling.evidence if scheme is not None else ()
    evidence = tuple(one for one in wanted if one not in came)
    ticket = None
    if not questions:
        assert site is not None  # every gap is a question
        assert scheme is not None
        ticket = Ticket(
            id=report.id,
            site=site.id,
            asset=asset.id if asset is not None else "",
            scheme=scheme.id,
            version=scheme.version,
            severity=Severity(severity),
            kind=TicketKind(kind),
            reported_at=report.at,
            symptom=report.symptom,
            text=report.text,
            contract=contract.id if contract is not None else "",
            remote=site.remote,
        )
    return Assessment(ticket, tuple(questions), evidence, asset, site, scheme)


def opened(report: Report, directory: Directory, /) -> Ticket:
    """Give the ticket of a report from which nothing is missing.

    Raises:
        Refusal: ``intake.facts_missing`` with what has to be asked, and what `assess` refuses.
    """
    found = assess(report, directory)
    if found.ticket is None:
        missing = ", ".join(question.asked for question in found.questions)
        raise Refusal("intake.facts_missing", report=report.id, missing=missing)
    return found.ticket


def _asset(report: Report, directory: Directory, questions: list[Question]) -> Asset | None:
    if report.asset == NO_ASSET and not (report.serial or report.qr):
        return None
    said: dict[str, set[str]] = {}
    if report.asset and report.asset != NO_ASSET:
        said[report.asset] = {report.asset} & set(directory.assets)
    if report.qr:
        scanned = asset_of_qr(report.qr)
        said[scanned] = {scanned} & set(directory.assets)
    if report.serial:
        wanted = report.serial.strip().casefold()
        said[report.serial] = {a.id for a in directory.assets.values() if a.serial.casefold() == wanted}
    meant = set.intersection(*said.values()) if said else set()
    if len(meant) == 1:
        return directory.assets[meant.pop()]
    if all(said.values()) and len(said) > 1 and not meant:
        raise Refusal("intake.asset_contradicts", report=report.id, said=", ".join(sorted(said))[:120])
    known = {name for names in said.values() for name in names}
    choices = known or equipment_named(report.text, directory.assets)
    if not choices and report.site:
        choices = {one.id for one in directory.assets.values() if one.site == report.site}
    in_order = tuple(sorted(choices, key=natural_key))
    unknown = next((word for word, names in said.items() if not names), "")
    proposed = in_order[0] if len(in_order) == 1 else ""
    questions.append(Question(Asked.ASSET, in_order, proposed, unknown))
    return None


def _site(
    report: Report, directory: Directory, asset: Asset | None, questions: list[Question]
) -> Site | None:
    if asset is not None:
        if report.site and report.site != asset.site:
            raise Refusal("intake.asset_elsewhere", asset=asset.id, site=asset.site, said=report.site[:64])
        return directory.sites.get(asset.site)
    if report.site in directory.sites:
        return directory.sites[report.site]
    questions.append(Question(Asked.SITE, given=report.site))
    return None


def _word(words: type[TicketKind], text: str, asked: Asked, questions: list[Question]) -> str:
    if text not in set(words):
        questions.append(Question(asked, tuple(words), given=text))
    return text


def _terms(
    report: Report, directory: Directory, site: Site | None, questions: list[Question]
) -> tuple[Contract | None, Scheme | None]:
    """The contract in force at the report, or the scheme the desk names where there is none."""
    if site is None:
        return None, None
    mine = [one for one in directory.contracts if one.customer == site.customer]
    in_force = {one.id: one for one in mine if _holds(one, report.at, directory)}
    if report.contract:
        if report.contract not in in_force:
            raise Refusal(
                "intake.contract_not_in_force",
                contract=report.contract[:64],
                customer=site.customer,
                known=", ".join(sorted(in_force, key=natural_key)),
            )
        in_force = {report.contract: in_force[report.contract]}
    if report.scheme and in_force:
        under = {one.id: one for one in in_force.values() if one.scheme == report.scheme}
        if not under:
            raise Refusal(
                "intake.scheme_not_in_force",
                scheme=report.scheme[:64],
                customer=site.customer,
                known=", ".join(sorted({one.scheme for one in in_force.values()})),
            )
        in_force = under
    if len(in_force) == 1:
        contract = next(iter(in_force.values()))
        return contract, directory.schemes[contract.scheme, contract.version]
    if in_force:
        questions.append(Question(Asked.CONTRACT, tuple(sorted(in_force, key=natural_key))))
        return None, None
    known = tuple(sorted({name for name, _ in directory.schemes}))
    if report.scheme not in known:
        questions.append(Question(Asked.SCHEME, known, given=report.scheme))
        return None, None
    here = find_scheme(directory.schemes, report.scheme).zone
    return None, find_scheme(directory.schemes, report.scheme, on=report.at.astimezone(zone(here)).date())


def _holds(contract: Contract, at: datetime, directory: Directory) -> bool:
    scheme = directory.schemes.get((contract.scheme, contract.version))
    return scheme is not None and contract.holds_on(at.astimezone(zone(scheme.zone)).date())


def _severity(report: Report, scheme: Scheme | None, questions: list[Question]) -> str:
    """Said in the scheme's words, or the symptom is one of them; what only the text suggests is asked."""
    if scheme is None:
        return ""
    said = scheme.severity(report.severity)
    if said is not None:
        return said
    found = proposed_severities(scheme, report.symptom, report.text)
    if not report.severity and found and found[0].named:
        return found[0].severity
    proposed = found[0].severity.value if found else ""
    questions.append(Question(Asked.SEVERITY, (*Severity, *scheme.words), proposed, report.severity))
    return ""
