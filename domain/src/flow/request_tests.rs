//! Every order of the steps of a request: nothing is filed without its proofs and both files (F-REQ).

use super::*;
use crate::flow::key::ProvisionalId;
use crate::flow::{RepresentativeRefused, TaxAnswer};
use proptest::prelude::*;

/// Anything that may happen to a flow, in any order, whatever the state.
#[derive(Debug, Clone)]
enum Event {
    /// The first form: whether SII names the representative, what was found of the captcha, and of the key.
    Identify { named: bool, captcha: CaptchaVerdict, key: u8 },
    /// A signed declaration comes in.
    Sign,
    /// An identity document comes in.
    Attach,
    /// The document that was sent is not the one that is meant.
    Detach,
    /// Back to the declaration.
    Again,
    /// A file that was sent is no longer kept.
    Gone(UploadPurpose),
    /// “Realizar solicitud”, with every field filled in or with none.
    File { filled_in: bool },
    /// The flow goes to the store and comes back.
    Stored,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let captcha = prop_oneof![
        4 => Just(CaptchaVerdict::Right), 1 => Just(CaptchaVerdict::Wrong), 1 => Just(CaptchaVerdict::Stale),
        1 => Just(CaptchaVerdict::WorkRefused)
    ];
    let key = prop_oneof![3 => Just(0u8), 1 => 1u8..5];
    let event = prop_oneof![
        3 => (prop::bool::weighted(0.7), captcha, key)
            .prop_map(|(named, captcha, key)| Event::Identify { named, captcha, key }),
        4 => Just(Event::Sign),
        3 => Just(Event::Attach),
        1 => Just(Event::Detach),
        1 => Just(Event::Again),
        1 => prop_oneof![Just(UploadPurpose::Declaration), Just(UploadPurpose::Document)].prop_map(Event::Gone),
        4 => prop::bool::weighted(0.8).prop_map(|filled_in| Event::File { filled_in }),
        1 => Just(Event::Stored),
    ];
    prop::collection::vec(event, 0..20)
}

/// What an observer who knows nothing of the code writes down.
#[derive(Debug, Default, Clone)]
struct Seen {
    named: bool,
    captcha: bool,
    key: bool,
    declaration: Option<UploadId>,
    document: Option<UploadId>,
    filled_in: bool,
    /// How many files have come, so that each has a name of its own.
    files: u32,
}

impl Seen {
    fn proven(&self) -> bool {
        self.named && self.captcha && self.key
    }

    fn file(&mut self) -> UploadId {
        self.files += 1;
        UploadId(self.files.to_string())
    }
}

const COMPANY: AccountId = AccountId(7);

fn names(answer: &TaxAnswer) -> Result<Representative, RepresentativeRefused> {
    answer.names(Rut::parse("76192083-9").unwrap(), Rut::parse("11111111-1").unwrap())
}

fn named() -> Representative {
    names(&TaxAnswer::Represents { company_name: None }).unwrap()
}

fn verdict(number: u8) -> KeyVerdict {
    match number {
        0 => KeyVerdict::Key(COMPANY),
        1 => KeyVerdict::Provisional(COMPANY, ProvisionalId(2)),
        2 => KeyVerdict::Expired,
        3 => KeyVerdict::Spent,
        _ => KeyVerdict::Wrong,
    }
}

