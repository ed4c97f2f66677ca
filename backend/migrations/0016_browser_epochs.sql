-- The epoch of the account (identity_epoch for a document) when the browser became known. A row of a former epoch does not count, so a
-- request that checked the former key cannot make its browser known after a new key was set.
ALTER TABLE known_browser ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
UPDATE known_browser SET epoch = (SELECT CASE WHEN known_browser.by_identity = 1 THEN account.identity_epoch ELSE account.epoch END
                                  FROM account WHERE account.id = known_browser.account_id);
