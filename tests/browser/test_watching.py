"""What every test of a page is asked at its end can be answered with no."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import Desk, Window


def test_a_request_to_another_host_is_told_and_goes_nowhere(window: Window) -> None:
    """A page that asks elsewhere fails its test, and nobody outside has heard of it."""
    watched = window()
    page = watched.open()

    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto("http://example.com/")
    page.close()
    told, watched.wrong = watched.wrong, []

    assert told == ["request to another host: http://example.com/"]


def test_a_script_error_is_told(desk: Desk, window: Window) -> None:
    """A page that looks right and has stopped working is not right."""
    watched = window()
    page = watched.open()
    page.goto(f"{desk.url}/healthz")

    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('stop'); })")
    told, watched.wrong = watched.wrong, []

    assert told == ["script error: stop"]
