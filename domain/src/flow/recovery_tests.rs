//! Every order of the steps of a recovery: no key without its proofs (docs/security.md#known-failures-of-others).

use super::*;
use crate::flow::contact::{ContactInput, NewContact};
use crate::flow::{CaptchaVerdict, CivilAnswer, RepresentativeRefused, TaxAnswer};
use crate::rut::Rut;
use proptest::prelude::*;

/// Anything that may happen to a flow, in any order, whatever the state.
#[derive(Debug, Clone)]
enum Event {
    Start {
        known: bool,
        question: bool,
        company: bool,
    },
    /// What SII says of the representative that was typed.
    Representative(bool),
    /// Verdict, and whether an address is on file.
    Answer(Verdict, bool),
    /// “Continuar” after data was missing, and whether it is there now.
    Resume(bool),
    ByDocument,
    Forgotten,
    Remembered,
    Serial(CivilAnswer, bool),
    Confirmed,
    Denied,
    Contact,
    ChooseAgain,
    Captcha(CaptchaVerdict),
    /// The flow goes to the store and comes back.
    Stored,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let verdict = prop_oneof![Just(Verdict::Right), Just(Verdict::Wrong)];
    let civil = prop_oneof![
        3 => Just(CivilAnswer::Valid { name: None }),
        1 => Just(CivilAnswer::NotValid),
        1 => Just(CivilAnswer::Blocked),
        1 => Just(CivilAnswer::NoSuchData),
        1 => Just(CivilAnswer::TechnicalFailure),
    ];
    let captcha = prop_oneof![3 => Just(CaptchaVerdict::Right), 1 => Just(CaptchaVerdict::Wrong), 1 => Just(CaptchaVerdict::Stale),
        1 => Just(CaptchaVerdict::WorkRefused)];
    let event = prop_oneof![
        2 => (prop::bool::weighted(0.7), any::<bool>(), any::<bool>())
            .prop_map(|(known, question, company)| Event::Start { known, question, company }),
        2 => any::<bool>().prop_map(Event::Representative),
        3 => (verdict, any::<bool>()).prop_map(|(verdict, mail)| Event::Answer(verdict, mail)),
        1 => any::<bool>().prop_map(Event::Resume),
        1 => Just(Event::ByDocument),
        2 => Just(Event::Forgotten),
        1 => Just(Event::Remembered),
        3 => (civil, any::<bool>()).prop_map(|(answer, mail)| Event::Serial(answer, mail)),
        2 => Just(Event::Confirmed),
        2 => Just(Event::Denied),
        2 => Just(Event::Contact),
        1 => Just(Event::ChooseAgain),
        3 => captcha.prop_map(Event::Captcha),
        1 => Just(Event::Stored),
    ];
    prop::collection::vec(event, 0..24)
}

/// What an observer who knows nothing of the code writes down.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    known: bool,
    company: bool,
    represents: bool,
    right_answer: bool,
    valid_serial: bool,
    captcha: bool,
    gave_contact: bool,
}

fn on_file(mail: bool) -> MaskedContact {
    MaskedContact {
        mail: masked(mail),
        mobile: mail.then(|| "+56 9 •••• ••78".to_owned()),
        mac: "mac".to_owned(),
        unconfirmed: true,
    }
}

fn masked(there: bool) -> Option<String> {
    there.then(|| "p•••••@c•••••.cl".to_owned())
}

