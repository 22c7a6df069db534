-- As in 0002: PostgreSQL's INTEGER ends at two thousand million. The monitor gives these numbers.
ALTER TABLE episode ALTER COLUMN id TYPE BIGINT;
ALTER TABLE episode_note ALTER COLUMN id TYPE BIGINT;
ALTER TABLE mute ALTER COLUMN id TYPE BIGINT;
