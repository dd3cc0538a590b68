"""Compiled code lies in a folder named after the sources, wherever the machine lets us write."""

from __future__ import annotations

import pickle
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


def test_no_function_of_the_search_has_a_version_for_a_constant() -> None:
    """Numba would make one for every constant handed over: half of the minutes at set-up went there."""
    warm()
    said = []
    for path in FOLDER.glob("*/*.nbi"):
        with path.open("rb") as file:
            pickle.load(file)  # noqa: S301 numba's own index, made by this test's set-up: first its version, then the versions of the function
            said += [str(key[0]) for key in pickle.loads(file.read())[1]]  # noqa: S301 as above

    assert said
    assert not [one for one in said if "Literal" in one]
