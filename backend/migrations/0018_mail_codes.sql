-- A-MAIL: when it was shown that the mail address on file receives messages. NULL: never, or not since the address changed.
ALTER TABLE account ADD COLUMN mail_confirmed_at BIGINT;
-- The codes of mails. id is a keyed hash of account and code, mail one of the address: neither can be read from a copy of the
-- database. A row is written whether or not the identity had an account, and the sweeper deletes it when it expires.
CREATE TABLE mail_code (
    id         TEXT   PRIMARY KEY,
    mail       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX mail_code_expires ON mail_code (expires_at);
-- A keyed hash of the address, where the key went to that mail and nowhere else: its use confirms the address. Else empty.
ALTER TABLE provisional_key ADD COLUMN mailed_to TEXT NOT NULL DEFAULT '';
