"""Signing in with the company's own account: who the provider vouches for gets in where he has an account, once."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from pydantic import SecretStr
from sqlalchemy import func, select

from api.app import make_app
from api.auth.oidc import provider_of
from api.settings import Settings
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.audit import breaks
from storage.database import Database
from storage.people.accounts import close_account
from storage.tables.command import KeyRow
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock, stored, tiny_url  # noqa: F401 fixtures
from tests.api.outbound.conftest import Got, Service, service  # noqa: F401 fixtures
from tests.people_builders import QUICK, somebody

HERE = "https://testserver"
KEY = RSAKey.generate_key(2048, {"kid": "k-1", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k-1", "use": "sig"})


@dataclass
class Company:
    """A provider on this machine; `claims` go over what is right, `key` signs."""

    address: str
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    asked: dict[str, str] = field(default_factory=dict)
    """What the browser was sent with."""
    about: dict[str, Any] = field(default_factory=dict)
    """What it says of itself beside what it has to."""

    def answer(self, got: Got) -> tuple[int, bytes, dict[str, str]]:
        """What the provider says."""
        if got.path == "/.well-known/openid-configuration":
            told: Any = {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **self.about}
            told |= {f"{name}_endpoint": f"{self.address}/{name}" for name in ("authorization", "token")}
        elif got.path == "/keys":
            told = KeySet([KEY]).as_dict(private=False)
        else:
            sent = {name: values[0] for name, values in parse_qs(got.body.decode()).items()}
            right = sent["redirect_uri"] == self.asked["redirect_uri"] and sent["code"] == "c-1"
            if not (right and challenge(sent["code_verifier"]) == self.asked["code_challenge"]):
                return 400, b'{"error": "invalid_grant"}', {}
            assert got.headers["authorization"].startswith("Basic ")
            told = {"access_token": "a-1", "token_type": "Bearer", "id_token": self.token()}
        return 200, json.dumps(told).encode(), {}

    def token(self) -> str:
        """What it says of who signed in there."""
        moment = int(AS_OF.timestamp())
        claims = {
            "iss": self.address,
            "sub": "s-1",
            "aud": "fieldwright",
            "iat": moment,
            "exp": moment + 300,
            "nonce": self.asked["nonce"],
            "email": "Desk@Example.com",
            "email_verified": True,
        }
        said = {name: one for name, one in {**claims, **self.claims}.items() if one is not None}
        return jwt.encode({"alg": self.algorithm, "kid": "k-1"}, said, self.key, algorithms=[self.algorithm])


def challenge(verifier: str) -> str:
    """S256, as RFC 7636 has it."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def company(service: Service) -> Company:  # noqa: F811 asked for by name
    """The provider."""
    found = Company(service.address)
    service.answer = found.answer
    return found


def settings(company: Company, **more: Any) -> Settings:
    """Ours, with the provider in them."""
    return QUICK.model_copy(
        update={
            "oidc_issuer": company.address,
            "oidc_client": "fieldwright",
            "oidc_secret": SecretStr("hush"),
            "public_address": HERE,
            "outside_s": 2.0,
            **more,
        }
    )


@pytest.fixture
def browser(stored: Database, company: Company) -> Iterator[TestClient]:  # noqa: F811 asked for by name
    """Somebody who has not signed in, over HTTPS; an account with his address is there."""
    somebody(stored, Role.DISPATCHER, now=AS_OF, name="desk@example.com")
    app = make_app(stored, clock=StandingClock(), settings=settings(company))
    with TestClient(app, base_url=HERE, follow_redirects=False) as speaking:
        yield speaking


def sent(browser: TestClient, company: Company) -> str:
    """The browser goes to the provider; gives the state it was sent with."""
    answer = browser.get("/v1/session/company")
    assert answer.status_code == 303, answer.text
    company.asked = {
        name: one[0] for name, one in parse_qs(urlsplit(answer.headers["location"]).query).items()
    }
    return company.asked["state"]


def back(browser: TestClient, state: str, **more: str) -> Any:
    """And comes back, with parameters of the provider's own too."""
    query = {"code": "c-1", "state": state, "session_state": "x", **more}
    return browser.get("/v1/session/company/back", params=query, headers={"accept": "application/json"})


