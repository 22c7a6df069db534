-- History that is kept for ever: sealed samples, and their hours and days.

-- Some two hours of one miner as one checksummed blob (src/store/chunk_codec.h).
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY,
  miner_id BIGINT NOT NULL,
  from_ms BIGINT NOT NULL,       -- of its first sample
  to_ms BIGINT NOT NULL,         -- of its last sample
  samples BIGINT NOT NULL,
  data BYTEA NOT NULL            -- SQLite takes any name for a type
);

CREATE INDEX chunk_miner ON chunk (miner_id, from_ms);

-- Miners are sealed in slots (miner_id modulo 24). Rows of `sample` up to
-- through_seq are in chunks; they are deleted once all slots are past them.
CREATE TABLE seal (
  slot INTEGER PRIMARY KEY,
  through_seq BIGINT NOT NULL,
  sealed_ms BIGINT NOT NULL,     -- the moment it was due
  first_ms BIGINT                -- of the oldest sample sealed
);

-- One row per miner and hour, or UTC day, in which it was polled; figures at the
-- scales of src/model/metric.c.
CREATE TABLE hour (
  miner_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,         -- when it begins, UTC
  samples BIGINT NOT NULL,       -- polls, with those that failed
  missed BIGINT NOT NULL,        -- polls that failed
  online_ms BIGINT NOT NULL,
  hashing_ms BIGINT NOT NULL,
  shares_accepted BIGINT NOT NULL, -- since the value before, across reboots
  shares_rejected BIGINT NOT NULL,
  energy_mwh BIGINT NOT NULL,
  best_diff BIGINT,              -- the highest seen
  last_accepted BIGINT,          -- what the counters stood at last
  last_rejected BIGINT,
  hashrate_ghs_avg BIGINT, hashrate_ghs_min BIGINT, hashrate_ghs_max BIGINT, -- x 100
  expected_hashrate_ghs_avg BIGINT, expected_hashrate_ghs_min BIGINT, expected_hashrate_ghs_max BIGINT, -- x 100
  chip_temp_c_avg BIGINT, chip_temp_c_min BIGINT, chip_temp_c_max BIGINT, -- x 8
  chip_temp2_c_avg BIGINT, chip_temp2_c_min BIGINT, chip_temp2_c_max BIGINT, -- x 8
  vr_temp_c_avg BIGINT, vr_temp_c_min BIGINT, vr_temp_c_max BIGINT, -- x 8
  power_w_avg BIGINT, power_w_min BIGINT, power_w_max BIGINT, -- x 1000
  input_voltage_mv_avg BIGINT, input_voltage_mv_min BIGINT, input_voltage_mv_max BIGINT,
  core_voltage_mv_avg BIGINT, core_voltage_mv_min BIGINT, core_voltage_mv_max BIGINT,
  core_voltage_actual_mv_avg BIGINT, core_voltage_actual_mv_min BIGINT, core_voltage_actual_mv_max BIGINT,
  frequency_mhz_avg BIGINT, frequency_mhz_min BIGINT, frequency_mhz_max BIGINT, -- x 100
  fan_pct_avg BIGINT, fan_pct_min BIGINT, fan_pct_max BIGINT, -- x 10
  fan_rpm_avg BIGINT, fan_rpm_min BIGINT, fan_rpm_max BIGINT,
  fan2_rpm_avg BIGINT, fan2_rpm_min BIGINT, fan2_rpm_max BIGINT,
  wifi_rssi_dbm_avg BIGINT, wifi_rssi_dbm_min BIGINT, wifi_rssi_dbm_max BIGINT,
  best_session_diff_avg BIGINT, best_session_diff_min BIGINT, best_session_diff_max BIGINT,
  pool_difficulty_avg BIGINT, pool_difficulty_min BIGINT, pool_difficulty_max BIGINT, -- x 1000
  error_pct_avg BIGINT, error_pct_min BIGINT, error_pct_max BIGINT, -- x 1000
  response_ms_avg BIGINT, response_ms_min BIGINT, response_ms_max BIGINT,
  free_heap_bytes_avg BIGINT, free_heap_bytes_min BIGINT, free_heap_bytes_max BIGINT,
  PRIMARY KEY (miner_id, at_ms)
);

CREATE TABLE day (
  miner_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,         -- when it begins, UTC
  samples BIGINT NOT NULL,       -- polls, with those that failed
  missed BIGINT NOT NULL,        -- polls that failed
  online_ms BIGINT NOT NULL,
  hashing_ms BIGINT NOT NULL,
  shares_accepted BIGINT NOT NULL, -- since the value before, across reboots
  shares_rejected BIGINT NOT NULL,
  energy_mwh BIGINT NOT NULL,
  best_diff BIGINT,              -- the highest seen
  last_accepted BIGINT,          -- what the counters stood at last
  last_rejected BIGINT,
  hashrate_ghs_avg BIGINT, hashrate_ghs_min BIGINT, hashrate_ghs_max BIGINT, -- x 100
  expected_hashrate_ghs_avg BIGINT, expected_hashrate_ghs_min BIGINT, expected_hashrate_ghs_max BIGINT, -- x 100
  chip_temp_c_avg BIGINT, chip_temp_c_min BIGINT, chip_temp_c_max BIGINT, -- x 8
  chip_temp2_c_avg BIGINT, chip_temp2_c_min BIGINT, chip_temp2_c_max BIGINT, -- x 8
  vr_temp_c_avg BIGINT, vr_temp_c_min BIGINT, vr_temp_c_max BIGINT, -- x 8
  power_w_avg BIGINT, power_w_min BIGINT, power_w_max BIGINT, -- x 1000
  input_voltage_mv_avg BIGINT, input_voltage_mv_min BIGINT, input_voltage_mv_max BIGINT,
  core_voltage_mv_avg BIGINT, core_voltage_mv_min BIGINT, core_voltage_mv_max BIGINT,
  core_voltage_actual_mv_avg BIGINT, core_voltage_actual_mv_min BIGINT, core_voltage_actual_mv_max BIGINT,
  frequency_mhz_avg BIGINT, frequency_mhz_min BIGINT, frequency_mhz_max BIGINT, -- x 100
  fan_pct_avg BIGINT, fan_pct_min BIGINT, fan_pct_max BIGINT, -- x 10
  fan_rpm_avg BIGINT, fan_rpm_min BIGINT, fan_rpm_max BIGINT,
  fan2_rpm_avg BIGINT, fan2_rpm_min BIGINT, fan2_rpm_max BIGINT,
  wifi_rssi_dbm_avg BIGINT, wifi_rssi_dbm_min BIGINT, wifi_rssi_dbm_max BIGINT,
  best_session_diff_avg BIGINT, best_session_diff_min BIGINT, best_session_diff_max BIGINT,
  pool_difficulty_avg BIGINT, pool_difficulty_min BIGINT, pool_difficulty_max BIGINT, -- x 1000
  error_pct_avg BIGINT, error_pct_min BIGINT, error_pct_max BIGINT, -- x 1000
  response_ms_avg BIGINT, response_ms_min BIGINT, response_ms_max BIGINT,
  free_heap_bytes_avg BIGINT, free_heap_bytes_min BIGINT, free_heap_bytes_max BIGINT,
  PRIMARY KEY (miner_id, at_ms)
);
