-- What the older guides ask for, and what a persona migrante proves a recovery by. Both may be missing on any account.
-- document_hash is an argon2 hash, like answer_hash: the number of the document is a proof.

ALTER TABLE account ADD COLUMN birth_date TEXT;
ALTER TABLE account ADD COLUMN document_kind TEXT;
ALTER TABLE account ADD COLUMN document_country TEXT;
ALTER TABLE account ADD COLUMN document_hash TEXT;
