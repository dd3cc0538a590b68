DROP TABLE visit_order;

DROP TABLE supply_offer;

DROP TABLE published_stop;

DROP TABLE part_need;

DROP TABLE crew_role;

DROP TABLE appointment;

DROP TABLE visit;

DROP TABLE ticket_link;

DROP TABLE ticket_event;

DROP TABLE loan_event;

DROP TABLE loan_check;

DROP TABLE closed_ticket_part;

DROP TABLE ticket_loan;

DROP TABLE ticket;

DROP TABLE shift;

DROP TABLE replacement;

DROP TABLE receiver;

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

DROP TABLE stock_inspection;

DROP TABLE stock_count;

DROP TABLE standing;

DROP TABLE snooze;

DROP TABLE serial_unit;

DROP TABLE reservation;

DROP TABLE remedy_promise;

DROP TABLE purchase_order_line;

DROP TABLE preventive_visit;

DROP TABLE order_draft;

DROP TABLE lot_reading;

DROP TABLE loaner_unit;

DROP TABLE knowledge_word;

DROP TABLE engineer;

DROP TABLE demand_month;

DROP TABLE corrective_step;

DROP TABLE complaint_event;

DROP TABLE balance;

DROP TABLE asset;

DROP TABLE supplier_term;

DROP TABLE supplier_agreement;

DROP TABLE standing_change;

DROP TABLE site;

DROP TABLE shipment;

DROP TABLE price_break;

DROP TABLE plan_step;

DROP TABLE place;

DROP TABLE part_class;

DROP TABLE part_check;

DROP TABLE order_step;

DROP TABLE nonconformance;

DROP TABLE lot_skipped;

DROP TABLE lot_inspection;

DROP TABLE lot;

DROP TABLE knowledge_text;

DROP TABLE inspection_limit;

DROP TABLE duty_handed_over;

DROP TABLE disposition;

DROP TABLE delivery_note;

DROP TABLE contract;

DROP TABLE complaint;

DROP TABLE charge_event;

DROP TABLE calendar_day;

DROP TABLE answer;

DROP TABLE alternate;

DROP TABLE travel_pair;

DROP TABLE tool;

DROP TABLE taken_back;

DROP TABLE survey_event;

DROP TABLE supplier;

DROP TABLE story;

DROP TABLE skill;

DROP TABLE signature;

DROP TABLE session;

DROP TABLE service_scheme;

DROP TABLE run_file;

DROP TABLE roster_duty;

DROP TABLE report;

DROP TABLE reinspection_rule;

DROP TABLE plan;

DROP TABLE partner;

DROP TABLE part;

DROP TABLE number;

DROP TABLE loaner_class;

DROP TABLE knowledge;

DROP TABLE finding;

DROP TABLE escalation;

DROP TABLE desk_practice;

DROP TABLE customer;

DROP TABLE content;

DROP TABLE checklist_answer;

DROP TABLE change_request;

DROP TABLE calendar;

DROP TABLE bench_time;

DROP TABLE attachment;

DROP TABLE approval_event;

DROP TABLE api_key;

DROP TABLE way;

DROP TABLE stream;

DROP TABLE stock_move;

DROP TABLE run;

DROP TABLE region;

DROP TABLE outbox;

DROP TABLE invitation;

DROP TABLE idempotency_key;

DROP TABLE failed_sign_in;

DROP TABLE audit_head;

DROP TABLE audit;

DROP TABLE address;

DROP TABLE account;

DROP FUNCTION plan_step_append_only();

DROP FUNCTION service_scheme_append_only();

DROP FUNCTION desk_practice_append_only();

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

DROP FUNCTION change_request_append_only();

DROP FUNCTION shipment_append_only();

DROP FUNCTION lot_reading_append_only();

DROP FUNCTION lot_skipped_append_only();

DROP FUNCTION stock_inspection_append_only();

DROP FUNCTION disposition_append_only();

DROP FUNCTION nonconformance_append_only();

DROP FUNCTION corrective_step_append_only();

DROP FUNCTION loan_check_append_only();

DROP FUNCTION stock_count_append_only();

DROP FUNCTION snooze_append_only();

DROP FUNCTION plan_append_only();

DROP FUNCTION audit_append_only()
