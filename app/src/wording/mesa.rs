//! The words of the desk, where officers of SENCE decide the requests for foreign facilitators (F-REVIEW).

use backend::clock::chilean_time;
use backend::service::review::{ExistingAccount, Unable};
use backend::store::audit::{Entry, Event, Outcome};
use backend::store::requests::{Decision, RequestState};
use domain::flow::request::UploadPurpose;

use super::notices::Tone;

/// Title and heading of the list.
pub const LIST: &str = "Solicitudes de facilitadores extranjeros";
/// Title and heading of the sign-in.
pub const SIGN_IN: &str = "Mesa de revisión";
/// What the search looks through.
pub const SEARCH_HINT: &str =
    "Número, empresa, RUT de la empresa; nombre, correo, teléfono o documento del facilitador.";
/// Title and heading where no request is.
pub const NO_REQUEST: &str = "Solicitud no encontrada";
/// The same as a sentence.
pub const NO_SUCH_REQUEST: &str = "No hay una solicitud con ese número.";
/// Leads from there to the list.
pub const BACK_TO_LIST: &str = "Volver a las solicitudes";
/// Beside “Rechazar la solicitud”, which acts at once.
pub const NO_WAY_BACK: &str = "No se puede deshacer.";
/// A warning: declaration and document are one file.
pub const SAME_FILE: &str = "Los dos archivos son el mismo.";
/// A warning: the declaration is the PDF as it was downloaded, byte for byte.
pub const UNSIGNED: &str = "La declaración es el formulario tal como se descargó: nadie lo ha firmado.";
/// A warning: the company would read the facilitator's key.
pub const COMPANY_MAIL: &str = "El correo del facilitador es el de la empresa: la clave es personal.";

/// A state, of one request.
#[must_use]
pub fn state(state: RequestState) -> &'static str {
    match state {
        RequestState::Open => "Abierta",
        RequestState::Granted => "Concedida",
        RequestState::Refused => "Rechazada",
    }
}

/// A state, of many requests; none stands for all.
#[must_use]
pub fn states(state: Option<RequestState>) -> &'static str {
    match state {
        Some(RequestState::Open) => "Abiertas",
        Some(RequestState::Granted) => "Concedidas",
        Some(RequestState::Refused) => "Rechazadas",
        None => "Todas",
    }
}

/// What there is to read when a list is empty.
#[must_use]
pub fn nothing(state: Option<RequestState>, searching: bool) -> &'static str {
    match (state, searching) {
        (_, true) => "Ninguna solicitud de esta lista tiene lo que busca.",
        (Some(RequestState::Open), false) => "No hay solicitudes por revisar.",
        (_, false) => "Todavía no hay solicitudes en esta lista.",
    }
}

/// “la concedió ana.rojas el 12-11-2026 10:47”, behind “Esta solicitud ya fue resuelta:”.
#[must_use]
pub fn decided(state: RequestState, decision: &Decision) -> String {
    let verb = if state == RequestState::Granted { "concedió" } else { "rechazó" };
    format!("la {verb} {} el {}", decision.officer, chilean_time(decision.at))
}

/// The name of a file for people.
#[must_use]
pub fn file(purpose: UploadPurpose) -> &'static str {
    match purpose {
        UploadPurpose::Declaration => "Declaración Jurada firmada",
        UploadPurpose::Document => "Documento de identidad",
    }
}

/// Whose account it is that a document has already, with whose names and which mail address, masked; begins a sentence.
#[must_use]
pub fn account(known: &ExistingAccount) -> String {
    let key = if known.has_key { "con clave" } else { "todavía sin clave" };
    let names = known.names.as_deref().unwrap_or("(sin nombres)");
    let mail =
        known.masked_mail.as_deref().map_or_else(|| "sin correo".to_owned(), |mail| format!("correo {mail}"));
    format!("Este documento ya tiene una cuenta, {key}. Está registrada a nombre de {names}, {mail}.")
}

/// What a grant does to the account that is there.
#[must_use]
pub fn new_key(known: &ExistingAccount) -> &'static str {
    match (known.other_mail, known.masked_mail.is_some()) {
        (true, true) => {
            "Si concede, la clave provisoria va al correo de esta solicitud y avisamos al registrado. Cuando la usen, el correo \
             de la solicitud reemplaza al registrado."
        }
        (true, false) => {
            "Si concede, la clave provisoria va al correo de esta solicitud, que quedará registrado cuando la usen."
        }
        (false, _) => {
            "Si concede, la clave provisoria va al correo registrado, que es el mismo de esta solicitud."
        }
    }
}

