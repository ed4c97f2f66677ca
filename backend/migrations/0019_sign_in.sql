-- L-OIDC: the systems that people enter with their key. body: what domain::openid::client::Client holds, as JSON.
CREATE TABLE client (
    id          TEXT   PRIMARY KEY,
    body        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT
);
-- id is the hash of a random secret of 256 bits, so a copy of the database opens nothing. A client may have two, to change from
-- one to the other.
CREATE TABLE client_secret (
    id         TEXT   PRIMARY KEY,
    client_id  TEXT   NOT NULL REFERENCES client (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX client_secret_client ON client_secret (client_id);
-- The pages from which a public client may read answers by script.
CREATE TABLE client_origin (
    origin    TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES client (id),
    PRIMARY KEY (origin, client_id)
);

-- With what ID tokens are signed. One signs from active_at on, until the next of its algorithm does. sealed: the private half.
CREATE TABLE signing_key (
    id         TEXT   PRIMARY KEY,
    alg        TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    public     TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    active_at  BIGINT NOT NULL,
    CONSTRAINT signing_key_number UNIQUE (alg, number)
);

-- L-PAGE: browsers in which somebody has signed in. id is the hash of the token in the cookie, sid the name of the session in ID
-- tokens, body what domain::flow::sign_in::SignedIn holds. A row counts as long as the account has the same epoch.
CREATE TABLE session (
    id            TEXT   PRIMARY KEY,
    sid           TEXT   NOT NULL,
    account_id    BIGINT NOT NULL REFERENCES account (id),
    account_epoch BIGINT NOT NULL,
    body          TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL,
    CONSTRAINT session_sid UNIQUE (sid)
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_seen ON session (seen_at);

-- The systems that an account has entered. scopes: what the person agreed to, until agreed_until.
CREATE TABLE connection (
    account_id   BIGINT NOT NULL REFERENCES account (id),
    client_id    TEXT   NOT NULL REFERENCES client (id),
    scopes       TEXT   NOT NULL,
    agreed_until BIGINT NOT NULL,
    first_at     BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    PRIMARY KEY (account_id, client_id)
);

-- What a system was granted in one sign-in. body: domain::flow::sign_in::Grant. Its code and tokens count as long as it is not
-- revoked and the account has the same epoch.
CREATE TABLE system_grant (
    id            TEXT   PRIMARY KEY,
    client_id     TEXT   NOT NULL REFERENCES client (id),
    account_id    BIGINT NOT NULL REFERENCES account (id),
    account_epoch BIGINT NOT NULL,
    sid           TEXT   NOT NULL,
    body          TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    revoked_at    BIGINT
);
CREATE INDEX system_grant_account ON system_grant (account_id, client_id);
CREATE INDEX system_grant_expires ON system_grant (expires_at);
-- Codes and tokens of a grant. id is a hash of kind and text, so that none counts as another kind.
CREATE TABLE system_token (
    id         TEXT   PRIMARY KEY,
    kind       TEXT   NOT NULL,
    grant_id   TEXT   NOT NULL REFERENCES system_grant (id),
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX system_token_grant ON system_token (grant_id);
CREATE INDEX system_token_expires ON system_token (expires_at);
