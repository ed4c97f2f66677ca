//! Labels and hints of fields, by what is asked for.

use domain::kind::Kind;
use domain::question::SecretQuestion;

use super::Around;

/// A field with its label and its hint.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct Labelled {
    pub label: &'static str,
    pub hint: &'static str,
}

/// What is said in place of a new key or answer that was typed and need not be typed again.
#[derive(Debug)]
pub struct KeptWords {
    /// That it was.
    pub typed: &'static str,
    /// Opens the fields for another one.
    pub change: &'static str,
}

/// Fields that more than one form asks for.
#[derive(Debug)]
pub struct Fields {
    /// Label of RUT, NIE or document.
    pub identifier: fn(Kind) -> &'static str,
    /// Where it is found, for the first time that it is asked for.
    pub identifier_hint: fn(Kind) -> &'static str,
    /// Label of the number of the identity document.
    pub document: fn(Kind) -> &'static str,
    /// Hint of the number of a foreign document that was registered.
    pub document_hint: &'static str,
    /// Hint of the serial of the cédula.
    pub serial_hint: &'static str,
    /// Kind of an identity document.
    pub document_kind: &'static str,
    /// Country of an identity document.
    pub document_country: &'static str,
    /// RUT of the legal representative.
    pub representative: Labelled,
    /// Date of birth.
    pub birth_date: Labelled,
    /// Secret question, to be chosen.
    pub question: Labelled,
    /// Its answer, to be chosen.
    pub answer: Labelled,
    /// In place of the answer to be chosen, where it was typed already.
    pub answer_kept: KeptWords,
    /// Hint of the answer, when the question is asked.
    pub answer_hint: &'static str,
    /// The questions.
    pub questions: fn(SecretQuestion) -> &'static str,
    /// Label of a key that is there already.
    pub key: &'static str,
    /// Its hint.
    pub key_hint: &'static str,
    /// The same, where it is to be changed.
    pub current_key: &'static str,
    /// Which keys count there, and how a provisional one came.
    pub current_key_hint: fn(Kind) -> &'static str,
    /// How a new key must be.
    pub new_key_hint: fn(Kind) -> &'static str,
    /// In place of a new key, where it was typed already.
    pub key_kept: KeptWords,
    /// Mail address of an account, or of a facilitator.
    pub email: &'static str,
    /// Around the address that was probably meant.
    pub did_you_mean: Around,
    /// The button that puts it into the field.
    pub correct_it: &'static str,
    /// Hint of a mobile number.
    pub mobile_hint: &'static str,
    /// Where the serial is found.
    pub where_serial: WhereSerial,
    /// Which document is meant.
    pub where_document: WhereDocument,
    /// “Domicilio” and “Datos de Contacto”.
    pub personal: Personal,
    /// What islands say while somebody types.
    pub live: Live,
}

/// Where the serial of the cédula is found.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the two kinds of cédula")]
pub struct WhereSerial {
    pub summary: &'static str,
    pub new: &'static str,
    pub old: &'static str,
}

/// Which document is meant.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct WhereDocument {
    pub summary: &'static str,
    pub text: &'static str,
}

/// “Domicilio” and “Datos de Contacto”: the parts of a form that registration and update share.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct Personal {
    pub address: &'static str,
    pub street_hint: &'static str,
    pub block: &'static str,
    pub flat: &'static str,
    pub region: &'static str,
    pub comuna: &'static str,
    pub contact: &'static str,
    pub no_mobile: &'static str,
    pub home_phone: &'static str,
    pub home_area: &'static str,
    pub work_area: &'static str,
    /// The first entry of a list of area codes.
    pub area: &'static str,
    /// Of a registration.
    pub register: PersonalLabels,
    /// Of the registration of a company.
    pub company: PersonalLabels,
    /// Of an update: the guides word it otherwise (guide 004, section 5).
    pub update: PersonalLabels,
}

/// The labels that differ.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct PersonalLabels {
    pub street: &'static str,
    pub number: &'static str,
    pub email: Labelled,
    pub mobile: Labelled,
    pub work_phone: &'static str,
}

/// What the islands say while somebody types. The server puts the sentences into the page, so that the wasm has none.
#[derive(Debug)]
pub struct Live {
    /// A RUT that is right, and one whose check digit does not fit.
    pub rut: Verdict,
    /// A serial of the right form.
    pub serial: Verdict,
    /// A mail address of the right form.
    pub email: Verdict,
    /// A mobile of the right form.
    pub mobile: Verdict,
    /// A key of the right length, and one that is too long.
    pub key: Verdict,
    /// One character is missing from a key.
    pub key_lacks_one: &'static str,
    /// More are missing; `#` stands for how many.
    pub key_lacks: &'static str,
    /// It is long enough, and plainly easy to guess.
    pub key_guessable: &'static str,
    /// A key begins or ends with a space, or has characters that are not seen.
    pub key_spaced: &'static str,
    /// The second key is the first, or is not.
    pub same_key: Verdict,
}

/// What is said when it is right, and when it is wrong; nothing, where that helps nobody who is still typing.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the fields are named after the verdicts")]
pub struct Verdict {
    pub right: &'static str,
    pub wrong: &'static str,
}
