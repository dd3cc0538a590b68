"""A mail is read as its writer meant it, whatever program wrote it; what cannot be a mail is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.inbound.letter import MOST_PARTS, read_letter
from kernel.errors import Refusal
from storage.dataset.cell import LONGEST_TEXT, plain_text

HEAD = b"Message-ID: <a1@mail>\r\nDate: Fri, 6 Mar 2026 16:00:00 +0800\r\nFrom: K-113 <desk@k113.example>\r\n"


def test_a_mail_with_a_photo_is_read_whole() -> None:
    """Words, sender, moment and the file, as the mail program of the customer put them together."""
    mail = EmailMessage()
    mail["Message-ID"] = "<7f@k113.example>"
    mail["From"] = "Ward 3 <ward3@k113.example>"
    mail["Subject"] = "压缩机停机 A-113-2"
    mail["Date"] = "Fri, 06 Mar 2026 16:00:00 +0800"
    mail.set_content("机器卡纸了。\nIt does not start.\n")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="照片 1.png")

    letter = read_letter(mail.as_bytes())

    assert letter.message_id == "7f@k113.example"
    assert letter.sender == "ward3@k113.example"
    assert letter.subject == "压缩机停机 A-113-2"
    assert letter.text == "机器卡纸了。 It does not start."
    assert letter.sent_at == datetime(2026, 3, 6, 8, tzinfo=UTC)
    assert [(one.name, one.media_type, one.content) for one in letter.enclosed] == [
        ("照片 1.png", "image/png", b"\x89PNG")
    ]


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("gb2312", "gb18030"),  # says the small set, uses the large one
        ("GBK", "gb18030"),
        ("us-ascii", "utf-8"),
        ("utf-8", "gb18030"),  # says what it is not
        ("x-nobody-knows", "utf-8"),
        ("hex", "utf-8"),  # a codec that is no charset
        ("", "utf-8"),
        ("big5", "big5"),
    ],
)
def test_words_are_read_whatever_charset_is_claimed(named: str, written: str) -> None:
    """A fault described in signs nobody can read is a fault nobody can plan."""
    said = "機器無法啟動" if written == "big5" else "堃厂卡纸，㑇机停机"
    kind = f'text/plain; charset="{named}"' if named else "text/plain"
    raw = HEAD + f"Content-Type: {kind}\r\n\r\n".encode() + said.encode(written)

    assert read_letter(raw).text == said


@pytest.mark.parametrize("written", ["utf-8", "gb18030"])
def test_a_subject_that_was_never_encoded_is_read(written: str) -> None:
    """Old programs put raw bytes into headers; question marks would hide the asset's number."""
    raw = HEAD + b"Subject: " + "设备停机 A-1".encode(written) + b"\r\n\r\nhelp"

    assert read_letter(raw).subject == "设备停机 A-1"


def test_a_page_is_read_without_its_marks() -> None:
    """Mail written in a browser has no plain text; its styles and scripts are nobody's words."""
    page = "<head><style>p{color:red}</style></head><p>Fan &amp; pump<br>stopped<script>x()</script></p>"
    raw = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()

    assert read_letter(raw).text == "Fan & pump stopped"


def test_the_moment_our_server_got_it_goes_before_the_senders_clock() -> None:
    """A customer's computer may be a day off; the promise counts from when we could know."""
    received = b"Received: from a by b; Fri, 6 Mar 2026 09:00:00 +0000\r\n"

    assert read_letter(received + HEAD + b"\r\nx").sent_at == datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert read_letter(HEAD.replace(b"+0800", b"-0000") + b"\r\nx").sent_at.hour == 16


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "mail.no_message_id"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "mail.no_message_id"),
        (HEAD.replace(b"Message-ID", b"X-ID") + b"\r\nx", "mail.no_message_id"),
        (HEAD.replace(b"Date: Fri, 6 Mar 2026 16:00:00 +0800", b"Date: soon") + b"\r\nx", "mail.no_date"),
        (b" " * (40 * 1024 * 1024 + 1), "mail.too_large"),
    ],
)
def test_what_is_no_mail_is_refused(raw: bytes, code: str) -> None:
    """Nothing is opened for a file that only ends in .eml."""
    with pytest.raises(Refusal) as caught:
        read_letter(raw)

    assert caught.value.code == code


def test_a_mail_made_to_exhaust_its_reader_is_refused() -> None:
    """Hundreds of parts, or mails inside mails, are an attack or a mistake; neither is a ticket."""
    many = EmailMessage()
    many["Message-ID"], many["Date"] = "<x@y>", "Fri, 06 Mar 2026 16:00:00 +0800"
    many.set_content("x")
    for _ in range(MOST_PARTS):
        many.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    deep = EmailMessage()
    deep.set_content("x")
    for _ in range(30):
        outer = EmailMessage()
        outer["Message-ID"], outer["Date"] = "<x@y>", "Fri, 06 Mar 2026 16:00:00 +0800"
        outer.set_content(deep)
        deep = outer

    for mail in (many, deep):
        with pytest.raises(Refusal, match=r"mail\.too_many_parts"):
            read_letter(mail.as_bytes())


def test_a_charset_said_in_pieces_does_not_stop_the_mailbox() -> None:
    """The standard library reads such a name as three, and fails on bytes beyond ASCII."""
    raw = HEAD + b"Content-Type: text/plain; charset*0*=x'y'utf; charset*1=-8\r\n\r\n" + "停机".encode()

    assert read_letter(raw).text == "停机"


@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: multipart/mixed; boundary=b\r\n",
                b"Content-Type: text/plain; charset*0*=x'y'%%\r\n",
                b"Content-Transfer-Encoding: base64\r\n",
                b"Content-Transfer-Encoding: quoted-printable\r\n",
                b"Content-Disposition: attachment; filename*=gb2312''%C4\r\n",
                b"Subject: =?utf-8?b?\xff\xfe?= =?nothing?q?=C4?=\r\n",
                b"Subject: =?utf-8?b?====?=\r\n",
                b"From: <<>>,;:\r\n",
                b"\r\n--b\r\n",
                b"\r\n--b--\r\n",
                b"\r\n",
            ]
        )
        | st.binary(max_size=60),
        max_size=12,
    )
)
def test_no_bytes_break_the_reader(pieces: list[bytes]) -> None:
    """A mailbox holds everything; one bad mail must not stop the others."""
    try:
        letter = read_letter(HEAD + b"".join(pieces))
    except Refusal as refusal:
        if not refusal.code.startswith("mail."):
            raise
        return
    for text in (letter.text, letter.subject, letter.sender):
        for start in range(0, len(text), LONGEST_TEXT):
            plain_text(text[start : start + LONGEST_TEXT])
