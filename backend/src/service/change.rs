//! Change of a key: N-CHG, M-CHG, J-CHG, and that of a foreign facilitator. The current key or a provisional one is the proof; a
//! company also names the representative whom SII names. Then the new key is set.

use domain::clave::{NewKey, ProvisionalKey};
use domain::field::{Field, FieldError, Reason};
use domain::flow::change::{Change, Proven, SetKey};
use domain::flow::contact::ContactProof;
use domain::flow::key::KeyVerdict;
use domain::flow::recovery::{KeySent, Recovery};
use domain::flow::{AccountId, Feedback, Notice, Representative};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::needs::{self, Datum, Need};
use domain::openid::client::Client;
use domain::rut::Rut;
use sqlx::AnyConnection;

use super::captcha::require_captcha_answer;
use super::exit::{Check, Exit, FirstPage, OrShow as _, Refusal, Step};
use super::kept::SecretOwner;
use super::outcome::OutcomeTx;
use super::proofs::CheckedAttempt;
use super::step::Found;
use super::{Backend, Caller, NextStep, Posted, Result, contacts};
use crate::caller::NewBrowser;
use crate::clock::{DAY, HOUR, Millis};
use crate::courier::Facts;
use crate::flows::{Flow, Token, Typed};
use crate::message::Template;
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::provisional::{self, KeyContact, KeyProof};
use crate::store::{former_contact, mail_codes, uploads};

/// Most keys of an account that key or answer set in 24 hours. A proof of identity sets any number.
const KEYS_BY_SECRET: i64 = 5;

/// Where the last page of a recovery leads.
#[derive(Debug)]
pub enum AfterRecovery {
    /// Back to that page, which says why.
    Stays(NextStep<Recovery>),
    /// To the change that begins.
    Changes(NextStep<Change>),
}

/// What a key that was right opens.
struct Opened {
    state: Change,
    account: Option<Account>,
    proof: KeyProof,
}

/// The change flow of one kind, for one request.
pub struct ChangeService<'a> {
    backend: &'a Backend,
    kind: Kind,
    caller: &'a Caller,
}

impl Backend {
    /// The change flow of a kind.
    #[must_use]
    pub fn change<'a>(&'a self, kind: Kind, caller: &'a Caller) -> ChangeService<'a> {
        ChangeService { backend: self, kind, caller }
    }
}

