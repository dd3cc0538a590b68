"""`schemes/*.toml`: the service schemes of a region's own, one a file, checked as rows are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dispatch.desk.own_scheme import LONGEST_TEXT, OwnScheme, check_own, own_scheme, schemes_with
from dispatch.desk.scheme_reader import SchemeReader
from kernel.errors import Location, Refusal
from kernel.toml_text import read_toml
from storage.dataset.lines import normal
from storage.dataset.table import Row, Schemes

FOLDER = "schemes"
LONGEST_NAME = 80
MOST_BYTES = 4 * LONGEST_TEXT
"""As many bytes as the longest text may have in UTF-8."""

DOCUMENT = f"""## {FOLDER}/*.toml

Service schemes of your own, beside those that ship: each file is one version of one scheme, as `fieldwright scheme copy`
writes it ([service-schemes.md](service-schemes.md)). Contracts and tickets name it like any other. The id and version of
a scheme that ships are refused, and so is a version announced later than the one before it promises. A file may have any
name of at most {LONGEST_NAME} characters that ends in `.toml`; it keeps its name and every word of it, comments included.
"""

_ID = re.compile(r"""^\s*id\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)
_POINTED_AT = {"scheme.ships": "version", "scheme.duplicate": "version"}


@dataclass(frozen=True, slots=True)
class SchemeFiles:
    """What the folder of schemes holds.

    Args:
        own: schemes that may stand, by file name.
        all: every scheme a row may name: those that ship and the region's own.
        refusals: what is wrong with the others, at most one a file.
        refused: file by the id of a scheme that was refused.
        given: names of all files, with the folder.
    """

    own: tuple[OwnScheme, ...]
    all: Schemes
    refusals: tuple[Refusal, ...]
    refused: Mapping[str, str]
    given: tuple[str, ...]

    def check(self, row: Row, /) -> None:
        """Refuse a row that can mean a refused scheme: another version would give it other terms unseen.

        Raises:
            Refusal: ``dataset.refers_to_refused``.
        """
        name = row["scheme"]
        if name in self.refused and (name, row["scheme_version"]) not in self.all:
            raise Refusal(
                "dataset.refers_to_refused",
                at=Location("", column="scheme"),
                value=name,
                file=self.refused[name],
            )


def scheme_paths(folder: Path, /) -> Iterator[Path | Refusal]:
    """Give the scheme files of a dataset folder by name, and what else lies there and looks like input.

    Raises:
        OSError: when the folder cannot be read.
    """
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith((".", "~$")):
            continue
        shown = f"{FOLDER}/{path.name.encode('utf-8', 'replace').decode()[:LONGEST_NAME]}"
        if path.suffix != ".toml":
            yield Refusal("scheme.not_in_toml", at=Location(shown), file=shown)
        elif len(path.name) > LONGEST_NAME or not path.name.isprintable():
            yield Refusal("scheme.file_name", at=Location(shown), file=shown, most=LONGEST_NAME)
        elif not path.is_file():
            yield Refusal("dataset.not_a_file", at=Location(shown), file=shown)
        else:
            yield path


def read_schemes(raw: Mapping[str, bytes], /) -> SchemeFiles:
    """Read and check the schemes among the files of a folder; refusals are gathered, none is raised."""
    given = tuple(name for name in sorted(raw) if name.startswith(f"{FOLDER}/"))
    read: list[OwnScheme] = []
    refusals: list[Refusal] = []
    refused: dict[str, str] = {}
    for name in given:
        try:
            read.append(read_scheme(name.removeprefix(f"{FOLDER}/"), raw[name]))
        except Refusal as refusal:
            refusals.append(refusal)
            refused.update(dict.fromkeys(_said(raw[name]), name))
    standing: list[OwnScheme] = []
    # By the day they take effect: the later version is the one that was announced too late.
    for one in sorted(read, key=lambda own: (own.scheme.id, own.scheme.effective_on, own.file)):
        try:
            check_beside(standing, one)
            standing.append(one)
        except Refusal as refusal:
            refusals.append(refusal)
            if refusal.code == "scheme.too_little_notice":
                refused[one.scheme.id] = f"{FOLDER}/{one.file}"
    own = tuple(sorted(standing, key=lambda own: own.file))
    return SchemeFiles(own, schemes_with(own), tuple(refusals), refused, given)


def check_beside(own: Iterable[OwnScheme], new: OwnScheme, /) -> None:
    """Check that a scheme may stand beside those that ship and others of its region, by its own file.

    Raises:
        Refusal: those of `dispatch.desk.own_scheme.check_own`, with the line and key of the file.
    """
    try:
        check_own((one.scheme for one in own), new.scheme)
    except Refusal as refusal:
        key = _POINTED_AT.get(refusal.code, "effective_on")
        raise refusal.located(SchemeReader(f"{FOLDER}/{new.file}", new.text).at((key,))) from None


def read_scheme(file: str, raw: bytes, /) -> OwnScheme:
    """Read and check one scheme of a region by itself.

    Args:
        file: its name, without a folder.
        raw: its content.

    Raises:
        Refusal: ``scheme.file_too_long``, ``dataset.not_utf8``; those of `dispatch.desk.own_scheme.own_scheme`.
    """
    return own_scheme(file, _text(f"{FOLDER}/{file}", raw), folder=f"{FOLDER}/")


def _text(name: str, raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise Refusal("scheme.file_too_long", at=Location(name), most=LONGEST_TEXT)
    try:
        return normal(raw).decode()
    except UnicodeDecodeError:
        raise Refusal("dataset.not_utf8", at=Location(name)) from None


def _said(raw: bytes) -> list[str]:
    """The id a refused file gives itself, as far as it can be read."""
    text = normal(raw).decode("utf-8", "replace")
    try:
        found = read_toml(text).get("id")
    except ValueError:
        return _ID.findall(text)[:1]
    return [found] if isinstance(found, str) else []
