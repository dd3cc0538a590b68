CREATE TABLE account (
  id VARCHAR(64) COLLATE "C" NOT NULL,
  sign_in_name VARCHAR(200) NOT NULL,
  shown_name VARCHAR(200) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_account PRIMARY KEY (id),
  CONSTRAINT uq_account_sign_in_name UNIQUE (sign_in_name)
);

CREATE TABLE audit (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  lane INTEGER NOT NULL,
  number BIGINT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor VARCHAR(64) NOT NULL,
  device VARCHAR(64) NOT NULL,
  key VARCHAR(64) COLLATE "C" NOT NULL,
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  lane INTEGER NOT NULL,
  number BIGINT NOT NULL,
  hash VARCHAR(64) NOT NULL,
  CONSTRAINT pk_audit_head PRIMARY KEY (region_id, lane)
);

CREATE TABLE idempotency_key (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  key VARCHAR(64) COLLATE "C" NOT NULL,
  command VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  actor VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  reply TEXT,
  CONSTRAINT pk_idempotency_key PRIMARY KEY (region_id, key)
);

CREATE INDEX ix_idempotency_key_at ON idempotency_key (at);

CREATE TABLE outbox (
  seq BIGSERIAL NOT NULL,
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  topic VARCHAR(64) NOT NULL,
  about VARCHAR(80) NOT NULL,
  body JSONB NOT NULL,
  actor VARCHAR(64) NOT NULL,
  key VARCHAR(64) COLLATE "C" NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  delivered_at TIMESTAMP WITH TIME ZONE,
  attempts INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_outbox PRIMARY KEY (seq)
);

CREATE INDEX ix_outbox_waiting ON outbox (seq) WHERE delivered_at IS NULL;

CREATE TABLE region (
  id VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  as_of TIMESTAMP WITH TIME ZONE NOT NULL,
  zone VARCHAR(64) NOT NULL,
  currency VARCHAR(3) NOT NULL,
  horizon_days INTEGER NOT NULL,
  policy JSONB NOT NULL,
  travel JSONB NOT NULL,
  imported_digest VARCHAR(64) NOT NULL,
  written_digest VARCHAR(64) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_region PRIMARY KEY (id),
  CONSTRAINT ck_region_horizon_days_known CHECK (horizon_days BETWEEN 1 AND 31)
);

CREATE TABLE stock_move (
  seq BIGSERIAL NOT NULL,
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  id VARCHAR(80) COLLATE "C" NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  quantity BIGINT NOT NULL,
  from_place_id VARCHAR(64) COLLATE "C" NOT NULL,
  to_place_id VARCHAR(64) COLLATE "C" NOT NULL,
  condition VARCHAR(32) NOT NULL,
  lot VARCHAR(64) COLLATE "C" NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by VARCHAR(64) NOT NULL,
  device VARCHAR(64) NOT NULL,
  source_document VARCHAR(200) NOT NULL,
  key VARCHAR(80) COLLATE "C" NOT NULL,
  reverses VARCHAR(80) COLLATE "C" NOT NULL,
  bound_for VARCHAR(64) COLLATE "C" NOT NULL,
  serial VARCHAR(64) COLLATE "C" NOT NULL,
  posted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_stock_move PRIMARY KEY (seq),
  CONSTRAINT uq_stock_move_region_id_id UNIQUE (region_id, id),
  CONSTRAINT uq_stock_move_region_id_key UNIQUE (region_id, key),
  CONSTRAINT ck_stock_move_quantity_positive CHECK (quantity >= 1),
  CONSTRAINT ck_stock_move_two_places CHECK (from_place_id <> to_place_id),
  CONSTRAINT ck_stock_move_serial_is_one CHECK (serial = '' OR quantity = 1),
  CONSTRAINT ck_stock_move_condition_known CHECK (condition IN ('usable', 'quarantined', 'damaged'))
);

CREATE INDEX ix_stock_move_part ON stock_move (region_id, part_id, seq);

CREATE INDEX ix_stock_move_source_document ON stock_move (region_id, source_document) WHERE source_document <> '';

CREATE UNIQUE INDEX uq_stock_move_reverses ON stock_move (region_id, reverses) WHERE reverses <> '';