/// What happened, in the history of a request.
#[must_use]
pub fn happened(entry: &Entry) -> String {
    let what = match (entry.event, entry.outcome) {
        (Event::RequestFiled, Some(Outcome::Done | Outcome::Filed)) => "La empresa hizo la solicitud",
        (Event::RequestFiled, _) => "La empresa intentó hacer la solicitud",
        (Event::RequestSeen, _) => "Miró la solicitud",
        (Event::FileOpened, Some(Outcome::Declaration)) => "Vio la declaración",
        (Event::FileOpened, _) => "Vio el documento",
        (Event::RequestGranted, Some(Outcome::Granted)) => "Concedió la clave",
        (Event::RequestGranted, Some(Outcome::DailyCap)) => {
            "Quiso conceder: el facilitador ya recibió varias claves ese día"
        }
        (Event::RequestGranted, Some(Outcome::AccountChanged)) => {
            "Quiso conceder: la cuenta del facilitador ya no era la que vio"
        }
        (Event::RequestGranted, _) => "Quiso conceder, sin efecto",
        (Event::RequestRefused, Some(Outcome::Refused)) => "Rechazó la solicitud",
        _ => "Quiso rechazar, sin efecto",
    };
    let times = if entry.times > 1 { format!(" ({} veces)", entry.times) } else { String::new() };
    match &entry.officer {
        Some(officer) => format!("{officer}: {}{times}", lower(what)),
        None => format!("{what}{times}"),
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What a page of the desk says above all else. The word stands in the URL and is one of these, never data of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskNotice {
    /// Name, key or code were not taken; the errors of the form say it, or how long to wait.
    NotIn,
    /// “Salir” was pressed.
    Left,
    /// The session has ended.
    SignedOut,
    /// The session has ended, and the reason that came too late is kept.
    SignedOutKept,
    /// That reason is there again.
    Resumed,
    /// Granted, and everybody was told.
    Granted,
    /// Granted, and the company has no address to be told at.
    GrantedUntold,
    /// Refused, and the company was told.
    Refused,
    /// Refused, and the company has no address to be told at.
    RefusedUntold,
    /// Somebody was faster.
    Decided,
    /// This officer may only look.
    ReadOnly,
    /// The facilitator got as many keys as a day allows.
    DailyCap,
    /// The facilitator's account is not what the officer saw.
    Changed,
    /// The reason is no good; beside its field it is said why.
    Motive,
}

impl DeskNotice {
    const ALL: [Self; 14] = [
        Self::NotIn,
        Self::Left,
        Self::SignedOut,
        Self::SignedOutKept,
        Self::Resumed,
        Self::Granted,
        Self::GrantedUntold,
        Self::Refused,
        Self::RefusedUntold,
        Self::Decided,
        Self::ReadOnly,
        Self::DailyCap,
        Self::Changed,
        Self::Motive,
    ];

    /// The word in the URL.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotIn => "entrada",
            Self::Left => "salida",
            Self::SignedOut => "sesion",
            Self::SignedOutKept => "sesion-motivo",
            Self::Resumed => "retomada",
            Self::Granted => "concedida",
            Self::GrantedUntold => "concedida-sin-correo",
            Self::Refused => "rechazada",
            Self::RefusedUntold => "rechazada-sin-correo",
            Self::Decided => "resuelta",
            Self::ReadOnly => "solo-lectura",
            Self::DailyCap => "tope",
            Self::Changed => "otra-cuenta",
            Self::Motive => "motivo",
        }
    }

    /// What a word in the URL stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|told| told.word() == word)
    }

    /// Why nothing was decided; none when there is no such request.
    #[must_use]
    pub fn of(unable: &Unable) -> Option<Self> {
        match unable {
            Unable::Unknown => None,
            Unable::ReadOnly => Some(Self::ReadOnly),
            Unable::Decided(..) => Some(Self::Decided),
            Unable::DailyCap => Some(Self::DailyCap),
            Unable::Changed => Some(Self::Changed),
        }
    }

    /// Whether it is true of a request in this state: an address that somebody kept, or made up, says nothing wrong.
    #[must_use]
    pub fn fits(self, state: RequestState) -> bool {
        match self {
            Self::Granted | Self::GrantedUntold => state == RequestState::Granted,
            Self::Refused | Self::RefusedUntold => state == RequestState::Refused,
            Self::Decided => state != RequestState::Open,
            Self::DailyCap | Self::Changed | Self::Motive | Self::Resumed => state == RequestState::Open,
            Self::ReadOnly => true,
            Self::NotIn | Self::Left | Self::SignedOut | Self::SignedOutKept => false,
        }
    }

    /// Whether it is said at the sign-in.
    #[must_use]
    pub fn at_the_door(self) -> bool {
        matches!(self, Self::Left | Self::SignedOut | Self::SignedOutKept)
    }

    /// Tone, heading and text; none where the errors of the form say it.
    #[must_use]
    pub fn words(self) -> Option<(Tone, &'static str, &'static str)> {
        Some(match self {
            Self::Left => (Tone::Info, "Sesión cerrada", "Cerró su sesión. Para seguir, entre de nuevo."),
            Self::SignedOut => (
                Tone::Info,
                "Su sesión terminó",
                "Se cierra después de 30 minutos sin uso y, en todo caso, a las 8 horas. Entre de nuevo.",
            ),
            Self::SignedOutKept => (
                Tone::Info,
                "Su sesión terminó",
                "La solicitud no fue rechazada todavía. Guardamos el motivo que escribió: entre de nuevo antes de 15 minutos, y \
                 lo encontrará en ella.",
            ),
            Self::Resumed => (
                Tone::Info,
                "Falta enviar el rechazo",
                "Su sesión terminó antes de recibirlo. El motivo que escribió está más abajo: revíselo y presione Rechazar la \
                 solicitud.",
            ),
            Self::Granted => (
                Tone::Info,
                "Clave concedida",
                "El facilitador recibirá su clave provisoria por correo, y la empresa un aviso.",
            ),
            Self::GrantedUntold => (
                Tone::Info,
                "Clave concedida",
                "El facilitador recibirá su clave provisoria por correo. La empresa no tiene correo registrado: avísele por \
                 otro medio.",
            ),
            Self::Refused => (Tone::Info, "Solicitud rechazada", "La empresa recibirá el motivo por correo."),
            Self::RefusedUntold => (
                Tone::Info,
                "Solicitud rechazada",
                "La empresa no tiene correo registrado: dígale el motivo por otro medio.",
            ),
            Self::Decided => (
                Tone::Stop,
                "La solicitud ya fue resuelta",
                "Alguien la resolvió antes. Lo que usted envió no cambió nada.",
            ),
            Self::ReadOnly => (
                Tone::Stop,
                "Su usuario solo puede mirar",
                "No puede conceder ni rechazar. Lo que usted envió no cambió nada.",
            ),
            Self::DailyCap => (
                Tone::Stop,
                "Hoy no se puede enviar otra clave",
                "Este facilitador ya recibió todas las claves provisorias que permite un día. La solicitud sigue abierta: \
                 concédala mañana.",
            ),
            Self::Changed => (
                Tone::Stop,
                "Revise otra vez antes de conceder",
                "Mientras usted revisaba, este documento recibió una cuenta o cambió el correo de la que tenía. No se concedió \
                 nada: revise otra vez.",
            ),
            Self::NotIn | Self::Motive => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_every_word_of_a_url_is_read_back() {
        for told in DeskNotice::ALL {
            assert_eq!(DeskNotice::parse(told.word()), Some(told));
        }
        assert_eq!(DeskNotice::parse("<b>"), None);
    }

    #[test]
    fn f_review_the_history_says_who_did_what_how_often() {
        let entry = |event, outcome, officer: Option<&str>, times| Entry {
            at: 0,
            event,
            outcome,
            officer: officer.map(str::to_owned),
            times,
        };
        assert_eq!(
            happened(&entry(Event::RequestFiled, Some(Outcome::Done), None, 1)),
            "La empresa hizo la solicitud"
        );
        assert_eq!(
            happened(&entry(Event::FileOpened, Some(Outcome::Document), Some("ana"), 3)),
            "ana: vio el documento (3 veces)"
        );
        // A row whose word this version does not write.
        assert_eq!(
            happened(&entry(Event::RequestGranted, None, Some("ana"), 1)),
            "ana: quiso conceder, sin efecto"
        );
    }
}
