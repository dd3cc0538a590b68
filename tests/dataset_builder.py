"""A tiny valid dataset folder, as text by file: tests edit one thing and look at what happens."""

from __future__ import annotations

from pathlib import Path

TINY: dict[str, str] = {
    "region.toml": """[region]
id = "R1"
name = "小区"
as_of = "2026-03-06T00:00:00Z"
zone = "Asia/Shanghai"
currency = "CNY"
horizon_days = 3

[policy]
late_hour = "90.50"

[policy.left_out]
P1 = "9000"

[[calendar]]
id = "office"
mon = ["08:00-12:00", "13:00-17:00"]

[[story]]
kind = "first"
ids = ["V1", "E1"]
""",
    "customers.csv": "customer_id,name\nC1,Mill\n",
    "contracts.csv": "contract_id,customer_id,scheme,scheme_version,valid_from,valid_until\nK1,C1,field-2-4-24,,2026-01-01,2026-12-31\n",
    "sites.csv": "site_id,customer_id,name,lat,lon,remote\nS1,C1,Mill hall,26.07,119.3,\nS2,C1,Far dam,26.5,118.2,yes\n",
    "assets.csv": "asset_id,site_id,model,serial,loaner_class\nA1,S1,M-9,0007,L1\nA2,S2,M-9,0008,\n",
    "calendar_days.csv": "calendar_id,on,hours\noffice,2026-03-07,08:00-12:00;13:00-17:00\noffice,2026-03-09,\n",
    "skills.csv": "skill_id,name\nhv,High voltage\nfiber,Fibre\n",
    "engineers.csv": "engineer_id,depot,home_lat,home_lon,van\nE1,D1,26.08,119.29,W1\nE2,D1,26.1,119.2,\n",
    "engineer_skills.csv": "engineer_id,skill,level\nE1,hv,3\nE2,fiber,1\n",
    "certificates.csv": "engineer_id,certificate,valid_from,valid_until\nE1,electrician,2025-01-01,2027-01-01\nE2,electrician,2025-01-01,\n",
    "tools.csv": "serial,tool,holder,calibrated_until\nT-1,scope,E1,2026-06-30\nT-2,ladder,E2,\n",
    "shifts.csv": "shift_id,engineer_id,starts_at,ends_at,start_place,end_place,overtime_min,break_from,break_until,break_min\n"
    "H1,E1,2026-03-06T08:00+08:00,2026-03-06T17:00+08:00,D1,,60,2026-03-06T11:30+08:00,2026-03-06T13:00+08:00,30\n"
    "H2,E2,2026-03-06T08:00+08:00,2026-03-06T17:00+08:00,,,,,,\n",
    "absences.csv": "absence_id,engineer_id,starts_at,ends_at,reason\nB1,E2,2026-03-06T08:00+08:00,2026-03-06T10:00+08:00,course\n",
    "on_call.csv": "duty_id,engineer_id,starts_at,ends_at,call_out\nO1,E1,2026-03-06T18:00+08:00,2026-03-07T06:00+08:00,150\n",
    "tickets.csv": "ticket_id,site_id,asset_id,contract_id,scheme,scheme_version,severity,kind,reported_at,symptom,text\n"
    'G1,S1,A1,K1,field-2-4-24,,P1,fault,2026-03-06T07:00+08:00,no-power,"It is dark, said ""nothing works"""\n'
    "G2,S2,,,field-2-4-24,,P3,advice,2026-03-05T07:00+08:00,,\n",
    "ticket_events.csv": "ticket_id,at,kind,by,reason,value\nG1,2026-03-06T07:05+08:00,acknowledged,desk-1,,\n"
    "G1,2026-03-06T07:10+08:00,waiting,desk-1,gate shut,access\n",
    "closed_tickets.csv": "ticket_id,asset_id,model,severity,reported_at,arrived_at,repaired_at,engineer_id,symptom,cause,solution\n"
    "G0,A1,M-9,P2,2025-03-06T07:00+08:00,2025-03-06T09:00+08:00,2025-03-06T11:00+08:00,E9,no-power,worn,replaced\n",
    "repair_history.csv": "ticket_id,part_id,quantity\nG0,P1,2\n",
    "visits.csv": "visit_id,ticket_id,site_id,duration_min,earliest_at,skills,certificates,tools\n"
    "V1,G1,S1,90,2026-03-06T09:00+08:00,hv:2;fiber:1,electrician,scope\nV2,G2,S2,30,,,,\n",
    "appointments.csv": "visit_id,from,until\nV1,2026-03-06T10:00+08:00,2026-03-06T12:00+08:00\n",
    "part_requirements.csv": "visit_id,part_id,quantity\nV1,P1,2\n",
    "published_plan.csv": "visit_id,shift_id,starts_at,lock,told_at\nV1,H1,2026-03-06T10:00+08:00,time,2026-03-06T08:00+08:00\n",
    "parts.csv": "part_id,name,kind,price,criticality\nP1,Fuse,consumable,12.50,1\nP2,Board,repairable,980,2\n",
    "alternates.csv": "part_id,alternate_id,kind\nP1,P2,supersedes\n",
    "places.csv": "place_id,kind,name,lat,lon,engineer_id,pick_up_min\nD1,depot,Depot,26.05,119.31,,15\nW1,van,Van,,,E1,\n"
    "X1,adjustment,Count,,,,\nQ1,in_transit,Road,,,,\n",
    "stock_moves.csv": "move_id,at,part_id,quantity,from_place,to_place,condition,reason,by,device,source_document,key,reverses,bound_for\n"
    "M1,2026-03-01T08:00Z,P1,10,X1,D1,usable,opening,count,till,,open:1,,\n"
    "M3,2026-03-03T08:00Z,P1,2,Q1,W1,usable,transfer,store,till,,k3,,W1\n"
    "M2,2026-03-02T08:00Z,P1,4,D1,Q1,usable,transfer,store,till,,k2,,W1\n"
    "M4,2026-03-04T08:00Z,P1,1,D1,X1,,scrap,store,till,,k4,,\n"
    "M5,2026-03-04T09:00Z,P1,1,X1,D1,,wrong,store,till,,k5,M4,\n",
    "reservations.csv": "part_id,place_id,quantity,demand_ref\nP1,D1,1,G1\nP1,D1,1,G1\n",
    "supply_offers.csv": "offer_id,part_id,kind,source,visit_id,arrives_at,price,quantity\n"
    "F1,P1,courier,D1,V1,2026-03-06T09:30+08:00,80,2\nF2,P2,purchase,U1,V1,2026-03-08T09:30+08:00,1080,1\n",
    "suppliers.csv": "supplier_id,name,lead_time_days,lead_time_sd_days\nU1,Maker,7.5,\n",
    "supplier_terms.csv": "supplier_id,part_id,price,lead_time_days,minimum,multiple\nU1,P1,11,,10,5\n",
    "lots.csv": "lot_id,part_id,supplier_id,receipt_document,original,expires_on\nB-1,P1,U1,GR-1,yes,2027-06-30\n"
    "B-2,P1,,,no,\nB-1,P2,,,,2026-03-05\n",
    "purchase_orders.csv": "order_id,supplier_id,part_id,quantity,to_place,ordered_at,promised_at,received\n"
    "R1,U1,P1,20,D1,2026-03-01T08:00Z,,5\n",
    "loaner_classes.csv": "loaner_class,name,substitutes,day_cost\nL1,Small,L2,30\nL2,Large,,50\n",
    "loaner_units.csv": "unit_id,loaner_class,place_id,free_from\nN1,L1,D1,\nN2,L2,D1,2026-03-07T08:00Z\n",
    "loans.csv": "loan_id,unit_id,ticket_id,out_at,due_back_at,back_at\nZ1,N1,G0,2025-03-06T08:00Z,2025-03-08T08:00Z,2025-03-07T08:00Z\n",
    "demand_history.csv": "part_id,place_id,month,quantity\nP1,D1,2026-01,4\nP1,D1,2026-02,0\n",
    "stock_policy.csv": "part_id,place_id,fill_rate,review_period_days,minimum,maximum\nP1,D1,0.95,7,,20\n",
    "travel.csv": "origin,destination,seconds,metres\nS1,D1,600,8000\nE1,S2,,\n",
}
"""Every table has a row; every optional cell is empty somewhere and filled somewhere."""

