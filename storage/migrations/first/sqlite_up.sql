CREATE TABLE account (
  id VARCHAR(64) NOT NULL,
  sign_in_name VARCHAR(200) NOT NULL,
  shown_name VARCHAR(200) NOT NULL,
  role VARCHAR(32) NOT NULL,
  scope JSON NOT NULL,
  password_hash VARCHAR(200) NOT NULL,
  demo INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  closed_at DATETIME,
  erased_at DATETIME,
  CONSTRAINT pk_account PRIMARY KEY (id),
  CONSTRAINT uq_account_sign_in_name UNIQUE (sign_in_name),
  CONSTRAINT ck_account_role_known CHECK (role IN ('dispatcher', 'storekeeper', 'manager', 'director', 'engineer', 'customer_link', 'administrator', 'integration')),
  CONSTRAINT ck_account_demo_known CHECK (demo IN (0, 1))
);

CREATE TABLE address (
  digest VARCHAR(64) NOT NULL,
  address VARCHAR(500) NOT NULL,
  source VARCHAR(32) NOT NULL,
  lat DOUBLE,
  lon DOUBLE,
  label VARCHAR(500) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_address PRIMARY KEY (digest),
  CONSTRAINT ck_address_lat_on_earth CHECK (lat BETWEEN -90 AND 90),
  CONSTRAINT ck_address_lon_on_earth CHECK (lon BETWEEN -180 AND 180),
  CONSTRAINT ck_address_both_or_none CHECK ((lat IS NULL) = (lon IS NULL))
);

CREATE TABLE audit (
  region_id VARCHAR(64) NOT NULL,
  lane INTEGER NOT NULL,
  number BIGINT NOT NULL,
  at DATETIME NOT NULL,
  actor VARCHAR(64) NOT NULL,
  device VARCHAR(64) NOT NULL,
  "key" VARCHAR(64) NOT NULL,
  action VARCHAR(64) NOT NULL,
  about VARCHAR(80) NOT NULL,
  facts TEXT NOT NULL,
  previous VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  CONSTRAINT pk_audit PRIMARY KEY (region_id, lane, number),
  CONSTRAINT ck_audit_number_counts CHECK (number >= 1)
);

CREATE INDEX ix_audit_about ON audit (region_id, about);

CREATE INDEX ix_audit_at ON audit (region_id, at);

CREATE TABLE audit_head (
  region_id VARCHAR(64) NOT NULL,
  lane INTEGER NOT NULL,
  number BIGINT NOT NULL,
  hash VARCHAR(64) NOT NULL,
  CONSTRAINT pk_audit_head PRIMARY KEY (region_id, lane)
);

CREATE TABLE failed_sign_in (
  seq INTEGER NOT NULL,
  name_digest VARCHAR(64) NOT NULL,
  address VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_failed_sign_in PRIMARY KEY (seq)
);

CREATE INDEX ix_failed_sign_in_address ON failed_sign_in (address, at);

CREATE INDEX ix_failed_sign_in_name ON failed_sign_in (name_digest, at);

CREATE TABLE idempotency_key (
  region_id VARCHAR(64) NOT NULL,
  "key" VARCHAR(64) NOT NULL,
  command VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  actor VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  reply TEXT,
  CONSTRAINT pk_idempotency_key PRIMARY KEY (region_id, "key")
);

CREATE INDEX ix_idempotency_key_at ON idempotency_key (at);

CREATE TABLE invitation (
  digest VARCHAR(64) NOT NULL,
  role VARCHAR(32) NOT NULL,
  made_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  used_at DATETIME,
  CONSTRAINT pk_invitation PRIMARY KEY (digest),
  CONSTRAINT ck_invitation_role_known CHECK (role IN ('dispatcher', 'storekeeper', 'manager', 'director', 'engineer', 'customer_link', 'administrator', 'integration'))
);

CREATE TABLE outbox (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  region_id VARCHAR(64) NOT NULL,
  topic VARCHAR(64) NOT NULL,
  about VARCHAR(80) NOT NULL,
  body JSON NOT NULL,
  actor VARCHAR(64) NOT NULL,
  "key" VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  state VARCHAR(32) DEFAULT 'waiting' NOT NULL,
  next_at DATETIME NOT NULL,
  attempts INTEGER DEFAULT '0' NOT NULL,
  held_until DATETIME,
  overtaken INTEGER DEFAULT '0' NOT NULL,
  error_code VARCHAR(80) DEFAULT '' NOT NULL,
  error_detail TEXT DEFAULT '' NOT NULL,
  ended_at DATETIME,
  CONSTRAINT ck_outbox_state_known CHECK (state IN ('waiting', 'sent', 'dead', 'dropped')),
  CONSTRAINT ck_outbox_attempts_counted CHECK (attempts >= 0),
  CONSTRAINT ck_outbox_overtaken_or_not CHECK (overtaken IN (0, 1)),
  CONSTRAINT ck_outbox_end_has_moment CHECK ((state = 'waiting') = (ended_at IS NULL))
);

CREATE INDEX ix_outbox_region ON outbox (region_id, state, seq);

CREATE INDEX ix_outbox_waiting ON outbox (next_at, seq) WHERE state = 'waiting';

CREATE TABLE region (
  id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  as_of DATETIME NOT NULL,
  zone VARCHAR(64) NOT NULL,
  currency VARCHAR(3) NOT NULL,
  horizon_days INTEGER NOT NULL,
  policy JSON NOT NULL,
  travel JSON NOT NULL,
  imported_digest VARCHAR(64) NOT NULL,
  written_digest VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_region PRIMARY KEY (id),
  CONSTRAINT ck_region_horizon_days_known CHECK (horizon_days BETWEEN 1 AND 31)
);

CREATE TABLE run (
  region_id VARCHAR(64) NOT NULL,
  id VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  state VARCHAR(32) NOT NULL,
  input JSON NOT NULL,
  token BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  most_attempts INTEGER NOT NULL,
  worker VARCHAR(64) NOT NULL,
  lease_until DATETIME,
  heartbeat_at DATETIME,
  progress JSON NOT NULL,
  stop_requested BOOLEAN NOT NULL,
  error_code VARCHAR(80) NOT NULL,
  error_detail TEXT NOT NULL,
  started_at DATETIME,
  ended_at DATETIME,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_run PRIMARY KEY (region_id, id),
  CONSTRAINT ck_run_state_known CHECK (state IN ('waiting', 'running', 'done', 'stopped', 'failed')),
  CONSTRAINT ck_run_attempts_counted CHECK (attempts >= 0 AND attempts <= most_attempts),
  CONSTRAINT ck_run_running_is_leased CHECK ((state = 'running') = (lease_until IS NOT NULL)),
  CONSTRAINT ck_run_end_has_moment CHECK ((state IN ('done', 'stopped', 'failed')) = (ended_at IS NOT NULL))
);

CREATE INDEX ix_run_open ON run (written_at, id) WHERE state IN ('waiting', 'running');

CREATE TABLE stock_move (
  seq INTEGER NOT NULL,
  region_id VARCHAR(64) NOT NULL,
  id VARCHAR(80) NOT NULL,
  at DATETIME NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  quantity BIGINT NOT NULL,
  from_place_id VARCHAR(64) NOT NULL,
  to_place_id VARCHAR(64) NOT NULL,
  condition VARCHAR(32) NOT NULL,
  lot VARCHAR(64) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  device VARCHAR(64) NOT NULL,
  source_document VARCHAR(200) NOT NULL,
  "key" VARCHAR(80) NOT NULL,
  reverses VARCHAR(80) NOT NULL,
  bound_for VARCHAR(64) NOT NULL,
  serial VARCHAR(64) NOT NULL,
  posted_at DATETIME NOT NULL,
  CONSTRAINT pk_stock_move PRIMARY KEY (seq),
  CONSTRAINT uq_stock_move_region_id_id UNIQUE (region_id, id),
  CONSTRAINT uq_stock_move_region_id_key UNIQUE (region_id, "key"),
  CONSTRAINT ck_stock_move_quantity_positive CHECK (quantity >= 1),
  CONSTRAINT ck_stock_move_quantity_whole CHECK (typeof(quantity) = 'integer'),
  CONSTRAINT ck_stock_move_two_places CHECK (from_place_id <> to_place_id),
  CONSTRAINT ck_stock_move_serial_is_one CHECK (serial = '' OR quantity = 1),
  CONSTRAINT ck_stock_move_condition_known CHECK (condition IN ('usable', 'quarantined', 'damaged'))
);

CREATE INDEX ix_stock_move_part ON stock_move (region_id, part_id, seq);

CREATE INDEX ix_stock_move_source_document ON stock_move (region_id, source_document) WHERE source_document <> '';

CREATE UNIQUE INDEX uq_stock_move_reverses ON stock_move (region_id, reverses) WHERE reverses <> '';

CREATE TABLE stream (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "transaction" BIGINT DEFAULT 0 NOT NULL,
  region_id VARCHAR(64) NOT NULL,
  action VARCHAR(64) NOT NULL,
  about VARCHAR(80) NOT NULL,
  at DATETIME NOT NULL
);

CREATE INDEX ix_stream_at ON stream (at);

CREATE INDEX ix_stream_order ON stream ("transaction", seq);

CREATE TABLE way (
  source VARCHAR(200) NOT NULL,
  origin VARCHAR(24) NOT NULL,
  destination VARCHAR(24) NOT NULL,
  seconds INTEGER,
  metres INTEGER,
  at DATETIME NOT NULL,
  CONSTRAINT pk_way PRIMARY KEY (source, origin, destination),
  CONSTRAINT ck_way_both_or_none CHECK ((seconds IS NULL) = (metres IS NULL)),
  CONSTRAINT ck_way_not_negative CHECK (seconds >= 0 AND metres >= 0)
);

CREATE INDEX ix_way_at ON way (at);

CREATE TABLE api_key (
  id VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  account_id VARCHAR(64) NOT NULL,
  name VARCHAR(200) NOT NULL,
  role VARCHAR(32) NOT NULL,
  scope JSON NOT NULL,
  made_at DATETIME NOT NULL,
  seen_at DATETIME,
  ends_at DATETIME NOT NULL,
  closed_at DATETIME,
  CONSTRAINT pk_api_key PRIMARY KEY (id),
  CONSTRAINT fk_api_key_account_id FOREIGN KEY(account_id) REFERENCES account (id),
  CONSTRAINT ck_api_key_role_known CHECK (role IN ('dispatcher', 'storekeeper', 'manager', 'director', 'engineer', 'customer_link', 'administrator', 'integration'))
);

CREATE INDEX ix_api_key_account ON api_key (account_id);

