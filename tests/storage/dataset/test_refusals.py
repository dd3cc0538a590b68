"""Bad input, one mistake at a time: each is refused with its code at its place, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.text import LANGUAGES, catalogue, say_refusal
from storage.dataset.read import read
from tests.dataset_builder import CREWED, TINY, crewed, edited, tiny

LONG = "x" * 501
HEADERS = {file: text.partition("\n")[0] for file, text in TINY.items()}

# code, file, text replaced, its replacement, line, column
CASES = [
    ("place.latitude_out_of_range", "sites.csv", "26.07", "91", 2, "lat"),
    ("place.longitude_out_of_range", "sites.csv", "119.3", "181", 2, "lon"),
    ("place.not_a_coordinate", "sites.csv", "26.07", "2_6", 2, "lat"),
    ("place.latitude_out_of_range", "sites.csv", "26.07", "nan", 2, "lat"),
    ("dataset.negative", "part_requirements.csv", "V1,P1,2", "V1,P1,-2", 2, "quantity"),
    ("dataset.too_small", "part_requirements.csv", "V1,P1,2", "V1,P1,0", 2, "quantity"),
    ("dataset.too_large", "part_requirements.csv", "V1,P1,2", "V1,P1,1000000001", 2, "quantity"),
    ("dataset.not_a_number", "part_requirements.csv", "V1,P1,2", "V1,P1,2.0", 2, "quantity"),
    ("dataset.not_a_number", "part_requirements.csv", "V1,P1,2", "V1,P1,=1+1", 2, "quantity"),
    ("dataset.not_a_number", "part_requirements.csv", "V1,P1,2", "V1,P1,９", 2, "quantity"),
    ("dataset.too_large", "visits.csv", "V2,G2,S2,30", "V2,G2,S2,100001", 3, "duration_min"),
    ("dataset.unknown_skill", "visits.csv", "fiber:1", "fibre:1", 2, "skills"),
    ("dataset.unknown_skill", "engineer_skills.csv", "E2,fiber", "E2,welding", 3, "skill"),
    ("dataset.not_a_skill_level", "visits.csv", "fiber:1", "fiber", 2, "skills"),
    ("dataset.repeated_in_list", "visits.csv", "fiber:1", "hv:1", 2, "skills"),
    ("dataset.too_many_in_list", "visits.csv", "scope", ";".join(f"t{i}" for i in range(101)), 2, "tools"),
    ("clock.naive_time", "tickets.csv", "2026-03-06T07:00+08:00", "2026-03-06T07:00", 2, "reported_at"),
    ("clock.not_a_moment", "tickets.csv", "2026-03-06T07:00+08:00", "yesterday", 2, "reported_at"),
    (
        "clock.out_of_range",
        "tickets.csv",
        "2026-03-06T07:00+08:00",
        "1970-01-01T00:00+08:00",
        2,
        "reported_at",
    ),
    (
        "interval.ends_before_start",
        "shifts.csv",
        "2026-03-06T17:00+08:00,D1",
        "2026-03-06T07:00+08:00,D1",
        2,
        "ends_at",
    ),
    (
        "dataset.shift_too_long",
        "shifts.csv",
        "2026-03-06T17:00+08:00,D1",
        "2026-03-16T17:00+08:00,D1",
        2,
        "ends_at",
    ),
    (
        "dataset.half_a_break",
        "shifts.csv",
        "2026-03-06T13:00+08:00,30",
        "2026-03-06T13:00+08:00,",
        2,
        "break_min",
    ),
    ("dataset.break_outside_shift", "shifts.csv", "T11:30", "T07:59", 2, "break_from"),
    ("dataset.break_outside_shift", "shifts.csv", "T13:00", "T17:01", 2, "break_until"),
    ("dataset.shifts_overlap", "on_call.csv", "2026-03-06T18:00", "2026-03-06T16:59", 2, "starts_at"),
    ("dataset.duplicate_id", "parts.csv", "P2,Board", "P1,Board", 3, "part_id"),
    ("dataset.duplicate_id", "places.csv", "X1,adj", "S1,adj", 4, "place_id"),
    ("dataset.unknown_reference", "assets.csv", "A2,S2", "A2,S9", 3, "site_id"),
    (
        "dataset.unknown_reference",
        "calendar_days.csv",
        "office,2026-03-09",
        "shop,2026-03-09",
        3,
        "calendar_id",
    ),
    ("dataset.unknown_reference", "supply_offers.csv", "purchase,U1", "purchase,D1", 3, "source"),
    ("dataset.wrong_kind_of_place", "engineers.csv", "E2,D1", "E2,W1", 3, "depot"),
    ("dataset.depot_tool_not_supported_yet", "tools.csv", "ladder,E2", "ladder,D1", 3, "holder"),
    ("dataset.unknown_reference", "tools.csv", "ladder,E2", "ladder,E9", 3, "holder"),
    ("dataset.not_a_choice", "tickets.csv", "P3", "P5", 3, "severity"),
    ("dataset.required", "customers.csv", "C1,Mill", ",Mill", 2, "customer_id"),
    ("dataset.text_too_long", "customers.csv", "Mill", LONG, 2, "name"),
    ("dataset.control_character", "customers.csv", "Mill", "Mi\0ll", 2, "name"),
    ("dataset.control_character", "customers.csv", "Mill", "Mi\tll", 2, "name"),
    ("dataset.not_a_date", "contracts.csv", "2026-01-01", "20260101", 2, "valid_from"),
    ("dataset.not_a_date", "contracts.csv", "2026-01-01", "2026-02-30", 2, "valid_from"),
    ("dataset.last_day_before_first", "contracts.csv", "2026-12-31", "2025-12-31", 2, "valid_until"),
    ("dataset.last_day_before_first", "certificates.csv", "2027-01-01", "2024-01-01", 2, "valid_until"),
    ("dataset.not_a_month", "demand_history.csv", "2026-02", "2026-13", 3, "month"),
    ("id.malformed", "customers.csv", "C1,Mill", "C 1,Mill", 2, "customer_id"),
    ("money.negative", "parts.csv", "980", "-980", 3, "price"),
    ("money.not_an_amount", "parts.csv", "980", "9_80", 3, "price"),
    ("money.not_an_amount", "parts.csv", "980", "980.005", 3, "price"),
    ("dataset.row_too_short", "parts.csv", "P2,Board,repairable,980,2", "P2,Board", 3, ""),
    ("dataset.row_too_long", "parts.csv", "980,2", "980,2,3", 3, ""),
    ("dataset.not_csv", "parts.csv", "Board", '"Board', 3, ""),
    ("dataset.line_too_long", "parts.csv", "Board", "x" * 20_001, 3, ""),
    ("dataset.half_a_coordinate", "places.csv", "Count,,", "Count,26,", 4, "lon"),
    ("dataset.place_without_coordinate", "places.csv", "X1,adjustment", "X1,warehouse", 4, "lat"),
    ("stock.engineer_without_van", "places.csv", "Count,,,", "Count,,,E2", 4, ""),
    (
        "dataset.van_disagrees",
        "places.csv",
        "X1,adjustment,Count,,,,",
        "X1,van,Count,,,E2,",
        4,
        "engineer_id",
    ),
    ("dataset.engineer_disagrees", "engineers.csv", "119.2,\n", "119.2,W1\n", 3, "van"),
    ("dataset.asset_elsewhere", "tickets.csv", "G2,S2,,", "G2,S2,A1,", 3, "asset_id"),
    ("dataset.contract_of_another_scheme", "tickets.csv", "K1,field-2-4-24", "K1,field-24-48", 2, "scheme"),
    ("dataset.after_as_of", "tickets.csv", "2026-03-05T07:00", "2026-03-06T08:01", 3, "reported_at"),
    ("dataset.after_as_of", "ticket_events.csv", "T07:10", "T08:01", 3, "at"),
    ("dataset.after_as_of", "stock_moves.csv", "2026-03-04T09:00", "2026-03-06T00:01", 6, "at"),
    ("dataset.lock_outside_appointment", "published_plan.csv", "T10:00", "T12:00", 2, "starts_at"),
    (
        "dataset.lock_outside_appointment",
        "published_plan.csv",
        "T10:00+08:00,time",
        "T09:59+08:00,both",
        2,
        "starts_at",
    ),
    ("dataset.visit_elsewhere", "visits.csv", "V2,G2,S2", "V2,G2,S1", 3, "site_id"),
    ("scheme.unknown", "tickets.csv", "G2,S2,,,field-2-4-24", "G2,S2,,,gold", 3, "scheme"),
    (
        "scheme.unknown_version",
        "tickets.csv",
        "G2,S2,,,field-2-4-24,",
        "G2,S2,,,field-2-4-24,77",
        3,
        "scheme_version",
    ),
    ("ticket.reason_missing", "ticket_events.csv", "gate shut", "", 3, "reason"),
    ("ticket.events_out_of_order", "ticket_events.csv", "T07:10", "T07:01", 3, "kind"),
    ("history.out_of_order", "closed_tickets.csv", "2025-03-06T11:00", "2025-03-06T08:00", 2, "repaired_at"),
    ("stock.not_enough", "stock_moves.csv", "P1,2,Q1", "P1,5,Q1", 3, "quantity"),
    ("stock.reverses_unknown", "stock_moves.csv", "k5,M4", "k5,M9", 6, "reverses"),
    ("dataset.missing_column", "parts.csv", "price,", "", 1, "price"),
    ("dataset.misspelt_column", "sites.csv", "lon,", "lng,", 1, "lng"),
    ("dataset.unknown_column", "parts.csv", "criticality", "criticality,zzz", 1, "zzz"),
    ("dataset.column_not_supported_yet", "visits.csv", "tools", "tools,priority", 1, "priority"),
    ("dataset.duplicate_column", "parts.csv", "name", "kind", 1, "kind"),
    ("dataset.not_toml", "region.toml", "[region]", "[region", 1, ""),
    ("dataset.missing_key", "region.toml", "horizon_days = 3", "", 1, "region.horizon_days"),
    (
        "dataset.unknown_key",
        "region.toml",
        "horizon_days = 3",
        "horizon_days = 3\nspeed = 3",
        8,
        "region.speed",
    ),
    ("dataset.unknown_key", "region.toml", "[policy]", "[weights]\n[policy]", 9, "weights"),
    (
        "dataset.wrong_toml_type",
        "region.toml",
        "horizon_days = 3",
        "horizon_days = true",
        7,
        "region.horizon_days",
    ),
    ("dataset.too_large", "region.toml", "horizon_days = 3", "horizon_days = 3000", 7, "region.horizon_days"),
    ("clock.naive_time", "region.toml", "2026-03-06T00:00:00Z", "2026-03-06T00:00:00", 4, "region.as_of"),
    ("clock.unknown_zone", "region.toml", "Asia/Shanghai", "Asia/Nowhere", 5, "region.zone"),
    ("money.not_a_currency", "region.toml", "CNY", "yuan", 6, "region.currency"),
    ("calendar.not_hours", "region.toml", "13:00-17:00", "1pm", 17, "calendar.mon"),
    ("dataset.story_of_unknown", "region.toml", '"E1"', '"E7"', 21, "story.ids"),
    ("dataset.unknown_file", "kitchen.csv", "", "", 0, ""),
    ("dataset.misspelt_file", "Sites.csv", "", "", 0, ""),
    ("dataset.no_header", "parts.csv", TINY["parts.csv"], "", 0, ""),
]


@pytest.mark.parametrize(
    ("code", "file", "old", "new", "line", "column"),
    CASES,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)],
)
def test_one_mistake_is_refused_at_its_place(
    tmp_path: Path, code: str, file: str, old: str, new: str, line: int, column: str
) -> None:
    """A user who makes one mistake reads of it first, with line and column, in words that say what to do."""
    folder = tiny(tmp_path / "region")
    text = edited(file, old, new) if file in TINY else "a,b\n"
    (folder / file).write_text(text, encoding="utf-8", newline="")

    reading = read(folder)

    first = reading.refusals[0]
    assert first.at is not None
    assert (first.code, first.at.file, first.at.line, first.at.column) == (code, file, line, column)
    assert all(count.accepted + count.refused == count.given for count in reading.counts)
    for lang in LANGUAGES:
        assert f"({code})" in say_refusal(first, lang)
        assert code in catalogue(lang)


TRIPS = [
    ("dataset.half_a_workshop", "visits.csv", "1440,20", "1440,", 3, "return_min"),
    ("dataset.half_a_workshop", "visits.csv", "1440,20", ",20", 3, "bench_min"),
    ("dataset.shift_or_partner", "published_plan.csv", "V3,,", "V3,H2,", 5, "shift_id"),
    ("dataset.shift_or_partner", "published_plan.csv", ",X8", ",", 5, "shift_id"),
    ("dataset.partner_alone", "published_plan.csv", ",,X8", ",2,X8", 5, "partner_id"),
    ("dataset.unknown_reference", "published_plan.csv", "X8", "X7", 5, "partner_id"),
    ("dataset.not_a_van", "loaner_units.csv", "W1", "D1", 3, "van"),
    ("dataset.role_twice", "crew_roles.csv", "helper", "first-hand", 2, "role"),
    ("dataset.crew_at_workshop", "crew_roles.csv", "V1,helper", "V2,helper", 2, "visit_id"),
    ("dataset.duplicate_id", "crew_roles.csv", "welder", "helper", 3, "visit_id"),
    ("dataset.unknown_role", "published_plan.csv", "helper", "boss", 3, "role"),
    ("dataset.order_in_circle", "visit_order.csv", "V2,V1", "V2,V3", 3, "after_visit_id"),
    ("dataset.order_in_circle", "visit_order.csv", "V3,V2", "V3,V3", 2, "after_visit_id"),
    ("dataset.unknown_territory", "engineers.csv", "north", "south", 3, "territories"),
    ("dataset.unknown_territory", "partners.csv", "north", "north;south", 2, "territories"),
    ("dataset.unknown_reference", "places.csv", "office", "shop", 2, "calendar"),
    ("dataset.unknown_skill", "crew_roles.csv", "fiber:1", "fibre:1", 3, "skills"),
    ("desk.wish_of_whom", "engineer_wishes.csv", "C1,,E1", "C1,S1,E1", 2, "customer_id"),
    ("desk.wish_of_whom", "engineer_wishes.csv", "C1,,E1", ",,E1", 2, "customer_id"),
    ("dataset.after_as_of", "positions.csv", "T07:40", "T08:01", 2, "at"),
    ("dataset.too_large", "part_requirements.csv", "0.4", "1.4", 3, "likely"),
    ("dataset.not_a_pace", "region.toml", "07:30 650", "7:30 650", 10, "travel.pace"),
    ("dataset.not_a_pace", "region.toml", "07:30 650", "07:30 1001", 10, "travel.pace"),
    ("dataset.pace_out_of_order", "region.toml", "09:00 1000", "07:30 1000", 10, "travel.pace"),
    (
        "dataset.handover_too_long",
        "region.toml",
        "freeze_min = 90",
        "stretch_min = 30",
        12,
        "policy.handover_min",
    ),
]


@pytest.mark.parametrize(
    ("code", "file", "old", "new", "line", "column"),
    TRIPS,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(TRIPS)],
)
def test_one_mistake_about_trips_is_refused_at_its_place(
    tmp_path: Path, code: str, file: str, old: str, new: str, line: int, column: str
) -> None:
    """Crews, order, workshops, partners, wishes and territories: as above, in the folder that has them."""
    folder = crewed(tmp_path / "region")
    (folder / file).write_text(edited(file, old, new, files=CREWED), encoding="utf-8", newline="")

    reading = read(folder)

    first = reading.refusals[0]
    assert first.at is not None
    assert (first.code, first.at.file, first.at.line, first.at.column) == (code, file, line, column)
    assert all(count.accepted + count.refused == count.given for count in reading.counts)
    for lang in LANGUAGES:
        assert f"({code})" in say_refusal(first, lang)


def test_a_missing_folder_an_empty_one_and_a_file_are_told_apart(tmp_path: Path) -> None:
    """The first three things that go wrong on a first try need three different hands."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")

    codes = [
        [refusal.code for refusal in read(tmp_path / name).refusals] for name in ("none", "empty", "file")
    ]

    assert codes == [["dataset.no_such_folder"], ["dataset.empty_folder"], ["dataset.not_a_folder"]]


