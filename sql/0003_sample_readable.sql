-- The samples as a person wants to read them: the values themselves, with the
-- miner's name and its efficiency. For SQL by hand and for Grafana.
DROP VIEW IF EXISTS sample_readable;
CREATE VIEW sample_readable AS
SELECT s.seq, s.miner_id, m.name AS miner, s.at_ms, s.offset_ms, s.state, s.reason, s.flags,
  s.hashrate_ghs / 100.0 AS hashrate_ghs,
  s.expected_hashrate_ghs / 100.0 AS expected_hashrate_ghs,
  s.chip_temp_c / 8.0 AS chip_temp_c,
  s.chip_temp2_c / 8.0 AS chip_temp2_c,
  s.vr_temp_c / 8.0 AS vr_temp_c,
  s.power_w / 1000.0 AS power_w,
  100.0 * s.power_w / NULLIF(s.hashrate_ghs, 0) AS efficiency_j_th,
  s.input_voltage_mv, s.core_voltage_mv, s.core_voltage_actual_mv,
  s.frequency_mhz / 100.0 AS frequency_mhz,
  s.fan_pct / 10.0 AS fan_pct,
  s.fan_rpm, s.fan2_rpm, s.wifi_rssi_dbm, s.uptime_s, s.shares_accepted, s.shares_rejected,
  s.best_diff, s.best_session_diff,
  s.pool_difficulty / 1000.0 AS pool_difficulty,
  s.error_pct / 1000.0 AS error_pct,
  s.response_ms, s.free_heap_bytes, s.blocks_found
FROM sample s JOIN miner m ON m.id = s.miner_id;
