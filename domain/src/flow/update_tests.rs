//! Every order of the steps of an update: nothing of an account is changed without its proofs.

use super::*;
use crate::address::AddressInput;
use crate::flow::CivilAnswer;
use crate::flow::change::Change;
use crate::flow::contact::ContactInput;
use crate::flow::key::ProvisionalId;
use crate::needs::Datum;
use crate::rut::Rut;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Event {
    Key { verdict: u8, question: bool },
    BirthDate { known: bool, right: bool, question: bool },
    StoppedChange { question: bool },
    Document(bool),
    Forgotten,
    Remembered,
    Answer(bool),
    Choose,
    Captcha(CaptchaVerdict),
    Stored,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let captcha = prop_oneof![
        3 => Just(CaptchaVerdict::Right), 1 => Just(CaptchaVerdict::Wrong), 1 => Just(CaptchaVerdict::Stale),
        1 => Just(CaptchaVerdict::WorkRefused)
    ];
    let event = prop_oneof![
        2 => (0u8..5, any::<bool>()).prop_map(|(verdict, question)| Event::Key { verdict, question }),
        2 => (any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(known, right, question)| Event::BirthDate { known, right, question }),
        1 => any::<bool>().prop_map(|question| Event::StoppedChange { question }),
        2 => any::<bool>().prop_map(Event::Document),
        2 => Just(Event::Forgotten),
        1 => Just(Event::Remembered),
        3 => any::<bool>().prop_map(Event::Answer),
        3 => Just(Event::Choose),
        3 => captcha.prop_map(Event::Captcha),
        1 => Just(Event::Stored),
    ];
    prop::collection::vec(event, 0..16)
}

/// What an observer who knows nothing of the code writes down.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    key: bool,
    birth_date: bool,
    question_on_file: bool,
    document: bool,
    answer: bool,
    chosen: bool,
}

impl Seen {
    fn proven(self) -> bool {
        let may_choose = self.document || self.key && !self.question_on_file;
        let second = self.answer && self.question_on_file || self.chosen && may_choose;
        (self.key || self.birth_date) && second
    }
}

const ACCOUNT: AccountId = AccountId(7);

fn rut() -> Identifier {
    Rut::parse("11111111-1").unwrap().into()
}

fn question(there: bool) -> Option<SecretQuestion> {
    there.then(|| SecretQuestion::by_index(3))
}

fn verdict(number: u8) -> KeyVerdict {
    match number {
        0 => KeyVerdict::Key(ACCOUNT),
        1 => KeyVerdict::Provisional(ACCOUNT, ProvisionalId(2)),
        2 => KeyVerdict::Expired,
        3 => KeyVerdict::Spent,
        _ => KeyVerdict::Wrong,
    }
}

