//! What the integration tests of `backend` are built on, as far as these tests need it.

#[path = "../../../backend/tests/it/support/accounts.rs"]
pub(super) mod accounts;
#[path = "../../../backend/tests/it/support/backend.rs"]
mod backend;
#[path = "../../../backend/tests/it/support/database.rs"]
mod database;
#[path = "../../../backend/tests/it/support/decisions.rs"]
pub(super) mod decisions;
#[path = "../../../backend/tests/it/support/folder.rs"]
mod folder;
#[path = "../../../backend/tests/it/support/mesa.rs"]
pub(super) mod mesa;
#[path = "../../../backend/tests/it/support/outage.rs"]
pub(super) mod outage;
#[path = "../../../backend/tests/it/support/peek.rs"]
mod peek;
#[path = "../../../backend/tests/it/support/people.rs"]
pub(super) mod people;
#[path = "../../../backend/tests/it/support/postgres.rs"]
mod postgres;
#[path = "../../../backend/tests/it/support/rows.rs"]
pub(super) mod rows;

/// As far as `mesa` needs it: the rest makes pictures.
mod samples {
    use sha2::{Digest as _, Sha256};

    pub(crate) fn sha256(file: &[u8]) -> String {
        format!("{:x}", Sha256::digest(file))
    }
}

pub(super) use backend::TestBackend;
