//! What the service does with a request: the flows of `domain`, and the rules of the store.

use domain::flow::change::Change;
use domain::flow::contact::{ContactInput, NewContact};
use domain::flow::key::{KeyVerdict, ProvisionalId};
use domain::flow::recovery::{AccountSummary, Destination, Grant, KeySent, MaskedContact, Proof, Recovery};
use domain::flow::{AccountId, CaptchaVerdict, CivilAnswer, DocumentAnswer, Verdict};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::question::SecretQuestion;
use domain::rut::Rut;

use crate::Person::{self, Owner, Thief};
use crate::world::{Delivery, Form, Provisional, Read, Request, Stored, World};
use crate::{Rule, Service};

const ACCOUNT: AccountId = AccountId(7);

pub(crate) fn rut() -> Identifier {
    Rut::parse("11111111-1").unwrap().into()
}

pub(crate) fn shown(contact: Person) -> MaskedContact {
    let mac = format!("{contact:?}");
    MaskedContact {
        mail: Some("p•••••@gmail.com".to_owned()), mobile: None, mac, unconfirmed: false
    }
}

pub(crate) fn address(person: Person) -> NewContact {
    let mail = if person == Owner { "ana@correo.cl" } else { "otro@correo.cl" };
    NewContact::parse(
        Kind::Natural,
        ContactInput { email: mail, mobile: "12345678", ..ContactInput::default() },
    )
    .unwrap()
}

impl Service {
    pub(crate) fn has(&self, rule: Rule) -> bool {
        self.missing != Some(rule)
    }

    /// Whether the proof of a flow still counts.
    pub(crate) fn lives(&self, world: &World, proof: Option<(bool, u8)>) -> bool {
        let Some((by_document, epoch)) = proof else { return true };
        let counted = usize::from(by_document && self.has(Rule::SecretLeavesDocumentFlows));
        !self.has(Rule::NewKeyEndsFlows) || world.epochs[counted] == epoch
    }

    pub(crate) fn proven(&self, world: &World, by_document: bool) -> Option<(bool, u8)> {
        let counted = usize::from(by_document && self.has(Rule::SecretLeavesDocumentFlows));
        Some((by_document, world.epochs[counted]))
    }

    /// The transaction of a request. `lost` says that the server dies: with one transaction nothing is written, without it the
    /// key may be, and its message not.
    pub(crate) fn commit(&self, world: &mut World, person: Person, request: &Request, lost: bool) {
        let now = world.browser(person).read(request.form);
        if self.has(Rule::OneFormPerVersion) && now.version() != request.read.version() {
            return;
        }
        let proof = request.read.proof();
        if !self.lives(world, proof) {
            let by_document = proof.is_some_and(|(by_document, _)| by_document);
            world.owner_was_kicked |= person == Owner && by_document && !world.owner_is_back;
            let browser = world.browser_mut(person);
            match request.form {
                Form::ShowKey(_) | Form::SetKey => browser.change = Stored::new(&Change::Identify),
                _ => browser.recovery = Stored::new(&Recovery::Identify),
            }
            return;
        }
        match &request.read {
            Read::Change(read) => self.change(world, person, request.form, read, lost),
            Read::Recovery(read) => self.recover(world, person, request.form, read, lost),
        }
    }

    pub(crate) fn recover(
        &self,
        world: &mut World,
        person: Person,
        form: Form,
        read: &Stored<Recovery>,
        lost: bool,
    ) {
        let mut proof = read.proof;
        let next = match (Recovery::clone(&read.state), form) {
            (Recovery::Identify, Form::Identify) => {
                let question = world.question.map(|_| SecretQuestion::by_index(3));
                Recovery::start(Kind::Natural, rut(), AccountSummary { account: Some(ACCOUNT), question })
            }
            (Recovery::Question(asked), Form::Answer) => {
                let right = world.question == Some(person);
                proof = self.proven(world, false);
                let verdict = if right { Verdict::Right } else { Verdict::Wrong };
                let Ok(next) = asked.answer(verdict, shown(world.contact)) else { return };
                next
            }
            (Recovery::Question(asked), Form::Forgotten) => asked.forgotten(),
            (Recovery::Document(asked), Form::Document) => {
                let answer =
                    if person == Owner { CivilAnswer::Valid { name: None } } else { CivilAnswer::NotValid };
                proof = self.proven(world, true);
                let Ok(next) = asked.document(&DocumentAnswer::Civil(answer), shown(world.contact)) else {
                    return;
                };
                next
            }
            (Recovery::Mail(choice), Form::Confirm) => {
                let hers = choice.on_file().mac == shown(person).mac;
                if hers { choice.confirmed() } else { choice.denied() }
            }
            (Recovery::Contact(choice), Form::Contact) => choice.contact(address(person)),
            (Recovery::Captcha(ready), Form::Send) => {
                let grant = ready.captcha(CaptchaVerdict::Right).unwrap();
                match grant.to_confirm_again(shown(world.contact)) {
                    Some(choice) if self.has(Rule::ConfirmAgain) => choice.ask(),
                    _ => {
                        self.issue(world, person, &grant, lost);
                        grant.sent(KeySent {
                            by_sms: false,
                            to_new: false,
                            doubted: false,
                            account: None,
                            representative: None,
                            to: None,
                            to_mobile: None,
                            until: 0,
                            shown: None,
                        })
                    }
                }
            }
            _ => return,
        };
        if !lost {
            world.browser_mut(person).recovery = read.next(&next, proof);
        }
    }

