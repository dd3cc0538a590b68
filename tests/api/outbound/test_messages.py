"""Messages: sent once they are due, kept until somebody took them, put aside when nobody ever will."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email import message_from_string
from email.header import decode_header, make_header
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.outbound.channel import Channel, Mail, Web, channels_of
from api.outbound.message import KINDS, Message, leave
from api.outbound.quiet import allowed_from
from api.outbound.sender import Sender
from api.settings import Settings
from api.text import LANGUAGES
from kernel.clock import zone
from kernel.errors import Refusal
from storage.database import Database
from storage.outbox import Letter, drop, letters, send_again, take_due
from storage.tables.outbox import OutboxState
from tests.api.outbound.conftest import Got, Post, Service
from tests.database_builders import envelope

NOON = datetime(2026, 3, 6, 4, 0, tzinfo=UTC)
SETTINGS = Settings.model_construct(message_attempts=3, outside_s=2.0)


@dataclass
class Hands:
    """A clock set by hand."""

    moment: datetime = NOON

    def now(self) -> datetime:
        """What it was set to."""
        return self.moment


def left(database: Database, message: Message) -> int:
    """A message left in the outbox by a command; gives its number."""
    database.run(envelope(now=NOON), lambda work: leave(work, message, about="T-1"))
    return standing(database)[0].seq


def standing(database: Database) -> tuple[Letter, ...]:
    """The outbox, newest first."""
    with database.reading() as connection:
        return letters(connection, "R-1")


def sender(database: Database, channels: dict[str, Channel], clock: Hands | None = None) -> Sender:
    """A sender at noon."""
    return Sender(database, "s-1", channels, SETTINGS, clock or Hands())


def moved(channel: str = "sms", to: str = "+86 591 0000 0000") -> Message:
    """That a visit was moved."""
    values = {"ticket": "T-1", "start_at": "2026-03-07T01:00Z", "end_at": "2026-03-07T03:00Z"}
    return Message(channel, to, "visit_moved", "en", values)


def sms(service: Service) -> Web:
    """A gateway that takes JSON and says how it went in a field."""
    body = {"to": "{to}", "content": {"text": "{text}"}, "ref": "{id}", "parts": ["{subject}", 1]}
    url = f"{service.address}/send?key={{secret}}"
    return Web("sms", url, "json", body, {}, "a/b", answer="code", taken=0, again=(7,), timeout_s=2)


def taken(_got: Got) -> tuple[int, bytes, dict[str, str]]:
    """The gateway takes it."""
    return 200, b'{"code": 0}', {}


def test_a_message_reaches_the_gateway_as_its_template_says(database: Database, service: Service) -> None:
    """In the receiver's language, with times of the region, under a number that stays the same."""
    service.answer = taken
    number = left(database, moved())

    assert sender(database, {"sms": sms(service)}).once() == 1

    (got,) = service.got
    assert (got.method, got.path, got.headers["idempotency-key"]) == (
        "POST",
        "/send?key=a%2Fb",
        f"R-1-{number}",
    )
    text = "The visit for T-1 has been moved: our engineer now arrives between 2026-03-07 09:00 and 2026-03-07 11:00."
    assert json.loads(got.body) == {
        "to": "+86 591 0000 0000",
        "content": {"text": text},
        "ref": f"R-1-{number}",
        "parts": ["Visit moved: T-1", 1],
    }
    assert [letter.state for letter in standing(database)] == [OutboxState.SENT]
    assert sender(database, {"sms": sms(service)}).once() == 0


