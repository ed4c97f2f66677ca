-- The declaration that came back is the form as it was handed out: nobody signed it (F-REQ).
ALTER TABLE upload ADD COLUMN unsigned BIGINT NOT NULL DEFAULT 0;
