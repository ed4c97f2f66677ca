//! Decoys: what a RUT or NIE without an account shows in place of what an account would, so that the two look alike
//! (docs/security.md#abuse-and-enumeration). A decoy is computed from the identifier and the secret of the configuration: it is
//! always the same, and only the server can tell that it is one.
//!
//! Accounts without a question take other steps, and keys hashed by the older system take another time to check. So the same
//! share of decoys as of accounts does so.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::question::SecretQuestion;

use super::{Backend, Result};
use crate::secrets::Secrets;
use crate::store::accounts::{self, AccountStatistics};

/// The statistics of the accounts that decoys imitate, by kind, as last computed. Clones share them.
#[derive(Clone, Default)]
pub struct Decoys {
    statistics: Arc<RwLock<HashMap<Kind, AccountStatistics>>>,
}

impl Decoys {
    /// The question of an identifier without an account; none where its decoy is an account without one.
    #[must_use]
    pub fn question(&self, secrets: &Secrets, kind: Kind, who: &Identifier) -> Option<SecretQuestion> {
        let without = self.of(kind).without_question;
        let asked = !chosen(secrets, "decoy kind", kind, who, without);
        asked.then(|| SecretQuestion::by_index(number(secrets, "decoy question", kind, who)))
    }

    /// The hash that the key of an identifier without an account is checked against, where its decoy is an account of the older
    /// system. It is the hash of another account, and the result of the check is ignored.
    #[must_use]
    pub fn key_hash(&self, secrets: &Secrets, kind: Kind, who: &Identifier) -> Option<String> {
        let (share, hash) = self.of(kind).older_hash?;
        chosen(secrets, "decoy hash", kind, who, share).then_some(hash)
    }

    fn of(&self, kind: Kind) -> AccountStatistics {
        let statistics = self.statistics.read().unwrap_or_else(PoisonError::into_inner);
        statistics.get(&kind).cloned().unwrap_or_default()
    }
}

fn number(secrets: &Secrets, purpose: &str, kind: Kind, who: &Identifier) -> u64 {
    secrets.decoy(purpose, &[kind.slug(), &who.plain()])
}

/// Whether an identifier is among this `share`, 0 to 1, of all.
fn chosen(secrets: &Secrets, purpose: &str, kind: Kind, who: &Identifier, share: f64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let place = number(secrets, purpose, kind, who) as f64 / u64::MAX as f64;
    place < share
}

impl Backend {
    /// Computes the statistics of the accounts again. Reads every account; for the start and a few times an hour.
    ///
    /// # Errors
    /// [`super::ServiceError::Store`].
    pub async fn refresh_decoys(&self) -> Result<()> {
        for kind in Kind::ALL {
            let current = self.hasher.current_prefix();
            let found = accounts::statistics(&mut *self.store.connection().await?, kind, &current).await?;
            self.decoys.statistics.write().unwrap_or_else(PoisonError::into_inner).insert(kind, found);
        }
        Ok(())
    }
}