impl ChangeService<'_> {
    fn name(&self) -> String {
        format!("cambiar-{}", self.kind.slug())
    }

    /// The flow of a cookie, to show its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Change>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// The system for which the key was recovered that led to the end of this flow, if a sign-in can begin there anew: for the page of
    /// another browser than the one in which the sign-in waits.
    pub async fn system(&self, flow: &Flow<Change>) -> Result<Option<Client>> {
        let Some(owner) = flow.account_version() else { return Ok(None) };
        let since = self.backend.now() - HOUR;
        let connection = &mut *self.backend.store.connection().await?;
        let Some(id) = provisional::system_of_last(connection, owner.account, since).await? else {
            return Ok(None);
        };
        Ok(self.backend.client(&id).await?.filter(|client| client.initiate.is_some()))
    }

    /// “Rut” or “NIE”, “CS Actual” → “Validar”. Always a new flow, under a new token. Of a company also `representative`,
    /// “Rut Representante Legal” (J-CHG); of others it is not read.
    pub async fn identify(
        &self,
        posted: Posted<'_>,
        who: IdentifierInput<'_>,
        representative: &str,
        key: &str,
    ) -> Result<NextStep<Change>> {
        self.backend.run(self.identified(&posted, (who, representative), key)).await
    }

    /// “Clave provisoria” on the last page of a recovery, in the browser that went through it: the account is known, and no second
    /// captcha is asked for. `posted` is of that page; `change` is the token of the change of this browser, which ends. Of a company SII
    /// is asked as always: about the representative whose cédula was shown, or else about `representative`, who is typed there. What
    /// is wrong is said on that page, which knows whose key it is and does not show it.
    pub async fn after_recovery(
        &self,
        posted: Posted<'_>,
        change: Option<&Token>,
        representative: &str,
        key: &str,
    ) -> Result<AfterRecovery> {
        let (backend, name) = (self.backend, format!("recuperar-{}", self.kind.slug()));
        let elsewhere = match backend.found::<Recovery>(&name, "provisional", &posted).await? {
            Found::Here(flow) => match &flow.state {
                Recovery::Sent(KeySent { account: Some(account), representative: proven, .. }) => {
                    let (account, proven) = (*account, *proven);
                    let typed = (representative, key);
                    let moved = self.at_the_end(flow, (account, proven), &posted, change, typed).await;
                    return Ok(match moved {
                        Ok(moved) => AfterRecovery::Changes(moved),
                        Err(exit) => AfterRecovery::Stays(backend.run(async { Err(exit) }).await?),
                    });
                }
                _ => Notice::OtherTab,
            },
            Found::Again(Flow { state, .. }, token) => {
                return Ok(AfterRecovery::Stays(NextStep { state, token: Some(token) }));
            }
            Found::OtherTab(_) => Notice::OtherTab,
            Found::NoFlow => Notice::Expired,
        };
        // Whose key it is has to be said again.
        Ok(AfterRecovery::Changes(backend.start(self.first(Typed::default()), elsewhere).await?))
    }

    /// The same, of a recovery that has sent its key. `proven` is the representative whose cédula was shown.
    async fn at_the_end(
        &self,
        mut flow: Flow<Recovery>,
        (account, proven): (AccountId, Option<Rut>),
        posted: &Posted<'_>,
        change: Option<&Token>,
        (representative, key): (&str, &str),
    ) -> Step<Recovery, NextStep<Change>> {
        let backend = self.backend;
        if proven.is_none() && self.kind == Kind::Juridica {
            flow.typed = flow.typed.with(Field::Representative, representative);
        }
        let letters = backend.letters(&mut flow, posted).await?;
        let by = (self.caller, letters);
        let identifier = accounts::identifier(&mut *backend.store.connection().await?, account).await?;
        let shown = proven.map(|rut| rut.to_string());
        let represented = match self.kind {
            Kind::Juridica => {
                let named = shown.as_deref().unwrap_or(representative);
                let represented = backend.represented(&identifier, named, key, by).await;
                let no_longer = proven.map_or(Reason::WrongAtTheEnd, |_| Reason::NotRepresentative);
                Some(represented.map_err(|refusal| of_last_page(refusal, no_longer)).or_show(&flow)?)
            }
            Kind::Natural | Kind::Migrante | Kind::Facilitador => None,
        };
        let wrong = match (self.kind, proven) {
            (Kind::Juridica, None) => Reason::WrongAtTheEnd,
            _ => Reason::WrongProvisional,
        };
        let who = IdentifierInput::Number(&identifier);
        let tried = backend.try_key(self.kind, who, key, by).await;
        let tried = tried.map_err(|refusal| of_last_page(refusal, wrong)).or_show(&flow)?;
        let opened = self.opened(represented.as_ref(), tried).await;
        let opened = opened.map_err(|refusal| of_last_page(refusal, wrong)).or_show(&flow)?;
        let opened = Opened { state: opened.state.after_recovery(), ..opened };
        let first = self.first(Typed::default());
        backend.end_old::<Change>(&first.name, change).await?;
        let moved = self.begun(first, represented.as_ref(), opened).await?;
        // “Volver” leads there: what was wrong before is not any more. It keeps its token, because the answer brings that of the change.
        (flow.feedback, flow.typed) = (Feedback::default(), Typed::default());
        flow.without_form()
            .save(&mut *backend.store.connection().await?, backend.times::<Recovery>())
            .await?;
        Ok(moved)
    }

    /// The page at which a change begins.
    fn first(&self, typed: Typed) -> FirstPage<Change> {
        FirstPage { name: self.name(), caller: self.caller.clone(), state: Change::Identify, typed }
    }

    /// Checks who it is and the key, and begins the flow.
    async fn identified(
        &self,
        posted: &Posted<'_>,
        (who, representative): (IdentifierInput<'_>, &str),
        key: &str,
    ) -> Step<Change> {
        let backend = self.backend;
        let first = self.first(self.typed(who).with(Field::Representative, representative));
        let letters = backend.letters_of_first(&first, "identify", posted).await?;
        let by = (self.caller, letters);
        backend.end_old::<Change>(&first.name, posted.token).await?;
        // SII first: what it says is no secret, and where it says no, the key need not be checked.
        let represented = match self.kind {
            Kind::Juridica => {
                let represented = backend.represented(who.number(), representative, key, by);
                Some(represented.await.or_begin(&first)?)
            }
            Kind::Natural | Kind::Migrante | Kind::Facilitador => None,
        };
        let tried = backend.try_key(self.kind, who, key, by).await.or_begin(&first)?;
        let opened = self.opened(represented.as_ref(), tried).await.or_begin(&first)?;
        Ok(self.begun(first, represented.as_ref(), opened).await?)
    }

    /// A sign-in was tried with a provisional key: the flow in which a key is set, as if that had been typed here. `old` is the token of
    /// the flow of this browser that it ends.
    pub(super) async fn after_sign_in(
        &self,
        old: Option<&Token>,
        represented: Option<&Representative>,
        tried: CheckedAttempt<KeyVerdict>,
    ) -> Result<NextStep<Change>> {
        let (backend, first) = (self.backend, self.first(Typed::default()));
        backend
            .run(async {
                backend.end_old::<Change>(&first.name, old).await?;
                let opened = self.opened(represented, tried).await.or_begin(&first)?;
                let opened = Opened { state: opened.state.after_sign_in(), ..opened };
                Ok(self.begun(first, represented, opened).await?)
            })
            .await
    }

    /// What the key that was checked opens.
    async fn opened(
        &self,
        represented: Option<&Representative>,
        tried: CheckedAttempt<KeyVerdict>,
    ) -> Check<Opened> {
        let backend = self.backend;
        let proof = self.proof(&tried.verdict).await?;
        let missing = self.missing(tried.account.as_ref());
        let (who, verdict) = (tried.identifier.clone(), &tried.verdict);
        let state = match Change::identify(self.kind, who, represented, verdict, missing) {
            Ok(state) => state,
            Err(error) => return Err(tried.refused(backend, error).into()),
        };
        let account = tried.succeeded(backend).await?;
        self.check_keys_today(account.as_ref(), proof).await?;
        Ok(Opened { state, account, proof })
    }

    /// Begins the flow that was opened.
    async fn begun(
        &self,
        mut first: FirstPage<Change>,
        represented: Option<&Representative>,
        Opened { state, account, proof }: Opened,
    ) -> Result<NextStep<Change>> {
        let backend = self.backend;
        (first.state, first.typed) = (state, Typed::default());
        let (mut flow, token) = backend.open(first, Feedback::default()).await?;
        if let Some(account) = account {
            flow.belongs_to(self.version(&account, represented, proof).await?);
        }
        if matches!(flow.state, Change::NewKey(_)) {
            backend.new_captcha(&mut flow, self.caller).await?;
        }
        flow.save(&mut *backend.store.connection().await?, backend.times::<Change>()).await?;
        Ok(NextStep { state: flow.state, token: Some(token) })
    }

    /// The version of the account that such a proof is bound to. Of a company, the representative whom SII names is noted first.
    async fn version(
        &self,
        account: &Account,
        represented: Option<&Representative>,
        proof: KeyProof,
    ) -> Result<AccountVersion> {
        let Some(named) = represented else { return Ok(account.version(proof)) };
        self.backend.note_representative(account, (named.rut(), proof), self.caller).await
    }

    /// What earned the key that was typed.
    async fn proof(&self, verdict: &KeyVerdict) -> Result<KeyProof> {
        let KeyVerdict::Provisional(_, id) = *verdict else { return Ok(KeyProof::Secret) };
        Ok(provisional::proof(&mut *self.backend.store.connection().await?, id).await?)
    }

    /// Refuses a further key, after too many that no proof of identity earned: each ends the one before and writes to the owner.
    async fn check_keys_today(&self, account: Option<&Account>, proof: KeyProof) -> Check<()> {
        let (Some(account), KeyProof::Secret) = (account, proof) else { return Ok(()) };
        let connection = &mut *self.backend.store.connection().await?;
        if most_keys_today(connection, account.id, self.backend.now()).await? {
            return Err(Notice::KeysToday.into());
        }
        Ok(())
    }

    /// What was typed as an identifier.
    fn typed(&self, who: IdentifierInput<'_>) -> Typed {
        match who {
            IdentifierInput::Number(number) => Typed::default().with(Identifier::field(self.kind), number),
            IdentifierInput::Document { kind, number } => {
                Typed::default().with(Field::DocumentKind, kind).with(Field::DocumentNumber, number)
            }
        }
    }

    fn missing(&self, account: Option<&Account>) -> Vec<Datum> {
        account.map_or_else(Vec::new, |account| needs::missing(self.kind, Need::SetKey, account.on_file()))
    }

    /// A-MIN: “Continuar” after data was missing.
    pub async fn resume(&self, posted: Posted<'_>) -> Result<NextStep<Change>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("resume", &posted).await?;
                let Change::MissingData(stopped) = flow.state.clone() else {
                    return Ok(NextStep::unchanged(flow));
                };
                let account =
                    accounts::get(&mut *backend.store.connection().await?, stopped.account()).await?;
                flow.state = stopped.resume(self.missing(Some(&account)));
                if matches!(flow.state, Change::MissingData(_)) {
                    return Err(Exit::show(flow, Notice::StillMissing));
                }
                backend.new_captcha(&mut flow, self.caller).await?;
                Ok(backend.save_and_show(flow, Feedback::default()).await?)
            })
            .await
    }

    async fn found(&self, step: &str, posted: &Posted<'_>) -> Step<Change, Flow<Change>> {
        self.backend.found_or_first(&self.name(), step, posted).await
    }

    /// “Refrescar”. A key that may be set stays, sealed.
    pub async fn new_captcha(&self, posted: Posted<'_>, key: &str, again: &str) -> Result<NextStep<Change>> {
        self.backend
            .run(async {
                let mut flow = self.found("captcha", &posted).await?;
                let Change::NewKey(proven) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
                let (account, _) = self.with_former_keys(&proven).await?;
                let names = account.names.as_deref().unwrap_or_default();
                let owner = SecretOwner::Read(proven.identifier().clone());
                self.backend.new_key(&mut flow, (key, again), &owner, names)?;
                self.backend.new_captcha(&mut flow, self.caller).await?;
                Ok(self.backend.save_and_show(flow, Notice::NewCaptcha).await?)
            })
            .await
    }

    /// “CS Nueva”, “Repetir CS Nueva”, captcha → “Cambiar Clave”.
    pub async fn set_key(
        &self,
        posted: Posted<'_>,
        key: &str,
        again: &str,
        captcha: &str,
    ) -> Result<NextStep<Change>> {
        let backend = self.backend;
        let moved = backend
            .run(async {
                let mut flow = self.found("set_key", &posted).await?;
                let Change::NewKey(proven) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
                let (account, former) = self.with_former_keys(&proven).await?;
                flow.typed = Typed::default().with(Field::Captcha, captcha);
                let names = account.names.as_deref().unwrap_or_default();
                let owner = SecretOwner::Read(proven.identifier().clone());
                let [key, again] = backend.new_key(&mut flow, (key, again), &owner, names)?;
                let new = proven.new_key(&key, &again, names);
                let (new, right) = if let Some(right) = proven.without_captcha() {
                    (new.or_show(&flow)?, right)
                } else {
                    let new = require_captcha_answer(new, captcha, &posted).or_show(&flow)?;
                    let verdict = backend.check_captcha(&mut flow, &posted, captcha, self.caller).await?;
                    (new, proven.captcha(verdict).or_show(&flow)?)
                };
                self.check_never_used(&proven, &new, &former).await.or_show(&flow)?;
                let hash = backend.hasher.hash(new.expose()).await.or_show(&flow)?;
                self.write(flow, right, &hash).await
            })
            .await?;
        if let (Change::Done { .. }, Some(earned)) = (&moved.state, &moved.token) {
            // Only if this very form set the key, in this request or in an earlier one with the same form.
            backend
                .issue_if_known(NewBrowser::for_flow_token(&backend.secrets, earned.expose()), self.caller)
                .await?;
        }
        Ok(moved)
    }

    /// The account, and the hashes of every key that it has or had.
    async fn with_former_keys(&self, proven: &Proven) -> Result<(Account, Vec<String>)> {
        let connection = &mut *self.backend.store.connection().await?;
        let account = accounts::get(connection, proven.account()).await?;
        let mut former = accounts::former_keys(connection, proven.account()).await?;
        // The key that an import brought was never set here.
        former.extend(account.key_hash.clone().filter(|hash| !former.contains(hash)));
        Ok((account, former))
    }

    /// Refuses a key that the account has or had, and one that is a provisional key: that one came by mail, and would stay valid
    /// for good.
    async fn check_never_used(&self, proven: &Proven, new: &NewKey, former: &[String]) -> Check<()> {
        let backend = self.backend;
        if let Some(typed) = ProvisionalKey::parse(new.expose()) {
            let (id, now) = (proven.account(), backend.now());
            let sent = provisional::newest(&mut *backend.store.connection().await?, id, now).await?;
            for provisional in sent {
                if backend.hasher.verify(typed.expose(), Some(&provisional.key_hash)).await? {
                    return Err(FieldError::new(Field::NewKey, Reason::Provisional).into());
                }
            }
        }
        for hash in former {
            if backend.hasher.verify(new.expose(), Some(hash)).await? {
                return Err(FieldError::new(Field::NewKey, Reason::UsedBefore).into());
            }
        }
        Ok(())
    }

    /// Sets the key: one transaction, with the provisional key that proved it, the contact data that came with it, and a message
    /// to every address, the former ones included.
    async fn write(&self, mut flow: Flow<Change>, right: SetKey, hash: &str) -> Step<Change> {
        let (backend, id) = (self.backend, right.account());
        let mut tx = backend.begin_outcome(self.caller).await?;
        let (now, account) = (tx.now(), accounts::lock(&mut tx, id).await?);
        let (mut notified, mut new, mut proof) =
            (contacts(&account).to_vec(), account.clone(), KeyProof::Secret);
        if let Some(provisional) = right.provisional() {
            let Some(used) = provisional::spend(&mut tx, provisional, now).await? else {
                drop(tx);
                return self.provisional_spent(flow).await;
            };
            proof = used.proof;
            if let Some(contact) = used.contact {
                new = self.put_on_file(&mut tx, &account, contact, right.company_name()).await?;
                notified.extend(contacts(&new).into_iter().filter(|to| !contacts(&account).contains(to)));
            }
            if let (Some(mailed_to), Some(email)) = (used.mailed_to, &new.email)
                && mailed_to == backend.mail_mac(email)
            {
                // The key was in no other message, so somebody has read that mail.
                mail_codes::confirm(&mut tx, id, email.as_str(), now).await?;
            }
        }
        if proof == KeyProof::Secret && most_keys_today(&mut tx, id, now).await? {
            // Checked again under the lock: of several flows at once, all passed the first check.
            drop(tx);
            return Err(Exit::show(flow, Notice::KeysToday));
        }
        let admitted = tx.admit(id, Template::KeyChanged, notified).await?;
        // A former mobile may get a notice, too.
        let by_sms = new.mobile.as_ref().is_some_and(|mobile| admitted.has_sms_to(mobile));
        let question_deleted = account.asked().is_some() && new.asked().is_none();
        // “Éxito” belongs to the account as it is after this change.
        flow.belongs_to(account.version(proof).next());
        let ended = tx.end_flow(flow, right.done(by_sms, question_deleted)).await?;
        accounts::set_key(&mut tx, id, (hash, proof), now).await?;
        provisional::replace(&mut tx, id, proof, now).await?;
        ended.0.end_others(&mut tx, id, proof).await?;
        uploads::expire_all(&mut tx, id, now).await?;
        // Under no new token the browser gets none: then no cookie matches this row.
        let earned = ended.0.new_token().map_or_else(Token::random, Ok)?;
        let browser = NewBrowser::for_flow_token(&backend.secrets, earned.expose());
        backend.only_this_browser(&mut tx, (&account, proof), (self.caller, &browser)).await?;
        let facts = Facts {
            names: if self.kind == Kind::Juridica {
                new.names.as_deref()
            } else {
                account.names_for_notices(self.kind)
            },
            public_url: &backend.settings.public_url,
            kind: self.kind,
            ..Facts::default()
        };
        tx.write_messages(id, Template::KeyChanged, admitted, facts).await?;
        let outcome = if proof.is_identity() { Outcome::ByIdentity } else { Outcome::Done };
        Ok(tx.finish(ended, Record::new(id, Event::KeySet, outcome)).await?)
    }

    /// Puts the contact data on file that the holder of a document gave or confirmed, and deletes what another person may have set
    /// before: the secret question, other contact data, and where nobody had proven that, what was registered with it.
    /// `company_name` is that of a company at SII. Returns the account as it is then.
    async fn put_on_file(
        &self,
        tx: &mut OutcomeTx<'_>,
        account: &Account,
        KeyContact { contact, proven }: KeyContact,
        company_name: Option<&str>,
    ) -> Result<Account> {
        let now = tx.now();
        let mut new = Account { question: None, answer_hash: None, ..account.clone() };
        if account.asked().is_some() {
            accounts::delete_question(&mut *tx, account.id, now).await?;
            tx.record(Record::new(account.id, Event::QuestionDeleted, Outcome::Done)).await?;
        }
        let replaced = !account.has_contact(&contact);
        let contact_proof = match (proven, replaced) {
            (true, _) => ContactProof::Proven,
            (false, true) => ContactProof::Doubted,
            (false, false) => account.contact_proof,
        };
        accounts::set_contact_proof(&mut *tx, account.id, contact_proof).await?;
        if replaced {
            former_contact::keep(&mut *tx, &self.backend.secrets, account, now).await?;
            accounts::replace_contact(&mut *tx, account.id, &contact, now).await?;
            if account.contact_proof != ContactProof::Proven {
                if self.kind == Kind::Juridica {
                    // A name that SII did not give was typed by the person who registered the company.
                    new.names = company_name.map(str::to_owned);
                }
                accounts::clear_registered(&mut *tx, account.id, new.names.as_deref(), now).await?;
            }
            tx.record(Record::new(account.id, Event::ContactReplaced, Outcome::Done)).await?;
            (new.email, new.mobile) = (Some(contact.email), contact.mobile);
        }
        Ok(new)
    }

    /// The provisional key that proved this flow can no longer be used.
    async fn provisional_spent(&self, flow: Flow<Change>) -> Step<Change> {
        let led = self.backend.where_another_led(&flow).await?;
        if let Some(led) = led.filter(|led| matches!(led.state, Change::Done { .. })) {
            // It was used in this flow, by the same form.
            return Ok(led);
        }
        // It was used in another flow, which has ended this one; or it was replaced, or expired meanwhile.
        flow.delete(&mut *self.backend.store.connection().await?).await?;
        Err(FieldError::new(Field::CurrentKey, Reason::Spent)).or_begin(&self.first(Typed::default()))
    }
}

/// The same refusal on the last page of a recovery, which asks for neither RUT nor NIE and knows which key was sent; `wrong` is what that
/// page calls a wrong key.
fn of_last_page(refusal: Refusal, wrong: Reason) -> Refusal {
    let there = |error: FieldError| match (error.field, error.reason) {
        (Field::CurrentKey, Reason::Missing) => FieldError { reason: Reason::NoProvisional, ..error },
        (
            Field::CurrentKey,
            Reason::Wrong | Reason::WrongForNie | Reason::WrongForCompany | Reason::WrongForDocument,
        ) => FieldError { reason: wrong, ..error },
        _ => error,
    };
    refusal.with_errors(there)
}

/// Whether key or answer have set as many keys of an account as a day allows.
async fn most_keys_today(connection: &mut AnyConnection, account: AccountId, now: Millis) -> Result<bool> {
    let set = audit::count_since(connection, account, (Event::KeySet, Outcome::Done), now - DAY).await?;
    Ok(set >= KEYS_BY_SECRET)
}
