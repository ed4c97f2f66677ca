-- One text for SQLite and PostgreSQL: BIGINT milliseconds since 1970 (UTC), BYTEA, no engine's own features.
-- Ids are random numbers made by the program, so that they tell nothing and need no sequence.

CREATE TABLE account (
    id            BIGINT PRIMARY KEY,
    kind          TEXT   NOT NULL,
    identifier    TEXT   NOT NULL,
    names         TEXT,
    key_hash      TEXT,
    question      TEXT,
    answer_hash   TEXT,
    street        TEXT,
    street_number TEXT,
    block         TEXT,
    flat          TEXT,
    comuna        TEXT,
    email         TEXT,
    home_phone    TEXT,
    work_phone    TEXT,
    mobile        TEXT,
    created_at    BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    CONSTRAINT account_kind_identifier UNIQUE (kind, identifier)
);

-- The last keys of an account, so that none of them is set again.
CREATE TABLE former_key (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    key_hash   TEXT   NOT NULL,
    set_at     BIGINT NOT NULL
);
CREATE INDEX former_key_account ON former_key (account_id, set_at);

-- Provisional keys. One counts while used_at and replaced_at are null and expires_at is ahead.
-- The new contact data of a recovery waits here until the key is used: asking takes nothing from anybody.
CREATE TABLE provisional_key (
    id          BIGINT PRIMARY KEY,
    account_id  BIGINT NOT NULL REFERENCES account (id),
    key_hash    TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT,
    replaced_at BIGINT,
    new_email   TEXT,
    new_mobile  TEXT
);
CREATE INDEX provisional_key_account ON provisional_key (account_id, created_at);

-- Flows under way. id is the hash of the token in the browser's cookie; the one before it is kept for a minute
-- after a renewal, so that a double click does not lose the flow.
CREATE TABLE flow (
    id         TEXT   PRIMARY KEY,
    name       TEXT   NOT NULL,
    tag        TEXT   NOT NULL,
    revision   BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    account_id BIGINT,
    former_id  TEXT,
    former_mac TEXT,
    renewed_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX flow_former ON flow (former_id);
CREATE INDEX flow_expires ON flow (expires_at);
CREATE INDEX flow_account ON flow (account_id);

CREATE TABLE captcha (
    id         TEXT   PRIMARY KEY,
    flow_tag   TEXT   NOT NULL,
    answer     TEXT   NOT NULL,
    seed       BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX captcha_expires ON captcha (expires_at);

-- Counters of tries. subject is a keyed hash, so that no RUT and no address stands here.
CREATE TABLE attempt (
    purpose  TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    tries    BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    free_at  BIGINT NOT NULL,
    PRIMARY KEY (purpose, subject)
);
CREATE INDEX attempt_last ON attempt (last_at);

-- Messages to send. sealed holds recipient and text, encrypted with a key of the configuration, and is emptied
-- once the message is delivered or given up.
CREATE TABLE outbox (
    id          BIGINT PRIMARY KEY,
    channel     TEXT   NOT NULL,
    template    TEXT   NOT NULL,
    account_id  BIGINT,
    sealed      BYTEA,
    status      TEXT   NOT NULL,
    tries       BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    leased_to   BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX outbox_due ON outbox (status, next_at);
CREATE INDEX outbox_account ON outbox (account_id, created_at);

-- Append only: every event that touches an account. No secrets, no RUT.
CREATE TABLE audit (
    id         BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    event      TEXT   NOT NULL,
    outcome    TEXT   NOT NULL,
    network    TEXT   NOT NULL,
    request    TEXT   NOT NULL
);
CREATE INDEX audit_account ON audit (account_id, at);
