-- The letter: how a day or a week went, for each channel that wants it.
ALTER TABLE channel ADD COLUMN letter BIGINT NOT NULL DEFAULT 0;      -- 0 none, 1 daily, 2 on Mondays
ALTER TABLE channel ADD COLUMN letter_hour BIGINT NOT NULL DEFAULT 8; -- of the local day
