"""Settings: one place for everything an operator chooses, from the environment or a file.

What is said on the command line wins over ``FIELDWRIGHT_<NAME>`` in the environment, and that over the file named
by ``FIELDWRIGHT_SETTINGS`` (TOML, the names below). A value that cannot be used, or a name nobody knows, is refused
before anything starts. The page docs/settings.md is written from here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from kernel.errors import Refusal, Refused

PREFIX = "FIELDWRIGHT_"

FILE = f"{PREFIX}SETTINGS"
"""The variable that names the file."""

_OTHERS = (
    FILE,
    f"{PREFIX}LANG",
    f"{PREFIX}DATA",
    f"{PREFIX}REQUIRE",
    f"{PREFIX}CACHE",
    f"{PREFIX}DESIGN",
    f"{PREFIX}SEEDS",
    f"{PREFIX}TEST_",
    f"{PREFIX}WRITE_",
)
"""Variables of ours that are no settings: of the command line, of the tests."""

TIME_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d$"
HTTP_ADDRESS = r"^$|^https?://[^\s]+$"


class Origin(StrEnum):
    """Who said what a setting is; the first wins over the next."""

    COMMAND_LINE = "command_line"
    VARIABLE = "variable"
    FILE = "file"
    DEFAULT = "default"


class Settings(BaseSettings):
    """What an operator chooses; every field with its bounds, its default and a line for docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True
    )

    database: Annotated[
        str,
        Field(description="`sqlite:///file.db` or `postgresql://user:password@host/name`.", max_length=500),
    ] = "sqlite:///fieldwright.db"
    database_connections: Annotated[
        int,
        Field(
            description="Connections to PostgreSQL that each process opens at most; all processes and workers together need fewer than its `max_connections`.",
            ge=2,
            le=1000,
        ),
    ] = 32
    host: Annotated[str, Field(description="Address to listen on.", min_length=1, max_length=255)] = (
        "127.0.0.1"
    )
    port: Annotated[int, Field(description="Port to listen on; 0 takes a free one.", ge=0, le=65535)] = 8765
    processes: Annotated[
        int,
        Field(
            description="Server processes behind the one port; 0: one for each core, at most 2. See operations.md.",
            ge=0,
            le=64,
        ),
    ] = 0
    search_load: Annotated[
        Literal["start", "asked"],
        Field(
            description="The compiled search is loaded when the server starts, or when it is first asked for."
        ),
    ] = "start"
    stop_s: Annotated[
        int,
        Field(
            description="Seconds requests under way are given when the server is asked to end.", ge=1, le=300
        ),
    ] = 20
    log_format: Annotated[
        Literal["json", "text"], Field(description="One JSON object a line, or lines for people.")
    ] = "json"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="The least that is logged.")
    ] = "info"
    metrics: Annotated[
        Literal["loopback", "off"],
        Field(description="Who may read `/metrics` without signing in: this machine only, or nobody."),
    ] = "loopback"

    session_idle_min: Annotated[
        int, Field(description="Minutes after which an unused session ends.", ge=5, le=7 * 24 * 60)
    ] = 480
    session_longest_h: Annotated[
        int, Field(description="Hours after which a session ends, used or not.", ge=1, le=90 * 24)
    ] = 168
    link_days: Annotated[
        int,
        Field(
            description="Days a customer's link to a ticket lasts, where nothing else is said.", ge=1, le=365
        ),
    ] = 30
    sign_in_tries: Annotated[
        int,
        Field(
            description="Failed sign-ins with one name in 15 minutes before it has to wait.", ge=3, le=1000
        ),
    ] = 10
    sign_in_tries_address: Annotated[
        int, Field(description="The same from one address.", ge=3, le=100_000)
    ] = 50
    password_memory_mib: Annotated[
        int,
        Field(
            description="Memory one password check takes (argon2id); two run at a time, one in each of several processes.",
            ge=8,
            le=1024,
        ),
    ] = 64
    requests_per_min: Annotated[
        int,
        Field(
            description="Requests a minute of one account or link; a plan counts 20.",
            ge=60,
            le=10_000_000,
        ),
    ] = 1200
    requests_per_min_address: Annotated[
        int, Field(description="The same of one address, signed in or not.", ge=60, le=10_000_000)
    ] = 6000
    positions_kept_days: Annotated[
        int, Field(description="Days engineers' positions are kept.", ge=1, le=3650)
    ] = 30
    messages_kept_days: Annotated[
        int, Field(description="Days messages are kept that were sent or dropped.", ge=1, le=3650)
    ] = 90
    sessions_kept_days: Annotated[
        int, Field(description="Days ended sessions, keys and links are kept.", ge=1, le=3650)
    ] = 90

    replies_kept_days: Annotated[
        int,
        Field(
            description="Days the reply to a write is kept for who sends it again under its Idempotency-Key; later that is a new write.",
            ge=7,
            le=36500,
        ),
    ] = 365

    public_address: Annotated[
        str,
        Field(
            description="Address people open the service at, `https://host`; needed for `oidc_issuer`.",
            pattern=HTTP_ADDRESS,
            max_length=255,
        ),
    ] = ""
    oidc_issuer: Annotated[
        str,
        Field(
            description="The company's OpenID provider (`https://host/realm`); empty: people sign in by password.",
            pattern=HTTP_ADDRESS,
            max_length=255,
        ),
    ] = ""
    oidc_client: Annotated[str, Field(description="Our id there.", max_length=255)] = ""
    oidc_secret: Annotated[SecretStr, Field(description="Our secret there.")] = SecretStr("")
    oidc_claim: Annotated[
        Literal["email", "sub"],
        Field(
            description="What the provider says of somebody that is the name of the account here; an e-mail address has to be verified."
        ),
    ] = "email"

    count_recount_above: Annotated[
        int,
        Field(
            description="Value of one counted difference, in the region's currency, from which two have to count.",
            ge=0,
            le=10**9,
        ),
    ] = 200
    count_approval_above: Annotated[
        int,
        Field(
            description="Value of all differences of a count above which somebody who did not count approves.",
            ge=0,
            le=10**9,
        ),
    ] = 1000

    refund_approval_above: Annotated[
        int,
        Field(
            description="Money given back on one charge above which the right to approve is needed, in its scheme's currency.",
            ge=0,
            le=10**9,
        ),
    ] = 1000
    waiver_approval_above: Annotated[
        int,
        Field(
            description="Price of failed goods of a lot taken as they are above which the right to approve is needed.",
            ge=0,
            le=10**9,
        ),
    ] = 1000

    live_poll_s: Annotated[
        float,
        Field(description="Seconds between two looks for new events of the live stream.", ge=0.05, le=60),
    ] = 0.5
    live_heartbeat_s: Annotated[
        float,
        Field(description="Seconds of silence after which a stream says that it lives.", ge=0.1, le=300),
    ] = 15.0
    live_slow_s: Annotated[
        float,
        Field(
            description="Seconds a reader of a stream may take nothing before it is dropped.", ge=0.1, le=600
        ),
    ] = 30.0
    live_longest_s: Annotated[
        float,
        Field(
            description="Seconds after which a stream ends and its reader, asked anew, comes back.",
            ge=0.1,
            le=86_400,
        ),
    ] = 300.0
    live_most: Annotated[int, Field(description="Streams open at once.", ge=1, le=100_000)] = 1000
    live_kept_days: Annotated[
        int, Field(description="Days events are kept for readers that come back.", ge=1, le=3650)
    ] = 7

    backups: Annotated[
        str,
        Field(
            description="Folder on this machine that copies of the database are made in from the console; empty: none are.",
            max_length=500,
        ),
    ] = ""
    backup_old_h: Annotated[
        int,
        Field(
            description="Hours after which the newest copy is too old and the console says so.", ge=1, le=8784
        ),
    ] = 26

    backups_most: Annotated[
        int,
        Field(
            description="Copies that may lie in that folder; one more is refused, none is removed.",
            ge=1,
            le=500,
        ),
    ] = 60

    dask: Annotated[
        str,
        Field(
            description="Address of a Dask scheduler (`tcp://host:8786`); empty: this machine.",
            max_length=255,
        ),
    ] = ""

    smtp_host: Annotated[str, Field(description="Mail server; empty: no mail is sent.", max_length=255)] = ""
    smtp_port: Annotated[int, Field(description="Its port.", ge=1, le=65535)] = 587
    smtp_tls: Annotated[
        Literal["starttls", "tls", "none"], Field(description="How the connection to it is protected.")
    ] = "starttls"
    smtp_user: Annotated[str, Field(description="User there; empty: without signing in.", max_length=255)] = (
        ""
    )
    smtp_password: Annotated[SecretStr, Field(description="That user's password.")] = SecretStr("")
    smtp_from: Annotated[str, Field(description="Sender of mails.", max_length=255)] = ""
    channels: Annotated[
        str,
        Field(
            description="File of message channels over HTTP, see docs/outbound.md; empty: none.",
            max_length=500,
        ),
    ] = ""
    quiet_from: Annotated[
        str,
        Field(
            description="Customers get no message from this time of day, the region's ...",
            pattern=TIME_OF_DAY,
        ),
    ] = "21:00"
    quiet_until: Annotated[
        str,
        Field(description="... until this one; the same time twice: always allowed.", pattern=TIME_OF_DAY),
    ] = "08:00"
    message_attempts: Annotated[
        int, Field(description="Times a message is tried before it is given up.", ge=1, le=100)
    ] = 8

    geocoder: Annotated[
        Literal["none", "nominatim", "photon"], Field(description="Service that finds addresses.")
    ] = "none"
    geocoder_url: Annotated[
        str, Field(description="Its address, `https://host`; empty: the public one.", pattern=HTTP_ADDRESS)
    ] = ""
    travel: Annotated[
        Literal["straight", "osrm", "valhalla", "openrouteservice"],
        Field(description="Where travel times come from; `straight`: distance and speed."),
    ] = "straight"
    travel_url: Annotated[
        str, Field(description="Address of that service, `https://host`.", pattern=HTTP_ADDRESS)
    ] = ""
    travel_key: Annotated[SecretStr, Field(description="Key for it (openrouteservice).")] = SecretStr("")
    outside_s: Annotated[
        float, Field(description="Seconds any service outside is waited for.", ge=0.1, le=120)
    ] = 10.0

    _origins: dict[str, Origin] = PrivateAttr(default_factory=dict)

    def origin(self, name: str, /) -> Origin:
        """Where the value of a setting comes from; what a command chose by itself counts as said on its line."""
        other = getattr(self, name) != type(self).model_fields[name].default
        return self._origins.get(name, Origin.COMMAND_LINE if other else Origin.DEFAULT)

    def coming(self, origins: Mapping[str, Origin], /) -> Settings:
        """These settings, knowing where their values come from."""
        self._origins = dict(origins)
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Say who wins: the command line, the environment, the file."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=_of_file())


