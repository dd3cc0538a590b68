"""Messages that commands leave by themselves: once per effect, only to who has an address, told when they are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.outbound.channel import Channel
from api.outbound.message import Message
from api.outbound.sender import Sender
from api.schemas.messages import MessageIn
from api.settings import Settings
from api.usecases.deciding import Decision, carry_decision
from dispatch.region import Region
from kernel.clock import moment
from kernel.envelope import Envelope
from storage.check import untrue
from storage.database import Database
from storage.outbox import Letter, later, letters, sent, take_due
from storage.rows.region import load_region
from storage.scope import Scope
from storage.tables.command import KeyRow
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed

TO_CUSTOMER = {"channel": "sms", "address": "+86 591 0000 0001", "lang": "zh"}
TO_ENGINEER = {"channel": "sms", "address": "+86 591 0000 0002", "lang": "en"}
SETTINGS = Settings.model_construct(
    message_attempts=3, outside_s=2.0, quiet_from="21:00", quiet_until="06:00"
)
FIRST = moment("2026-03-06T10:00+08:00")


@dataclass
class Hand:
    """A channel that keeps what it is handed; `breaks`: the power goes right after."""

    got: list[tuple[str, str]] = field(default_factory=list)
    breaks: bool = False

    def deliver(self, number: str, to: str, subject: str, text: str) -> None:  # noqa: ARG002 a channel's shape
        """Take it."""
        self.got.append((number, to))
        if self.breaks:
            raise KeyboardInterrupt


def reached(client: TestClient) -> None:
    """C1 and E1 have addresses."""
    for path, body in (("customers/C1", TO_CUSTOMER), ("engineers/E1", TO_ENGINEER)):
        answer = client.put(f"/v1/{path}/receiver", json=body, headers=keyed(f"reach-{path[-2:]}"))
        assert answer.status_code == 201, answer.text


def tell(client: TestClient, at: datetime = FIRST, key: str = "told") -> None:
    """The desk tells the customer of V1 a time."""
    body = {"starts_at": at.isoformat(), "whom": "gate 3"}
    answer = client.post("/v1/visits/V1/told", json=body, headers=keyed(key))
    assert answer.status_code == 201, answer.text


def publish(stored: Database, at: datetime | None, key: str, *, second: bool = False) -> None:
    """Publish V1 at another time, or nowhere; `second`: somebody comes with who comes."""

    def decide(region: Region) -> Decision:
        stops = tuple(one for one in region.field.published if one.visit == "V1")
        moved = tuple(replace(one, starts_at=at, told_at=None) for one in stops) if at is not None else ()
        moved = tuple(one for one in moved if one.planned == one.visit)
        if second:
            moved += tuple(replace(one, role="second") for one in moved)
        return Decision(moved, {"V1"}, {})

    carry_decision(
        stored,
        Envelope("desk-1", "test", AS_OF, key, "R1"),
        command=("plan.test", {"at": str(at)}),
        read=lambda connection: load_region(connection, "R1"),
        decide=decide,
    )


def waiting(stored: Database) -> list[tuple[str, str, str]]:
    """What waits or went: kind, about, state; the oldest first."""
    with stored.reading() as connection:
        found: tuple[Letter, ...] = letters(connection, "R1")
    for one in found:
        Message.of(one.body)  # every one of them can be said
    return [(one.body["kind"], one.about, one.state.value) for one in reversed(found)]


def send(stored: Database, channel: Channel, *, later: timedelta = timedelta()) -> None:
    """Send what is due."""
    Sender(stored, "s-1", {"sms": channel}, SETTINGS, StandingClock(AS_OF + later)).once()


def believed(stored: Database) -> list[tuple[str, datetime]]:
    """Who told the customer of G1 what."""
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    told = [one for one in region.field.ticket_events if one.ticket == "G1" and one.kind == "told"]
    return [(one.by if one.by == "message" else "desk", one.time_told[0]) for one in told]


def test_a_changed_plan_reaches_who_believes_the_old_time_and_who_drives_there(
    client: TestClient, stored: Database
) -> None:
    """Told in writing, moved, and the engineer's day: each left once, also when the same command comes again."""
    reached(client)
    tell(client)
    publish(stored, FIRST + timedelta(hours=1), "move")
    publish(stored, FIRST + timedelta(hours=1), "move")

    # The word of the old time had not gone out yet: it never does.
    assert waiting(stored) == [
        ("visit_time", "G1", "dropped"),
        ("visit_moved", "G1", "waiting"),
        ("day_changed", "E1", "waiting"),
    ]
    channel = Hand()
    send(stored, channel)
    assert sorted(to for _, to in channel.got) == [TO_CUSTOMER["address"], TO_ENGINEER["address"]]
    assert believed(stored) == [("desk", FIRST), ("message", FIRST + timedelta(hours=1))]
    assert untrue(stored) == []
    send(stored, channel, later=timedelta(minutes=1))
    assert len(channel.got) == 2


