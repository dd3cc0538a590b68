"""Intake: a number at once, missing facts asked for, never guessed; files taken by their kind and size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.attachment import Attachment, begins_as, check_attachments, kind_of
from dispatch.desk.clause import Evidence
from dispatch.desk.customer import Asset, Contract, Site
from dispatch.desk.duplicate import Likeness, duplicates
from dispatch.desk.history import ClosedTicket
from dispatch.desk.intake import (
    NO_ASSET,
    Answer,
    Asked,
    Channel,
    Directory,
    Report,
    assess,
    asset_of_qr,
    equipment_named,
    known_of,
    opened,
    qr_payload,
    ticket_number,
)
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.practice_file import builtin_practice
from dispatch.desk.scheme_file import builtin_schemes
from kernel.clock import moment
from kernel.errors import Refusal
from kernel.place import LatLon
from tests.desk_builders import make_ticket

AT = moment("2026-03-06T16:00+08:00")
HERE = LatLon(26.07, 119.3)
SITES = (Site("S-1", "K-1", HERE), Site("S-2", "K-2", HERE, remote=True), Site("S-3", "K-3", HERE))
ASSETS = (
    Asset("A-1", "S-1", "SN-100", "LP-7"),
    Asset("A-2", "S-1", "SN-200", "LP-7"),
    Asset("A-3", "S-2", "SN-300", "LP-9"),
    Asset("A-4", "S-2", "SN-300", "LP-9"),
)
CONTRACTS = (
    Contract("C-1", "K-1", "field-p1-p4", "1", date(2026, 1, 1)),
    Contract("C-2", "K-2", "field-2-12", "1", date(2026, 1, 1)),
    Contract("C-3", "K-2", "value-added", "1", date(2026, 1, 1)),
    Contract("C-4", "K-1", "field-2-12", "1", date(2026, 1, 1), date(2026, 3, 6)),
)
KNOWN = Directory.of(SITES, ASSETS, CONTRACTS, builtin_schemes())
PRACTICE = builtin_practice()
WHOLE = Report(
    "T-1",
    AT,
    Channel.PHONE,
    "desk",
    asset="A-1",
    kind="fault",
    severity="P2",
    text="paper jam",
    contact="0591-1234",
)


def asked(report: Report) -> list[Asked]:
    """What has to be asked."""
    return [question.asked for question in assess(report, KNOWN).questions]


def test_a_whole_report_is_a_ticket_under_its_number_as_of_the_report() -> None:
    """Site, contract, scheme and version follow from the equipment and the day; nothing else is filled in."""
    ticket = opened(WHOLE, KNOWN)

    assert (ticket.id, ticket.site, ticket.asset, ticket.reported_at) == ("T-1", "S-1", "A-1", AT)
    assert (ticket.contract, ticket.scheme, ticket.version) == ("C-1", "field-p1-p4", "1")
    assert (ticket.severity, ticket.kind, ticket.symptom) == (Severity.P2, TicketKind.FAULT, "")


def test_a_report_of_which_nothing_is_known_gets_every_question_and_no_ticket() -> None:
    """The number is there at once; the ticket waits for the facts."""
    found = assess(Report("T-1", AT, Channel.MAIL, "desk"), KNOWN)

    assert found.ticket is None
    assert [question.asked for question in found.questions] == [
        Asked.ASSET,
        Asked.SITE,
        Asked.KIND,
        Asked.TEXT,
        Asked.CONTACT,
    ]
    with pytest.raises(Refusal, match=r"intake\.facts_missing"):
        opened(Report("T-1", AT, Channel.MAIL, "desk"), KNOWN)


@pytest.mark.parametrize(
    ("changed", "questions"),
    [
        ({"kind": ""}, [Asked.KIND]),
        ({"kind": "repair"}, [Asked.KIND]),
        ({"severity": ""}, [Asked.SEVERITY]),
        ({"severity": "dreadful"}, [Asked.SEVERITY]),
        ({"text": " "}, [Asked.TEXT]),
        ({"contact": ""}, [Asked.CONTACT]),
        ({"asset": "A-99"}, [Asked.ASSET, Asked.SITE]),
        ({"asset": "", "serial": "SN-300"}, [Asked.ASSET, Asked.SITE]),
        ({"asset": "", "site": "S-1"}, [Asked.ASSET]),
        ({"asset": NO_ASSET}, [Asked.SITE]),
        ({"asset": NO_ASSET, "site": "S-2"}, [Asked.CONTRACT]),
        ({"asset": NO_ASSET, "site": "S-2", "scheme": "value-added"}, []),
        ({"asset": NO_ASSET, "site": "S-3"}, [Asked.SCHEME]),
        ({"asset": NO_ASSET, "site": "S-3", "scheme": "gold"}, [Asked.SCHEME]),
        ({"asset": NO_ASSET, "site": "S-3", "scheme": "field-2-12"}, []),
    ],
)
def test_what_is_missing_or_unknown_is_asked_for(changed: dict[str, str], questions: list[Asked]) -> None:
    """A guess would start the wrong clock or send somebody to the wrong place."""
    report = replace(WHOLE, **changed)  # type: ignore[arg-type]  # texts only

    assert asked(report) == questions
    assert (assess(report, KNOWN).ticket is None) == bool(questions)


def test_equipment_is_found_by_id_serial_or_scanned_code() -> None:
    """Whatever the customer has at hand."""
    by_serial = replace(WHOLE, asset="", serial="sn-100")
    by_code = replace(WHOLE, asset="", channel=Channel.QR, qr=qr_payload("A-1"))

    assert opened(by_serial, KNOWN).asset == opened(by_code, KNOWN).asset == "A-1"
    assert asset_of_qr(qr_payload("A-1")) == "A-1"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: opened(replace(WHOLE, serial="SN-200"), KNOWN), "intake.asset_contradicts"),
        (lambda: opened(replace(WHOLE, site="S-2"), KNOWN), "intake.asset_elsewhere"),
        (lambda: opened(replace(WHOLE, contract="C-2"), KNOWN), "intake.contract_not_in_force"),
        (lambda: opened(replace(WHOLE, contract="C-4"), KNOWN), "intake.contract_not_in_force"),
        (lambda: opened(replace(WHOLE, scheme="value-added"), KNOWN), "intake.scheme_not_in_force"),
        (
            lambda: opened(replace(WHOLE, asset="", qr="https://example.org/A-1"), KNOWN),
            "intake.not_our_code",
        ),
        (lambda: Report("T-1", AT, Channel.QR, "desk"), "intake.nothing_scanned"),
        (lambda: Report("T 1", AT, Channel.WEB, "desk"), "id.malformed"),
        (lambda: Report("T-1", datetime(2026, 3, 6), Channel.WEB, "desk"), "clock.naive_time"),  # noqa: DTZ001 that is the point
        (lambda: Answer("T-1", AT, "desk", Asked.KIND, " "), "intake.answer_empty"),
        (
            lambda: known_of(WHOLE, [Answer("T-2", AT, "desk", Asked.KIND, "fault")], AT),
            "intake.answer_of_other_report",
        ),
        (
            lambda: known_of(WHOLE, [Answer("T-1", AT - timedelta(1), "desk", Asked.KIND, "fault")], AT),
            "intake.answer_before_report",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(make: Callable[[], object], code: str) -> None:
    """Two facts that cannot both be true are settled by a person, not by the order in which they came."""
    with pytest.raises(Refusal) as refused:
        make()

    assert refused.value.code == code


def test_answers_fill_the_gaps_and_the_clock_still_counts_from_the_report() -> None:
    """Asking costs us time, not the customer; and what was answered later was not known before."""
    report = Report("T-9", AT, Channel.MAIL, "desk", serial="SN-300", text="stands still")
    later = AT + timedelta(minutes=40)
    answers = [
        Answer("T-9", later, "desk", Asked.ASSET, "A-3"),
        Answer("T-9", later, "desk", Asked.KIND, "training"),
        Answer("T-9", later + timedelta(minutes=1), "desk", Asked.KIND, "fault"),
        Answer("T-9", later, "desk", Asked.CONTRACT, "C-2"),
        Answer("T-9", later, "desk", Asked.SEVERITY, "P1"),
        Answer("T-9", later, "desk", Asked.CONTACT, "front desk"),
    ]

    before = known_of(report, answers, AT)
    ticket = opened(known_of(report, answers, later + timedelta(hours=1)), KNOWN)

    assert before == report
    assert (ticket.asset, ticket.kind, ticket.reported_at, ticket.remote) == (
        "A-3",
        TicketKind.FAULT,
        AT,
        True,
    )


def test_a_severity_is_taken_from_the_symptom_but_only_proposed_from_the_text() -> None:
    """A symptom that is the scheme's word decides; a word in a sentence may be denied in the same sentence."""
    from_symptom = replace(WHOLE, severity="", symptom="性能下降")
    from_text = replace(WHOLE, severity="", text="昨天起不能工作")

    question = assess(from_text, KNOWN).questions[0]

    assert opened(from_symptom, KNOWN).severity is Severity.P2
    assert opened(replace(WHOLE, severity="系统报错"), KNOWN).severity is Severity.P3
    assert (question.asked, question.proposed, question.code) == (
        Asked.SEVERITY,
        "P1",
        "intake.ask_severity",
    )


