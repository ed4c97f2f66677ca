//! What is beside a field, for every field and every reason: what is wrong, and what to do.

mod proofs;

use domain::field::{Field, FieldError, Reason};

use proofs::{
    SPREADSHEET, answer, birth_date, current_key, document, new_key, nie, own_rut, representative, serial,
};

use super::notices::duration;
use crate::Audience;
use crate::catalogue::errors::{Errors, TypeAgain};

/// The table.
pub(super) const ERRORS: Errors = Errors {
    sentence,
    cause: |error, to| first_of(sentence(error, to)),
    wait: |minutes| format!("Espere {}.", duration(minutes)),
    type_again: TypeAgain {
        answer_and_key: "Por seguridad, escriba también otra vez la respuesta secreta y la clave.",
        answer: "Por seguridad, escriba también otra vez la respuesta secreta.",
        key: "Por seguridad, escriba también otra vez la clave.",
    },
};

/// The first sentence says what is wrong, those behind it what to do.
fn first_of(text: &'static str) -> &'static str {
    text.split_once(". ").and_then(|(first, _)| text.get(..=first.len())).unwrap_or(text)
}

/// The sentence for an error, to whom it is said.
fn sentence(error: FieldError, to: Audience) -> &'static str {
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
            Reason::WorkRefused => "Esta vez necesitamos que escriba las letras de la imagen.",
            Reason::Stale => "Esa imagen ya no sirve. Escriba las letras de la nueva.",
            _ => "Las letras no coinciden. Pruebe con la nueva imagen.",
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
            Reason::Separators => SPREADSHEET,
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
                "El usuario, la clave o el código no son correctos. Revise los tres y use un código nuevo: cada uno sirve una sola vez."
            }
        },
        Field::OfficerKey => "Escriba su clave.",
        Field::Code => "Escriba los 6 números que muestra su aplicación.",
        Field::MailCode => match error.reason {
            Reason::Missing => "Escriba el código que viene en el correo.",
            Reason::Wrong => {
                "Ese código no es el que enviamos, o ya venció. Cópielo del último correo que recibió."
            }
            Reason::Expired => "Ese código ya no sirve: venció, o se usaron sus 5 intentos. Pida otro abajo.",
            _ => "El código tiene 6 letras y números, como A7K3MR. Cópielo del correo.",
        },
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
        Reason::FilePhoto => {
            "Esa foto está en un formato que no recibimos (HEIC, AVIF o WebP), aunque su nombre diga otra cosa. Ábrala, tome una captura \
             de pantalla y suba esa captura."
        }
        Reason::FileDocument => {
            "Ese archivo es de Word, Excel u otro programa, o un ZIP, aunque su nombre diga otra cosa. Ábralo, guárdelo como PDF y suba \
             ese PDF, o suba una foto."
        }
        Reason::FilePage => {
            "Ese archivo es una página web, no el documento. Ábralo, imprímalo como PDF y suba esa copia, o suba una foto."
        }
        Reason::FileAnimated => "Esa imagen es una animación. Suba una foto o una captura de pantalla.",
        Reason::FileBroken => {
            "El archivo está incompleto o dañado. Vuelva a guardarlo o a tomar la foto, y súbalo otra vez."
        }
        Reason::FileTrailing => {
            "Ese PDF tiene otros datos agregados al final. Ábralo, imprímalo como PDF y suba esa copia, o suba una foto."
        }
        Reason::FileActive => {
            "Ese PDF trae programas, archivos adjuntos o botones que envían datos, y por seguridad no lo podemos recibir. \
             Imprímalo como PDF y suba esa copia, o suba una foto."
        }
        Reason::FileLocked => {
            "Ese PDF está protegido con una clave, aunque se abra sin pedirla, y así no lo podemos revisar. Ábralo, imprímalo como PDF y \
             suba esa copia, o suba una foto."
        }
        Reason::FilePixels => {
            "La imagen es demasiado grande. Tome la foto con menos calidad y súbala otra vez."
        }
        Reason::FileInterrupted => "La conexión se cortó antes de recibir todo el archivo. Súbalo otra vez.",
        Reason::FileNotKept => {
            "En este momento no podemos guardar archivos. Intente más tarde: lo demás que escribió sigue aquí."
        }
        Reason::FileOffered => "Marque «Usar ese documento», o elija otro archivo.",
        Reason::FileUnavailable => "Ya no tenemos ese archivo: los guardamos por un día. Súbalo otra vez.",
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
        _ => {
            "Escriba el correo completo, uno solo, como nombre@ejemplo.cl: sin espacios, tildes ni signos como % o &."
        }
    }
}

fn mobile(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Escriba los 8 números de su celular. Si no tiene, marque «Sin Celular».",
        Reason::NumberAndNone => {
            "Escribió un número y marcó «Sin Celular». Borre el número, o quite la marca."
        }
        Reason::Separators => SPREADSHEET,
        Reason::TooShort => {
            "No se sabe si 569 es el código de Chile. Escriba el celular completo, como 9\u{a0}1234\u{a0}5678."
        }
        _ => "El celular tiene 8 números después de +56\u{a0}9. Revíselo.",
    }
}

fn phone(reason: Reason) -> &'static str {
    match reason {
        Reason::Separators => SPREADSHEET,
        Reason::Area => {
            "Falta el código de área, o no es el de este número. Revíselo, o deje el teléfono en blanco."
        }
        _ => "Con el código de área debe sumar 9 números. Revíselo o déjelo en blanco.",
    }
}
