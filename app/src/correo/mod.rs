//! `/correo/{kind}`: the code of a mail, typed later than at the end of a registration or an update (A-MAIL). A mail names this
//! page; opening it does nothing. [`enviado`] is the part of those other pages.

pub(crate) mod enviado;
pub mod page;
pub mod validar;

use domain::flow::mail_check::MailCheck;
use domain::kind::Kind;

/// The page of a state.
fn path(kind: Kind, state: &MailCheck) -> String {
    let step = match state {
        MailCheck::Ask => "validar",
        MailCheck::Done => "listo",
    };
    format!("/correo/{}/{step}", kind.slug())
}
