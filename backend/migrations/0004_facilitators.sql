-- F-REQ: what companies send to ask for the key of a foreign facilitator, and F-REVIEW: who decides.

-- A file that was sent. id is its random name in the file store. The row is written before the file, so that no file is ever
-- without a row; size, format and hash follow once it is whole. Unless a request takes it, it goes when it expires.
CREATE TABLE upload (
    id         TEXT   PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    purpose    TEXT   NOT NULL,
    format     TEXT,
    size       BIGINT,
    sha256     TEXT,
    request_id BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX upload_account ON upload (account_id, purpose, created_at);
CREATE INDEX upload_request ON upload (request_id);
CREATE INDEX upload_expires ON upload (expires_at);

-- A request. document_number is readable, unlike that of a persona migrante: it is what the facilitator is known by. It is
-- decided by one UPDATE … WHERE state = 'open', so once.
CREATE TABLE facilitator_request (
    id              BIGINT PRIMARY KEY,
    number          TEXT   NOT NULL,
    company_id      BIGINT NOT NULL REFERENCES account (id),
    representative  TEXT   NOT NULL,
    document_kind   TEXT   NOT NULL,
    document_number TEXT   NOT NULL,
    names           TEXT   NOT NULL,
    email           TEXT   NOT NULL,
    phone           TEXT   NOT NULL,
    question        TEXT   NOT NULL,
    answer_hash     TEXT   NOT NULL,
    state           TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    decided_at      BIGINT,
    decided_by      TEXT,
    reason          TEXT,
    account_id      BIGINT,
    CONSTRAINT facilitator_request_number UNIQUE (number)
);
CREATE INDEX facilitator_request_state ON facilitator_request (state, created_at);
CREATE INDEX facilitator_request_document ON facilitator_request (document_kind, document_number);
-- One open request of a company for one document.
CREATE UNIQUE INDEX facilitator_request_open ON facilitator_request (company_id, document_kind, document_number)
    WHERE state = 'open';

-- Officers of SENCE. totp is sealed. last_step is the time step of the code that was used last: none is taken twice.
CREATE TABLE officer (
    id          BIGINT PRIMARY KEY,
    name        TEXT   NOT NULL,
    key_hash    TEXT   NOT NULL,
    totp        BYTEA  NOT NULL,
    may_decide  BIGINT NOT NULL,
    last_step   BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT,
    CONSTRAINT officer_name UNIQUE (name)
);

-- Sessions of officers. id is the hash of the token in the cookie.
CREATE TABLE officer_session (
    id         TEXT   PRIMARY KEY,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX officer_session_officer ON officer_session (officer_id);

-- Which officer did it, and of which request; both empty where holders act for themselves.
ALTER TABLE audit ADD COLUMN officer TEXT;
ALTER TABLE audit ADD COLUMN request_number TEXT;
CREATE INDEX audit_request_number ON audit (request_number);
