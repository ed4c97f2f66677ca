//! The end of a change: “Éxito”.

use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::success;
use crate::words::words;

/// “Éxito”.
pub fn view(kind: Kind, by_sms: bool, question_dropped: bool) -> AnyView {
    let words = words();
    let change = &words.change;
    let choose = question_dropped.then(|| {
        let around = change.question_dropped;
        view! { <p>{around.before} <a href=Errand::Update.path(kind)>{words.errands.update.menu}</a> {around.after}</p> }
    });
    let content = view! {
        <p>
            {(change.sign_in)(kind)}
        </p>
        <ul class="lista">
            {by_sms.then(|| view! { <li>{change.by_sms}</li> })}
            <li>{change.by_mail}</li>
        </ul>
        {choose}
        <p><a class="boton boton--claro" href="/">{words.form.to_start}</a></p>
    };
    success(change.done, content)
}
