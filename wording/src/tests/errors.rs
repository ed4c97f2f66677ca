//! What an error says, and to whom.

use domain::field::{Field, FieldError, Reason};
use domain::flow::Notice;
use domain::kind::Kind;

use crate::{Audience, Locale, SecretFields};

fn sentence(error: FieldError, to: Audience) -> &'static str {
    (Locale::Es.catalogue().errors.sentence)(error, to)
}

/// What a form of a company can say of its own data and of its representative.
const OF_A_COMPANY: &[(Field, &[Reason])] = &[
    (Field::Rut, &[Reason::Missing, Reason::Characters, Reason::CheckDigit, Reason::Format]),
    (Field::Representative, &[Reason::Missing, Reason::CheckDigit, Reason::NotRepresentative]),
    (Field::Serial, &[Reason::Missing, Reason::Format, Reason::Wrong, Reason::Blocked]),
    (Field::Answer, &[Reason::Missing, Reason::TooShort]),
    (Field::Email, &[Reason::Missing, Reason::Format]),
    (Field::Street, &[Reason::Missing, Reason::TooLong]),
    (Field::StreetNumber, &[Reason::Missing, Reason::TooLong]),
    (Field::Region, &[Reason::Missing]),
    (Field::Comuna, &[Reason::Missing, Reason::OtherRegion]),
    (
        Field::CurrentKey,
        &[
            Reason::Missing,
            Reason::WrongForCompany,
            Reason::NoProvisional,
            Reason::WrongProvisional,
            Reason::WrongAtTheEnd,
        ],
    ),
    (Field::NewKey, &[Reason::ContainsRut, Reason::ContainsName]),
];

#[test]
fn j_reg_no_error_takes_a_company_for_a_person() {
    for &(field, reasons) in OF_A_COMPANY {
        for &reason in reasons {
            let said = sentence(FieldError::new(field, reason), Audience::Company);
            for personal in [
                "su RUT",
                "su nombre",
                "su casa",
                "su calle",
                "su región",
                "su comuna",
                "su correo",
                "su clave",
            ] {
                assert!(!said.contains(personal), "{said}");
            }
            assert!(!said.contains("su cédula") || said.contains("El representante legal debe"), "{said}");
        }
    }
}

#[test]
fn f_req_what_is_missing_is_the_facilitators() {
    for field in [Field::DocumentNumber, Field::Email, Field::Answer, Field::Names, Field::Phone] {
        let said = sentence(FieldError::new(field, Reason::Missing), Audience::ForFacilitator);
        assert!(said.ends_with("del facilitador."), "{said}");
    }
    let rut = FieldError::new(Field::Rut, Reason::Missing);
    assert_eq!(sentence(rut, Audience::ForFacilitator), "Escriba el RUT de la empresa.");
}

#[test]
fn where_one_has_to_wait_an_error_says_what_is_wrong_and_no_more() {
    let cause = |field, reason| {
        (Locale::Es.catalogue().errors.cause)(FieldError::new(field, reason), Audience::Person)
    };
    for (field, reason, said) in [
        (Field::Answer, Reason::Wrong, "La respuesta no es correcta."),
        (Field::CurrentKey, Reason::Wrong, "El RUT o la clave no son correctos."),
        (Field::CurrentKey, Reason::WrongProvisional, "Esa no es la clave que le enviamos."),
        (Field::DocumentNumber, Reason::Wrong, "El NIE y el número de documento no coinciden."),
    ] {
        assert_eq!(cause(field, reason), said);
        assert!(sentence(FieldError::new(field, reason), Audience::Person).len() > said.len());
    }
    let wait = Locale::Es.catalogue().errors.wait;
    assert_eq!([wait(1), wait(8)], ["Espere 1 minuto.", "Espere 8 minutos."]);
}

#[test]
fn letters_in_place_of_a_wait_are_asked_for_with_what_the_form_lost() {
    let said = |of, to, secrets| {
        let notice = Notice::WaitOrLetters { minutes: 1, of };
        (Locale::Es.catalogue().notices.notice)(notice, to, secrets).1
    };
    let (key, answer, nothing) = (SecretFields::KEY, SecretFields::ANSWER, SecretFields::NOTHING);
    for (of, to, secrets, text) in [
        (
            Some(Kind::Natural),
            Audience::Person,
            key,
            "Hubo muchos intentos con su RUT. Escriba su clave y las letras de abajo, o espere 1 minuto.",
        ),
        (
            Some(Kind::Migrante),
            Audience::Person,
            answer,
            "Hubo muchos intentos con su NIE. Escriba su respuesta y las letras de abajo, o espere 1 minuto.",
        ),
        (
            Some(Kind::Juridica),
            Audience::Company,
            key,
            "Hubo muchos intentos con el RUT de la empresa. Escriba su clave y las letras de abajo, o espere 1 minuto.",
        ),
        (
            None,
            Audience::Person,
            nothing,
            "Desde su conexión a Internet se hicieron muchos intentos. Escriba las letras de abajo, o espere 1 minuto.",
        ),
    ] {
        assert_eq!(said(of, to, secrets), text);
        assert!(!text.contains("no revisamos"));
    }
}