def test_a_robot_of_a_chat_is_a_channel_too(database: Database, service: Service, tmp_path: Path) -> None:
    """WeCom's shape from a file, as docs/outbound.md shows it."""
    file = tmp_path / "channels.toml"
    file.write_text(
        f"""[wecom]
url = "{service.address}/cgi-bin/webhook/send?key={{secret}}"
secret = "k-1"
body = {{ msgtype = "text", text = {{ content = "{{text}}" }} }}
answer = "errcode"
taken = 0
again = [45009]

[sms]
url = "{service.address}/sms"
kind = "form"
body = {{ mobile = "{{to}}", text = "{{text}}" }}
headers = {{ Authorization = "Bearer {{secret}}" }}
secret = "k-2"
"""
    )
    service.answer = lambda _: (200, b'{"errcode": 0, "errmsg": "ok"}', {})
    channels = channels_of(Settings.model_construct(channels=str(file), outside_s=2.0))
    day = {"engineer": "E03", "day": "2026-03-07"}
    left(database, Message("wecom", "group", "day_changed", "zh", day))
    left(database, Message("sms", "138", "ticket_done", "en", {"ticket": "A&B {secret}"}))

    sender(database, channels).once()

    robot, form = service.got
    assert robot.path == "/cgi-bin/webhook/send?key=k-1"
    said = json.loads(robot.body)
    assert said == {
        "msgtype": "text",
        "text": {"content": "工程师 E03：您 2026-03-07 的计划有变动，请在出发前查看。"},
    }
    assert form.headers["authorization"] == "Bearer k-2"
    assert parse_qs(form.body.decode())["text"][0].startswith("The work on A&B {secret} is done")


def test_a_mail_goes_out_with_the_same_id_each_time(database: Database, post: Post) -> None:
    """The second copy of a mail that got lost in doubt is seen to be one."""
    settings = Settings.model_construct(
        smtp_host="127.0.0.1",
        smtp_port=post.port,
        smtp_tls="none",
        smtp_from="Desk <desk@example.com>",
        outside_s=2.0,
    )
    number = left(database, Message("mail", "a@example.com", "ticket_received", "zh", {"ticket": "T-1"}))

    sender(database, channels_of(settings)).once()
    Mail(settings).deliver(f"R-1-{number}", "a@example.com", "again\nBcc: b@example.com", "words")

    first, second = (message_from_string(mail) for mail in post.mails)
    assert first["Message-ID"] == second["Message-ID"] == f"<fieldwright.R-1-{number}@example.com>"
    assert str(make_header(decode_header(first["Subject"]))) == "已受理：T-1"
    assert (second["Subject"], second["Bcc"]) == ("again Bcc: b@example.com", None)


def test_a_service_that_is_away_is_tried_again_and_later_each_time(database: Database, nobody: int) -> None:
    """Half a minute, a minute, then it is put aside where somebody sees it; nothing is lost."""
    left(database, moved())
    clock = Hands()
    away: dict[str, Channel] = {"sms": Web("sms", f"http://127.0.0.1:{nobody}/", "json", {}, timeout_s=1)}
    tries = []

    for _ in range(400):
        if sender(database, away, clock).once():
            tries.append((clock.moment - NOON).total_seconds())
        clock.moment += timedelta(seconds=1)

    (letter,) = standing(database)
    assert tries == [0, 30, 90]
    assert (letter.state, letter.attempts, letter.error_code) == (OutboxState.DEAD, 3, "outside.unreachable")


def test_what_was_given_up_can_be_sent_again_or_dropped(database: Database, service: Service) -> None:
    """A dead letter is not the end: the number is corrected at the gateway, and it goes out with its old id."""
    first, second = left(database, moved()), left(database, moved(to="2"))
    service.answer = lambda _: (400, b"", {})
    sender(database, {"sms": sms(service)}).once()
    assert {letter.state for letter in standing(database)} == {OutboxState.DEAD}

    service.answer = taken
    database.run(envelope(now=NOON), lambda work: send_again(work, first))
    database.run(envelope(now=NOON), lambda work: drop(work, second))
    sender(database, {"sms": sms(service)}).once()

    assert [letter.state for letter in standing(database)] == [OutboxState.DROPPED, OutboxState.SENT]
    assert [got.headers["idempotency-key"] for got in service.got].count(f"R-1-{first}") == 2
    with pytest.raises(Refusal, match=r"outbox\.not_dead"):
        database.run(envelope(now=NOON), lambda work: send_again(work, first))
    with pytest.raises(Refusal, match=r"outbox\.ended"):
        database.run(envelope(now=NOON), lambda work: drop(work, first))
    with pytest.raises(Refusal, match=r"outbox\.unknown"):
        database.run(envelope(now=NOON), lambda work: drop(work, 10_000))


