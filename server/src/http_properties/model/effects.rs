//! What the last step of a flow may change, and whether nothing else was changed.

use app::errand::Errand;
use backend::clock::{DAY, Millis};
use domain::phone::Mobile;

use super::{Contact, FlowModel, Form, Model, Posted, Proof, SentKey, Verdict, contact_in};
use crate::http_properties::support::rows::MadeKey;
use crate::http_properties::world::{Seen, is_hash_of};

/// What a form may have changed.
#[derive(Debug, Default)]
pub(in crate::http_properties) struct Allowed {
    /// The token of its flow.
    pub(super) token: String,
    change: Option<(usize, Change)>,
}

/// One change of an account.
#[derive(Debug)]
enum Change {
    /// This key was set, by this proof.
    Key(String, Proof),
    /// A provisional key was made: by an answer, or by a document with this contact data.
    Send { by_answer: bool, by_document: bool, to: Contact },
    /// This contact data was put on file, and this answer.
    Update(Contact, Option<String>),
}

impl Change {
    /// In a word, for the count of what happened.
    fn what(&self) -> &'static str {
        match self {
            Self::Key(_, Proof::Provisional(_)) => "keys set by a provisional key",
            Self::Key(..) => "keys set by the key",
            Self::Send { by_document: true, .. } => "provisional keys by document",
            Self::Send { .. } => "provisional keys by answer",
            Self::Update(_, Some(_)) => "updates with another question",
            Self::Update(..) => "updates",
        }
    }
}

impl Model {
    /// Counts something that happened.
    pub(in crate::http_properties) fn happened(&mut self, what: &'static str) {
        *self.count.entry(what).or_default() += 1;
    }

    /// A form of the last step, with a captcha: what it may change. `led` says that the service calls it done.
    pub(super) fn finish(
        &self,
        flow: &mut FlowModel,
        posted: &Posted<'_>,
        led: bool,
    ) -> Result<Allowed, String> {
        let Some(subject) = flow.subject.filter(|_| led) else { return Ok(Allowed::default()) };
        let (form, account) = (posted.form, &self.accounts[subject]);
        if !posted.letters || self.captchas.iter().any(|captcha| captcha == form.get("imagen")) {
            return Err(format!("a captcha that was not solved led to the end of {:?}", flow.errand));
        }
        let step = match flow.errand {
            Errand::Recover => "confirmar",
            Errand::Change => "clave",
            _ => "datos",
        };
        if !flow.may_show(step) {
            return Err(format!("4: {step} was sent with no more proofs than {:?}", flow.proofs));
        }
        flow.done = true;
        let change = match flow.errand {
            Errand::Recover => Change::Send {
                by_answer: flow.has(Proof::Answer),
                by_document: flow.has(Proof::Document),
                to: flow.destination.clone().unwrap_or_else(|| account.contact.clone()),
            },
            Errand::Change => {
                let proof = flow.proofs.iter().copied().find(|proof| match *proof {
                    Proof::Provisional(at) => account.sent[at].counts(posted.now),
                    proof => proof == Proof::Key,
                });
                let proof = proof.ok_or("1: a key was set by a provisional key that no longer counts")?;
                Change::Key(form.get("clave").to_owned(), proof)
            }
            _ => Change::Update(contact_in(form), flow.chosen.clone()),
        };
        Ok(Allowed { token: String::new(), change: Some((subject, change)) })
    }

    /// An officer granted a key that goes to this mail address: what that may change.
    pub(in crate::http_properties) fn granted(&self, account: usize, mail: String) -> Allowed {
        let mobile = self.accounts[account].contact.mobile.clone();
        let to = Contact { mail, mobile };
        let change = Change::Send { by_answer: false, by_document: true, to };
        Allowed { token: String::new(), change: Some((account, change)) }
    }

    /// Compares the accounts with what may have changed, and takes it over.
    pub(in crate::http_properties) fn compare(
        &mut self,
        seen: &[Seen; 2],
        allowed: Allowed,
        captcha: &str,
        now: Millis,
    ) -> Verdict {
        if let Some((_, change)) = &allowed.change {
            self.happened(change.what());
            self.captchas.push(captcha.to_owned());
        }
        for (at, seen) in seen.iter().enumerate() {
            let change =
                allowed.change.as_ref().filter(|(subject, _)| *subject == at).map(|(_, change)| change);
            self.compare_key(at, seen, change, &allowed.token)?;
            self.compare_sent(at, &seen.made, change, now)?;
            self.compare_contact(at, seen, change)?;
        }
        Ok(())
    }

    fn compare_key(&mut self, at: usize, seen: &Seen, change: Option<&Change>, token: &str) -> Verdict {
        let hash = seen.account.key_hash.clone().unwrap_or_default();
        if hash == self.accounts[at].key_hash {
            return match change {
                Some(Change::Key(..)) => Err("1: a key was promised and not set".to_owned()),
                _ => Ok(()),
            };
        }
        let Some(Change::Key(key, proof)) = change else {
            return Err(format!("1: the key of account {at} changed without a proof"));
        };
        if !is_hash_of(&hash, key) {
            return Err(format!("1: another key than the one that was typed was set in account {at}"));
        }
        let by_document = self.is_identity(at, *proof);
        for (other, flow) in &mut self.flows {
            let proven = flow.proofs.iter().any(|proof| *proof != Proof::Representative);
            if flow.subject != Some(at) || !proven || other == token {
                continue;
            }
            let stronger = flow.proofs.iter().any(|proof| match *proof {
                Proof::Document => true,
                Proof::Provisional(sent) => self.accounts[at].sent[sent].by_document,
                _ => false,
            });
            if by_document || !stronger {
                flow.ended = flow.ended.or(Some("another key was set"));
            }
        }
        let account = &mut self.accounts[at];
        account.key_hash = hash;
        let former = std::mem::replace(&mut account.key, key.clone());
        account.former.push(former);
        if let Proof::Provisional(used) = *proof {
            account.sent[used].used = true;
            if let Some(contact) = account.sent[used].contact.clone() {
                (account.contact, account.answer) = (contact, None);
            }
        }
        account.end_keys(by_document);
        Ok(())
    }

