-- Readiness writes one row, so that a full disk or a database that only reads shows.
CREATE TABLE readiness (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