def read_settings(**said: Any) -> Settings:
    """Read the settings; `said` is what the command line says, None where it is silent.

    Raises:
        Refused: ``settings.unknown``, ``settings.wrong_value``, each with the name it is about.
        Refusal: ``settings.file_unreadable``.
    """
    _known_variables(os.environ)
    try:
        given = {name: value for name, value in said.items() if value is not None}
        return Settings(**given).coming(_origins(given, os.environ))
    except ValidationError as error:
        raise Refused(_refusal(dict(one)) for one in error.errors()) from None


def names() -> tuple[str, ...]:
    """Every setting there is."""
    return tuple(Settings.model_fields)


def _origins(given: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Origin]:
    variables = {name.upper() for name in environment}
    ways = (
        (Origin.FILE, _of_file()),
        (Origin.VARIABLE, [name for name in names() if f"{PREFIX}{name.upper()}" in variables]),
        (Origin.COMMAND_LINE, given),
    )
    return {name: origin for origin, said in ways for name in said}


@cache
def _variables() -> frozenset[str]:
    return frozenset(f"{PREFIX}{name.upper()}" for name in names())


def _known_variables(environment: Mapping[str, str]) -> None:
    """A misspelt variable would leave the default in force without a word."""
    unknown = sorted(
        name
        for name in environment
        if name.upper().startswith(PREFIX)
        and name.upper() not in _variables()
        and not name.startswith(_OTHERS)
    )
    if unknown:
        raise Refused(Refusal("settings.unknown", name=name[:80]) for name in unknown)


def _refusal(error: Mapping[str, Any]) -> Refusal:
    name = ".".join(map(str, error["loc"]))[:80]
    if error["type"] == "extra_forbidden":
        return Refusal("settings.unknown", name=name)
    return Refusal("settings.wrong_value", name=name, reason=str(error["msg"])[:200])


def _of_file() -> dict[str, Any]:
    named = os.environ.get(FILE, "")
    if not named:
        return {}
    try:
        return tomllib.loads(Path(named).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal("settings.file_unreadable", file=named[:200], reason=str(error)[:200]) from None
