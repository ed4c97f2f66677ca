//! The end: “Éxito”; and back to the change or the recovery that had stopped for missing data (A-MIN).

use domain::flow::update::Done;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::{action, hidden, success};
use crate::words::words;

/// A flow of this browser that stopped for missing data: which, and the tag of its pages.
pub(super) struct Stopped {
    pub(super) errand: Errand,
    pub(super) tag: String,
}

/// “Éxito”.
pub(super) fn view(kind: Kind, done: Done, stopped: Option<Stopped>) -> AnyView {
    let words = words();
    let update = &words.update;
    let notified = done.changed.then(|| {
        view! {
            <ul class="lista">
                <li>{update.by_mail}</li>
                {done.by_sms.then(|| view! { <li>{update.by_sms}</li> })}
            </ul>
        }
    });
    let back = match stopped {
        Some(Stopped { errand, tag }) => view! {
            <p>{update.stopped}</p>
            <form method="post" action=format!("/api/{}/seguir", errand.slug()) novalidate="">
                {hidden(kind, &tag)}
                {action(errand.words(words).resume)}
            </form>
        }
        .into_any(),
        None => view! { <p><a class="boton boton--claro" href="/">{words.form.to_start}</a></p> }.into_any(),
    };
    let lead = if done.changed { update.changed } else { update.unchanged };
    success(lead, view! { {notified} {back} })
}
