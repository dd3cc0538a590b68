"""From the files a manager names to worlds: a base, patches over it, several of them at once where joined by ``+``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
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
    """

    base: Base
    scenarios: tuple[Scenario, ...]
    files: tuple[Written, ...]
    dataset: str
    currency: str


def opened(base: str, patches: Sequence[str], /) -> Opened:
    """Read a base and patches, each a path or the name of a file of the library.

    Args:
        base: of the base file.
        patches: each one scenario; ``a.toml+b.toml`` is one scenario with both.

    Raises:
        Refusal: ``scenario.no_file``, ``scenario.named_twice``; those of the files, with line and key.
        Refused: those of the dataset.
    """
    path = _path(base)
    text, seen = _text(path), {}
    seen[path.stem] = Written(path.name, _sha256(text))
    found = base_of(text, id=path.stem, file=path.name)
    world, dataset = _world(found, path)
    made = [Scenario(path.stem, found.patch.name, found.patch.about, world)]
    for named in patches:
        joined = []
        for part in named.split(JOINED):
            own = _path(part)
            own_text = _text(own)
            seen[own.stem] = Written(own.name, _sha256(own_text))
            joined.append(patch_of(own_text, id=own.stem, file=own.name))
        made.append(_scenario(world, joined))
    ids = [one.id for one in made]
    twice = [one for one in ids if ids.count(one) > 1]
    if twice:
        raise Refusal("scenario.named_twice", scenario=twice[0])
    for one in made:
        laid_out(one.world)  # what contradicts itself is refused before anything is simulated
    currency = world.region.settings.currency
    return Opened(found, tuple(made), tuple(seen.values()), dataset, currency)


def _scenario(world: World, patches: Sequence[Patch]) -> Scenario:
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


def _world(base: Base, path: Path) -> tuple[World, str]:
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
    if path.is_file():
        return path
    library = Path(str(files("scenarios.library")))
    for name in (named, f"{named}.toml"):
        if "/" not in name and (library / name).is_file():
            return library / name
    there = sorted(one.stem for one in library.glob("*.toml"))
    raise Refusal("scenario.no_file", file=named[:200], library=", ".join(there))


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise Refusal("scenario.file_too_long", at=Location(path.name), most=MOST_BYTES)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("scenario.not_toml", at=Location(path.name), detail="not UTF-8") from None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
