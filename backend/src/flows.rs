//! Flows kept in the store, with their state typed: opened, found by the token of a cookie, saved with a revision,
//! renewed each time more was proven (docs/decisions/0009).

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::field::Field;
use domain::flow::{AccountId, Feedback};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::flow_locks::FlowLock;
use crate::secrets::{Secrets, random_token, token_id};
use crate::store::accounts::AccountVersion;
use crate::store::flows::{self as rows, FlowRow};
use crate::store::{Result, StoreError};

/// The token in a browser's cookie: 128 bits that nobody can guess, whoever has it has the flow.
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

    /// A new one.
    pub(crate) fn random() -> Result<Self> {
        Ok(Self(random_token()?))
    }

    /// The one that comes after this one, at a rise of trust earned by the form with this `mac`. It is the same for the same
    /// form again, so that of two requests of one browser none takes the flow from the other, whichever the browser hears.
    pub(crate) fn next(&self, secrets: &Secrets, mac: &str) -> Self {
        Self(secrets.token("next flow token", &[&self.0, mac]))
    }

    /// How it is kept in the store.
    pub(crate) fn id(&self) -> String {
        token_id(&self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What was typed so far, by the name of its field. Keys and answers never get in; a serial that was refused stays
/// until the next try, so that it can be compared with the card and mended. `Debug` hides all of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed {
    fields: BTreeMap<String, String>,
    /// Something was too long to be kept whole.
    #[serde(skip)]
    cut: bool,
}

impl Typed {
    /// Longest text that is kept of a field, in characters.
    const MOST: usize = 256;

    /// Keeps what was typed into a field; secrets are left out whatever the caller says.
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

    /// Keeps a part of a field that has more than one control, such as an area code.
    #[must_use]
    pub fn with_part(mut self, name: &str, text: &str) -> Self {
        let mut rest = text.chars();
        self.fields.insert(name.to_owned(), rest.by_ref().take(Self::MOST).collect());
        self.cut |= rest.next().is_some();
        self
    }

    /// What was typed into a control.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Forgets what was typed into a field.
    pub fn forget(&mut self, field: Field) {
        self.fields.remove(field.name());
    }

    /// All of it as one text, to tell whether a form is the same again. Of what was too long to be kept nobody can tell: then
    /// no other form is the same.
    pub(crate) fn to_text(&self) -> Result<String> {
        if self.cut {
            return Ok(random_token()?);
        }
        serde_json::to_string(&self.fields).map_err(|_| StoreError::Corrupt("flow"))
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

/// A flow under way, with its state.
#[derive(Debug, Clone)]
pub struct Flow<S> {
    row: FlowRow,
    /// The state as it was read or written last.
    was: S,
    /// Where it stands; only `domain` makes transitions.
    pub state: S,
    /// What was typed.
    pub typed: Typed,
    /// What its page has to say.
    pub feedback: Feedback,
    /// Id of the captcha that is shown, if one is.
    pub captcha: Option<String>,
    /// While a form is carried out on it, no other is.
    pub(crate) lock: Option<Arc<FlowLock>>,
}

impl<S> Flow<S> {
    /// The tag that stands in the forms of this flow.
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
                created_at,
                expires_at,
            },
            was: state.clone(),
            state,
            typed,
            feedback,
            captcha: None,
            lock: None,
        };
        flow.row.body = flow.body()?;
        rows::insert(connection, &flow.row).await?;
        Ok((flow, token))
    }

    /// The flow of a token, unless it has expired, or what was proven in it has changed since.
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

    /// The flow that was renewed a moment ago by the very form that comes again now (a double click, or a line that
    /// broke before the answer). `mac` is the keyed hash of the form with everything typed, which only who typed it can
    /// repeat.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_renewed(
        connection: &mut AnyConnection,
        token: &Token,
        mac: &str,
        now: Millis,
    ) -> Result<Option<Self>> {
        rows::find_renewed(connection, &token.id(), mac, now).await?.map(Self::read).transpose()
    }

    /// Writes the flow. False when another request changed it meanwhile; then nothing is written.
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

    /// Writes the outcome of a proof that is spent already. Another request may have changed meanwhile what the page
    /// says (the same form sent twice: its captcha was used); that does not count. False only when the flow is no
    /// longer at the step where it was read, or is gone; then nothing is written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_outcome(&mut self, connection: &mut AnyConnection, expires_at: Millis) -> Result<bool> {
        // Each turn means that another request has written in between.
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

    /// Where the flow stands now, when another request has changed it since; none when it is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stands(&self, connection: &mut AnyConnection) -> Result<Option<S>> {
        let row = rows::get(connection, &self.row.id).await?;
        Ok(row.map(Self::read).transpose()?.map(|flow| flow.state))
    }

    /// Gives the flow a new token after a rise of trust; the old one is good for nothing but the same form again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn renew(
        &mut self,
        connection: &mut AnyConnection,
        token: &Token,
        mac: &str,
        now: Millis,
    ) -> Result<()> {
        let id = token.id();
        rows::renew(connection, &self.row.id, &id, mac, now).await?;
        self.row.id = id;
        Ok(())
    }

    /// Says to whom the flow belongs, once it is proven: it ends with the next change of that account's key or
    /// representative, also one that came between the look at the account and this.
    pub fn belongs_to(&mut self, owner: AccountVersion) {
        self.row.account_id = Some(owner.account.0);
        self.row.account_epoch = Some(owner.epoch);
    }

    /// To whom it belongs, if it is proven.
    #[must_use]
    pub fn account_version(&self) -> Option<AccountVersion> {
        let (account, epoch) = (self.row.account_id?, self.row.account_epoch?);
        Some(AccountVersion { account: AccountId(account), epoch })
    }

    /// Ends every other proven flow of its account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_others(&self, connection: &mut AnyConnection, account: AccountId) -> Result<()> {
        rows::end_others(connection, account.0, &self.row.id).await
    }

    /// Deletes the flow.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(self, connection: &mut AnyConnection) -> Result<()> {
        rows::delete(connection, &self.row.id).await
    }

    /// Which flow of which kind this is.
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
            lock: None,
        })
    }
}
