"""Settings: who wins, and what is refused before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import read_settings
from kernel.errors import Refusal, Refused


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the machine the tests run on are not those of the tests."""
    for name in ("DATABASE", "PORT", "SETTINGS", "HOST"):
        monkeypatch.delenv(f"FIELDWRIGHT_{name}", raising=False)


def refused(**said: object) -> list[tuple[str, str]]:
    """Codes and the names they are about."""
    with pytest.raises(Refused) as raised:
        read_settings(**said)
    return [(one.code, str(one.message.params["name"])) for one in raised.value.refusals]


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is nearest to the start has the last word."""
    file = tmp_path / "fieldwright.toml"
    file.write_text('host = "10.0.0.1"\nport = 1\nstop_s = 7\n')
    monkeypatch.setenv("FIELDWRIGHT_SETTINGS", str(file))
    monkeypatch.setenv("FIELDWRIGHT_PORT", "2")
    monkeypatch.setenv("FIELDWRIGHT_HOST", "10.0.0.2")

    settings = read_settings(host="10.0.0.3", port=None)

    assert (settings.host, settings.port, settings.stop_s, settings.live_kept_days) == ("10.0.0.3", 2, 7, 7)


def test_several_wrong_values_are_all_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wants to start a service five times to hear of five mistakes."""
    monkeypatch.setenv("FIELDWRIGHT_PORT", "http")
    monkeypatch.setenv("FIELDWRIGHT_QUIET_FROM", "25:00")

    assert sorted(refused()) == [("settings.wrong_value", "port"), ("settings.wrong_value", "quiet_from")]


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the default stays in force and nobody is told."""
    monkeypatch.setenv("FIELDWRIGHT_PROT", "80")

    assert refused() == [("settings.unknown", "FIELDWRIGHT_PROT")]


def test_a_name_the_file_invents_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a misspelt variable."""
    file = tmp_path / "fieldwright.toml"
    file.write_text("prot = 80\n")
    monkeypatch.setenv("FIELDWRIGHT_SETTINGS", str(file))

    assert refused() == [("settings.unknown", "prot")]


@pytest.mark.parametrize("content", [None, b"port = ", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    """A corrupt configuration stops the start, it does not start something else."""
    file = tmp_path / "fieldwright.toml"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("FIELDWRIGHT_SETTINGS", str(file))

    with pytest.raises(Refusal, match=r"settings\.file_unreadable"):
        read_settings()


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are printed when something is wrong, and logs are kept for years."""
    monkeypatch.setenv("FIELDWRIGHT_SMTP_PASSWORD", "hunter2")

    settings = read_settings()

    assert "hunter2" not in repr(settings)
    assert settings.smtp_password.get_secret_value() == "hunter2"


def test_a_setting_knows_where_it_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who wonders why a value holds looks where it was said, not at three places."""
    file = tmp_path / "fieldwright.toml"
    file.write_text('host = "10.0.0.1"\nstop_s = 7\n')
    monkeypatch.setenv("FIELDWRIGHT_SETTINGS", str(file))
    monkeypatch.setenv("FIELDWRIGHT_PORT", "2")
    monkeypatch.setenv("FIELDWRIGHT_HOST", "10.0.0.2")

    settings = read_settings(host="10.0.0.3", port=None)

    assert [settings.origin(name).value for name in ("host", "port", "stop_s", "live_most")] == [
        "command_line",
        "variable",
        "file",
        "default",
    ]
    assert settings.model_copy(update={"port": 3}).origin("stop_s").value == "file"
