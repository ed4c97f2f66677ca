//! The code of a mail on the last page of another flow: the address as it was typed, and a field for the code.

use backend::flows::Flow;
use domain::flow::mail_check::CodeSent;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::{Severity, action, hidden, panel, shared_fields};
use crate::words::words;

/// The address and the field; once the code came back, that it did. `errand` is the flow, which takes the code.
pub(crate) fn view<S>(kind: Kind, errand: Errand, sent: &CodeSent, flow: &Flow<S>) -> AnyView {
    let words = words();
    let own = &words.mail_check;
    if sent.confirmed {
        return panel(Severity::Info, own.done_heading, own.works, ());
    }
    let (around, fix) = match kind {
        Kind::Juridica => (own.mistyped_company, Errand::Recover),
        Kind::Natural | Kind::Migrante | Kind::Facilitador => (own.mistyped, Errand::Update),
    };
    view! {
        <h2>{own.heading}</h2>
        <p>{own.wrote_to}</p>
        <p class="dato">{sent.email.as_str().to_owned()}</p>
        {shared_fields::did_you_mean(&sent.email, fix.path(kind))}
        <p>{own.lead}</p>
        <form method="post" action=format!("/api/{}/correo", errand.slug()) novalidate="">
            {hidden(kind, flow.tag())}
            {shared_fields::mail_code(&flow.feedback, &flow.typed)}
            {action(own.confirm)}
        </form>
        <p>{own.not_arrived}</p>
        <p>{around.before} <a href=fix.path(kind)>{fix.words(words).menu}</a> {around.after}</p>
    }
    .into_any()
}
