-- L-RCE: the tokens of OTECs. id names one for the command that revokes it, hash is of the token: 128 random bits. A token does not
-- expire; a revoked one stays, so that its OTEC gets the code for it.
CREATE TABLE rce_token (
    id         TEXT   PRIMARY KEY,
    hash       TEXT   NOT NULL,
    otec       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CONSTRAINT rce_token_hash UNIQUE (hash)
);
CREATE INDEX rce_token_otec ON rce_token (otec);
-- The origins that an OTEC has registered; of an OTEC without any, every origin will do.
CREATE TABLE rce_origin (
    otec       TEXT   NOT NULL,
    origin     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (otec, origin)
);
-- Sessions of attendance, which are kept. id: IdSesionSence. body: what domain::rce::session::Session holds, as JSON. opened_at and
-- closed_at in seconds, as in the answers.
CREATE TABLE rce_session (
    id         TEXT   PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    body       TEXT   NOT NULL,
    opened_at  BIGINT NOT NULL,
    closed_at  BIGINT
);
CREATE INDEX rce_session_account ON rce_session (account_id);
CREATE INDEX rce_session_opened ON rce_session (opened_at, id);