    fn is_identity(&self, at: usize, proof: Proof) -> bool {
        matches!(proof, Proof::Provisional(sent) if self.accounts[at].sent[sent].by_document)
    }

    fn compare_sent(&mut self, at: usize, made: &[MadeKey], change: Option<&Change>, now: Millis) -> Verdict {
        let account = &mut self.accounts[at];
        for sent in &account.sent {
            let row = made.iter().find(|row| row.id == sent.id);
            if row.is_none_or(|row| row.used != sent.used) {
                return Err(format!("2: a provisional key of account {at} was used elsewhere, or is gone"));
            }
        }
        let known = |row: &&MadeKey| account.sent.iter().any(|sent| sent.id == row.id);
        let new: Vec<_> = made.iter().filter(|row| !known(row)).collect();
        let (row, by_answer, by_document, to) = match (new.as_slice(), change) {
            ([], Some(Change::Send { .. })) => return Err("2: a key was promised and not made".to_owned()),
            ([], _) => return Ok(()),
            ([row], Some(Change::Send { by_answer, by_document, to })) => (*row, by_answer, by_document, to),
            _ => return Err(format!("2: a provisional key of account {at} was made without a proof")),
        };
        if !(if row.by_document { *by_document } else { *by_answer }) {
            return Err(format!("2: a provisional key of account {at} counts as earned by a document"));
        }
        if row.until > now + DAY {
            return Err(format!("2: a provisional key of account {at} counts for more than a day"));
        }
        let contact = row.contact.clone().map(|(mail, mobile)| Contact { mail, mobile });
        let to = if row.by_document { to.clone() } else { account.contact.clone() };
        if contact.as_ref().is_some_and(|contact| !row.by_document || *contact != to) {
            return Err(format!("2: {contact:?} goes with a key of account {at}, not {to:?}"));
        }
        account.end_keys(row.by_document);
        account.sent.push(SentKey {
            id: row.id,
            hash: row.hash.clone(),
            text: None,
            by_document: row.by_document,
            to,
            contact,
            until: row.until,
            ended: false,
            used: false,
        });
        Ok(())
    }

    fn compare_contact(&mut self, at: usize, seen: &Seen, change: Option<&Change>) -> Verdict {
        let account = &mut self.accounts[at];
        let mail = seen.account.email.as_ref().map(|mail| mail.as_str().to_owned());
        let mobile = seen.account.mobile.as_ref().map(Mobile::as_str).map(str::to_owned);
        let on_file = Contact { mail: mail.unwrap_or_default(), mobile };
        let hash = seen.account.answer_hash.clone();
        if let Some(Change::Update(contact, chosen)) = change {
            account.contact.clone_from(contact);
            if let Some(chosen) = chosen.clone().filter(|_| hash != account.answer_hash) {
                account.answer = Some(chosen);
                account.answer_hash.clone_from(&hash);
            }
        }
        if account.answer.is_none() {
            account.answer_hash = None;
        }
        if on_file != account.contact {
            return Err(format!("3: the contact data of account {at} is another than was proven"));
        }
        if hash != account.answer_hash || seen.account.question.is_some() != account.answer.is_some() {
            return Err(format!("3: the secret question of account {at} changed without a proof"));
        }
        Ok(())
    }

    /// A message was read: if it brings a key, that is one of those made, and came to the right place. Gives the key.
    pub(in crate::http_properties) fn read(&mut self, to: &str, key: &str) -> Result<(), String> {
        let made = self.accounts.iter_mut().flat_map(|account| &mut account.sent);
        let Some(sent) = made.into_iter().find(|sent| is_hash_of(&sent.hash, key)) else {
            return Err("2: a message brought a key that was not made".to_owned());
        };
        if to != sent.to.mail && Some(to) != sent.to.mobile.as_deref() {
            return Err("2: a provisional key went to other contact data".to_owned());
        }
        sent.text = Some(key.to_owned());
        Ok(())
    }

    /// The place of a key that was read among those sent: account by account, oldest first.
    pub(in crate::http_properties) fn place_of(&self, key: &str) -> Option<usize> {
        let sent = self.accounts.iter().flat_map(|account| &account.sent);
        sent.into_iter().position(|sent| sent.text.as_deref() == Some(key))
    }

    /// Whether the key of a form must be accepted by “Cambiar CS”, as far as it is known.
    pub(in crate::http_properties) fn is_right(&self, account: usize, form: &Form, now: Millis) -> bool {
        let account = &self.accounts[account];
        account.is_represented(form) && account.proof_of(form.get("clave_actual"), now).is_some()
    }
}

impl super::AccountModel {
    /// Another key was earned: those before it end, but not those of a document by a weaker proof.
    fn end_keys(&mut self, by_document: bool) {
        for sent in &mut self.sent {
            sent.ended |= by_document || !sent.by_document || sent.used;
        }
    }
}
