-- A keyed hash of the network in which the flow began. Of a network that begins too many, the oldest flows without an account are
-- deleted. The column renewed_at is no longer used: a former id is accepted until the next form.
ALTER TABLE flow ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX flow_network ON flow (network, created_at);
