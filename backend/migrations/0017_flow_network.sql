-- Where a flow began: a keyed hash of the network. An address that begins very many loses its oldest flows that have proven nothing.
ALTER TABLE flow ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX flow_network ON flow (network, created_at);