def test_who_the_provider_vouches_for_is_signed_in_as_by_password(
    browser: TestClient,
    company: Company,
    stored: Database,  # noqa: F811 asked for by name
) -> None:
    """The same session, the same cookie; signing out is the same too."""
    answer = back(browser, sent(browser, company))

    assert answer.status_code == 200, answer.text
    assert 'content="0;url=/"' in answer.text
    cookies = answer.headers.get_list("set-cookie")
    (session,) = [one for one in cookies if one.startswith("__Host-fieldwright=")]
    assert all(word in session for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"))
    assert (company.asked["response_type"], company.asked["code_challenge_method"]) == ("code", "S256")
    assert company.asked["redirect_uri"] == f"{HERE}/v1/session/company/back"
    me = browser.get("/v1/me").json()
    assert (me["kind"], me["role"]) == ("session", "dispatcher")
    assert browser.delete("/v1/session", headers={"Idempotency-Key": "out"}).status_code == 204
    assert browser.get("/v1/me").status_code == 401
    with stored.reading() as connection:
        assert list(breaks(connection)) == []


MOMENT = int(AS_OF.timestamp())

UNFIT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"iss": "https://other.example"}, "session.company_token"),
    ({"aud": "another"}, "session.company_token"),
    ({"aud": ["fieldwright", "another"], "azp": "another"}, "session.company_token"),
    ({"nonce": "another"}, "session.company_token"),
    ({"nonce": None}, "session.company_token"),
    ({"exp": MOMENT - 61}, "session.company_token"),
    ({"exp": None}, "session.company_token"),
    ({"iat": MOMENT + 3600}, "session.company_token"),
    ({"email_verified": False}, "session.company_nobody"),
    ({"email_verified": "true"}, "session.company_nobody"),
    ({"email": "stranger@example.com"}, "session.company_nobody"),
    ({"email": None}, "session.company_nobody"),
    ({"email": "de\u017fk@example.com"}, "session.company_nobody"),  # a long s: another mailbox
    ({"email": "\uff44esk@example.com"}, "session.company_nobody"),  # a full-width d
)
"""What a provider may say that is wrong, and what it is refused by."""


def test_what_does_not_fit_lets_nobody_in(browser: TestClient, company: Company) -> None:
    """Each by its code; no session is begun."""
    for claims, code in UNFIT:
        company.claims = claims
        assert code_in(back(browser, sent(browser, company)), code), claims
        assert browser.get("/v1/me").status_code == 401

    company.claims = {}
    assert back(browser, sent(browser, company)).status_code == 200, "the same way is open to what fits"


def code_in(answer: Any, code: str) -> bool:
    """Whether a refusal, as a page or as a problem, is of a code."""
    assert answer.status_code == 401, answer.text
    return code in answer.text


def test_only_the_providers_own_key_signs(browser: TestClient, company: Company) -> None:
    """Neither somebody else's key of the same name nor our own secret."""
    for key, algorithm in ((OTHER_KEY, "RS256"), (OctKey.import_key("hush" * 8), "HS256")):
        company.key, company.algorithm = key, algorithm
        assert code_in(back(browser, sent(browser, company)), "session.company_token")


def test_a_way_back_is_gone_once_by_who_began_it_in_time(
    browser: TestClient,
    company: Company,
    stored: Database,  # noqa: F811 asked for by name
) -> None:
    """Neither replayed with the cookie kept aside, nor by another browser, nor with another state, nor tomorrow."""
    state = sent(browser, company)
    kept = dict(browser.cookies)
    assert code_in(back(browser, "another"), "session.company_state")
    assert back(browser, state).status_code == 200
    browser.cookies.clear()
    assert code_in(back(browser, state), "session.company_state")
    browser.cookies.update(kept)
    assert code_in(back(browser, state), "session.company_state")

    late = sent(browser, company)
    browser.app.state.clock.moment = datetime.fromtimestamp(AS_OF.timestamp() + 601, AS_OF.tzinfo)  # type: ignore[attr-defined]
    assert code_in(back(browser, late), "session.company_state")


def test_another_providers_answer_and_a_refusal_are_said(browser: TestClient, company: Company) -> None:
    """RFC 9207 names who answers; what the provider refuses is no defect of ours."""
    assert code_in(
        back(browser, sent(browser, company), iss="https://other.example"), "session.company_token"
    )
    state = sent(browser, company)
    answer = browser.get("/v1/session/company/back", params={"state": state, "error": "access_denied"})
    assert code_in(answer, "access_denied")


