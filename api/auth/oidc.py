"""Signing in with the company's own account: OpenID Connect, the authorization code with PKCE (RFC 6749, 7636, OIDC Core).

Who comes back from the provider is let in only when an administrator has given him an account here: under his e-mail
address, as far as the provider has verified it, or under the provider's own id for him (`sub`). No account is made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from api.auth.address import is_loopback
from api.auth.policy import Policy
from api.auth.secret import digest_of, drawn_secret
from api.auth.sign_in import Caller, SignedIn, begin_session, sign_in_name
from api.outbound.web import ask, ask_json
from api.settings import Settings
from kernel.envelope import NO_REGION, Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply, once
from storage.people.accounts import account_named
from storage.people.retention import forget_ways_back
from storage.tables.people import Role
from storage.unit_of_work import UnitOfWork

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by the provider's own key; one by our shared secret, or none, is no word of his."""

TRIES = timedelta(minutes=10)
"""How long somebody may take at the provider's."""

LEEWAY_S = 60
"""How far two clocks may lie apart."""

KEPT = timedelta(hours=1)
"""How long the provider's addresses and keys are believed."""

AWAY = timedelta(seconds=5)
"""How long a provider that did not answer is not asked again: whoever comes meanwhile is told at once, and holds nobody up."""

BACK = "/v1/session/company/back"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in just begun: where the browser goes, and the cookie it comes back with."""

    address: str
    cookie: str


@dataclass
class Provider:
    """The company's provider.

    Args:
        issuer: its address; what it says of itself must say the same.
        client: our id there; `secret`: our secret there.
        claim: ``email`` or ``sub``: what the name of the account here is.
        here: the address people open us at.
        timeout_s: how long it is waited for.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str
    here: str
    timeout_s: float
    _known: dict[str, Any] = field(default_factory=dict, repr=False)
    _until: datetime | None = None
    _failed: Refusal | None = None
    _failed_at: datetime | None = None
    _turn: Lock = field(default_factory=Lock, repr=False)

    def begin(self, *, now: datetime) -> Begun:
        """Send somebody to the provider.

        Raises:
            Refusal: ``outside.*``, ``session.company_token``.
        """
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        trip = {
            "state": drawn_secret(),
            "nonce": drawn_secret(),
            "verifier": secrets.token_urlsafe(48),
            "until": int((now + TRIES).timestamp()),
        }
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": self.here + BACK,
            "scope": "openid email",
            "state": trip["state"],
            "nonce": trip["nonce"],
            "code_challenge": create_s256_code_challenge(trip["verifier"]),
            "code_challenge_method": "S256",
        }
        where = str(self._about(now)["authorization_endpoint"])
        return Begun(f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}", self._signed(trip))

    def end(
        self,
        database: Database,
        policy: Policy,
        *,
        said: Mapping[str, str],
        cookie: str,
        caller: Caller,
        now: datetime,
    ) -> SignedIn:
        """Let in who comes back, once.

        Args:
            database: open.
            policy: how long sessions last.
            said: the parameters he comes back with.
            cookie: what `begin` gave.
            caller: where he comes from.
            now: the moment.

        Raises:
            Refusal: ``session.company_state``, ``session.company_said``, ``session.company_token``,
                ``session.company_nobody``, ``outside.*``.
        """
        trip = self._read(cookie, now)
        if not hmac.compare_digest(trip["state"].encode(), said.get("state", "").encode()):
            raise Refusal("session.company_state")
        if said.get("iss", self.issuer) != self.issuer:  # RFC 9207: another provider's answer
            raise Refusal("session.company_token", reason="iss")
        self._only_once(database, trip["state"], now)
        if "code" not in said:
            raise Refusal("session.company_said", error=said.get("error", "-")[:60])
        claims = self._claims(self._token(said["code"][:4000], trip["verifier"], now), trip["nonce"], now)
        name = claims.get(self.claim)
        if not isinstance(name, str) or (self.claim == "email" and claims.get("email_verified") is not True):
            raise Refusal("session.company_nobody")
        return self._let_in(database, policy, name, caller, now)

    def _let_in(
        self, database: Database, policy: Policy, name: str, caller: Caller, now: datetime
    ) -> SignedIn:
        try:
            known_as = sign_in_name(name)
        except Refusal:
            raise Refusal("session.company_nobody") from None
        # Names have one form here, where "ß" is "ss" and a full-width letter its narrow one: two mailboxes, one account.
        if known_as != name.lower() or not unicodedata.is_normalized("NFKC", name):
            raise Refusal("session.company_nobody")
        with database.reading() as connection:
            account = account_named(connection, known_as)
        # An account of the demonstration, or of a program, belongs to nobody the provider could know.
        if account is None or not account.is_open or account.demo or account.role is Role.INTEGRATION:
            raise Refusal("session.company_nobody")
        return begin_session(database, policy, account, caller, now, tried=digest_of(known_as))

    def _about(self, now: datetime) -> Mapping[str, Any]:
        """What the provider says of itself, and its keys; one asks, the others wait for it."""
        with self._turn:
            if self._until is None or now >= self._until or now < self._until - KEPT:
                # By the moment of each request: those that waited for the one that failed are told the same.
                if (
                    self._failed is not None
                    and self._failed_at is not None
                    and abs(now - self._failed_at) < AWAY
                ):
                    raise self._failed.with_traceback(None)
                try:
                    self._known = self._asked()
                except Refusal as refusal:
                    self._failed, self._failed_at = refusal, now
                    raise
                self._failed, self._until = None, now + KEPT
            return self._known

    def _asked(self) -> dict[str, Any]:
        told = ask_json(
            f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", timeout_s=self.timeout_s
        )
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not isinstance(told, dict) or told.get("issuer") != self.issuer:
            raise Refusal("session.company_token", reason="issuer")
        if not all(_is_safe(str(told.get(name, ""))) for name in wanted):
            raise Refusal("session.company_token", reason="address")
        return {**told, "keys": ask_json(told["jwks_uri"], timeout_s=self.timeout_s)}

    def _token(self, code: str, verifier: str, now: datetime) -> Mapping[str, Any]:
        """Change the code for what the provider says of him."""
        about = self._about(now)
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.here + BACK,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        ways = about.get("token_endpoint_auth_methods_supported")
        if not isinstance(ways, list) or "client_secret_basic" in ways:  # who names none takes this one
            pair = f"{quote(self.client, safe='')}:{quote(self.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            body |= {"client_id": self.client, "client_secret": self.secret}
        answer = ask(
            about["token_endpoint"],
            method="POST",
            body=urlencode(body).encode(),
            headers=headers,
            timeout_s=self.timeout_s,
        )
        told = answer.json()
        if answer.status != 200 or not isinstance(told, dict) or not isinstance(told.get("id_token"), str):
            raise Refusal("session.company_said", error=str(answer.status))
        return told

    def _claims(self, told: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        """What is said of him, once its signature, issuer, receiver, times and nonce are right."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(self._about(now)["keys"])
            token = jwt.decode(told["id_token"], keys, algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.client},
                    "exp": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self.client, "access_token": told.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            # A key the provider has put in place since is read with the next try.
            self._until = None
            reason = getattr(error, "claim", "") or getattr(error, "error", "") or type(error).__name__
            raise Refusal("session.company_token", reason=str(reason)[:60]) from None
        found: Mapping[str, Any] = dict(claims)
        return found

    def _only_once(self, database: Database, state: str, now: datetime) -> None:
        """Refuse a way back that was gone before, whoever has seen it."""
        digest = digest_of(state)
        drawn = drawn_secret()

        def act() -> Reply:
            return {"drawn": digest_of(drawn)}

        def command(work: UnitOfWork) -> Reply:
            # What a cookie is too old for need not be remembered: the ways back that are kept are those of the last minutes.
            forget_ways_back(work, before=now - 2 * TRIES)
            return once(work, "session.company", {}, act)

        envelope = Envelope("door", "company", now, f"company-{digest[:48]}", NO_REGION)
        reply = database.run(envelope, command)
        if reply["drawn"] != digest_of(drawn):
            raise Refusal("session.company_state")

    def _seal(self, told: bytes) -> str:
        key = hashlib.sha256(b"fieldwright company sign-in\0" + self.secret.encode()).digest()
        return hmac.new(key, told, hashlib.sha256).hexdigest()

    def _signed(self, trip: Mapping[str, Any]) -> str:
        told = base64.urlsafe_b64encode(json.dumps(trip).encode()).decode()
        return f"{told}.{self._seal(told.encode())}"

    def _read(self, cookie: str, now: datetime) -> dict[str, Any]:
        told, _, seal = cookie.partition(".")
        if not cookie.isascii() or not hmac.compare_digest(self._seal(told.encode()), seal):
            raise Refusal("session.company_state")
        trip: dict[str, Any] = json.loads(base64.urlsafe_b64decode(told))
        if now.timestamp() >= trip["until"]:
            raise Refusal("session.company_state")
        return trip


def provider_of(settings: Settings) -> Provider | None:
    """The provider an operator has set; None: people sign in by password alone.

    Raises:
        Refusal: ``settings.wrong_value`` for one that is set by half, or is not asked over HTTPS.
    """
    issuer = settings.oidc_issuer
    if not issuer:
        return None
    here, secret = settings.public_address.rstrip("/"), settings.oidc_secret.get_secret_value()
    said = {"oidc_client": settings.oidc_client, "oidc_secret": secret, "public_address": here}
    for name, value in said.items():
        if not value:
            raise Refusal("settings.wrong_value", name=name, reason="-")
    if not _is_safe(issuer):
        raise Refusal("settings.wrong_value", name="oidc_issuer", reason="https")
    return Provider(issuer, settings.oidc_client, secret, settings.oidc_claim, here, settings.outside_s)


def _is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what is said there."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket that is not closed
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )
