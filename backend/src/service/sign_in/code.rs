//! “Código” → “Continuar”: the code of a mail, where a system wants it besides the key.
//!
//! A mail goes out only by a form of who has typed the key, to the address on file and within the caps of messages. A try is counted
//! before it is checked: five per code, [`TRIES_PER_DAY`] per account.

use domain::email::Email;
use domain::field::{Field, FieldError};
use domain::flow::sign_in::{AskCode, CodeVerdict, ConnectionOnFile, Mailed, Next, SignIn, SignedIn};
use domain::flow::{AccountId, Feedback, Notice};
use domain::mail_code::MailCode;
use domain::openid::client::Client;

use super::{SignInService, SignInStep, earned, issue};
use crate::clock::{DAY, MINUTE, Millis};
use crate::courier::Facts;
use crate::flows::{Flow, Token, Typed};
use crate::message::{Recipient, Template};
use crate::secrets::{random_below, random_token, token_id};
use crate::service::exit::{Check, Exit, OrShow as _, Step};
use crate::service::outcome::OutcomeTx;
use crate::service::{NextStep, Posted, Result};
use crate::store::accounts::{self, Account};
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::sessions::SessionRow;
use crate::store::{StoreError, mail_codes, quota, sessions, sign_in_codes};

/// Most codes that are looked at for one account in a day (UTC), right or wrong: somebody who knows the key and guesses is right once in
/// some thirteen thousand years.
const TRIES_PER_DAY: i64 = 30;

/// What keeps the tries of a day.
const TRIES: &str = "sign-in-code/day";

impl SignInService<'_> {
    /// “Código” → “Continuar”.
    pub async fn code(&self, posted: Posted<'_>, session: Option<&Token>, text: &str) -> Result<SignInStep> {
        let next = self.backend.run(self.coded(&posted, session, text)).await?;
        let mut step = self.step(next);
        // Who has proven more goes on under another cookie. A wrong code leaves the state, and the cookie, as they are.
        if matches!(step.next.state, SignIn::Consent(_) | SignIn::Done(_)) && step.next.state.opens_session()
        {
            step.session =
                step.next.token.as_ref().map(|earned| self.session_token(earned)).transpose()?.flatten();
        }
        Ok(step)
    }

    async fn coded(&self, posted: &Posted<'_>, session: Option<&Token>, text: &str) -> Step<SignIn> {
        let backend = self.backend;
        let mut flow = self.found("code", posted).await?;
        let SignIn::Code(asked) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
        let Some(client) = self.client_of(&flow).await? else { return Err(self.gone()) };
        let Some((token, row)) = self.session_of(&asked, session).await? else {
            return self.begin_again(flow, &asked).await;
        };
        let Some(id) = asked.code().map(str::to_owned) else { return Ok(NextStep::unchanged(flow)) };
        flow.typed = Typed::default();
        let code = MailCode::parse(text).map_err(|error| FieldError::new(Field::MailCode, error.into()));
        let code = code.or_show(&flow)?;
        let verdict = self.try_code(&id, &code, asked.who().account()).await.or_show(&flow)?;
        let right = match asked.clone().checked(verdict) {
            Ok(right) => right,
            Err(error) => return Err(Exit::show(flow, error)),
        };
        let who = right.who().clone();
        let before = match &client {
            Some(client) => self.connection_on_file(&who, client).await?,
            None => ConnectionOnFile::default(),
        };
        let next = match right.go_on(client.as_ref(), &before) {
            Ok(next) => next,
            Err(error) => return self.refused(flow, error).await,
        };
        let earned = earned(&flow)?;
        let opened = token_id(&self.session_text(&earned));
        let mut tx = backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        // The account first, as in every transaction that writes it: its address cannot change before this ends.
        let account = accounts::lock(&mut tx, who.account()).await?;
        let mail = usable(&account).map_or_else(String::new, |email| backend.mail_mac(email));
        let goes_on = sessions::replace(&mut tx, &token.id()).await?
            && sign_in_codes::spend(&mut tx, &id, &mail, now).await?;
        if !goes_on {
            drop(tx);
            return Err(Exit::Conflict(Box::new(flow)));
        }
        // Who types it has read a message there (A-MAIL).
        let email = account.email.as_ref().map_or("", Email::as_str);
        mail_codes::confirm(&mut tx, account.id, email, now).await?;
        tx.record(Record::new(account.id, Event::SignInCode, Outcome::Right)).await?;
        let code = self.code_text(&earned);
        let (state, grant) = match next {
            Next::Granted(granted) => {
                let grant = granted.grant();
                (granted.done(), grant)
            }
            Next::Consent(consent) => (SignIn::Consent(consent), None),
            Next::Code(_) => return Err(StoreError::Corrupt("sign-in").into()),
        };
        let ended = tx.end_flow(flow, state).await?;
        issue(&mut tx, grant, (&row.sid, row.epoch), (None, &code)).await?;
        sessions::open_since(&mut tx, (&opened, &row.sid), (&who, row.epoch), (row.created_at, now)).await?;
        Ok(tx.finish(ended, Record::new(account.id, Event::SignedIn, Outcome::Done)).await?)
    }

    /// “Enviar otro código”; or the first one, once the account has an address.
    pub async fn another_code(&self, posted: Posted<'_>, session: Option<&Token>) -> Result<SignInStep> {
        let next = self.backend.run(self.sent_again(&posted, session)).await?;
        Ok(self.step(next))
    }

    async fn sent_again(&self, posted: &Posted<'_>, session: Option<&Token>) -> Step<SignIn> {
        let backend = self.backend;
        let mut flow = self.found("another_code", posted).await?;
        let SignIn::Code(asked) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
        let Some(client) = self.client_of(&flow).await? else { return Err(self.gone()) };
        let Some((_, row)) = self.session_of(&asked, session).await? else {
            return self.begin_again(flow, &asked).await;
        };
        let mut tx = backend.begin_outcome(self.caller).await?;
        if !sessions::hold(&mut tx, &row.sid).await? {
            drop(tx);
            return self.begin_again(flow, &asked).await;
        }
        let mailed = self.mail_code(&mut tx, asked.who(), client.as_ref()).await?;
        let (about, former) = (asked.who().account(), asked.code().map(str::to_owned));
        let outcome = outcome_of(&mailed);
        let state = asked.again(mailed);
        if let Some(former) = former.filter(|former| state.code() != Some(former)) {
            sign_in_codes::delete(&mut tx, &former).await?;
        }
        flow.feedback = match (outcome, state.code()) {
            (Outcome::Done, _) => Notice::NewCode.into(),
            (_, Some(_)) => Notice::CodesToday.into(),
            (_, None) => Feedback::default(),
        };
        flow.typed = Typed::default();
        flow.state = SignIn::Code(state);
        if !flow.save_outcome(&mut tx, backend.times::<SignIn>()).await? {
            drop(tx);
            return Err(Exit::Conflict(Box::new(flow)));
        }
        tx.commit(Record::new(about, Event::CodeSent, outcome)).await?;
        Ok(NextStep::saved(flow))
    }

    /// Sends a code to the address on file, in the transaction of the form. As in a recovery, not to one of which there is reason to
    /// doubt whose it is.
    pub(super) async fn mail_code(
        &self,
        tx: &mut OutcomeTx<'_>,
        who: &SignedIn,
        client: Option<&Client>,
    ) -> Result<Mailed> {
        let backend = self.backend;
        let account = accounts::get(&mut *tx, who.account()).await?;
        let email = match (usable(&account), &account.email) {
            (Some(email), _) => email.clone(),
            (None, Some(_)) => return Ok(Mailed::Doubted),
            (None, None) => return Ok(Mailed::NoAddress),
        };
        let to = [Some(Recipient::Mail(email.clone()))];
        let admitted = tx.admit(account.id, Template::SignInCode, to).await?;
        if !admitted.has_mail() {
            return Ok(Mailed::Capped);
        }
        let code = MailCode::from_random(random_below(MailCode::COUNT).map_err(StoreError::from)?);
        let (id, now) = (random_token().map_err(StoreError::from)?, tx.now());
        let hashes = (self.hash_of_code(&id, &code), backend.mail_mac(&email));
        sign_in_codes::insert(&mut *tx, &id, (&hashes.0, &hashes.1), now).await?;
        let facts = Facts {
            names: account.names_for_notices(who.kind()),
            code: Some(&code),
            until: Some(now + sign_in_codes::LIVES),
            system: client.map_or("", |client| &client.name),
            public_url: &backend.settings.public_url,
            kind: who.kind(),
            ..Facts::default()
        };
        tx.write_messages(account.id, Template::SignInCode, admitted, facts).await?;
        Ok(Mailed::To { code: id, address: email.masked() })
    }

    /// Counts a try, then checks it. A code for an address that was replaced meanwhile counts no longer.
    async fn try_code(&self, id: &str, code: &MailCode, about: AccountId) -> Check<CodeVerdict> {
        let (backend, now) = (self.backend, self.backend.now());
        let connection = &mut *backend.store.connection().await?;
        let today = now.div_euclid(DAY);
        let subject = backend
            .secrets
            .mac_text("codes of an account today", &[&about.0.to_string(), &today.to_string()]);
        if !quota::take(&mut *connection, TRIES, &subject, TRIES_PER_DAY, now).await? {
            return Err(until_tomorrow(now).into());
        }
        let stored = sign_in_codes::try_one(&mut *connection, id, now).await?;
        let account = accounts::get(&mut *connection, about).await?;
        let mail = usable(&account).map(|email| backend.mail_mac(email));
        let verdict = match stored {
            Some(stored) if mail.as_ref() != Some(&stored.mail) => CodeVerdict::Over,
            Some(stored) if stored.code == self.hash_of_code(id, code) => CodeVerdict::Right,
            Some(stored) if stored.is_last => CodeVerdict::Over,
            Some(_) => CodeVerdict::Wrong,
            None => CodeVerdict::Over,
        };
        let outcome = match verdict {
            // Written by the transaction that uses it up.
            CodeVerdict::Right => return Ok(verdict),
            CodeVerdict::Wrong => Outcome::Wrong,
            CodeVerdict::Over => Outcome::Expired,
        };
        audit::write(connection, Record::new(about, Event::SignInCode, outcome), self.caller, now).await?;
        Ok(verdict)
    }

    /// The session in which the key was typed, if it goes on: that of this browser, of the same person.
    async fn session_of<'t>(
        &self,
        asked: &AskCode,
        session: Option<&'t Token>,
    ) -> Result<Option<(&'t Token, SessionRow)>> {
        let row = self.session(session).await?.filter(|row| row.is_of(asked.who(), row.epoch));
        Ok(session.zip(row))
    }

    /// The session has ended, or another person has signed in in this browser: the key is asked for.
    async fn begin_again(&self, mut flow: Flow<SignIn>, asked: &AskCode) -> Step<SignIn> {
        flow.state = SignIn::begin(asked.to().clone());
        Ok(self.backend.save_and_show(flow, Notice::Expired).await?)
    }

    fn hash_of_code(&self, id: &str, code: &MailCode) -> String {
        self.backend.secrets.mac_text("code of a sign-in by mail", &[id, code.expose()])
    }
}

/// The address to which a code may go.
fn usable(account: &Account) -> Option<&Email> {
    account.email.as_ref().filter(|_| account.contact_proof.is_offered())
}

/// How the audit names what came of a mail.
pub(super) fn outcome_of(mailed: &Mailed) -> Outcome {
    match mailed {
        Mailed::To { .. } => Outcome::Done,
        Mailed::Capped => Outcome::DailyCap,
        Mailed::NoAddress => Outcome::NoSuchData,
        Mailed::Doubted => Outcome::NotValid,
    }
}

fn until_tomorrow(now: Millis) -> Notice {
    let left = (now.div_euclid(DAY) + 1) * DAY - now;
    Notice::Wait { minutes: u32::try_from(left.div_euclid(MINUTE) + 1).unwrap_or(u32::MAX) }
}
