-- What an officer looks for, and a reason that was not taken yet, as JSON. Both hold personal data, so they stand here and not
-- in a URL; they end with the session.
ALTER TABLE officer_session ADD COLUMN notes TEXT;
