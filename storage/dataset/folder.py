"""The files of a dataset folder, as bytes: what is there, what is missing, what does not belong."""

from __future__ import annotations

import difflib
from pathlib import Path

from dispatch.desk.practice_file import FILE as PRACTICE_FILE
from kernel.errors import Location, Refusal
from storage.dataset.head_keys import FILE, LARGEST
from storage.dataset.lines import LARGEST_FILE
from storage.dataset.practice_text import MOST_BYTES as PRACTICE_BYTES
from storage.dataset.schema import TABLES
from storage.dataset.scheme_files import FOLDER, MOST_BYTES, scheme_paths

KNOWN = (FILE, PRACTICE_FILE, *(table.file for table in TABLES))
REQUIRED = (FILE, *(table.file for table in TABLES if table.required))
TABULAR = frozenset({".csv", ".tsv", ".toml", ".json", ".yaml", ".yml", ".xls", ".xlsx", ".ods"})
"""Files with these endings are taken for input: one that is not known is refused, never passed over."""

_MOST = {FILE: LARGEST, PRACTICE_FILE: PRACTICE_BYTES}


def contents(folder: Path, /) -> tuple[dict[str, bytes], list[Refusal]]:
    """Read the files of a folder whole; what is too large to be one of them is cut right after its limit."""
    raw: dict[str, bytes] = {}
    try:
        found = sorted(folder.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        return raw, [Refusal("dataset.no_such_folder", folder=_shown(folder))]
    except NotADirectoryError:
        return raw, [Refusal("dataset.not_a_folder", folder=_shown(folder))]
    except (OSError, ValueError):
        return raw, [Refusal("dataset.cannot_read", file=_shown(folder))]
    visible = [path for path in found if not path.name.startswith((".", "~$"))]
    if not visible:
        return raw, [Refusal("dataset.empty_folder", folder=_shown(folder))]
    refusals: list[Refusal] = []
    for path in visible:
        if path.name == FOLDER:
            _schemes(path, raw, refusals)
            continue
        if path.name not in KNOWN:
            if path.suffix.lower() in TABULAR:
                refusals.append(_unknown(path.name))
            continue
        try:
            if not path.is_file():
                refusals.append(Refusal("dataset.not_a_file", at=Location(path.name), file=path.name))
                continue
            with path.open("rb") as stream:
                raw[path.name] = stream.read(_MOST.get(path.name, LARGEST_FILE) + 1)
        except OSError:
            refusals.append(Refusal("dataset.cannot_read", at=Location(path.name), file=path.name))
    names = {path.name for path in visible}
    refusals += [
        Refusal("dataset.missing_file", at=Location(name), file=name)
        for name in REQUIRED
        if name not in names
    ]
    return raw, refusals


def _schemes(folder: Path, raw: dict[str, bytes], refusals: list[Refusal]) -> None:
    """Read the files of the folder of schemes, as `<folder>/<file>`."""
    try:
        for path in scheme_paths(folder):
            if isinstance(path, Refusal):
                refusals.append(path)
            else:
                with path.open("rb") as stream:
                    raw[f"{FOLDER}/{path.name}"] = stream.read(MOST_BYTES + 1)
    except NotADirectoryError:
        refusals.append(Refusal("scheme.not_a_folder", at=Location(FOLDER), file=FOLDER))
    except OSError:
        refusals.append(Refusal("dataset.cannot_read", at=Location(FOLDER), file=FOLDER))


def _unknown(name: str) -> Refusal:
    shown = name.encode("utf-8", "replace").decode()[:80]
    by_stem = {Path(known).stem: known for known in KNOWN}
    close = difflib.get_close_matches(Path(name).stem.lower()[:80], by_stem, n=1)
    if close:
        return Refusal("dataset.misspelt_file", at=Location(shown), file=shown, suggestion=by_stem[close[0]])
    return Refusal("dataset.unknown_file", at=Location(shown), file=shown)


def _shown(folder: Path) -> str:
    return str(folder).encode("utf-8", "replace").decode()[:200]
