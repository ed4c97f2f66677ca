//! The answers: forms that the browser of the student sends on to the OTEC.

use jiff::civil::DateTime;

use super::attendance::{Ended, Outcome};
use super::fields::{Action, CallbackUrl};
use super::organism::Way;

/// `ZonaHoraria`: all times are those of Chile (a name of the tz database).
pub const ZONE: &str = "America/Santiago";

/// A form that is sent to the OTEC by POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Where.
    pub to: CallbackUrl,
    /// Whether by itself, or by the button of a page that names the host.
    pub way: Way,
    /// Names and values in their order. Values hold what the caller sent: whoever writes them into a page escapes them.
    pub fields: Vec<(&'static str, String)>,
}

/// `FechaHora`: `aaaa-mm-dd hh:mm:ss`, 19 characters.
#[must_use]
pub fn date_time(local: DateTime) -> String {
    let (date, time) = (local.date(), local.time());
    format!("{date} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

impl Ended {
    /// The answer; none when there is no URL that it could go to. `local` is [`Ended::at`] in the time of Chile.
    ///
    /// A start is answered with `IdSesionSence`, which is blank in an error; a close without.
    #[must_use]
    pub fn answer(&self, local: DateTime) -> Option<Answer> {
        let echo = self.echo();
        let mut fields = vec![
            ("CodSence", echo.cod_sence.clone()),
            ("CodigoCurso", echo.codigo_curso.clone()),
            ("IdSesionAlumno", echo.id_sesion_alumno.clone()),
        ];
        match (self.action(), self.outcome()) {
            (_, Outcome::Opened(id)) => fields.push(("IdSesionSence", id.as_str().to_owned())),
            (Action::Start, _) => fields.push(("IdSesionSence", String::new())),
            (Action::Close, _) => {}
        }
        fields.extend([
            ("RunAlumno", echo.run_alumno.clone()),
            ("FechaHora", date_time(local)),
            ("ZonaHoraria", ZONE.to_owned()),
            ("LineaCapacitacion", echo.linea.clone()),
        ]);
        if let Outcome::Refused(glosas) = self.outcome() {
            fields.push(("GlosaError", glosas.to_string()));
        }
        Some(Answer { to: self.to()?.clone(), way: self.way(), fields })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::attendance::tests::{closed, opened, refused_form};
    use super::*;

    /// The answer, as `name=value` with `&` between.
    fn text(ended: &Ended) -> String {
        let answer = ended.answer(date(2026, 12, 1).at(9, 5, 7, 0)).unwrap();
        let fields: Vec<String> =
            answer.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {}", answer.to.as_str(), fields.join("&"))
    }

    #[test]
    fn l_rce_the_three_answers() {
        assert_eq!(
            text(&opened().1),
            "https://aula.ejemplo.cl/volver CodSence=1237123456&CodigoCurso=1234567&IdSesionAlumno=sesion-1\
             &IdSesionSence=01234567-89AB-CDEF-0123-456789ABCDEF&RunAlumno=12345678-5&FechaHora=2026-12-01 09:05:07\
             &ZonaHoraria=America/Santiago&LineaCapacitacion=3"
        );
        assert_eq!(
            text(&closed().1),
            "https://aula.ejemplo.cl/volver CodSence=1237123456&CodigoCurso=1234567&IdSesionAlumno=sesion-1\
             &RunAlumno=12345678-5&FechaHora=2026-12-01 09:05:07&ZonaHoraria=America/Santiago&LineaCapacitacion=3"
        );
        assert_eq!(
            text(&refused_form(Action::Start, &[("CodSence", "x"), ("IdSesionAlumno", "<b>")])),
            "https://aula.ejemplo.cl/error CodSence=x&CodigoCurso=1234567&IdSesionAlumno=<b>&IdSesionSence=\
             &RunAlumno=12345678-5&FechaHora=2026-12-01 09:05:07&ZonaHoraria=America/Santiago&LineaCapacitacion=3&GlosaError=204"
        );
        let close = text(&refused_form(Action::Close, &[("CodSence", "x")]));
        assert!(close.ends_with("&GlosaError=200;204") && !close.contains("IdSesionSence"), "{close}");
    }

    #[test]
    fn security_l_rce_without_url_error_nobody_is_sent_anywhere() {
        let ended = refused_form(Action::Start, &[("UrlError", "javascript:alert(1)")]);
        assert_eq!(ended.answer(date(2026, 12, 1).at(9, 0, 0, 0)), None);
    }

    #[test]
    fn l_rce_the_time_has_nineteen_characters() {
        for at in [date(2026, 1, 2).at(3, 4, 5, 678), date(2026, 12, 31).at(23, 59, 59, 999_999_999)] {
            assert_eq!(date_time(at).len(), 19, "{at}");
        }
        assert_eq!(date_time(date(2026, 1, 2).at(3, 4, 5, 678)), "2026-01-02 03:04:05");
    }
}