CREATE TABLE approval_event (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  approval_id VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  step VARCHAR(32) NOT NULL,
  kind VARCHAR(32),
  cents BIGINT,
  role VARCHAR(32),
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_approval_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_approval_event_step_known CHECK (step IN ('requested', 'approved', 'declined', 'withdrawn')),
  CONSTRAINT ck_approval_event_kind_known CHECK (kind IN ('replacement', 'refund', 'purchase', 'partner')),
  CONSTRAINT ck_approval_event_role_known CHECK (role IN ('dispatcher', 'manager', 'director')),
  CONSTRAINT ck_approval_event_cents_least CHECK (cents >= 0),
  CONSTRAINT fk_approval_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_approval_event_ticket ON approval_event (region_id, ticket_id);

CREATE TABLE attachment (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  media_type VARCHAR(500) NOT NULL,
  size BIGINT NOT NULL,
  name VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_attachment PRIMARY KEY (region_id, position),
  CONSTRAINT ck_attachment_kind_known CHECK (kind IN ('screenshot', 'log', 'photo', 'video')),
  CONSTRAINT ck_attachment_size_least CHECK (size >= 1),
  CONSTRAINT fk_attachment_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_attachment_digest ON attachment (region_id, digest);

CREATE INDEX ix_attachment_ticket ON attachment (region_id, ticket_id);

CREATE TABLE bench_time (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  model VARCHAR(500) NOT NULL,
  collect_min INTEGER NOT NULL,
  bench_min INTEGER NOT NULL,
  return_min INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_bench_time PRIMARY KEY (region_id, model),
  CONSTRAINT ck_bench_time_collect_min_least CHECK (collect_min >= 1),
  CONSTRAINT ck_bench_time_bench_min_least CHECK (bench_min >= 1),
  CONSTRAINT ck_bench_time_return_min_least CHECK (return_min >= 1),
  CONSTRAINT fk_bench_time_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_bench_time_position ON bench_time (region_id, position);

CREATE TABLE calendar (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  id VARCHAR(64) NOT NULL,
  zone VARCHAR(64) NOT NULL,
  country VARCHAR(500) NOT NULL,
  subdivision VARCHAR(500) NOT NULL,
  week JSON NOT NULL,
  makeup JSON NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_calendar PRIMARY KEY (region_id, id),
  CONSTRAINT fk_calendar_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_calendar_position ON calendar (region_id, position);

CREATE TABLE change_request (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  said_by VARCHAR(64) NOT NULL,
  step VARCHAR(32) NOT NULL,
  rests_on JSON NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_change_request PRIMARY KEY (region_id, position),
  CONSTRAINT ck_change_request_step_known CHECK (step IN ('requested', 'accepted', 'declined', 'withdrawn', 'done')),
  CONSTRAINT ck_change_request_says_why CHECK (step NOT IN ('declined', 'withdrawn') OR reason <> ''),
  CONSTRAINT fk_change_request_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_change_request_id ON change_request (region_id, request_id);

CREATE TABLE checklist_answer (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  item VARCHAR(64) NOT NULL,
  value VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_checklist_answer PRIMARY KEY (region_id, position),
  CONSTRAINT fk_checklist_answer_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_checklist_answer_ticket ON checklist_answer (region_id, ticket_id);

CREATE TABLE content (
  region_id VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  size BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_content PRIMARY KEY (region_id, digest),
  CONSTRAINT fk_content_region_id FOREIGN KEY(region_id) REFERENCES region (id),
  CONSTRAINT ck_content_digest_whole CHECK (length(digest) = 64),
  CONSTRAINT ck_content_size_least CHECK (size >= 0),
  CONSTRAINT ck_content_size_whole CHECK (typeof(size) = 'integer')
);

CREATE TABLE customer (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  customer_id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_customer PRIMARY KEY (region_id, customer_id),
  CONSTRAINT fk_customer_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_customer_position ON customer (region_id, position);

CREATE TABLE desk_practice (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  content TEXT NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_desk_practice PRIMARY KEY (region_id, position),
  CONSTRAINT fk_desk_practice_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE TABLE escalation (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  role VARCHAR(32) NOT NULL,
  person VARCHAR(64) NOT NULL,
  outcome VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_escalation PRIMARY KEY (region_id, position),
  CONSTRAINT ck_escalation_role_known CHECK (role IN ('dispatcher', 'manager', 'on-site-team', 'specialist-centre', 'development', 'manufacturer')),
  CONSTRAINT fk_escalation_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_escalation_ticket ON escalation (region_id, ticket_id, at);

CREATE TABLE finding (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  exclusion VARCHAR(32) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_finding PRIMARY KEY (region_id, position),
  CONSTRAINT ck_finding_exclusion_known CHECK (exclusion IN ('misuse', 'own-repair', 'force-majeure', 'wear', 'upgrade-refused')),
  CONSTRAINT fk_finding_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_finding_ticket ON finding (region_id, ticket_id);

CREATE TABLE knowledge (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  cause VARCHAR(500) NOT NULL,
  solution VARCHAR(500) NOT NULL,
  asset VARCHAR(500) NOT NULL,
  serial VARCHAR(500) NOT NULL,
  model VARCHAR(500) NOT NULL,
  symptom VARCHAR(500) NOT NULL,
  problem VARCHAR(500) NOT NULL,
  customer_caused BOOLEAN NOT NULL,
  public BOOLEAN NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_knowledge PRIMARY KEY (region_id, position),
  CONSTRAINT fk_knowledge_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_knowledge_ticket ON knowledge (region_id, ticket_id, at);

CREATE TABLE loaner_class (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  loaner_class VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  substitutes JSON NOT NULL,
  day_cost BIGINT NOT NULL,
  cleaning_min INTEGER NOT NULL,
  inspection_min INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_loaner_class PRIMARY KEY (region_id, loaner_class),
  CONSTRAINT ck_loaner_class_day_cost_least CHECK (day_cost >= 0),
  CONSTRAINT ck_loaner_class_cleaning_min_least CHECK (cleaning_min >= 0),
  CONSTRAINT ck_loaner_class_inspection_min_least CHECK (inspection_min >= 0),
  CONSTRAINT fk_loaner_class_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loaner_class_position ON loaner_class (region_id, position);

CREATE TABLE number (
  region_id VARCHAR(64) NOT NULL,
  series VARCHAR(64) NOT NULL,
  last BIGINT NOT NULL,
  CONSTRAINT pk_number PRIMARY KEY (region_id, series),
  CONSTRAINT fk_number_region_id FOREIGN KEY(region_id) REFERENCES region (id),
  CONSTRAINT ck_number_last_whole CHECK (typeof(last) = 'integer')
);

CREATE TABLE part (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  price BIGINT NOT NULL,
  criticality INTEGER NOT NULL,
  tracking VARCHAR(32) NOT NULL,
  served_until DATE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_part PRIMARY KEY (region_id, part_id),
  CONSTRAINT ck_part_kind_known CHECK (kind IN ('consumable', 'repairable')),
  CONSTRAINT ck_part_tracking_known CHECK (tracking IN ('none', 'lot', 'serial')),
  CONSTRAINT ck_part_price_least CHECK (price >= 0),
  CONSTRAINT ck_part_criticality_known CHECK (criticality BETWEEN 1 AND 3),
  CONSTRAINT fk_part_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_part_position ON part (region_id, position);

CREATE TABLE partner (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  partner_id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  territories JSON NOT NULL,
  skills JSON NOT NULL,
  certificates JSON NOT NULL,
  price BIGINT NOT NULL,
  lead_min INTEGER NOT NULL,
  original_parts BOOLEAN NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_partner PRIMARY KEY (region_id, partner_id),
  CONSTRAINT ck_partner_price_least CHECK (price >= 0),
  CONSTRAINT ck_partner_lead_min_least CHECK (lead_min >= 0),
  CONSTRAINT fk_partner_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_partner_position ON partner (region_id, position);

CREATE TABLE "plan" (
  region_id VARCHAR(64) NOT NULL,
  id VARCHAR(64) NOT NULL,
  now DATETIME NOT NULL,
  problem_digest VARCHAR(64) NOT NULL,
  dataset_digest VARCHAR(64) NOT NULL,
  cost_cents BIGINT NOT NULL,
  visits INTEGER NOT NULL,
  left_out INTEGER NOT NULL,
  document TEXT NOT NULL,
  manifest TEXT NOT NULL,
  proposal TEXT DEFAULT '' NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_plan PRIMARY KEY (region_id, id),
  CONSTRAINT ck_plan_visits_least CHECK (visits >= 0),
  CONSTRAINT ck_plan_left_out_least CHECK (left_out >= 0),
  CONSTRAINT fk_plan_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_plan_written_at ON "plan" (region_id, written_at, id);

CREATE TABLE reinspection_rule (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_class VARCHAR(64) NOT NULL,
  every_days INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_reinspection_rule PRIMARY KEY (region_id, part_class),
  CONSTRAINT ck_reinspection_rule_every_days_least CHECK (every_days >= 1),
  CONSTRAINT fk_reinspection_rule_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_reinspection_rule_position ON reinspection_rule (region_id, position);

CREATE TABLE report (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  report_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  channel VARCHAR(32) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  asset VARCHAR(500) NOT NULL,
  serial VARCHAR(500) NOT NULL,
  qr VARCHAR(500) NOT NULL,
  site VARCHAR(500) NOT NULL,
  contract VARCHAR(500) NOT NULL,
  scheme VARCHAR(500) NOT NULL,
  kind VARCHAR(500) NOT NULL,
  severity VARCHAR(500) NOT NULL,
  symptom VARCHAR(500) NOT NULL,
  text VARCHAR(500) NOT NULL,
  contact VARCHAR(500) NOT NULL,
  reference VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_report PRIMARY KEY (region_id, report_id),
  CONSTRAINT ck_report_channel_known CHECK (channel IN ('phone', 'mail', 'web', 'chat', 'qr')),
  CONSTRAINT fk_report_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_report_asset ON report (region_id, asset, qr);

CREATE INDEX ix_report_position ON report (region_id, position);

CREATE INDEX ix_report_reference ON report (region_id, reference);

CREATE INDEX ix_report_serial ON report (region_id, lower(trim(serial)));

CREATE TABLE roster_duty (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  duty_id VARCHAR(64) NOT NULL,
  role VARCHAR(32) NOT NULL,
  person VARCHAR(64) NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  rank INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_roster_duty PRIMARY KEY (region_id, duty_id),
  CONSTRAINT ck_roster_duty_role_known CHECK (role IN ('dispatcher', 'manager', 'on-site-team', 'specialist-centre', 'development', 'manufacturer')),
  CONSTRAINT ck_roster_duty_ends_at_after_starts_at CHECK (ends_at > starts_at),
  CONSTRAINT ck_roster_duty_rank_least CHECK (rank >= 1),
  CONSTRAINT fk_roster_duty_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_roster_duty_position ON roster_duty (region_id, position);

CREATE INDEX ix_roster_duty_role ON roster_duty (region_id, role, starts_at);

CREATE TABLE run_file (
  region_id VARCHAR(64) NOT NULL,
  run_id VARCHAR(64) NOT NULL,
  name VARCHAR(64) NOT NULL,
  media_type VARCHAR(64) NOT NULL,
  size BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_run_file PRIMARY KEY (region_id, run_id, name),
  CONSTRAINT fk_run_file_region_id_run_id FOREIGN KEY(region_id, run_id) REFERENCES run (region_id, id),
  CONSTRAINT ck_run_file_size_least CHECK (size >= 0),
  CONSTRAINT ck_run_file_size_whole CHECK (typeof(size) = 'integer')
);

CREATE TABLE service_scheme (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  scheme_id VARCHAR(64) NOT NULL,
  version VARCHAR(64) NOT NULL,
  file VARCHAR(500) NOT NULL,
  content TEXT NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_service_scheme PRIMARY KEY (region_id, scheme_id, version),
  CONSTRAINT fk_service_scheme_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_service_scheme_position ON service_scheme (region_id, position);

CREATE TABLE session (
  id VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  account_id VARCHAR(64) NOT NULL,
  made_at DATETIME NOT NULL,
  seen_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  closed_at DATETIME,
  address VARCHAR(64) NOT NULL,
  agent VARCHAR(200) NOT NULL,
  CONSTRAINT pk_session PRIMARY KEY (id),
  CONSTRAINT uq_session_digest UNIQUE (digest),
  CONSTRAINT fk_session_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_session_account ON session (account_id);

CREATE TABLE signature (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  remark VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_signature PRIMARY KEY (region_id, position),
  CONSTRAINT fk_signature_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_signature_ticket ON signature (region_id, ticket_id);

CREATE TABLE skill (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  skill_id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_skill PRIMARY KEY (region_id, skill_id),
  CONSTRAINT fk_skill_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_skill_position ON skill (region_id, position);

CREATE TABLE story (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  kind VARCHAR(64) NOT NULL,
  ids JSON NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_story PRIMARY KEY (region_id, position),
  CONSTRAINT fk_story_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE TABLE supplier (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  lead_time_days DOUBLE NOT NULL,
  lead_time_sd_days DOUBLE NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_supplier PRIMARY KEY (region_id, supplier_id),
  CONSTRAINT ck_supplier_lead_time_days_least CHECK (lead_time_days >= 0),
  CONSTRAINT ck_supplier_lead_time_sd_days_least CHECK (lead_time_sd_days >= 0),
  CONSTRAINT fk_supplier_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_supplier_position ON supplier (region_id, position);

CREATE TABLE survey_event (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  step VARCHAR(32) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  score INTEGER,
  remark VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_survey_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_survey_event_step_known CHECK (step IN ('sent', 'answered', 'declined', 'followed_up', 'returned')),
  CONSTRAINT ck_survey_event_score_least CHECK (score >= 1),
  CONSTRAINT fk_survey_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_survey_event_ticket ON survey_event (region_id, ticket_id, at);

CREATE TABLE taken_back (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  kind VARCHAR(32) NOT NULL,
  fact_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  taken_back_by VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_taken_back PRIMARY KEY (region_id, kind, fact_id),
  CONSTRAINT ck_taken_back_kind_known CHECK (kind IN ('receipt', 'inspection', 'disposition', 'reinspection')),
  CONSTRAINT ck_taken_back_fact_with_reason CHECK (kind <> 'receipt' AND reason <> ''),
  CONSTRAINT fk_taken_back_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_taken_back_position ON taken_back (region_id, position);

CREATE TABLE tool (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  serial VARCHAR(64) NOT NULL,
  tool VARCHAR(64) NOT NULL,
  holder VARCHAR(64) NOT NULL,
  calibrated_until DATE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_tool PRIMARY KEY (region_id, serial),
  CONSTRAINT fk_tool_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_tool_holder ON tool (region_id, holder);

CREATE INDEX ix_tool_position ON tool (region_id, position);

CREATE TABLE travel_pair (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  origin VARCHAR(64) NOT NULL,
  destination VARCHAR(64) NOT NULL,
  seconds INTEGER,
  metres INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_travel_pair PRIMARY KEY (region_id, origin, destination),
  CONSTRAINT ck_travel_pair_seconds_least CHECK (seconds >= 0),
  CONSTRAINT ck_travel_pair_metres_least CHECK (metres >= 0),
  CONSTRAINT fk_travel_pair_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_travel_pair_position ON travel_pair (region_id, position);

CREATE TABLE alternate (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  alternate_id VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_alternate PRIMARY KEY (region_id, part_id, alternate_id),
  CONSTRAINT ck_alternate_kind_known CHECK (kind IN ('equal', 'supersedes')),
  CONSTRAINT ck_alternate_not_itself CHECK (part_id <> alternate_id),
  CONSTRAINT fk_alternate_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_alternate_region_id_alternate_id FOREIGN KEY(region_id, alternate_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_alternate_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_alternate_position ON alternate (region_id, position);

CREATE TABLE answer (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  report_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  asked VARCHAR(32) NOT NULL,
  value VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_answer PRIMARY KEY (region_id, position),
  CONSTRAINT ck_answer_asked_known CHECK (asked IN ('asset', 'site', 'kind', 'contract', 'scheme', 'severity', 'symptom', 'text', 'contact')),
  CONSTRAINT fk_answer_region_id_report_id FOREIGN KEY(region_id, report_id) REFERENCES report (region_id, report_id),
  CONSTRAINT fk_answer_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_answer_asked ON answer (region_id, asked, value);

CREATE INDEX ix_answer_report ON answer (region_id, report_id);

CREATE TABLE calendar_day (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  calendar_id VARCHAR(64) NOT NULL,
  on_day DATE NOT NULL,
  hours VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_calendar_day PRIMARY KEY (region_id, calendar_id, on_day),
  CONSTRAINT fk_calendar_day_region_id_calendar_id FOREIGN KEY(region_id, calendar_id) REFERENCES calendar (region_id, id),
  CONSTRAINT fk_calendar_day_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_calendar_day_position ON calendar_day (region_id, position);

CREATE TABLE charge_event (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  charge_id VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  step VARCHAR(32) NOT NULL,
  item VARCHAR(32),
  cents BIGINT NOT NULL,
  part_id VARCHAR(64),
  quantity INTEGER NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_charge_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_charge_event_step_known CHECK (step IN ('quoted', 'accepted', 'withdrawn', 'deposit_recorded', 'done', 'rest_recorded', 'refunded', 'paid_back', 'repeated_free')),
  CONSTRAINT ck_charge_event_item_known CHECK (item IN ('call', 'monthly-plan', 'project', 'report', 'out-of-hours', 'part')),
  CONSTRAINT ck_charge_event_cents_least CHECK (cents >= 0),
  CONSTRAINT ck_charge_event_quantity_least CHECK (quantity >= 0),
  CONSTRAINT fk_charge_event_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_charge_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_charge_event_charge ON charge_event (region_id, charge_id, at);

CREATE INDEX ix_charge_event_ticket ON charge_event (region_id, ticket_id);

CREATE TABLE complaint (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  complaint_id VARCHAR(64) NOT NULL,
  customer_id VARCHAR(64) NOT NULL,
  scheme VARCHAR(64) NOT NULL,
  scheme_version VARCHAR(64) NOT NULL,
  made_at DATETIME NOT NULL,
  text VARCHAR(500) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_complaint PRIMARY KEY (region_id, complaint_id),
  CONSTRAINT fk_complaint_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_complaint_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_complaint_position ON complaint (region_id, position);

CREATE INDEX ix_complaint_ticket ON complaint (region_id, ticket_id);

CREATE TABLE contract (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  contract_id VARCHAR(64) NOT NULL,
  customer_id VARCHAR(64) NOT NULL,
  scheme VARCHAR(64) NOT NULL,
  scheme_version VARCHAR(64) NOT NULL,
  valid_from DATE NOT NULL,
  valid_until DATE,
  plan_from DATE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_contract PRIMARY KEY (region_id, contract_id),
  CONSTRAINT ck_contract_last_day_not_before_first CHECK (valid_until >= valid_from),
  CONSTRAINT fk_contract_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_contract_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_contract_customer ON contract (region_id, customer_id);

CREATE INDEX ix_contract_position ON contract (region_id, position);

CREATE TABLE delivery_note (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  document VARCHAR(500) NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  taken_in_by VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_delivery_note PRIMARY KEY (region_id, position),
  CONSTRAINT fk_delivery_note_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_delivery_note_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_delivery_note_document ON delivery_note (region_id, document);

CREATE TABLE disposition (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  disposition_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  document VARCHAR(500) NOT NULL,
  supplier_id VARCHAR(64),
  part_id VARCHAR(64) NOT NULL,
  lot_id VARCHAR(64),
  serial VARCHAR(500) NOT NULL,
  quantity INTEGER NOT NULL,
  delivery VARCHAR(500) NOT NULL,
  way VARCHAR(32) NOT NULL,
  remedy VARCHAR(32),
  due_at DATETIME,
  decided_by VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_disposition PRIMARY KEY (region_id, disposition_id),
  CONSTRAINT ck_disposition_way_known CHECK (way IN ('return', 'rework', 'scrap', 'waiver')),
  CONSTRAINT ck_disposition_remedy_known CHECK (remedy IN ('rectify', 'replace')),
  CONSTRAINT ck_disposition_quantity_least CHECK (quantity >= 1),
  CONSTRAINT ck_disposition_return_owes CHECK ((way = 'return') = (remedy IS NOT NULL) AND (way = 'return') = (due_at IS NOT NULL) AND (way <> 'return' OR supplier_id IS NOT NULL)),
  CONSTRAINT fk_disposition_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_disposition_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_disposition_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_disposition_document ON disposition (region_id, document);

CREATE INDEX ix_disposition_position ON disposition (region_id, position);

CREATE TABLE duty_handed_over (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  duty_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  person VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_duty_handed_over PRIMARY KEY (region_id, position),
  CONSTRAINT ck_duty_handed_over_ends_at_after_starts_at CHECK (ends_at > starts_at),
  CONSTRAINT fk_duty_handed_over_region_id_duty_id FOREIGN KEY(region_id, duty_id) REFERENCES roster_duty (region_id, duty_id),
  CONSTRAINT fk_duty_handed_over_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_duty_handed_over_duty ON duty_handed_over (region_id, duty_id);

CREATE TABLE inspection_limit (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  supplier_id VARCHAR(64),
  part_id VARCHAR(64),
  part_class VARCHAR(64),
  aql VARCHAR(40) NOT NULL,
  level VARCHAR(32) NOT NULL,
  inspects BOOLEAN NOT NULL,
  may_reduce BOOLEAN NOT NULL,
  skip_after INTEGER,
  skip_share DOUBLE NOT NULL,
  skip_seed VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_inspection_limit PRIMARY KEY (region_id, position),
  CONSTRAINT ck_inspection_limit_level_known CHECK (level IN ('S1', 'S2', 'S3', 'S4', 'I', 'II', 'III')),
  CONSTRAINT ck_inspection_limit_part_or_class CHECK (part_id IS NULL OR part_class IS NULL),
  CONSTRAINT ck_inspection_limit_seeded CHECK (skip_after IS NULL OR skip_seed <> ''),
  CONSTRAINT ck_inspection_limit_skip_share_is_share CHECK (skip_share > 0 AND skip_share <= 1),
  CONSTRAINT ck_inspection_limit_skip_after_least CHECK (skip_after >= 1),
  CONSTRAINT fk_inspection_limit_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_inspection_limit_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_inspection_limit_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE TABLE knowledge_text (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  length INTEGER NOT NULL,
  CONSTRAINT pk_knowledge_text PRIMARY KEY (region_id, position),
  CONSTRAINT fk_knowledge_text_entry FOREIGN KEY(region_id, position) REFERENCES knowledge (region_id, position)
);

CREATE TABLE lot (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  lot_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  supplier_id VARCHAR(64),
  receipt_document VARCHAR(500) NOT NULL,
  original BOOLEAN,
  expires_on DATE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_lot PRIMARY KEY (region_id, lot_id, part_id),
  CONSTRAINT ck_lot_original_proved CHECK (NOT coalesce(original, false) OR (supplier_id IS NOT NULL AND receipt_document <> '')),
  CONSTRAINT fk_lot_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_lot_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_lot_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_lot_part ON lot (region_id, part_id, expires_on);

CREATE INDEX ix_lot_position ON lot (region_id, position);

CREATE TABLE lot_inspection (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  inspection_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  document VARCHAR(500) NOT NULL,
  lot_id VARCHAR(64),
  units INTEGER NOT NULL,
  aql VARCHAR(500) NOT NULL,
  level VARCHAR(32) NOT NULL,
  severity VARCHAR(32) NOT NULL,
  bad INTEGER NOT NULL,
  original BOOLEAN NOT NULL,
  steady BOOLEAN NOT NULL,
  put_right BOOLEAN NOT NULL,
  inspected_by VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_lot_inspection PRIMARY KEY (region_id, inspection_id),
  CONSTRAINT ck_lot_inspection_level_known CHECK (level IN ('S1', 'S2', 'S3', 'S4', 'I', 'II', 'III')),
  CONSTRAINT ck_lot_inspection_severity_known CHECK (severity IN ('normal', 'tightened', 'reduced')),
  CONSTRAINT ck_lot_inspection_units_least CHECK (units >= 1),
  CONSTRAINT ck_lot_inspection_bad_least CHECK (bad >= 0),
  CONSTRAINT fk_lot_inspection_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_lot_inspection_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_lot_inspection_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_lot_inspection_part ON lot_inspection (region_id, supplier_id, part_id);

CREATE INDEX ix_lot_inspection_position ON lot_inspection (region_id, position);

CREATE TABLE lot_skipped (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  at DATETIME NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  document VARCHAR(500) NOT NULL,
  lot_id VARCHAR(64),
  units INTEGER NOT NULL,
  in_a_row INTEGER NOT NULL,
  taken_in_by VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_lot_skipped PRIMARY KEY (region_id, position),
  CONSTRAINT ck_lot_skipped_units_least CHECK (units >= 1),
  CONSTRAINT fk_lot_skipped_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_lot_skipped_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_lot_skipped_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_lot_skipped_part ON lot_skipped (region_id, supplier_id, part_id);

CREATE TABLE nonconformance (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  report_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  quantity INTEGER NOT NULL,
  document VARCHAR(500) NOT NULL,
  lot_id VARCHAR(64),
  found VARCHAR(500) NOT NULL,
  source VARCHAR(64),
  opened_by VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_nonconformance PRIMARY KEY (region_id, report_id),
  CONSTRAINT ck_nonconformance_quantity_least CHECK (quantity >= 1),
  CONSTRAINT fk_nonconformance_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_nonconformance_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_nonconformance_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_nonconformance_position ON nonconformance (region_id, position);

CREATE TABLE order_step (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  order_id VARCHAR(64) NOT NULL,
  step VARCHAR(32) NOT NULL,
  at DATETIME NOT NULL,
  done_by VARCHAR(64) NOT NULL,
  part_id VARCHAR(64),
  promised_at DATETIME,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_order_step PRIMARY KEY (region_id, position),
  CONSTRAINT ck_order_step_step_known CHECK (step IN ('approve', 'send', 'confirm', 'cancel', 'close')),
  CONSTRAINT fk_order_step_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_order_step_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_order_step_order ON order_step (region_id, order_id);

CREATE TABLE part_check (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  check_id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  unit VARCHAR(500) NOT NULL,
  lower VARCHAR(40),
  upper VARCHAR(40),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_part_check PRIMARY KEY (region_id, part_id, check_id),
  CONSTRAINT fk_part_check_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_part_check_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_part_check_position ON part_check (region_id, position);

CREATE TABLE part_class (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  part_class VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_part_class PRIMARY KEY (region_id, part_id),
  CONSTRAINT fk_part_class_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_part_class_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_part_class_position ON part_class (region_id, position);

CREATE TABLE place (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  name VARCHAR(500) NOT NULL,
  lat DOUBLE,
  lon DOUBLE,
  engineer_id VARCHAR(64),
  pick_up_min INTEGER NOT NULL,
  customer_id VARCHAR(64),
  calendar VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_place PRIMARY KEY (region_id, place_id),
  CONSTRAINT ck_place_kind_known CHECK (kind IN ('warehouse', 'depot', 'van', 'forward', 'supplier', 'customer', 'quarantine', 'in_transit', 'adjustment', 'scrap')),
  CONSTRAINT ck_place_lat_on_earth CHECK (lat BETWEEN -90 AND 90),
  CONSTRAINT ck_place_lon_on_earth CHECK (lon BETWEEN -180 AND 180),
  CONSTRAINT ck_place_whole_coordinate CHECK ((lat IS NULL) = (lon IS NULL)),
  CONSTRAINT ck_place_engineer_of_van CHECK (engineer_id IS NULL OR kind = 'van'),
  CONSTRAINT ck_place_customer_of_forward CHECK ((customer_id IS NOT NULL) = (kind = 'forward')),
  CONSTRAINT ck_place_pick_up_min_least CHECK (pick_up_min >= 0),
  CONSTRAINT fk_place_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_place_region_id_calendar FOREIGN KEY(region_id, calendar) REFERENCES calendar (region_id, id),
  CONSTRAINT fk_place_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_place_position ON place (region_id, position);

CREATE TABLE plan_step (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  plan_id VARCHAR(64) NOT NULL,
  step VARCHAR(32) NOT NULL,
  at DATETIME NOT NULL,
  parts TEXT NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_plan_step PRIMARY KEY (region_id, position),
  CONSTRAINT ck_plan_step_step_known CHECK (step IN ('taken', 'discarded')),
  CONSTRAINT fk_plan_step_region_id_plan_id FOREIGN KEY(region_id, plan_id) REFERENCES "plan" (region_id, id),
  CONSTRAINT fk_plan_step_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_plan_step_plan ON plan_step (region_id, plan_id);

CREATE TABLE price_break (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  minimum INTEGER NOT NULL,
  price BIGINT NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_price_break PRIMARY KEY (region_id, supplier_id, part_id, minimum),
  CONSTRAINT ck_price_break_minimum_least CHECK (minimum >= 1),
  CONSTRAINT ck_price_break_price_least CHECK (price >= 0),
  CONSTRAINT fk_price_break_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_price_break_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_price_break_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_price_break_position ON price_break (region_id, position);

CREATE TABLE shipment (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  shipment_id VARCHAR(64) NOT NULL,
  order_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  quantity INTEGER NOT NULL,
  sent_at DATETIME NOT NULL,
  expected_at DATETIME NOT NULL,
  entered_by VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_shipment PRIMARY KEY (region_id, position),
  CONSTRAINT ck_shipment_quantity_least CHECK (quantity >= 1),
  CONSTRAINT ck_shipment_in_order CHECK (expected_at >= sent_at),
  CONSTRAINT fk_shipment_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_shipment_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_shipment_order ON shipment (region_id, order_id, part_id);

CREATE TABLE site (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  customer_id VARCHAR(64) NOT NULL,
  name VARCHAR(500) NOT NULL,
  lat DOUBLE NOT NULL,
  lon DOUBLE NOT NULL,
  remote BOOLEAN NOT NULL,
  territory VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_site PRIMARY KEY (region_id, site_id),
  CONSTRAINT ck_site_lat_on_earth CHECK (lat BETWEEN -90 AND 90),
  CONSTRAINT ck_site_lon_on_earth CHECK (lon BETWEEN -180 AND 180),
  CONSTRAINT fk_site_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_site_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_site_customer ON site (region_id, customer_id);

CREATE INDEX ix_site_position ON site (region_id, position);

CREATE TABLE standing_change (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  customer_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  standing VARCHAR(32) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_standing_change PRIMARY KEY (region_id, position),
  CONSTRAINT ck_standing_change_standing_known CHECK (standing IN ('good', 'suspended')),
  CONSTRAINT fk_standing_change_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_standing_change_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_standing_change_customer ON standing_change (region_id, customer_id, at);

CREATE TABLE supplier_agreement (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  supplier_id VARCHAR(64),
  approval_above BIGINT,
  over_share VARCHAR(40),
  under_share VARCHAR(40) NOT NULL,
  remedy_days INTEGER NOT NULL,
  report_days JSON NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_supplier_agreement PRIMARY KEY (region_id, position),
  CONSTRAINT ck_supplier_agreement_approval_above_least CHECK (approval_above >= 0),
  CONSTRAINT ck_supplier_agreement_remedy_days_least CHECK (remedy_days >= 1),
  CONSTRAINT fk_supplier_agreement_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_supplier_agreement_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE TABLE supplier_term (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  price BIGINT NOT NULL,
  lead_time_days DOUBLE,
  minimum INTEGER NOT NULL,
  multiple INTEGER NOT NULL,
  last_order_on DATE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_supplier_term PRIMARY KEY (region_id, supplier_id, part_id),
  CONSTRAINT ck_supplier_term_price_least CHECK (price >= 0),
  CONSTRAINT ck_supplier_term_lead_time_days_least CHECK (lead_time_days >= 0),
  CONSTRAINT ck_supplier_term_minimum_least CHECK (minimum >= 1),
  CONSTRAINT ck_supplier_term_multiple_least CHECK (multiple >= 1),
  CONSTRAINT fk_supplier_term_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_supplier_term_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_supplier_term_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_supplier_term_part ON supplier_term (region_id, part_id);

CREATE INDEX ix_supplier_term_position ON supplier_term (region_id, position);

CREATE TABLE asset (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  asset_id VARCHAR(64) NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  model VARCHAR(500) NOT NULL,
  serial VARCHAR(500) NOT NULL,
  loaner_class VARCHAR(64),
  invoiced_on DATE,
  made_on DATE,
  warranty_months INTEGER,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_asset PRIMARY KEY (region_id, asset_id),
  CONSTRAINT ck_asset_warranty_months_known CHECK (warranty_months BETWEEN 0 AND 600),
  CONSTRAINT fk_asset_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_asset_region_id_loaner_class FOREIGN KEY(region_id, loaner_class) REFERENCES loaner_class (region_id, loaner_class),
  CONSTRAINT fk_asset_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_asset_position ON asset (region_id, position);

CREATE INDEX ix_asset_serial ON asset (region_id, lower(serial));

CREATE INDEX ix_asset_site ON asset (region_id, site_id);

CREATE INDEX ix_asset_word ON asset (region_id, lower(asset_id));

CREATE TABLE balance (
  region_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  condition VARCHAR(32) NOT NULL,
  lot VARCHAR(64) NOT NULL,
  bound_for VARCHAR(64) NOT NULL,
  quantity BIGINT NOT NULL,
  physical BOOLEAN NOT NULL,
  CONSTRAINT pk_balance PRIMARY KEY (region_id, part_id, place_id, condition, lot, bound_for),
  CONSTRAINT ck_balance_never_negative CHECK (quantity >= 0 OR NOT physical),
  CONSTRAINT ck_balance_quantity_whole CHECK (typeof(quantity) = 'integer'),
  CONSTRAINT fk_balance_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_balance_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT ck_balance_condition_known CHECK (condition IN ('usable', 'quarantined', 'damaged'))
)
 WITHOUT ROWID;

CREATE INDEX ix_balance_place ON balance (region_id, place_id, part_id);

CREATE TABLE complaint_event (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  complaint_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  step VARCHAR(32) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  remedy VARCHAR(32),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_complaint_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_complaint_event_step_known CHECK (step IN ('accepted', 'answered', 'rejected', 'settled', 'withdrawn')),
  CONSTRAINT ck_complaint_event_remedy_known CHECK (remedy IN ('other-firm', 'free-repeat', 'part-refund')),
  CONSTRAINT fk_complaint_event_region_id_complaint_id FOREIGN KEY(region_id, complaint_id) REFERENCES complaint (region_id, complaint_id),
  CONSTRAINT fk_complaint_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_complaint_event_complaint ON complaint_event (region_id, complaint_id, at);

CREATE TABLE corrective_step (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  report_id VARCHAR(64) NOT NULL,
  discipline INTEGER NOT NULL,
  at DATETIME NOT NULL,
  done_by VARCHAR(64) NOT NULL,
  note VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_corrective_step PRIMARY KEY (region_id, position),
  CONSTRAINT ck_corrective_step_discipline_known CHECK (discipline BETWEEN 1 AND 8),
  CONSTRAINT fk_corrective_step_region_id_report_id FOREIGN KEY(region_id, report_id) REFERENCES nonconformance (region_id, report_id),
  CONSTRAINT fk_corrective_step_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_corrective_step_report ON corrective_step (region_id, report_id);

CREATE TABLE demand_month (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  month VARCHAR(7) NOT NULL,
  quantity INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_demand_month PRIMARY KEY (region_id, part_id, place_id, month),
  CONSTRAINT ck_demand_month_quantity_least CHECK (quantity >= 0),
  CONSTRAINT fk_demand_month_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_demand_month_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_demand_month_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_demand_month_position ON demand_month (region_id, position);

CREATE TABLE engineer (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  depot VARCHAR(64) NOT NULL,
  home_lat DOUBLE NOT NULL,
  home_lon DOUBLE NOT NULL,
  van VARCHAR(64),
  territories JSON NOT NULL,
  away_price BIGINT,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_engineer PRIMARY KEY (region_id, engineer_id),
  CONSTRAINT ck_engineer_away_price_least CHECK (away_price >= 0),
  CONSTRAINT ck_engineer_home_lat_on_earth CHECK (home_lat BETWEEN -90 AND 90),
  CONSTRAINT ck_engineer_home_lon_on_earth CHECK (home_lon BETWEEN -180 AND 180),
  CONSTRAINT fk_engineer_region_id_depot FOREIGN KEY(region_id, depot) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_engineer_region_id_van FOREIGN KEY(region_id, van) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_engineer_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_engineer_position ON engineer (region_id, position);

CREATE TABLE knowledge_word (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  word VARCHAR(500) NOT NULL,
  CONSTRAINT pk_knowledge_word PRIMARY KEY (region_id, position, word),
  CONSTRAINT fk_knowledge_word_entry FOREIGN KEY(region_id, position) REFERENCES knowledge_text (region_id, position)
);

CREATE INDEX ix_knowledge_word_word ON knowledge_word (region_id, word);

CREATE TABLE loaner_unit (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  unit_id VARCHAR(64) NOT NULL,
  loaner_class VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  free_from DATETIME,
  van VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_loaner_unit PRIMARY KEY (region_id, unit_id),
  CONSTRAINT fk_loaner_unit_region_id_loaner_class FOREIGN KEY(region_id, loaner_class) REFERENCES loaner_class (region_id, loaner_class),
  CONSTRAINT fk_loaner_unit_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_loaner_unit_region_id_van FOREIGN KEY(region_id, van) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_loaner_unit_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loaner_unit_position ON loaner_unit (region_id, position);

CREATE TABLE lot_reading (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  inspection_id VARCHAR(64) NOT NULL,
  check_id VARCHAR(64) NOT NULL,
  unit VARCHAR(64) NOT NULL,
  answer BOOLEAN,
  value VARCHAR(40),
  lower VARCHAR(40),
  upper VARCHAR(40),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_lot_reading PRIMARY KEY (region_id, inspection_id, check_id, unit),
  CONSTRAINT ck_lot_reading_one_of_both CHECK ((answer IS NULL) <> (value IS NULL)),
  CONSTRAINT fk_lot_reading_region_id_inspection_id FOREIGN KEY(region_id, inspection_id) REFERENCES lot_inspection (region_id, inspection_id),
  CONSTRAINT fk_lot_reading_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_lot_reading_position ON lot_reading (region_id, position);

CREATE TABLE order_draft (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  order_id VARCHAR(64) NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  to_place VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  quantity INTEGER NOT NULL,
  price BIGINT NOT NULL,
  made_at DATETIME NOT NULL,
  made_by VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_order_draft PRIMARY KEY (region_id, order_id, part_id),
  CONSTRAINT ck_order_draft_quantity_least CHECK (quantity >= 1),
  CONSTRAINT ck_order_draft_price_least CHECK (price >= 0),
  CONSTRAINT fk_order_draft_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_order_draft_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_order_draft_region_id_to_place FOREIGN KEY(region_id, to_place) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_order_draft_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_order_draft_position ON order_draft (region_id, position);

CREATE TABLE preventive_visit (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  preventive_id VARCHAR(64) NOT NULL,
  contract_id VARCHAR(64) NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  period_from DATE NOT NULL,
  period_until DATE NOT NULL,
  on_day DATE NOT NULL,
  overbooked BOOLEAN NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_preventive_visit PRIMARY KEY (region_id, preventive_id),
  CONSTRAINT ck_preventive_visit_period_until_after_period_from CHECK (period_until > period_from),
  CONSTRAINT fk_preventive_visit_region_id_contract_id FOREIGN KEY(region_id, contract_id) REFERENCES contract (region_id, contract_id),
  CONSTRAINT fk_preventive_visit_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_preventive_visit_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_preventive_visit_on ON preventive_visit (region_id, on_day);

CREATE INDEX ix_preventive_visit_position ON preventive_visit (region_id, position);

CREATE TABLE purchase_order_line (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  order_id VARCHAR(64) NOT NULL,
  supplier_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  quantity INTEGER NOT NULL,
  to_place VARCHAR(64) NOT NULL,
  ordered_at DATETIME NOT NULL,
  promised_at DATETIME,
  received INTEGER NOT NULL,
  later_promised_at JSON NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_purchase_order_line PRIMARY KEY (region_id, order_id, part_id),
  CONSTRAINT ck_purchase_order_line_quantity_least CHECK (quantity >= 1),
  CONSTRAINT ck_purchase_order_line_received_least CHECK (received >= 0),
  CONSTRAINT fk_purchase_order_line_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_purchase_order_line_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_purchase_order_line_region_id_to_place FOREIGN KEY(region_id, to_place) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_purchase_order_line_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_purchase_order_line_part ON purchase_order_line (region_id, part_id, to_place);

CREATE INDEX ix_purchase_order_line_position ON purchase_order_line (region_id, position);

CREATE TABLE remedy_promise (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  disposition_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  promised_at DATETIME NOT NULL,
  said_by VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_remedy_promise PRIMARY KEY (region_id, position),
  CONSTRAINT fk_remedy_promise_region_id_disposition_id FOREIGN KEY(region_id, disposition_id) REFERENCES disposition (region_id, disposition_id),
  CONSTRAINT fk_remedy_promise_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_remedy_promise_disposition ON remedy_promise (region_id, disposition_id);

CREATE TABLE reservation (
  region_id VARCHAR(64) NOT NULL,
  id VARCHAR(80) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  quantity BIGINT NOT NULL,
  consumed BIGINT NOT NULL,
  demand_ref VARCHAR(80) NOT NULL,
  lot VARCHAR(64) NOT NULL,
  serial VARCHAR(64) NOT NULL,
  fate VARCHAR(32) NOT NULL,
  made_at DATETIME NOT NULL,
  expires_at DATETIME,
  closed_at DATETIME,
  "by" VARCHAR(64) NOT NULL,
  CONSTRAINT pk_reservation PRIMARY KEY (region_id, id),
  CONSTRAINT ck_reservation_consumed_of_quantity CHECK (quantity >= 1 AND consumed >= 0 AND consumed <= quantity),
  CONSTRAINT ck_reservation_quantity_whole CHECK (typeof(quantity) = 'integer'),
  CONSTRAINT ck_reservation_consumed_whole CHECK (typeof(consumed) = 'integer'),
  CONSTRAINT ck_reservation_active_keeps CHECK (fate <> 'active' OR consumed < quantity),
  CONSTRAINT ck_reservation_serial_is_one CHECK (serial = '' OR quantity = 1),
  CONSTRAINT ck_reservation_fate_known CHECK (fate IN ('active', 'released', 'issued', 'expired')),
  CONSTRAINT fk_reservation_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_reservation_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id)
);

CREATE INDEX ix_reservation_active ON reservation (region_id, part_id, place_id) WHERE fate = 'active';

CREATE INDEX ix_reservation_demand ON reservation (region_id, demand_ref);

CREATE UNIQUE INDEX uq_reservation_serial ON reservation (region_id, part_id, serial) WHERE fate = 'active' AND serial <> '';

CREATE TABLE serial_unit (
  region_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  serial VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  condition VARCHAR(32) NOT NULL,
  lot VARCHAR(64) NOT NULL,
  bound_for VARCHAR(64) NOT NULL,
  CONSTRAINT pk_serial_unit PRIMARY KEY (region_id, part_id, serial),
  CONSTRAINT fk_serial_unit_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_serial_unit_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT ck_serial_unit_condition_known CHECK (condition IN ('usable', 'quarantined', 'damaged'))
)
 WITHOUT ROWID;

CREATE INDEX ix_serial_unit_place ON serial_unit (region_id, place_id, part_id);

CREATE TABLE snooze (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  until_on DATE,
  reason VARCHAR(500) NOT NULL,
  said_by VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_snooze PRIMARY KEY (region_id, position),
  CONSTRAINT ck_snooze_says_why CHECK (until_on IS NULL OR reason <> ''),
  CONSTRAINT fk_snooze_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_snooze_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_snooze_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_snooze_part ON snooze (region_id, part_id, place_id);

CREATE TABLE standing (
  region_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  on_hand BIGINT NOT NULL,
  usable BIGINT NOT NULL,
  reserved BIGINT NOT NULL,
  in_transit BIGINT NOT NULL,
  CONSTRAINT pk_standing PRIMARY KEY (region_id, part_id, place_id),
  CONSTRAINT ck_standing_usable_on_hand CHECK (usable >= 0 AND usable <= on_hand),
  CONSTRAINT ck_standing_reserved_counted CHECK (reserved >= 0),
  CONSTRAINT ck_standing_in_transit_counted CHECK (in_transit >= 0),
  CONSTRAINT ck_standing_on_hand_whole CHECK (typeof(on_hand) = 'integer'),
  CONSTRAINT ck_standing_usable_whole CHECK (typeof(usable) = 'integer'),
  CONSTRAINT ck_standing_reserved_whole CHECK (typeof(reserved) = 'integer'),
  CONSTRAINT ck_standing_in_transit_whole CHECK (typeof(in_transit) = 'integer'),
  CONSTRAINT fk_standing_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_standing_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id)
)
 WITHOUT ROWID;

CREATE INDEX ix_standing_place ON standing (region_id, place_id, part_id);

CREATE TABLE stock_count (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  document VARCHAR(500) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  condition VARCHAR(32) NOT NULL,
  lot VARCHAR(500) NOT NULL,
  at DATETIME NOT NULL,
  counted INTEGER NOT NULL,
  expected INTEGER NOT NULL,
  counted_by VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_stock_count PRIMARY KEY (region_id, position),
  CONSTRAINT ck_stock_count_condition_known CHECK (condition IN ('usable', 'quarantined', 'damaged')),
  CONSTRAINT ck_stock_count_counted_least CHECK (counted >= 0),
  CONSTRAINT ck_stock_count_expected_least CHECK (expected >= 0),
  CONSTRAINT fk_stock_count_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_stock_count_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_stock_count_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_stock_count_part ON stock_count (region_id, part_id, place_id, at);

CREATE TABLE stock_inspection (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  inspection_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  lot_id VARCHAR(64),
  place_id VARCHAR(64) NOT NULL,
  units INTEGER NOT NULL,
  bad INTEGER NOT NULL,
  inspected_by VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_stock_inspection PRIMARY KEY (region_id, inspection_id),
  CONSTRAINT ck_stock_inspection_bad_of_units CHECK (bad >= 0 AND bad <= units AND units >= 1),
  CONSTRAINT fk_stock_inspection_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_stock_inspection_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_stock_inspection_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_stock_inspection_part ON stock_inspection (region_id, part_id, lot_id);

CREATE INDEX ix_stock_inspection_position ON stock_inspection (region_id, position);

CREATE TABLE stock_policy (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  place_id VARCHAR(64) NOT NULL,
  fill_rate DOUBLE NOT NULL,
  review_period_days DOUBLE NOT NULL,
  minimum INTEGER,
  maximum INTEGER,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_stock_policy PRIMARY KEY (region_id, part_id, place_id),
  CONSTRAINT ck_stock_policy_fill_rate_is_share CHECK (fill_rate > 0 AND fill_rate < 1),
  CONSTRAINT ck_stock_policy_review_period_days_least CHECK (review_period_days >= 0),
  CONSTRAINT ck_stock_policy_minimum_least CHECK (minimum >= 0),
  CONSTRAINT ck_stock_policy_maximum_least CHECK (maximum >= 0),
  CONSTRAINT fk_stock_policy_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_stock_policy_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_stock_policy_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_stock_policy_position ON stock_policy (region_id, position);

CREATE TABLE absence (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  absence_id VARCHAR(64) NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_absence PRIMARY KEY (region_id, absence_id),
  CONSTRAINT ck_absence_ends_at_after_starts_at CHECK (ends_at > starts_at),
  CONSTRAINT fk_absence_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_absence_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_absence_position ON absence (region_id, position);

CREATE TABLE borrowing (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  borrowing_id VARCHAR(64) NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  department VARCHAR(500) NOT NULL,
  first_on DATE NOT NULL,
  last_on DATE NOT NULL,
  calendar VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  most_days INTEGER,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_borrowing PRIMARY KEY (region_id, borrowing_id),
  CONSTRAINT ck_borrowing_last_day_not_before_first CHECK (last_on >= first_on),
  CONSTRAINT ck_borrowing_most_days_of_a_week CHECK (most_days BETWEEN 1 AND 7),
  CONSTRAINT fk_borrowing_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_borrowing_region_id_calendar FOREIGN KEY(region_id, calendar) REFERENCES calendar (region_id, id),
  CONSTRAINT fk_borrowing_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_borrowing_position ON borrowing (region_id, position);

CREATE TABLE certificate (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  certificate VARCHAR(64) NOT NULL,
  valid_from DATE NOT NULL,
  valid_until DATE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_certificate PRIMARY KEY (region_id, engineer_id, certificate, valid_from),
  CONSTRAINT ck_certificate_last_day_not_before_first CHECK (valid_until >= valid_from),
  CONSTRAINT fk_certificate_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_certificate_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_certificate_position ON certificate (region_id, position);

CREATE TABLE closed_ticket (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  asset_id VARCHAR(64) NOT NULL,
  model VARCHAR(500) NOT NULL,
  severity VARCHAR(32) NOT NULL,
  reported_at DATETIME NOT NULL,
  arrived_at DATETIME,
  repaired_at DATETIME NOT NULL,
  engineer_id VARCHAR(64),
  symptom VARCHAR(500) NOT NULL,
  cause VARCHAR(500) NOT NULL,
  solution VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_closed_ticket PRIMARY KEY (region_id, ticket_id),
  CONSTRAINT ck_closed_ticket_severity_known CHECK (severity IN ('P1', 'P2', 'P3', 'P4')),
  CONSTRAINT ck_closed_ticket_in_order CHECK (repaired_at >= reported_at),
  CONSTRAINT fk_closed_ticket_region_id_asset_id FOREIGN KEY(region_id, asset_id) REFERENCES asset (region_id, asset_id),
  CONSTRAINT fk_closed_ticket_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_closed_ticket_asset ON closed_ticket (region_id, asset_id);

CREATE INDEX ix_closed_ticket_model ON closed_ticket (region_id, model);

CREATE INDEX ix_closed_ticket_position ON closed_ticket (region_id, position);

CREATE TABLE engineer_position (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  lat DOUBLE NOT NULL,
  lon DOUBLE NOT NULL,
  free_at DATETIME,
  rested BOOLEAN NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_engineer_position PRIMARY KEY (region_id, engineer_id, at),
  CONSTRAINT ck_engineer_position_lat_on_earth CHECK (lat BETWEEN -90 AND 90),
  CONSTRAINT ck_engineer_position_lon_on_earth CHECK (lon BETWEEN -180 AND 180),
  CONSTRAINT fk_engineer_position_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_engineer_position_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_engineer_position_position ON engineer_position (region_id, position);

CREATE TABLE engineer_skill (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  skill VARCHAR(64) NOT NULL,
  level INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_engineer_skill PRIMARY KEY (region_id, engineer_id, skill),
  CONSTRAINT ck_engineer_skill_level_known CHECK (level BETWEEN 1 AND 5),
  CONSTRAINT fk_engineer_skill_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_engineer_skill_region_id_skill FOREIGN KEY(region_id, skill) REFERENCES skill (region_id, skill_id),
  CONSTRAINT fk_engineer_skill_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_engineer_skill_position ON engineer_skill (region_id, position);

CREATE TABLE engineer_wish (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  customer_id VARCHAR(64),
  site_id VARCHAR(64),
  engineer_id VARCHAR(64) NOT NULL,
  wish VARCHAR(32) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_engineer_wish PRIMARY KEY (region_id, position),
  CONSTRAINT ck_engineer_wish_wish_known CHECK (wish IN ('preferred', 'barred')),
  CONSTRAINT ck_engineer_wish_of_one CHECK ((customer_id IS NULL) <> (site_id IS NULL)),
  CONSTRAINT fk_engineer_wish_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_engineer_wish_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_engineer_wish_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_engineer_wish_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE TABLE loan (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  loan_id VARCHAR(64) NOT NULL,
  unit_id VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  out_at DATETIME NOT NULL,
  due_back_at DATETIME NOT NULL,
  back_at DATETIME,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_loan PRIMARY KEY (region_id, loan_id),
  CONSTRAINT ck_loan_in_order CHECK (due_back_at >= out_at AND (back_at IS NULL OR back_at >= out_at)),
  CONSTRAINT fk_loan_region_id_unit_id FOREIGN KEY(region_id, unit_id) REFERENCES loaner_unit (region_id, unit_id),
  CONSTRAINT fk_loan_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loan_position ON loan (region_id, position);

CREATE INDEX ix_loan_unit ON loan (region_id, unit_id);

CREATE TABLE on_call (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  duty_id VARCHAR(64) NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  call_out BIGINT NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_on_call PRIMARY KEY (region_id, duty_id),
  CONSTRAINT ck_on_call_call_out_least CHECK (call_out >= 0),
  CONSTRAINT ck_on_call_ends_at_after_starts_at CHECK (ends_at > starts_at),
  CONSTRAINT fk_on_call_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_on_call_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_on_call_position ON on_call (region_id, position);

CREATE TABLE preventive_event (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  preventive_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  step VARCHAR(32) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  on_day DATE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_preventive_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_preventive_event_step_known CHECK (step IN ('moved', 'opened', 'done', 'reported', 'cancelled')),
  CONSTRAINT fk_preventive_event_region_id_preventive_id FOREIGN KEY(region_id, preventive_id) REFERENCES preventive_visit (region_id, preventive_id),
  CONSTRAINT fk_preventive_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_preventive_event_visit ON preventive_event (region_id, preventive_id, at);

CREATE TABLE receiver (
  seq INTEGER NOT NULL,
  region_id VARCHAR(64) NOT NULL,
  customer_id VARCHAR(64),
  engineer_id VARCHAR(64),
  channel VARCHAR(64) NOT NULL,
  address VARCHAR(200) NOT NULL,
  lang VARCHAR(2) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_receiver PRIMARY KEY (seq),
  CONSTRAINT ck_receiver_customer_or_engineer CHECK ((customer_id IS NULL) <> (engineer_id IS NULL)),
  CONSTRAINT ck_receiver_lang_known CHECK (lang IN ('en', 'zh')),
  CONSTRAINT uq_receiver_region_id_customer_id UNIQUE (region_id, customer_id),
  CONSTRAINT uq_receiver_region_id_engineer_id UNIQUE (region_id, engineer_id),
  CONSTRAINT fk_receiver_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_receiver_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id)
);

CREATE TABLE replacement (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  asset_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  old_serial VARCHAR(64) NOT NULL,
  new_serial VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_replacement PRIMARY KEY (region_id, position),
  CONSTRAINT ck_replacement_two_units CHECK (old_serial <> new_serial),
  CONSTRAINT fk_replacement_region_id_asset_id FOREIGN KEY(region_id, asset_id) REFERENCES asset (region_id, asset_id),
  CONSTRAINT fk_replacement_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_replacement_asset ON replacement (region_id, asset_id);

CREATE TABLE shift (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  shift_id VARCHAR(64) NOT NULL,
  engineer_id VARCHAR(64) NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  start_place VARCHAR(64),
  end_place VARCHAR(64),
  overtime_min INTEGER NOT NULL,
  break_from DATETIME,
  break_until DATETIME,
  break_min INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_shift PRIMARY KEY (region_id, shift_id),
  CONSTRAINT ck_shift_ends_at_after_starts_at CHECK (ends_at > starts_at),
  CONSTRAINT ck_shift_break_until_after_break_from CHECK (break_until > break_from),
  CONSTRAINT ck_shift_overtime_min_least CHECK (overtime_min >= 0),
  CONSTRAINT ck_shift_break_min_least CHECK (break_min >= 0),
  CONSTRAINT fk_shift_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_shift_region_id_start_place FOREIGN KEY(region_id, start_place) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_shift_region_id_end_place FOREIGN KEY(region_id, end_place) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_shift_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_shift_position ON shift (region_id, position);

CREATE INDEX ix_shift_starts ON shift (region_id, starts_at);

CREATE TABLE ticket (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  asset_id VARCHAR(64),
  contract_id VARCHAR(64),
  scheme VARCHAR(64) NOT NULL,
  scheme_version VARCHAR(64) NOT NULL,
  severity VARCHAR(32) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  reported_at DATETIME NOT NULL,
  symptom VARCHAR(500) NOT NULL,
  text VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_ticket PRIMARY KEY (region_id, ticket_id),
  CONSTRAINT ck_ticket_severity_known CHECK (severity IN ('P1', 'P2', 'P3', 'P4')),
  CONSTRAINT ck_ticket_kind_known CHECK (kind IN ('fault', 'installation', 'preventive', 'training', 'advice', 'return')),
  CONSTRAINT fk_ticket_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_ticket_region_id_asset_id FOREIGN KEY(region_id, asset_id) REFERENCES asset (region_id, asset_id),
  CONSTRAINT fk_ticket_region_id_contract_id FOREIGN KEY(region_id, contract_id) REFERENCES contract (region_id, contract_id),
  CONSTRAINT fk_ticket_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_ticket_asset ON ticket (region_id, asset_id);

CREATE INDEX ix_ticket_position ON ticket (region_id, position);

CREATE INDEX ix_ticket_reported ON ticket (region_id, reported_at, ticket_id);

CREATE INDEX ix_ticket_site ON ticket (region_id, site_id);

CREATE TABLE ticket_loan (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  loan_id VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  unit_id VARCHAR(64) NOT NULL,
  reserved_at DATETIME NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_ticket_loan PRIMARY KEY (region_id, loan_id),
  CONSTRAINT fk_ticket_loan_region_id_unit_id FOREIGN KEY(region_id, unit_id) REFERENCES loaner_unit (region_id, unit_id),
  CONSTRAINT fk_ticket_loan_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_ticket_loan_position ON ticket_loan (region_id, position);

CREATE INDEX ix_ticket_loan_ticket ON ticket_loan (region_id, ticket_id);

CREATE TABLE closed_ticket_part (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  quantity INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_closed_ticket_part PRIMARY KEY (region_id, ticket_id, part_id),
  CONSTRAINT ck_closed_ticket_part_quantity_least CHECK (quantity >= 1),
  CONSTRAINT fk_closed_ticket_part_region_id_ticket_id FOREIGN KEY(region_id, ticket_id) REFERENCES closed_ticket (region_id, ticket_id),
  CONSTRAINT fk_closed_ticket_part_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_closed_ticket_part_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_closed_ticket_part_position ON closed_ticket_part (region_id, position);

CREATE TABLE loan_check (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  loan_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  step VARCHAR(32) NOT NULL,
  checked_by VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_loan_check PRIMARY KEY (region_id, position),
  CONSTRAINT ck_loan_check_step_known CHECK (step IN ('back', 'inspecting', 'passed', 'failed')),
  CONSTRAINT fk_loan_check_region_id_loan_id FOREIGN KEY(region_id, loan_id) REFERENCES loan (region_id, loan_id),
  CONSTRAINT fk_loan_check_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loan_check_loan ON loan_check (region_id, loan_id, at);

CREATE TABLE loan_event (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  loan_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  step VARCHAR(32) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  due_back_at DATETIME,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_loan_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_loan_event_step_known CHECK (step IN ('preparing', 'out', 'at_customer', 'extended', 'reminded', 'back', 'inspecting', 'passed', 'failed', 'released')),
  CONSTRAINT ck_loan_event_due_back_after CHECK (due_back_at > at),
  CONSTRAINT fk_loan_event_region_id_loan_id FOREIGN KEY(region_id, loan_id) REFERENCES ticket_loan (region_id, loan_id),
  CONSTRAINT fk_loan_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loan_event_loan ON loan_event (region_id, loan_id, at);

CREATE TABLE ticket_event (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  kind VARCHAR(32) NOT NULL,
  "by" VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  value VARCHAR(500) NOT NULL,
  visit_id VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_ticket_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_ticket_event_kind_known CHECK (kind IN ('reported', 'acknowledged', 'responded', 'triaged', 'remote_tried', 'arranged', 'proposed', 'agreed', 'told', 'time_asked', 'accepted', 'travelling', 'on_site', 'waiting', 'resumed', 'forecast_finish', 'part_needed', 'part_short', 'loaner_in_place', 'collected', 'tested', 'returned', 'left', 'repaired', 'delivered', 'severity_changed', 'customer_set', 'verified', 'closed', 'surveyed', 'followed_up', 'cancelled', 'reopened')),
  CONSTRAINT fk_ticket_event_region_id_ticket_id FOREIGN KEY(region_id, ticket_id) REFERENCES ticket (region_id, ticket_id),
  CONSTRAINT fk_ticket_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_ticket_event_ticket ON ticket_event (region_id, ticket_id, at);

CREATE TABLE ticket_link (
  id VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  region_id VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  made_by VARCHAR(64) NOT NULL,
  made_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  closed_at DATETIME,
  CONSTRAINT pk_ticket_link PRIMARY KEY (id),
  CONSTRAINT fk_ticket_link_region_id_ticket_id FOREIGN KEY(region_id, ticket_id) REFERENCES ticket (region_id, ticket_id)
);

CREATE INDEX ix_ticket_link_ticket ON ticket_link (region_id, ticket_id);

CREATE TABLE visit (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) NOT NULL,
  ticket_id VARCHAR(64) NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  duration_min INTEGER NOT NULL,
  earliest_at DATETIME,
  skills JSON NOT NULL,
  certificates JSON NOT NULL,
  tools JSON NOT NULL,
  role VARCHAR(64),
  continuous BOOLEAN,
  bench_min INTEGER,
  return_min INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_visit PRIMARY KEY (region_id, visit_id),
  CONSTRAINT ck_visit_duration_min_least CHECK (duration_min >= 1),
  CONSTRAINT ck_visit_whole_workshop CHECK ((bench_min IS NULL) = (return_min = 0)),
  CONSTRAINT fk_visit_region_id_ticket_id FOREIGN KEY(region_id, ticket_id) REFERENCES ticket (region_id, ticket_id),
  CONSTRAINT fk_visit_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_visit_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_visit_position ON visit (region_id, position);

CREATE INDEX ix_visit_ticket ON visit (region_id, ticket_id);

CREATE TABLE appointment (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) NOT NULL,
  from_at DATETIME NOT NULL,
  until_at DATETIME NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_appointment PRIMARY KEY (region_id, visit_id, from_at),
  CONSTRAINT ck_appointment_until_at_after_from_at CHECK (until_at > from_at),
  CONSTRAINT fk_appointment_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_appointment_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_appointment_position ON appointment (region_id, position);

CREATE TABLE crew_role (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) NOT NULL,
  role VARCHAR(64) NOT NULL,
  duration_min INTEGER NOT NULL,
  within_min INTEGER NOT NULL,
  skills JSON NOT NULL,
  certificates JSON NOT NULL,
  tools JSON NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_crew_role PRIMARY KEY (region_id, visit_id, role),
  CONSTRAINT ck_crew_role_duration_min_least CHECK (duration_min >= 1),
  CONSTRAINT ck_crew_role_within_min_least CHECK (within_min >= 0),
  CONSTRAINT fk_crew_role_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_crew_role_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_crew_role_position ON crew_role (region_id, position);

CREATE TABLE part_need (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  quantity INTEGER NOT NULL,
  likely DOUBLE,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_part_need PRIMARY KEY (region_id, visit_id, part_id),
  CONSTRAINT ck_part_need_quantity_least CHECK (quantity >= 1),
  CONSTRAINT ck_part_need_likely_is_share CHECK (likely BETWEEN 0 AND 1),
  CONSTRAINT fk_part_need_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_part_need_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_part_need_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_part_need_position ON part_need (region_id, position);

CREATE TABLE published_stop (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) NOT NULL,
  shift_id VARCHAR(64),
  starts_at DATETIME NOT NULL,
  lock VARCHAR(32) NOT NULL,
  told_at DATETIME,
  role VARCHAR(500) NOT NULL,
  piece INTEGER NOT NULL,
  partner_id VARCHAR(64),
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_published_stop PRIMARY KEY (region_id, visit_id, role, piece),
  CONSTRAINT ck_published_stop_lock_known CHECK (lock IN ('none', 'engineer', 'time', 'both')),
  CONSTRAINT ck_published_stop_piece_least CHECK (piece >= 1),
  CONSTRAINT ck_published_stop_one_does_it CHECK ((shift_id IS NULL) <> (partner_id IS NULL)),
  CONSTRAINT fk_published_stop_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_published_stop_region_id_partner_id FOREIGN KEY(region_id, partner_id) REFERENCES partner (region_id, partner_id),
  CONSTRAINT fk_published_stop_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_published_stop_position ON published_stop (region_id, position);

CREATE TABLE supply_offer (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  offer_id VARCHAR(64) NOT NULL,
  part_id VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  source VARCHAR(64) NOT NULL,
  visit_id VARCHAR(64) NOT NULL,
  arrives_at DATETIME NOT NULL,
  price BIGINT NOT NULL,
  quantity INTEGER NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_supply_offer PRIMARY KEY (region_id, offer_id),
  CONSTRAINT ck_supply_offer_kind_known CHECK (kind IN ('transfer', 'courier', 'purchase')),
  CONSTRAINT ck_supply_offer_price_least CHECK (price >= 0),
  CONSTRAINT ck_supply_offer_quantity_least CHECK (quantity >= 1),
  CONSTRAINT fk_supply_offer_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_supply_offer_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_supply_offer_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_supply_offer_position ON supply_offer (region_id, position);

CREATE INDEX ix_supply_offer_visit ON supply_offer (region_id, visit_id);

CREATE TABLE visit_order (
  region_id VARCHAR(64) NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) NOT NULL,
  after_visit_id VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) NOT NULL,
  written_from VARCHAR(64) NOT NULL,
  written_at DATETIME NOT NULL,
  written_key VARCHAR(64) NOT NULL,
  CONSTRAINT pk_visit_order PRIMARY KEY (region_id, visit_id, after_visit_id),
  CONSTRAINT ck_visit_order_not_itself CHECK (visit_id <> after_visit_id),
  CONSTRAINT fk_visit_order_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_visit_order_region_id_after_visit_id FOREIGN KEY(region_id, after_visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_visit_order_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_visit_order_position ON visit_order (region_id, position);

CREATE TRIGGER plan_step_no_update BEFORE UPDATE ON plan_step
BEGIN SELECT RAISE(ABORT, 'plan_step is append-only'); END;

CREATE TRIGGER plan_step_no_delete BEFORE DELETE ON plan_step
BEGIN SELECT RAISE(ABORT, 'plan_step is append-only'); END;

CREATE TRIGGER service_scheme_no_update BEFORE UPDATE ON service_scheme
BEGIN SELECT RAISE(ABORT, 'service_scheme is append-only'); END;

CREATE TRIGGER service_scheme_no_delete BEFORE DELETE ON service_scheme
BEGIN SELECT RAISE(ABORT, 'service_scheme is append-only'); END;

CREATE TRIGGER desk_practice_no_update BEFORE UPDATE ON desk_practice
BEGIN SELECT RAISE(ABORT, 'desk_practice is append-only'); END;

CREATE TRIGGER desk_practice_no_delete BEFORE DELETE ON desk_practice
BEGIN SELECT RAISE(ABORT, 'desk_practice is append-only'); END;

CREATE TRIGGER stock_move_no_update BEFORE UPDATE ON stock_move
BEGIN SELECT RAISE(ABORT, 'stock_move is append-only'); END;

CREATE TRIGGER stock_move_no_delete BEFORE DELETE ON stock_move
BEGIN SELECT RAISE(ABORT, 'stock_move is append-only'); END;

CREATE TRIGGER ticket_event_no_update BEFORE UPDATE ON ticket_event
BEGIN SELECT RAISE(ABORT, 'ticket_event is append-only'); END;

CREATE TRIGGER ticket_event_no_delete BEFORE DELETE ON ticket_event
BEGIN SELECT RAISE(ABORT, 'ticket_event is append-only'); END;

CREATE TRIGGER content_no_update BEFORE UPDATE ON content
BEGIN SELECT RAISE(ABORT, 'content is append-only'); END;

CREATE TRIGGER content_no_delete BEFORE DELETE ON content
BEGIN SELECT RAISE(ABORT, 'content is append-only'); END;

CREATE TRIGGER ticket_loan_no_update BEFORE UPDATE ON ticket_loan
BEGIN SELECT RAISE(ABORT, 'ticket_loan is append-only'); END;

CREATE TRIGGER ticket_loan_no_delete BEFORE DELETE ON ticket_loan
BEGIN SELECT RAISE(ABORT, 'ticket_loan is append-only'); END;

CREATE TRIGGER loan_event_no_update BEFORE UPDATE ON loan_event
BEGIN SELECT RAISE(ABORT, 'loan_event is append-only'); END;

CREATE TRIGGER loan_event_no_delete BEFORE DELETE ON loan_event
BEGIN SELECT RAISE(ABORT, 'loan_event is append-only'); END;

CREATE TRIGGER replacement_no_update BEFORE UPDATE ON replacement
BEGIN SELECT RAISE(ABORT, 'replacement is append-only'); END;

CREATE TRIGGER replacement_no_delete BEFORE DELETE ON replacement
BEGIN SELECT RAISE(ABORT, 'replacement is append-only'); END;

CREATE TRIGGER roster_duty_no_update BEFORE UPDATE ON roster_duty
BEGIN SELECT RAISE(ABORT, 'roster_duty is append-only'); END;

CREATE TRIGGER roster_duty_no_delete BEFORE DELETE ON roster_duty
BEGIN SELECT RAISE(ABORT, 'roster_duty is append-only'); END;

CREATE TRIGGER duty_handed_over_no_update BEFORE UPDATE ON duty_handed_over
BEGIN SELECT RAISE(ABORT, 'duty_handed_over is append-only'); END;

CREATE TRIGGER duty_handed_over_no_delete BEFORE DELETE ON duty_handed_over
BEGIN SELECT RAISE(ABORT, 'duty_handed_over is append-only'); END;

CREATE TRIGGER escalation_no_update BEFORE UPDATE ON escalation
BEGIN SELECT RAISE(ABORT, 'escalation is append-only'); END;

CREATE TRIGGER escalation_no_delete BEFORE DELETE ON escalation
BEGIN SELECT RAISE(ABORT, 'escalation is append-only'); END;

CREATE TRIGGER complaint_no_update BEFORE UPDATE ON complaint
BEGIN SELECT RAISE(ABORT, 'complaint is append-only'); END;

CREATE TRIGGER complaint_no_delete BEFORE DELETE ON complaint
BEGIN SELECT RAISE(ABORT, 'complaint is append-only'); END;

CREATE TRIGGER complaint_event_no_update BEFORE UPDATE ON complaint_event
BEGIN SELECT RAISE(ABORT, 'complaint_event is append-only'); END;

CREATE TRIGGER complaint_event_no_delete BEFORE DELETE ON complaint_event
BEGIN SELECT RAISE(ABORT, 'complaint_event is append-only'); END;

CREATE TRIGGER survey_event_no_update BEFORE UPDATE ON survey_event
BEGIN SELECT RAISE(ABORT, 'survey_event is append-only'); END;

CREATE TRIGGER survey_event_no_delete BEFORE DELETE ON survey_event
BEGIN SELECT RAISE(ABORT, 'survey_event is append-only'); END;

CREATE TRIGGER preventive_visit_no_update BEFORE UPDATE ON preventive_visit
BEGIN SELECT RAISE(ABORT, 'preventive_visit is append-only'); END;

CREATE TRIGGER preventive_visit_no_delete BEFORE DELETE ON preventive_visit
BEGIN SELECT RAISE(ABORT, 'preventive_visit is append-only'); END;

CREATE TRIGGER preventive_event_no_update BEFORE UPDATE ON preventive_event
BEGIN SELECT RAISE(ABORT, 'preventive_event is append-only'); END;

CREATE TRIGGER preventive_event_no_delete BEFORE DELETE ON preventive_event
BEGIN SELECT RAISE(ABORT, 'preventive_event is append-only'); END;

CREATE TRIGGER borrowing_no_update BEFORE UPDATE ON borrowing
BEGIN SELECT RAISE(ABORT, 'borrowing is append-only'); END;

CREATE TRIGGER borrowing_no_delete BEFORE DELETE ON borrowing
BEGIN SELECT RAISE(ABORT, 'borrowing is append-only'); END;

CREATE TRIGGER standing_change_no_update BEFORE UPDATE ON standing_change
BEGIN SELECT RAISE(ABORT, 'standing_change is append-only'); END;

CREATE TRIGGER standing_change_no_delete BEFORE DELETE ON standing_change
BEGIN SELECT RAISE(ABORT, 'standing_change is append-only'); END;

CREATE TRIGGER finding_no_update BEFORE UPDATE ON finding
BEGIN SELECT RAISE(ABORT, 'finding is append-only'); END;

CREATE TRIGGER finding_no_delete BEFORE DELETE ON finding
BEGIN SELECT RAISE(ABORT, 'finding is append-only'); END;

CREATE TRIGGER charge_event_no_update BEFORE UPDATE ON charge_event
BEGIN SELECT RAISE(ABORT, 'charge_event is append-only'); END;

CREATE TRIGGER charge_event_no_delete BEFORE DELETE ON charge_event
BEGIN SELECT RAISE(ABORT, 'charge_event is append-only'); END;

CREATE TRIGGER report_no_update BEFORE UPDATE OF region_id, position, report_id, at, channel, by, asset, serial, qr, site, contract, scheme, kind, severity, symptom, text, reference, written_by, written_from, written_at, written_key ON report
BEGIN SELECT RAISE(ABORT, 'report is append-only'); END;

CREATE TRIGGER report_no_delete BEFORE DELETE ON report
BEGIN SELECT RAISE(ABORT, 'report is append-only'); END;

CREATE TRIGGER answer_no_update BEFORE UPDATE OF region_id, position, report_id, at, by, asked, written_by, written_from, written_at, written_key ON answer
BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END;

CREATE TRIGGER answer_no_delete BEFORE DELETE ON answer
BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END;

CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment
BEGIN SELECT RAISE(ABORT, 'attachment is append-only'); END;

CREATE TRIGGER attachment_no_delete BEFORE DELETE ON attachment
BEGIN SELECT RAISE(ABORT, 'attachment is append-only'); END;

CREATE TRIGGER knowledge_no_update BEFORE UPDATE ON knowledge
BEGIN SELECT RAISE(ABORT, 'knowledge is append-only'); END;

CREATE TRIGGER knowledge_no_delete BEFORE DELETE ON knowledge
BEGIN SELECT RAISE(ABORT, 'knowledge is append-only'); END;

CREATE TRIGGER checklist_answer_no_update BEFORE UPDATE ON checklist_answer
BEGIN SELECT RAISE(ABORT, 'checklist_answer is append-only'); END;

CREATE TRIGGER checklist_answer_no_delete BEFORE DELETE ON checklist_answer
BEGIN SELECT RAISE(ABORT, 'checklist_answer is append-only'); END;

CREATE TRIGGER signature_no_update BEFORE UPDATE OF region_id, position, ticket_id, at, by, digest, remark, written_by, written_from, written_at, written_key ON signature
BEGIN SELECT RAISE(ABORT, 'signature is append-only'); END;

CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature
BEGIN SELECT RAISE(ABORT, 'signature is append-only'); END;

CREATE TRIGGER approval_event_no_update BEFORE UPDATE ON approval_event
BEGIN SELECT RAISE(ABORT, 'approval_event is append-only'); END;

CREATE TRIGGER approval_event_no_delete BEFORE DELETE ON approval_event
BEGIN SELECT RAISE(ABORT, 'approval_event is append-only'); END;

CREATE TRIGGER change_request_no_update BEFORE UPDATE ON change_request
BEGIN SELECT RAISE(ABORT, 'change_request is append-only'); END;

CREATE TRIGGER change_request_no_delete BEFORE DELETE ON change_request
BEGIN SELECT RAISE(ABORT, 'change_request is append-only'); END;

CREATE TRIGGER shipment_no_update BEFORE UPDATE ON shipment
BEGIN SELECT RAISE(ABORT, 'shipment is append-only'); END;

CREATE TRIGGER shipment_no_delete BEFORE DELETE ON shipment
BEGIN SELECT RAISE(ABORT, 'shipment is append-only'); END;

CREATE TRIGGER lot_reading_no_update BEFORE UPDATE ON lot_reading
BEGIN SELECT RAISE(ABORT, 'lot_reading is append-only'); END;

CREATE TRIGGER lot_reading_no_delete BEFORE DELETE ON lot_reading
BEGIN SELECT RAISE(ABORT, 'lot_reading is append-only'); END;

CREATE TRIGGER lot_skipped_no_update BEFORE UPDATE ON lot_skipped
BEGIN SELECT RAISE(ABORT, 'lot_skipped is append-only'); END;

CREATE TRIGGER lot_skipped_no_delete BEFORE DELETE ON lot_skipped
BEGIN SELECT RAISE(ABORT, 'lot_skipped is append-only'); END;

CREATE TRIGGER stock_inspection_no_update BEFORE UPDATE ON stock_inspection
BEGIN SELECT RAISE(ABORT, 'stock_inspection is append-only'); END;

CREATE TRIGGER stock_inspection_no_delete BEFORE DELETE ON stock_inspection
BEGIN SELECT RAISE(ABORT, 'stock_inspection is append-only'); END;

CREATE TRIGGER disposition_no_update BEFORE UPDATE ON disposition
BEGIN SELECT RAISE(ABORT, 'disposition is append-only'); END;

CREATE TRIGGER disposition_no_delete BEFORE DELETE ON disposition
BEGIN SELECT RAISE(ABORT, 'disposition is append-only'); END;

CREATE TRIGGER nonconformance_no_update BEFORE UPDATE ON nonconformance
BEGIN SELECT RAISE(ABORT, 'nonconformance is append-only'); END;

CREATE TRIGGER nonconformance_no_delete BEFORE DELETE ON nonconformance
BEGIN SELECT RAISE(ABORT, 'nonconformance is append-only'); END;

CREATE TRIGGER corrective_step_no_update BEFORE UPDATE ON corrective_step
BEGIN SELECT RAISE(ABORT, 'corrective_step is append-only'); END;

CREATE TRIGGER corrective_step_no_delete BEFORE DELETE ON corrective_step
BEGIN SELECT RAISE(ABORT, 'corrective_step is append-only'); END;

CREATE TRIGGER loan_check_no_update BEFORE UPDATE ON loan_check
BEGIN SELECT RAISE(ABORT, 'loan_check is append-only'); END;

CREATE TRIGGER loan_check_no_delete BEFORE DELETE ON loan_check
BEGIN SELECT RAISE(ABORT, 'loan_check is append-only'); END;

CREATE TRIGGER stock_count_no_update BEFORE UPDATE ON stock_count
BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;

CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count
BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;

CREATE TRIGGER snooze_no_update BEFORE UPDATE ON snooze
BEGIN SELECT RAISE(ABORT, 'snooze is append-only'); END;

CREATE TRIGGER snooze_no_delete BEFORE DELETE ON snooze
BEGIN SELECT RAISE(ABORT, 'snooze is append-only'); END;

CREATE TRIGGER plan_no_update BEFORE UPDATE ON plan
BEGIN SELECT RAISE(ABORT, 'plan is append-only'); END;

CREATE TRIGGER plan_no_delete BEFORE DELETE ON plan
BEGIN SELECT RAISE(ABORT, 'plan is append-only'); END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
