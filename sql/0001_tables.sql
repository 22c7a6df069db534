-- The tables of the monitor, in the SQL that SQLite and PostgreSQL share.
-- Times are milliseconds since 1970 in UTC. NULL is "unknown", never 0.
-- Numbers of states, reasons, rules and phases are those of src/model.

CREATE TABLE miner (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,         -- http://192.168.1.50
  driver TEXT NOT NULL,          -- axeos
  mac TEXT NOT NULL,             -- aa:bb:cc:dd:ee:ff, '' until it is known
  demo BIGINT NOT NULL,          -- 1: simulated by the monitor itself
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT,             -- a removed miner keeps its row and its history
  model TEXT NOT NULL,           -- from here on: what the device said last
  asic_model TEXT NOT NULL,
  asic_count BIGINT NOT NULL,    -- 0: unknown
  small_core_count BIGINT NOT NULL,
  device_mac TEXT NOT NULL,
  firmware TEXT NOT NULL,
  board TEXT NOT NULL,
  hostname TEXT NOT NULL,
  reset_reason TEXT NOT NULL,
  pool_host TEXT NOT NULL,
  pool_port BIGINT NOT NULL,
  fault TEXT NOT NULL,
  chip_warn_c DOUBLE PRECISION,  -- the board's limits
  chip_trip_c DOUBLE PRECISION,
  vr_warn_c DOUBLE PRECISION,
  vr_trip_c DOUBLE PRECISION,
  input_min_mv DOUBLE PRECISION,
  input_max_mv DOUBLE PRECISION,
  power_max_w DOUBLE PRECISION
);

-- A device is its MAC: no two miners that are watched share one.
CREATE UNIQUE INDEX miner_mac ON miner (mac) WHERE mac <> '' AND removed_ms IS NULL;

-- Every reading in the order of its arrival, as integers: value x scale of
-- src/model/metric.c. No secondary index: it would double what is written. For
-- reading by hand there is the view sample_readable (0003).
CREATE TABLE sample (
  seq INTEGER PRIMARY KEY,
  miner_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,         -- the schedule's tick
  offset_ms BIGINT NOT NULL,     -- the answer came this much later
  state BIGINT NOT NULL,
  reason BIGINT NOT NULL,
  flags BIGINT NOT NULL,
  hashrate_ghs BIGINT,           -- x 100
  expected_hashrate_ghs BIGINT,  -- x 100
  chip_temp_c BIGINT,            -- x 8
  chip_temp2_c BIGINT,           -- x 8
  vr_temp_c BIGINT,              -- x 8
  power_w BIGINT,                -- x 1000
  input_voltage_mv BIGINT,
  core_voltage_mv BIGINT,
  core_voltage_actual_mv BIGINT,
  frequency_mhz BIGINT,          -- x 100
  fan_pct BIGINT,                -- x 10
  fan_rpm BIGINT,
  fan2_rpm BIGINT,
  wifi_rssi_dbm BIGINT,
  uptime_s BIGINT,
  shares_accepted BIGINT,
  shares_rejected BIGINT,
  best_diff BIGINT,
  best_session_diff BIGINT,
  pool_difficulty BIGINT,        -- x 1000
  error_pct BIGINT,              -- x 1000
  response_ms BIGINT,
  free_heap_bytes BIGINT,
  blocks_found BIGINT
);

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- One row per rule and miner that is not plainly ok.
CREATE TABLE alert_state (
  miner_id BIGINT NOT NULL,
  rule BIGINT NOT NULL,
  phase BIGINT NOT NULL,
  since_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  announced_ms BIGINT NOT NULL,  -- 0: never
  holds BIGINT NOT NULL,
  worst DOUBLE PRECISION,
  value DOUBLE PRECISION,
  limit_value DOUBLE PRECISION,
  reason BIGINT NOT NULL,
  PRIMARY KEY (miner_id, rule)
);

CREATE TABLE alert_event (
  id INTEGER PRIMARY KEY,
  miner_id BIGINT NOT NULL,
  rule BIGINT NOT NULL,
  kind BIGINT NOT NULL,          -- 0 raised, 1 reminded, 2 cleared
  at_ms BIGINT NOT NULL,
  since_ms BIGINT NOT NULL,
  value DOUBLE PRECISION,
  limit_value DOUBLE PRECISION,
  worst DOUBLE PRECISION,
  reason BIGINT NOT NULL
);

CREATE INDEX alert_event_miner ON alert_event (miner_id, id);

-- Messages to people, written in the transaction of what they tell.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  target TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_ms BIGINT NOT NULL,
  text TEXT NOT NULL,
  error TEXT,                    -- of the last attempt
  delivered_ms BIGINT,
  given_up_ms BIGINT
);

CREATE INDEX outbox_pending ON outbox (id) WHERE delivered_ms IS NULL AND given_up_ms IS NULL;
