//! What an error says, and to whom.

use domain::field::{Field, FieldError, Reason};

use crate::{Audience, Locale};

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
    (Field::CurrentKey, &[Reason::Missing, Reason::WrongForCompany]),
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