fn step(state: RequestFlow, event: &Event, seen: &mut Seen) -> RequestFlow {
    match (state, event) {
        (_, Event::Identify { named, captcha, key }) => {
            *seen = Seen {
                named: *named,
                captcha: *captcha == CaptchaVerdict::Right,
                key: *key == 0,
                files: seen.files,
                ..Seen::default()
            };
            let said = if *named { TaxAnswer::Represents { company_name: None } } else { TaxAnswer::DoesNot };
            let Ok(representative) = names(&said) else { return RequestFlow::Identify };
            RequestFlow::identify(&representative, *captcha, &verdict(*key)).unwrap_or(RequestFlow::Identify)
        }
        (RequestFlow::Declaration(proven), Event::Sign) => {
            let id = seen.file();
            seen.declaration = Some(id.clone());
            proven.signed(id)
        }
        (RequestFlow::Details(mut signed), Event::Sign) => {
            let id = seen.file();
            seen.declaration = Some(id.clone());
            signed.sign(id);
            RequestFlow::Details(signed)
        }
        (RequestFlow::Details(mut signed), Event::Attach) => {
            let id = seen.file();
            seen.document = Some(id.clone());
            signed.attach(id);
            RequestFlow::Details(signed)
        }
        (RequestFlow::Details(mut signed), Event::Detach) => {
            seen.document = None;
            signed.detach();
            RequestFlow::Details(signed)
        }
        (RequestFlow::Details(signed), Event::Again) => {
            seen.declaration = None;
            signed.again()
        }
        (RequestFlow::Details(signed), Event::Gone(purpose)) => {
            let file = match purpose {
                UploadPurpose::Declaration => seen.declaration.take(),
                UploadPurpose::Document => seen.document.take(),
            };
            match file {
                Some(file) => signed.without(&file),
                None => RequestFlow::Details(signed),
            }
        }
        (RequestFlow::Details(signed), Event::File { filled_in }) => {
            seen.filled_in = *filled_in;
            match signed.form(if *filled_in { input() } else { RequestInput::default() }) {
                Ok(form) => {
                    let [declaration, document] = form.files.clone();
                    assert_eq!(
                        (Some(declaration), Some(document)),
                        (seen.declaration.clone(), seen.document.clone())
                    );
                    assert_eq!(signed.proven().company(), COMPANY);
                    assert_eq!(signed.proven().rut(), named().company());
                    assert_eq!(signed.proven().representative(), named().rut());
                    form.filed(RequestNumber::from_random(1))
                }
                Err(_) => RequestFlow::Details(signed),
            }
        }
        (state, Event::Stored) => serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap(),
        (state, _) => state,
    }
}

proptest! {
    #![proptest_config(crate::flow::orders())]

    #[test]
    fn f_req_nothing_is_filed_without_its_proofs(events in events()) {
        let mut seen = Seen::default();
        let mut state = RequestFlow::Identify;
        for event in &events {
            state = step(state, event, &mut seen);
            let signed = seen.proven() && seen.declaration.is_some();
            for purpose in UploadPurpose::ALL {
                prop_assert!(state.takes(purpose).is_none() || seen.proven(), "a file of nobody");
            }
            prop_assert!(state.takes(UploadPurpose::Document).is_none() || signed);
            prop_assert!(!matches!(state, RequestFlow::Declaration(_)) || seen.proven());
            prop_assert!(!matches!(state, RequestFlow::Details(_)) || signed, "details after {events:?}");
            if let RequestFlow::Done { .. } = state {
                prop_assert!(signed && seen.document.is_some() && seen.filled_in, "filed after {events:?}");
            }
        }
    }
}

#[test]
fn f_req_the_steps_of_the_guide_end_in_a_request() {
    let first = Event::Identify { named: true, captcha: CaptchaVerdict::Right, key: 0 };
    let events = [first, Event::Sign, Event::Attach, Event::File { filled_in: true }];
    let mut seen = Seen::default();
    let end = events.iter().fold(RequestFlow::Identify, |state, event| step(state, event, &mut seen));
    assert!(matches!(end, RequestFlow::Done { .. }), "{end:?}");
}

fn proven() -> Proven {
    let identified = RequestFlow::identify(&named(), CaptchaVerdict::Right, &KeyVerdict::Key(COMPANY));
    let Ok(RequestFlow::Declaration(proven)) = identified else { panic!("refused") };
    proven
}

fn input() -> RequestInput<'static> {
    RequestInput {
        document_kind: "pasaporte",
        document_number: "ab 123456",
        names: "Ana Prueba",
        email: "ana@correo.pe",
        phone: "+51 987 654 321",
        question: "primera-mascota",
        answer: "un gato gris",
    }
}

