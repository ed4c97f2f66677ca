//! Flows kept in the store, with a typed state: opened, found by the token of a cookie, saved with a revision, and given a new
//! token by each form that changes them (docs/decisions/0009).

mod kept;
mod typed;

use std::sync::Arc;

use domain::flow::{AccountId, Feedback};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::caller::Caller;
use crate::captcha::FlowOfCaptcha;
use crate::clock::Millis;
use crate::flow_locks::FlowLock;
use crate::form::{FormFingerprint, FormMac};
use crate::secrets::{Secrets, random_token, token_id};
use crate::store::accounts::AccountVersion;
use crate::store::flows::{self as rows, FlowRow};
use crate::store::provisional::KeyProof;
use crate::store::{Result, StoreError};

pub use kept::Kept;
pub(crate) use kept::{KeptPlain, KeptSeal, NewSecret};
pub use typed::Typed;

/// The token in a browser's cookie: 128 random bits. Who has the token has the flow.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// The token of a cookie.
    #[must_use]
    pub fn from_cookie(text: &str) -> Option<Self> {
        (text.len() == 22).then(|| Self(text.to_owned()))
    }

    /// For the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A new random token.
    pub(crate) fn random() -> Result<Self> {
        Ok(Self(random_token()?))
    }

    /// The token that replaces this one when the form with this `mac` was stored. The same form again gives the same token, so
    /// of two requests of one browser neither takes the flow from the other, whichever answer the browser reads.
    pub(crate) fn next(&self, secrets: &Secrets, mac: &FormMac) -> Self {
        Self(secrets.token("next flow token", &[&self.0, mac.as_str()]))
    }

    /// The token of the first form of a page that was opened without a flow. The same form again gives the same token, also when
    /// its cookie has not reached the browser. It follows from the whole form, which is not stored: from the row alone nobody can
    /// compute it, not even with the secret.
    pub(crate) fn first(
        secrets: &Secrets,
        flow: FlowOfCaptcha<'_>,
        (form, mac): (FormFingerprint, &FormMac),
    ) -> Self {
        Self(secrets.token("first flow token", &[flow.name, flow.tag, mac.as_str(), &form.expose()]))
    }

    /// Its hash, as the store keeps it.
    pub(crate) fn id(&self) -> String {
        token_id(&self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// An unfinished flow, with its state.
#[derive(Debug, Clone)]
pub struct Flow<S> {
    row: FlowRow,
    /// Whether it has a row: the flow of a page that was only opened has none.
    stored: bool,
    /// The state as it was last read or written.
    was: S,
    /// The state; only `domain` makes transitions.
    pub state: S,
    /// What the user typed.
    pub typed: Typed,
    /// The new key and the new answer that were typed, sealed for the token under which the flow is or will be written.
    pub kept: Kept,
    /// What its page tells the user.
    pub feedback: Feedback,
    /// The captcha that its page shows, sealed, if it shows one.
    pub captcha: Option<String>,
    /// How many hashes of work may stand in for its letters; none where it is zero.
    pub work: u32,
    /// The form that is processed on it now; none when its page is only shown.
    pub(crate) form: Option<Arc<ProcessedForm>>,
    /// The token under which it was opened just now.
    opened: Option<Token>,
}

/// The form that a request processes on a flow. While this exists, no other form of the flow is processed.
#[derive(Debug)]
pub(crate) struct ProcessedForm {
    /// The token of its cookie.
    pub(crate) token: Token,
    /// The token that the flow gets when what the form says is stored.
    pub(crate) next: Token,
    /// What the same form again is recognized by.
    pub(crate) mac: FormMac,
    /// Who sent it.
    pub(crate) caller: Caller,
    /// Held until the form is answered.
    pub(crate) _lock: FlowLock,
}

impl<S> Flow<S> {
    /// The tag that its forms carry in a hidden field.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.row.tag
    }

    /// What its captchas are bound to.
    pub(crate) fn of_captcha(&self) -> FlowOfCaptcha<'_> {
        FlowOfCaptcha { name: &self.row.name, tag: &self.row.tag }
    }
}

#[derive(Serialize, Deserialize)]
struct Body<S> {
    state: S,
    #[serde(default)]
    typed: Typed,
    #[serde(default, skip_serializing_if = "Kept::is_empty")]
    kept: Kept,
    #[serde(default, rename = "say")]
    feedback: Feedback,
    #[serde(default)]
    captcha: Option<String>,
    #[serde(default)]
    work: u32,
}

