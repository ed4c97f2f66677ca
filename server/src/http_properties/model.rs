//! Who has proven what, in plain values: accounts with their secrets, and for each token that the service gave what was proven under
//! it. Nothing of `domain` or `backend` decides here.

mod effects;

use std::collections::BTreeMap;

use app::errand::Errand;
use backend::clock::{HOUR, MINUTE, Millis};
use domain::flow::AccountId;
use domain::kind::Kind;

use super::browser::{Answer, Form, Page};
use super::party::{Contact, Field, Party};

pub(super) use effects::Allowed;

/// What is broken.
pub(super) type Verdict = Result<(), String>;

/// A provisional key that was sent.
#[derive(Debug, Clone)]
pub(super) struct SentKey {
    pub(super) id: i64,
    pub(super) hash: String,
    /// Known once the message was read.
    pub(super) text: Option<String>,
    pub(super) by_document: bool,
    /// To whom it goes.
    pub(super) to: Contact,
    /// What its use puts on file.
    pub(super) contact: Option<Contact>,
    pub(super) until: Millis,
    /// Used, or another took its place.
    pub(super) ended: bool,
    pub(super) used: bool,
}

/// An account.
#[derive(Debug, Clone)]
pub(super) struct AccountModel {
    pub(super) id: AccountId,
    who: Vec<Field>,
    document: Field,
    representative: Option<Field>,
    pub(super) key: String,
    pub(super) key_hash: String,
    pub(super) former: Vec<String>,
    /// None without a question on file.
    pub(super) answer: Option<String>,
    pub(super) answer_hash: Option<String>,
    pub(super) contact: Contact,
    pub(super) sent: Vec<SentKey>,
}

/// What was proven in a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Key,
    /// The provisional key with this place among those sent.
    Provisional(usize),
    Answer,
    Document,
    /// SII names the person who was typed. It proves nothing by itself, and comes before the document of a company.
    Representative,
    /// There is no question on file that could be asked.
    NoQuestion,
}

/// What a token stands for.
#[derive(Debug, Clone)]
pub(super) struct FlowModel {
    pub(super) errand: Errand,
    kind: Kind,
    /// Whose account.
    pub(super) subject: Option<usize>,
    pub(super) proofs: Vec<Proof>,
    /// In the hidden field of its pages.
    tag: Option<String>,
    /// Where the key will go; none for the contact data on file.
    destination: Option<Contact>,
    /// The answer that was chosen.
    chosen: Option<String>,
    done: bool,
    born: Millis,
    used: Millis,
    /// Why it must show nothing any more.
    ended: Option<&'static str>,
}

/// The model.
#[derive(Debug, Clone)]
pub(super) struct Model {
    kind: Kind,
    pub(super) accounts: [AccountModel; 2],
    pub(super) flows: BTreeMap<String, FlowModel>,
    /// Sealed captchas that have let something happen.
    captchas: Vec<String>,
    /// How often what happened.
    pub(super) count: Count,
}

/// How often what happened.
pub(super) type Count = BTreeMap<&'static str, u64>;

/// A form with what came of it.
pub(super) struct Posted<'a> {
    pub(super) form: &'a Form,
    /// What its answer is about.
    pub(super) errand: Option<Errand>,
    /// The token of its cookie.
    pub(super) token: Option<&'a str>,
    pub(super) answer: &'a Answer,
    /// The tokens that the very same form got before.
    pub(super) before: Vec<&'a str>,
    /// Whether the letters of its captcha are right.
    pub(super) letters: bool,
    pub(super) now: Millis,
}

impl AccountModel {
    pub(super) fn new(id: AccountId, party: &Party, key_hash: String, answer_hash: Option<String>) -> Self {
        Self {
            id,
            who: party.who.clone(),
            document: party.document.clone(),
            representative: party.representative(),
            key: party.key.clone(),
            key_hash,
            former: Vec::new(),
            answer: Some(party.answer.clone()),
            answer_hash,
            contact: party.contact.clone(),
            sent: Vec::new(),
        }
    }

    /// Whether a form names the representative whom SII names; so always of other kinds.
    fn is_represented(&self, form: &Form) -> bool {
        self.representative.as_ref().is_none_or(|(field, rut)| form.get(field) == rut)
    }

    /// What a typed key proves.
    fn proof_of(&self, key: &str, now: Millis) -> Option<Proof> {
        if key == self.key {
            return Some(Proof::Key);
        }
        let sent = self.sent.iter().position(|sent| sent.text.as_deref() == Some(key) && sent.counts(now));
        sent.map(Proof::Provisional)
    }
}

