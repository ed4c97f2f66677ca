//! What stands beside a field, for every field and every reason: what is wrong, and what to do.

use domain::field::{Field, FieldError, Reason};

use super::audience::Audience;

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
            _ => "Escriba el teléfono con el código del país, como +51 987 654 321.",
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

/// The RUT by which whoever is there is known.
fn own_rut(reason: Reason, to: Audience) -> &'static str {
    match (reason, to) {
        (Reason::Missing, Audience::Person) => "Escriba su RUT.",
        (Reason::Missing, Audience::Company | Audience::ForFacilitator) => "Escriba el RUT de la empresa.",
        (Reason::Missing, Audience::Command) => "Falta el RUT.",
        (Reason::Characters | Reason::CheckDigit, _) => rut(reason),
        (_, Audience::Company | Audience::ForFacilitator) => {
            "El RUT tiene entre 7 y 9 caracteres. Escríbalo completo, como 76.192.083-9."
        }
        _ => rut(reason),
    }
}

/// Any RUT.
fn rut(reason: Reason) -> &'static str {
    match reason {
        Reason::Characters => "El RUT lleva solo números y, al final, un número o la letra K.",
        Reason::CheckDigit => "El RUT no es válido: revise los números y el dígito después del guion.",
        _ => "El RUT tiene entre 7 y 9 caracteres. Escríbalo completo, como 12.345.678-5.",
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

fn representative(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Escriba el RUT del representante legal.",
        Reason::NotRepresentative => {
            "Según el Servicio de Impuestos Internos (SII), esta persona no es hoy representante legal de la empresa. Revise los \
             dos RUT."
        }
        reason => rut(reason),
    }
}

fn nie(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing if to == Audience::Command => "Falta el NIE.",
        Reason::Missing => "Escriba su NIE.",
        Reason::Characters => "El NIE lleva solo letras, números y guiones.",
        _ => {
            "El NIE no tiene la forma correcta. Revíselo y escríbalo completo, con todas sus letras y números."
        }
    }
}

fn birth_date(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Escriba su fecha de nacimiento.",
        Reason::Future => "Esa fecha todavía no llega. Revise el año.",
        Reason::TooOld => "Esa fecha es muy antigua. Revise el año.",
        Reason::NotTheSame => {
            "Estos datos no corresponden a una misma cuenta. Revise los tres: deben ser los que usted registró."
        }
        _ => "Escriba día, mes y año, como 01-12-1992.",
    }
}

fn document(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing => match to {
            Audience::Person | Audience::Company => "Escriba el número de su documento.",
            Audience::ForFacilitator => "Escriba el número del documento del facilitador.",
            Audience::Command => "Falta el número del documento.",
        },
        Reason::AlreadyAsked => {
            "Su empresa ya tiene una solicitud abierta con este documento. Espere la respuesta en el correo de la empresa."
        }
        Reason::Wrong => {
            "Ese número no es el del documento con que se registró este NIE. Revíselo y escríbalo de nuevo."
        }
        _ => match to {
            Audience::Person | Audience::Company => {
                "El número tiene entre 4 y 20 letras y números. Revíselo en su documento."
            }
            Audience::ForFacilitator | Audience::Command => {
                "El número tiene entre 4 y 20 letras y números. Revíselo en el documento."
            }
        },
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
        Reason::FileGone => "Ya no tenemos ese archivo: los guardamos por un día. Súbalo otra vez.",
        _ => missing,
    }
}

fn serial(reason: Reason, to: Audience) -> &'static str {
    if to.is_company() {
        return representatives_serial(reason);
    }
    match reason {
        Reason::Missing => "Escriba el número de serie de su cédula.",
        Reason::Blocked => {
            "El Registro Civil informa que esta cédula está bloqueada. Use su cédula vigente o consulte al Registro Civil."
        }
        Reason::Wrong => {
            "El número de serie no corresponde a la cédula vigente de este RUT. Revíselo en su cédula y escríbalo de nuevo."
        }
        _ => "El número de serie tiene 9 letras o números, o la letra A y 9 números. Revíselo en su cédula.",
    }
}

/// The same, of the legal representative of a company.
fn representatives_serial(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Escriba el número de serie de la cédula del representante legal.",
        Reason::Blocked => {
            "El Registro Civil informa que esta cédula está bloqueada. El representante legal debe usar su cédula vigente o \
             consultar al Registro Civil."
        }
        Reason::Wrong => {
            "El número de serie no corresponde a la cédula vigente del representante legal. Revíselo en esa cédula y \
             escríbalo de nuevo."
        }
        _ => {
            "El número de serie tiene 9 letras o números, o la letra A y 9 números. Revíselo en la cédula del representante \
             legal."
        }
    }
}

fn answer(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing => match to {
            Audience::Person => "Escriba su respuesta.",
            Audience::Company => "Escriba la respuesta secreta.",
            Audience::ForFacilitator => "Escriba la respuesta secreta del facilitador.",
            Audience::Command => "Falta la respuesta secreta.",
        },
        Reason::TooShort => "La respuesta necesita al menos 2 letras o números.",
        Reason::TooLong => "La respuesta es muy larga. Escriba hasta 60 caracteres.",
        _ => "La respuesta no es correcta. Pruebe otra vez o marque que no la recuerda.",
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

fn current_key(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing if to.is_company() => "Escriba la clave de la empresa.",
        Reason::Missing => "Escriba su clave.",
        Reason::OnlyToChange => {
            "Esta es una clave provisoria: solo sirve para crear su clave nueva. Hágalo en «Cambiar CS» y vuelva."
        }
        Reason::WrongForCompany => {
            "Alguno de los tres datos no es correcto: el RUT de la empresa, el del representante legal o la clave. Revíselos; \
             si olvidó la clave, vaya a «Recuperar CS»."
        }
        Reason::WrongForDocument => {
            "El documento o la clave no son correctos. Las mayúsculas cuentan: revise y escriba de nuevo. Si no tiene la clave, \
             pida a su empresa que haga una nueva solicitud."
        }
        Reason::ExpiredAskCompany => {
            "Esta clave provisoria ya venció. Pida a su empresa que haga una nueva solicitud para facilitador extranjero."
        }
        Reason::SpentAskCompany => {
            "Esta clave provisoria ya se usó o se reemplazó por otra más nueva. Use la última que recibió, o pida a su empresa \
             que haga una nueva solicitud."
        }
        Reason::WrongForNie => {
            "El NIE o la clave no son correctos. Las mayúsculas cuentan: revise y escriba de nuevo. Si la olvidó, vaya a \
             «Recuperar CS»."
        }
        Reason::Expired => "Esta clave provisoria ya venció. Pida otra en «Recuperar CS».",
        Reason::Spent => {
            "Esta clave provisoria ya se usó o se reemplazó por otra más nueva. Use la última que recibió o pida otra en \
             «Recuperar CS»."
        }
        _ => {
            "El RUT o la clave no son correctos. Las mayúsculas cuentan: revise y escriba de nuevo. Si la olvidó, vaya a \
             «Recuperar CS»."
        }
    }
}

fn new_key(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::ContainsRut | Reason::ContainsName if to.is_company() => {
            "La clave no puede llevar el RUT ni el nombre de la empresa. Elija otra."
        }
        Reason::Missing => "Escriba la clave que quiere usar.",
        Reason::TooShort => "La clave es muy corta. Use entre 8 y 10 caracteres.",
        Reason::TooLong => "La clave es muy larga. Use entre 8 y 10 caracteres.",
        Reason::Characters => "La clave tiene un carácter que no se puede usar. Escríbala a mano.",
        Reason::ContainsRut => "La clave no puede llevar su RUT. Elija otra.",
        Reason::ContainsNie => "La clave no puede llevar su NIE. Elija otra.",
        Reason::ContainsDocument => "La clave no puede llevar el número de su documento. Elija otra.",
        Reason::ContainsName => "La clave no puede llevar su nombre. Elija otra.",
        Reason::Provisional => "Esa es la clave provisoria. Elija otra, que solo usted conozca.",
        Reason::UsedBefore => "Esa clave ya la usó antes. Elija una distinta.",
        _ => "Esa clave es muy fácil de adivinar. Mezcle palabras y números que solo usted conozca.",
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
    fn a_person_is_spoken_to_unless_said_otherwise() {
        let rut = FieldError::new(Field::Rut, Reason::Missing);
        assert_eq!(sentence(rut, Audience::here()), "Escriba su RUT.");
    }
}
