//! `/facilitador`: a company asks for the key of a foreign facilitator (F-REQ). [`validar`] asks who asks, [`declaracion`] hands
//! out the “Declaración Jurada” and takes it back signed, [`datos`] takes the facilitator's data and document, [`listo`] tells
//! the number.

pub mod datos;
pub mod declaracion;
pub mod listo;
pub mod page;
pub mod validar;

use backend::clock::chilean_time;
use backend::store::uploads::Upload;
use domain::flow::request::Request;
use domain::kind::Kind;

use crate::ui::Head;
use crate::wording::files::format_and_size;
use crate::wording::labels::Errand;

/// Title of its pages.
const TITLE: &str = "Solicitud de CS para facilitador extranjero";

/// The page of a state.
pub(crate) fn path(_: Kind, state: &Request) -> String {
    let step = match state {
        Request::Identify => "validar",
        Request::Declaration(_) => "declaracion",
        Request::Details(_) => "datos",
        Request::Done { .. } => "listo",
    };
    format!("/{}/{step}", Errand::Facilitator.slug())
}

/// What stands above the form of a step.
fn head(number: u8, heading: &'static str) -> Head {
    Head { over: TITLE.to_owned(), heading: heading.to_owned(), step: Some((number, 3)) }
}

/// A file that is kept: when it came, what it is, how big it is.
fn described(upload: &Upload) -> String {
    format!("{}, {}", chilean_time(upload.created_at), format_and_size(&upload.format, upload.size))
}
