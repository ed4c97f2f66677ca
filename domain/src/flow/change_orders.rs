//! Every order of the steps of a change: no key is set without its proofs (docs/security.md#known-failures-of-others).

use proptest::prelude::*;

use super::change::Change;
use super::key::{KeyVerdict, ProvisionalId};
use super::{AccountId, CaptchaVerdict, TaxAnswer};
use crate::kind::Kind;
use crate::needs::Datum;
use crate::rut::Rut;

/// Anything that may happen to a change, in any order, whatever the state.
#[derive(Debug, Clone)]
enum Event {
    /// RUT and key; whether SII names the representative of a company, and whether data is missing.
    Identify(Kind, KeyVerdict, bool, bool),
    /// “Continuar” after data was missing, and whether it is missing still.
    Resume(bool),
    /// The new key, twice or not, and the captcha.
    Set(bool, CaptchaVerdict),
    /// The flow goes to the store and comes back.
    Stored,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let kind =
        prop_oneof![Just(Kind::Natural), Just(Kind::Migrante), Just(Kind::Juridica), Just(Kind::Facilitador)];
    let verdict = prop_oneof![
        2 => Just(KeyVerdict::Key(AccountId(7))),
        2 => Just(KeyVerdict::Provisional(AccountId(7), ProvisionalId(3))),
        1 => Just(KeyVerdict::Expired),
        1 => Just(KeyVerdict::Spent),
        1 => Just(KeyVerdict::Wrong),
    ];
    let captcha = prop_oneof![3 => Just(CaptchaVerdict::Right), 1 => Just(CaptchaVerdict::Wrong), 1 => Just(CaptchaVerdict::Stale),
        1 => Just(CaptchaVerdict::WorkRefused)];
    let event = prop_oneof![
        3 => (kind, verdict, any::<bool>(), any::<bool>())
            .prop_map(|(kind, verdict, named, lacks)| Event::Identify(kind, verdict, named, lacks)),
        2 => any::<bool>().prop_map(Event::Resume),
        3 => (any::<bool>(), captcha).prop_map(|(same, captcha)| Event::Set(same, captcha)),
        1 => Just(Event::Stored),
    ];
    prop::collection::vec(event, 0..24)
}

/// What an observer who knows nothing of the code writes down.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    /// A key that counts was shown, of a company with its representative.
    key: bool,
    provisional: bool,
    /// The account lacked data, and has not got it since.
    lacks: bool,
    /// A new key was typed twice alike, with a right captcha, while a key was shown and nothing lacked.
    set: bool,
}

fn missing(lacks: bool) -> Vec<Datum> {
    lacks.then_some(Datum::Email).into_iter().collect()
}

fn step(state: Change, event: &Event, seen: &mut Seen) -> Change {
    let company = Rut::parse("76192083-9").unwrap();
    match (state, event) {
        (Change::Identify, Event::Identify(kind, verdict, named, lacks)) => {
            let says = TaxAnswer::Represents { company_name: None };
            let representative = says.names(company, Rut::parse("11111111-1").unwrap()).unwrap();
            let representative = named.then_some(&representative);
            let provisional = matches!(verdict, KeyVerdict::Provisional(..));
            let key = provisional || matches!(verdict, KeyVerdict::Key(_));
            seen.key = key && (*named || *kind != Kind::Juridica);
            seen.provisional = provisional;
            seen.lacks = *lacks && !provisional;
            Change::identify(*kind, company.into(), representative, verdict, missing(*lacks))
                .unwrap_or(Change::Identify)
        }
        (Change::MissingData(stopped), Event::Resume(lacks)) => {
            seen.lacks = *lacks;
            stopped.resume(missing(*lacks))
        }
        (Change::NewKey(proven), Event::Set(same, verdict)) => {
            let again = if *same { "cordille82" } else { "cordille83" };
            let key = proven.new_key("cordille82", again, "");
            match (key, proven.captcha(*verdict)) {
                (Ok(_), Ok(right)) => {
                    seen.set = *same && *verdict == CaptchaVerdict::Right;
                    assert_eq!(right.provisional().is_some(), seen.provisional);
                    right.done(false, false)
                }
                _ => Change::NewKey(proven),
            }
        }
        (state, Event::Stored) => serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap(),
        (state, _) => state,
    }
}

proptest! {
    #![proptest_config(crate::flow::orders())]

    #[test]
    fn n_chg_no_key_is_set_without_its_proofs(events in events()) {
        let mut seen = Seen::default();
        let mut state = Change::Identify;
        for event in &events {
            state = step(state, event, &mut seen);
            match &state {
                Change::Identify => {}
                Change::MissingData(_) => prop_assert!(seen.key && seen.lacks && !seen.provisional),
                Change::NewKey(_) => prop_assert!(seen.key && !seen.lacks),
                Change::Done { .. } => prop_assert!(seen.key && !seen.lacks && seen.set),
            }
        }
    }
}

#[test]
fn a_change_ends_after_key_and_captcha() {
    let run = |events: &[Event]| {
        let mut seen = Seen::default();
        events.iter().fold(Change::Identify, |state, event| step(state, event, &mut seen))
    };
    let key = |lacks| Event::Identify(Kind::Natural, KeyVerdict::Key(AccountId(7)), false, lacks);
    let set = Event::Set(true, CaptchaVerdict::Right);
    assert!(matches!(run(&[key(false), set.clone()]), Change::Done { .. }));
    assert!(matches!(run(&[key(true), Event::Stored, Event::Resume(false), set]), Change::Done { .. }));
}