#[test]
fn f_req_a_provisional_key_files_no_request() {
    let right = CaptchaVerdict::Right;
    let reason = |verdict| RequestFlow::identify(&named(), right, &verdict).unwrap_err().reason;
    assert_eq!(reason(KeyVerdict::Wrong), Reason::WrongForCompany);
    assert_eq!(reason(KeyVerdict::Provisional(COMPANY, ProvisionalId(1))), Reason::OnlyToChange);
    assert_eq!(reason(KeyVerdict::Expired), Reason::Expired);
}

#[test]
fn f_req_nothing_is_filed_without_both_files_and_every_field() {
    let RequestFlow::Details(mut signed) = proven().signed(UploadId("d".into())) else { panic!() };
    let fields = |wrong: Vec<FieldError>| wrong.iter().map(|e| e.field).collect::<Vec<_>>();
    assert_eq!(fields(signed.form(input()).unwrap_err()), [Field::DocumentFile]);
    signed.attach(UploadId("x".into()));
    signed.detach();
    assert_eq!(fields(signed.form(input()).unwrap_err()), [Field::DocumentFile]);
    signed.attach(UploadId("p".into()));
    let form = signed.form(input()).unwrap();
    assert_eq!(form.files, [UploadId("d".into()), UploadId("p".into())]);
    assert_eq!(form.document.plain(), "pasaporte:AB123456");
    assert_eq!(
        fields(signed.form(RequestInput::default()).unwrap_err()),
        [
            Field::DocumentNumber,
            Field::DocumentKind,
            Field::Names,
            Field::Email,
            Field::Phone,
            Field::Question,
            Field::Answer
        ]
    );
    assert!(
        matches!(signed.clone().without(&UploadId("p".into())), RequestFlow::Details(s) if s.document().is_none())
    );
    assert!(matches!(signed.clone().without(&UploadId("d".into())), RequestFlow::Declaration(_)));
    let RequestFlow::Declaration(back) = signed.again() else { panic!() };
    assert!(matches!(back.signed(UploadId("e".into())), RequestFlow::Details(s) if s.document().is_some()));
}

/// Files and their URLs hold these words.
#[test]
fn words_for_the_purposes_of_files_never_change() {
    assert_eq!(UploadPurpose::ALL.map(UploadPurpose::id), ["declaracion", "documento"]);
    for purpose in UploadPurpose::ALL {
        assert_eq!(UploadPurpose::parse(purpose.id()), Some(purpose));
    }
    assert_eq!(UploadPurpose::parse("otro"), None);
}

#[test]
fn f_req_each_step_takes_the_files_it_asks_for() {
    let takes = |flow: &RequestFlow| UploadPurpose::ALL.map(|purpose| flow.takes(purpose));
    let proven = proven();
    assert_eq!(takes(&RequestFlow::Identify), [None, None]);
    assert_eq!(takes(&RequestFlow::Declaration(proven.clone())), [Some(COMPANY), None]);
    assert_eq!(takes(&proven.signed(UploadId("d".into()))), [Some(COMPANY), Some(COMPANY)]);
}

#[test]
fn f_req_a_declaration_is_given_up_once_another_one_comes() {
    let former = |flow: RequestFlow| match flow {
        RequestFlow::Declaration(proven) => proven.former().cloned(),
        state => panic!("not at the declaration: {state:?}"),
    };
    let sent = UploadId("d".into());
    let RequestFlow::Details(signed) = proven().signed(sent.clone()) else { panic!() };
    assert_eq!(former(signed.clone().without(&sent)), None, "it is gone already");
    let back = signed.again();
    assert_eq!(former(back.clone()), Some(sent));
    let RequestFlow::Declaration(proven) = back else { panic!() };
    let RequestFlow::Details(signed) = proven.signed(UploadId("e".into())) else { panic!() };
    assert_eq!(signed.declaration(), &UploadId("e".into()));
    assert_eq!(signed.proven().former(), None);
}
