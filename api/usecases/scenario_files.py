"""From the files a manager names to worlds: a base, patches over it, several of them at once where joined by ``+``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from importlib.resources import files
from pathlib import Path

from dispatch.region import Region
from kernel.errors import Location, Refusal, Refused
from scenarios.library.worlds import made_world
from scenarios.measure.simulated import Scenario
from scenarios.patch.base_file import Base, base_of, lengthened, world_from
from scenarios.patch.change import Patch, patched
from scenarios.patch.patch_file import patch_of
from scenarios.run.layout import laid_out
from scenarios.run.world import World
from storage.dataset.read import read

MOST_BYTES = 1024 * 1024
JOINED = "+"


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was read: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything a command of scenarios starts from.

    Args:
        scenarios: the base first, then the patches in the order named.
        files: base and patches, each once; `dataset`: digest of the region's folder, empty for a world of the library.
        currency: of all money.
        base: the base file.
    """

    scenarios: tuple[Scenario, ...]
    files: tuple[Written, ...]
    dataset: str
    currency: str
    base: Base


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A region as a database has it now, and the digest of what it holds."""

    region: Region
    digest: str


def opened(base: str, patches: Sequence[str], /, *, snapshot: Snapshot | None = None) -> Opened:
    """Read a base and patches, each a path or the name of a file of the library.

    Args:
        base: of the base file.
        patches: each one scenario; ``a.toml+b.toml`` is one scenario with both.
        snapshot: taken instead of the base's dataset; the simulation then starts on the day after it, whatever the base says.

    Raises:
        Refusal: ``scenario.no_file``, ``scenario.named_twice``, ``scenario.made_not_live``; those of the files, with line and key.
        Refused: those of the dataset.
    """
    path = _path(base)
    text, seen = text_of(path), {}
    seen[path.stem] = written(path.name, text)
    found = base_of(text, id=path.stem, file=path.name)
    world, dataset = world_at(found, path, snapshot)
    made = [Scenario(path.stem, found.patch.name, found.patch.about, world)]
    for named in patches:
        joined = []
        for part in named.split(JOINED):
            own = _path(part)
            own_text = text_of(own)
            seen[own.stem] = written(own.name, own_text)
            joined.append(patch_of(own_text, id=own.stem, file=own.name))
        made.append(changed(world, joined))
    return opened_of(found, made, files=tuple(seen.values()), dataset=dataset)


def opened_of(base: Base, made: Sequence[Scenario], /, *, files: tuple[Written, ...], dataset: str) -> Opened:
    """Put worlds together, the base first.

    Raises:
        Refusal: ``scenario.named_twice``, or why a world contradicts itself: before anything is simulated.
    """
    ids = [one.id for one in made]
    twice = [one for one in ids if ids.count(one) > 1]
    if twice:
        raise Refusal("scenario.named_twice", scenario=twice[0])
    for one in made:
        laid_out(one.world)
    return Opened(tuple(made), files, dataset, made[0].world.region.settings.currency, base)


def changed(world: World, patches: Sequence[Patch], /) -> Scenario:
    """The base's world with patches over it, as one scenario.

    Raises:
        Refusal: ``scenario.*`` where a change does not fit the world.
    """
    whole = reduce(
        lambda one, other: Patch(
            f"{one.id}{JOINED}{other.id}",
            (f"{one.name[0]} + {other.name[0]}", f"{one.name[1]} + {other.name[1]}"),
            (f"{one.about[0]} {other.about[0]}".strip(), f"{one.about[1]} {other.about[1]}".strip()),
            (*one.changes, *other.changes),
        ),
        patches,
    )
    return Scenario(whole.id, whole.name, whole.about, patched(world, [whole]))


def world_at(base: Base, path: Path, snapshot: Snapshot | None = None, /) -> tuple[World, str]:
    """The world of a base file at `path`, and the digest of its region: of its folder, or of the snapshot where one is given.

    Raises:
        Refusal: ``scenario.*``.
        Refused: those of the dataset.
    """
    if snapshot is not None:
        if base.made is not None:
            raise Refusal("scenario.made_not_live", at=base.at)
        return world_from(replace(base, starts_on=None), snapshot.region), snapshot.digest
    if base.made is not None:
        return lengthened(base, made_world(base.made)), ""
    region, digest = _region(path.parent / base.dataset, base.at)
    return world_from(base, region), digest


def _region(folder: Path, at: Location) -> tuple[Region, str]:
    if not folder.is_dir():
        raise Refusal("scenario.no_dataset", at=at, folder=str(folder)[-200:])
    reading = read(folder)
    if reading.region is None or reading.refusals:
        raise Refused(reading.refusals)
    return reading.region, reading.digest


def _path(named: str) -> Path:
    """A file as named, else the one of that name in the library, with or without its ending."""
    path = Path(named)
    return path if path.is_file() else library_file(named)


def library_file(named: str, /) -> Path:
    """A file of the library by its name, with or without its ending.

    Raises:
        Refusal: ``scenario.no_file``.
    """
    there = {one.stem: one for one in library()}
    found = there.get(named.removesuffix(".toml"))
    if found is None:
        raise Refusal("scenario.no_file", file=named[:200], library=", ".join(there))
    return found


def library() -> tuple[Path, ...]:
    """The files that ship, by name: bases and patches."""
    folder = Path(str(files("scenarios.library")))
    return tuple(sorted(folder.glob("*.toml")))


def text_of(path: Path, /) -> str:
    """The text of a scenario file.

    Raises:
        Refusal: ``scenario.file_too_long``, ``scenario.not_toml``.
    """
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise Refusal("scenario.file_too_long", at=Location(path.name), most=MOST_BYTES)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("scenario.not_toml", at=Location(path.name), detail="not UTF-8") from None


def written(name: str, text: str, /) -> Written:
    """Name a text as a manifest does."""
    return Written(name, hashlib.sha256(text.encode()).hexdigest())
