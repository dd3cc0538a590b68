"""What commands are asked for: options with one name and one help everywhere, and the bundles commands share.

A command takes a bundle as one parameter and is decorated with `spelled_out`; the user sees the bundle's options.
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from api.cli.app import LangOption, language
from api.cli.dataset import (
    AcceptPartialOption,
    DatabaseOption,
    MaybeDatabaseOption,
    MaybeDatasetArgument,
    Opened,
    RegionOption,
    open_region,
)
from api.text import Lang
from dispatch.region import Region
from kernel.clock import SystemClock, moment, utc, zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.usecases.desk import Desk
    from storage.database import Database
    from storage.unit_of_work import UnitOfWork

ByOption = Annotated[str, typer.Option("--by", help="Code of who says so.")]
KeyOption = Annotated[
    str, typer.Option("--key", help="Name of the command: the same name is done once, however often given.")
]
NowOption = Annotated[
    str | None, typer.Option("--now", help="Moment of the command (ISO 8601 with offset); default: now.")
]
JudgedOption = Annotated[
    str | None,
    typer.Option(
        "--now",
        help="Moment to judge at (ISO 8601 with offset); default: a folder's as_of, a database's now.",
    ),
]
AtOption = Annotated[
    str | None, typer.Option("--at", help="When it happened (ISO 8601 with offset); default: now.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SeedOption = Annotated[int, typer.Option("--seed", help="The same seed and work give the same result.")]
WorkOption = Annotated[
    int | None, typer.Option("--work", help="Search this many steps: same work, same plan.")
]
SecondsOption = Annotated[float | None, typer.Option("--seconds", help="Search at most this long.")]
MaybePlanOption = Annotated[
    Path | None, typer.Option("--plan", help="plan.json of this region; without it the region is planned.")
]
AsDelivered = Annotated[
    bool,
    typer.Option(
        "--as-delivered", help="Go by the lead times and yields suppliers have shown, not promised."
    ),
]
LimitOption = Annotated[int, typer.Option("--limit", min=0, help="Lines of each list at most; 0: all.")]
NewFileOption = Annotated[Path, typer.Option("--out", help="File to write; must not exist yet.")]
PlanFolderOption = Annotated[Path, typer.Option("--out", help="Folder for the plan's files.")]


class Answered:
    """What is answered in a language; one nobody knows is refused before anything is done."""

    __slots__ = ()
    lang: LangOption

    def __post_init__(self) -> None:
        language(self.lang)

    @property
    def spoken(self) -> Lang:
        """The language of the answer."""
        return language(self.lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Answered):
    """A region to look at: in a folder or in a database."""

    dataset: MaybeDatasetArgument = None
    database: MaybeDatabaseOption = ""
    region: RegionOption = ""
    accept_partial: AcceptPartialOption = False
    lang: LangOption = "en"

    def opened(self) -> Opened:
        """Read the region with the digest its plans name.

        Raises:
            Refusal: ``cli.dataset_or_database`` unless exactly one was named, ``cli.region_of_folder``; those of the
                database.
            typer.Exit: as `open_region`.
        """
        folder = self._folder()
        if folder is not None:
            return open_region(folder, accept_partial=self.accept_partial, lang=self.spoken)
        from storage.rows.region import load_stored

        with reading(self.database, self.region) as (connection, which):
            stored = load_stored(connection, which)
        return Opened(stored.region, stored.digest)

    def read(self) -> Region:
        """Read the region alone, without its digest; raises as `opened`."""
        folder = self._folder()
        if folder is not None:
            return open_region(folder, accept_partial=self.accept_partial, lang=self.spoken).region
        return region_in(self.database, self.region)

    def _folder(self) -> Path | None:
        if (self.dataset is None) == (not self.database):
            raise Refusal("cli.dataset_or_database")
        if self.dataset is not None and self.region:
            raise Refusal("cli.region_of_folder")
        return self.dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Asked):
    """A region to look at, at a moment."""

    now: JudgedOption = None

    def at(self, region: Region) -> datetime:
        """The moment: as said, else a folder's own, of a database the machine's.

        A folder is described at one moment, a database goes on; a region moved ahead in time starts at its own.
        """
        as_of = region.settings.as_of
        return when(self.now) or (max(SystemClock().now(), as_of) if self.database else as_of)

    def desk(self) -> Desk:
        """The desk of the region at the moment; raises as `opened`."""
        from api.usecases.desk import Desk

        when(self.now)  # a moment nobody can read is refused before anything is loaded
        region = self.read()
        return Desk(region, self.at(region))


@dataclass(frozen=True, slots=True, kw_only=True)
class InDatabase(Answered):
    """A region of a database."""

    database: DatabaseOption
    region: RegionOption = ""
    lang: LangOption = "en"

    @contextmanager
    def opened(self) -> Iterator[tuple[Database, str]]:
        """The database and the id of the region meant; raises as `reading`."""
        from api.stored import opened
        from storage.rows.region import only_region

        with opened(self.database) as there:
            with there.reading() as connection:
                which = only_region(connection, self.region)
            yield there, which

    @contextmanager
    def reading(self) -> Iterator[tuple[Connection, str]]:
        """A snapshot and the id of the region meant; raises as `reading`."""
        with reading(self.database, self.region) as found:
            yield found

    def days(self) -> Callable[[str], str]:
        """What gives the day of a reply's moment on the region's wall clock: another than in UTC after midnight there."""
        from api.text.spoken import wall_clock
        from storage.regional import zone_of

        with self.reading() as (connection, which):
            where = zone(zone_of(connection, which))
        return lambda at: wall_clock(moment(at), where)[:10]

    def desk(self, now: datetime) -> Desk:
        """The desk of the region at a moment."""
        from api.usecases.desk import Desk

        return Desk(region_in(self.database, self.region), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(InDatabase):
    """A command to a region of a database: one transaction, done once under its key."""

    by: ByOption = "operator"
    key: KeyOption = ""
    now: NowOption = None

    def head(self) -> datetime:
        """The moment of the command: as said, else that of its first arrival under this key, else the machine's."""
        named = when(self.now)
        if named is not None:
            return utc(named)
        if self.key:
            from storage.idempotency import first_at

            with self.reading() as (connection, which):
                first = first_at(connection, which, self.key)
            if first is not None:
                return first
        return SystemClock().now()

    def done(
        self, command: Callable[[UnitOfWork], dict[str, Any]], *, now: datetime | None = None
    ) -> dict[str, Any]:
        """Run the command and give its reply; `now`: what `head` said, where the command itself needs it."""
        from api.stored import envelope

        head = self.head() if now is None else now
        with self.opened() as (there, which):
            name = self.key or unnamed("cli")
            return there.run(replace(envelope(which, name), now=head, actor=self.by), command)