impl SentKey {
    fn counts(&self, now: Millis) -> bool {
        !self.ended && now < self.until
    }
}

impl FlowModel {
    fn new((errand, kind): (Errand, Kind), subject: Option<usize>, now: Millis) -> Self {
        Self {
            errand,
            kind,
            subject,
            proofs: Vec::new(),
            tag: None,
            destination: None,
            chosen: None,
            done: false,
            born: now,
            used: now,
            ended: None,
        }
    }

    /// Whether another token took its place, or it was deleted.
    pub(super) fn is_given_up(&self) -> bool {
        self.ended.is_some()
    }

    fn has(&self, proof: Proof) -> bool {
        self.proofs.contains(&proof)
    }

    fn has_key(&self) -> bool {
        self.proofs.iter().any(|proof| matches!(proof, Proof::Key | Proof::Provisional(_)))
    }

    /// Why it shows nothing any more, if it does not.
    fn is_over(&self, now: Millis) -> Option<&'static str> {
        if now > self.born + HOUR {
            return Some("its hour is over");
        }
        if now > self.used + 15 * MINUTE {
            return Some("nobody used it for 15 minutes");
        }
        self.ended
    }

    /// Whether a step may be shown, or have been reached.
    fn may_show(&self, step: &str) -> bool {
        let opened = self.has_key()
            && (self.has(Proof::Answer) || self.has(Proof::Document) || self.has(Proof::NoQuestion));
        match (self.errand, step) {
            (Errand::Recover, "documento") if self.kind == Kind::Juridica => self.has(Proof::Representative),
            (Errand::Recover, "correo" | "contacto" | "sin-cuenta") => self.has(Proof::Document),
            (Errand::Recover, "confirmar" | "faltan-datos") => {
                self.has(Proof::Answer) || self.has(Proof::Document)
            }
            (Errand::Change, "clave" | "faltan-datos") => self.has_key(),
            (Errand::Update, "pregunta" | "documento") => self.has_key(),
            (Errand::Update, "elegir") => {
                self.has_key() && (self.has(Proof::Document) || self.has(Proof::NoQuestion))
            }
            (Errand::Update, "datos") => opened,
            (Errand::Recover | Errand::Change | Errand::Update, "listo") => self.done,
            _ => true,
        }
    }
}

impl Model {
    pub(super) fn new(kind: Kind, accounts: [AccountModel; 2]) -> Self {
        Self { kind, accounts, flows: BTreeMap::new(), captchas: Vec::new(), count: Count::new() }
    }

    /// A token was given up: under it nothing is shown any more.
    pub(super) fn end(&mut self, token: &str, why: &'static str) {
        if let Some(flow) = self.flows.get_mut(token) {
            flow.ended = flow.ended.or(Some(why));
        }
    }

    /// Checks a page of a step that was shown under this token, and learns its tag.
    pub(super) fn check_page(
        &mut self,
        token: Option<&str>,
        errand: Errand,
        page: &Page,
        now: Millis,
    ) -> Verdict {
        let step = page.path.rsplit('/').next().unwrap_or_default();
        let Some(flow) = token.and_then(|token| self.flows.get_mut(token)) else {
            return Err(format!("4: {} without a flow", page.path));
        };
        if flow.errand != errand {
            return Err(format!("4: {} under the token of {:?}", page.path, flow.errand));
        }
        if let Some(why) = flow.is_over(now) {
            return Err(format!("4, 7: {} though {why}", page.path));
        }
        if !flow.may_show(step) {
            return Err(format!("4: {} with no more proofs than {:?}", page.path, flow.proofs));
        }
        flow.tag = page.hidden("pagina").or(flow.tag.take());
        Ok(())
    }

