-- O-KNOWN: browsers in which the owner of an account has set or used the right key, or shown a document. browser is the hash of the token in the
-- cookie, so a copy of the database is no cookie. A row ends with the next key that is set in another browser.
CREATE TABLE known_browser (
    browser    TEXT   NOT NULL,
    account_id BIGINT NOT NULL REFERENCES account (id),
    expires_at BIGINT NOT NULL,
    -- 1: only an identity document was shown in it, no key.
    by_identity BIGINT NOT NULL,
    PRIMARY KEY (browser, account_id)
);
CREATE INDEX known_browser_account ON known_browser (account_id);
CREATE INDEX known_browser_expires ON known_browser (expires_at);
