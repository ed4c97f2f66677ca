//! Links to the pages that a message names (A-INFO): “Hágalo en «Cambiar CS» y vuelva.”

use domain::field::{Field, FieldError, Reason};
use domain::flow::Notice;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::words::{kind, words};

/// The errand that the sentence of an error names.
pub(crate) fn named_by_error(error: FieldError) -> Option<Errand> {
    match (error.field, error.reason) {
        (Field::CurrentKey, Reason::OnlyToChange) => Some(Errand::Change),
        (Field::CurrentKey, Reason::Expired | Reason::Spent | Reason::NotRepresentative) => {
            Some(Errand::Recover)
        }
        (Field::DocumentNumber, Reason::Wrong) => Some(Errand::Register),
        _ => None,
    }
}

/// Whether an error may be that of somebody who has no key yet. The pages with a field for one have a link to “Recuperar CS” below it.
pub(crate) fn may_lack_a_key(error: FieldError) -> bool {
    error.field == Field::CurrentKey
        && matches!(error.reason, Reason::Wrong | Reason::WrongForNie | Reason::WrongForCompany)
}

/// The errand that a notice names. None for [`Notice::StillMissing`]: its page leads to “Actualizar datos” with the proof that
/// the flow has.
pub(crate) fn named_by(notice: Notice) -> Option<Errand> {
    match notice {
        Notice::ManyMessages | Notice::UseDocument | Notice::KeysToday => Some(Errand::Recover),
        _ => None,
    }
}

/// Where an errand is for the kind that the page serves, or where the kind is chosen.
fn place(errand: Errand) -> String {
    match kind().filter(|kind| errand.kinds().contains(kind)) {
        Some(kind) => errand.path(kind),
        None => format!("/{}", errand.slug()),
    }
}

/// A message in which the name of the errand, «Cambiar CS», is a link to it. Where it is not named so, the link is put behind.
pub(crate) fn linked(text: &str, errand: Option<Errand>) -> AnyView {
    match errand {
        Some(errand) => linked_to(text, errand, place(errand)),
        None => text.to_owned().into_any(),
    }
}

/// The same for an errand whose place does not follow from the page.
pub(crate) fn linked_to(text: &str, errand: Errand, place: String) -> AnyView {
    let (menu, quote) = (errand.words(words()).menu, &words().form.page_name);
    let (before, after) = match text.split_once(&[quote.before, menu, quote.after].concat()) {
        Some((before, after)) => {
            (format!("{before}{}", quote.before), Some(format!("{}{after}", quote.after)))
        }
        None => (format!("{text} "), None),
    };
    view! {
        {before}
        <a href=place>{menu}</a>
        {after}
    }
    .into_any()
}

/// “Ir a Cambiar CS”, below the errors of a form of which one names it.
pub(crate) fn go_to(errand: Errand) -> impl IntoView {
    let words = words();
    view! { <p><a href=place(errand)>{(words.form.go_to)(errand.words(words).menu)}</a></p> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kind::Kind;
    use leptos::reactive::owner::Owner;
    use wording::{Audience, Locale, SecretFields};

    use crate::topics::tests::NOTICES;

    /// Every word for a field, and for what can be wrong with one: those of `backend/tests/it/infrastructure/stored_words.rs`.
    const FIELDS: &str = "rut nie birth-date document-kind document-country document-number company-name company-kind \
        representative representative-names question answer serial street street-number block flat region comuna email \
        home-phone work-phone mobile current-key new-key new-key-again mail-is-right captcha declaration document-file names \
        phone motive officer officer-key code";
    const REASONS: &str = "missing too-short too-long characters format check-digit area number-and-none other-region \
        mismatch contains-rut contains-nie contains-document contains-name common used-before wrong wrong-for-nie \
        only-to-change not-the-same not-representative wrong-for-company no-provisional wrong-provisional wrong-at-the-end \
        not-the-key not-the-key-of-nie not-the-key-of-run future too-old stale work-refused expired spent \
        blocked wrong-for-document expired-ask-company spent-ask-company already-asked file-empty file-too-large file-format \
        file-broken file-trailing file-active file-locked file-pixels file-interrupted file-gone file-offered provisional \
        file-not-kept";

    fn all<T: serde::de::DeserializeOwned>(words: &str) -> Vec<T> {
        let read = |word: &str| serde_json::from_str(&format!("\"{word}\"")).unwrap();
        words.split_whitespace().map(read).collect()
    }

    /// Every errand whose name stands in a text as that of a page.
    fn named_in(text: &str) -> Vec<Errand> {
        let words = Locale::Es.catalogue();
        let errands = Errand::MENU.into_iter().chain([Errand::Facilitator]);
        errands.filter(|errand| text.contains(&format!("«{}»", errand.words(words).menu))).collect()
    }

    fn html(text: &str, errand: Errand, of: Option<Kind>) -> String {
        Owner::new().with(|| {
            if let Some(kind) = of {
                provide_context(kind);
            }
            linked(text, Some(errand)).to_html().replace("<!>", "")
        })
    }

    #[test]
    fn every_page_that_an_error_names_is_linked() {
        let sentence = Locale::Es.catalogue().errors.sentence;
        let mut links = 0;
        for field in all::<Field>(FIELDS) {
            for reason in all::<Reason>(REASONS) {
                let error = FieldError::new(field, reason);
                for to in [Audience::Person, Audience::Company, Audience::ForFacilitator] {
                    let named = named_in(sentence(error, to));
                    assert_eq!(named, Vec::from_iter(named_by_error(error)), "{error:?}");
                    links += named.len();
                }
            }
        }
        assert!(links > 0);
    }

    #[test]
    fn every_page_that_a_notice_names_is_linked() {
        for notice in NOTICES {
            if notice == Notice::StillMissing {
                continue;
            }
            for to in [Audience::Person, Audience::Company, Audience::ForFacilitator] {
                let (_, text) = (Locale::Es.catalogue().notices.notice)(notice, to, SecretFields::NOTHING);
                assert_eq!(named_in(&text), Vec::from_iter(named_by(notice)), "{text}");
            }
        }
    }

    #[test]
    fn the_name_of_a_page_becomes_a_link_for_the_kind_of_the_page() {
        let change = r#"Hágalo en «<a href="/cambiar/natural">Cambiar CS</a>» y vuelva."#;
        assert_eq!(html("Hágalo en «Cambiar CS» y vuelva.", Errand::Change, Some(Kind::Natural)), change);
        let behind = r#"Pida otra. <a href="/recuperar/juridica">Recuperar CS</a>"#;
        assert_eq!(html("Pida otra.", Errand::Recover, Some(Kind::Juridica)), behind);
        // Of a facilitator the company asks for the key, so the kind is to be chosen.
        for kind in [Some(Kind::Facilitador), None] {
            assert!(html("«Recuperar CS»", Errand::Recover, kind).contains(r#"href="/recuperar""#));
        }
    }
}
