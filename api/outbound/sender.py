"""The sender: takes what is due from the outbox and hands it to its channel, until somebody says that it was taken."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from api.logs import LOG
from api.outbound.channel import Channel, NotNow
from api.outbound.message import FOR_ENGINEERS, Message
from api.outbound.quiet import allowed_from
from api.settings import Settings
from api.turns import until_left
from kernel.clock import Clock, moment
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.announcing import TOPIC
from storage.database import Database
from storage.desk.tickets import told_by_message
from storage.outbox import Letter, forget_sent, give_up, later, sent, take_due
from storage.regional import zone_of
from storage.unit_of_work import UnitOfWork

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
AT_ONCE = 5
SET_OFF_LASTS = timedelta(hours=1)
"""How long it is worth saying that somebody has set off. Chosen."""
FORGET_EVERY = timedelta(hours=1)
LOOK_S = 2.0


@dataclass
class Sender:
    """One sender; any number may run, on any number of machines.

    Args:
        database: open.
        name: its id.
        channels: by name.
        settings: quiet hours and how often a message is tried.
        clock: says the time.
    """

    database: Database
    name: str
    channels: Mapping[str, Channel]
    settings: Settings
    clock: Clock
    leaving: threading.Event = field(default_factory=threading.Event)
    _forgot: datetime | None = None

    def leave(self) -> None:
        """End after the message under way."""
        self.leaving.set()

    def until_left(self) -> None:
        """Send until asked to leave; a database that is away is waited for."""
        until_left(
            self.once,
            self.leaving,
            pause_s=LOOK_S,
            waits=lambda refusal: LOG.warning("sender_waits", code=refusal.code),
        )

    def once(self) -> int:
        """Try what is due, a handful; gives how many messages were taken up.

        Raises:
            Refusal: ``database.*``: what was taken up is due again after a while.
        """
        self._forget()
        # Long enough for each of them to be waited for several times: nobody else takes them meanwhile.
        hold = timedelta(seconds=AT_ONCE * (4 * self.settings.outside_s + 10))
        letters = self.database.run(
            self._envelope("none", "take"), lambda work: take_due(work, most=AT_ONCE, hold=hold)
        )
        for letter in letters:
            self._try(letter)
        return len(letters)

    def _forget(self) -> None:
        """Once an hour, remove what was sent or dropped long ago: it holds addresses of people."""
        now = self.clock.now()
        if self._forgot is not None and self._forgot <= now < self._forgot + FORGET_EVERY:
            return
        before = now - timedelta(days=self.settings.messages_kept_days)
        envelope = self._envelope("none", "forget")
        self.database.run(envelope, lambda work: forget_sent(work.connection, before=before))
        self._forgot = now

    def _try(self, letter: Letter) -> None:
        envelope = self._envelope(letter.region, f"send-{letter.seq}-{letter.attempts}")
        try:
            wait_until = self._deliver(letter)
        except NotNow as not_now:
            self._not_now(letter, envelope, not_now)
        except Refusal as refusal:
            LOG.warning("message_dead", message=letter.id, code=refusal.code)
            why = refusal
            self.database.run(envelope, lambda work: give_up(work, letter, why))
        else:
            if wait_until is None:
                self._taken(letter, envelope)
            else:
                at = wait_until
                self.database.run(envelope, lambda work: later(work, letter, at=at, why=None))

    def _taken(self, letter: Letter, envelope: Envelope) -> None:
        """Note that it was taken, and that the customer was told the time it says, together or not at all."""

        def noted(work: UnitOfWork) -> None:
            sent(work, letter)
            told_by_message(work, letter.about, letter.body)

        try:
            self.database.run(envelope, noted)
        except Refusal as refusal:
            if refusal.code.startswith("database."):
                raise
            # The ticket has ended meanwhile, say: what went out went out.
            LOG.warning("message_not_told", message=letter.id, code=refusal.code)
            self.database.run(envelope, lambda work: sent(work, letter))

    def _deliver(self, letter: Letter) -> datetime | None:
        """Hand it over; gives the moment to wait for where the hours are quiet. What is over by then is not waited with."""
        if letter.topic != TOPIC:
            raise Refusal("message.unknown_topic", topic=letter.topic)
        message, now = Message.of(letter.body), self.clock.now()
        over = _over_at(letter, message)
        if over is not None and over <= now:
            raise Refusal("message.too_late")
        with self.database.reading() as connection:
            zone_name = zone_of(connection, letter.region)
        if message.kind not in FOR_ENGINEERS:
            allowed = allowed_from(
                now,
                zone_name,
                quiet_from=time.fromisoformat(self.settings.quiet_from),
                quiet_until=time.fromisoformat(self.settings.quiet_until),
            )
            if over is not None and over <= allowed:  # said now, while the desk can still call
                raise Refusal("message.too_late")
            if allowed > now:
                return allowed
        channel = self.channels.get(message.channel)
        if channel is None:
            # Set up a moment later it is there; a misspelt one ends with the attempts.
            raise NotNow(Refusal("message.unknown_channel", channel=message.channel[:40]))
        channel.deliver(letter.id, message.to, *message.words(zone_name))
        return None

    def _not_now(self, letter: Letter, envelope: Envelope, not_now: NotNow) -> None:
        why = not_now.why
        if letter.attempts >= self.settings.message_attempts:
            LOG.warning("message_dead", message=letter.id, code=why.code, attempts=letter.attempts)
            self.database.run(envelope, lambda work: give_up(work, letter, why))
            return
        at = self.clock.now() + max(not_now.wait or timedelta(), wait_after(letter.attempts))
        LOG.info("message_later", message=letter.id, code=why.code, attempts=letter.attempts)
        self.database.run(envelope, lambda work: later(work, letter, at=at, why=why))

    def _envelope(self, region: str, key: str) -> Envelope:
        return Envelope("sender", self.name, self.clock.now(), key, region)


def _over_at(letter: Letter, message: Message) -> datetime | None:
    """The moment from which on what a message says is of no use; None: it stays true."""
    if letter.body.get("tells"):
        return moment(letter.body["tells"])
    if "arrive_at" in message.values:
        return moment(message.values["arrive_at"])
    return letter.at + SET_OFF_LASTS if message.kind == "set_off" else None


def wait_after(attempts: int) -> timedelta:
    """How long a message waits after so many tries: doubled each time, an hour at most.

    >>> [wait_after(n).total_seconds() for n in (1, 2, 3, 20)]
    [30.0, 60.0, 120.0, 3600.0]
    """
    doubled: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)
