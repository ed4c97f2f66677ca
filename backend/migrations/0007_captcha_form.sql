-- Which form a captcha was answered with (a keyed hash of everything in it): the very same form sent twice is one try.
ALTER TABLE captcha ADD COLUMN used_by TEXT;
