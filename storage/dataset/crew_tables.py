"""Tables of the crew: engineers, skills, certificates, tools, shifts, absences, on-call duties."""

from __future__ import annotations

from datetime import datetime

from dispatch.crew import (
    Absence,
    CertificateHeld,
    Engineer,
    OnCall,
    Shift,
    Skill,
    SkillHeld,
    ToolHeld,
)
from kernel.errors import Location, Refusal
from kernel.interval import Interval
from kernel.place import LatLon
from storage.dataset.cell import AMOUNT, DAY, ID, LATITUDE, LEVEL, LONGITUDE, MOMENT, TEXT, several, whole
from storage.dataset.table import Column, Reference, Row, Table, span, to

LONGEST_SHIFT_S = 36 * 3600
"""A shift longer than a day and a half is a slip of the pen."""

ENGINEER = Column("engineer_id", ID, "The engineer.", references=to("engineers"))
DEPOT = (Reference("places", kinds=("depot", "warehouse")),)

SKILLS = Table(
    "skills",
    "A skill that engineers hold and visits ask for.",
    (Column("skill_id", ID, "The skill."), Column("name", TEXT, "What people call it.")),
    key=("skill_id",),
    make=lambda row: Skill(row["skill_id"], row["name"]),
    rows=lambda region: (
        {"skill_id": skill.id, "name": skill.name} for skill in region.field.skill_catalogue
    ),
)

ENGINEERS = Table(
    "engineers",
    "A person with a van, known by a code, never by a name.",
    (
        Column(
            "engineer_id",
            ID,
            "The engineer; shared with sites and places: no id may be used twice among them.",
        ),
        Column("depot", ID, "Depot or warehouse he belongs to.", references=DEPOT),
        Column(
            "home_lat",
            LATITUDE,
            "Home, where his day starts unless the shift says otherwise; north, WGS-84.",
            unit="degrees",
        ),
        Column("home_lon", LONGITUDE, "Home, east, WGS-84.", unit="degrees"),
        Column(
            "van",
            ID,
            "The van whose stock he carries.",
            empty="none: he carries no parts",
            default="",
            references=(Reference("places", kinds=("van",)),),
        ),
        Column("territories", several(ID), "Areas he serves.", empty="all", default=()),
        Column(
            "away_price",
            AMOUNT,
            "Price of a visit in another territory.",
            unit="currency of the region",
            empty="he never goes there",
        ),
    ),
    key=("engineer_id",),
    make=lambda row: Engineer(
        id=row["engineer_id"],
        depot=row["depot"],
        home=LatLon(row["home_lat"], row["home_lon"]),
        van=row["van"],
        territories=row["territories"],
        away_price=row["away_price"],
    ),
    rows=lambda region: (
        {
            "engineer_id": engineer.id,
            "depot": engineer.depot,
            "home_lat": engineer.home.lat,
            "home_lon": engineer.home.lon,
            "van": engineer.van,
            "territories": engineer.territories,
            "away_price": engineer.away_price,
        }
        for engineer in region.field.engineers
    ),
    required=True,
    namespace="location",
)

ENGINEER_SKILLS = Table(
    "engineer_skills",
    "A skill an engineer holds.",
    (
        ENGINEER,
        Column("skill", ID, "The skill.", references=to("skills"), unknown="dataset.unknown_skill"),
        Column("level", LEVEL, "1: helps, 5: teaches."),
    ),
    key=("engineer_id", "skill"),
    make=lambda row: SkillHeld(row["engineer_id"], row["skill"], row["level"]),
    rows=lambda region: (
        {"engineer_id": held.engineer, "skill": held.skill, "level": held.level}
        for held in region.field.skills
    ),
)


def _certificate(row: Row) -> CertificateHeld:
    first, last = row["valid_from"], row["valid_until"]
    if last is not None and last < first:
        raise Refusal(
            "dataset.last_day_before_first",
            at=Location("", column="valid_until"),
            first=first.isoformat(),
            last=last.isoformat(),
        )
    return CertificateHeld(row["engineer_id"], row["certificate"], first, last)


CERTIFICATES = Table(
    "certificates",
    "A certificate an engineer holds for a time.",
    (
        ENGINEER,
        Column("certificate", ID, "The certificate."),
        Column("valid_from", DAY, "First day it is valid, local to the region."),
        Column("valid_until", DAY, "Last day it is valid.", empty="no end"),
    ),
    key=("engineer_id", "certificate", "valid_from"),
    make=_certificate,
    rows=lambda region: (
        {
            "engineer_id": held.engineer,
            "certificate": held.certificate,
            "valid_from": held.valid_from,
            "valid_until": held.valid_until,
        }
        for held in region.field.certificates
    ),
)

TOOLS = Table(
    "tools",
    "One tool in an engineer's van.",
    (
        Column("serial", ID, "Its serial."),
        Column("tool", ID, "What kind of tool it is."),
        Column(
            "holder",
            ID,
            "The engineer who carries it; tools lent from a depot come with a later release.",
            references=(
                *to("engineers"),
                Reference("places", refused="dataset.depot_tool_not_supported_yet"),
            ),
        ),
        Column("calibrated_until", DAY, "Last day its calibration is valid.", empty="needs no calibration"),
    ),
    key=("serial",),
    make=lambda row: ToolHeld(row["serial"], row["tool"], row["holder"], row["calibrated_until"]),
    rows=lambda region: (
        {
            "serial": tool.serial,
            "tool": tool.tool,
            "holder": tool.holder,
            "calibrated_until": tool.calibrated_until,
        }
        for tool in region.field.tools
    ),
)


