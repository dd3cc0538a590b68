"""An administrator's day in a browser: a user with a narrow scope, a key, the audit read again, a bad import mended, a person erased."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.usecases.dataset_run import read_dataset
from api.worker import Worker
from tests.api.http.conftest import StandingClock
from tests.browser.conftest import NOW, Desk, Window
from tests.browser.test_every_page import axe_says
from tests.dataset_builder import TINY

Opened = Callable[..., Page]

pytestmark = pytest.mark.slow  # a browser and a served copy of a region, one for the whole file

PASSWORD = "seven grey herons at noon"  # noqa: S105 a password of the tests
GOOD = {**TINY, "region.toml": TINY["region.toml"].replace('id = "R1"', 'id = "zz-7"')}
BAD = {**GOOD, "sites.csv": GOOD["sites.csv"].replace("26.07", "north")}


def zipped(files: Mapping[str, str]) -> bytes:
    """A dataset as somebody sends it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def asked(page: Page, desk: Desk, path: str) -> Any:
    """What the interface says to whoever is signed in."""
    answer = page.request.get(desk.url + path)
    assert answer.ok, answer.text()
    return answer.json()


def drawer(page: Page) -> Any:
    """What is open beside the list."""
    return page.get_by_role("complementary")


def test_a_user_with_a_narrow_scope_signs_in_and_sees_only_his(
    desk: Desk, signed_in: Opened, window: Window
) -> None:
    """A storekeeper of one depot: added by form, told why he may not order, and shown no ticket."""
    page = signed_in(desk, "administrator", path="/console/administer/users")
    page.get_by_role("button", name="Add a user").click()
    form = drawer(page)
    form.get_by_label("Name to sign in with").fill("east-store")
    form.get_by_label("Name shown to others").fill("East storeroom")
    form.get_by_label("Role").select_option(label="Storekeeper")
    form.get_by_label("Reaches").select_option(label="Some depots of a region")
    form.locator("select").nth(2).select_option(index=1)
    form.get_by_role("checkbox").first.check()
    form.get_by_label("First password").fill(PASSWORD)
    assert axe_says(page) == []
    form.get_by_role("button", name="Add", exact=True).click()
    expect(drawer(page).get_by_role("heading", name="East storeroom (east-store)")).to_be_visible()
    drawer(page).get_by_role("link", name="What may this account do").click()
    reason = page.get_by_role("row", name="Write, send and cancel orders")
    expect(reason).to_contain_text("the scope is too narrow")

    his = window().open()
    his.goto(f"{desk.url}/console/")
    his.locator("input").first.fill("east-store")
    his.locator("input[type=password]").fill(PASSWORD)
    his.keyboard.press("Enter")
    expect(his.get_by_role("link", name="Stock", exact=True).first).to_be_visible()

    me = asked(his, desk, "/v1/me")
    (depot,) = me["scope"]["depots"]
    assert his.get_by_role("link", name="Tickets", exact=True).count() == 0
    assert his.request.get(f"{desk.url}/v1/tickets").status == 403
    seen = {one["place"] for one in asked(his, desk, "/v1/stock?limit=200")["stock"]}
    depots = {
        one["place_id"] for one in asked(page, desk, "/v1/places?kind=depot&region=fujian-small")["rows"]
    }
    assert seen & depots == {depot}
    assert len(depots) > 1


def test_an_account_is_closed_and_opened_and_never_ones_own(desk: Desk, signed_in: Opened) -> None:
    """What ends a session ends it now; the own account has no button for it, and the server refuses it too."""
    page = signed_in(desk, "administrator", path="/console/administer/users")
    manager = signed_in(desk, "manager")
    row = page.get_by_role("row", name="demo-manager")
    row.click()

    drawer(page).get_by_role("button", name="Sign out everywhere").click()
    expect(drawer(page).get_by_text("Sessions ended: 1")).to_be_visible()
    assert manager.request.get(f"{desk.url}/v1/me").status == 401
    drawer(page).get_by_role("button", name="Close the account").click()
    expect(drawer(page).get_by_text("Open again")).to_be_visible()
    drawer(page).get_by_text("Open again").click()
    drawer(page).get_by_label("First password").fill(PASSWORD)
    drawer(page).get_by_role("button", name="Open the account").click()
    expect(drawer(page).get_by_role("button", name="Close the account")).to_be_visible()
    drawer(page).get_by_label("First password").fill(PASSWORD)
    with page.expect_request(lambda one: one.url.endswith("/password")) as given:
        drawer(page).get_by_role("button", name="Give this password").click()
    assert given.value.headers["if-match"].strip('"').isdigit(), "held to the account as it was seen"
    expect(drawer(page).get_by_text("The password is given")).to_be_visible()
    page.get_by_role("row", name="demo-administrator").click()
    expect(drawer(page).get_by_text("another administrator closes it")).to_be_visible()
    assert drawer(page).get_by_role("button", name="Close the account").count() == 0


