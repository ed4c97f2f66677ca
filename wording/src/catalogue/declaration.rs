//! The “Declaración Jurada” that a company downloads, signs and sends back (F-REQ).
//!
//! It is a table of its own, of which there is one: the form is signed under oath before SENCE, in Spanish, whatever the
//! language of the page that offers it.

use domain::company::CompanyKind;
use domain::rut::Rut;

/// Every sentence of the form, in reading order.
#[derive(Debug)]
pub struct Declaration {
    /// The title in the window and in the list of files.
    pub document_title: &'static str,
    /// Which program made it.
    pub creator: &'static str,
    /// To whom it is made.
    pub institution: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What it is for.
    pub subtitle: &'static str,
    /// When it was made, from day, month (1 to 12) and year.
    pub prepared: fn(i8, i8, i16) -> String,
    /// First part.
    pub company: Company,
    /// Second part.
    pub declared: Declared,
    /// Third part.
    pub facilitator: Facilitator,
    /// Fourth part.
    pub signature: Signature,
    /// What to do with the signed form.
    pub next_step: &'static str,
    /// Where to ask.
    pub help: fn() -> String,
}

/// The company that asks.
#[derive(Debug)]
pub struct Company {
    /// Heading.
    pub heading: &'static str,
    /// Label of its name.
    pub name: &'static str,
    /// Label of its RUT.
    pub rut: &'static str,
    /// Label of what sort of company it is.
    pub kind_label: &'static str,
    /// What sort of company, with the long name of what people know by its letters.
    pub kind: fn(CompanyKind) -> &'static str,
    /// Label of its representative's names.
    pub representative: &'static str,
    /// Label of its representative's RUT.
    pub representative_rut: &'static str,
    /// Before the line on which to write what is not known.
    pub by_hand: &'static str,
}

/// What is declared.
#[derive(Debug)]
pub struct Declared {
    /// Heading.
    pub heading: &'static str,
    /// Who declares, and how.
    pub under_oath: &'static str,
    /// Each sentence with its letter.
    pub items: [(&'static str, &'static str); 5],
}

/// For whom, to be written by hand.
#[derive(Debug)]
pub struct Facilitator {
    /// Heading.
    pub heading: &'static str,
    /// How to write.
    pub how: &'static str,
    /// Label of the names.
    pub names: &'static str,
    /// Label of the kind of document.
    pub document_kind: &'static str,
    /// Label of its number.
    pub document_number: &'static str,
    /// Label of the country that issued it.
    pub document_country: &'static str,
    /// Label of the mail address.
    pub email: &'static str,
}

/// Where to sign.
#[derive(Debug)]
pub struct Signature {
    /// Heading.
    pub heading: &'static str,
    /// Label of the place.
    pub place: &'static str,
    /// Label of the day.
    pub day: &'static str,
    /// Who signs.
    pub signed_by: &'static str,
    /// Under it, their RUT.
    pub rut: fn(Rut) -> String,
}