fn step(state: Update, event: &Event, seen: &mut Seen) -> Update {
    match (state, event) {
        (_, Event::Key { verdict: number, question: there }) => {
            *seen = Seen { key: *number == 0, question_on_file: *there, ..Seen::default() };
            Update::by_key(Kind::Natural, rut(), &verdict(*number), question(*there))
                .unwrap_or(Update::Identify)
        }
        (_, Event::BirthDate { known, right, question: there }) => {
            *seen = Seen { birth_date: *known && *right, question_on_file: *there, ..Seen::default() };
            let verdict = if *right { BirthDateVerdict::Right } else { BirthDateVerdict::Wrong };
            Update::by_birth_date(rut(), known.then_some(ACCOUNT), verdict, question(*there))
                .unwrap_or(Update::Identify)
        }
        (_, Event::StoppedChange { question: there }) => {
            *seen = Seen { key: true, question_on_file: *there, ..Seen::default() };
            let change =
                Change::identify(Kind::Natural, rut(), None, &verdict(0), vec![Datum::Email]).unwrap();
            let Change::MissingData(stopped) = change else { panic!("went on") };
            Update::by_stopped_change(&stopped, question(*there))
        }
        (Update::Document(asked), Event::Document(right)) => {
            seen.document |= *right;
            let said = if *right { CivilAnswer::Valid { name: None } } else { CivilAnswer::NotValid };
            asked.document(&DocumentAnswer::Civil(said)).unwrap_or(Update::Document(asked))
        }
        (Update::Question(asked), Event::Forgotten) => asked.forgotten(),
        (Update::Document(asked), Event::Remembered) => {
            asked.remembered().map_or(Update::Document(asked), Update::Question)
        }
        (Update::Question(asked), Event::Answer(right)) => {
            seen.answer |= *right;
            let verdict = if *right { Verdict::Right } else { Verdict::Wrong };
            asked.answer(verdict).unwrap_or(Update::Question(asked))
        }
        (Update::Choose(choose), Event::Choose) => {
            seen.chosen = true;
            assert!(!choose.replaces() || seen.document, "a question is replaced only after the document");
            choose.chosen(SecretQuestion::by_index(1), "$".to_owned())
        }
        (Update::Form(opened), Event::Captcha(verdict)) => match opened.captcha(*verdict) {
            Ok(save) => {
                assert!(*verdict == CaptchaVerdict::Right);
                assert_eq!(save.chosen().is_some(), seen.chosen);
                save.done(true, true, None)
            }
            Err(_) => Update::Form(opened),
        },
        (state, Event::Stored) => serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap(),
        (state, _) => state,
    }
}

proptest! {
    #![proptest_config(crate::flow::orders())]

    #[test]
    fn n_upd_nothing_is_changed_without_its_proofs(events in events()) {
        let mut seen = Seen::default();
        let mut state = Update::Identify;
        for event in &events {
            state = step(state, event, &mut seen);
            let open = matches!(state, Update::Form(_) | Update::Done(_));
            prop_assert!(!open || seen.proven(), "open after {events:?}");
            prop_assert!(state.account().is_none() || seen.key || seen.birth_date);
        }
    }
}

#[test]
fn n_upd_a_provisional_key_opens_no_update() {
    let refused = Update::by_key(Kind::Natural, rut(), &verdict(1), None).unwrap_err();
    assert_eq!(refused, FieldError::new(Field::CurrentKey, Reason::OnlyToChange));
}

#[test]
fn v_upd_choosing_a_question_needs_key_or_document() {
    let opened = Update::by_birth_date(rut(), Some(ACCOUNT), BirthDateVerdict::Right, None).unwrap();
    assert!(matches!(opened, Update::Document(_)));
    let opened = Update::by_key(Kind::Natural, rut(), &verdict(0), None).unwrap();
    assert!(matches!(opened, Update::Choose(_)));
}

fn opened(update: Update) -> Opened {
    let Update::Form(opened) = update else { panic!("not at the form: {update:?}") };
    opened
}

fn saved(update: Update) -> Save {
    opened(update).captcha(CaptchaVerdict::Right).unwrap()
}

fn by_document(update: Update) -> Update {
    let Update::Document(asked) = update else { panic!("not at the document: {update:?}") };
    let right = DocumentAnswer::Civil(CivilAnswer::Valid { name: None });
    let Ok(Update::Choose(choose)) = asked.document(&right) else { panic!("refused") };
    choose.chosen(SecretQuestion::by_index(1), "$".to_owned())
}

fn by_answer(update: Update) -> Update {
    let Update::Question(asked) = update else { panic!("not at the question: {update:?}") };
    asked.answer(Verdict::Right).unwrap()
}

fn by_forgetting(update: Update) -> Update {
    let Update::Question(asked) = update else { panic!("not at the question: {update:?}") };
    asked.forgotten()
}

#[test]
fn n_upd_each_step_knows_whose_data_it_is() {
    let by_key = || Update::by_key(Kind::Natural, rut(), &verdict(0), question(true)).unwrap();
    let Update::Question(asked) = by_key() else { panic!("not at the question") };
    let form = by_answer(by_key());
    let done = saved(form.clone()).done(true, false, None);
    for state in [by_key(), asked.forgotten(), by_document(by_forgetting(by_key())), form.clone(), done] {
        assert_eq!(state.account(), Some(ACCOUNT), "{state:?}");
    }
    assert_eq!(Update::Identify.account(), None);
    assert!(!opened(form).has_new_question());
    assert!(opened(by_document(by_forgetting(by_key()))).has_new_question());
}