def test_a_sender_that_dies_after_sending_sends_again_under_the_same_number(
    database: Database, service: Service
) -> None:
    """At least once: between the gateway's yes and our note the power went; the gateway sees the same number twice."""
    service.answer = taken
    number = left(database, moved())
    hold = timedelta(seconds=60)
    (letter,) = database.run(envelope(now=NOON), lambda work: take_due(work, most=5, hold=hold))
    sms(service).deliver(letter.id, *("1", "s", "t"))  # and never noted

    clock = Hands(NOON + timedelta(seconds=59))
    assert sender(database, {"sms": sms(service)}, clock).once() == 0
    clock.moment = NOON + timedelta(seconds=61)
    assert sender(database, {"sms": sms(service)}, clock).once() == 1

    assert {got.headers["idempotency-key"] for got in service.got} == {f"R-1-{number}"}
    assert [(one.state, one.attempts) for one in standing(database)] == [(OutboxState.SENT, 2)]


def test_what_was_sent_long_ago_is_forgotten_and_what_waits_is_not(
    database: Database, service: Service
) -> None:
    """A message holds somebody's number: it stays as long as the setting says, and no longer than an hour more."""
    service.answer = taken
    left(database, moved())
    clock = Hands()
    one = sender(database, {"sms": sms(service)}, clock)
    one.once()
    waits = left(database, moved(channel="nothing"))

    clock.moment = NOON + timedelta(days=89)
    one.once()
    kept = {letter.state for letter in standing(database)}
    clock.moment = NOON + timedelta(days=90, minutes=61)
    one.once()

    assert OutboxState.SENT in kept
    assert [letter.seq for letter in standing(database)] == [waits]


def test_two_senders_share_the_work(database: Database, service: Service) -> None:
    """A message that one has taken is not taken by the other."""
    for number in range(8):
        left(database, moved(to=str(number)))
    first = database.run(envelope(now=NOON), lambda work: take_due(work, most=5, hold=timedelta(minutes=1)))
    second = database.run(envelope(now=NOON), lambda work: take_due(work, most=5, hold=timedelta(minutes=1)))

    assert len({letter.seq for letter in (*first, *second)}) == len(first) + len(second) == 8


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        ((200, b'{"code": 7}', {}), OutboxState.WAITING, "message.refused"),
        ((200, b'{"code": 8}', {}), OutboxState.DEAD, "message.refused"),
        ((200, b"<html>", {}), OutboxState.DEAD, "outside.not_json"),
        ((503, b"", {"Retry-After": "600"}), OutboxState.WAITING, "message.refused"),
        ((429, b"", {"Retry-After": "soon"}), OutboxState.WAITING, "message.refused"),
        ((404, b"", {}), OutboxState.DEAD, "message.refused"),
        ((302, b"", {"Location": "http://127.0.0.1:9/"}), OutboxState.DEAD, "message.refused"),
    ],
)
def test_what_the_gateway_says_decides_whether_it_is_tried_again(
    database: Database,
    service: Service,
    answer: tuple[int, bytes, dict[str, str]],
    state: OutboxState,
    code: str,
) -> None:
    """A wrong number stays wrong; a busy gateway does not, and says itself how long."""
    service.answer = lambda _: answer
    left(database, moved())

    sender(database, {"sms": sms(service)}).once()

    (letter,) = standing(database)
    assert (letter.state, letter.error_code) == (state, code)
    wait = 600 if "600" in answer[2].values() else 30
    assert state is OutboxState.DEAD or letter.next_at == NOON + timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("said", "state"),
    [("550 no such user", OutboxState.DEAD), ("451 greylisted", OutboxState.WAITING)],
)
def test_a_mail_server_says_whether_to_come_back(
    database: Database, post: Post, said: str, state: OutboxState
) -> None:
    """No such mailbox is final, come back later is not."""
    post.refuse["a@example.com"] = said
    settings = Settings.model_construct(
        smtp_host="127.0.0.1",
        smtp_port=post.port,
        smtp_tls="none",
        smtp_from="desk@example.com",
        outside_s=2.0,
    )
    left(database, Message("mail", "a@example.com", "ticket_done", "en", {"ticket": "T-1"}))

    sender(database, channels_of(settings)).once()

    (letter,) = standing(database)
    assert (letter.state, letter.error_code) == (state, "message.mail_refused")


