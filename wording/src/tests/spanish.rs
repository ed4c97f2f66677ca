//! What Spanish says.

use domain::question::SecretQuestion;

use crate::Locale;

#[test]
fn f_req_a_size_is_said_as_people_say_it() {
    let files = &Locale::Es.catalogue().form.files;
    assert_eq!((files.size)(files.pdf, 339_600), "PDF, 340 kB");
    assert_eq!((files.size)(files.jpeg, 5_242_880), "foto JPG, 5,2 MB");
    assert_eq!((files.size)(files.png, 1_000_000), "imagen PNG, 1,0 MB");
}

#[test]
fn questions_are_short_and_all_different() {
    let texts = SecretQuestion::ALL.map(Locale::Es.catalogue().fields.questions);
    for (i, text) in texts.iter().enumerate() {
        assert!(text.chars().count() <= 60 && text.starts_with(char::is_uppercase), "{text}");
        assert!(!texts[..i].contains(text), "{text}");
    }
}

#[test]
fn f_review_the_history_says_who_did_what_how_often() {
    let history = &Locale::Es.catalogue().desk.history;
    assert_eq!((history.entry)(None, history.filed, 1), "La empresa hizo la solicitud");
    assert_eq!((history.entry)(Some("ana"), history.document_opened, 3), "ana: vio el documento (3 veces)");
}