def test_equipment_named_in_a_mail_is_proposed() -> None:
    """One hit is a proposal, never an answer: the mail may speak of a machine that works."""
    report = replace(WHOLE, asset="", text="Our printer (SN-200). It jams.")

    question = assess(report, KNOWN).questions[0]

    assert (question.choices, question.proposed) == (("A-2",), "A-2")
    assert equipment_named("A-1, sn-200 and XA-3", KNOWN.assets) == ("A-1", "A-2")
    assert equipment_named("", KNOWN.assets) == ()


def test_evidence_the_scheme_wants_is_named_but_holds_nothing_up() -> None:
    """Screenshots and logs come with a report under the support scheme; the ticket is opened all the same."""
    report = replace(WHOLE, asset=NO_ASSET, site="S-3", scheme="analytics-support")

    wanted = assess(report, KNOWN)

    assert wanted.ticket is not None
    assert set(wanted.evidence) == {Evidence.SCREENSHOT, Evidence.LOG}
    assert assess(report, KNOWN, sent=[Evidence.LOG]).evidence == (Evidence.SCREENSHOT,)


def test_numbers_of_a_day_differ_and_sort() -> None:
    """Two reports of one moment must not share a number."""
    numbers = [ticket_number("20260306", n) for n in range(1, 200)]

    assert len(set(numbers)) == len(numbers)
    assert sorted(numbers) == numbers