def test_a_message_under_way_when_the_power_goes_tells_once(client: TestClient, stored: Database) -> None:
    """Sent again under the same number; the books say once that he was told."""
    reached(client)
    tell(client)
    publish(stored, FIRST + timedelta(hours=3), "move")
    breaking, channel = Hand(breaks=True), Hand()

    with pytest.raises(KeyboardInterrupt):
        send(stored, breaking)
    assert believed(stored) == [("desk", FIRST)]
    send(stored, channel, later=timedelta(minutes=30))

    assert breaking.got[0] in channel.got
    assert believed(stored)[1:] == [("message", FIRST + timedelta(hours=3))]


def test_without_an_address_the_call_list_keeps_him(client: TestClient, stored: Database) -> None:
    """Nobody is taken for told whom no message reached."""
    tell(client)
    publish(stored, FIRST + timedelta(hours=1), "move")

    assert waiting(stored) == []
    (call,) = [one for one in client.get("/v1/calls").json()["calls"] if one["visit"] == "V1"]
    assert moment(call["believed_at"]) == FIRST


def test_a_visit_called_off_and_a_time_that_is_over_are_said_right(
    client: TestClient, stored: Database
) -> None:
    """No new time is told; a message that waited too long is put aside, and the desk calls."""
    reached(client)
    tell(client)
    publish(stored, FIRST + timedelta(hours=1), "move")
    send(stored, Hand(), later=timedelta(hours=5))

    assert ("visit_moved", "G1", "dead") in waiting(stored)
    assert believed(stored) == [("desk", FIRST)]
    publish(stored, None, "off")
    assert waiting(stored)[-2:] == [("visit_cancelled", "G1", "waiting"), ("day_changed", "E1", "waiting")]


def test_who_sets_off_is_announced(client: TestClient, stored: Database) -> None:
    """By whatever door the engineer says it."""
    reached(client)

    answer = client.post(
        "/v1/tickets/G1/events", json={"kind": "travelling", "visit": "V1"}, headers=keyed("off")
    )

    assert answer.status_code == 201, answer.text
    assert waiting(stored) == [("on_the_way", "G1", "waiting")]


@pytest.mark.parametrize("goes_out", [True, False], ids=["it went out", "it did not"])
def test_what_a_sender_holds_is_ended_by_him(client: TestClient, stored: Database, *, goes_out: bool) -> None:
    """He may have sent it already: it must not stand there as dropped; what did not go out is not tried again."""
    reached(client)
    tell(client)
    sender = Envelope("sender", "s-1", AS_OF, "take", "none")
    (held,) = stored.run(sender, lambda work: take_due(work, most=5, hold=timedelta(minutes=1)))

    publish(stored, FIRST + timedelta(hours=1), "move")
    between = waiting(stored)[0]
    noted = replace(sender, region="R1", key="note")
    if goes_out:
        stored.run(noted, lambda work: sent(work, held))
    else:
        stored.run(noted, lambda work: later(work, held, at=AS_OF + timedelta(minutes=2), why=None))

    assert between == ("visit_time", "G1", "waiting")
    assert waiting(stored)[0] == ("visit_time", "G1", "sent" if goes_out else "dropped")


