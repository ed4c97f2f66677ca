-- The epoch of the account in which a browser became known: identity_epoch where only a document was shown in it. Another epoch, and
-- the browser is known no more, also when it becomes known while another key is being set.
ALTER TABLE known_browser ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
UPDATE known_browser SET epoch = (SELECT CASE WHEN known_browser.by_identity = 1 THEN account.identity_epoch ELSE account.epoch END
                                  FROM account WHERE account.id = known_browser.account_id);