    /// Writes a provisional key and its message.
    pub(crate) fn issue(&self, world: &mut World, person: Person, grant: &Grant, lost: bool) {
        if lost && self.has(Rule::MessageWithKey) {
            return;
        }
        let by_document = grant.proof() == Proof::Document;
        let to = match grant.destination() {
            Destination::Registered => world.contact,
            Destination::New(contact) if *contact == address(Owner) => Owner,
            Destination::New(_) => Thief,
        };
        for older in &mut world.keys {
            older.ended |= by_document || !older.by_document || !self.has(Rule::SecretLeavesDocumentKey);
        }
        world.keys.push(Provisional { to, by_document, ended: false, earned_by: person, uses: 0 });
        world.messages.push((!lost).then_some(Delivery::Waiting));
    }

    pub(crate) fn change(
        &self,
        world: &mut World,
        person: Person,
        form: Form,
        read: &Stored<Change>,
        lost: bool,
    ) {
        if lost {
            return;
        }
        let (next, proof) = match (Change::clone(&read.state), form) {
            (Change::Identify, Form::ShowKey(number)) => {
                let verdict = match number {
                    Some(number) if world.keys[number].ended => KeyVerdict::Spent,
                    Some(number) => KeyVerdict::Provisional(ACCOUNT, ProvisionalId(number as i64)),
                    None if world.key == person => KeyVerdict::Key(ACCOUNT),
                    None => KeyVerdict::Wrong,
                };
                let shown = Change::identify(Kind::Natural, rut(), None, &verdict, Vec::new());
                let Ok(next) = shown else { return };
                let by_document = number.is_some_and(|number| world.keys[number].by_document);
                (next, self.proven(world, by_document))
            }
            (Change::NewKey(proven), Form::SetKey) => {
                let right = proven.captcha(CaptchaVerdict::Right).unwrap();
                if !self.set_key(world, person, right.provisional()) {
                    return;
                }
                (right.done(false, false), None)
            }
            _ => return,
        };
        world.browser_mut(person).change = read.next(&next, proof);
    }

    /// Sets the key, unless the provisional one was spent or ended meanwhile.
    pub(crate) fn set_key(
        &self,
        world: &mut World,
        person: Person,
        provisional: Option<ProvisionalId>,
    ) -> bool {
        let number = provisional.map(|id| usize::try_from(id.0).unwrap());
        if let Some(number) = number {
            if world.keys[number].ended && self.has(Rule::OneUse) {
                return false;
            }
            // To use an ended one counts as a second use.
            world.keys[number].uses += 1 + u8::from(world.keys[number].ended);
            world.keys[number].ended = true;
        }
        let by_document = number.is_some_and(|number| world.keys[number].by_document);
        world.key = person;
        world.epochs[0] += 1;
        world.epochs[1] += u8::from(by_document);
        for other in &mut world.keys {
            let ends = if by_document {
                self.has(Rule::DocumentEndsOtherKeys)
            } else {
                !other.by_document || !self.has(Rule::SecretLeavesDocumentKey)
            };
            other.ended |= ends;
        }
        if by_document {
            world.owner_is_back |= person == Owner;
            if let (true, Some(number)) = (self.has(Rule::DocumentReplacesSecrets), number) {
                (world.question, world.contact) = (None, world.keys[number].to);
            }
        }
        true
    }
}
