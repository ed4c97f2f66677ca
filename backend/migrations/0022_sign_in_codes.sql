-- L-PAGE: the codes of mails that a sign-in asks for besides the key. id is random and stands in the state of the sign-in; code is a
-- keyed hash of id and code, mail one of the address. tries goes up before a code is looked at. The sweeper deletes the row when it
-- expires.
CREATE TABLE sign_in_code (
    id         TEXT   PRIMARY KEY,
    code       TEXT   NOT NULL,
    mail       TEXT   NOT NULL,
    tries      BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX sign_in_code_expires ON sign_in_code (expires_at);
