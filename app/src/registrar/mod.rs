//! `/registrar/{kind}`: registration (N-REG, M-REG). One form, as in the guides; [`form`] is what it asks, [`crear`] the server
//! functions that it is sent to, [`page`] which of it is shown.

pub mod crear;
pub mod form;
pub mod listo;
pub mod page;

use domain::flow::registration::Registration;
use domain::kind::Kind;

/// The page of a state.
fn path(kind: Kind, state: &Registration) -> String {
    let step = match state {
        Registration::Form => "formulario",
        Registration::Done { .. } => "listo",
    };
    format!("/registrar/{}/{step}", kind.slug())
}
