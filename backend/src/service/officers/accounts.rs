//! The commands that make and end officers: `clave-sence officers add|list|disable|reset`.

use domain::officer::OfficerName;
use zeroize::Zeroizing;

use super::{OfficerService, context};
use crate::secrets::random_below;
use crate::service::Result;
use crate::store::StoreError;
use crate::store::audit::{self, Desk, Event, Outcome, Record};
use crate::store::officers::{self, OfficerRow};
use crate::totp::Totp;

/// A new officer's proofs, to be shown once.
pub struct Proofs {
    /// The key.
    pub key: Zeroizing<String>,
    /// The second factor.
    pub totp: Totp,
}

/// Letters and digits of a key that none takes for another, small so that telephones type them.
const ALPHABET: &[u8; 27] = b"abcdefghjkmnpqrtuvwxy234679";

impl Proofs {
    /// Four groups of five: 95 bits.
    fn random() -> Result<Self> {
        let mut letters = Zeroizing::new(String::with_capacity(20));
        for _ in 0..20 {
            let index = random_below(ALPHABET.len() as u64).map_err(StoreError::from)?;
            let letter = usize::try_from(index).ok().and_then(|index| ALPHABET.get(index));
            letters.push(char::from(letter.copied().unwrap_or(b'a')));
        }
        Ok(Self { key: read_key(&letters), totp: Totp::random().map_err(StoreError::from)? })
    }
}

/// A key as it was made, from what was typed: in capitals or not, in whatever groups.
pub(super) fn read_key(typed: &str) -> Zeroizing<String> {
    let mut key = Zeroizing::new(String::with_capacity(2 * typed.len()));
    let typed = Zeroizing::new(domain::text::compact(typed));
    for (place, letter) in typed.chars().enumerate() {
        if place > 0 && place % 5 == 0 {
            key.push('-');
        }
        key.push(letter.to_ascii_lowercase());
    }
    key
}

impl OfficerService<'_> {
    /// Adds an officer. None when the name is taken.
    pub async fn add(&self, name: &OfficerName, may_decide: bool) -> Result<Option<Proofs>> {
        let (backend, now) = (self.backend, self.backend.now());
        let proofs = Proofs::random()?;
        let id = officers::new_id()?;
        let (key_hash, totp) = self.kept(id, &proofs).await?;
        let name = name.as_str().to_owned();
        let row = OfficerRow { id, name, key_hash, totp, may_decide, created_at: now, disabled_at: None };
        let mut tx = backend.begin_outcome(self.caller).await?;
        if !officers::insert(&mut tx, &row).await? {
            return Ok(None);
        }
        let outcome = if may_decide { Outcome::Added } else { Outcome::AddedReadOnly };
        tx.commit(changed(&row.name, outcome)).await?;
        Ok(Some(proofs))
    }

    /// Gives an officer a new key and a new second factor, ends every session, forgets the tries that made the name wait, and
    /// lets a disabled one in again. None when there is no such officer.
    pub async fn reset(&self, name: &OfficerName) -> Result<Option<Proofs>> {
        let backend = self.backend;
        let Some(officer) = self.find(Some(name)).await? else { return Ok(None) };
        let proofs = Proofs::random()?;
        let (key_hash, totp) = self.kept(officer.id, &proofs).await?;
        let mut tx = backend.begin_outcome(self.caller).await?;
        officers::set_proofs(&mut tx, officer.id, &key_hash, &totp).await?;
        officers::end_sessions(&mut tx, officer.id).await?;
        backend.limits.forget_officer(&mut tx, &officer.name).await?;
        tx.commit(changed(&officer.name, Outcome::Reset)).await?;
        Ok(Some(proofs))
    }

    /// Disables an officer and ends every session. None when there is no such officer; false when they were disabled before.
    pub async fn disable(&self, name: &OfficerName) -> Result<Option<bool>> {
        let backend = self.backend;
        let Some(officer) = self.find(Some(name)).await? else { return Ok(None) };
        let mut tx = backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        if !officers::disable(&mut tx, officer.id, now).await? {
            return Ok(Some(false));
        }
        officers::end_sessions(&mut tx, officer.id).await?;
        tx.commit(changed(&officer.name, Outcome::Disabled)).await?;
        Ok(Some(true))
    }

    /// Every officer, by name.
    pub async fn list(&self) -> Result<Vec<OfficerRow>> {
        Ok(officers::list(&mut *self.backend.store.connection().await?).await?)
    }

    /// Proofs as they are kept.
    async fn kept(&self, officer: i64, proofs: &Proofs) -> Result<(String, Vec<u8>)> {
        let hash = self.backend.hasher.hash(&proofs.key).await?;
        let sealed = self.backend.secrets.seal(&context(officer), proofs.totp.secret());
        Ok((hash, sealed.map_err(StoreError::from)?))
    }
}

/// The audit row of a command.
fn changed(name: &str, outcome: Outcome) -> Record<'_> {
    let desk = Desk { officer: Some(name), request: None };
    Record::new(audit::NOBODY, Event::OfficerChanged, outcome).at(desk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_a_key_is_read_as_it_was_made() {
        let made = Proofs::random().unwrap().key;
        assert_eq!((made.len(), &read_key(&made)), (23, &made));
        let key = "abcde-fghjk-mnpqr-tuvwx";
        for typed in [
            " ABCDE-FGHJK-MNPQR-TUVWX ",
            "abcdefghjkmnpqrtuvwx",
            "Abcde Fghjk – Mnpqr\tTuvwx",
            "\u{feff}abcde-fghjk-mnpqr-\u{200b}tuvwx.",
        ] {
            assert_eq!(read_key(typed).as_str(), key, "{typed}");
        }
        assert_eq!(read_key(" - ").as_str(), "");
        assert_ne!(read_key("abcde-fghjk-mnpqr-tuvw").as_str(), key);
    }
}
