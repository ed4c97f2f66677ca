//! The end of a registration: “Éxito”. The same whether or not the RUT had an account
//! (docs/security.md#abuse-and-enumeration), so both cases stand side by side.

use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::success;
use crate::words::words;

/// “Éxito”.
pub fn view(kind: Kind, by_sms: bool, by_mail: bool) -> AnyView {
    let words = words();
    let register = &words.register;
    let content = view! {
        <ul class="lista">
            {by_sms.then(|| view! { <li>{register.by_sms}</li> })}
            <li>{if by_mail { register.by_mail } else { register.no_mail }}</li>
        </ul>
        <h2>{words.form.next}</h2>
        <ul class="lista">
            <li>{(register.sign_in)(kind)}</li>
            <li>
                {(register.had_account)(kind)}
                <a href=Errand::Recover.path(kind)>{words.errands.recover.menu}</a>
                {register.not_recovered}
            </li>
            {by_mail.then(|| view! { <li>{register.check_mail}</li> })}
        </ul>
        <p><a class="boton boton--claro" href="/">{words.form.to_start}</a></p>
    };
    success(register.done, content)
}