@pytest.mark.parametrize("name", ["region", "sites", "engineers", "shifts", "places"])
def test_a_file_that_has_to_be_there_is_missed(tmp_path: Path, name: str) -> None:
    """Without these there is nothing to plan: no region comes of it, however partial."""
    reading = read(tiny(tmp_path / "region", **{name: None}))

    assert reading.region is None
    assert reading.refusals[0].code == "dataset.missing_file"


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """A folder called parts.csv is not an absent file."""
    folder = tiny(tmp_path / "region", parts=None)
    (folder / "parts.csv").mkdir()

    assert read(folder).refusals[0].code == "dataset.not_a_file"


def test_bytes_that_are_not_utf8_spoil_their_own_row_only(tmp_path: Path) -> None:
    """A single name typed in another encoding must not hide the other thousand rows."""
    folder = tiny(tmp_path / "region")
    (folder / "parts.csv").write_bytes(TINY["parts.csv"].encode().replace(b"Board", "电路板".encode("gbk")))

    reading = read(folder)

    assert (reading.refusals[0].code, reading.refusals[0].at and reading.refusals[0].at.line) == (
        "dataset.not_utf8",
        3,
    )
    assert [(count.given, count.accepted) for count in reading.counts if count.file == "parts.csv"] == [
        (2, 1)
    ]


