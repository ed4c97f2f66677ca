-- What a company has beyond a person. Its name stands in names. The representative on file is the one whom SII named when it
-- was looked at last; who counts is always asked anew.

ALTER TABLE account ADD COLUMN company_kind TEXT;
ALTER TABLE account ADD COLUMN representative TEXT;
ALTER TABLE account ADD COLUMN representative_names TEXT;
