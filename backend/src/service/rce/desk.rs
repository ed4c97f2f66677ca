//! The tokens of OTECs and the export, for commands.

use domain::birth::Date;
use domain::rce::export;
use domain::rce::organism::{Origin, OtecToken};
use domain::rut::Rut;

use super::{AttendanceService, hash_of};
use crate::clock::{SECOND, chilean_date_time, chilean_midnight};
use crate::secrets::random_bytes;
use crate::service::Result;
use crate::store::StoreError;
use crate::store::audit::{Event, NOBODY, Outcome, Record};
use crate::store::rce::{self, TokenRow};

/// How many sessions are read at a time.
const BATCH: i64 = 1_000;

/// A token that was made.
pub struct NewToken {
    /// Its name in the commands.
    pub id: String,
    /// The token, shown this once.
    pub token: OtecToken,
}

/// An OTEC.
#[derive(Debug, Clone)]
pub struct Otec {
    /// Its RUT.
    pub rut: Rut,
    /// Its tokens, the oldest first.
    pub tokens: Vec<TokenRow>,
    /// The origins that it has registered; none: every origin will do.
    pub origins: Vec<Origin>,
}

impl AttendanceService<'_> {
    /// Makes a token for an OTEC, and registers origins.
    ///
    /// # Errors
    /// [`crate::service::ServiceError`], here and in every method below.
    pub async fn add_token(&self, otec: Rut, origins: &[Origin]) -> Result<NewToken> {
        let token =
            OtecToken::from_bits(u128::from_be_bytes(random_bytes::<16>().map_err(StoreError::from)?));
        let id = random_bytes::<6>().map_err(StoreError::from)?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        rce::add_token(&mut tx, (&id, &hash_of(&token)), otec, now).await?;
        for origin in origins {
            rce::add_origin(&mut tx, otec, origin, now).await?;
        }
        tx.commit(Record::new(NOBODY, Event::OtecChanged, Outcome::Added)).await?;
        Ok(NewToken { id, token })
    }

    /// The tokens and origins of an OTEC, or of all.
    pub async fn otecs(&self, otec: Option<Rut>) -> Result<Vec<Otec>> {
        let connection = &mut *self.backend.store.connection().await?;
        let mut otecs: Vec<Otec> = Vec::new();
        for token in rce::tokens(&mut *connection, otec).await? {
            match otecs.last_mut() {
                Some(last) if last.rut == token.otec => last.tokens.push(token),
                _ => {
                    let origins = rce::origins(&mut *connection, token.otec).await?;
                    otecs.push(Otec { rut: token.otec, tokens: vec![token], origins });
                }
            }
        }
        Ok(otecs)
    }

    /// Revokes a token. None when the OTEC has none of this id, false when it was revoked before.
    pub async fn revoke_token(&self, otec: Rut, id: &str) -> Result<Option<bool>> {
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        let revoked = rce::revoke_token(&mut tx, otec, id, now).await?;
        if revoked == Some(true) {
            tx.commit(Record::new(NOBODY, Event::OtecChanged, Outcome::Disabled)).await?;
        }
        Ok(revoked)
    }

    /// The sessions that were opened from one day to another, both included, as CSV.
    pub async fn export(&self, from: Date, to: Date) -> Result<String> {
        let tomorrow = to.tomorrow().map_or(i64::MAX, chilean_midnight);
        let between = (chilean_midnight(from).div_euclid(SECOND), tomorrow.div_euclid(SECOND));
        let mut text = export::line(&export::COLUMNS);
        let mut last = None;
        loop {
            let connection = &mut *self.backend.store.connection().await?;
            let sessions = rce::opened_between(connection, between, last.as_ref(), BATCH).await?;
            let local = |at: i64| chilean_date_time(at.saturating_mul(SECOND));
            for session in &sessions {
                text += &export::line(&session.row(local(session.opened()), session.closed().map(local)));
            }
            match sessions.into_iter().last() {
                Some(session) => last = Some(session),
                None => break,
            }
        }
        let tx = self.backend.begin_outcome(self.caller).await?;
        tx.commit(Record::new(NOBODY, Event::AttendanceExported, Outcome::Done)).await?;
        Ok(text)
    }
}