def test_a_key_is_shown_once_and_taken_back(desk: Desk, signed_in: Opened) -> None:
    """The program gets in until it is revoked; the list says when it was used."""
    page = signed_in(desk, "administrator", path="/console/administer/keys")
    page.get_by_role("button", name="Make a key").click()
    drawer(page).get_by_label("Account").first.select_option(label="demo-integration · Program")
    drawer(page).get_by_label("For", exact=True).fill("vans")
    drawer(page).get_by_role("button", name="Make", exact=True).click()
    secret = drawer(page).get_by_label("The key").input_value()
    head = {"Authorization": f"Bearer {secret}", "Cookie": ""}

    def lets_in() -> int:
        return page.context.request.get(f"{desk.url}/v1/regions", headers=head).status

    assert lets_in() == 200
    page.get_by_role("row", name="vans").click()
    expect(drawer(page).get_by_text("demo-integration")).to_be_visible()
    drawer(page).get_by_role("button", name="Revoke").click()
    expect(drawer(page).get_by_text("Revoked", exact=True)).to_be_visible()

    assert lets_in() == 401
    assert secret not in page.content()


def test_the_audit_is_filtered_opened_and_read_again(desk: Desk, signed_in: Opened, tmp_path: Path) -> None:
    """By thing and by kind, with names and not account ids; both chains are whole; all of it as a file."""
    page = signed_in(desk, "administrator", path="/console/administer/audit?of=company&action=user.add")
    expect(page.get_by_role("row", name="demo-manager").first).to_be_visible()
    assert "U-" not in page.locator(".grid").inner_text()

    page.get_by_role("row", name="demo-manager").first.press("Enter")
    expect(drawer(page).get_by_text("user.add")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="As a file (CSV)").click()
    saved.value.save_as(tmp_path / "audit.csv")
    page.get_by_role("button", name="Check the chain").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("nothing changed and nothing missing")).to_have_count(2)
    page.keyboard.press("Escape")

    with (tmp_path / "audit.csv").open(encoding="utf-8-sig") as file:
        assert {row["action"] for row in csv.DictReader(file)} == {"user.add"}


def test_a_bad_import_is_mended_and_sent_again(desk: Desk, signed_in: Opened, tmp_path: Path) -> None:
    """Every refused row by file, line and column, the sums agree; the mended file becomes a region."""
    page = signed_in(desk, "administrator", path="/console/administer/imports")

    def send(label: str, files: Mapping[str, str]) -> None:
        page.get_by_label(label).set_input_files(
            {"name": "r7.zip", "mimeType": "application/zip", "buffer": zipped(files)}
        )
        expect(drawer(page).get_by_text("It waits for its turn.")).to_be_visible()
        assert Worker(desk.database, "w-9", read_in=read_dataset, clock=StandingClock(NOW)).once() is not None

    send("Bring a region in (zip)", BAD)
    refused = drawer(page).get_by_role("row", name="sites.csv").filter(has_text="lat")
    expect(refused.first).to_contain_text("2")
    tally = drawer(page).locator(".tally").inner_text()
    figures = [int(word) for word in tally.split() if word.isdecimal()]
    with page.expect_download() as saved:
        drawer(page).get_by_role("link", name="As a file (CSV)").click()
    saved.value.save_as(tmp_path / "refused.csv")
    send("The mended file (zip)", GOOD)
    expect(drawer(page).get_by_text("The region zz-7 is there now.")).to_be_visible()

    assert figures[0] == figures[1] + figures[2]
    assert figures[2] > 0
    assert "sites.csv" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    assert "zz-7" in {one["region"] for one in asked(page, desk, "/v1/regions")["regions"]}


def test_a_person_is_given_out_and_erased_after_a_warning(desk: Desk, signed_in: Opened) -> None:
    """What goes and what stays is said before; whereabouts are gone after, the code stays."""
    page = signed_in(desk, "administrator", path="/console/administer/users/people")
    engineer = asked(page, desk, "/v1/engineers?limit=1&region=fujian-small")["rows"][0]["engineer_id"]
    drawer(page).get_by_label("Engineer's code").fill(engineer)

    with page.expect_download() as saved:
        drawer(page).get_by_role("button", name="Give out as a file").click()
    drawer(page).get_by_role("button", name="Erase…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("What stays")).to_be_visible()
    dialog.get_by_role("button", name="Erase for ever").click()
    expect(dialog.get_by_text("Erased. Rows")).to_be_visible()

    assert saved.value.suggested_filename == f"engineer-{engineer}.json"
    done = asked(page, desk, "/v1/audit?action=person&region=fujian-small")
    assert [one["about"] for one in done["entries"]] == [engineer]
