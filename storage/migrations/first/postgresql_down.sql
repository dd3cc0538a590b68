DROP TABLE visit_order;

DROP TABLE supply_offer;

DROP TABLE published_stop;

DROP TABLE part_need;

DROP TABLE crew_role;

DROP TABLE appointment;

DROP TABLE visit;

DROP TABLE ticket_event;

DROP TABLE loan_event;

DROP TABLE closed_ticket_part;

DROP TABLE ticket_loan;

DROP TABLE ticket;

DROP TABLE shift;

DROP TABLE replacement;

DROP TABLE preventive_event;

DROP TABLE on_call;

DROP TABLE loan;

DROP TABLE engineer_wish;

DROP TABLE engineer_skill;

DROP TABLE engineer_position;

DROP TABLE closed_ticket;

DROP TABLE certificate;

DROP TABLE borrowing;

DROP TABLE absence;

DROP TABLE stock_policy;

DROP TABLE standing;

DROP TABLE serial_unit;

DROP TABLE reservation;

DROP TABLE purchase_order_line;

DROP TABLE preventive_visit;

DROP TABLE order_draft;

DROP TABLE loaner_unit;

DROP TABLE knowledge_word;

DROP TABLE engineer;

DROP TABLE demand_month;

DROP TABLE complaint_event;

DROP TABLE balance;

DROP TABLE asset;

DROP TABLE supplier_term;

DROP TABLE standing_change;

DROP TABLE site;

DROP TABLE place;

DROP TABLE order_step;

DROP TABLE lot_inspection;

DROP TABLE lot;

DROP TABLE knowledge_text;

DROP TABLE duty_handed_over;

DROP TABLE contract;

DROP TABLE complaint;

DROP TABLE charge_event;

DROP TABLE calendar_day;

DROP TABLE answer;

DROP TABLE alternate;

DROP TABLE travel_pair;

DROP TABLE tool;

DROP TABLE survey_event;

DROP TABLE supplier;

DROP TABLE story;

DROP TABLE skill;

DROP TABLE signature;

DROP TABLE service_scheme;

DROP TABLE run;

DROP TABLE roster_duty;

DROP TABLE report;

DROP TABLE plan;

DROP TABLE partner;

DROP TABLE part;

DROP TABLE number;

DROP TABLE loaner_class;

DROP TABLE knowledge;

DROP TABLE finding;

DROP TABLE escalation;

DROP TABLE customer;

DROP TABLE content;

DROP TABLE checklist_answer;

DROP TABLE calendar;

DROP TABLE bench_time;

DROP TABLE attachment;

DROP TABLE approval_event;

DROP TABLE stock_move;

DROP TABLE region;

DROP TABLE outbox;

DROP TABLE idempotency_key;

DROP TABLE audit_head;

DROP TABLE audit;

DROP TABLE account;

DROP FUNCTION service_scheme_append_only();

DROP FUNCTION stock_move_append_only();

DROP FUNCTION ticket_event_append_only();

DROP FUNCTION content_append_only();

DROP FUNCTION ticket_loan_append_only();

DROP FUNCTION loan_event_append_only();

DROP FUNCTION replacement_append_only();

DROP FUNCTION roster_duty_append_only();

DROP FUNCTION duty_handed_over_append_only();

DROP FUNCTION escalation_append_only();

DROP FUNCTION complaint_append_only();

DROP FUNCTION complaint_event_append_only();

DROP FUNCTION survey_event_append_only();

DROP FUNCTION preventive_visit_append_only();

DROP FUNCTION preventive_event_append_only();

DROP FUNCTION borrowing_append_only();

DROP FUNCTION standing_change_append_only();

DROP FUNCTION finding_append_only();

DROP FUNCTION charge_event_append_only();

DROP FUNCTION report_append_only();

DROP FUNCTION answer_append_only();

DROP FUNCTION attachment_append_only();

DROP FUNCTION knowledge_append_only();

DROP FUNCTION checklist_answer_append_only();

DROP FUNCTION signature_append_only();

DROP FUNCTION approval_event_append_only();

DROP FUNCTION plan_append_only();

DROP FUNCTION audit_append_only()