TEXTS = st.sampled_from(
    ["", "A-1", "A-3", "S-1", "S-2", "S-3", "C-1", "C-2", "fault", "P1", "SN-300", "gold", NO_ASSET]
)


@given(st.lists(TEXTS, min_size=8, max_size=8))
def test_a_ticket_is_opened_exactly_when_nothing_is_asked(said: list[str]) -> None:
    """Whatever was said: a ticket or a question, or a refusal; never both, never neither, never something not said."""
    names = ("asset", "serial", "site", "contract", "scheme", "kind", "severity", "text")
    report = replace(WHOLE, **dict(zip(names, said, strict=True)))  # type: ignore[arg-type]  # texts only

    try:
        found = assess(report, KNOWN)
    except Refusal as refusal:
        code = refusal.code
    else:
        code = ""

    if code:
        assert code in {
            "intake.asset_contradicts",
            "intake.asset_elsewhere",
            "intake.contract_not_in_force",
            "intake.scheme_not_in_force",
        }
        return
    assert (found.ticket is None) == bool(found.questions)
    if found.ticket is not None:
        assert found.ticket.severity == report.severity
        assert found.ticket.kind == report.kind
        assert found.ticket.site in {report.site, "S-1", "S-2"}
    assert {field.name for field in fields(Report)} >= {question.asked for question in found.questions}