def when(said: str | None, /) -> datetime | None:
    """A moment as somebody typed it, None where it was left out; refuses ``clock.*``."""
    return None if said is None else moment(said)


def unnamed(kind: str, /) -> str:
    """A name for a command or run that was given none: nobody can give it again."""
    return f"{kind}-{SystemClock().now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


@contextmanager
def reading(database: str, region: str) -> Iterator[tuple[Connection, str]]:
    """A snapshot of a database and the id of the region meant.

    Raises:
        Refusal: ``database.*``; ``region.*`` when it is not clear which region.
    """
    from api.stored import opened
    from storage.rows.region import only_region

    with opened(database) as there, there.reading() as connection:
        yield connection, only_region(connection, region)


def region_in(database: str, region: str) -> Region:
    """Read a region of a database; raises as `reading`."""
    from storage.rows.region import load_region

    with reading(database, region) as (connection, which):
        return load_region(connection, which)


def spelled_out(command: Callable[..., None]) -> Callable[..., None]:
    """Spell a command's bundles out: the user gives their fields as options, the command gets the bundle.

    A parameter the command declares itself under the name of a field stands for both: its help and its default hold.
    """
    bundles: dict[str, type[Any]] = {}
    own: dict[str, inspect.Parameter] = {}
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        if isinstance(parameter.annotation, type) and is_dataclass(parameter.annotation):
            bundles[parameter.name] = parameter.annotation
        own[parameter.name] = parameter
    shown: dict[str, inspect.Parameter] = {}
    for name, parameter in own.items():
        spelled = _parameters(bundles[name]) if name in bundles else {name: parameter}
        shown |= {each: own.get(each, made) for each, made in spelled.items() if each not in shown}

    @wraps(command)
    def told(**given: Any) -> None:
        made = {name: _made(bundle, given) for name, bundle in bundles.items()}
        command(**made, **{name: given[name] for name in own if name not in bundles})

    listed = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in shown.values()]
    told.__signature__ = inspect.Signature(listed)  # type: ignore[attr-defined]  # what typer reads
    told.__annotations__ = {one.name: one.annotation for one in listed}
    return told


def _parameters(bundle: type[Any]) -> dict[str, inspect.Parameter]:
    """The fields of a bundle as parameters, in their order."""
    hints = get_type_hints(bundle, include_extras=True)
    own = inspect.signature(bundle).parameters
    return {name: one.replace(annotation=hints[name]) for name, one in own.items()}


def _made(bundle: type[Any], given: Mapping[str, Any]) -> Any:
    return bundle(**{one.name: given[one.name] for one in fields(bundle)})
