"""Adding a scheme of a region's own while the desk works: from then on contracts and tickets may name it."""

from __future__ import annotations

from dispatch.desk.own_scheme import OwnScheme
from storage.appended import append_rows, queue
from storage.dataset.scheme_files import LONGEST_NAME, check_beside, read_scheme
from storage.idempotency import Reply, once
from storage.rows.schemes import own_schemes_in
from storage.tables.region import SchemeRow
from storage.unit_of_work import UnitOfWork


def add_scheme(work: UnitOfWork, file: str, raw: bytes) -> Reply:
    """Add one version of one scheme: ``{"scheme": id, "version": its, "file": name, "new": yes or no}``.

    What is there word for word is not added again. Nothing that has a version already changes its terms: contracts and
    tickets keep the one they name.

    Args:
        work: of the command.
        file: name of the file it came in; taken, or none a folder may hold, it is kept under its id and version.
        raw: what is in it.

    Raises:
        Refusal: those of `storage.dataset.scheme_files.read_scheme`, with the line; ``scheme.ships``, ``scheme.duplicate``,
            ``scheme.too_little_notice``.
    """
    new = read_scheme(file, raw)

    def act() -> Reply:
        queue(work)
        own = own_schemes_in(work.connection, work.region)
        told = {"scheme": new.scheme.id, "version": new.scheme.version}
        same = [one.file for one in own if one.text == new.text]
        if same:
            return told | {"file": same[0], "new": False}
        check_beside(own, new)
        name = _free(new, {one.file for one in own})
        append_rows(
            work,
            SchemeRow,
            [
                {
                    "scheme_id": new.scheme.id,
                    "version": new.scheme.version,
                    "file": name,
                    "content": new.text,
                }
            ],
        )
        work.record("scheme.add", new.scheme.id, version=new.scheme.version, file=name)
        return told | {"file": name, "new": True}

    return once(work, "scheme.add", {"file": file, "text": new.text}, act)


def _free(new: OwnScheme, taken: set[str]) -> str:
    """The file's own name, else one made of id and version that nobody has."""
    fits = new.file.endswith(".toml") and len(new.file) <= LONGEST_NAME and new.file.isprintable()
    if fits and not new.file.startswith((".", "~$")) and new.file not in taken:
        return new.file
    stem = f"{new.scheme.id}-{new.scheme.version}".replace("/", "_")[: LONGEST_NAME - 10]
    names = (f"{stem}{'' if number == 1 else f'-{number}'}.toml" for number in range(1, len(taken) + 3))
    return next(name for name in names if name not in taken)
