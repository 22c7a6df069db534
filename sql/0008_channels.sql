-- Where messages go, besides the chat that the environment names.
CREATE TABLE channel (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,            -- telegram, email, discord, slack, webhook, ntfy, ...
  name TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  least_severity BIGINT NOT NULL, -- 0 info, 1 warning, 2 critical
  good_news BIGINT NOT NULL,
  miners TEXT NOT NULL,          -- numbers with commas between; '' is all of them
  quiet_from BIGINT,             -- minutes of the local day; NULL: no quiet hours
  quiet_to BIGINT,
  critical_passes BIGINT NOT NULL, -- what is critical comes in the quiet hours too
  language TEXT NOT NULL,        -- en
  target TEXT NOT NULL,          -- chat, address, room, topic; '' where the settings say it all
  role TEXT NOT NULL,            -- owner, member, viewer: what a chat may ask the bot for
  settings TEXT NOT NULL,        -- JSON object of texts
  secret TEXT NOT NULL,          -- the settings that are secret, sealed; '' when there are none
  created_ms BIGINT NOT NULL,
  last_ok_ms BIGINT NOT NULL,    -- 0: never
  last_error TEXT NOT NULL,      -- '' when the last attempt worked
  last_error_ms BIGINT NOT NULL
);

ALTER TABLE outbox ADD COLUMN episode_id BIGINT NOT NULL DEFAULT 0; -- 0: tells of none
ALTER TABLE outbox ADD COLUMN is_update BIGINT NOT NULL DEFAULT 0;  -- edits what told the episode
ALTER TABLE outbox ADD COLUMN buttons BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN digest BIGINT NOT NULL DEFAULT 0;     -- waits for the end of the quiet hours
ALTER TABLE outbox ADD COLUMN severity BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN message_id TEXT; -- what the service calls it, to edit it

CREATE INDEX outbox_episode ON outbox (episode_id) WHERE episode_id <> 0;