def test_what_was_overtaken_and_never_noted_is_not_sent_later(client: TestClient, stored: Database) -> None:
    """The sender that held it is gone: what it says is no longer so, and whoever comes after him does not say it."""
    reached(client)
    tell(client)
    sender = Envelope("sender", "s-1", AS_OF, "take", "none")
    stored.run(sender, lambda work: take_due(work, most=5, hold=timedelta(minutes=1)))
    publish(stored, FIRST + timedelta(hours=1), "move")
    channel = Hand()

    send(stored, channel, later=timedelta(minutes=2))

    assert [state for _, _, state in waiting(stored)] == ["dropped", "sent", "sent"]
    assert len(channel.got) == 2


@pytest.mark.parametrize("hours", [5, 14], ids=["after he is there", "in the night"])
def test_that_somebody_is_on_the_way_is_not_said_afterwards(
    client: TestClient, stored: Database, hours: int
) -> None:
    """Neither after an outage nor the morning after a night: it is put aside."""
    reached(client)
    client.post("/v1/tickets/G1/events", json={"kind": "travelling", "visit": "V1"}, headers=keyed("off"))
    channel = Hand()

    send(stored, channel, later=timedelta(hours=hours))

    assert channel.got == []
    assert waiting(stored) == [("on_the_way", "G1", "dead")]


def test_a_time_in_the_quiet_hours_is_given_up_while_the_desk_can_still_call(
    client: TestClient, stored: Database
) -> None:
    """When writing is allowed again at six, the visit of half past five has begun."""
    reached(client)
    tell(client)
    publish(stored, moment("2026-03-07T05:30+08:00"), "move")

    send(stored, Hand(), later=moment("2026-03-06T22:00+08:00") - AS_OF)

    assert ("visit_moved", "G1", "dead") in waiting(stored)


def test_who_else_comes_leaves_the_word_of_the_time_waiting(client: TestClient, stored: Database) -> None:
    """It was dropped before, and the customer never heard of the time."""
    reached(client)
    tell(client)
    publish(stored, FIRST + timedelta(hours=1), "move")
    publish(stored, FIRST + timedelta(hours=1), "crew", second=True)

    said = [(kind, state) for kind, _, state in waiting(stored) if kind == "visit_moved"]
    assert said == [("visit_moved", "waiting")]


def test_a_day_that_changes_twice_before_anybody_hears_is_said_once(
    client: TestClient, stored: Database
) -> None:
    """Publications before the sender looks are one word; after it was sent the next is another."""
    reached(client)
    for number in range(1, 4):
        publish(stored, FIRST + timedelta(minutes=number), f"move-{number}")
    channel = Hand()
    send(stored, channel)
    publish(stored, FIRST, "move-4")
    send(stored, channel)

    assert [kind for kind, _, _ in waiting(stored)] == ["day_changed", "day_changed"]
    assert len(channel.got) == 2


def test_of_a_ticket_that_is_over_nobody_is_told_a_time(client: TestClient, stored: Database) -> None:
    """The word of the new time still waits when the customer cancels: it never goes out."""
    reached(client)
    tell(client)
    publish(stored, FIRST + timedelta(hours=1), "move")
    answer = client.post(
        "/v1/tickets/G1/events", json={"kind": "cancelled", "reason": "no need"}, headers=keyed("over")
    )
    assert answer.status_code == 201, answer.text

    assert ("visit_moved", "G1", "dropped") in waiting(stored)


