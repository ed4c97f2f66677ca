//! The fuzz target of what courses send: whatever it is, without a current token only a button leads on, and nothing of it becomes markup.

use std::collections::BTreeMap;

use domain::openid::params::Params;
use domain::rce::answer::Answer;
use domain::rce::attendance::{Attendance, Now, OnFile};
use domain::rce::fields::Loopback;
use domain::rce::organism::{Organism, Way};
use domain::rce::request::Form;
use leptos::prelude::RenderHtml as _;

use super::{endpoints, views};

/// A form of good faith.
pub(crate) const SEED: &str = concat!(
    "RutOtec=76192083-9&Token=5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220&CodSence=1237123456&CodigoCurso=1234567",
    "&LineaCapacitacion=3&RunAlumno=12345678-5&IdSesionAlumno=s1&UrlRetoma=https%3A%2F%2Faula.ejemplo.cl%2Fv",
    "&UrlError=https%3A%2F%2Faula.ejemplo.cl%2Fe&IdSesionSence=5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220",
);

/// The body of a form.
pub(crate) fn rce(body: &[u8]) {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    for (service, action) in endpoints() {
        let form = Form::read(service, action, &Params::new(pairs.clone()), Loopback::Refused);
        let now = Now { at: 1_796_000_000, today: "2026-12-01".parse().unwrap_or_default() };
        let begun = Attendance::begin(form, &Organism::default(), None, OnFile::default(), now);
        assert!(matches!(begun, Attendance::Done(_)), "a key is asked for without a token");
        let Attendance::Done(ended) = begun else { return };
        let Some(answer) = ended.answer("2026-12-01T09:00:00".parse().unwrap_or_default()) else { continue };
        assert_eq!(answer.way, Way::Button, "anybody may send a student on");
        assert!(answer.to.as_str().starts_with("https://"));
        let html = views::back(&answer).to_html();
        // As many as without anything that was sent.
        let fields = answer.fields.iter().map(|(name, _)| (*name, String::new())).collect();
        let blank = views::back(&Answer { fields, ..answer.clone() }).to_html();
        assert_eq!(signs(&html), signs(&blank), "what was sent becomes markup");
        let sent: BTreeMap<_, _> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        for (name, value) in &answer.fields {
            let is_own = matches!(*name, "FechaHora" | "ZonaHoraria" | "GlosaError" | "IdSesionSence");
            assert!(is_own || value.is_empty() || sent.get(name) == Some(&value.as_str()), "{name} changed");
            assert!(!value.contains(char::is_control));
        }
    }
}

/// How often the signs occur that make markup.
fn signs(html: &str) -> [usize; 3] {
    ['<', '>', '"'].map(|sign| html.matches(sign).count())
}
