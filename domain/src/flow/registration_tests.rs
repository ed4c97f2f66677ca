//! What a registration takes, and what it holds of it.

use super::*;

const CONTACT: ContactInput<'_> = ContactInput {
    email: "ana@correo.cl",
    home_phone: ("", ""),
    work_phone: ("2", ""),
    mobile: "12345678",
    no_mobile: false,
};

fn read(input: RegistrationInput<'_>, change: impl FnOnce(&mut Rules<'_>)) -> Vec<(Field, Reason)> {
    let nie = NiePattern::any();
    let mut rules = Rules {
        kind: Kind::Natural,
        proof: RegisterProof::None,
        birth_date: false,
        nie: &nie,
        today: Date::constant(2026, 11, 21),
    };
    change(&mut rules);
    let found = RegistrationForm::parse(input, rules).err().unwrap_or_default();
    found.into_iter().map(|e| (e.field, e.reason)).collect()
}

fn good() -> RegistrationInput<'static> {
    RegistrationInput {
        identifier: "12.345.678-5",
        birth_date: "",
        document: DocumentInput::default(),
        company: CompanyInput::default(),
        question: SecretQuestion::by_index(0).id(),
        answer: "Quilpué",
        serial: "",
        address: AddressInput {
            street: "Los Aromos",
            number: "12",
            block: "",
            flat: "",
            region: "13",
            comuna: "13101",
        },
        contact: CONTACT,
        key: "Quillay7x",
        key_again: "Quillay7x",
    }
}

fn errors(input: RegistrationInput<'_>) -> Vec<(Field, Reason)> {
    read(input, |_| ())
}

#[test]
fn n_reg_optional_fields_may_be_empty() {
    assert_eq!(errors(good()), []);
    let no_mobile = ContactInput { mobile: "", ..CONTACT };
    let ticked = ContactInput { no_mobile: true, ..no_mobile };
    assert_eq!(errors(RegistrationInput { contact: ticked, ..good() }), []);
    assert_eq!(
        errors(RegistrationInput { contact: no_mobile, ..good() }),
        [(Field::Mobile, Reason::Missing)]
    );
}

#[test]
fn n_reg_a_form_is_what_was_typed() {
    let nie = NiePattern::any();
    let rules = Rules {
        kind: Kind::Natural,
        proof: RegisterProof::Serial,
        birth_date: true,
        nie: &nie,
        today: Date::constant(2026, 11, 21),
    };
    let input = RegistrationInput { serial: "A123456789", birth_date: "01-12-1992", ..good() };
    let form = RegistrationForm::parse(input, rules).unwrap();
    assert_eq!((form.identifier.plain().as_str(), form.question.id()), ("12345678-5", good().question));
    assert_eq!((form.answer.expose(), form.key.expose()), ("quilpue", "Quillay7x"));
    assert_eq!(form.serial.as_ref().map(DocumentSerial::as_str), Some("A123456789"));
    assert_eq!(form.birth_date.map(BirthDate::plain).as_deref(), Some("1992-12-01"));
    assert!(form.document.is_none() && form.company.is_none());
    assert_eq!((form.address.street.as_str(), form.contact.email.as_str()), ("Los Aromos", "ana@correo.cl"));
    assert!(form.contact.mobile.is_some());
}

