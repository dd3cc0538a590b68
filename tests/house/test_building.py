"""The pages while they are built anew: what is open goes on loading, who loads again gets the new ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.routes import pages
from console.building import put_beside
from storage.database import open_database


def written(folder: Path, **assets: str) -> Path:
    """A build with these assets, by name, and a page that names them."""
    (folder / "assets").mkdir(parents=True)
    for name, text in assets.items():
        (folder / "assets" / f"{name}.js").write_text(text, encoding="utf-8")
    (folder / "index.html").write_text(" ".join(assets), encoding="utf-8")
    return folder


def test_a_build_leaves_the_parts_of_open_pages_and_changes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody builds in the middle of the day: a dispatcher's open board still finds its map."""
    built = tmp_path / "built"
    put_beside(written(tmp_path / "one", board1="a", map1="b"), built)
    monkeypatch.setattr(pages, "BUILT", built)
    client = TestClient(make_app(open_database(f"sqlite:///{tmp_path / 'none.db'}", fresh=True)))
    first = client.get("/console/").text

    fresh = put_beside(written(tmp_path / "two", board2="c", map1="b"), built)

    assert fresh == ["board2.js", "map1.js"]
    assert (first, client.get("/console/").text) == ("board1 map1", "board2 map1")
    asked = [client.get(f"/console/assets/{name}.js") for name in ("board1", "board2", "map1", "board3")]
    assert [one.status_code for one in asked] == [200, 200, 200, 404]
    assert [one.text for one in asked[:3]] == ["a", "c", "b"]
