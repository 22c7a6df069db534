-- What a message shows: told in a few words, drawn when it is sent.
ALTER TABLE outbox ADD COLUMN picture TEXT NOT NULL DEFAULT ''; -- "hashrate FROM_MS TO_MS MINER"; '' nothing