def test_a_program_and_who_was_closed_are_let_in_by_nobody(
    stored: Database,  # noqa: F811 asked for by name
    company: Company,
) -> None:
    """A program signs in by key; an account that ended stays ended, whatever the provider says."""
    somebody(stored, Role.INTEGRATION, now=AS_OF, name="s-program")
    person = somebody(stored, Role.DISPATCHER, now=AS_OF, name="s-person")
    app = make_app(stored, clock=StandingClock(), settings=settings(company, oidc_claim="sub"))
    with TestClient(app, base_url=HERE, follow_redirects=False) as browser:
        company.claims = {"sub": "s-program"}
        assert code_in(back(browser, sent(browser, company)), "session.company_nobody")
        company.claims = {"sub": "s-person"}
        assert back(browser, sent(browser, company)).status_code == 200
        stored.run(
            Envelope("operator", "test", AS_OF, "close", "none"), lambda work: close_account(work, person.id)
        )
        assert code_in(back(browser, sent(browser, company)), "session.company_nobody")


def test_the_button_is_there_only_where_a_provider_is_set(
    browser: TestClient,
    stored: Database,  # noqa: F811 asked for by name
) -> None:
    """Off by default: then its addresses answer as if there were none."""
    with TestClient(make_app(stored, clock=StandingClock(), settings=QUICK), follow_redirects=False) as plain:
        assert plain.get("/v1/session/ways").json() == {"company": False}
        assert "session/company" not in plain.get("/m/sign-in").text
        assert {plain.get(f"/v1/session/company{end}").status_code for end in ("", "/back")} == {404}
    assert browser.get("/v1/session/ways").json() == {"company": True}
    assert "session/company" in browser.get("/m/sign-in").text


def test_a_provider_that_is_away_is_not_asked_by_everybody_in_turn(
    browser: TestClient,
    company: Company,
    service: Service,  # noqa: F811 asked for by name
) -> None:
    """Whoever comes in the next seconds is told the same at once; after them it is asked again."""
    asked: list[str] = []

    def away(got: Got) -> tuple[int, bytes, dict[str, str]]:
        asked.append(got.path)
        return 503, b"", {}

    service.answer = away
    first, second = (browser.get("/v1/session/company") for _ in range(2))
    assert "outside.refused" in first.text
    assert "outside.refused" in second.text
    assert len(asked) == 1

    service.answer = company.answer
    browser.app.state.clock.moment = datetime.fromtimestamp(AS_OF.timestamp() + 6, AS_OF.tzinfo)  # type: ignore[attr-defined]
    assert browser.get("/v1/session/company").status_code == 303


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"oidc_secret": SecretStr("")}, "oidc_secret"),
        ({"public_address": ""}, "public_address"),
        ({"oidc_issuer": "http://provider.example"}, "oidc_issuer"),
        ({"oidc_issuer": "https://[provider.example"}, "oidc_issuer"),
    ],
)
def test_a_provider_set_by_half_is_refused_before_anything_starts(
    company: Company, changed: dict[str, Any], name: str
) -> None:
    """A sign-in that fails for everybody on the first morning helps nobody."""
    with pytest.raises(Refusal) as refused:
        provider_of(settings(company, **changed))

    assert (refused.value.code, refused.value.message.params["name"]) == ("settings.wrong_value", name)


@pytest.mark.parametrize("ways", [None, "client_secret_basic", ["client_secret_basic"], 7])
def test_a_provider_that_names_no_way_of_asking_is_asked_the_usual_one(
    browser: TestClient, company: Company, ways: object
) -> None:
    """Some write null for what they leave out: no defect of ours."""
    company.about = {"token_endpoint_auth_methods_supported": ways}

    assert back(browser, sent(browser, company)).status_code == 200


def test_ways_back_are_remembered_no_longer_than_they_can_be_gone(
    browser: TestClient,
    company: Company,
    stored: Database,  # noqa: F811 asked for by name
) -> None:
    """Whoever begins again and again must not fill the database."""

    def noted() -> int:
        with stored.reading() as connection:
            mine = KeyRow.c.command == "session.company"
            return connection.execute(select(func.count()).select_from(KeyRow).where(mine)).scalar_one()

    for _ in range(3):
        company.claims = {"email": "stranger@example.com"}
        back(browser, sent(browser, company))
    before = noted()
    later = datetime.fromtimestamp(AS_OF.timestamp() + 1201, AS_OF.tzinfo)
    browser.app.state.clock.moment = later  # type: ignore[attr-defined]
    back(browser, sent(browser, company))

    assert (before, noted()) == (3, 1)