fn step(state: Recovery, event: &Event, seen: &mut Seen) -> Recovery {
    let rut = Rut::parse("11111111-1").unwrap();
    match (state, event) {
        (Recovery::Representative(asked), Event::Representative(right)) => {
            seen.represents |= *right;
            let said = if *right { TaxAnswer::Represents { company_name: None } } else { TaxAnswer::DoesNot };
            asked.representative(rut, &said).unwrap_or(Recovery::Representative(asked))
        }
        (Recovery::Representative(asked), Event::Remembered) => {
            asked.remembered().map_or(Recovery::Representative(asked), Recovery::Question)
        }
        (_, Event::Start { known, question, company }) => {
            *seen = Seen { known: *known, company: *company, ..Seen::default() };
            let account = known.then_some(AccountId(7));
            let kind = if *company { Kind::Juridica } else { Kind::Natural };
            Recovery::start(
                kind,
                rut.into(),
                AccountSummary { account, question: question.then(|| SecretQuestion::by_index(3)) },
            )
        }
        (Recovery::Question(asked), Event::Answer(verdict, mail)) => {
            seen.right_answer |= *verdict == Verdict::Right;
            asked.clone().answer(*verdict, on_file(*mail)).unwrap_or(Recovery::Question(asked))
        }
        (Recovery::MissingData(missing), Event::Resume(mail)) => missing.resume(on_file(*mail)),
        (Recovery::MissingData(missing), Event::ByDocument) => missing.by_document(),
        (Recovery::Question(asked), Event::Forgotten) => asked.forgotten(),
        (Recovery::Document(asked), Event::Remembered) => {
            asked.remembered().map_or(Recovery::Document(asked), Recovery::Question)
        }
        (Recovery::Document(asked), Event::Serial(answer, mail)) => {
            seen.valid_serial |= matches!(answer, CivilAnswer::Valid { .. });
            let answer = DocumentAnswer::Civil(answer.clone());
            asked.document(&answer, on_file(*mail)).unwrap_or(Recovery::Document(asked))
        }
        (Recovery::Mail(choice), Event::Confirmed) => choice.confirmed(),
        (Recovery::Mail(choice), Event::Denied) => choice.denied(),
        (Recovery::Contact(choice), Event::Contact) => {
            seen.gave_contact = true;
            choice.contact(
                NewContact::parse(
                    Kind::Natural,
                    ContactInput { email: "ana@correo.cl", mobile: "12345678", ..ContactInput::default() },
                )
                .unwrap(),
            )
        }
        (Recovery::Captcha(ready), Event::ChooseAgain) => match ready.choose_again() {
            Some(choice) => {
                seen.gave_contact = false;
                choice.confirmed()
            }
            None => Recovery::Captcha(ready),
        },
        (Recovery::Captcha(ready), Event::Captcha(verdict)) => {
            seen.captcha |= *verdict == CaptchaVerdict::Right;
            match ready.captcha(*verdict) {
                Ok(grant) => {
                    assert_eq!(matches!(grant.destination(), Destination::New(_)), seen.gave_contact);
                    assert!(
                        !seen.gave_contact || grant.proof() == Proof::Document,
                        "new contact without a serial"
                    );
                    assert!(seen.gave_contact || ready.on_file().mail.is_some(), "a key that goes nowhere");
                    assert_eq!(grant.account(), AccountId(7));
                    grant.sent(KeySent {
                        by_sms: true,
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
                Err(_) => Recovery::Captcha(ready),
            }
        }
        (state, Event::Stored) => serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap(),
        (state, _) => state,
    }
}

proptest! {
    #![proptest_config(crate::flow::orders())]

    #[test]
    fn n_rec_no_key_is_sent_without_its_proofs(events in events()) {
        let mut seen = Seen::default();
        let mut state = Recovery::Identify;
        for event in &events {
            state = step(state, event, &mut seen);
            let by_document = seen.valid_serial && (seen.represents || !seen.company);
            let earned = seen.known && (seen.right_answer || by_document);
            prop_assert!(state.proven_account().is_none() || earned);
            prop_assert!(!matches!(state, Recovery::Mail(_) | Recovery::Contact(_)) || by_document);
            if let Recovery::Sent(_) = state {
                prop_assert!(earned && seen.captcha, "sent after {events:?}");
            }
            if state == Recovery::NoAccount {
                prop_assert!(!seen.known && by_document, "revealed without proof after {events:?}");
            }
        }
    }
}

fn run(events: &[Event]) -> Recovery {
    let mut seen = Seen::default();
    events.iter().fold(Recovery::Identify, |state, event| step(state, event, &mut seen))
}

const KNOWN: Event = Event::Start { known: true, question: true, company: false };
const VALID: Event = Event::Serial(CivilAnswer::Valid { name: None }, true);
const PASSED: Event = Event::Captcha(CaptchaVerdict::Right);

#[test]
fn the_three_cases_of_the_guide_end_in_a_sent_key() {
    let no_question = Event::Start { known: true, question: false, company: false };
    let sent = |events: &[Event]| matches!(run(events), Recovery::Sent(_));
    assert!(sent(&[no_question.clone(), VALID, Event::Confirmed, PASSED]), "N-REC-1, SI");
    assert!(sent(&[no_question, VALID, Event::Denied, Event::Contact, PASSED]), "N-REC-1, NO");
    assert!(sent(&[KNOWN, Event::Forgotten, VALID, Event::Confirmed, PASSED]), "N-REC-2");
    assert!(sent(&[KNOWN, Event::Answer(Verdict::Right, true), PASSED]), "N-REC-3");
}

#[test]
fn an_account_without_mail_is_asked_for_its_contact_data() {
    let no_mail = Event::Serial(CivilAnswer::Valid { name: None }, false);
    assert!(matches!(run(&[KNOWN, Event::Forgotten, no_mail]), Recovery::Contact(_)));
}

#[test]
fn a_min_a_right_answer_without_an_address_stops_until_there_is_one() {
    let stopped = &[KNOWN, Event::Answer(Verdict::Right, false)];
    assert!(matches!(run(stopped), Recovery::MissingData(_)));
    let then = |event| run(&[stopped.as_slice(), &[event]].concat());
    assert!(matches!(then(Event::Resume(false)), Recovery::MissingData(_)));
    assert!(matches!(then(Event::Resume(true)), Recovery::Captcha(_)));
    assert!(matches!(then(Event::ByDocument), Recovery::Document(_)));
}

#[test]
fn a_registry_that_is_down_is_not_a_wrong_serial() {
    let Recovery::Document(asked) = run(&[KNOWN, Event::Forgotten]) else { panic!("not at the serial") };
    let down = DocumentAnswer::Civil(CivilAnswer::TechnicalFailure);
    assert_eq!(asked.document(&down, on_file(false)), Err(DocumentRefused::RegistryDown));
    for (answer, reason) in [
        (CivilAnswer::NotValid, Reason::Wrong),
        (CivilAnswer::NoSuchData, Reason::Wrong),
        (CivilAnswer::Blocked, Reason::Blocked),
    ] {
        let refused = DocumentRefused::Field(FieldError::new(Field::Serial, reason));
        assert_eq!(asked.document(&DocumentAnswer::Civil(answer), on_file(false)), Err(refused));
    }
}

#[test]
fn a_right_answer_allows_no_new_contact_data() {
    let Recovery::Captcha(ready) = run(&[KNOWN, Event::Answer(Verdict::Right, true)]) else {
        panic!("not ready")
    };
    assert_eq!(ready.choose_again(), None);
}

#[test]
fn j_rec_a_company_reaches_the_serial_by_the_representative_sii_names() {
    let company = Event::Start { known: true, question: true, company: true };
    let stopped = run(&[company.clone(), Event::Forgotten]);
    let Recovery::Representative(asked) = stopped else { panic!("not at the representative") };
    let rut = Rut::parse("12345678-5").unwrap();
    let down = asked.representative(rut, &TaxAnswer::TechnicalFailure);
    assert_eq!(down, Err(RepresentativeRefused::RegistryDown));
    for other in [TaxAnswer::DoesNot, TaxAnswer::NoSuchCompany] {
        let refused = FieldError::new(Field::Representative, Reason::NotRepresentative);
        assert_eq!(asked.representative(rut, &other), Err(RepresentativeRefused::Field(refused)));
    }
    let named = TaxAnswer::Represents { company_name: None };
    let Ok(Recovery::Document(document)) = asked.representative(rut, &named) else {
        panic!("not at the serial")
    };
    assert_eq!(document.holder(), Identifier::Rut(rut), "the cédula is the representative's");
    let sent =
        run(&[company, Event::Forgotten, Event::Representative(true), VALID, Event::Confirmed, PASSED]);
    assert!(matches!(sent, Recovery::Sent(_)), "J-REC-2");
}

#[test]
fn security_contact_data_that_changed_since_it_was_confirmed_is_shown_again() {
    let passed = |events: &[Event]| match run(events) {
        Recovery::Captcha(ready) => ready.captcha(CaptchaVerdict::Right).unwrap(),
        state => panic!("not ready: {state:?}"),
    };
    // It looks the same, and is another.
    let other = MaskedContact { mac: "another".to_owned(), ..on_file(true) };
    let confirmed = passed(&[KNOWN, Event::Forgotten, VALID, Event::Confirmed]);
    assert_eq!(confirmed.to_confirm_again(on_file(true)), None);
    let by_code = MaskedContact { unconfirmed: false, ..on_file(true) };
    assert_eq!(confirmed.to_confirm_again(by_code), None, "the same address, confirmed meanwhile");
    for now in [other.clone(), on_file(false)] {
        assert_eq!(confirmed.to_confirm_again(now.clone()).unwrap().on_file(), &now);
    }
    let given = passed(&[KNOWN, Event::Forgotten, VALID, Event::Denied, Event::Contact]);
    let by_answer = passed(&[KNOWN, Event::Answer(Verdict::Right, true)]);
    assert!([given, by_answer].iter().all(|grant| grant.to_confirm_again(other.clone()).is_none()));
}

#[test]
fn an_account_is_proven_from_the_proof_to_the_captcha() {
    let account = |events: &[Event]| run(events).proven_account();
    assert_eq!(account(&[KNOWN]), None);
    assert_eq!(account(&[KNOWN, Event::Forgotten]), None);
    for proven in [
        &[KNOWN, Event::Answer(Verdict::Right, true)][..],
        &[KNOWN, Event::Answer(Verdict::Right, false)],
        &[KNOWN, Event::Forgotten, VALID],
        &[KNOWN, Event::Forgotten, VALID, Event::Denied],
        &[KNOWN, Event::Forgotten, VALID, Event::Confirmed],
    ] {
        assert_eq!(account(proven), Some(AccountId(7)), "{proven:?}");
    }
}

#[test]
fn n_rec_2_who_remembers_the_answer_goes_back_to_the_question() {
    let company = Event::Start { known: true, question: true, company: true };
    for (back, start) in [(KNOWN, KNOWN), (company.clone(), company)] {
        let there = run(&[start, Event::Forgotten, Event::Remembered]);
        let Recovery::Question(asked) = there else { panic!("not at the question: {there:?}") };
        assert_eq!(Recovery::Question(asked), run(&[back]));
    }
    let company = Event::Start { known: true, question: true, company: true };
    let serial = run(&[company.clone(), Event::Forgotten, Event::Representative(true)]);
    let Recovery::Document(asked) = serial else { panic!("not at the serial") };
    assert_eq!(asked.representative(), Some(Rut::parse("11111111-1").unwrap()));
    assert_eq!(asked.remembered().map(Recovery::Question), Some(run(&[company])));
    let no_question = Event::Start { known: true, question: false, company: false };
    assert!(matches!(run(&[no_question, Event::Remembered]), Recovery::Document(_)));
}

#[test]
fn after_a_document_the_address_may_be_chosen_again() {
    let given = run(&[KNOWN, Event::Forgotten, VALID, Event::Denied, Event::Contact]);
    let Recovery::Captcha(ready) = given else { panic!("not ready: {given:?}") };
    assert_eq!(ready.choose_again().unwrap().on_file(), &on_file(true));
}