def attached(
    kind: Evidence = Evidence.PHOTO, media: str = "image/jpeg", size: int = 10, n: int = 0
) -> Attachment:
    """A file of the ticket."""
    return Attachment("T-1", AT, "web", kind, f"{n:064x}", media, size, f"file{n}")


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ([attached()], []),
        ([attached(media="IMAGE/JPEG; charset=binary")], []),
        ([attached(media="application/x-msdownload")], ["intake.attachment_type"]),
        ([attached(Evidence.LOG, "image/png")], ["intake.attachment_type"]),
        ([attached(size=15_000_001)], ["intake.attachment_too_big"]),
        ([attached(Evidence.VIDEO, "video/mp4", 15_000_001)], []),
        ([attached(), attached()], ["intake.attachment_twice"]),
        ([attached(n=n) for n in range(22)], ["intake.attachments_too_many"] * 2),
    ],
)
def test_files_are_taken_by_kind_type_and_size(files: list[Attachment], codes: list[str]) -> None:
    """A limit that is not told file by file loses the one that would have helped."""
    assert [flaw.code for flaw in check_attachments(files, PRACTICE)] == codes


def test_an_attachment_is_known_by_the_digest_of_its_bytes() -> None:
    """An empty file and a made-up digest say nothing."""
    with pytest.raises(Refusal, match=r"intake\.attachment_empty"):
        attached(size=0)
    with pytest.raises(Refusal, match=r"ticket\.not_a_digest"):
        replace(attached(), digest="0F" * 32)
    assert kind_of("image/jpeg", PRACTICE) is Evidence.PHOTO
    assert kind_of("text/plain; charset=utf-8", PRACTICE) is Evidence.LOG
    assert kind_of("application/x-msdownload", PRACTICE) is None


def closed(name: str, days_ago: float, *, asset: str = "A-1", symptom: str = "jam") -> ClosedTicket:
    """A repair some days before the report."""
    at = AT - timedelta(days=days_ago)
    return ClosedTicket(name, asset, "LP-7", Severity.P2, at - timedelta(hours=5), None, at, symptom)


def test_earlier_tickets_on_the_same_equipment_are_pointed_out_the_most_alike_first() -> None:
    """The second call about one fault is no second fault, and a fault come back is no new one."""
    waiting = replace(make_ticket(AT - timedelta(days=2)), asset="A-1", symptom="jam")
    other = replace(waiting, id="T-2", symptom="noise")
    elsewhere = replace(waiting, id="T-3", asset="A-2")
    later = replace(waiting, id="T-4", reported_at=AT + timedelta(minutes=1))
    history = [
        closed("T-10", 3),
        closed("T-11", 29.9, symptom="noise"),
        closed("T-12", 30),
        closed("T-13", 30.1),
        closed("T-14", 1, asset="A-2"),
        closed("T-15", -1),
    ]

    found = duplicates("A-1", "jam", AT, [other, waiting, elsewhere, later], history, repeat_days=30)

    assert [(one.ticket, one.likeness, one.days) for one in found] == [
        ("T-1", Likeness.OPEN_SAME_SYMPTOM, 2),
        ("T-2", Likeness.OPEN, 2),
        ("T-10", Likeness.RETURNED, 3),
        ("T-12", Likeness.RETURNED, 30),
        ("T-11", Likeness.RECENT, 29),
    ]
    assert duplicates("", "jam", AT, [waiting], history, repeat_days=30) == ()
    assert [one.likeness for one in duplicates("A-1", "", AT, [waiting], (), repeat_days=30)] == [
        Likeness.OPEN
    ]
    assert AT.tzinfo is UTC


BEGINNINGS = {
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "image/heic": b"\x00\x00\x00\x18ftypheic",
    "text/plain": b"08:00 E41",
    "text/csv": b"at,code\n",
    "application/json": b"{}",
    "application/zip": b"PK\x03\x04",
    "application/gzip": b"\x1f\x8b\x08",
    "video/mp4": b"\x00\x00\x00\x20ftypisom",
    "video/quicktime": b"\x00\x00\x00\x14ftypqt  ",
    "video/webm": b"\x1a\x45\xdf\xa3",
}


@pytest.mark.parametrize(
    "media", sorted({one for limit in PRACTICE.attachments.values() for one in limit.types})
)
def test_every_type_that_is_taken_is_told_from_a_program_and_a_document(media: str) -> None:
    """Whoever takes one type more has to say how it begins."""
    assert begins_as(media, BEGINNINGS[media])
    for foreign in (b"MZ\x90\x00", b"\x7fELF\x02", b"%PDF-1.7", b"GIF89a"):
        assert not begins_as(media, foreign)