@pytest.mark.parametrize("file", ["parts.csv", "region.toml"])
def test_another_encoding_altogether_is_named(tmp_path: Path, file: str) -> None:
    """Spreadsheets save UTF-16 when asked for "Unicode text"."""
    folder = tiny(tmp_path / "region")
    (folder / file).write_bytes(TINY[file].encode("utf-16"))

    assert read(folder).refusals[0].code == "dataset.not_utf8"


def test_a_file_beyond_its_limit_is_refused_unread(tmp_path: Path) -> None:
    """A video saved as region.toml must not be parsed."""
    reading = read(tiny(tmp_path / "region", region="#" * (1024 * 1024 + 1)))

    assert reading.refusals[0].code == "dataset.file_too_large"


def test_too_many_rows_are_refused_by_their_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row costs memory; a file of a million and one says so instead of filling the machine."""
    monkeypatch.setattr("storage.dataset.lines.MOST_ROWS", 1)

    assert "dataset.too_many_rows" in {refusal.code for refusal in read(tiny(tmp_path / "region")).refusals}


def test_a_contract_of_another_customer_does_not_cover_a_ticket(tmp_path: Path) -> None:
    """Promises and prices would be another customer's."""
    customers = TINY["customers.csv"] + "C2,Dam\n"
    folder = tiny(tmp_path / "region", customers=customers, contracts=edited("contracts.csv", "C1", "C2"))

    assert read(folder).refusals[0].code == "dataset.contract_of_another"


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        ("2026-03-07", "2026-12-31", True),
        ("2026-01-01", "2026-03-05", True),
        ("2026-03-06", "2026-03-06", False),
    ],
)
def test_a_contract_covers_the_local_days_from_its_first_to_its_last(
    tmp_path: Path, first: str, last: str, *, refused: bool
) -> None:
    """The report came at 07:00 on the sixth in the region, which was still the fifth in UTC."""
    contracts = TINY["contracts.csv"].replace("2026-01-01", first).replace("2026-12-31", last)

    found = read(tiny(tmp_path / "region", contracts=contracts)).refusals

    cause = [(one.code, one.at and (one.at.file, one.at.line, one.at.column)) for one in found[:1]]
    expected = [("dataset.contract_not_in_force", ("tickets.csv", 2, "contract_id"))]
    assert cause == (expected if refused else [])