CREATE TABLE bench_time (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  model VARCHAR(500) NOT NULL,
  collect_min INTEGER NOT NULL,
  bench_min INTEGER NOT NULL,
  return_min INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_bench_time PRIMARY KEY (region_id, model),
  CONSTRAINT ck_bench_time_collect_min_least CHECK (collect_min >= 1),
  CONSTRAINT ck_bench_time_bench_min_least CHECK (bench_min >= 1),
  CONSTRAINT ck_bench_time_return_min_least CHECK (return_min >= 1),
  CONSTRAINT fk_bench_time_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_bench_time_position ON bench_time (region_id, position);

CREATE TABLE calendar (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  id VARCHAR(64) COLLATE "C" NOT NULL,
  zone VARCHAR(64) NOT NULL,
  country VARCHAR(500) NOT NULL,
  subdivision VARCHAR(500) NOT NULL,
  week JSONB NOT NULL,
  makeup JSONB NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_calendar PRIMARY KEY (region_id, id),
  CONSTRAINT fk_calendar_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_calendar_position ON calendar (region_id, position);

CREATE TABLE customer (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  customer_id VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_customer PRIMARY KEY (region_id, customer_id),
  CONSTRAINT fk_customer_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_customer_position ON customer (region_id, position);

CREATE TABLE loaner_class (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  loaner_class VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  substitutes JSONB NOT NULL,
  day_cost BIGINT NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_loaner_class PRIMARY KEY (region_id, loaner_class),
  CONSTRAINT ck_loaner_class_day_cost_least CHECK (day_cost >= 0),
  CONSTRAINT fk_loaner_class_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loaner_class_position ON loaner_class (region_id, position);

CREATE TABLE part (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  price BIGINT NOT NULL,
  criticality INTEGER NOT NULL,
  tracking VARCHAR(32) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_part PRIMARY KEY (region_id, part_id),
  CONSTRAINT ck_part_kind_known CHECK (kind IN ('consumable', 'repairable')),
  CONSTRAINT ck_part_tracking_known CHECK (tracking IN ('none', 'lot', 'serial')),
  CONSTRAINT ck_part_price_least CHECK (price >= 0),
  CONSTRAINT ck_part_criticality_known CHECK (criticality BETWEEN 1 AND 3),
  CONSTRAINT fk_part_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_part_position ON part (region_id, position);

CREATE TABLE partner (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  partner_id VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  territories JSONB NOT NULL,
  skills JSONB NOT NULL,
  certificates JSONB NOT NULL,
  price BIGINT NOT NULL,
  lead_min INTEGER NOT NULL,
  original_parts BOOLEAN NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_partner PRIMARY KEY (region_id, partner_id),
  CONSTRAINT ck_partner_price_least CHECK (price >= 0),
  CONSTRAINT ck_partner_lead_min_least CHECK (lead_min >= 0),
  CONSTRAINT fk_partner_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_partner_position ON partner (region_id, position);

CREATE TABLE plan (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  id VARCHAR(64) COLLATE "C" NOT NULL,
  now TIMESTAMP WITH TIME ZONE NOT NULL,
  problem_digest VARCHAR(64) NOT NULL,
  dataset_digest VARCHAR(64) NOT NULL,
  cost_cents BIGINT NOT NULL,
  visits INTEGER NOT NULL,
  left_out INTEGER NOT NULL,
  document TEXT NOT NULL,
  manifest TEXT NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_plan PRIMARY KEY (region_id, id),
  CONSTRAINT ck_plan_visits_least CHECK (visits >= 0),
  CONSTRAINT ck_plan_left_out_least CHECK (left_out >= 0),
  CONSTRAINT fk_plan_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_plan_written_at ON plan (region_id, written_at, id);

CREATE TABLE run (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  id VARCHAR(64) COLLATE "C" NOT NULL,
  kind VARCHAR(32) NOT NULL,
  state VARCHAR(32) NOT NULL,
  input JSONB NOT NULL,
  token BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  most_attempts INTEGER NOT NULL,
  worker VARCHAR(64) NOT NULL,
  lease_until TIMESTAMP WITH TIME ZONE,
  heartbeat_at TIMESTAMP WITH TIME ZONE,
  progress JSONB NOT NULL,
  stop_requested BOOLEAN NOT NULL,
  error_code VARCHAR(80) NOT NULL,
  error_detail TEXT NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_run PRIMARY KEY (region_id, id),
  CONSTRAINT fk_run_region_id FOREIGN KEY(region_id) REFERENCES region (id),
  CONSTRAINT ck_run_state_known CHECK (state IN ('waiting', 'running', 'done', 'stopped', 'failed')),
  CONSTRAINT ck_run_attempts_counted CHECK (attempts >= 0 AND attempts <= most_attempts),
  CONSTRAINT ck_run_running_is_leased CHECK ((state = 'running') = (lease_until IS NOT NULL)),
  CONSTRAINT ck_run_end_has_moment CHECK ((state IN ('done', 'stopped', 'failed')) = (ended_at IS NOT NULL))
);

CREATE INDEX ix_run_open ON run (written_at, id) WHERE state IN ('waiting', 'running');

CREATE TABLE skill (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  skill_id VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_skill PRIMARY KEY (region_id, skill_id),
  CONSTRAINT fk_skill_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_skill_position ON skill (region_id, position);

CREATE TABLE story (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  kind VARCHAR(64) COLLATE "C" NOT NULL,
  ids JSONB NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_story PRIMARY KEY (region_id, position),
  CONSTRAINT fk_story_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE TABLE supplier (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  supplier_id VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  lead_time_days DOUBLE PRECISION NOT NULL,
  lead_time_sd_days DOUBLE PRECISION NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_supplier PRIMARY KEY (region_id, supplier_id),
  CONSTRAINT ck_supplier_lead_time_days_least CHECK (lead_time_days >= 0),
  CONSTRAINT ck_supplier_lead_time_sd_days_least CHECK (lead_time_sd_days >= 0),
  CONSTRAINT fk_supplier_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_supplier_position ON supplier (region_id, position);

CREATE TABLE tool (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  serial VARCHAR(64) COLLATE "C" NOT NULL,
  tool VARCHAR(64) COLLATE "C" NOT NULL,
  holder VARCHAR(64) COLLATE "C" NOT NULL,
  calibrated_until DATE,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_tool PRIMARY KEY (region_id, serial),
  CONSTRAINT fk_tool_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_tool_holder ON tool (region_id, holder);

CREATE INDEX ix_tool_position ON tool (region_id, position);

CREATE TABLE travel_pair (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  origin VARCHAR(64) COLLATE "C" NOT NULL,
  destination VARCHAR(64) COLLATE "C" NOT NULL,
  seconds INTEGER,
  metres INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_travel_pair PRIMARY KEY (region_id, origin, destination),
  CONSTRAINT ck_travel_pair_seconds_least CHECK (seconds >= 0),
  CONSTRAINT ck_travel_pair_metres_least CHECK (metres >= 0),
  CONSTRAINT fk_travel_pair_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_travel_pair_position ON travel_pair (region_id, position);

CREATE TABLE alternate (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  alternate_id VARCHAR(64) COLLATE "C" NOT NULL,
  kind VARCHAR(32) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_alternate PRIMARY KEY (region_id, part_id, alternate_id),
  CONSTRAINT ck_alternate_kind_known CHECK (kind IN ('equal', 'supersedes')),
  CONSTRAINT ck_alternate_not_itself CHECK (part_id <> alternate_id),
  CONSTRAINT fk_alternate_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_alternate_region_id_alternate_id FOREIGN KEY(region_id, alternate_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_alternate_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_alternate_position ON alternate (region_id, position);

CREATE TABLE calendar_day (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  calendar_id VARCHAR(64) COLLATE "C" NOT NULL,
  on_day DATE NOT NULL,
  hours VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_calendar_day PRIMARY KEY (region_id, calendar_id, on_day),
  CONSTRAINT fk_calendar_day_region_id_calendar_id FOREIGN KEY(region_id, calendar_id) REFERENCES calendar (region_id, id),
  CONSTRAINT fk_calendar_day_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_calendar_day_position ON calendar_day (region_id, position);

CREATE TABLE contract (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  contract_id VARCHAR(64) COLLATE "C" NOT NULL,
  customer_id VARCHAR(64) COLLATE "C" NOT NULL,
  scheme VARCHAR(64) COLLATE "C" NOT NULL,
  scheme_version VARCHAR(64) COLLATE "C" NOT NULL,
  valid_from DATE NOT NULL,
  valid_until DATE,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_contract PRIMARY KEY (region_id, contract_id),
  CONSTRAINT ck_contract_last_day_not_before_first CHECK (valid_until >= valid_from),
  CONSTRAINT fk_contract_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_contract_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_contract_customer ON contract (region_id, customer_id);

CREATE INDEX ix_contract_position ON contract (region_id, position);

CREATE TABLE lot (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  lot_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  supplier_id VARCHAR(64) COLLATE "C",
  receipt_document VARCHAR(500) NOT NULL,
  original BOOLEAN,
  expires_on DATE,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_lot PRIMARY KEY (region_id, lot_id, part_id),
  CONSTRAINT ck_lot_original_proved CHECK (NOT coalesce(original, false) OR (supplier_id IS NOT NULL AND receipt_document <> '')),
  CONSTRAINT fk_lot_region_id_supplier_id FOREIGN KEY(region_id, supplier_id) REFERENCES supplier (region_id, supplier_id),
  CONSTRAINT fk_lot_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_lot_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_lot_part ON lot (region_id, part_id, expires_on);

CREATE INDEX ix_lot_position ON lot (region_id, position);

CREATE TABLE place (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  kind VARCHAR(32) NOT NULL,
  name VARCHAR(500) NOT NULL,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  engineer_id VARCHAR(64) COLLATE "C",
  pick_up_min INTEGER NOT NULL,
  customer_id VARCHAR(64) COLLATE "C",
  calendar VARCHAR(64) COLLATE "C",
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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

CREATE TABLE site (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  site_id VARCHAR(64) COLLATE "C" NOT NULL,
  customer_id VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(500) NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  remote BOOLEAN NOT NULL,
  territory VARCHAR(64) COLLATE "C",
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_site PRIMARY KEY (region_id, site_id),
  CONSTRAINT ck_site_lat_on_earth CHECK (lat BETWEEN -90 AND 90),
  CONSTRAINT ck_site_lon_on_earth CHECK (lon BETWEEN -180 AND 180),
  CONSTRAINT fk_site_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_site_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_site_customer ON site (region_id, customer_id);

CREATE INDEX ix_site_position ON site (region_id, position);

CREATE TABLE supplier_term (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  supplier_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  price BIGINT NOT NULL,
  lead_time_days DOUBLE PRECISION,
  minimum INTEGER NOT NULL,
  multiple INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  asset_id VARCHAR(64) COLLATE "C" NOT NULL,
  site_id VARCHAR(64) COLLATE "C" NOT NULL,
  model VARCHAR(500) NOT NULL,
  serial VARCHAR(500) NOT NULL,
  loaner_class VARCHAR(64) COLLATE "C",
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_asset PRIMARY KEY (region_id, asset_id),
  CONSTRAINT fk_asset_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_asset_region_id_loaner_class FOREIGN KEY(region_id, loaner_class) REFERENCES loaner_class (region_id, loaner_class),
  CONSTRAINT fk_asset_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_asset_position ON asset (region_id, position);

CREATE INDEX ix_asset_site ON asset (region_id, site_id);

CREATE TABLE balance (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  condition VARCHAR(32) NOT NULL,
  lot VARCHAR(64) COLLATE "C" NOT NULL,
  bound_for VARCHAR(64) COLLATE "C" NOT NULL,
  quantity BIGINT NOT NULL,
  physical BOOLEAN NOT NULL,
  CONSTRAINT pk_balance PRIMARY KEY (region_id, part_id, place_id, condition, lot, bound_for),
  CONSTRAINT ck_balance_never_negative CHECK (quantity >= 0 OR NOT physical),
  CONSTRAINT fk_balance_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_balance_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT ck_balance_condition_known CHECK (condition IN ('usable', 'quarantined', 'damaged'))
);

CREATE INDEX ix_balance_place ON balance (region_id, place_id, part_id);

CREATE TABLE demand_month (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  month VARCHAR(7) NOT NULL,
  quantity INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_demand_month PRIMARY KEY (region_id, part_id, place_id, month),
  CONSTRAINT ck_demand_month_quantity_least CHECK (quantity >= 0),
  CONSTRAINT fk_demand_month_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_demand_month_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_demand_month_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_demand_month_position ON demand_month (region_id, position);

CREATE TABLE engineer (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  depot VARCHAR(64) COLLATE "C" NOT NULL,
  home_lat DOUBLE PRECISION NOT NULL,
  home_lon DOUBLE PRECISION NOT NULL,
  van VARCHAR(64) COLLATE "C",
  territories JSONB NOT NULL,
  away_price BIGINT,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_engineer PRIMARY KEY (region_id, engineer_id),
  CONSTRAINT ck_engineer_away_price_least CHECK (away_price >= 0),
  CONSTRAINT ck_engineer_home_lat_on_earth CHECK (home_lat BETWEEN -90 AND 90),
  CONSTRAINT ck_engineer_home_lon_on_earth CHECK (home_lon BETWEEN -180 AND 180),
  CONSTRAINT fk_engineer_region_id_depot FOREIGN KEY(region_id, depot) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_engineer_region_id_van FOREIGN KEY(region_id, van) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_engineer_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_engineer_position ON engineer (region_id, position);

CREATE TABLE loaner_unit (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  unit_id VARCHAR(64) COLLATE "C" NOT NULL,
  loaner_class VARCHAR(64) COLLATE "C" NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  free_from TIMESTAMP WITH TIME ZONE,
  van VARCHAR(64) COLLATE "C",
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_loaner_unit PRIMARY KEY (region_id, unit_id),
  CONSTRAINT fk_loaner_unit_region_id_loaner_class FOREIGN KEY(region_id, loaner_class) REFERENCES loaner_class (region_id, loaner_class),
  CONSTRAINT fk_loaner_unit_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_loaner_unit_region_id_van FOREIGN KEY(region_id, van) REFERENCES place (region_id, place_id),
  CONSTRAINT fk_loaner_unit_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loaner_unit_position ON loaner_unit (region_id, position);

CREATE TABLE purchase_order_line (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  order_id VARCHAR(64) COLLATE "C" NOT NULL,
  supplier_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  quantity INTEGER NOT NULL,
  to_place VARCHAR(64) COLLATE "C" NOT NULL,
  ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  promised_at TIMESTAMP WITH TIME ZONE,
  received INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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

CREATE TABLE reservation (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  id VARCHAR(80) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  quantity BIGINT NOT NULL,
  consumed BIGINT NOT NULL,
  demand_ref VARCHAR(80) NOT NULL,
  lot VARCHAR(64) COLLATE "C" NOT NULL,
  serial VARCHAR(64) COLLATE "C" NOT NULL,
  fate VARCHAR(32) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
  by VARCHAR(64) NOT NULL,
  CONSTRAINT pk_reservation PRIMARY KEY (region_id, id),
  CONSTRAINT ck_reservation_consumed_of_quantity CHECK (quantity >= 1 AND consumed >= 0 AND consumed <= quantity),
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  serial VARCHAR(64) COLLATE "C" NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  condition VARCHAR(32) NOT NULL,
  lot VARCHAR(64) COLLATE "C" NOT NULL,
  bound_for VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_serial_unit PRIMARY KEY (region_id, part_id, serial),
  CONSTRAINT fk_serial_unit_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_serial_unit_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id),
  CONSTRAINT ck_serial_unit_condition_known CHECK (condition IN ('usable', 'quarantined', 'damaged'))
);

CREATE INDEX ix_serial_unit_place ON serial_unit (region_id, place_id, part_id);

CREATE TABLE standing (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  on_hand BIGINT NOT NULL,
  usable BIGINT NOT NULL,
  reserved BIGINT NOT NULL,
  in_transit BIGINT NOT NULL,
  CONSTRAINT pk_standing PRIMARY KEY (region_id, part_id, place_id),
  CONSTRAINT ck_standing_usable_on_hand CHECK (usable >= 0 AND usable <= on_hand),
  CONSTRAINT ck_standing_reserved_counted CHECK (reserved >= 0),
  CONSTRAINT ck_standing_in_transit_counted CHECK (in_transit >= 0),
  CONSTRAINT fk_standing_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_standing_region_id_place_id FOREIGN KEY(region_id, place_id) REFERENCES place (region_id, place_id)
);

CREATE INDEX ix_standing_place ON standing (region_id, place_id, part_id);

CREATE TABLE stock_policy (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  place_id VARCHAR(64) COLLATE "C" NOT NULL,
  fill_rate DOUBLE PRECISION NOT NULL,
  review_period_days DOUBLE PRECISION NOT NULL,
  minimum INTEGER,
  maximum INTEGER,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  absence_id VARCHAR(64) COLLATE "C" NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  reason VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_absence PRIMARY KEY (region_id, absence_id),
  CONSTRAINT ck_absence_ends_at_after_starts_at CHECK (ends_at > starts_at),
  CONSTRAINT fk_absence_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_absence_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_absence_position ON absence (region_id, position);

CREATE TABLE certificate (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  certificate VARCHAR(64) COLLATE "C" NOT NULL,
  valid_from DATE NOT NULL,
  valid_until DATE,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_certificate PRIMARY KEY (region_id, engineer_id, certificate, valid_from),
  CONSTRAINT ck_certificate_last_day_not_before_first CHECK (valid_until >= valid_from),
  CONSTRAINT fk_certificate_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_certificate_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_certificate_position ON certificate (region_id, position);

CREATE TABLE closed_ticket (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) COLLATE "C" NOT NULL,
  asset_id VARCHAR(64) COLLATE "C" NOT NULL,
  model VARCHAR(500) NOT NULL,
  severity VARCHAR(32) NOT NULL,
  reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
  arrived_at TIMESTAMP WITH TIME ZONE,
  repaired_at TIMESTAMP WITH TIME ZONE NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C",
  symptom VARCHAR(500) NOT NULL,
  cause VARCHAR(500) NOT NULL,
  solution VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_closed_ticket PRIMARY KEY (region_id, ticket_id),
  CONSTRAINT ck_closed_ticket_severity_known CHECK (severity IN ('P1', 'P2', 'P3', 'P4')),
  CONSTRAINT ck_closed_ticket_in_order CHECK (repaired_at >= reported_at),
  CONSTRAINT fk_closed_ticket_region_id_asset_id FOREIGN KEY(region_id, asset_id) REFERENCES asset (region_id, asset_id),
  CONSTRAINT fk_closed_ticket_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_closed_ticket_model ON closed_ticket (region_id, model);

CREATE INDEX ix_closed_ticket_position ON closed_ticket (region_id, position);

CREATE TABLE engineer_position (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  free_at TIMESTAMP WITH TIME ZONE,
  rested BOOLEAN NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_engineer_position PRIMARY KEY (region_id, engineer_id, at),
  CONSTRAINT ck_engineer_position_lat_on_earth CHECK (lat BETWEEN -90 AND 90),
  CONSTRAINT ck_engineer_position_lon_on_earth CHECK (lon BETWEEN -180 AND 180),
  CONSTRAINT fk_engineer_position_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_engineer_position_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_engineer_position_position ON engineer_position (region_id, position);

CREATE TABLE engineer_skill (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  skill VARCHAR(64) COLLATE "C" NOT NULL,
  level INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_engineer_skill PRIMARY KEY (region_id, engineer_id, skill),
  CONSTRAINT ck_engineer_skill_level_known CHECK (level BETWEEN 1 AND 5),
  CONSTRAINT fk_engineer_skill_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_engineer_skill_region_id_skill FOREIGN KEY(region_id, skill) REFERENCES skill (region_id, skill_id),
  CONSTRAINT fk_engineer_skill_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_engineer_skill_position ON engineer_skill (region_id, position);

CREATE TABLE engineer_wish (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  customer_id VARCHAR(64) COLLATE "C",
  site_id VARCHAR(64) COLLATE "C",
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  wish VARCHAR(32) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_engineer_wish PRIMARY KEY (region_id, position),
  CONSTRAINT ck_engineer_wish_wish_known CHECK (wish IN ('preferred', 'barred')),
  CONSTRAINT ck_engineer_wish_of_one CHECK ((customer_id IS NULL) <> (site_id IS NULL)),
  CONSTRAINT fk_engineer_wish_region_id_customer_id FOREIGN KEY(region_id, customer_id) REFERENCES customer (region_id, customer_id),
  CONSTRAINT fk_engineer_wish_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_engineer_wish_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_engineer_wish_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE TABLE loan (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  loan_id VARCHAR(64) COLLATE "C" NOT NULL,
  unit_id VARCHAR(64) COLLATE "C" NOT NULL,
  ticket_id VARCHAR(64) COLLATE "C" NOT NULL,
  out_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_back_at TIMESTAMP WITH TIME ZONE NOT NULL,
  back_at TIMESTAMP WITH TIME ZONE,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_loan PRIMARY KEY (region_id, loan_id),
  CONSTRAINT ck_loan_in_order CHECK (due_back_at >= out_at AND (back_at IS NULL OR back_at >= out_at)),
  CONSTRAINT fk_loan_region_id_unit_id FOREIGN KEY(region_id, unit_id) REFERENCES loaner_unit (region_id, unit_id),
  CONSTRAINT fk_loan_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_loan_position ON loan (region_id, position);

CREATE INDEX ix_loan_unit ON loan (region_id, unit_id);

CREATE TABLE on_call (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  duty_id VARCHAR(64) COLLATE "C" NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  call_out BIGINT NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_on_call PRIMARY KEY (region_id, duty_id),
  CONSTRAINT ck_on_call_call_out_least CHECK (call_out >= 0),
  CONSTRAINT ck_on_call_ends_at_after_starts_at CHECK (ends_at > starts_at),
  CONSTRAINT fk_on_call_region_id_engineer_id FOREIGN KEY(region_id, engineer_id) REFERENCES engineer (region_id, engineer_id),
  CONSTRAINT fk_on_call_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_on_call_position ON on_call (region_id, position);

CREATE TABLE shift (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  shift_id VARCHAR(64) COLLATE "C" NOT NULL,
  engineer_id VARCHAR(64) COLLATE "C" NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  start_place VARCHAR(64) COLLATE "C",
  end_place VARCHAR(64) COLLATE "C",
  overtime_min INTEGER NOT NULL,
  break_from TIMESTAMP WITH TIME ZONE,
  break_until TIMESTAMP WITH TIME ZONE,
  break_min INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) COLLATE "C" NOT NULL,
  site_id VARCHAR(64) COLLATE "C" NOT NULL,
  asset_id VARCHAR(64) COLLATE "C",
  contract_id VARCHAR(64) COLLATE "C",
  scheme VARCHAR(64) COLLATE "C" NOT NULL,
  scheme_version VARCHAR(64) COLLATE "C" NOT NULL,
  severity VARCHAR(32) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
  symptom VARCHAR(500) NOT NULL,
  text VARCHAR(500) NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_ticket PRIMARY KEY (region_id, ticket_id),
  CONSTRAINT ck_ticket_severity_known CHECK (severity IN ('P1', 'P2', 'P3', 'P4')),
  CONSTRAINT ck_ticket_kind_known CHECK (kind IN ('fault', 'installation', 'preventive', 'training', 'advice', 'return')),
  CONSTRAINT fk_ticket_region_id_site_id FOREIGN KEY(region_id, site_id) REFERENCES site (region_id, site_id),
  CONSTRAINT fk_ticket_region_id_asset_id FOREIGN KEY(region_id, asset_id) REFERENCES asset (region_id, asset_id),
  CONSTRAINT fk_ticket_region_id_contract_id FOREIGN KEY(region_id, contract_id) REFERENCES contract (region_id, contract_id),
  CONSTRAINT fk_ticket_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_ticket_position ON ticket (region_id, position);

CREATE INDEX ix_ticket_site ON ticket (region_id, site_id);

CREATE TABLE closed_ticket_part (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  quantity INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_closed_ticket_part PRIMARY KEY (region_id, ticket_id, part_id),
  CONSTRAINT ck_closed_ticket_part_quantity_least CHECK (quantity >= 1),
  CONSTRAINT fk_closed_ticket_part_region_id_ticket_id FOREIGN KEY(region_id, ticket_id) REFERENCES closed_ticket (region_id, ticket_id),
  CONSTRAINT fk_closed_ticket_part_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_closed_ticket_part_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_closed_ticket_part_position ON closed_ticket_part (region_id, position);

CREATE TABLE ticket_event (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  ticket_id VARCHAR(64) COLLATE "C" NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  kind VARCHAR(32) NOT NULL,
  by VARCHAR(64) COLLATE "C" NOT NULL,
  reason VARCHAR(500) NOT NULL,
  value VARCHAR(500) NOT NULL,
  visit_id VARCHAR(64) COLLATE "C",
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_ticket_event PRIMARY KEY (region_id, position),
  CONSTRAINT ck_ticket_event_kind_known CHECK (kind IN ('reported', 'acknowledged', 'responded', 'arranged', 'proposed', 'travelling', 'on_site', 'waiting', 'resumed', 'forecast_finish', 'loaner_in_place', 'left', 'repaired', 'delivered', 'severity_changed', 'customer_set', 'verified', 'closed', 'cancelled')),
  CONSTRAINT fk_ticket_event_region_id_ticket_id FOREIGN KEY(region_id, ticket_id) REFERENCES ticket (region_id, ticket_id),
  CONSTRAINT fk_ticket_event_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_ticket_event_ticket ON ticket_event (region_id, ticket_id, at);

CREATE TABLE visit (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  ticket_id VARCHAR(64) COLLATE "C" NOT NULL,
  site_id VARCHAR(64) COLLATE "C" NOT NULL,
  duration_min INTEGER NOT NULL,
  earliest_at TIMESTAMP WITH TIME ZONE,
  skills JSONB NOT NULL,
  certificates JSONB NOT NULL,
  tools JSONB NOT NULL,
  role VARCHAR(64) COLLATE "C",
  continuous BOOLEAN,
  bench_min INTEGER,
  return_min INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  from_at TIMESTAMP WITH TIME ZONE NOT NULL,
  until_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_appointment PRIMARY KEY (region_id, visit_id, from_at),
  CONSTRAINT ck_appointment_until_at_after_from_at CHECK (until_at > from_at),
  CONSTRAINT fk_appointment_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_appointment_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_appointment_position ON appointment (region_id, position);

CREATE TABLE crew_role (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  role VARCHAR(64) COLLATE "C" NOT NULL,
  duration_min INTEGER NOT NULL,
  within_min INTEGER NOT NULL,
  skills JSONB NOT NULL,
  certificates JSONB NOT NULL,
  tools JSONB NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_crew_role PRIMARY KEY (region_id, visit_id, role),
  CONSTRAINT ck_crew_role_duration_min_least CHECK (duration_min >= 1),
  CONSTRAINT ck_crew_role_within_min_least CHECK (within_min >= 0),
  CONSTRAINT fk_crew_role_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_crew_role_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_crew_role_position ON crew_role (region_id, position);

CREATE TABLE part_need (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  quantity INTEGER NOT NULL,
  likely DOUBLE PRECISION,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_part_need PRIMARY KEY (region_id, visit_id, part_id),
  CONSTRAINT ck_part_need_quantity_least CHECK (quantity >= 1),
  CONSTRAINT ck_part_need_likely_is_share CHECK (likely BETWEEN 0 AND 1),
  CONSTRAINT fk_part_need_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_part_need_region_id_part_id FOREIGN KEY(region_id, part_id) REFERENCES part (region_id, part_id),
  CONSTRAINT fk_part_need_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_part_need_position ON part_need (region_id, position);

CREATE TABLE published_stop (
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  shift_id VARCHAR(64) COLLATE "C",
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  lock VARCHAR(32) NOT NULL,
  told_at TIMESTAMP WITH TIME ZONE,
  role VARCHAR(500) NOT NULL,
  piece INTEGER NOT NULL,
  partner_id VARCHAR(64) COLLATE "C",
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  offer_id VARCHAR(64) COLLATE "C" NOT NULL,
  part_id VARCHAR(64) COLLATE "C" NOT NULL,
  kind VARCHAR(32) NOT NULL,
  source VARCHAR(64) COLLATE "C" NOT NULL,
  visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  arrives_at TIMESTAMP WITH TIME ZONE NOT NULL,
  price BIGINT NOT NULL,
  quantity INTEGER NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
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
  region_id VARCHAR(64) COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  after_visit_id VARCHAR(64) COLLATE "C" NOT NULL,
  written_by VARCHAR(64) COLLATE "C" NOT NULL,
  written_from VARCHAR(64) COLLATE "C" NOT NULL,
  written_at TIMESTAMP WITH TIME ZONE NOT NULL,
  written_key VARCHAR(64) COLLATE "C" NOT NULL,
  CONSTRAINT pk_visit_order PRIMARY KEY (region_id, visit_id, after_visit_id),
  CONSTRAINT ck_visit_order_not_itself CHECK (visit_id <> after_visit_id),
  CONSTRAINT fk_visit_order_region_id_visit_id FOREIGN KEY(region_id, visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_visit_order_region_id_after_visit_id FOREIGN KEY(region_id, after_visit_id) REFERENCES visit (region_id, visit_id),
  CONSTRAINT fk_visit_order_region_id FOREIGN KEY(region_id) REFERENCES region (id)
);

CREATE INDEX ix_visit_order_position ON visit_order (region_id, position);

CREATE FUNCTION stock_move_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'stock_move is append-only' USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER stock_move_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_move
FOR EACH STATEMENT EXECUTE FUNCTION stock_move_append_only();

CREATE FUNCTION ticket_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'ticket_event is append-only' USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER ticket_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket_event
FOR EACH STATEMENT EXECUTE FUNCTION ticket_event_append_only();

CREATE FUNCTION plan_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'plan is append-only' USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER plan_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON plan
FOR EACH STATEMENT EXECUTE FUNCTION plan_append_only();

CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit is append-only' USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()
