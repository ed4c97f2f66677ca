//! `/actualizar/{kind}`: update of address and contact data (N-UPD, M-UPD, V-UPD). One file per step, named like its URL.

pub mod datos;
pub mod documento;
pub mod elegir;
pub mod listo;
pub mod page;
pub mod pregunta;
pub mod validar;

use domain::flow::update::Update;
use domain::kind::Kind;

use crate::errand::Errand;
use crate::ui::Head;
use crate::words::words;

/// The page of a state.
pub(crate) fn path(kind: Kind, state: &Update) -> String {
    let step = match state {
        Update::Identify => "validar",
        Update::Document(_) => "documento",
        Update::Question(_) => "pregunta",
        Update::Choose(_) => "elegir",
        Update::Form(_) => "datos",
        Update::Done(_) => "listo",
    };
    format!("/actualizar/{}/{step}", kind.slug())
}

/// Heading of a step. How many there are depends on the answers, so no page counts them.
fn head(kind: Kind, heading: &'static str) -> Head {
    Head { over: Errand::Update.over(words(), kind), heading: heading.to_owned(), ..Head::default() }
}
