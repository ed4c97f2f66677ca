-- Captchas travel sealed in the pages; only the spent ones are kept, until they would have expired. used_by is a keyed hash of the
-- form. The table captcha stays for servers of the version before, and is no longer written.
CREATE TABLE captcha_spent (
    id         TEXT   PRIMARY KEY,
    used_by    TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX captcha_spent_expires ON captcha_spent (expires_at);

-- Tries in vain, counted by the hour. slot spreads those that have no account (account_id 0) over several rows; officer is empty
-- where the try was not at the desk; network and request are those of the last try.
CREATE TABLE audit_try (
    account_id BIGINT NOT NULL,
    slot       BIGINT NOT NULL,
    officer    TEXT   NOT NULL,
    event      TEXT   NOT NULL,
    outcome    TEXT   NOT NULL,
    hour       BIGINT NOT NULL,
    times      BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    network    TEXT   NOT NULL,
    request    TEXT   NOT NULL,
    PRIMARY KEY (account_id, slot, officer, event, outcome, hour)
);
CREATE INDEX audit_try_last ON audit_try (last_at);
