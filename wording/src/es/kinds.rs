//! The words that differ from one kind of holder to another.

use domain::company::CompanyKind;
use domain::document::DocumentKind;
use domain::kind::Kind;
use domain::needs::Datum;

use crate::catalogue::kinds::Kinds;

pub(super) const KINDS: Kinds =
    Kinds { title, detail, note, identifier, requirement, company, identity_document, datum };

pub(super) fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Persona Natural",
        Kind::Migrante => "Persona Migrante",
        Kind::Juridica => "Persona Jurídica",
        Kind::Facilitador => "Facilitador extranjero",
    }
}

fn detail(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "con cédula de identidad nacional",
        Kind::Migrante => "con NIE",
        Kind::Juridica => "Empresa | OTEC | OTIC",
        Kind::Facilitador => "con documento de identidad extranjero",
    }
}

fn note(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Con RUT chileno, aunque sea extranjero.",
        Kind::Migrante => "Sin RUT chileno, con Número de Identidad Extranjero.",
        Kind::Juridica | Kind::Facilitador => "",
    }
}

pub(super) fn identifier(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "RUT",
        Kind::Juridica => "RUT de empresa",
        Kind::Facilitador => "documento de identidad",
        Kind::Migrante => "NIE",
    }
}

pub(super) fn requirement(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "RUT chileno, con su cédula de identidad.",
        Kind::Migrante => "NIE, el número de identidad extranjero, y su documento de identidad.",
        Kind::Juridica => "RUT de la empresa, OTEC u OTIC vigente.",
        Kind::Facilitador => "Documento de identidad extranjero, y una empresa que pida la clave por usted.",
    }
}

fn company(kind: CompanyKind) -> &'static str {
    match kind {
        CompanyKind::Empresa => "Empresa",
        CompanyKind::Otec => "OTEC",
        CompanyKind::Otic => "OTIC",
    }
}

fn identity_document(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "Pasaporte",
        DocumentKind::Card => "Cédula o documento nacional de identidad",
        DocumentKind::Other => "Otro documento de identidad",
    }
}

fn datum(datum: Datum) -> &'static str {
    match datum {
        Datum::Question => "su pregunta secreta",
        Datum::Address => "su dirección",
        Datum::Email => "su correo electrónico",
    }
}

/// The number that proves who one is, within a sentence.
pub(super) fn document(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "el número de serie de su cédula",
        Kind::Juridica => "el RUT y la cédula del representante legal",
        Kind::Migrante | Kind::Facilitador => "el número de su documento de identidad",
    }
}
