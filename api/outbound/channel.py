"""A channel takes a message to its receiver: mail over SMTP, anything else over HTTP by a template that is data."""

from __future__ import annotations

import re
import smtplib
import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from json import dumps
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from api.outbound.web import AGAIN, ask
from api.settings import Settings
from kernel.errors import Refusal

MAIL = "mail"

_PLACEHOLDER = re.compile(r"\{(id|to|subject|text|secret)\}")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,190}")


class NotNow(Exception):
    """The channel did not take it this time; `why` says it, `wait` is what the receiver asked for, if it did."""

    def __init__(self, why: Refusal, wait: timedelta | None = None) -> None:
        super().__init__(why.code)
        self.why = why
        self.wait = wait


class Channel(Protocol):
    """One way to people."""

    def deliver(self, number: str, to: str, subject: str, text: str) -> None:
        """Hand a message over; `number` stays the same however often it is.

        Raises:
            NotNow: it may be taken later.
            Refusal: it will never be taken.
        """


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail through the operator's server."""

    settings: Settings

    def deliver(self, number: str, to: str, subject: str, text: str) -> None:
        """Send a mail; its Message-ID comes from its number, so that a second copy is seen to be one."""
        if not _ADDRESS.fullmatch(to) or ".." in to:
            raise Refusal("message.bad_address")
        mail = EmailMessage()
        mail["From"], mail["To"] = self.settings.smtp_from, to
        mail["Subject"] = " ".join(subject.split())
        host = parseaddr(self.settings.smtp_from)[1].rpartition("@")[2] or "fieldwright"
        mail["Message-ID"] = f"<fieldwright.{number}@{host}>"
        mail.set_content(text)
        try:
            self._send(mail)
        except smtplib.SMTPResponseException as error:
            _refuse_mail(error.smtp_code)
        except smtplib.SMTPRecipientsRefused as error:
            _refuse_mail(next(iter(error.recipients.values()))[0])
        except (smtplib.SMTPException, OSError) as error:
            reason = str(error)[:120] or type(error).__name__
            raise NotNow(
                Refusal("outside.unreachable", host=self.settings.smtp_host, reason=reason)
            ) from None

    def _send(self, mail: EmailMessage) -> None:
        settings = self.settings
        safe = ssl.create_default_context()
        where = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=settings.outside_s, context=safe)
        else:
            server = smtplib.SMTP(*where, timeout=settings.outside_s)
        with server:
            if settings.smtp_tls == "starttls":
                server.starttls(context=safe)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(mail)


def _refuse_mail(code: int) -> None:
    refusal = Refusal("message.mail_refused", status=code)
    if code < 500 or code in {530, 535}:  # a wrong password is put right, and the mails then go out
        raise NotNow(refusal)
    raise refusal


@dataclass(frozen=True, slots=True)
class Web:
    """A message as one HTTP request, by a template: SMS gateways, robots of a chat, whatever takes JSON or a form.

    Args:
        name: of the channel.
        url: with placeholders ``{to} {id} {secret}``, each percent-encoded.
        kind: ``json`` or ``form``.
        body: what is sent; placeholders ``{id} {to} {subject} {text} {secret}`` in its texts.
        headers: the same placeholders, without text and subject.
        secret: stands for ``{secret}``.
        answer: field of a JSON answer that says whether it was taken (``errcode``); empty: the status alone does.
        taken: its value then.
        again: values of it that mean: later.
        timeout_s: how long it is waited for.
    """

    name: str
    url: str
    kind: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: str = field(default="", repr=False)
    answer: str = ""
    taken: str | int = ""
    again: tuple[str | int, ...] = ()
    timeout_s: float = 10.0

    def deliver(self, number: str, to: str, subject: str, text: str) -> None:
        """Send the request."""
        values = {"id": number, "to": to, "subject": subject, "text": text, "secret": self.secret}
        body = _filled(self.body, values)
        if self.kind == "json":
            content, sort = dumps(body, ensure_ascii=False).encode(), "application/json"
        else:
            content, sort = urlencode(body).encode(), "application/x-www-form-urlencoded"
        headers = {"Content-Type": sort, "Idempotency-Key": number, "User-Agent": "Fieldwright"}
        headers |= {name: _filled(text, values) for name, text in self.headers.items()}
        url = _filled(self.url, {name: quote(value, safe="") for name, value in values.items()})
        try:
            answer = ask(url, method="POST", body=content, headers=headers, timeout_s=self.timeout_s)
        except Refusal as refusal:
            if refusal.code == "outside.unreachable":
                raise NotNow(refusal) from None
            raise
        if not 200 <= answer.status < 300:
            why = Refusal("message.refused", channel=self.name, answer=answer.status)
            if answer.status not in AGAIN:
                raise why
            raise NotNow(why, _asked_to_wait(answer.headers.get("retry-after", "")))
        if self.answer:
            told = answer.json()
            said = told.get(self.answer) if isinstance(told, dict) else None
            if said != self.taken:
                why = Refusal("message.refused", channel=self.name, answer=str(said)[:60])
                if said not in self.again:
                    raise why
                raise NotNow(why)


def _asked_to_wait(text: str) -> timedelta | None:
    return (
        timedelta(seconds=min(int(text), 86_400))
        if text.isascii() and text.isdigit() and len(text) < 9
        else None
    )


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """Put the values in; what a value holds is never read as a placeholder again."""
    if isinstance(template, str):
        return _PLACEHOLDER.sub(lambda found: values[found[1]], template)
    if isinstance(template, Mapping):
        return {name: _filled(one, values) for name, one in template.items()}
    if isinstance(template, list | tuple):
        return [_filled(one, values) for one in template]
    return template


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels an operator has set up.

    Raises:
        Refusal: ``settings.file_unreadable``, ``message.bad_channel``.
    """
    found: dict[str, Channel] = {}
    if settings.smtp_host:
        if not _ADDRESS.fullmatch(parseaddr(settings.smtp_from)[1]):
            raise Refusal("settings.wrong_value", name="smtp_from", reason=settings.smtp_from[:60] or "-")
        found[MAIL] = Mail(settings)
    if settings.channels:
        try:
            told = tomllib.loads(Path(settings.channels).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            reason = str(error)[:200]
            raise Refusal("settings.file_unreadable", file=settings.channels[:200], reason=reason) from None
        found |= {name: _web(name, one, settings) for name, one in told.items()}
    return found


_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "url": str,
    "kind": str,
    "body": dict,
    "headers": dict,
    "secret": str,
    "answer": str,
    "taken": (str, int),
    "again": list,
}


def _web(name: str, told: Any, settings: Settings) -> Web:
    def wrong(field_name: str) -> Refusal:
        return Refusal("message.bad_channel", channel=name[:40], field=field_name[:40])

    if name == MAIL or not isinstance(told, dict):
        raise wrong("")
    for key, value in told.items():
        if key not in _FIELDS or not isinstance(value, _FIELDS[key]):
            raise wrong(key)
    if not str(told.get("url", "")).startswith(("https://", "http://")):
        raise wrong("url")
    if told.get("kind", "json") not in {"json", "form"} or "body" not in told:
        raise wrong("kind" if "body" in told else "body")
    if any(not isinstance(text, str) for text in told.get("headers", {}).values()):
        raise wrong("headers")
    if ("answer" in told) != ("taken" in told):
        raise wrong("taken")
    again = tuple(told.get("again", ()))
    return Web(
        name,
        told["url"],
        told.get("kind", "json"),
        told["body"],
        told.get("headers", {}),
        told.get("secret", ""),
        told.get("answer", ""),
        told.get("taken", ""),
        again,
        settings.outside_s,
    )
