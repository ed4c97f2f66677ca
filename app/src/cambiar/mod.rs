//! `/cambiar/{kind}`: change of a key (N-CHG, M-CHG, J-CHG, and a foreign facilitator's). [`validar`] asks for the identifier
//! and the current key, [`clave`] for the new one; [`faltan`] stops who lacks what the change needs (A-MIN).

pub mod clave;
pub mod faltan;
pub mod listo;
pub mod page;
pub mod validar;

use domain::flow::change::Change;
use domain::kind::Kind;

use crate::errand::Errand;
use crate::ui::Head;
use crate::words::words;

/// The page of a state.
pub(crate) fn path(kind: Kind, state: &Change) -> String {
    let step = match state {
        Change::Identify => "validar",
        Change::MissingData(_) => "faltan-datos",
        Change::NewKey(_) => "clave",
        Change::Done { .. } => "listo",
    };
    format!("/cambiar/{}/{step}", kind.slug())
}

/// Heading and step number of a step.
fn head(kind: Kind, number: u8, heading: &'static str) -> Head {
    Head {
        over: Errand::Change.over(words(), kind),
        heading: heading.to_owned(),
        step: Some((number, 2)),
        ..Head::default()
    }
}
