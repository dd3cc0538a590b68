"""A tiny valid dataset folder, as text by file: tests edit one thing and look at what happens."""

from __future__ import annotations

import hashlib
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
    "G2,S2,,,field-2-4-24,,P3,fault,2026-03-05T07:00+08:00,,\n",
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
    "purchase_orders.csv": "order_id,supplier_id,part_id,quantity,to_place,ordered_at,promised_at,received,later_promised_at\n"
    "R1,U1,P1,20,D1,2026-03-01T08:00Z,,5,\n"
    "R3,U1,P2,2,D1,2026-03-01T08:00Z,2026-03-09T08:00Z,,2026-03-12T08:00Z;2026-03-12T08:30Z\n",
    "lot_inspections.csv": "inspection_id,at,supplier_id,part_id,document,lot_id,units,aql,level,severity,bad,original,steady,put_right,inspected_by\n"
    "I1,2026-03-02T08:00Z,U1,P1,R1,B-1,1000,1.5,II,normal,5,yes,no,no,store\nI2,2026-03-03T08:00Z,U1,P2,,,20,10,S4,normal,0,,,,\n",
    "order_drafts.csv": "order_id,supplier_id,to_place,part_id,quantity,price,made_at,made_by\n"
    "R1,U1,D1,P1,20,11,2026-02-28T08:00Z,store\nR1,U1,D1,P2,1,980,2026-02-28T08:00Z,store\n",
    "order_steps.csv": "order_id,step,at,done_by,part_id,promised_at\nR1,send,2026-03-01T08:00Z,store,,\n"
    "R1,confirm,2026-03-02T08:00Z,store,P1,2026-03-09T08:00Z\n",
    "price_breaks.csv": "supplier_id,part_id,minimum,price\nU1,P1,50,10.50\nU1,P1,200,10\n",
    "supplier_agreements.csv": "supplier_id,approval_above,over_share,under_share,remedy_days,report_days\n"
    "U1,5000,0.05,0.02,14,1;1;2;7;10;20;30;40\n,,,,,\n",
    "shipments.csv": "shipment_id,order_id,part_id,quantity,sent_at,expected_at,entered_by\n"
    "WB1,R1,P1,12,2026-03-03T08:00Z,2026-03-05T08:00Z,store\nWB1,R1,P1,10,2026-03-03T08:00Z,2026-03-07T08:00Z,store\nWB2,R3,P2,2,2026-03-04T08:00Z,2026-03-12T08:00Z,\n",
    "part_classes.csv": "part_id,part_class\nP1,fuses\n",
    "inspection_limits.csv": "supplier_id,part_id,part_class,aql,level,inspects,may_reduce,skip_after,skip_share,skip_seed\n"
    "U1,P1,,1.5,III,yes,no,8,0.25,only we know\n,,fuses,2.5,,no,,,,\n",
    "part_checks.csv": "part_id,check_id,name,unit,lower,upper\nP1,length,Length,mm,19.80,20.2\nP1,marked,Marked,,,\n",
    "reinspection_rules.csv": "part_class,every_days\nfuses,180\n",
    "lot_readings.csv": "inspection_id,check_id,unit,answer,value,lower,upper\n"
    "I1,length,1,,19.70,19.80,\nI1,length,2,,20.30,,20.2\nI1,marked,3,no,,,\nI1,marked,4,no,,,\nI1,marked,5,no,,,\nI1,marked,6,yes,,,\n",
    "lots_skipped.csv": "at,supplier_id,part_id,document,lot_id,units,in_a_row,taken_in_by\n"
    "2026-03-04T08:00Z,U1,P2,R3,,3,8,store\n2026-03-04T09:00Z,U1,P1,R1,B-1,4,8,\n",
    "stock_inspections.csv": "inspection_id,at,part_id,lot_id,place_id,units,bad,inspected_by\n"
    "SI1,2026-03-04T08:00Z,P1,,D1,5,0,store\nSI2,2026-03-05T08:00Z,P1,B-1,D1,5,1,\n",
    "dispositions.csv": "disposition_id,at,document,supplier_id,part_id,lot_id,serial,quantity,delivery,way,remedy,due_at,decided_by\n"
    "DS1,2026-03-04T08:00Z,DSP-1,U1,P1,B-1,,3,R1,return,replace,2026-03-18T08:00Z,head\n"
    "DS2,2026-03-04T09:00Z,DSP-2,,P2,,0815,1,,scrap,,,head\n",
    "nonconformances.csv": "report_id,at,supplier_id,part_id,quantity,document,lot_id,found,source,opened_by\n"
    "N8,2026-03-02T09:00Z,U1,P1,1000,R1,B-1,too short,I1,store\nN9,2026-03-03T09:00Z,U1,P2,1,,,,,\n",
    "corrective_steps.csv": "report_id,discipline,at,done_by,note\nN8,3,2026-03-03T09:00Z,store,the lot is held back\n"
    "N8,1,2026-03-03T10:00Z,store,\n",
    "remedy_promises.csv": "disposition_id,at,promised_at,said_by\nDS1,2026-03-05T10:00Z,2026-04-20T08:00Z,store\n",
    "delivery_notes.csv": "document,supplier_id,at,taken_in_by\nDN-7,U1,2026-03-04T08:00Z,store\n",
    "taken_back.csv": "kind,fact_id,at,taken_back_by,reason\ndisposition,DS2,2026-03-05T09:00Z,store,the wrong unit\n",
    "loaner_classes.csv": "loaner_class,name,substitutes,day_cost,cleaning_min,inspection_min\n"
    "L1,Small,L2,30,60,30\nL2,Large,,50,,\n",
    "loaner_units.csv": "unit_id,loaner_class,place_id,free_from\nN1,L1,D1,\nN2,L2,D1,2026-03-07T08:00Z\n",
    "loans.csv": "loan_id,unit_id,ticket_id,out_at,due_back_at,back_at\nZ1,N1,G0,2025-03-06T08:00Z,2025-03-08T08:00Z,2025-03-07T08:00Z\n",
    "loan_checks.csv": "loan_id,at,step,checked_by,reason\nZ1,2025-03-07T08:10Z,inspecting,store,\n"
    "Z1,2025-03-07T08:20Z,failed,store,cracked\nZ1,2025-03-07T09:00Z,inspecting,store,\n",
    "stock_counts.csv": "document,part_id,place_id,condition,lot,at,counted,expected,counted_by\n"
    "CC1,P1,D1,,,2026-03-05T08:00Z,6,6,store\nCC2,P1,D1,damaged,B-1,2026-03-05T09:00Z,0,0,E03\n",
    "demand_history.csv": "part_id,place_id,month,quantity\nP1,D1,2026-01,4\nP1,D1,2026-02,0\n",
    "stock_policy.csv": "part_id,place_id,fill_rate,review_period_days,minimum,maximum\nP1,D1,0.95,7,,20\n",
    "snoozes.csv": "part_id,place_id,at,until_on,reason,said_by\n"
    "P1,D1,2026-03-04T08:00Z,2026-03-20,the year's order is on its way,store\nP1,D1,2026-03-05T08:00Z,,,head\n",
    "travel.csv": "origin,destination,seconds,metres\nS1,D1,600,8000\nE1,S2,,\n",
}
"""Every table has a row; every optional cell is empty somewhere and filled somewhere."""

