//! The sentences of the page that is being rendered.
//!
//! [`crate::web::Page`] says once in which language a page is, to whom it speaks, and which kind it serves. What it is made of
//! finds these as contexts: nearly every line of every page needs them, and as arguments all of them would need one.

use domain::field::{Field, FieldError};
use domain::kind::Kind;
use leptos::prelude::use_context;
use wording::{Audience, Catalogue, Locale, SecretFields};

/// The sentences in the language of the page.
pub(crate) fn words() -> &'static Catalogue {
    use_context::<Locale>().unwrap_or_default().catalogue()
}

/// To whom the page speaks.
pub(crate) fn audience() -> Audience {
    use_context().unwrap_or_default()
}

/// The kind that the page serves, where it serves one.
pub(crate) fn kind() -> Option<Kind> {
    use_context()
}

/// What a file is and how large it is: “PDF, 340 kB”.
#[must_use]
pub fn format_and_size(catalogue: &Catalogue, format: &str, bytes: i64) -> String {
    let files = &catalogue.form.files;
    let format = match format {
        "jpeg" => files.jpeg,
        "png" => files.png,
        _ => files.pdf,
    };
    (files.size)(format, bytes)
}

/// The sentence for an error.
pub(crate) fn error_sentence(error: FieldError) -> &'static str {
    (words().errors.sentence)(error, audience())
}

/// What is wrong, without what to do about it.
pub(crate) fn error_cause(error: FieldError) -> &'static str {
    (words().errors.cause)(error, audience())
}

/// What has to be typed again though nothing was wrong with it: the secrets of the form of which no error speaks.
pub(crate) fn type_again(secrets: SecretFields, errors: &[FieldError]) -> Option<&'static str> {
    let named = |fields: &[Field]| errors.iter().any(|error| fields.contains(&error.field));
    let answer = secrets.answer && !named(&[Field::Answer]);
    let key =
        secrets.key && !named(&[Field::CurrentKey, Field::NewKey, Field::NewKeyAgain, Field::OfficerKey]);
    let again = &words().errors.type_again;
    match (answer, key) {
        (true, true) => Some(again.answer_and_key),
        (true, false) => Some(again.answer),
        (false, true) => Some(again.key),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::field::Reason;

    #[test]
    fn a_secret_is_typed_again_unless_an_error_speaks_of_it() {
        let wrong = |fields: &[Field]| -> Vec<FieldError> {
            fields.iter().map(|field| FieldError::new(*field, Reason::Wrong)).collect()
        };
        let all = SecretFields::ANSWER_KEY_AND_LETTERS;
        let said = |fields: &[Field]| type_again(all, &wrong(fields)).unwrap_or_default();
        assert!(said(&[Field::Captcha]).ends_with("la respuesta secreta y la clave."));
        assert!(said(&[Field::NewKeyAgain]).ends_with("la respuesta secreta."));
        assert!(said(&[Field::Answer, Field::Email]).ends_with("otra vez la clave."));
        assert_eq!(said(&[Field::Answer, Field::NewKey]), "");
        assert_eq!(type_again(SecretFields::NOTHING, &wrong(&[Field::Email])), None);
    }

    #[test]
    fn a_person_is_spoken_to_in_spanish_unless_said_otherwise() {
        assert_eq!(error_sentence(FieldError::new(Field::Rut, Reason::Missing)), "Escriba su RUT.");
    }
}
