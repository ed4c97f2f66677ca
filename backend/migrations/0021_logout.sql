-- L-OIDC: which systems were entered in a session, so that they can be notified when it ends: those that have registered where.
-- next_at: when it is notified next; none as long as the session lasts. A row goes once its system was notified.
CREATE TABLE session_system (
    sid        TEXT   NOT NULL,
    client_id  TEXT   NOT NULL REFERENCES client (id),
    account_id BIGINT NOT NULL REFERENCES account (id),
    entered_at BIGINT NOT NULL,
    ended_at   BIGINT,
    next_at    BIGINT,
    leased_to  BIGINT NOT NULL DEFAULT 0,
    tries      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (sid, client_id)
);
CREATE INDEX session_system_account ON session_system (account_id);
CREATE INDEX session_system_next ON session_system (next_at);
CREATE INDEX session_system_entered ON session_system (entered_at);
-- The end of a session ends the access tokens that were given in it.
CREATE INDEX system_grant_sid ON system_grant (sid);

-- L-PAGE: the system for which a key was recovered, so that the end of it leads there in another browser, too.
ALTER TABLE provisional_key ADD COLUMN client_id TEXT REFERENCES client (id);
