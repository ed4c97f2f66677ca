//! Recovery and change of a key by two people at once, in every interleaving, on the state machines of the service.
//!
//! The owner of an account has its document. A thief registered the account first, or knows its answer, or its key. Each has a
//! browser, whose forms may be sent twice and are carried out by either of two servers: a request reads its flow, then commits
//! or is lost in a crash. A worker takes messages, delivers them, or dies and lets another take them again.
//!
//! The flows are those of `domain`, stored between any two steps as the service stores them. What the store decides (which keys
//! and flows end, docs/security.md#proofs-and-keys) is written out below, each rule with a name; without any of them the
//! checker finds a takeover, a lost message or a key used twice.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "docs/security.md has the figures")]

mod service;
mod world;

use stateright::{Checker, Model, Property};

use world::{Action, Browser, Delivery, Form, Request, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Person {
    Owner,
    Thief,
}
use Person::{Owner, Thief};

/// What the store decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// A form counts only for the version of the flow that its request has read.
    OneFormPerVersion,
    /// A provisional key is spent by the statement that sets the key.
    OneUse,
    /// A key that is set ends the flows that a secret has proven.
    NewKeyEndsFlows,
    /// A key that a document earned ends every other provisional key.
    DocumentEndsOtherKeys,
    /// A key that a document earned deletes the question, and puts the contact data that its owner confirmed on file.
    DocumentReplacesSecrets,
    /// A key that a secret earned leaves the provisional key that a document earned.
    SecretLeavesDocumentKey,
    /// A key that is set with a secret leaves the flows that a document has proven.
    SecretLeavesDocumentFlows,
    /// Contact data that changed since its owner confirmed it is asked about again.
    ConfirmAgain,
    /// Key and message are written in one transaction.
    MessageWithKey,
    /// A message that a dead worker took is taken again.
    LeasesEnd,
}

const RULES: [Rule; 10] = [
    Rule::OneFormPerVersion,
    Rule::OneUse,
    Rule::NewKeyEndsFlows,
    Rule::DocumentEndsOtherKeys,
    Rule::DocumentReplacesSecrets,
    Rule::SecretLeavesDocumentKey,
    Rule::SecretLeavesDocumentFlows,
    Rule::ConfirmAgain,
    Rule::MessageWithKey,
    Rule::LeasesEnd,
];

/// How the thief begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Attack {
    /// With the account that the thief has registered.
    Squatter,
    /// With the answer to the owner's question.
    KnowsAnswer,
    /// With the owner's key.
    KnowsKey,
}

struct Service {
    attack: Attack,
    missing: Option<Rule>,
}

