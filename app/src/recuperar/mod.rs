//! `/recuperar/{kind}`: recovery of a key (N-REC-1, N-REC-2, N-REC-3, N-REC-END, M-REC-1…3, J-REC-1…3). One file per step, named
//! like its URL (`faltan` is `faltan-datos`, and `listo` also shows `sin-cuenta`); each holds what the step shows and the server
//! function that its form is sent to.

pub mod confirmar;
pub mod contacto;
pub mod correo;
pub mod documento;
pub mod faltan;
pub mod listo;
pub mod page;
pub mod pregunta;
pub mod representante;
pub mod validar;

use backend::flows::Flow;
use domain::flow::Subject;
use domain::flow::recovery::Recovery;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::Head;
use crate::words::words;

/// Last part of the URL of a state.
fn step(state: &Recovery) -> &'static str {
    match state {
        Recovery::Identify => "validar",
        Recovery::Question(_) => "pregunta",
        Recovery::Representative(_) => "representante",
        Recovery::Document(_) => "documento",
        Recovery::MissingData(_) => "faltan-datos",
        Recovery::Mail(_) => "correo",
        Recovery::Contact(_) => "contacto",
        Recovery::Captcha(_) => "confirmar",
        Recovery::Sent(_) => "listo",
        Recovery::NoAccount => "sin-cuenta",
    }
}

/// The page of a state.
pub(crate) fn path(kind: Kind, state: &Recovery) -> String {
    format!("/recuperar/{}/{}", kind.slug(), step(state))
}

/// Heading of a step. How many follow depends on the answers, so no page counts them.
fn head(kind: Kind, heading: impl Into<String>) -> Head {
    Head { over: Errand::Recover.over(words(), kind), heading: heading.into(), ..Head::default() }
}

/// The first step, filled in with the identifier of this flow.
fn to_first(kind: Kind) -> String {
    format!("{}?aviso=corregir", Errand::Recover.path(kind))
}

/// Beside an address that nobody has confirmed (A-MAIL).
fn unconfirmed() -> AnyView {
    view! { <small>"(" {words().mail_check.unconfirmed} ")"</small> }.into_any()
}

/// Whose key is recovered, above the steps between the identifier and its proof: who mistyped, or recovers for several, sees it
/// in time. Shown as the form was read, known or not.
fn subject(shown: &PageContext<'_>) -> Option<AnyView> {
    let subject = subject_of(&shown.flow.state)?;
    let words = &words().recover;
    let view = view! {
        <p class="sujeto">
            {(words.subject)(shown.kind)} " " <strong>{subject.identifier.to_string()}</strong> " "
            <a href=to_first(shown.kind)>
                {words.other_subject} <span class="oculto">{(words.other_subject_more)(shown.kind)}</span>
            </a>
        </p>
    };
    Some(view.into_any())
}

/// Whose key it is, at the steps before its proof.
fn subject_of(state: &Recovery) -> Option<&Subject> {
    match state {
        Recovery::Question(asked) => Some(asked.subject()),
        Recovery::Representative(asked) => Some(asked.subject()),
        Recovery::Document(asked) => Some(asked.subject()),
        _ => None,
    }
}

/// What a step shows.
struct PageContext<'a> {
    kind: Kind,
    flow: &'a Flow<Recovery>,
}