def test_a_customer_is_not_woken(database: Database, service: Service) -> None:
    """What falls into the quiet hours waits for the morning, and the waiting is no failed try; engineers are told."""
    service.answer = taken
    late = Hands(datetime(2026, 3, 6, 14, 30, tzinfo=UTC))  # 22:30 in Shanghai
    left(database, moved())
    left(database, Message("sms", "E03", "day_changed", "zh", {"engineer": "E03", "day": "2026-03-07"}))

    sender(database, {"sms": sms(service)}, late).once()

    engineer, customer = standing(database)
    assert engineer.state is OutboxState.SENT
    assert (customer.state, customer.attempts) == (OutboxState.WAITING, 0)
    assert customer.next_at == datetime(2026, 3, 7, 0, 0, tzinfo=UTC)
    late.moment = customer.next_at
    sender(database, {"sms": sms(service)}, late).once()
    assert {letter.state for letter in standing(database)} == {OutboxState.SENT}


TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 the strategy wants them naive
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    TIMES,
    TIMES,
)
def test_the_moment_after_quiet_hours_is_near_and_allowed(
    now: datetime, name: str, quiet_from: time, quiet_until: time
) -> None:
    """Never in the past, never more than a day and an hour ahead, and from there on nothing waits again."""
    at = allowed_from(now, name, quiet_from=quiet_from, quiet_until=quiet_until)

    assert now <= at <= now + timedelta(hours=25)
    again = allowed_from(at, name, quiet_from=quiet_from, quiet_until=quiet_until)
    assert again - at <= timedelta(hours=1)  # an hour that daylight saving repeats, at most
    assert at == now or at.astimezone(zone(name)).minute == quiet_until.minute or "Lord_Howe" in name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_can_be_said(kind: str, lang: str) -> None:
    """With every value it names in it."""
    at = "2026-03-07T01:00+00:00"
    values = {name: at if name.endswith("_at") else f"<{name}>" for name in KINDS[kind]}
    subject, text = Message("sms", "1", kind, "zh" if lang == "zh" else "en", values).words("Asia/Shanghai")

    assert subject
    for name in values:
        assert ("2026-03-07 09:00" if name.endswith("_at") else f"<{name}>") in text + subject


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"kind": "spam"}, "message.unknown_kind"),
        ({"values": {}}, "message.wrong_values"),
        ({"values": {"ticket": "x" * 201, "start_at": "", "end_at": ""}}, "message.wrong_values"),
        ({"to": ""}, "message.bad_receiver"),
        ({"to": "a\r\nBcc: b"}, "message.bad_receiver"),
        ({"values": {"ticket": "T", "start_at": "soon", "end_at": "later"}}, "clock.not_a_moment"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_before_it_is_written(
    told: dict[str, object], code: str
) -> None:
    """The dispatcher hears it at once, not a dead letter an hour later."""
    good: dict[str, object] = {"channel": "sms", "to": "1", "kind": "visit_moved", "lang": "en"}
    good["values"] = dict(moved().values)

    with pytest.raises(Refusal) as refused:
        Message(**(good | told))  # type: ignore[arg-type]

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[sms]\nbody = {}\n", "url"),
        ('[sms]\nurl = "ftp://x"\nbody = {}\n', "url"),
        ('[sms]\nurl = "https://x"\n', "body"),
        ('[sms]\nurl = "https://x"\nbody = {}\ncolour = 1\n', "colour"),
        ('[sms]\nurl = "https://x"\nbody = {}\nanswer = "code"\n', "taken"),
        ('[sms]\nurl = "https://x"\nbody = {}\nheaders = { A = 1 }\n', "headers"),
        ('[mail]\nurl = "https://x"\nbody = {}\n', ""),
    ],
)
def test_a_channel_that_cannot_work_is_refused_at_the_start(tmp_path: Path, text: str, field: str) -> None:
    """With the field that is wrong."""
    file = tmp_path / "channels.toml"
    file.write_text(text)

    with pytest.raises(Refusal, match=r"message\.bad_channel") as refused:
        channels_of(Settings.model_construct(channels=str(file)))

    assert refused.value.message.params["field"] == field
