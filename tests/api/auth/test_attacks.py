"""What somebody tries who wants in through a visitor's browser: planted sessions, other sites, headers."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.app import make_app
from storage.database import Database
from storage.tables.people import ApiKeyRow, Role, SessionRow
from tests.api.http.conftest import AS_OF, StandingClock
from tests.people_builders import (
    PASSWORD,
    QUICK,
    bearer,
    code,
    enter,
    person,
)


def test_a_planted_session_is_not_the_one_that_gets_signed_in(house: Database, stranger: TestClient) -> None:
    """Session fixation: the token after signing in is new, and the planted one is worth nothing."""
    person(house, now=AS_OF)
    enter(stranger)
    planted = stranger.cookies["fieldwright"]

    enter(stranger)

    assert stranger.cookies["fieldwright"] != planted
    assert stranger.get("/v1/me").status_code == 200
    stranger.cookies.clear()
    stranger.cookies.set("fieldwright", planted)
    assert code(stranger.get("/v1/me")) == "401 session.over"


def test_a_planted_word_never_becomes_a_session(house: Database, stranger: TestClient) -> None:
    """A value of the attacker's choosing is replaced, not taken over."""
    person(house, now=AS_OF)
    stranger.cookies.set("fieldwright", "chosen-by-the-attacker")

    enter(stranger)

    stranger.cookies.clear()
    stranger.cookies.set("fieldwright", "chosen-by-the-attacker")
    assert code(stranger.get("/v1/me")) == "401 session.over"


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token.swapcase(),
        lambda token: f'"{token}"A',
        lambda _: "' OR '1'='1",
        lambda _: "0" * 64,
        lambda _: "A" * 5000,
    ],
)
def test_a_tampered_cookie_is_nobody_s(house: Database, stranger: TestClient, change: Any) -> None:
    """The token is looked up whole, by its digest."""
    person(house, now=AS_OF)
    enter(stranger)
    token = stranger.cookies["fieldwright"]
    stranger.cookies.clear()

    answer = stranger.get("/v1/me", headers={"Cookie": f"fieldwright={change(token)}"})

    assert code(answer) == "401 session.over"


def test_the_digest_in_the_table_opens_nothing(house: Database, stranger: TestClient) -> None:
    """Who reads a backup has no session and no key of it."""
    person(house, now=AS_OF)
    enter(stranger)
    stranger.cookies.clear()
    with house.reading() as connection:
        session = connection.execute(select(SessionRow.c.digest)).scalar_one()
    headers = bearer(house, Role.MANAGER, now=AS_OF)
    key_id = headers["Authorization"].removeprefix("Bearer ").partition(".")[0]
    with house.reading() as connection:
        digest = connection.execute(select(ApiKeyRow.c.digest).where(ApiKeyRow.c.id == key_id)).scalar_one()

    by_cookie = stranger.get("/v1/me", headers={"Cookie": f"fieldwright={session}"})
    by_key = stranger.get("/v1/me", headers={"Authorization": f"Bearer {key_id}.{digest}"})

    assert code(by_cookie) == "401 session.over"
    assert code(by_key) == "401 key.unknown"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "anything"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver@evil.example"},
        {"Origin": "javascript:alert(1)"},
        {"Origin": "http://["},
        {"Origin": "http://evil.example", "Host": "testserver"},
    ],
)
def test_a_page_of_another_site_writes_nothing_with_a_visitor_s_cookie(
    house: Database, stranger: TestClient, headers: dict[str, str]
) -> None:
    """CSRF: the browser's own word about where a request comes from decides."""
    person(house, now=AS_OF)
    enter(stranger)

    answer = stranger.delete("/v1/sessions", headers=headers)

    assert code(answer) == "403 right.other_site"
    assert stranger.get("/v1/me").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://testserver"}],
)
def test_the_console_itself_may_write(house: Database, stranger: TestClient, headers: dict[str, str]) -> None:
    """A check that refuses everything would pass the test above; a program sends neither header."""
    person(house, now=AS_OF)
    enter(stranger)

    assert stranger.delete("/v1/sessions", headers=headers).status_code == 200


def test_a_page_of_another_site_signs_nobody_in(house: Database, stranger: TestClient) -> None:
    """Otherwise a visitor works under the attacker's name and tells him what he does."""
    person(house, now=AS_OF)

    answer = enter(stranger, **{"Sec-Fetch-Site": "cross-site"})

    assert code(answer) == "403 right.other_site"
    assert "fieldwright" not in stranger.cookies


def test_no_page_of_another_origin_may_read(house: Database, stranger: TestClient) -> None:
    """No answer invites other origins, whatever they say they are."""
    person(house, now=AS_OF)
    enter(stranger)

    answers = [
        stranger.get("/v1/me", headers={"Origin": "http://evil.example"}),
        stranger.options(
            "/v1/me", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "PUT"}
        ),
    ]

    assert not [name for one in answers for name in one.headers if name.startswith("access-control")]


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_connections(house: Database) -> None:
    """HttpOnly, SameSite=Strict; over HTTPS Secure under a name no other host can set."""
    person(house, now=AS_OF)
    app = make_app(house, clock=StandingClock(), settings=QUICK)
    with TestClient(app, base_url="https://desk.example") as client:
        encrypted = enter(client)
        known = client.get("/v1/me")
    with TestClient(app) as client:
        plain = enter(client)

    flags = encrypted.headers["set-cookie"].lower()
    assert flags.startswith("__host-fieldwright=")
    assert all(flag in flags for flag in ("httponly", "samesite=strict", "secure", "path=/"))
    assert "domain" not in flags
    assert known.status_code == 200
    assert "max-age=31536000" in encrypted.headers["strict-transport-security"]
    assert all(flag in plain.headers["set-cookie"].lower() for flag in ("httponly", "samesite=strict"))


@pytest.mark.parametrize("path", ["/healthz", "/v1/me", "/v1/nothing", "/openapi.json", "/v1/stock?limit=0"])
def test_every_answer_tells_a_browser_to_trust_nothing(stranger: TestClient, path: str) -> None:
    """Answers and refusals alike."""
    headers = stranger.get(path).headers

    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_defect_s_answer_has_the_headers_too(house: Database) -> None:
    """It is made outside of what completes the others."""
    app = make_app(house, clock=StandingClock(), settings=QUICK)
    app.state.allowance = None
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/v1/me")

    assert code(answer) == "500 request.defect"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("word", ["a\r\nSet-Cookie: x=1", "a\nX: y", "a\x00b"])
def test_no_header_is_made_of_what_somebody_sends(house: Database, stranger: TestClient, word: str) -> None:
    """Header injection: neither the name, nor the user agent, nor the key gets into a header of the answer."""
    person(house, now=AS_OF)

    named = stranger.post("/v1/session", json={"name": word, "password": PASSWORD})
    keyed = stranger.post(
        "/v1/keys",
        json={"user": "U-1", "name": word, "ends_at": "2027-01-01T00:00:00Z"},
        headers={**bearer(house, Role.ADMINISTRATOR, now=AS_OF), "Idempotency-Key": "k"},
    )

    for answer in (named, keyed):
        assert answer.status_code in {401, 404, 422}
        assert "x" not in answer.cookies
        assert "x: y" not in str(answer.headers).lower()