def test_an_address_is_replaced_only_as_it_was_seen(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """And shown to who writes messages, nobody else: not in the list of messages, not in the audit."""
    reached(client)
    path = "/v1/customers/C1/receiver"
    shown = client.get(path)
    other = {**TO_CUSTOMER, "address": "desk@example.com", "channel": "mail"}

    blind = client.put(path, json=other, headers=keyed("a"))
    stale = client.put(path, json=other, headers=keyed("b") | {"If-Match": '"1"'})
    good = client.put(path, json=other, headers=keyed("c") | {"If-Match": shown.headers["etag"]})
    again = client.put(path, json=other, headers=keyed("c") | {"If-Match": shown.headers["etag"]})
    nobody = client.put("/v1/customers/C99/receiver", json=other, headers=keyed("d"))
    empty = client.put(path, json={**other, "address": " "}, headers=keyed("e"))

    assert shown.json() == {"who": "customer", "id": "C1", **TO_CUSTOMER}
    assert (blind.status_code, stale.status_code, good.status_code) == (428, 412, 200)
    assert again.json() == good.json() == {"id": "C1", "new": False}
    assert (code_of(nobody), code_of(empty)) == ("register.unknown", "message.bad_receiver")
    rows = client.get("/v1/receivers").json()["rows"]
    assert [(one["who"], one["id"], one["channel"]) for one in rows] == [
        ("customer", "C1", "mail"),
        ("engineer", "E1", "sms"),
    ]
    assert "example.com" not in client.get("/v1/audit").text + client.get("/v1/messages").text
    narrow = as_role(Role.DISPATCHER, Scope(regions=("R1",), depots=("D1",)))
    assert {client.get(path, headers=who).status_code for who in (narrow, as_role(Role.STOREKEEPER))} == {403}
    unseen = client.delete(path, headers=keyed("f"))
    gone = client.delete(path, headers=keyed("g") | {"If-Match": good.headers["etag"]})
    assert (unseen.status_code, gone.json()) == (428, {"id": "C1", "removed": True})
    assert client.get(path).status_code == 404


def test_an_engineer_who_is_erased_is_reached_no_more(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """His number is about him and no work of his."""
    reached(client)
    office = as_role(Role.ADMINISTRATOR)

    known: Any = client.get("/v1/people/engineers/R1/E1", headers=office).json()
    erased = client.post("/v1/people/engineers/R1/E1/erase", headers=office | keyed("erase"))

    assert TO_ENGINEER["address"] in str(known)
    assert erased.status_code == 200, erased.text
    assert [one["id"] for one in client.get("/v1/receivers").json()["rows"]] == ["C1"]


def test_nobody_can_try_numbers_until_one_fits_after_an_erasure(
    client: TestClient, as_role: Callable[..., dict[str, str]], stored: Database
) -> None:
    """A digest of an address among a command's few words is the address to whoever has an afternoon: none is kept."""
    reached(client)
    number = str(TO_CUSTOMER["address"])
    message = {**MessageIn.model_config["json_schema_extra"]["examples"][0], "to": number}  # type: ignore[dict-item, index]
    client.post("/v1/messages", json=message, headers=keyed("m")).raise_for_status()
    report = {
        "channel": "phone",
        "kind": "fault",
        "severity": "P2",
        "asset": "A1",
        "text": "x",
        "contact": number,
    }
    assert client.post("/v1/tickets", json=report, headers=keyed("r")).status_code == 201
    office = as_role(Role.ADMINISTRATOR)

    def kept() -> list[str]:
        with stored.reading() as connection:
            row = KeyRow.c
            query = (
                select(row.command).where(row.region_id == "R1", row.digest != "").order_by(row.at, row.key)
            )
            return sorted(connection.execute(query).scalars())

    before = kept()
    erased = client.post(
        "/v1/people/contacts/R1/erase", json={"contact": number}, headers=office | keyed("e")
    )
    after = kept()
    again = client.post("/v1/tickets", json=report, headers=keyed("r"))

    assert erased.status_code == 200, erased.text
    told = ["message.leave", "message.receiver", "message.receiver", "ticket.take"]
    assert [before.count(one) for one in told] == [1, 2, 2, 1]
    assert sorted([*(one for one in before if one not in told), "person.erase_contact"]) == after
    assert code_of(again) == "database.key_reused"
