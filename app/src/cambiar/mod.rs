//! `/cambiar/{kind}`: change of a key (N-CHG). [`validar`] asks for RUT and current key, [`clave`] for the new one.

pub mod clave;
pub mod listo;
pub mod page;
pub mod validar;

use domain::flow::change::Change;
use domain::kind::Kind;

use crate::ui::Head;

/// The page of a state.
fn path(kind: Kind, state: &Change) -> String {
    let step = match state {
        Change::Identify => "validar",
        Change::NewKey(_) => "clave",
        Change::Done { .. } => "listo",
    };
    format!("/cambiar/{}/{step}", kind.slug())
}

/// What stands above the form of a step.
fn head(number: u8, heading: &'static str) -> Head {
    Head { over: "Cambiar CS · Persona Natural", heading, step: Some((number, 2)) }
}
