"""Every business rule of a plan, named once.

Each member has its part in `dispatch.solve`, in `dispatch.verify`, its sentence in `dispatch.explain`
and its row in `docs/rules.md`; a test walks the enum.
"""

from enum import StrEnum


class Rule(StrEnum):
    """A rule a plan keeps (hard) or pays for (priced)."""

    ONCE = "once"
    SKILL = "skill"
    CERTIFICATE = "certificate"
    TOOL = "tool"
    SHIFT = "shift"
    OVERTIME = "overtime"
    CALL_OUT = "call_out"
    BREAK = "break"
    TRAVEL = "travel"
    EARLIEST = "earliest"
    WINDOW = "window"
    ENGINEER_LOCK = "engineer_lock"
    TIME_LOCK = "time_lock"
    PARTS = "parts"
    STOCK = "stock"
    ARRIVE_DUE = "arrive_due"
    REPAIR_DUE = "repair_due"
    SUBSTITUTE_DUE = "substitute_due"
    LOANER = "loaner"
    LEFT_OUT = "left_out"
    LINK = "link"
    BARRED = "barred"
    PREFERRED = "preferred"
    TERRITORY = "territory"
    OPENING = "opening"
    SECOND_VISIT = "second_visit"
    PARTNER = "partner"
    CHANGE = "change"
    FETCH = "fetch"