_FILES = (b"\xff\xd8\xff".ljust(1000, b"-"), b"x", b"signed", b"signed again")
ENCLOSED = {hashlib.sha256(one).hexdigest(): one for one in _FILES}
"""What came with the crewed folder's tickets, and its signed forms, by digest."""
PHOTO, LOG, SIGNED, SIGNED_AGAIN = ENCLOSED

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
    "ticket_loans.csv": "loan_id,ticket_id,unit_id,reserved_at,by\nB1,G1,N2,2026-03-06T07:20+08:00,desk-1\n",
    "loan_events.csv": "loan_id,at,step,by,reason,due_back_at\nB1,2026-03-06T07:30+08:00,preparing,store-1,,\n"
    "B1,2026-03-06T07:40+08:00,out,store-1,,2026-03-09T08:00+08:00\n"
    "B1,2026-03-06T07:50+08:00,extended,store-1,the part is late,2026-03-10T08:00+08:00\n",
    "replacements.csv": "asset_id,at,by,old_serial,new_serial,ticket_id\nA1,2026-03-05T08:00+08:00,E1,0007,0017,G0\n",
    "roster_duties.csv": "duty_id,role,person,starts_at,ends_at,rank\n"
    "Y1,dispatcher,P01,2026-03-06T18:00+08:00,2026-03-07T08:00+08:00,\n"
    "Y2,dispatcher,P02,2026-03-06T18:00+08:00,2026-03-07T08:00+08:00,2\n",
    "duties_handed_over.csv": "duty_id,at,by,reason,starts_at,ends_at,person\n"
    "Y1,2026-03-06T07:00+08:00,P01,ill,2026-03-06T20:00+08:00,2026-03-06T22:00+08:00,\n"
    "Y1,2026-03-06T07:30+08:00,P01,swapped,2026-03-06T20:00+08:00,2026-03-06T22:00+08:00,P03\n",
    "escalations.csv": "ticket_id,at,by,role,person,outcome\nG1,2026-03-06T07:40+08:00,desk-1,manager,P04,calls the maker\n",
    "complaints.csv": "complaint_id,customer_id,scheme,scheme_version,made_at,text,by,ticket_id\n"
    "Q1,C1,value-added,1,2026-03-05T07:00+08:00,Nobody came,desk-1,G1\n"
    "Q2,C1,value-added,1,2026-03-06T07:00+08:00,The bill is wrong,desk-1,\n",
    "complaint_events.csv": "complaint_id,at,step,by,reason,remedy\nQ1,2026-03-05T08:00+08:00,accepted,desk-1,,\n"
    "Q1,2026-03-05T09:00+08:00,answered,desk-1,We come again,free-repeat\n",
    "survey_events.csv": "ticket_id,at,step,by,score,remark\nG0,2025-03-07T09:00+08:00,sent,desk-1,,\n"
    "G0,2025-03-08T09:00+08:00,answered,desk-1,4,quick\n",
    "preventive_visits.csv": "preventive_id,contract_id,site_id,period_from,period_until,on,overbooked\n"
    "PM1,K1,S1,2026-01-01,2026-04-01,2026-02-10,\nPM2,K1,S1,2026-04-01,2026-07-01,2026-05-12,yes\n",
    "preventive_events.csv": "preventive_id,at,step,by,reason,on\n"
    "PM1,2026-02-09T09:00+08:00,moved,desk-1,the mill stands still,2026-02-12\n"
    "PM1,2026-02-12T16:00+08:00,done,E1,,2026-02-12\nPM1,2026-02-13T16:00+08:00,reported,E1,,\n",
    "contracts.csv": "contract_id,customer_id,scheme,scheme_version,valid_from,valid_until,plan_from\n"
    "K1,C1,field-2-4-24,,2026-01-01,2026-12-31,\nK2,C1,value-added,,2026-01-01,,2026-02-01\n",
    "assets.csv": "asset_id,site_id,model,serial,loaner_class,invoiced_on,made_on,warranty_months\n"
    "A1,S1,M-9,0007,L1,2025-06-01,2025-03-01,24\nA2,S2,M-9,0008,,,,\n",
    "tickets.csv": TINY["tickets.csv"] + "G3,S1,,K2,value-added,,P3,advice,2026-03-05T07:00+08:00,,\n",
    "borrowings.csv": "borrowing_id,engineer_id,department,first_on,last_on,calendar,at,by,reason,most_days\n"
    "J1,E2,Line 3,2026-03-16,2026-03-20,office,2026-03-05T08:00+08:00,desk-1,two are ill,3\n"
    "J2,E2,Line 3,2026-03-23,2026-03-27,office,2026-03-05T08:00+08:00,desk-1,two are ill,\n",
    "standing_changes.csv": "customer_id,at,by,standing,reason\nC1,2026-02-01T08:00+08:00,desk-1,suspended,fees unpaid\n"
    "C1,2026-02-03T08:00+08:00,desk-1,good,paid\n",
    "findings.csv": "ticket_id,at,by,exclusion,reason\nG0,2025-03-06T10:00+08:00,E9,misuse,water inside\n",
    "charge_events.csv": "charge_id,ticket_id,at,by,step,item,cents,part_id,quantity,reason\n"
    "X1,G3,2026-03-05T08:00+08:00,desk-1,quoted,call,20000,,,\nX1,G3,2026-03-05T08:00+08:00,desk-1,quoted,part,2500,P1,2,\n"
    "X1,G3,2026-03-05T08:10+08:00,desk-1,withdrawn,,,,,too dear\n",
    "knowledge.csv": "ticket_id,at,by,cause,solution,asset,serial,model,symptom,problem,customer_caused,public\n"
    "G0,2025-03-06T11:00+08:00,E9,worn fuse 保险丝老化,replaced it,A1,0007,M-9,no-power,fuse-worn,,yes\n"
    "G1,2026-03-06T07:30+08:00,E1,打印机卡纸,清洁滚轮,,,,,,yes,\n",
    "checklist_answers.csv": "ticket_id,at,by,item,value\nG1,2026-03-06T07:30+08:00,E1,works_again,yes\n",
    "signatures.csv": "ticket_id,at,by,name,digest,remark\n"
    f"G0,2025-03-06T11:00+08:00,E9,K. of the mill,{SIGNED},come earlier\nG0,2025-03-06T11:05+08:00,E9,K.,{SIGNED_AGAIN},\n",
    "approval_events.csv": "approval_id,ticket_id,at,by,step,kind,cents,role,reason\n"
    "AP1,G1,2026-03-06T07:30+08:00,desk-1,requested,purchase,150000,,board not in stock\n"
    "AP1,G1,2026-03-06T07:35+08:00,desk-2,approved,,,dispatcher,\n",
    "reports.csv": "report_id,at,channel,by,asset,serial,qr,site,contract,scheme,kind,severity,symptom,text,contact,reference\n"
    "T-20260305-0001,2026-03-05T06:50+08:00,phone,desk-1,A1,0007,fieldwright:asset:A1,S1,K1,field-2-4-24,repair,P1,no-power,dark,gate 3,\n"
    "T-20260306-0001,2026-03-06T06:50+08:00,mail,mail-1,,,,,,,,,,,,mail:7f@k1.example\n",
    "answers.csv": "report_id,at,by,asked,value\nT-20260306-0001,2026-03-06T07:05+08:00,desk-1,asset,A2\n",
    "attachments.csv": "ticket_id,at,by,kind,digest,media_type,size,name\n"
    f"G1,2026-03-06T07:00+08:00,C1,photo,{PHOTO},image/jpeg,1000,gate.jpg\nG1,2026-03-06T07:01+08:00,C1,log,{LOG},text/plain,1,\n",
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
            for digest in (one for one in ENCLOSED if one in given):
                (folder / "attachments").mkdir(exist_ok=True)
                (folder / "attachments" / digest).write_bytes(ENCLOSED[digest])
    return folder


def edited(file: str, old: str, new: str, *, files: dict[str, str] = TINY) -> str:
    """The text of one file of the tiny folder, or of `files`, with its first `old` replaced."""
    assert old in files[file], (file, old)
    return files[file].replace(old, new, 1)
