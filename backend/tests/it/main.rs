//! The integration tests of the backend: every flow of docs/requirements.md, every promise of docs/security.md, on SQLite and
//! on PostgreSQL. One binary, so that linking is paid once.

#![cfg(test)]

mod support;

mod broken_off;
mod change;
mod change_keys;
mod companies;
mod companies_recovery;
mod companies_representative;
mod delivery;
mod epochs;
mod files_s3;
mod import;
mod limits;
mod mesa;
mod mesa_at_once;
mod mesa_decisions;
mod mesa_known;
mod mesa_officers;
mod migrants;
mod migrants_nie;
mod migrants_recovery;
mod minimum;
mod older_keys;
mod outbox;
mod policies;
mod races;
mod races_of_limits;
mod recovery;
mod recovery_contact;
mod recovery_registry;
mod registration;
mod registration_proof;
mod registries_http;
mod repeated;
mod requests;
mod requests_facilitator;
mod requests_files;
mod requests_identify;
mod requests_kept;
mod requests_many;
mod requests_same_document;
mod requests_steps;
mod requests_sweep;
mod requests_tabs;
mod restart;
mod steps;
mod store;
mod strangers;
mod update;
mod update_birth_date;
mod update_birth_date_proofs;
mod update_forgotten;
mod update_form;
mod update_proofs;
mod update_repeated;
