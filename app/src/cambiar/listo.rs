//! The end of a change: “Éxito”.

use domain::kind::Kind;
use leptos::prelude::*;

use crate::ui::success;
use crate::words::words;

/// “Éxito”.
pub fn view(kind: Kind, by_sms: bool) -> AnyView {
    let words = words();
    let change = &words.change;
    let content = view! {
        <p>
            {(change.sign_in)(kind)}
        </p>
        <ul class="lista">
            {by_sms.then(|| view! { <li>{change.by_sms}</li> })}
            <li>{change.by_mail}</li>
        </ul>
        <p><a class="boton boton--claro" href="/">{words.form.to_start}</a></p>
    };
    success(change.done, content)
}