def test_what_the_customer_asks_for_may_lie_ahead(tmp_path: Path) -> None:
    """A named time is said before `as_of` and lies after it; only the saying has to have happened."""
    said = "G1,2026-03-06T07:15+08:00,forecast_finish,desk-1,,2026-03-09T07:00+08:00\n"
    folder = tiny(tmp_path / "region", ticket_events=TINY["ticket_events.csv"] + said)

    assert read(folder).refusals == ()


def test_what_happens_at_the_very_moment_of_the_description_has_happened(tmp_path: Path) -> None:
    """A region is exported with the event that was just typed in."""
    folder = tiny(tmp_path / "region", ticket_events=edited("ticket_events.csv", "T07:10", "T08:00"))

    assert read(folder).refusals == ()


@pytest.mark.parametrize(
    ("start", "lock", "code"),
    [
        ("T12:00", "time", "dataset.lock_outside_appointment"),
        ("T12:00", "engineer", None),
        ("T12:00", "none", None),
        ("T14:30", "both", None),
    ],
)
def test_a_locked_time_lies_in_one_of_the_appointments(
    tmp_path: Path, start: str, lock: str, code: str | None
) -> None:
    """Appointments are alternatives; a start that may still be moved need not lie in any."""
    other = "V1,2026-03-06T14:00+08:00,2026-03-06T15:00+08:00\n"
    published = TINY["published_plan.csv"].replace("T10:00+08:00,time", f"{start}+08:00,{lock}")
    folder = tiny(
        tmp_path / "region", published_plan=published, appointments=TINY["appointments.csv"] + other
    )

    assert next((one.code for one in read(folder).refusals), None) == code