CREWED: dict[str, str] = {
    **TINY,
    "region.toml": TINY["region.toml"].replace(
        "[policy]\n",
        '[travel]\npace = ["07:30 650", "09:00 1000"]\n\n[policy]\nfreeze_min = 90\nmoved_told = "88.80"\n',
        1,
    ),
    "sites.csv": "site_id,customer_id,name,lat,lon,remote,territory\n"
    "S1,C1,Mill hall,26.07,119.3,,north\nS2,C1,Far dam,26.5,118.2,yes,\n",
    "engineers.csv": "engineer_id,depot,home_lat,home_lon,van,territories,away_price\n"
    "E1,D1,26.08,119.29,W1,,\nE2,D1,26.1,119.2,,north,55.50\n",
    "engineer_wishes.csv": "customer_id,site_id,engineer_id,wish\nC1,,E1,preferred\n,S2,E1,barred\n",
    "partners.csv": "partner_id,name,territories,skills,certificates,price,lead_min,original_parts\n"
    "X9,Other firm,north,hv:3;fiber:1,electrician,1500,240,yes\nX8,,,,,900,,\n",
    "positions.csv": "engineer_id,at,lat,lon,free_at,rested\nE1,2026-03-06T07:40+08:00,26.06,119.3,2026-03-06T09:00+08:00,yes\n"
    "E1,2026-03-06T07:10+08:00,26.05,119.3,,\n",
    "ticket_events.csv": "ticket_id,at,kind,by,reason,value,visit_id\nG1,2026-03-06T07:05+08:00,acknowledged,desk-1,,,\n"
    "G1,2026-03-06T07:10+08:00,waiting,desk-1,gate shut,access,V1\n",
    "visits.csv": "visit_id,ticket_id,site_id,duration_min,earliest_at,skills,certificates,tools,role,continuous,"
    "bench_min,return_min\n"
    "V1,G1,S1,90,2026-03-06T09:00+08:00,hv:2;fiber:1,electrician,scope,first-hand,yes,,\n"
    "V2,G2,S2,30,,,,,,no,1440,20\nV3,G2,S2,30,,,,,,,,\n",
    "crew_roles.csv": "visit_id,role,duration_min,within_min,skills,certificates,tools\n"
    "V1,helper,60,,,,\nV1,welder,30,20,fiber:1,electrician,ladder\n",
    "visit_order.csv": "visit_id,after_visit_id\nV3,V2\nV2,V1\n",
    "part_requirements.csv": "visit_id,part_id,quantity,likely\nV1,P1,2,\nV2,P1,1,0.4\n",
    "published_plan.csv": "visit_id,shift_id,starts_at,lock,told_at,role,piece,partner_id\n"
    "V1,H1,2026-03-06T10:00+08:00,time,2026-03-06T08:00+08:00,,,\nV1,H2,2026-03-06T10:00+08:00,,,helper,,\n"
    "V2,H2,2026-03-07T10:00+08:00,,,,2,\nV3,,2026-03-07T12:00+08:00,,,,,X8\n",
    "bench_times.csv": "model,collect_min,bench_min,return_min\nUP-10,20,240,30\n",
    "loaner_units.csv": "unit_id,loaner_class,place_id,free_from,van\nN1,L1,D1,,\nN2,L2,D1,2026-03-07T08:00Z,W1\n",
    "places.csv": TINY["places.csv"]
    .replace("pick_up_min\n", "pick_up_min,calendar\n", 1)
    .replace(",,15\n", ",,15,office\n", 1)
    .replace("E1,\n", "E1,,\n", 1)
    .replace("Count,,,,\n", "Count,,,,,\n", 1)
    .replace("Road,,,,\n", "Road,,,,,\n", 1),
}
"""The tiny folder with crews, order, a workshop, partners, wishes, territories: every table and every column is used."""


def tiny(folder: Path, **changed: str | None) -> Path:
    """Write the tiny folder; `changed` gives the text of single files by name without ending, None leaves one out."""
    return _written(TINY, folder, changed)


def crewed(folder: Path, **changed: str | None) -> Path:
    """Write the crewed folder, changed as `tiny` is."""
    return _written(CREWED, folder, changed)


def _written(files: dict[str, str], folder: Path, changed: dict[str, str | None]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        given = changed.get(file.partition(".")[0], text)
        if given is not None:
            (folder / file).write_text(given, encoding="utf-8", newline="")
    return folder


def edited(file: str, old: str, new: str, *, files: dict[str, str] = TINY) -> str:
    """The text of one file of the tiny folder, or of `files`, with its first `old` replaced."""
    assert old in files[file], (file, old)
    return files[file].replace(old, new, 1)
