"""Guessing names and passwords, and asking too much: slowed down, and nothing learnt."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.auth.password import Passwords
from api.auth.policy import Hashing, Policy
from api.auth.sign_in import Caller, sign_in
from kernel.errors import Refusal
from storage.database import Database
from storage.people.accounts import close_account
from storage.people.tries import Throttle
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.people_builders import (
    GUESS,
    PASSWORD,
    QUICK,
    bearer,
    code,
    company,
    enter,
    person,
    somebody,
)


def test_an_unknown_name_a_wrong_password_and_a_closed_account_are_refused_alike(
    house: Database, stranger: TestClient
) -> None:
    """Nobody learns who works here."""
    person(house, now=AS_OF)
    person(house, now=AS_OF, name="gone-1")
    gone = person(house, now=AS_OF, name="gone-2")
    house.run(company(now=AS_OF), lambda work: close_account(work, gone))

    answers = [
        enter(stranger, "nobody-here"),
        enter(stranger, "desk-1", "nine blue horses at one"),
        enter(stranger, "gone-2"),
        enter(stranger, "desk-1", ""),
        enter(stranger, "no such name at all", "x" * 200),
        enter(stranger, "\u0000", PASSWORD),
    ]

    bodies = {one.text for one in answers[:-1]}
    assert len(bodies) == 1
    assert {code(one) for one in answers[:-1]} == {"401 session.refused"}
    assert answers[-1].status_code in {401, 422}


def test_a_name_nobody_has_costs_as_much_as_one_somebody_has(house: Database) -> None:
    """The hash is computed for both: what the two cost the processor differs by less than half a hash."""
    passwords = Passwords(Hashing(memory_kib=16 * 1024, lanes=1))  # one lane: its work is this thread's
    somebody(
        house, Role.MANAGER, now=AS_OF, name="desk-1", password_hash=passwords.hashed(PASSWORD, name="d-1")
    )
    policy = Policy(throttle=Throttle(of_name=1000, of_address=1000))

    def cost(act: Callable[[], object]) -> float:
        began = time.thread_time()
        act()
        return time.thread_time() - began

    def tried(name: str) -> float:
        def act() -> None:
            with pytest.raises(Refusal, match=r"session\.refused"):
                sign_in(house, passwords, policy, name=name, password=GUESS, caller=Caller("a"), now=AS_OF)

        return cost(act)

    times = [(tried("desk-1"), tried("nobody-1")) for _ in range(7)]

    known, unknown = (min(side) for side in zip(*times, strict=True))
    one_hash = min(cost(lambda: passwords.is_right("wrong", "")) for _ in range(5))
    assert min(known, unknown) > one_hash / 2
    assert abs(known - unknown) < one_hash / 2


def test_guessing_at_one_name_is_slowed_down_from_everywhere(house: Database, clock: StandingClock) -> None:
    """Ten wrong tries in a quarter of an hour, and even the right password waits; time heals it."""
    person(house, now=AS_OF)
    app = make_app(house, clock=clock, settings=QUICK)
    with TestClient(app) as client:
        wrong = [enter(client, password=f"a wrong guess {number}") for number in range(10)]
        blocked = enter(client)
        clock.moment = AS_OF + timedelta(minutes=16)
        healed = enter(client)

    assert {one.status_code for one in wrong} == {401}
    assert code(blocked) == "429 session.too_many_tries"
    assert 1 <= int(blocked.headers["retry-after"]) <= 15 * 60 + 1
    assert healed.status_code == 201


def test_guessing_from_one_address_is_slowed_down_over_all_names(house: Database) -> None:
    """One password tried at everybody's name."""
    app = make_app(
        house, clock=StandingClock(), settings=QUICK.model_copy(update={"sign_in_tries_address": 5})
    )
    with TestClient(app) as client:
        answers = [enter(client, f"name-{number}") for number in range(7)]

    assert [one.status_code for one in answers] == [401] * 5 + [429] * 2


def test_a_right_password_forgets_the_wrong_ones_of_its_name_only(
    house: Database, clock: StandingClock
) -> None:
    """Nobody clears the count of his guesses at others by signing in himself."""
    person(house, now=AS_OF)
    person(house, now=AS_OF, name="mallory-1")
    app = make_app(house, clock=clock, settings=QUICK)
    with TestClient(app) as client:
        for _ in range(9):
            enter(client, "desk-1", "a wrong guess")
        enter(client, "mallory-1")
        enter(client, "desk-1", "a wrong guess")
        blocked = enter(client, "desk-1")

    assert code(blocked) == "429 session.too_many_tries"


def test_too_many_requests_of_one_address_wait(house: Database) -> None:
    """Before anybody looks who it is: asking who it is costs too."""
    app = make_app(
        house, clock=StandingClock(), settings=QUICK.model_copy(update={"requests_per_min_address": 60})
    )
    with TestClient(app) as client:
        answers = [client.get("/v1/me") for _ in range(70)]
        alive = client.get("/healthz")

    assert [one.status_code for one in answers] == [401] * 60 + [429] * 10
    assert code(answers[-1]) == "429 rate.too_many"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert alive.status_code == 200


def test_a_plan_weighs_more_than_a_look(house: Database) -> None:
    """Sixty looks a minute are three plans."""
    headers = bearer(house, Role.MANAGER, now=AS_OF)
    app = make_app(house, clock=StandingClock(), settings=QUICK.model_copy(update={"requests_per_min": 60}))
    with TestClient(app) as client:
        plans = [
            client.post(
                "/v1/plans", json={}, headers={**headers, "Idempotency-Key": f"plan-{number}"}
            ).status_code
            for number in range(4)
        ]
        other = client.get("/v1/me", headers=bearer(house, Role.MANAGER, now=AS_OF)).status_code

    assert 429 not in plans[:3]
    assert plans[3] == 429
    assert other == 200