impl Model for Service {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let (contact, key, question) = match self.attack {
            Attack::Squatter => (Thief, Thief, Thief),
            Attack::KnowsAnswer => (Owner, Owner, Thief),
            Attack::KnowsKey => (Owner, Thief, Thief),
        };
        vec![World {
            contact,
            key,
            question: Some(question),
            epochs: [0; 2],
            browsers: [Browser::new(), Browser::new()],
            keys: Vec::new(),
            messages: Vec::new(),
            crashes: 1,
            updates: u8::from(self.attack == Attack::KnowsKey),
            owner_is_back: false,
            owner_was_kicked: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for person in [Owner, Thief] {
            let browser = world.browser(person);
            for form in world.forms(person) {
                // A second server gets the same form only: a double click, or a browser that tries again.
                let twice =
                    person == Owner && browser.under_way.len() == 1 && browser.under_way[0].form == form;
                if browser.under_way.is_empty() || twice {
                    actions.push(Action::Begin(person, form));
                }
            }
            for number in 0..browser.under_way.len() {
                actions.push(Action::Commit(person, number));
                if world.crashes > 0 {
                    actions.push(Action::Crash(person, number));
                }
            }
        }
        if world.updates > 0 && world.key == Thief && world.question == Some(Thief) {
            actions.push(Action::ThiefUpdates);
        }
        for (number, message) in world.messages.iter().enumerate() {
            match message {
                Some(Delivery::Waiting) => actions.push(Action::Take(number)),
                Some(Delivery::Stuck) if self.has(Rule::LeasesEnd) => actions.push(Action::Take(number)),
                Some(Delivery::Taken) => {
                    actions.push(Action::Deliver(number));
                    if world.crashes > 0 {
                        actions.push(Action::WorkerDies(number));
                    }
                }
                _ => {}
            }
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        match action {
            Action::Begin(person, form) => {
                let browser = next.browser_mut(person);
                let read = browser.read(form);
                if browser.under_way.is_empty() {
                    browser.begins -= u8::from(matches!(form, Form::Identify | Form::ShowKey(_)));
                    browser.recoveries += usize::from(form == Form::Identify);
                }
                browser.under_way.push(Request { form, read });
            }
            Action::Commit(person, number) => {
                let request = next.browser_mut(person).under_way.remove(number);
                self.commit(&mut next, person, &request, false);
            }
            Action::Crash(person, number) => {
                next.crashes -= 1;
                let request = next.browser_mut(person).under_way.remove(number);
                self.commit(&mut next, person, &request, true);
            }
            Action::ThiefUpdates => {
                next.updates -= 1;
                next.contact = Thief;
            }
            Action::Take(number) => next.messages[number] = Some(Delivery::Taken),
            Action::Deliver(number) => next.messages[number] = Some(Delivery::Delivered),
            Action::WorkerDies(number) => {
                next.crashes -= 1;
                next.messages[number] = Some(Delivery::Stuck);
            }
        }
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("a document's key goes to its holder", |_, world: &World| {
                world.keys.iter().all(|key| !key.by_document || (key.earned_by, key.to) == (Owner, Owner))
            }),
            Property::always("a key is used once", |_, world: &World| {
                world.keys.iter().all(|key| key.uses <= 1)
            }),
            Property::always("a recovery sends one key", |_, world: &World| {
                let sent = |person| world.keys.iter().filter(|key| key.earned_by == person).count();
                [Owner, Thief].into_iter().all(|person| sent(person) <= world.browser(person).recoveries)
            }),
            Property::always("the owner who is back stays", |_, world: &World| {
                let theirs = (world.contact, world.key) == (Owner, Owner) && world.question != Some(Thief);
                !world.owner_is_back || theirs
            }),
            Property::always("no thief ends what a document has proven", |_, world: &World| {
                !world.owner_was_kicked
            }),
            Property::always("no thief ends a key that a document earned", |_, world: &World| {
                let last = world.keys.iter().rposition(|key| key.by_document);
                last.is_none_or(|last| !world.keys[last].ended || world.keys[last].uses > 0)
            }),
            Property::always("a message that is not delivered can be", |service: &Self, world: &World| {
                let mut actions = Vec::new();
                service.actions(world, &mut actions);
                world.messages.iter().enumerate().all(|(number, message)| {
                    *message == Some(Delivery::Delivered)
                        || actions.contains(&Action::Take(number))
                        || actions.contains(&Action::Deliver(number))
                })
            }),
            Property::sometimes("the owner comes back", |_, world: &World| world.owner_is_back),
        ]
    }
}

const ATTACKS: [Attack; 3] = [Attack::Squatter, Attack::KnowsAnswer, Attack::KnowsKey];

#[test]
fn no_interleaving_gives_a_key_to_a_thief_or_loses_a_message() {
    for attack in ATTACKS {
        let checker = Service { attack, missing: None }.checker().threads(2).spawn_bfs().join();
        println!(
            "{attack:?}: {} states, {} of them different",
            checker.state_count(),
            checker.unique_state_count()
        );
        checker.assert_properties();
    }
}

#[test]
fn every_rule_of_the_store_is_needed() {
    for rule in RULES {
        let found = ATTACKS.into_iter().find_map(|attack| {
            let checker = Service { attack, missing: Some(rule) }.checker().threads(2).spawn_bfs().join();
            let found = checker.discoveries().into_keys().find(|name| *name != "the owner comes back");
            found.map(|property| (attack, property))
        });
        println!("without {rule:?}: {found:?}");
        assert!(found.is_some(), "nothing is lost without {rule:?}");
    }
}
