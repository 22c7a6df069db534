-- Other programs read here too, and one miner's samples are asked for most. SQLite does
-- without: there rows are found by their number.
CREATE INDEX sample_miner ON sample (miner_id, at_ms);
