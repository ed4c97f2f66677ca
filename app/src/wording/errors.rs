//! What stands beside a field, for every field and every reason: what is wrong, and what to do.

mod proofs;

use domain::field::{Field, FieldError, Reason};

use proofs::{answer, birth_date, current_key, document, new_key, nie, own_rut, representative, serial};

use super::audience::{Audience, SecretFields};

/// What has to be typed again though nothing was wrong with it: the secrets of the form of which no error speaks.
#[must_use]
pub fn type_again(secrets: SecretFields, errors: &[FieldError]) -> Option<&'static str> {
    let named = |fields: &[Field]| errors.iter().any(|error| fields.contains(&error.field));
    let answer = secrets.answer() && !named(&[Field::Answer]);
    let key =
        secrets.key() && !named(&[Field::CurrentKey, Field::NewKey, Field::NewKeyAgain, Field::OfficerKey]);
    match (answer, key) {
        (true, true) => Some("Por seguridad, escriba también otra vez la respuesta secreta y la clave."),
        (true, false) => Some("Por seguridad, escriba también otra vez la respuesta secreta."),
        (false, true) => Some("Por seguridad, escriba también otra vez la clave."),
        (false, false) => None,
    }
}

/// The sentence for an error, to whom it is said.
#[must_use]
pub fn sentence(error: FieldError, to: Audience) -> &'static str {
    match error.field {
        Field::Rut => own_rut(error.reason, to),
        Field::Representative => representative(error.reason),
        Field::CompanyName => name(error.reason, "Escriba la razón social de la empresa."),
        Field::RepresentativeNames => {
            name(error.reason, "Escriba los nombres y apellidos del representante legal.")
        }
        Field::CompanyKind => "Elija el tipo: Empresa, OTEC u OTIC.",
        Field::Nie => nie(error.reason, to),
        Field::BirthDate => birth_date(error.reason),
        Field::DocumentKind => "Elija el tipo de documento.",
        Field::DocumentCountry => "Elija el país que emitió el documento.",
        Field::DocumentNumber => document(error.reason, to),
        Field::Serial => serial(error.reason, to),
        Field::Answer => answer(error.reason, to),
        Field::Email => email(error.reason, to),
        Field::Mobile => mobile(error.reason),
        Field::HomePhone | Field::WorkPhone => phone(error.reason),
        Field::CurrentKey => current_key(error.reason, to),
        Field::NewKey => new_key(error.reason, to),
        Field::NewKeyAgain => match error.reason {
            Reason::Missing => "Escriba la clave otra vez.",
            _ => "Las dos claves no son iguales. Escríbalas de nuevo.",
        },
        Field::Captcha => match error.reason {
            Reason::Missing => "Escriba las letras de la imagen.",
            Reason::Stale => "Esa imagen ya no sirve. Escriba las letras de la nueva.",
            _ => "Las letras no eran esas. Pruebe con la nueva imagen.",
        },
        Field::Question => "Elija una pregunta de la lista.",
        Field::Region => match to {
            Audience::Person => "Elija su región.",
            Audience::Company | Audience::ForFacilitator => "Elija la región de la empresa.",
            Audience::Command => "Falta la región.",
        },
        Field::Comuna => match error.reason {
            Reason::OtherRegion => "Esa comuna es de otra región. Elija una comuna de la región marcada.",
            _ => match to {
                Audience::Person => "Elija su comuna.",
                Audience::Company | Audience::ForFacilitator => "Elija la comuna de la empresa.",
                Audience::Command => "Falta la comuna.",
            },
        },
        Field::Street => text(
            error.reason,
            match to {
                Audience::Person => "Escriba el nombre de su calle o pasaje.",
                Audience::Company | Audience::ForFacilitator => {
                    "Escriba el nombre de la calle o pasaje de la empresa."
                }
                Audience::Command => "Falta el nombre de la calle o pasaje.",
            },
        ),
        Field::StreetNumber => match error.reason {
            Reason::TooLong => "El número es muy largo. Escriba hasta 10 caracteres.",
            reason => text(reason, street_number(to)),
        },
        Field::Block | Field::Flat => match error.reason {
            Reason::TooLong => "Es muy largo. Escriba hasta 20 caracteres.",
            _ => text(error.reason, "Escríbalo de nuevo."),
        },
        Field::MailIsRight => "Marque SI o NO.",
        Field::Declaration => file(error.reason, "Elija el archivo con la declaración firmada."),
        Field::DocumentFile => file(error.reason, "Elija el archivo con el documento del facilitador."),
        Field::Names => name(error.reason, "Escriba los nombres y apellidos del facilitador."),
        Field::Phone => match error.reason {
            Reason::Missing => "Escriba el teléfono del facilitador.",
            _ => "Empiece con el signo + y el código del país, como +51 987 654 321.",
        },
        Field::Motive => match error.reason {
            Reason::TooShort => "Es muy corto. Explique a la empresa qué debe corregir.",
            Reason::TooLong => "Es muy largo. Escriba hasta 500 caracteres.",
            Reason::Characters => "Tiene caracteres que no se pueden usar. Escríbalo de nuevo a mano.",
            _ => "Escriba el motivo. La empresa lo recibirá en su correo.",
        },
        Field::Officer => match error.reason {
            Reason::Missing => "Escriba su usuario.",
            _ => {
                "El usuario, la clave o el código no son correctos. Cada código sirve una sola vez: espere el siguiente."
            }
        },
        Field::OfficerKey => "Escriba su clave.",
        Field::Code => "Escriba los 6 números que muestra su aplicación.",
    }
}