    /// A form was sent: what its flow is now, and what may have happened by it.
    pub(super) fn posted(&mut self, posted: &Posted<'_>) -> Result<Allowed, String> {
        let Some(errand) = posted.errand else { return Ok(Allowed::default()) };
        let Some(given) = posted.answer.token(errand) else { return Ok(Allowed::default()) };
        let former = posted.token.and_then(|token| self.flows.get(token)).cloned();
        if let Some(known) = self.flows.get(&given) {
            if !posted.before.contains(&given.as_str()) {
                return Err(format!("4: {} gave a token a second time for another form", posted.form.action));
            }
            if let Some(why) = known.is_over(posted.now) {
                if errand != Errand::Register {
                    return Err(format!("4: {} gave a token again though {why}", posted.form.action));
                }
                // The token of the form that begins a registration follows from the form, so the very same form begins it again, with
                // nothing but what this form brings.
                let again = FlowModel::new((errand, self.kind), None, posted.now);
                let tag = Some(posted.form.get("pagina").to_owned());
                self.flows.insert(given, FlowModel { tag, ..again });
                return Ok(Allowed::default());
            }
            self.happened("double clicks");
            return Ok(Allowed::default());
        }
        let (step, now) = (posted.form.step(), posted.now);
        let of_this = former.clone().filter(|flow| flow.errand == errand && flow.is_over(now).is_none());
        let same_tag =
            |flow: &FlowModel| flow.tag.is_none() || flow.tag.as_deref() == Some(posted.form.get("pagina"));
        let begins = step == "validar";
        if let (Some(_), Some(token)) = (&of_this, posted.token)
            && (errand != Errand::Register || of_this.as_ref().is_some_and(same_tag))
        {
            self.end(token, "another took its place");
        }
        let mut flow = match of_this {
            Some(flow) if !begins && (errand != Errand::Register || same_tag(&flow)) => {
                FlowModel { used: now, ..flow }
            }
            _ => FlowModel::new((errand, self.kind), begins.then(|| self.whose(posted.form)).flatten(), now),
        };
        if errand == Errand::Register {
            // A registration that ends with its first form shows its tag on no page of its own.
            flow.tag = flow.tag.or_else(|| Some(posted.form.get("pagina").to_owned()));
        }
        let mut allowed = Allowed::default();
        if begins || (flow.subject.is_some() && same_tag(&flow)) {
            allowed = self.claim(&mut flow, posted)?;
        }
        allowed.token.clone_from(&given);
        self.flows.insert(given, flow);
        Ok(allowed)
    }

    /// Which account a first form names.
    pub(super) fn whose(&self, form: &Form) -> Option<usize> {
        let named =
            |account: &AccountModel| account.who.iter().all(|(field, value)| form.get(field) == value);
        self.accounts.iter().position(named)
    }

    /// What the values of a form prove in a flow, and what may happen by it. A claim counts only where the service has moved on.
    fn claim(&self, flow: &mut FlowModel, posted: &Posted<'_>) -> Result<Allowed, String> {
        let (form, step) = (posted.form, posted.form.step());
        let led = posted.answer.location.as_deref().unwrap_or_default();
        let led = led.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let Some(subject) = flow.subject else { return Ok(Allowed::default()) };
        let account = &self.accounts[subject];
        if led == step {
            return Ok(Allowed::default());
        }
        match (flow.errand, step) {
            (Errand::Change | Errand::Update, "validar") => {
                let proof = account.proof_of(form.get("clave_actual"), posted.now);
                let proof = proof.filter(|proof| flow.errand == Errand::Change || *proof == Proof::Key);
                let proof = proof.filter(|_| account.is_represented(form));
                flow.proofs.extend(proof);
                flow.proofs.extend(account.answer.is_none().then_some(Proof::NoQuestion));
            }
            (_, "pregunta") if form.get("no_recuerdo").is_empty() => {
                let right = account.answer.as_deref() == Some(form.get("respuesta"));
                flow.proofs.extend(right.then_some(Proof::Answer));
            }
            (Errand::Recover, "representante") => {
                flow.proofs.extend(account.is_represented(form).then_some(Proof::Representative));
            }
            (_, "documento") => {
                let (field, right) = &account.document;
                let holder = flow.kind != Kind::Juridica || flow.has(Proof::Representative);
                flow.proofs.extend((holder && form.get(field) == right).then_some(Proof::Document));
            }
            (Errand::Recover, "correo") => flow.destination = None,
            (Errand::Recover, "contacto") => flow.destination = Some(contact_in(form)),
            (Errand::Update, "elegir") => flow.chosen = Some(form.get("respuesta").to_owned()),
            (Errand::Recover, "confirmar") | (Errand::Change, "clave") | (Errand::Update, "datos") => {
                return self.finish(flow, posted, led == "listo");
            }
            _ => {}
        }
        Ok(Allowed::default())
    }
}

/// Mail and mobile as a form brings them.
fn contact_in(form: &Form) -> Contact {
    let mobile = Some(form.get("celular")).filter(|mobile| !mobile.is_empty());
    Contact { mail: form.get("email").to_owned(), mobile: mobile.map(|mobile| format!("+569{mobile}")) }
}
