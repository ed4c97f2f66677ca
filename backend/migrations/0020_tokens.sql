-- L-OIDC: what an access token is good for, where its client asked for less than was granted; NULL: all of it. created_at is 0 in
-- rows of before.
ALTER TABLE system_token ADD COLUMN scopes TEXT;
ALTER TABLE system_token ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;

-- Requests that systems have pushed (RFC 9126). id is the hash of the text that they got, body what
-- domain::openid::pushed::PushedRequest holds, network a keyed hash of where it came from.
CREATE TABLE pushed_request (
    id         TEXT   PRIMARY KEY,
    client_id  TEXT   NOT NULL REFERENCES client (id),
    body       TEXT   NOT NULL,
    network    TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pushed_request_network ON pushed_request (network, expires_at);
CREATE INDEX pushed_request_expires ON pushed_request (expires_at);

-- Signed assertions of clients that have been used (RFC 7523). id is a hash of client and jti.
CREATE TABLE client_assertion (
    id         TEXT   PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX client_assertion_expires ON client_assertion (expires_at);
