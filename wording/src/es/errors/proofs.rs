//! What is beside the fields by which somebody proves who they are: identifier, document, answer, key.

use domain::field::Reason;

use crate::Audience;

/// Of a number with decimals or an exponent.
pub(super) const SPREADSHEET: &str =
    "El número tiene decimales o «E+», como en una planilla de cálculo. Escríbalo de nuevo a mano.";

/// The RUT that identifies the user.
pub(super) fn own_rut(reason: Reason, to: Audience) -> &'static str {
    match (reason, to) {
        (Reason::Missing, Audience::Person) => "Escriba su RUT.",
        (Reason::Missing, Audience::Company | Audience::ForFacilitator) => "Escriba el RUT de la empresa.",
        (Reason::Missing, Audience::Command) => "Falta el RUT.",
        (Reason::Characters | Reason::CheckDigit, _) => rut(reason),
        (Reason::Separators, Audience::Company | Audience::ForFacilitator) => {
            "El RUT termina en «.0» o tiene puntos o guion fuera de lugar. Escríbalo como 76.192.083-9."
        }
        (Reason::Separators, _) => rut(reason),
        (_, Audience::Company | Audience::ForFacilitator) => {
            "El RUT tiene entre 5 y 9 caracteres. Escríbalo completo, como 76.192.083-9."
        }
        _ => rut(reason),
    }
}

/// Any RUT.
fn rut(reason: Reason) -> &'static str {
    match reason {
        Reason::Characters => "El RUT lleva solo números y, al final, un número o la letra K.",
        Reason::CheckDigit => "El RUT no es válido: revise los números y el dígito después del guion.",
        Reason::Separators => {
            "El RUT termina en «.0» o tiene puntos o guion fuera de lugar. Escríbalo como 12.345.678-5."
        }
        _ => "El RUT tiene entre 5 y 9 caracteres. Escríbalo completo, como 12.345.678-5.",
    }
}

pub(super) fn representative(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Escriba el RUT del representante legal.",
        Reason::NotRepresentative => {
            "Según el Servicio de Impuestos Internos (SII), esta persona no es hoy representante legal de la empresa. Revise el \
             RUT que escribió y el de la empresa."
        }
        Reason::Characters => {
            "El RUT del representante legal lleva solo números y, al final, un número o la letra K."
        }
        Reason::CheckDigit => {
            "El RUT del representante legal no es válido: revise los números y el dígito después del guion."
        }
        Reason::Separators => {
            "El RUT del representante legal termina en «.0» o tiene puntos o guion fuera de lugar. Escríbalo como 12.345.678-5."
        }
        _ => {
            "El RUT del representante legal tiene entre 5 y 9 caracteres. Escríbalo completo, como 12.345.678-5."
        }
    }
}

pub(super) fn nie(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing if to == Audience::Command => "Falta el NIE.",
        Reason::Missing => "Escriba su NIE.",
        Reason::Characters => "El NIE lleva solo letras, números y guiones.",
        Reason::Separators => SPREADSHEET,
        _ => {
            "El NIE no tiene la forma correcta. Revíselo y escríbalo completo, con todas sus letras y números."
        }
    }
}

pub(super) fn birth_date(reason: Reason) -> &'static str {
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

