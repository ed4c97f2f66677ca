//! Labels and hints of fields.

use domain::kind::Kind;

use super::questions::question;
use crate::catalogue::Around;
use crate::catalogue::fields::{
    Fields, KeptWords, Labelled, Live, Personal, PersonalLabels, Verdict, WhereDocument, WhereSerial,
};
use crate::facts::unbroken_help_line;

const MOBILE_HINT: &str = "Los 8 números después de +56\u{a0}9.";

pub(super) const FIELDS: Fields = Fields {
    identifier,
    identifier_hint,
    document,
    document_hint: "El del documento con que se registró, con o sin puntos y guiones.",
    serial_hint: "Son 9 letras o números, o la letra A y 9 números. Puede escribirlo con o sin puntos.",
    document_kind: "Tipo de documento de identidad",
    document_country: "País que lo emitió",
    representative: Labelled {
        label: "Rut Representante Legal",
        hint: "El RUT de la persona que hoy representa a la empresa ante el SII.",
    },
    birth_date: Labelled { label: "Fecha de Nacimiento", hint: "Día, mes y año. Formato: 01-12-1992" },
    question: Labelled {
        label: "Pregunta Secreta",
        hint: "Si un día olvida su clave, le haremos esta pregunta.",
    },
    answer: Labelled { label: "Respuesta Secreta", hint: "Algo que recuerde siempre y que otros no sepan." },
    answer_kept: KeptWords {
        typed: "Ya escribió la respuesta. Si elige otra pregunta, escriba también otra respuesta.",
        change: "Cambiar la respuesta",
    },
    answer_hint: "Da igual si usa mayúsculas, tildes o espacios.",
    questions: question,
    key: "Clave Sence",
    key_hint: "Las mayúsculas cuentan.",
    current_key: "CS Actual",
    current_key_hint,
    new_key_hint,
    key_kept: KeptWords {
        typed: "Ya escribió su clave. No tiene que escribirla de nuevo.",
        change: "Cambiar la clave",
    },
    email: "Email",
    did_you_mean: Around { before: "¿Quiso decir ", after: "?" },
    correct_it: "Corregir",
    mobile_hint: MOBILE_HINT,
    where_serial: WhereSerial {
        summary: "¿Dónde está el número de serie?",
        new: "Cédula nueva: adelante, junto a «NÚMERO DOCUMENTO».",
        old: "Cédula antigua: atrás, abajo a la izquierda; comienza con la letra A.",
    },
    where_document: WhereDocument {
        summary: "¿Cuál documento es?",
        text: concat!(
            "El que escribió cuando se registró: su pasaporte, o la cédula o documento de identidad de su país. Si lo \
             renovó y el número es otro, llame al ",
            unbroken_help_line!(),
            "."
        ),
    },
    personal: Personal {
        address: "Domicilio",
        street_hint: "Nombre de la calle, pasaje o camino.",
        block: "Block",
        flat: "N° de Departamento",
        region: "Región",
        comuna: "Comuna",
        contact: "Datos de Contacto",
        no_mobile: "Sin Celular",
        home_phone: "Teléfono Particular",
        home_area: "Código de área (casa)",
        work_area: "Código de área (oficina)",
        area: "Área",
        register: PersonalLabels {
            street: "Dirección Particular",
            number: "N° de Dirección Particular",
            email: Labelled {
                label: "Email",
                hint: "Uno que revise seguido. Por ejemplo: nombre@ejemplo.cl",
            },
            mobile: Labelled { label: "Celular", hint: MOBILE_HINT },
            work_phone: "Teléfono Trabajo",
        },
        company: PersonalLabels {
            street: "Dirección",
            number: "N° de Dirección",
            email: Labelled {
                label: "Email",
                hint: "El correo de la empresa. A él llegarán sus claves. Por ejemplo: nombre@ejemplo.cl",
            },
            mobile: Labelled { label: "Celular", hint: MOBILE_HINT },
            work_phone: "Teléfono",
        },
        update: PersonalLabels {
            street: "Dirección Particular",
            number: "N° de Dirección Particular",
            email: Labelled { label: "Email Actual", hint: "El que usa hoy." },
            mobile: Labelled {
                label: "Celular Nuevo",
                hint: "Los 8 números después de +56\u{a0}9. Si no ha cambiado, déjelo como está.",
            },
            work_phone: "Teléfono Trabajo",
        },
    },
    live: Live {
        rut: Verdict {
            right: "✓ RUT válido",
            wrong: "El número y el dígito después del guion no calzan. Revíselos.",
        },
        serial: Verdict { right: "✓ Tiene el largo correcto", wrong: "" },
        email: Verdict { right: "✓ Tiene forma de correo. Revise que sea el suyo", wrong: "" },
        mobile: Verdict { right: "✓ Celular válido", wrong: "" },
        key: Verdict { right: "✓ Largo correcto", wrong: "Tiene más de 10 caracteres. Acórtela." },
        key_lacks_one: "Falta 1 carácter",
        key_lacks: "Faltan # caracteres",
        key_guessable: "Es muy fácil de adivinar. Mezcle letras y números, sin el RUT.",
        key_spaced: "Tiene espacios al comienzo o al final, o algo que no se ve. Bórrelo.",
        same_key: Verdict {
            right: "✓ Las dos claves son iguales",
            wrong: "Todavía no es igual a la clave de arriba.",
        },
    },
};

fn identifier(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Rut",
        Kind::Juridica => "Rut Empresa",
        Kind::Facilitador => "Número de documento de identidad",
        Kind::Migrante => "NIE",
    }
}

fn identifier_hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Como sale en su cédula. Por ejemplo: 12.345.678-5",
        Kind::Juridica => "El de la empresa, OTEC u OTIC. Por ejemplo: 76.192.083-9",
        Kind::Migrante => "Su número de identidad extranjero: letras y números, con o sin guion.",
        Kind::Facilitador => "El que escribió la empresa en la solicitud, con o sin puntos y guiones.",
    }
}

fn document(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Juridica => "Número de serie cédula de identidad",
        Kind::Migrante | Kind::Facilitador => "Número de documento de identidad",
    }
}

fn current_key_hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante => {
            "Su clave actual, o la clave provisoria que recibió por correo o SMS. Las mayúsculas cuentan."
        }
        Kind::Juridica | Kind::Facilitador => {
            "Su clave actual, o la clave provisoria que recibió por correo. Las mayúsculas cuentan."
        }
    }
}

fn new_key_hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use su RUT, su nombre ni claves fáciles."
        }
        Kind::Juridica => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use el RUT ni el nombre de la empresa, ni claves fáciles."
        }
        Kind::Facilitador => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use su documento, su nombre ni claves fáciles."
        }
        Kind::Migrante => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use su NIE, su nombre ni claves fáciles."
        }
    }
}