impl<S: Serialize + DeserializeOwned + Clone + PartialEq> Flow<S> {
    /// A flow that has no row yet.
    #[must_use]
    pub fn unstored(name: &str, tag: String, state: S, (created_at, expires_at): (Millis, Millis)) -> Self {
        Self {
            row: FlowRow {
                id: String::new(),
                name: name.to_owned(),
                tag,
                revision: 0,
                body: String::new(),
                account_id: None,
                account_epoch: None,
                proof: KeyProof::Secret,
                created_at,
                expires_at,
                network: String::new(),
            },
            stored: false,
            was: state.clone(),
            state,
            typed: Typed::default(),
            kept: Kept::default(),
            feedback: Feedback::default(),
            captcha: None,
            work: 0,
            form: None,
            opened: None,
        }
    }

    /// The form that is processed on it from now on. What is kept is sealed for the token that this form earns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn with_form(self, form: ProcessedForm, secrets: &Secrets) -> Result<Self> {
        let id = if self.stored { self.row.id.clone() } else { form.token.id() };
        let seal = |token| KeptSeal { secrets, token, flow: self.of_captcha() };
        let kept = self.kept.clone().resealed(&seal(&form.token), &seal(&form.next))?;
        Ok(Self { kept, form: Some(Arc::new(form)), row: FlowRow { id, ..self.row }, ..self })
    }

    /// The same with no form under way: the next form of it need not wait.
    pub(crate) fn without_form(self) -> Self {
        Self { form: None, ..self }
    }

    /// The same, begun in this network.
    #[must_use]
    pub(crate) fn in_network(self, network: String) -> Self {
        Self { row: FlowRow { network, ..self.row }, ..self }
    }

    /// Writes a flow that is not stored yet, under a random token.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(
        self,
        connection: &mut AnyConnection,
        typed: Typed,
        feedback: Feedback,
    ) -> Result<(Self, Token)> {
        let token = Token::random()?;
        let opened = Some(token.clone());
        let mut flow = Self { typed, feedback, stored: true, opened, ..self };
        flow.row.id = token.id();
        flow.row.body = flow.body()?;
        rows::insert(connection, &flow.row, None).await?;
        Ok((flow, token))
    }

    /// The flow of a token, unless it has expired or what it proved no longer holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(
        connection: &mut AnyConnection,
        name: &str,
        token: &Token,
        now: Millis,
    ) -> Result<Option<Self>> {
        match rows::find(&mut *connection, &token.id(), name, now).await? {
            Some(row) => Self::read_or_delete(connection, row).await,
            None => Ok(None),
        }
    }

    /// The flow that was renewed by the very form that comes again now (a double click, or a connection
    /// that broke before the answer). Only who typed that form can repeat its `mac`, and only in a flow of this name: another
    /// flow may have a step with the same form.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_renewed(
        connection: &mut AnyConnection,
        name: &str,
        token: &Token,
        mac: &FormMac,
        now: Millis,
    ) -> Result<Option<Self>> {
        match rows::find_renewed(&mut *connection, &token.id(), name, mac, now).await? {
            Some(row) => Self::read_or_delete(connection, row).await,
            None => Ok(None),
        }
    }

    /// Writes the flow; under the next token, when a form is processed on it: who knew the token before sees nothing of what
    /// was typed since. The former token accepts only a resubmission of the same form. False when another request changed the
    /// flow since it was read; then nothing is written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save(
        &mut self,
        connection: &mut AnyConnection,
        (_, expires_at): (Millis, Millis),
    ) -> Result<bool> {
        self.row.body = self.body()?;
        self.row.expires_at = expires_at;
        let form = self.form.clone().filter(|form| form.next.id() != self.row.id);
        let saved = match form {
            Some(form) => {
                let id = form.next.id();
                let saved = if self.stored {
                    rows::update_and_renew(connection, &self.row, (&id, &form.mac)).await?
                } else {
                    let row = FlowRow { id: id.clone(), ..self.row.clone() };
                    let former = rows::Former { id: &self.row.id, mac: &form.mac };
                    rows::insert(connection, &row, Some(former)).await?
                };
                if saved {
                    self.row.revision += i64::from(self.stored);
                    (self.row.id, self.stored) = (id, true);
                }
                saved
            }
            None => {
                let saved = rows::update(connection, &self.row).await?;
                self.row.revision += i64::from(saved);
                saved
            }
        };
        if saved {
            self.was = self.state.clone();
        }
        Ok(saved)
    }

    /// The new token, when the flow was written under one.
    pub(crate) fn new_token(&self) -> Option<Token> {
        let form = self.form.as_ref()?;
        (form.next.id() == self.row.id).then(|| form.next.clone())
    }

    /// Writes the flow after something was spent that cannot be spent again (a proof, a captcha). Another request may meanwhile
    /// have changed the feedback (the same form sent twice: its captcha was used); that does not matter. False only when the
    /// flow has left the step where it was read, or is gone; then nothing is written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_outcome(
        &mut self,
        connection: &mut AnyConnection,
        (now, expires_at): (Millis, Millis),
    ) -> Result<bool> {
        // Each round means that another request wrote in between.
        while !self.save(&mut *connection, (now, expires_at)).await? {
            let row = match rows::get(&mut *connection, &self.row.id).await? {
                Some(row) => Self::read_or_delete(&mut *connection, row).await?,
                None => self.renewed_elsewhere(&mut *connection, now).await?,
            };
            let Some(found) = row.filter(|found| found.was == self.was) else { return Ok(false) };
            (self.row.id, self.row.revision, self.stored) = (found.row.id, found.row.revision, true);
        }
        Ok(true)
    }

    /// The flow as another request with the very same form has written it, under the next token.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn renewed_elsewhere(
        &self,
        connection: &mut AnyConnection,
        now: Millis,
    ) -> Result<Option<Self>> {
        let Some(form) = self.form.clone() else { return Ok(None) };
        let found = Self::find_renewed(connection, &self.row.name, &form.token, &form.mac, now).await?;
        Ok(found.map(|found| Self { form: Some(form), ..found }))
    }

    /// The state of the flow as the store has it now, also when another form has renewed it; none when the flow is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn current_state(&self, connection: &mut AnyConnection) -> Result<Option<S>> {
        match rows::get_current(&mut *connection, &self.row.id).await? {
            Some(row) => Ok(Self::read_or_delete(connection, row).await?.map(|flow| flow.state)),
            None => Ok(None),
        }
    }

    /// Records the account that the flow has proven, and how. The flow then ends with the next change of that account's key, or
    /// when SII no longer names the representative on file, also with one that happened after the account was read; a flow with a proof of identity only with a key that
    /// another such proof earned, or another representative.
    pub fn belongs_to(&mut self, owner: AccountVersion) {
        self.row.account_id = Some(owner.account.0);
        self.row.account_epoch = Some(owner.epoch);
        self.row.proof = owner.proof;
    }

    /// The account that it has proven, if it has proven one.
    #[must_use]
    pub fn account_version(&self) -> Option<AccountVersion> {
        let (account, epoch) = (self.row.account_id?, self.row.account_epoch?);
        Some(AccountVersion { account: AccountId(account), epoch, proof: self.row.proof })
    }

    /// Ends the other proven flows of its account, after a key that `proof` earned.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_others(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        proof: KeyProof,
    ) -> Result<()> {
        rows::end_others(connection, account.0, &self.row.id, proof).await
    }

    /// Deletes the flow.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(self, connection: &mut AnyConnection) -> Result<()> {
        rows::delete(connection, &self.row.id).await
    }

    /// Which flow of which kind this is, such as `recuperar-natural`.
    pub(crate) fn name(&self) -> &str {
        &self.row.name
    }

    fn body(&self) -> Result<String> {
        let body = Body {
            state: &self.state,
            typed: self.typed.clone(),
            kept: self.kept.clone(),
            feedback: self.feedback.clone(),
            captcha: self.captcha.clone(),
            work: self.work,
        };
        serde_json::to_string(&body).map_err(|_| StoreError::Corrupt("flow"))
    }

    /// The flow of a row. One that this version cannot read is deleted, and the browser begins anew as after the end of a flow: else
    /// each of its requests would fail until the flow has expired. So it is logged once.
    async fn read_or_delete(connection: &mut AnyConnection, row: FlowRow) -> Result<Option<Self>> {
        let (id, name) = (row.id.clone(), row.name.clone());
        match Self::read(row) {
            Ok(flow) => Ok(Some(flow)),
            Err(_) => {
                tracing::error!(flow = name, "a flow that cannot be read is deleted");
                rows::delete(connection, &id).await?;
                Ok(None)
            }
        }
    }

    fn read(row: FlowRow) -> Result<Self> {
        let body: Body<S> = serde_json::from_str(&row.body).map_err(|_| StoreError::Corrupt("flow"))?;
        Ok(Self {
            row,
            stored: true,
            was: body.state.clone(),
            state: body.state,
            typed: body.typed,
            kept: body.kept,
            feedback: body.feedback,
            captcha: body.captcha,
            work: body.work,
            form: None,
            opened: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_the_first_token_follows_from_what_is_not_stored() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let flow = FlowOfCaptcha { name: "registrar-natural", tag: "etiqueta" };
        let [one, other] = ["a", "b"].map(|random| FormFingerprint::of([("azar", random)]));
        // Secret, name, tag and MAC are what a copy of the database and of the secret holds.
        let mac = FormMac::new(&secrets, "create", flow.tag, one);
        let first = |form| Token::first(&secrets, flow, (form, &mac));
        assert_eq!(first(one).expose(), first(one).expose());
        assert_ne!(first(one).expose(), first(other).expose());
    }
}
