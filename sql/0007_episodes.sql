-- Alerts as episodes: one time that one rule was not in order on one miner, from the moment it was
-- raised to its end. Numbers are made by the monitor before any row is written (milliseconds x 1000
-- and a running number), so that an episode has its name while the database is away.
CREATE TABLE episode (
  id INTEGER PRIMARY KEY,
  miner_id BIGINT NOT NULL,      -- 0: the monitor itself; below 0: of a drill
  rule BIGINT NOT NULL,
  severity BIGINT NOT NULL,
  since_ms BIGINT NOT NULL,      -- when the condition began
  raised_ms BIGINT NOT NULL,
  acknowledged_ms BIGINT NOT NULL, -- 0: nobody has said "I know"
  acknowledged_by TEXT NOT NULL,
  cleared_ms BIGINT,             -- NULL: open
  closed_why BIGINT NOT NULL,    -- src/store/alerts/episode_store.h
  worst DOUBLE PRECISION,
  value DOUBLE PRECISION,
  limit_value DOUBLE PRECISION,
  reason BIGINT NOT NULL,
  detail TEXT NOT NULL,
  told_with BIGINT NOT NULL,     -- the episode whose messages told this one; 0: nobody was told
  drill BIGINT NOT NULL          -- 1: an exercise
);

CREATE INDEX episode_open ON episode (id) WHERE cleared_ms IS NULL;
CREATE INDEX episode_miner ON episode (miner_id, id);

CREATE TABLE episode_note (
  id INTEGER PRIMARY KEY,
  episode_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL
);

CREATE INDEX episode_note_episode ON episode_note (episode_id, id);

-- What an owner changed of a rule; NULL takes it from the row of all miners, then from the default.
CREATE TABLE rule_setting (
  miner_id BIGINT NOT NULL,      -- 0: all miners
  rule BIGINT NOT NULL,
  enabled BIGINT,
  limit_value DOUBLE PRECISION,
  hysteresis DOUBLE PRECISION,
  hold_ms BIGINT,
  clear_ms BIGINT,
  cooldown_ms BIGINT,
  reminder_ms BIGINT,
  severity BIGINT,
  PRIMARY KEY (miner_id, rule)
);

-- Silence that a person asked for; rows go when they are over.
CREATE TABLE mute (
  id INTEGER PRIMARY KEY,
  miner_id BIGINT NOT NULL,      -- 0: all miners
  rule BIGINT NOT NULL,          -- -1: all rules
  created_ms BIGINT NOT NULL,
  until_ms BIGINT NOT NULL,
  author TEXT NOT NULL
);

ALTER TABLE alert_event ADD COLUMN episode_id BIGINT NOT NULL DEFAULT 0; -- 0: of before there were any
ALTER TABLE alert_event ADD COLUMN detail TEXT NOT NULL DEFAULT '';
CREATE INDEX alert_event_episode ON alert_event (episode_id, id);

ALTER TABLE alert_state ADD COLUMN episode_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE alert_state ADD COLUMN acknowledged_ms BIGINT NOT NULL DEFAULT 0; -- 0: nobody has said "I know"
