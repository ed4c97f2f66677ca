//! The integration tests of the backend: every flow of docs/requirements.md, every promise of docs/security.md, on SQLite and
//! on PostgreSQL. One binary, so that linking is paid once.

#![cfg(test)]

mod support;

mod abuse;
mod accounts;
mod change;
mod companies;
mod desk;
mod facilitator;
mod infrastructure;
mod messages;
mod migrants;
mod recovery;
mod registration;
mod update;