#[test]
fn n_upd_a_company_has_no_update() {
    let refused = Update::by_key(Kind::Juridica, rut(), &verdict(0), question(true)).unwrap_err();
    assert_eq!(refused, FieldError::new(Field::CurrentKey, Reason::WrongForCompany));
}

#[test]
fn n_upd_a_forgotten_answer_may_come_to_mind() {
    let by_key = Update::by_key(Kind::Natural, rut(), &verdict(0), question(true)).unwrap();
    let Update::Document(asked) = by_forgetting(by_key.clone()) else { panic!("not at the document") };
    assert_eq!(asked.remembered().map(Update::Question), Some(by_key));
    let right = DocumentAnswer::Civil(CivilAnswer::Valid { name: None });
    let Ok(Update::Choose(choose)) = asked.document(&right) else { panic!("refused") };
    assert!(choose.replaces());
    let Ok(Update::Choose(first)) = Update::by_key(Kind::Natural, rut(), &verdict(0), None) else { panic!() };
    assert!(!first.replaces());
}

#[test]
fn v_upd_a_document_stands_in_for_a_date_of_birth_and_brings_one() {
    let date = BirthDate::from_plain("1992-12-01").unwrap();
    for on_file in [question(true), None] {
        let no_date = BirthDateVerdict::NoDate(date);
        let asked = Update::by_birth_date(rut(), Some(ACCOUNT), no_date, on_file).unwrap();
        let Update::Document(ask) = &asked else { panic!("not at the document") };
        assert_eq!(ask.remembered(), None, "the answer alone does not stand in for it");
        assert_eq!(saved(by_document(asked)).birth_date(), Some(date));
        assert!(Update::by_birth_date(rut(), None, no_date, on_file).is_err());
    }
    let right = Update::by_birth_date(rut(), Some(ACCOUNT), BirthDateVerdict::Right, question(true));
    assert_eq!(saved(by_answer(right.unwrap())).birth_date(), None, "there is one already");
}

#[test]
fn contact_data_is_proven_by_a_document_that_a_registry_checks() {
    use ContactProof::{Doubted, Proven, Unproven};
    let by_key = || Update::by_key(Kind::Natural, rut(), &verdict(0), question(true)).unwrap();
    let by_answer = saved(by_answer(by_key()));
    let by_document = saved(by_document(by_forgetting(by_key())));
    for before in [Unproven, Doubted, Proven] {
        for changed in [false, true] {
            assert_eq!(by_document.contact_proof(before, changed, true), Proven);
            let otherwise = if changed { before.changed() } else { before };
            assert_eq!(by_document.contact_proof(before, changed, false), otherwise);
            assert_eq!(by_answer.contact_proof(before, changed, true), otherwise);
        }
    }
}

#[test]
fn n_upd_a_form_is_what_was_typed() {
    let address = AddressInput {
        street: "Los Aromos",
        number: "12",
        block: "",
        flat: "",
        region: "13",
        comuna: "13101",
    };
    let contact = ContactInput { email: "ana@correo.cl", mobile: "12345678", ..ContactInput::default() };
    let form = UpdateForm::parse(UpdateInput { address, contact }).unwrap();
    assert_eq!((form.address.street.as_str(), form.contact.email.as_str()), ("Los Aromos", "ana@correo.cl"));
    let address = AddressInput { street: "", ..address };
    let contact = ContactInput { email: "", ..contact };
    let wrong = UpdateForm::parse(UpdateInput { address, contact }).unwrap_err();
    assert_eq!(wrong.iter().map(|error| error.field).collect::<Vec<_>>(), [Field::Street, Field::Email]);
}
