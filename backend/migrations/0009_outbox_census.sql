-- The oldest waiting message, the counts of the metrics and the finished messages to delete are found without reading the
-- whole table.
CREATE INDEX outbox_status ON outbox (status, created_at);
