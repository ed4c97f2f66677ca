//! Sign-ins by two people at once, in every interleaving, on the state machine of the service.
//!
//! The owner knows the key, the thief does not. Each has a browser, whose forms may be sent twice and are carried out by either of two
//! servers: a request reads its sign-in, then commits. Each may lure the other to the page of a sign-in that they began. The system
//! redeems what it gets, twice at once if need be; the thief has every code, too, and another system. In between the owner sets a
//! new key, signs out, or the system is disabled. Where the system wants a code of a mail besides the key, the thief knows the key as
//! well, and only the owner reads the mails.
//!
//! The sign-in is that of `domain`, stored between any two steps as the service stores it. What the store and the service decide
//! (docs/security.md#sign-in-for-other-systems) is written out in [`service`], each rule with a name; without any of them the checker
//! finds a code or a token that somebody should not have.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "docs/security.md has the figures")]

mod service;

use stateright::{Checker, HasDiscoveries, Model, Property};

use service::{Action, Browser, By, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Person {
    Owner,
    Thief,
}
use Person::{Owner, Thief};

/// What the store and the service decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// A sign-in goes on only in the browser that began it.
    OneBrowser,
    /// A form counts only for the version of the sign-in that its request has read.
    OneFormPerVersion,
    /// A new key ends sessions.
    NewKeyEndsSessions,
    /// A new key ends what systems were granted.
    NewKeyEndsGrants,
    /// Who agrees is still signed in.
    SessionAgrees,
    /// Who types the code of a mail is still signed in.
    SessionTypesCode,
    /// The code of a mail is compared with the one that was sent.
    CodeIsChecked,
    /// Each step looks whether the system is still registered.
    SystemIsAsked,
    /// A code is used up by the statement that looks whether it was.
    CodeOnce,
    /// The second use of a code revokes what it gave.
    SecondUseRevokes,
}

const RULES: [Rule; 10] = [
    Rule::OneBrowser,
    Rule::OneFormPerVersion,
    Rule::NewKeyEndsSessions,
    Rule::NewKeyEndsGrants,
    Rule::SessionAgrees,
    Rule::SessionTypesCode,
    Rule::CodeIsChecked,
    Rule::SystemIsAsked,
    Rule::CodeOnce,
    Rule::SecondUseRevokes,
];

struct Service {
    /// Whether the system is SENCE's own, so that nobody is asked.
    first_party: bool,
    /// Whether it wants a code of a mail besides the key, which the thief then knows, too.
    strict: bool,
    missing: Option<Rule>,
}

/// The systems: SENCE's own or not, with a mail code or not.
const CLIENTS: [(bool, bool); 4] = [(true, false), (false, false), (true, true), (false, true)];

impl Model for Service {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            epoch: 0,
            is_disabled: false,
            browsers: [Browser::new(2), Browser::new(1)],
            is_known: false,
            is_agreed: false,
            codes: Vec::new(),
            redemptions: Vec::new(),
            changes: 1,
            // What comes after a code is the same whatever a system wants.
            tries: if self.strict { 1 } else { 3 },
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for person in [Owner, Thief] {
            let browser = world.browser(person);
            if browser.begins > 0 {
                actions.push(Action::Begin(person));
            }
            for whose in [Owner, Thief] {
                if whose != person && self.has(Rule::OneBrowser) {
                    continue;
                }
                for form in world.forms((person, self.strict), whose) {
                    // A second server gets the same form only: a double click, or a browser that tries again.
                    let twice = person == Owner
                        && browser.under_way.len() == 1
                        && (browser.under_way[0].form, browser.under_way[0].whose) == (form, whose);
                    if browser.under_way.is_empty() || twice {
                        actions.push(Action::Send(person, form, whose));
                    }
                }
            }
            for number in 0..browser.under_way.len() {
                actions.push(Action::Commit(person, number));
            }
        }
        if world.browser(Owner).session.is_some() {
            actions.push(Action::SignOut);
        }
        if world.changes > 0 {
            actions.extend([Action::NewKey, Action::Disable]);
        }
        for code in 0..world.codes.len() {
            if world.tries > 0 && world.redemptions.len() < 2 {
                actions
                    .extend([By::System, By::WithoutVerifier, By::Other].map(|by| Action::Redeem(code, by)));
            }
        }
        actions.extend((0..world.redemptions.len()).map(Action::CommitRedemption));
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        self.carry_out(&mut next, action);
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("no code without the key that counts", |_, world: &World| {
                world.codes.iter().all(|code| code.is_proven)
            }),
            Property::always(
                "no code with the level of a mail code without one",
                |service: &Self, world: &World| {
                    world.codes.iter().all(|code| code.is_coded || !(service.strict || code.claims_mail_code))
                },
            ),
            Property::always("no code without consent", |_, world: &World| {
                world.codes.iter().all(|code| code.is_agreed)
            }),
            Property::always(
                "a code goes to the browser that began, and never to a thief",
                |_, world: &World| {
                    world.codes.iter().all(|code| (code.began, code.sent_to) == (Owner, Owner))
                },
            ),
            Property::always("a sign-in gives one code", |_, world: &World| {
                world.codes.iter().enumerate().all(|(number, code)| {
                    world.codes[..number].iter().all(|other| other.sign_in != code.sign_in)
                })
            }),
            Property::always(
                "no token without a code of that system and its verifier",
                |_, world: &World| {
                    world.codes.iter().all(|code| code.given_to.is_none_or(|by| by == By::System))
                },
            ),
            Property::always("a code gives tokens once", |_, world: &World| {
                world.codes.iter().all(|code| code.tokens <= 1)
            }),
            Property::always("a code that came twice is worth nothing", |service: &Self, world: &World| {
                world.codes.iter().all(|code| !code.came_again || !service.answers(world, code))
            }),
            Property::always("nothing of before a new key is answered", |service: &Self, world: &World| {
                world.codes.iter().all(|code| code.epoch == world.epoch || !service.answers(world, code))
            }),
            Property::always("a disabled system gets nothing", |_, world: &World| {
                world.codes.iter().all(|code| !code.is_after_disabling)
            }),
            Property::sometimes("the system learns who it is", |service: &Self, world: &World| {
                world.codes.iter().any(|code| service.answers(world, code))
            }),
            Property::sometimes("the session is enough", |_, world: &World| world.codes.len() > 1),
        ]
    }
}

#[test]
fn no_interleaving_gives_a_code_without_key_or_a_token_without_code() {
    for (first_party, strict) in CLIENTS {
        let checker = Service { first_party, strict, missing: None }.checker().threads(2).spawn_bfs().join();
        println!(
            "first party {first_party}, mail code {strict}: {} states, {} of them different",
            checker.state_count(),
            checker.unique_state_count()
        );
        checker.assert_properties();
    }
}

#[test]
fn every_rule_of_store_and_service_is_needed() {
    for rule in RULES {
        let found = CLIENTS.into_iter().find_map(|(first_party, strict)| {
            let model = Service { first_party, strict, missing: Some(rule) };
            let checker =
                model.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
            let found = checker.discoveries().into_keys().find(|name| !name.starts_with("the s"));
            found.map(|property| (first_party, strict, property))
        });
        println!("without {rule:?}: {found:?}");
        assert!(found.is_some(), "nothing is lost without {rule:?}");
    }
}