def test_a_locked_time_without_an_appointment_is_nobodys_contradiction(tmp_path: Path) -> None:
    """The dispatcher promised it by publishing; there is no other agreement it could break."""
    assert read(tiny(tmp_path / "region", appointments=None)).refusals == ()


def test_a_unit_still_out_is_not_lent_again(tmp_path: Path) -> None:
    """One of the two customers would wait for a machine that is not there."""
    loans = edited("loans.csv", "2025-03-07T08:00Z", "") + "Z2,N1,G1,2026-03-06T00:00Z,2026-03-09T00:00Z,\n"

    refusal = read(tiny(tmp_path / "region", loans=loans)).refusals[0]

    assert (refusal.code, refusal.at and refusal.at.line) == ("stock.lent_twice", 3)


def test_every_mistake_of_a_row_is_named_and_counts_once(tmp_path: Path) -> None:
    """Correcting a file cell by cell, one run each, is how people give up."""
    reading = read(tiny(tmp_path / "region", parts=edited("parts.csv", "repairable,980,2", "odd,-1,9")))

    codes = [refusal.code for refusal in reading.refusals[:3]]
    assert codes == ["dataset.not_a_choice", "money.negative", "dataset.too_large"]
    assert [(c.given, c.accepted, c.refused) for c in reading.counts if c.file == "parts.csv"] == [(2, 1, 1)]


def test_every_dataset_sentence_is_said_by_some_test() -> None:
    """A refusal nobody can provoke is dead text, or a check nobody made."""
    elsewhere = {
        "dataset.no_such_folder",
        "dataset.not_a_folder",
        "dataset.empty_folder",
        "dataset.missing_file",
        "dataset.not_a_file",
        "dataset.not_utf8",
        "dataset.file_too_large",
        "dataset.too_many_rows",
        "dataset.contract_of_another",
        "dataset.contract_not_in_force",
        "dataset.refers_to_refused",
        "dataset.story_of_refused",
        "dataset.target_not_empty",
        "dataset.cannot_write",
        "dataset.cannot_create",
        "dataset.cannot_read",
    }

    said = {code for code, *_ in (*CASES, *TRIPS)} | elsewhere

    assert {code for code in catalogue("en") if code.startswith("dataset.")} - said == set()
