//! The end: “Éxito” (N-REC-END), or that there is no account, which is shown only after a valid document.

use backend::clock::chilean_time;
use backend::flows::Flow;
use domain::email::Email;
use domain::flow::Feedback;
use domain::flow::recovery::{KeySent, Recovery};
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use super::head;
use crate::captcha;
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, not_arrived, shared_fields, success};
use crate::words::words;

/// Whether its form was refused: then what is wrong stands above, in place of “Éxito”.
pub(super) fn is_refused(flow: &Flow<Recovery>) -> bool {
    flow.feedback != Feedback::default()
}

/// “Éxito”, and the last step; after a wrong provisional key that step alone is what the page is about. `key` is the provisional key
/// where the configuration has it shown (V-SHOW).
pub(super) fn view(kind: Kind, flow: &Flow<Recovery>, sent: &KeySent, key: Option<String>) -> AnyView {
    let words = words();
    let recover = &words.recover;
    let on_screen = key.is_some();
    let messages = messages(kind, sent, key);
    let step = last_step(kind, flow, sent, on_screen);
    let nothing_came = if sent.doubted {
        view! {
            <p>
                {recover.not_arrived.before}
                <a href=Errand::Recover.path(kind)>{words.errands.recover.menu}</a>
                {recover.not_arrived.after}
            </p>
        }
        .into_any()
    } else {
        not_arrived()
    };
    let rest = view! {
        {nothing_came}
        <p class="ayuda">{recover.old_key}</p>
    };
    if is_refused(flow) {
        let head = head(kind, recover.one_step_left).with(SecretFields::KEY);
        return frame(head, &flow.feedback, view! { {step} {messages} {rest} });
    }
    let content = view! {
        {messages}
        <h2>{recover.one_step_left}</h2>
        {step}
        {rest}
    };
    success(recover.sent, content)
}

/// Where the provisional key goes, until when it works, and the key itself where it is shown.
fn messages(kind: Kind, sent: &KeySent, key: Option<String>) -> AnyView {
    let recover = &words().recover;
    let until = chilean_time(sent.until);
    let shown = key.map(|key| {
        view! {
            <p>{recover.key_shown}</p>
            <p class="dato clave-provisoria">{key}</p>
        }
    });
    // Only an address that was just typed may have been mistyped.
    let new = sent.to.as_ref().filter(|_| sent.to_new).and_then(|to| Email::parse(to).ok());
    let mistyped = new.and_then(|new| {
        shared_fields::did_you_mean(&new, Errand::Recover.path(kind), words().mail_check.correct_in_recover)
    });
    view! {
        {shown}
        <p>{recover.valid.before} <strong>{recover.valid.link} {until}</strong> {recover.valid.after}</p>
        <ul class="lista">
            {sent
                .by_sms
                .then(|| {
                    view! {
                        <li>{recover.by_sms}{address(sent.to_mobile.clone())}</li>
                    }
                })}
            <li>{by_mail(kind, sent)}</li>
        </ul>
        {mistyped}
    }
    .into_any()
}

/// What is left to do: with the provisional key, here or at “Cambiar CS”.
fn last_step(kind: Kind, flow: &Flow<Recovery>, sent: &KeySent, on_screen: bool) -> AnyView {
    let change = Errand::Change.path(kind);
    let words = words();
    let recover = &words.recover;
    let here = sent.continues_here();
    let asks_representative = sent.asks_representative(kind);
    view! {
        <ol class="lista">
            <li>{if on_screen { recover.note_key } else { recover.find_message }}</li>
            <li>{match (here, asks_representative) {
                (true, true) => recover.write_key_and_representative,
                (true, false) => recover.write_key,
                (false, _) => recover.create_key,
            }}</li>
        </ol>
        {if here {
            view! {
                <form method="post" action="/api/cambiar/provisoria" novalidate="">
                    {hidden(kind, flow.tag())}
                    {shared_fields::provisional_key(&flow.feedback)}
                    {asks_representative.then(|| shared_fields::representative(&flow.feedback, &flow.typed))}
                    {captcha::in_place_of_wait(flow, &flow.feedback, "/api/cambiar/provisoria")}
                    {action(words.form.go_on)}
                </form>
                <p>
                    {recover.elsewhere} <a href=change>{recover.create_key_button}</a> "."
                </p>
            }
                .into_any()
        } else {
            view! { <p><a class="boton" href=change>{recover.create_key_button}</a></p> }.into_any()
        }}
    }
    .into_any()
}

/// The mail: with the address, as the page before showed it.
fn by_mail(kind: Kind, sent: &KeySent) -> AnyView {
    let recover = &words().recover;
    match (kind, &sent.to) {
        (Kind::Juridica, Some(to)) if sent.to_new => {
            let around = recover.by_mail_to_new;
            view! { {around.before} <strong class="direccion">{to.clone()}</strong> {around.after} }
                .into_any()
        }
        _ => view! { {(recover.by_mail)(kind)}{address(sent.to.clone())} }.into_any(),
    }
}

/// Where a message goes, at the end of the sentence about it.
fn address(to: Option<String>) -> impl IntoView {
    let to = to.map(|to| view! { ": " <strong class="direccion">{to}</strong> });
    view! { {to} "." }
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
