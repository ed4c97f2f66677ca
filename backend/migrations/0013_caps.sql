-- What proved the person who got a provisional key: each kind of proof has a daily cap of its own. Keys from before this
-- migration count under no proof; they expire within a week.
ALTER TABLE provisional_key ADD COLUMN proof TEXT NOT NULL DEFAULT '';
-- Keyed hash of the network of the caller who caused the message, for the cap per sender.
ALTER TABLE outbox ADD COLUMN sender TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_sender ON outbox (sender, created_at);
CREATE INDEX outbox_channel ON outbox (channel, created_at);
