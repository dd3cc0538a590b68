"""A dataset brought in over HTTP: whole or not at all, every refused row named, nothing unpacked where it should not be."""

from __future__ import annotations

import csv
import io
import stat
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.auth.policy import kept_of
from api.usecases.dataset_run import MOST_ENTRIES, read_dataset, unpacked
from api.worker import Worker
from kernel.errors import Refusal
from storage.database import Database
from storage.people.retention import forget_old
from storage.rows.region import region_ids
from storage.runs import Run
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.dataset_builder import TINY
from tests.people_builders import QUICK, company

OTHER: dict[str, str] = {**TINY, "region.toml": TINY["region.toml"].replace('id = "R1"', 'id = "R7"')}


def zipped(files: Mapping[str, str], *, under: str = "") -> bytes:
    """A zip of text files, in a folder where one is named."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{under}{name}", text)
    return packed.getvalue()


def sent(client: TestClient, head: Mapping[str, str], content: bytes, key: str = "one") -> str:
    """Upload, give where to follow it."""
    answer = client.post(
        "/v1/imports/datasets",
        content=content,
        headers={**head, **keyed(key), "Content-Type": "application/zip"},
    )
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


def worked(stored: Database) -> Run:
    """Have a worker take what waits, here."""
    ended = Worker(stored, "w-1", read_in=read_dataset, clock=StandingClock()).once()
    assert ended is not None
    return ended


@pytest.fixture
def administrator(as_role: Callable[..., dict[str, str]]) -> dict[str, str]:
    """Headers of an administrator."""
    return as_role(Role.ADMINISTRATOR)


def regions(stored: Database) -> set[str]:
    """The regions there are."""
    with stored.reading() as connection:
        return set(region_ids(connection))


def test_a_whole_dataset_becomes_a_region_once(
    client: TestClient, stored: Database, administrator: dict[str, str]
) -> None:
    """In a folder or not; sent again under another key, it is known and nothing is changed."""
    where = sent(client, administrator, zipped(OTHER, under="r7/"))
    assert client.get(where, headers=administrator).json()["files"] == [], (
        "what was given is nobody's to read"
    )

    worked(stored)
    again = sent(client, administrator, zipped(OTHER), key="two")
    worked(stored)

    first, second = (
        client.get(f"{one}/files/report.json", headers=administrator).json() for one in (where, again)
    )
    assert regions(stored) == {"R1", "R7"}
    assert (first["region"], first["new"], second["new"]) == ("R7", True, False)
    assert first["given"] == first["accepted"] > 20
    assert client.get("/v1/tickets?region=R7").json()["tickets"]


def test_a_dataset_with_one_wrong_row_writes_nothing_and_names_it(
    client: TestClient, stored: Database, administrator: dict[str, str]
) -> None:
    """File, line, column and code of each, as a file a spreadsheet opens, in both languages."""
    wrong = {**OTHER, "skills.csv": OTHER["skills.csv"] + "bad id,No good\n"}
    where = sent(client, administrator, zipped(wrong))

    worked(stored)

    failed = client.get(where, headers=administrator).json()
    text = client.get(f"{where}/files/refused.csv", headers=administrator).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    counts = client.get(f"{where}/files/counts.csv", headers=administrator).text
    assert failed["state"] == "failed"
    assert failed["errors"][0]["at"] == {"file": "skills.csv", "line": 4, "column": "skill_id"}
    assert (row["file"], row["line"], row["column"], row["code"]) == (
        "skills.csv",
        "4",
        "skill_id",
        failed["errors"][0]["code"],
    )
    assert row["en"]
    assert row["zh"] != row["en"]
    assert "skills.csv,3,2,1" in counts
    assert regions(stored) == {"R1"}


def test_another_region_of_the_same_id_is_refused(
    client: TestClient, stored: Database, administrator: dict[str, str]
) -> None:
    """What is there is never replaced by an upload."""
    other = {**TINY, "skills.csv": TINY["skills.csv"] + "gas,Gas\n"}
    where = sent(client, administrator, zipped(other))

    worked(stored)

    assert [one["code"] for one in client.get(where, headers=administrator).json()["errors"]] == [
        "import.region_there"
    ]


def test_the_same_key_is_one_upload_and_other_bytes_are_refused(
    client: TestClient, administrator: dict[str, str]
) -> None:
    """A reply lost on the way must not import twice."""
    content = zipped(OTHER)
    where = sent(client, administrator, content)

    assert sent(client, administrator, content) == where
    changed = client.post(
        "/v1/imports/datasets", content=zipped(TINY), headers={**administrator, **keyed("one")}
    )

    assert code_of(changed) == "database.key_reused"
    assert len(client.get("/v1/imports/datasets", headers=administrator).json()["rows"]) == 1


def test_only_an_administrator_brings_in_regions(client: TestClient) -> None:
    """A manager does business in regions; which there are is not his."""
    answer = client.post("/v1/imports/datasets", content=zipped(OTHER), headers=keyed("one"))

    assert code_of(answer) == "right.denied"


def test_a_waiting_import_is_stopped_and_removed(
    client: TestClient, stored: Database, administrator: dict[str, str]
) -> None:
    """Sent by mistake: nothing of it is left."""
    where = sent(client, administrator, zipped(OTHER))

    stopped = client.post(f"{where}/stop", headers={**administrator, **keyed("stop")})
    gone = client.delete(where, headers={**administrator, **keyed("gone")})

    assert (stopped.json()["state"], gone.status_code) == ("stopped", 204)
    assert code_of(client.get(where, headers=administrator)) == "run.unknown"
    assert regions(stored) == {"R1"}


def test_the_report_of_an_import_is_forgotten_with_time(
    client: TestClient, stored: Database, administrator: dict[str, str]
) -> None:
    """A refused cell is quoted in it, and may name somebody."""
    where = sent(client, administrator, zipped({**OTHER, "skills.csv": "skill_id,name\nbad id,x\n"}))
    worked(stored)

    def forget(days: int) -> int:
        head = company(now=AS_OF + timedelta(days=days))
        return stored.run(head, lambda work: forget_old(work, kept_of(QUICK)))["run_file"]

    assert (forget(10), forget(100)) == (0, 3)
    assert client.get(where, headers=administrator).json()["files"] == []


def link() -> bytes:
    """A zip with a link in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        about = zipfile.ZipInfo("customers.csv")
        about.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(about, "/etc/passwd")
    return packed.getvalue()


