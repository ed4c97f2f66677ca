//! The pseudo-language has every sentence, and none in Spanish.

use crate::Locale;

#[test]
fn a_language_is_found_by_its_id_only() {
    for locale in Locale::ALL {
        assert_eq!(Locale::parse(locale.id()), Some(*locale));
    }
    assert_eq!(Locale::parse("ES"), None);
    assert_eq!(Locale::parse("en"), None);
}

#[test]
fn the_pseudo_language_disguises_letters_and_keeps_placeholders() {
    let frame = &crate::qps::QPS.frame;
    assert_eq!(frame.skip, "⟦Îŕ åļ çöñţéñîðö⟧");
    assert_eq!(
        (frame.title)("Inicio"),
        "⟦Inicio – ⟦Çļåṽé Šéñçé (ÇŠ)⟧⟧".replace("⟦Inicio", "Inicio").replace("⟧⟧", "⟧")
    );
    assert_eq!(frame.help.before, "⟦¿Ñéçéšîţå åýûðå? Ļļåɱé ĝŕåţîš åļ ⟧");
}
