//! Known browsers (O-KNOWN in docs/requirements.md): a browser in which the right key was used or set, or a document was shown,
//! has counters of its own, so that strangers never make the owner wait.

use domain::identifier::Identifier;
use domain::kind::Kind;
use sqlx::AnyConnection;

use super::exit::Check;
use super::{Backend, Caller, Result, id_of, wait_or_letters};
use crate::caller::NewBrowser;
use crate::limits::{AttemptKind, Counted, Letters};
use crate::store::accounts::Account;
use crate::store::browsers::KnownBy;
use crate::store::provisional::KeyProof;
use crate::store::{StoreError, browsers};

impl Backend {
    /// Counts an attempt before it is checked; after too many, says how long to wait. Keys from a browser that is known to the
    /// account are counted on their own. Other proofs are not: a right key makes a browser known, and who knows the key could try
    /// answers and documents from ever new browsers. For the same reason a browser in which only a document was shown is for
    /// provisional keys.
    pub(super) async fn count(
        &self,
        attempt: AttemptKind,
        who: (Kind, &Identifier),
        account: Option<&Account>,
        (caller, letters): (&Caller, Letters),
    ) -> Check<Counted> {
        let now = self.now();
        let known = match attempt {
            AttemptKind::Key | AttemptKind::Provisional | AttemptKind::Attendance => {
                self.known_browser(account, caller).await?
            }
            _ => None,
        };
        let known = known.filter(|(_, by)| *by == KnownBy::Key || attempt == AttemptKind::Provisional);
        let counted = match known {
            Some((browser, _)) => self.limits.count_known(attempt, who, &browser, now).await?,
            None => self.limits.count(attempt, Some(who), (caller, letters), now).await?,
        };
        counted.map_err(|wait| wait_or_letters(wait, who.0, now))
    }

    /// The hash of the caller's browser and what made it known to this account, if it is known. Without a cookie the store is not
    /// asked; with one it is, whether or not there is an account.
    pub(super) async fn known_browser(
        &self,
        account: Option<&Account>,
        caller: &Caller,
    ) -> Result<Option<(String, KnownBy)>> {
        let Some(browser) = caller.browser.id() else { return Ok(None) };
        let connection = &mut *self.store.connection().await?;
        let known = browsers::known_by(connection, &browser, id_of(account), self.now()).await?;
        Ok(known.map(|by| (browser, by)))
    }

    /// Makes the caller's browser known to this account, as it was when the proof was checked. One that is known already keeps its
    /// token, for as long again.
    pub(super) async fn remember_browser(
        &self,
        account: &Account,
        proof: KeyProof,
        caller: &Caller,
    ) -> Result<()> {
        let of = account.version(proof);
        let known = self.known_browser(Some(account), caller).await?;
        let mut tx = self.store.begin().await?;
        if let Some((browser, _)) = known {
            browsers::remember(&mut tx, (None, &browser), of, self.now()).await?;
            tx.commit().await.map_err(StoreError::from)?;
            caller.browser.prolong();
            return Ok(());
        }
        let new = NewBrowser::random().map_err(StoreError::from)?;
        let former = caller.browser.id();
        browsers::remember(&mut tx, (former.as_deref(), &new.id()), of, self.now()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        // Not if a key was set meanwhile: the browser may have the token of that.
        self.issue_if_known(new, caller).await
    }

    /// Gives the caller's browser a token, if that is known to any account.
    pub(super) async fn issue_if_known(&self, token: NewBrowser, caller: &Caller) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        if browsers::is_known(connection, &token.id(), self.now()).await? {
            caller.browser.issue(token);
        }
        Ok(())
    }

    /// A new key was set in the caller's browser, of this account as it was before: every other one has to prove itself again, but for those in which a document was
    /// shown if a secret earned the key. It gets the token `new` once this is committed.
    pub(super) async fn only_this_browser(
        &self,
        connection: &mut AnyConnection,
        (account, proof): (&Account, KeyProof),
        (caller, new): (&Caller, &NewBrowser),
    ) -> Result<()> {
        let former = caller.browser.id();
        browsers::forget(&mut *connection, account.id, proof.is_identity()).await?;
        let with_the_new_key = account.version(KeyProof::Secret).next();
        browsers::remember(connection, (former.as_deref(), &new.id()), with_the_new_key, self.now()).await?;
        Ok(())
    }
}