/// As flows of earlier versions are stored.
#[test]
fn a_registration_stored_before_there_were_caps_sent_its_mail() {
    let stored = serde_json::from_str::<Registration>(r#"{"done":{"by_sms":false}}"#).unwrap();
    assert_eq!(stored, Registration::Done { by_sms: false, by_mail: true, code: None });
}

#[test]
fn n_reg_every_wrong_field_is_named_in_the_order_of_the_form() {
    let wrong = RegistrationInput {
        identifier: "12345678-9",
        question: "",
        answer: " ",
        contact: ContactInput {
            email: "ana",
            home_phone: ("", "2123456"),
            work_phone: ("32", "21"),
            ..CONTACT
        },
        key: "12345678",
        key_again: "123456789",
        ..good()
    };
    assert_eq!(
        errors(wrong),
        [
            (Field::Rut, Reason::CheckDigit),
            (Field::Question, Reason::Missing),
            (Field::Answer, Reason::Missing),
            (Field::Email, Reason::Format),
            (Field::HomePhone, Reason::Area),
            (Field::WorkPhone, Reason::Format),
            (Field::NewKey, Reason::Common),
            (Field::NewKeyAgain, Reason::Mismatch),
        ]
    );
}

#[test]
fn what_the_rules_do_not_ask_for_is_not_read() {
    let asked = read(good(), |rules| rules.proof = RegisterProof::Serial);
    assert_eq!(asked, [(Field::Serial, Reason::Missing)]);
    let no_answer = RegistrationInput { answer: "", ..good() };
    let asked = read(no_answer, |rules| rules.proof = RegisterProof::Serial);
    assert_eq!(asked, [(Field::Serial, Reason::Missing), (Field::Answer, Reason::Missing)]);
    let asked = read(good(), |rules| rules.birth_date = true);
    assert_eq!(asked, [(Field::BirthDate, Reason::Missing)]);
    let future = RegistrationInput { birth_date: "22-11-2026", ..good() };
    assert_eq!(read(future, |rules| rules.birth_date = true), [(Field::BirthDate, Reason::Future)]);
}

#[test]
fn m_reg_a_migrant_gives_nie_and_document_and_no_serial() {
    let migrant = |rules: &mut Rules<'_>| {
        rules.kind = Kind::Migrante;
        rules.proof = RegisterProof::Serial;
    };
    let missing = RegistrationInput { identifier: "A-1", ..good() };
    assert_eq!(
        read(missing, migrant),
        [
            (Field::Nie, Reason::Format),
            (Field::DocumentKind, Reason::Missing),
            (Field::DocumentCountry, Reason::Missing),
            (Field::DocumentNumber, Reason::Missing)
        ]
    );
    let document = DocumentInput { kind: "pasaporte", country: "VE", number: "V-12.345.678" };
    let whole = RegistrationInput { identifier: "XY-123456", document, ..good() };
    assert_eq!(read(whole, migrant), []);
    let with_nie = RegistrationInput { key: "1xy123456", key_again: "1xy123456", ..whole };
    assert_eq!(read(with_nie, migrant), [(Field::NewKey, Reason::ContainsNie)]);
}

#[test]
fn j_reg_a_company_gives_name_kind_and_representative_and_no_mobile() {
    let company = |rules: &mut Rules<'_>| rules.kind = Kind::Juridica;
    let no_mobile = ContactInput { mobile: "", ..CONTACT };
    assert_eq!(
        read(RegistrationInput { contact: no_mobile, ..good() }, company),
        [
            (Field::CompanyName, Reason::Missing),
            (Field::CompanyKind, Reason::Missing),
            (Field::Representative, Reason::Missing),
            (Field::RepresentativeNames, Reason::Missing)
        ]
    );
    let input = CompanyInput {
        name: "Quillay Inventada SpA",
        kind: "otec",
        representative: "11.111.111-1",
        representative_names: "Rosa Prueba Inventada",
    };
    assert_eq!(read(RegistrationInput { company: input, contact: no_mobile, ..good() }, company), []);
    // The form has no mobile: one that comes all the same is not looked at.
    for contact in [CONTACT, ContactInput { mobile: "1", no_mobile: true, ..CONTACT }] {
        assert_eq!(read(RegistrationInput { company: input, contact, ..good() }, company), []);
    }
    let with_serial = |rules: &mut Rules<'_>| {
        rules.kind = Kind::Juridica;
        rules.proof = RegisterProof::Serial;
    };
    let no_mail = ContactInput { email: "", ..no_mobile };
    assert_eq!(
        read(RegistrationInput { contact: no_mail, ..good() }, with_serial),
        [
            (Field::CompanyName, Reason::Missing),
            (Field::CompanyKind, Reason::Missing),
            (Field::Email, Reason::Missing),
            (Field::Representative, Reason::Missing),
            (Field::RepresentativeNames, Reason::Missing),
            (Field::Serial, Reason::Missing)
        ]
    );
}
