-- The contact data that a recovery by document replaced, for the way back of its owner. sealed holds it, encrypted with a key of
-- the configuration. The sweeper deletes a row when it expires.
CREATE TABLE former_contact (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    sealed     BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX former_contact_account ON former_contact (account_id, created_at);
CREATE INDEX former_contact_expires ON former_contact (expires_at);
