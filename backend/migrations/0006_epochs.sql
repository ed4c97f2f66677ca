-- A proof counts until the next change of what it proved. epoch goes up with each new key and each new representative; a flow
-- that was proven keeps the epoch of its account as it was when the proof was looked at, and is over when that is past. Flows
-- under way at this migration start again.
ALTER TABLE account ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE flow ADD COLUMN account_epoch BIGINT;
-- No flow lives longer than an hour, however often it is used.
ALTER TABLE flow ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
