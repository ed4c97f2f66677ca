//! The end: “Éxito” (N-REC-END), or that there is no account, which is shown only after a valid document.

use backend::clock::chilean_time;
use domain::flow::recovery::KeySent;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::success;
use crate::words::words;

/// “Éxito”. `key` is the provisional key where the configuration has it shown (V-SHOW).
pub(super) fn view(kind: Kind, sent: &KeySent, key: Option<String>) -> AnyView {
    let change = Errand::Change.path(kind);
    let until = chilean_time(sent.until);
    let words = words();
    let recover = &words.recover;
    let on_screen = key.is_some();
    let shown = key.map(|key| {
        view! {
            <p>{recover.key_shown}</p>
            <p class="dato clave-provisoria">{key}</p>
        }
    });
    let content = view! {
        {shown}
        <p>{recover.valid.before} <strong>{recover.valid.link} {until}</strong> {recover.valid.after}</p>
        <ul class="lista">
            {sent
                .by_sms
                .then(|| {
                    view! {
                        <li>{recover.by_sms}</li>
                    }
                })}
            <li>{(recover.by_mail)(kind, sent.to_new)}</li>
        </ul>
        <h2>{words.form.next}</h2>
        <ol class="lista">
            <li>{if on_screen { recover.note_key } else { recover.find_message }}</li>
            <li>{recover.create_key}</li>
        </ol>
        <p><a class="boton" href=change>{recover.create_key_button}</a></p>
        {sent
            .doubted
            .then(|| {
                view! {
                    <p>
                        {recover.not_arrived.before}
                        <a href=Errand::Recover.path(kind)>{words.errands.recover.menu}</a>
                        {recover.not_arrived.after}
                    </p>
                }
            })}
        <p class="ayuda">{recover.old_key}</p>
    };
    success(recover.sent, content)
}

/// The document is valid, and there is no account.
pub(super) fn no_account(kind: Kind) -> AnyView {
    let words = words();
    let recover = &words.recover;
    view! {
        <h1 tabindex="-1">{recover.no_account_heading}</h1>
        <p>{(recover.no_account)(kind)}</p>
        <p><a class="boton" href=Errand::Register.path(kind)>{recover.create_account}</a></p>
        <p><a href="/">{words.form.to_start}</a></p>
    }
    .into_any()
}
