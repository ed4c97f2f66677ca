//! What the checker explores: browsers, requests, account, provisional keys and messages.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Person;

/// What a person sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// The RUT.
    Identify,
    /// The answer that the person knows.
    Answer,
    /// “No recuerdo…”
    Forgotten,
    /// The document, if it is the owner.
    Document,
    /// “SI” to contact data of one's own, else “NO”.
    Confirm,
    /// New contact data: one's own.
    Contact,
    /// The captcha of a recovery.
    Send,
    /// RUT and key, or a provisional key that came.
    ShowKey(Option<usize>),
    /// The new key.
    SetKey,
}

/// A flow as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored<T> {
    pub(crate) state: Arc<T>,
    /// The text that the store has: what `state` was read from.
    pub(crate) text: Arc<str>,
    pub(crate) version: u8,
    /// What proved it, and the epoch of the account for that proof.
    pub(crate) proof: Option<(bool, u8)>,
}

impl<T: Serialize + DeserializeOwned> Stored<T> {
    pub(crate) fn new(state: &T) -> Self {
        let text = serde_json::to_string(state).unwrap();
        Self {
            state: Arc::new(serde_json::from_str(&text).unwrap()),
            text: text.into(),
            version: 0,
            proof: None,
        }
    }

    /// The flow after a request.
    pub(crate) fn next(&self, state: &T, proof: Option<(bool, u8)>) -> Self {
        Self { version: self.version + 1, proof, ..Self::new(state) }
    }
}

impl<T> PartialEq for Stored<T> {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.version, self.proof) == (&other.text, other.version, other.proof)
    }
}

impl<T> Eq for Stored<T> {}

impl<T> Hash for Stored<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.text, self.version, self.proof).hash(state);
    }
}

/// A request that a server has begun, with the flow that it has read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    pub(crate) form: Form,
    pub(crate) read: Read,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Read {
    Recovery(Stored<Recovery>),
    Change(Stored<Change>),
}

impl Read {
    pub(crate) fn version(&self) -> u8 {
        match self {
            Self::Recovery(stored) => stored.version,
            Self::Change(stored) => stored.version,
        }
    }

    pub(crate) fn proof(&self) -> Option<(bool, u8)> {
        match self {
            Self::Recovery(stored) => stored.proof,
            Self::Change(stored) => stored.proof,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Browser {
    pub(crate) recovery: Stored<Recovery>,
    pub(crate) change: Stored<Change>,
    pub(crate) under_way: Vec<Request>,
    /// How many recoveries and changes may still begin.
    pub(crate) begins: u8,
    /// How many recoveries have begun.
    pub(crate) recoveries: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Provisional {
    pub(crate) to: Person,
    pub(crate) by_document: bool,
    pub(crate) ended: bool,
    /// Who showed the proof: the model's own note, which no rule reads.
    pub(crate) earned_by: Person,
    pub(crate) uses: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Delivery {
    Waiting,
    Taken,
    /// Taken by a worker that died.
    Stuck,
    Delivered,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) contact: Person,
    pub(crate) key: Person,
    pub(crate) question: Option<Person>,
    /// Counts the keys that were set, and those of them that a document earned.
    pub(crate) epochs: [u8; 2],
    pub(crate) browsers: [Browser; 2],
    pub(crate) keys: Vec<Provisional>,
    /// Of each provisional key, its message; none when a crash lost it.
    pub(crate) messages: Vec<Option<Delivery>>,
    pub(crate) crashes: u8,
    pub(crate) updates: u8,
    /// A key that its document earned was set by the owner.
    pub(crate) owner_is_back: bool,
    /// A flow that a document had proven was found ended.
    pub(crate) owner_was_kicked: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Begin(Person, Form),
    Commit(Person, usize),
    /// The server dies, before or after it has written the key.
    Crash(Person, usize),
    /// “Actualizar datos”, by the thief, who knows key and answer.
    ThiefUpdates,
    Take(usize),
    Deliver(usize),
    WorkerDies(usize),
}

impl Browser {
    pub(crate) fn new() -> Self {
        let (recovery, change) = (Stored::new(&Recovery::Identify), Stored::new(&Change::Identify));
        Self { recovery, change, under_way: Vec::new(), begins: 2, recoveries: 0 }
    }

    /// The flow of a form.
    pub(crate) fn read(&self, form: Form) -> Read {
        match form {
            Form::ShowKey(_) | Form::SetKey => Read::Change(self.change.clone()),
            _ => Read::Recovery(self.recovery.clone()),
        }
    }
}

impl World {
    pub(crate) fn browser(&self, person: Person) -> &Browser {
        &self.browsers[person as usize]
    }

    pub(crate) fn browser_mut(&mut self, person: Person) -> &mut Browser {
        &mut self.browsers[person as usize]
    }

    /// What a person can send from the pages that their browser shows.
    pub(crate) fn forms(&self, person: Person) -> Vec<Form> {
        let browser = self.browser(person);
        let mut forms = match &*browser.recovery.state {
            Recovery::Identify if browser.begins > 0 => vec![Form::Identify],
            Recovery::Question(_) if self.question == Some(person) => vec![Form::Answer, Form::Forgotten],
            Recovery::Question(_) => vec![Form::Forgotten],
            Recovery::Document(_) => vec![Form::Document],
            Recovery::Mail(_) => vec![Form::Confirm],
            Recovery::Contact(_) => vec![Form::Contact],
            Recovery::Captcha(_) => vec![Form::Send],
            _ => Vec::new(),
        };
        match &*browser.change.state {
            Change::Identify if browser.begins > 0 => {
                let came = |number: &usize| {
                    self.keys[*number].to == person && self.messages[*number] == Some(Delivery::Delivered)
                };
                forms.extend((0..self.keys.len()).filter(came).map(|number| Form::ShowKey(Some(number))));
                forms.extend((self.key == person).then_some(Form::ShowKey(None)));
            }
            Change::NewKey(_) => forms.push(Form::SetKey),
            _ => {}
        }
        forms
    }
}