def many() -> bytes:
    """A zip with more entries than any dataset has."""
    return zipped({f"{number}.csv": "" for number in range(MOST_ENTRIES + 1)})


def damaged(kind: int) -> bytes:
    """A zip with one entry packed so, and a byte of it changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", kind) as archive:
        archive.writestr("region.toml", "x" * 5000)
    content = bytearray(packed.getvalue())
    content[60] ^= 0xFF
    return bytes(content)


def cut() -> bytes:
    """Half a zip."""
    whole = zipped(OTHER)
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"nothing of the kind", "import.not_a_zip"),
        (cut, "import.not_a_zip"),
        (lambda: zipped({"../../out.csv": "x"}), "import.zip_entry"),
        (lambda: zipped({"/etc/out.csv": "x"}), "import.zip_entry"),
        (lambda: zipped({"a\\..\\b.csv": "x"}), "import.zip_entry"),
        (lambda: zipped({"a": "x", "a/b.csv": "x"}), "import.zip_entry"),
        (lambda: zipped({"区" * 100 + ".csv": "x"}), "import.zip_entry"),
        (lambda: damaged(zipfile.ZIP_BZIP2), "import.not_a_zip"),
        (lambda: damaged(zipfile.ZIP_LZMA), "import.not_a_zip"),
        (lambda: damaged(zipfile.ZIP_DEFLATED), "import.not_a_zip"),
        (link, "import.zip_entry"),
        (many, "import.zip_too_large"),
    ],
)
def test_a_zip_that_means_harm_is_refused(content: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    """Nothing is written outside the folder it is unpacked into, no link is followed."""
    inside = tmp_path / "deep" / "inside"
    inside.mkdir(parents=True)

    with pytest.raises(Refusal, match=code.replace(".", r"\.")):
        unpacked(content(), inside)

    assert [one.name for one in tmp_path.rglob("out.csv")] == []


def test_a_zip_that_unpacks_to_more_than_it_says_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound is on what comes out, not on what the zip says of itself."""
    monkeypatch.setattr("api.usecases.dataset_run.MOST_BYTES", 10_000)

    with pytest.raises(Refusal, match=r"import\.zip_too_large"):
        unpacked(zipped({"parts.csv": "0" * 2_000_000}), tmp_path)
