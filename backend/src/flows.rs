//! Flows kept in the store, with a typed state: opened, found by the token of a cookie, saved with a revision, and given a new
//! token each time more was proven (docs/decisions/0009).

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::field::Field;
use domain::flow::{AccountId, Feedback};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::flow_locks::FlowLock;
use crate::form::FormMac;
use crate::secrets::{Secrets, random_token, token_id};
use crate::store::accounts::AccountVersion;
use crate::store::flows::{self as rows, FlowRow};
use crate::store::provisional::KeyProof;
use crate::store::{Result, StoreError};

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

    /// The token that replaces this one when the form with this `mac` proved more. The same form again gives the same token, so
    /// of two requests of one browser neither takes the flow from the other, whichever answer the browser reads.
    pub(crate) fn next(&self, secrets: &Secrets, mac: &FormMac) -> Self {
        Self(secrets.token("next flow token", &[&self.0, mac.as_str()]))
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

/// What the user typed so far, by the name of the field, to fill in a page that is shown again. Keys and answers are never kept;
/// a serial that was refused is, so that the user can compare it with the card and correct it. `Debug` hides all of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed {
    fields: BTreeMap<String, String>,
}

impl Typed {
    /// Longest text that is kept of a field, in characters.
    const MAX: usize = 256;

    /// Keeps what was typed into a field; keys, answers and codes are left out.
    #[must_use]
    pub fn with(self, field: Field, text: &str) -> Self {
        let secret = matches!(
            field,
            Field::Answer
                | Field::CurrentKey
                | Field::NewKey
                | Field::NewKeyAgain
                | Field::OfficerKey
                | Field::Code
        );
        if !secret {
            return self.with_part(field.name(), text);
        }
        self
    }

    /// Keeps one control of a field that has several, such as an area code.
    #[must_use]
    pub fn with_part(mut self, name: &str, text: &str) -> Self {
        self.fields.insert(name.to_owned(), text.chars().take(Self::MAX).collect());
        self
    }

    /// What was typed into a control.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Removes what was typed into a field.
    pub fn forget(&mut self, field: Field) {
        self.fields.remove(field.name());
    }

    /// Whether nothing was typed yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// An unfinished flow, with its state.
#[derive(Debug, Clone)]
pub struct Flow<S> {
    row: FlowRow,
    /// The state as it was last read or written.
    was: S,
    /// The state; only `domain` makes transitions.
    pub state: S,
    /// What the user typed.
    pub typed: Typed,
    /// What its page tells the user.
    pub feedback: Feedback,
    /// Id of the captcha that its page shows, if it shows one.
    pub captcha: Option<String>,
    /// The form that is processed on it now; none when its page is only shown.
    pub(crate) form: Option<Arc<ProcessedForm>>,
}

/// The form that a request processes on a flow. While this exists, no other form of the flow is processed.
#[derive(Debug)]
pub(crate) struct ProcessedForm {
    /// The token of its cookie.
    pub(crate) token: Token,
    /// What the same form again is recognized by.
    pub(crate) mac: FormMac,
    /// Held until the form is answered.
    pub(crate) _lock: FlowLock,
}

impl<S> Flow<S> {
    /// The tag that its forms carry in a hidden field.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.row.tag
    }
}

#[derive(Serialize, Deserialize)]
struct Body<S> {
    state: S,
    #[serde(default)]
    typed: Typed,
    #[serde(default, rename = "say")]
    feedback: Feedback,
    #[serde(default)]
    captcha: Option<String>,
}

impl<S: Serialize + DeserializeOwned + Clone + PartialEq> Flow<S> {
    /// Opens a flow and writes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(
        connection: &mut AnyConnection,
        name: &str,
        state: S,
        typed: Typed,
        feedback: Feedback,
        (created_at, expires_at): (Millis, Millis),
    ) -> Result<(Self, Token)> {
        let token = Token(random_token()?);
        let mut flow = Self {
            row: FlowRow {
                id: token.id(),
                name: name.to_owned(),
                tag: random_token()?,
                revision: 0,
                body: String::new(),
                account_id: None,
                account_epoch: None,
                proof: KeyProof::Secret,
                created_at,
                expires_at,
            },
            was: state.clone(),
            state,
            typed,
            feedback,
            captcha: None,
            form: None,
        };
        flow.row.body = flow.body()?;
        rows::insert(connection, &flow.row).await?;
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
        rows::find(connection, &token.id(), name, now).await?.map(Self::read).transpose()
    }

    /// The flow that was renewed less than a minute ago by the very form that comes again now (a double click, or a connection
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
        rows::find_renewed(connection, &token.id(), name, mac, now).await?.map(Self::read).transpose()
    }

    /// Writes the flow. False when another request changed it since it was read; then nothing is written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save(&mut self, connection: &mut AnyConnection, expires_at: Millis) -> Result<bool> {
        self.row.body = self.body()?;
        self.row.expires_at = expires_at;
        let saved = rows::update(connection, &self.row).await?;
        if saved {
            self.row.revision += 1;
            self.was = self.state.clone();
        }
        Ok(saved)
    }

    /// Writes the flow after something was spent that cannot be spent again (a proof, a captcha). Another request may meanwhile
    /// have changed the feedback (the same form sent twice: its captcha was used); that does not matter. False only when the
    /// flow has left the step where it was read, or is gone; then nothing is written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_outcome(&mut self, connection: &mut AnyConnection, expires_at: Millis) -> Result<bool> {
        // Each round means that another request wrote in between.
        while !self.save(&mut *connection, expires_at).await? {
            let Some(row) = rows::get(&mut *connection, &self.row.id).await? else { return Ok(false) };
            let now = Self::read(row)?;
            if now.was != self.was {
                return Ok(false);
            }
            self.row.revision = now.row.revision;
        }
        Ok(true)
    }

    /// The state of the flow as the store has it now; none when the flow is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn current_state(&self, connection: &mut AnyConnection) -> Result<Option<S>> {
        let row = rows::get(connection, &self.row.id).await?;
        Ok(row.map(Self::read).transpose()?.map(|flow| flow.state))
    }

    /// Gives the flow a new token because more was proven; the old token accepts only a resubmission of the same form.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn renew(
        &mut self,
        connection: &mut AnyConnection,
        token: &Token,
        mac: &FormMac,
        now: Millis,
    ) -> Result<()> {
        let id = token.id();
        rows::renew(connection, &self.row.id, &id, mac, now).await?;
        self.row.id = id;
        Ok(())
    }

    /// Records the account that the flow has proven, and how. The flow then ends with the next change of that account's key or
    /// representative, also with one that happened after the account was read; a flow with a proof of identity only with a key that
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
            feedback: self.feedback.clone(),
            captcha: self.captcha.clone(),
        };
        serde_json::to_string(&body).map_err(|_| StoreError::Corrupt("flow"))
    }

    fn read(row: FlowRow) -> Result<Self> {
        let body: Body<S> = serde_json::from_str(&row.body).map_err(|_| StoreError::Corrupt("flow"))?;
        Ok(Self {
            row,
            was: body.state.clone(),
            state: body.state,
            typed: body.typed,
            feedback: body.feedback,
            captcha: body.captcha,
            form: None,
        })
    }
}