fn text(reason: Reason, missing: &'static str) -> &'static str {
    match reason {
        Reason::TooLong => "Es muy largo. Escriba hasta 100 caracteres.",
        Reason::Characters => "Tiene caracteres que no se pueden usar. Escríbalo de nuevo a mano.",
        _ => missing,
    }
}

fn street_number(to: Audience) -> &'static str {
    match to {
        Audience::Person => "Escriba el número de su casa o edificio. Si no tiene, escriba S/N.",
        Audience::Company | Audience::ForFacilitator => {
            "Escriba el número de la casa o edificio de la empresa. Si no tiene, escriba S/N."
        }
        Audience::Command => "Falta el número de la casa o edificio. Si no tiene, S/N.",
    }
}

fn name(reason: Reason, missing: &'static str) -> &'static str {
    match reason {
        Reason::TooLong => "Es muy largo. Escriba hasta 120 caracteres.",
        Reason::TooShort => "Es muy corto. Escríbalo completo.",
        Reason::Characters => "Tiene caracteres que no se pueden usar. Escríbalo de nuevo a mano.",
        _ => missing,
    }
}

/// A file that was sent (F-REQ).
fn file(reason: Reason, missing: &'static str) -> &'static str {
    match reason {
        Reason::FileEmpty => "Ese archivo está vacío. Revise que sea el correcto, o tome la foto otra vez.",
        Reason::FileTooLarge => {
            "El archivo pesa más de 5 MB. Tome la foto con menos calidad, o escanee en blanco y negro, y súbalo otra vez."
        }
        Reason::FileFormat => {
            "Ese archivo no es PDF, JPG ni PNG. Guárdelo en uno de esos formatos, o súbalo como foto."
        }
        Reason::FileBroken => {
            "El archivo está incompleto o dañado. Vuelva a guardarlo o a tomar la foto, y súbalo otra vez."
        }
        Reason::FileTrailing => {
            "Ese PDF tiene otros datos agregados al final. Ábralo, imprímalo como PDF y suba esa copia, o suba una foto."
        }
        Reason::FileActive => {
            "Ese PDF trae programas o archivos adjuntos, y por seguridad no lo podemos recibir. Imprímalo como PDF y suba esa \
             copia, o suba una foto."
        }
        Reason::FileLocked => "Ese PDF pide una clave para abrirse. Guárdelo sin clave, o suba una foto.",
        Reason::FilePixels => {
            "La imagen es demasiado grande. Tome la foto con menos calidad y súbala otra vez."
        }
        Reason::FileInterrupted => "La conexión se cortó antes de recibir todo el archivo. Súbalo otra vez.",
        Reason::FileNotKept => {
            "En este momento no podemos guardar archivos. Intente más tarde: lo demás que escribió sigue aquí."
        }
        Reason::FileOffered => "Marque «Usar ese documento», o elija otro archivo.",
        Reason::FileGone => "Ya no tenemos ese archivo: los guardamos por un día. Súbalo otra vez.",
        _ => missing,
    }
}

fn email(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing => match to {
            Audience::Person => "Escriba su correo electrónico.",
            Audience::Company => "Escriba el correo electrónico de la empresa.",
            Audience::ForFacilitator => "Escriba el correo electrónico del facilitador.",
            Audience::Command => "Falta el correo electrónico.",
        },
        Reason::TooLong => "El correo es muy largo. Revíselo.",
        _ => "Escriba el correo completo, como nombre@ejemplo.cl, sin espacios ni tildes.",
    }
}

fn mobile(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Escriba los 8 números de su celular.",
        _ => "El celular tiene 8 números después de +56 9. Revíselo.",
    }
}

fn phone(reason: Reason) -> &'static str {
    match reason {
        Reason::Area => "Elija el código de área, o deje el teléfono en blanco.",
        _ => "Con el código de área debe sumar 9 números. Revíselo o déjelo en blanco.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                assert!(
                    !said.contains("su cédula") || said.contains("El representante legal debe"),
                    "{said}"
                );
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
    fn a_secret_is_typed_again_unless_an_error_speaks_of_it() {
        let wrong = |fields: &[Field]| -> Vec<FieldError> {
            fields.iter().map(|field| FieldError::new(*field, Reason::Wrong)).collect()
        };
        let all = SecretFields::AnswerKeyAndLetters;
        let said = |fields: &[Field]| type_again(all, &wrong(fields)).unwrap_or_default();
        assert!(said(&[Field::Captcha]).ends_with("la respuesta secreta y la clave."));
        assert!(said(&[Field::NewKeyAgain]).ends_with("la respuesta secreta."));
        assert!(said(&[Field::Answer, Field::Email]).ends_with("otra vez la clave."));
        assert_eq!(said(&[Field::Answer, Field::NewKey]), "");
        assert_eq!(type_again(SecretFields::Nothing, &wrong(&[Field::Email])), None);
    }

    #[test]
    fn a_person_is_spoken_to_unless_said_otherwise() {
        let rut = FieldError::new(Field::Rut, Reason::Missing);
        assert_eq!(sentence(rut, Audience::here()), "Escriba su RUT.");
    }
}