def _shift(row: Row) -> Shift:
    worked = span(row, "starts_at", "ends_at")
    _short_enough(worked, "ends_at")
    break_from: datetime | None = row["break_from"]
    given = [name for name in ("break_from", "break_until", "break_min") if row[name]]
    if given and len(given) < 3:
        missing = next(name for name in ("break_from", "break_until", "break_min") if not row[name])
        raise Refusal("dataset.half_a_break", at=Location("", column=missing), column=missing)
    rest = None if break_from is None else span(row, "break_from", "break_until")
    if rest is not None and not worked.start <= rest.start < rest.end <= worked.end:
        column = "break_until" if worked.start <= rest.start < worked.end else "break_from"
        raise Refusal(
            "dataset.break_outside_shift",
            at=Location("", column=column),
            starts=worked.start.isoformat(),
            ends=worked.end.isoformat(),
        )
    return Shift(
        id=row["shift_id"],
        engineer=row["engineer_id"],
        worked=worked,
        start_place=row["start_place"],
        end_place=row["end_place"],
        overtime_min=row["overtime_min"],
        break_between=rest,
        break_min=row["break_min"],
    )


def _short_enough(time: Interval, column: str) -> None:
    hours = (time.end - time.start).total_seconds() / 3600
    if hours * 3600 > LONGEST_SHIFT_S:
        raise Refusal(
            "dataset.shift_too_long",
            at=Location("", column=column),
            hours=round(hours, 1),
            most=LONGEST_SHIFT_S // 3600,
        )


SHIFTS = Table(
    "shifts",
    "One engineer's paid working time on one day.",
    (
        Column("shift_id", ID, "The shift; shared with on-call duties."),
        ENGINEER,
        Column("starts_at", MOMENT, "Paid time begins; he leaves no earlier."),
        Column("ends_at", MOMENT, "Paid time ends, at most 36 h later; overtime begins."),
        Column(
            "start_place", ID, "Where his day starts.", empty="his home", default="", references=to("places")
        ),
        Column("end_place", ID, "Where his day ends.", empty="his home", default="", references=to("places")),
        Column("overtime_min", whole(0, 1440), "Most time past the end.", unit="min", empty="0", default=0),
        Column("break_from", MOMENT, "The break starts here or later; within the shift.", empty="no break"),
        Column("break_until", MOMENT, "The break starts before this; within the shift.", empty="no break"),
        Column("break_min", whole(0, 1440), "Length of the break.", unit="min", empty="no break", default=0),
    ),
    key=("shift_id",),
    make=_shift,
    rows=lambda region: (
        {
            "shift_id": shift.id,
            "engineer_id": shift.engineer,
            "starts_at": shift.worked.start,
            "ends_at": shift.worked.end,
            "start_place": shift.start_place,
            "end_place": shift.end_place,
            "overtime_min": shift.overtime_min,
            "break_from": shift.break_between and shift.break_between.start,
            "break_until": shift.break_between and shift.break_between.end,
            "break_min": shift.break_min,
        }
        for shift in region.field.shifts
    ),
    required=True,
    namespace="shift",
)

ABSENCES = Table(
    "absences",
    "Time an engineer is not there; cut out of his shifts.",
    (
        Column("absence_id", ID, "The absence."),
        ENGINEER,
        Column("starts_at", MOMENT, "Away from."),
        Column("ends_at", MOMENT, "Back at."),
        Column("reason", TEXT, "Leave, illness, course.", empty="not said", default=""),
    ),
    key=("absence_id",),
    make=lambda row: Absence(
        row["absence_id"], row["engineer_id"], span(row, "starts_at", "ends_at"), row["reason"]
    ),
    rows=lambda region: (
        {
            "absence_id": absence.id,
            "engineer_id": absence.engineer,
            "starts_at": absence.away.start,
            "ends_at": absence.away.end,
            "reason": absence.reason,
        }
        for absence in region.field.absences
    ),
)


def _duty(row: Row) -> OnCall:
    duty = span(row, "starts_at", "ends_at")
    _short_enough(duty, "ends_at")
    return OnCall(row["duty_id"], row["engineer_id"], duty, row["call_out"])


ON_CALL = Table(
    "on_call",
    "On-call duty: the time may be planned, at a price for every use.",
    (
        Column("duty_id", ID, "The duty; shared with shifts: no id may be used in both."),
        ENGINEER,
        Column("starts_at", MOMENT, "On call from."),
        Column("ends_at", MOMENT, "On call until, at most 36 h later."),
        Column("call_out", AMOUNT, "Price of using it at all.", unit="currency of the region"),
    ),
    key=("duty_id",),
    make=_duty,
    rows=lambda region: (
        {
            "duty_id": duty.id,
            "engineer_id": duty.engineer,
            "starts_at": duty.duty.start,
            "ends_at": duty.duty.end,
            "call_out": duty.call_out,
        }
        for duty in region.field.on_call
    ),
    namespace="shift",
)
