//! The code of a mail on the last page of another flow: the address as it was typed, and a field for the code.

use backend::flows::Flow;
use domain::flow::Feedback;
use domain::flow::mail_check::CodeSent;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::{Head, Severity, action, frame, hidden, panel, shared_fields, success, unfinished};
use crate::words::words;

/// Whether the code was not taken: then the page is about nothing else.
fn is_refused<S>(flow: &Flow<S>) -> bool {
    flow.feedback != Feedback::default()
}

/// The last page of the other flow: “Éxito” and what follows; or, after a wrong code, what is wrong, that what was to be done is
/// done (`done`), and the field for the code. What follows: `before` the address and the field, and `after` them.
pub(crate) fn end<S>(
    (kind, errand): (Kind, Errand),
    flow: &Flow<S>,
    sent: Option<&CodeSent>,
    done: &'static str,
    (before, after): (AnyView, AnyView),
) -> AnyView {
    let code = sent.map(|sent| view(kind, errand, sent, flow));
    if !is_refused(flow) {
        return success(done, view! { {before} {code} {after} });
    }
    let own = &words().mail_check;
    let head = Head { heading: own.heading.to_owned(), ..Head::default() };
    let content = view! {
        <p><strong>{done}</strong> " " {own.only_code_left}</p>
        {code}
        {unfinished::links()}
        {before}
        {after}
    };
    frame(head, &flow.feedback, content)
}

/// The address and the field; once the code came back, that it did. `errand` is the flow, which takes the code.
fn view<S>(kind: Kind, errand: Errand, sent: &CodeSent, flow: &Flow<S>) -> AnyView {
    let words = words();
    let own = &words.mail_check;
    if sent.confirmed {
        let address = sent.email.as_str().to_owned();
        let text = view! { <strong class="direccion">{address}</strong> {own.works} };
        return panel(Severity::Info, own.done_heading, text, ());
    }
    let (around, fix, link) = match kind {
        Kind::Juridica => (own.mistyped_company, Errand::Recover, own.correct_in_recover),
        Kind::Natural | Kind::Migrante | Kind::Facilitador => {
            (own.mistyped, Errand::Update, own.correct_in_update)
        }
    };
    let suggestion = shared_fields::did_you_mean(&sent.email, fix.path(kind), link);
    // One link to there is enough.
    let mistyped = suggestion.is_none().then(|| {
        view! { <p>{around.before} <a href=fix.path(kind)>{fix.words(words).menu}</a> {around.after}</p> }
    });
    // Where the code was wrong, the heading of the page is this one.
    let refused = is_refused(flow);
    view! {
        {(!refused).then(|| view! { <h2>{own.heading}</h2> })}
        <p>{own.wrote_to}</p>
        <p class="dato">{sent.email.as_str().to_owned()}</p>
        {suggestion}
        {(!refused).then(|| view! { <p>{own.lead}</p> })}
        <form method="post" action=format!("/api/{}/correo", errand.slug()) novalidate="">
            {hidden(kind, flow.tag())}
            {shared_fields::mail_code(&flow.feedback, &flow.typed)}
            {action(own.confirm)}
        </form>
        <p>{own.not_arrived}</p>
        {mistyped}
    }
    .into_any()
}