pub(super) fn document(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing => match to {
            Audience::Person | Audience::Company => "Escriba el número de su documento.",
            Audience::ForFacilitator => "Escriba el número del documento del facilitador.",
            Audience::Command => "Falta el número del documento.",
        },
        Reason::Separators => SPREADSHEET,
        Reason::AlreadyAsked => {
            "Su empresa ya tiene una solicitud abierta con este documento. Espere la respuesta en el correo de la empresa."
        }
        Reason::Wrong => {
            "El NIE y el número de documento no coinciden. Revise los dos, o vaya a «Regístrese»."
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

pub(super) fn serial(reason: Reason, to: Audience) -> &'static str {
    if to.is_company() {
        return representatives_serial(reason);
    }
    match reason {
        Reason::Missing => "Escriba el número de serie de su cédula.",
        Reason::Separators => SPREADSHEET,
        Reason::Blocked => {
            "El Registro Civil informa que esta cédula está bloqueada. Use su cédula vigente o consulte al Registro Civil."
        }
        Reason::Wrong => {
            "El número de serie no corresponde a la cédula vigente de este RUT. Revise los dos en su cédula y escríbalo de nuevo."
        }
        _ => "El número de serie tiene 9 letras o números, o la letra A y 9 números. Revíselo en su cédula.",
    }
}

/// The same, of the legal representative of a company.
fn representatives_serial(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Escriba el número de serie de la cédula del representante legal.",
        Reason::Separators => SPREADSHEET,
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

pub(super) fn answer(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::Missing => match to {
            Audience::Person => "Escriba su respuesta.",
            Audience::Company => "Escriba la respuesta secreta.",
            Audience::ForFacilitator => "Escriba la respuesta secreta del facilitador.",
            Audience::Command => "Falta la respuesta secreta.",
        },
        Reason::TooShort => "La respuesta necesita al menos 2 letras o números.",
        Reason::TooLong => "La respuesta es muy larga. Escriba hasta 60 caracteres.",
        Reason::Placeholder => {
            "Esa respuesta no sirve: es una palabra que los sistemas usan cuando no hay dato. Escriba otra que pueda recordar."
        }
        _ => "La respuesta no es correcta. Pruebe otra vez o marque que no la recuerda.",
    }
}

pub(super) fn current_key(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::NoProvisional => "Escriba la clave provisoria.",
        Reason::WrongProvisional => "Esa no es la clave que le enviamos. Cópiela del último mensaje.",
        Reason::WrongAtTheEnd => {
            "La clave o el RUT del representante legal no es correcto. Copie la clave del último mensaje y revise el RUT."
        }
        Reason::NotRepresentative => {
            "Según el Servicio de Impuestos Internos (SII), quien mostró su cédula ya no es representante legal de la empresa. Comience de \
             nuevo en «Recuperar CS»."
        }
        Reason::Missing if to.is_company() => "Escriba la clave de la empresa.",
        Reason::Missing => "Escriba su clave.",
        Reason::OnlyToChange => {
            "Esta es una clave provisoria: solo sirve para crear su clave nueva. Hágalo en «Cambiar CS» y vuelva."
        }
        Reason::WrongForCompany => {
            "El RUT de la empresa, el del representante legal o la clave no es correcto. Revise los tres."
        }
        Reason::WrongForDocument => "El documento o la clave no son correctos. Revise los dos.",
        Reason::ExpiredAskCompany => {
            "Esta clave provisoria ya venció. Pida a su empresa que haga una nueva solicitud para facilitador extranjero."
        }
        Reason::SpentAskCompany => {
            "Esta clave provisoria ya se usó o se reemplazó por otra más nueva. Use la última que recibió, o pida a su empresa \
             que haga una nueva solicitud."
        }
        Reason::WrongForNie | Reason::NotTheKeyOfNie => "El NIE o la clave no son correctos. Revise los dos.",
        Reason::NotTheKeyOfRun => {
            "Esa clave no sirve para este RUN. Las mayúsculas cuentan: revise y escriba de nuevo."
        }
        Reason::Expired => "Esta clave provisoria ya venció. Pida otra en «Recuperar CS».",
        Reason::Spent => {
            "Esta clave provisoria ya se usó o se reemplazó por otra más nueva. Use la última que recibió o pida otra en \
             «Recuperar CS»."
        }
        _ => "El RUT o la clave no son correctos. Revise los dos.",
    }
}

pub(super) fn new_key(reason: Reason, to: Audience) -> &'static str {
    match reason {
        Reason::ContainsRut | Reason::ContainsName if to.is_company() => {
            "La clave no puede llevar el RUT ni el nombre de la empresa. Elija otra."
        }
        Reason::Missing => "Escriba la clave que quiere usar.",
        Reason::TooShort => "La clave es muy corta. Use entre 8 y 10 caracteres.",
        Reason::TooLong => "La clave es muy larga. Use entre 8 y 10 caracteres.",
        Reason::Characters => "La clave tiene un carácter que no se puede usar. Escríbala a mano.",
        Reason::OuterSpace => "La clave empieza o termina con un espacio. Bórrelo.",
        Reason::Unseen => "La clave tiene un carácter que no se ve. Escríbala a mano, sin pegarla.",
        Reason::ContainsRut => "La clave no puede llevar su RUT. Elija otra.",
        Reason::ContainsNie => "La clave no puede llevar su NIE. Elija otra.",
        Reason::ContainsDocument => "La clave no puede llevar el número de su documento. Elija otra.",
        Reason::ContainsName => "La clave no puede llevar su nombre. Elija otra.",
        Reason::Provisional => "Esa es la clave provisoria. Elija otra, que solo usted conozca.",
        Reason::UsedBefore => "Esa clave ya la usó antes. Elija una distinta.",
        _ => "Esa clave es muy fácil de adivinar. Mezcle palabras y números que solo usted conozca.",
    }
}
