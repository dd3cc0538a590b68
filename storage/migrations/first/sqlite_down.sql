DROP TABLE visit_order;

DROP TABLE supply_offer;

DROP TABLE published_stop;

DROP TABLE part_need;

DROP TABLE crew_role;

DROP TABLE appointment;

DROP TABLE visit;

DROP TABLE ticket_event;

DROP TABLE closed_ticket_part;

DROP TABLE ticket;

DROP TABLE shift;

DROP TABLE on_call;

DROP TABLE loan;

DROP TABLE engineer_wish;

DROP TABLE engineer_skill;

DROP TABLE engineer_position;

DROP TABLE closed_ticket;

DROP TABLE certificate;

DROP TABLE absence;

DROP TABLE stock_policy;

DROP TABLE standing;

DROP TABLE serial_unit;

DROP TABLE reservation;

DROP TABLE purchase_order_line;

DROP TABLE loaner_unit;

DROP TABLE engineer;

DROP TABLE demand_month;

DROP TABLE balance;

DROP TABLE asset;

DROP TABLE supplier_term;

DROP TABLE site;

DROP TABLE place;

DROP TABLE lot;

DROP TABLE contract;

DROP TABLE calendar_day;

DROP TABLE alternate;

DROP TABLE travel_pair;

DROP TABLE tool;

DROP TABLE supplier;

DROP TABLE story;

DROP TABLE skill;

DROP TABLE run;

DROP TABLE plan;

DROP TABLE partner;

DROP TABLE part;

DROP TABLE loaner_class;

DROP TABLE customer;

DROP TABLE calendar;

DROP TABLE bench_time;

DROP TABLE stock_move;

DROP TABLE region;

DROP TABLE outbox;

DROP TABLE idempotency_key;

DROP TABLE audit_head;

DROP TABLE audit;

DROP TABLE account
