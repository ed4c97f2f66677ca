//! The integration tests of the backend: every flow of docs/requirements.md and every promise of docs/security.md, on
//! SQLite and on PostgreSQL. They are one binary, which links faster.

#![cfg(test)]

mod support;

mod abuse;
mod accounts;
mod attendance;
mod change;
mod companies;
mod desk;
mod facilitator;
mod infrastructure;
mod messages;
mod migrants;
mod recovery;
mod registration;
mod sign_in;
mod update;
