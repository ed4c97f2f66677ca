-- Who proved the contact data of an account: 0 nobody, 1 nobody, and there is reason to doubt it, 2 the person who proved the identity
-- (docs/decisions/0017).
ALTER TABLE account ADD COLUMN contact_proof BIGINT NOT NULL DEFAULT 0;
-- Goes up with each key that a proof of identity set, and each new representative. A key that was set by the key or answer before
-- leaves it.
ALTER TABLE account ADD COLUMN identity_epoch BIGINT NOT NULL DEFAULT 0;
-- 1: an identity document or an identity key is the proof of the flow, and account_epoch is an identity_epoch.
ALTER TABLE flow ADD COLUMN by_identity BIGINT NOT NULL DEFAULT 0;
-- 1: an identity document or an officer earned the key. Earlier versions stored contact data with such keys only.
ALTER TABLE provisional_key ADD COLUMN by_identity BIGINT NOT NULL DEFAULT 0;
-- 1: the contact data of the key was typed by that person, or was proven before.
ALTER TABLE provisional_key ADD COLUMN contact_proven BIGINT NOT NULL DEFAULT 0;
-- Contact data that differs from that on file was typed by that person.
UPDATE provisional_key SET by_identity = 1, contact_proven =
    CASE WHEN new_email = (SELECT email FROM account WHERE account.id = provisional_key.account_id) THEN 0 ELSE 1 END
    WHERE new_email IS NOT NULL;

-- Accounts of the older system and of the desk, whose contact data nobody has changed here.
UPDATE account SET contact_proof = 2 WHERE NOT EXISTS
    (SELECT 1 FROM audit WHERE audit.account_id = account.id
     AND (audit.event = 'registered' OR (audit.event = 'updated' AND audit.outcome = 'done')));
-- A key that a document earned has put it on file, and nobody has changed it since.
UPDATE account SET contact_proof = 2 WHERE EXISTS
    (SELECT 1 FROM audit WHERE audit.account_id = account.id AND audit.event = 'contact-replaced' AND NOT EXISTS
        (SELECT 1 FROM audit later
         WHERE later.account_id = account.id AND later.event = 'updated' AND later.outcome = 'done' AND later.at >= audit.at));
