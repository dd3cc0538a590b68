"""`practice.toml`: how a region's desk works, where it does not work as it ships; checked as rows are."""

from __future__ import annotations

from dispatch.desk.practice_file import FILE, LONGEST_TEXT, OwnPractice, own_practice
from kernel.errors import Location, Refusal
from storage.dataset.lines import normal

MOST_BYTES = 4 * LONGEST_TEXT
"""As many bytes as the longest text may have in UTF-8."""

DOCUMENT = f"""## {FILE}

How your desk works, as `fieldwright practice copy` writes it ([ticket-life.md](ticket-life.md)): what each kind of work takes and
its checklist, what may be attached, who may approve what. Left out, the practice that ships holds. The file keeps every word
of it, comments included; one that is refused is not half used, the practice that ships holds instead.
"""


def read_practice(raw: bytes, /, file: str = FILE) -> OwnPractice:
    """Read and check the practice of a folder; `file`: its name, for refusals.

    Raises:
        Refusal: ``practice.file_too_long``, ``dataset.not_utf8``; those of
            `dispatch.desk.practice_file.load_practice`, with line and key.
    """
    if len(raw) > MOST_BYTES:
        raise Refusal("practice.file_too_long", at=Location(file), most=LONGEST_TEXT)
    try:
        text = normal(raw).decode()
    except UnicodeDecodeError:
        raise Refusal("dataset.not_utf8", at=Location(file)) from None
    return own_practice(text, file)
