"""Compiled code lies in a folder named after the sources, wherever the machine lets us write."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.solve import warm
from dispatch.solve.cache import FOLDER, sources_hash, use_cache


def test_the_folder_is_named_after_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit anywhere in the solver never meets code compiled before it."""
    monkeypatch.setenv("FIELDWRIGHT_CACHE", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")

    assert use_cache() == tmp_path / "numba" / sources_hash()


def test_an_unwritable_cache_falls_back_to_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only home makes the first solve slow, not impossible."""
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    monkeypatch.setenv("FIELDWRIGHT_CACHE", str(in_the_way))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")

    folder = use_cache()

    assert folder.is_dir()
    assert in_the_way not in folder.parents


def test_every_function_of_the_search_is_compiled_once() -> None:
    """Numba would make a version for every constant handed over: half of the minutes at set-up went there."""
    warm()

    assert list(FOLDER.glob("*/*.1.nbc"))
    assert not list(FOLDER.glob("*/*.2.nbc"))
