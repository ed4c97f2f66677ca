//! What the pages of a sign-in hold.

use backend::service::sign_in::{SessionShown, SignInPage};
use domain::flow::sign_in::{Asked, Ended, SignIn};
use domain::kind::Kind;
use domain::openid::client::Client;
use domain::openid::scope::Scopes;
use leptos::prelude::*;
use wording::SecretFields;

use crate::captcha;
use crate::errand::Errand;
use crate::ui::{
    Head, action, begin_again, frame, fresh_sign_in_path, hidden, shared_fields, sign_in_path as path,
};
use crate::words::words;

/// The name of a system.
fn name_of(client: Option<&Client>) -> Option<&str> {
    client.map(|client| client.name.as_str())
}

/// The page of a state.
/// `other`: the person wants another account than that of the session, until the form is right.
pub(super) fn page((kind, other): (Kind, bool), page: &SignInPage, issuer: &str) -> AnyView {
    let client = page.client.as_ref();
    match (&page.flow.state, &page.session) {
        (SignIn::Ask(_), Some(session)) => go_on(page, session),
        (SignIn::Ask(_), None) => ask((kind, other), page),
        (SignIn::Consent(consent), _) => {
            consent_form(client, consent.to().request().map(|request| request.scopes()))
        }
        (SignIn::Done(ended), _) => done(client, ended, issuer),
        (SignIn::Gone, _) => expired(client, client.is_none(), issuer),
    }
}

fn heading(client: Option<&Client>) -> String {
    let own = &words().sign_in;
    (own.heading)(name_of(client).unwrap_or(own.account.heading))
}

/// “Rut”, “Clave Sence” → “Ingresar”.
fn ask((kind, other): (Kind, bool), page: &SignInPage) -> AnyView {
    let (words, client, flow) = (words(), page.client.as_ref(), &page.flow);
    let own = &words.sign_in;
    let (feedback, typed) = (&flow.feedback, &flow.typed);
    let wish = if other { "&otra=si" } else { "" };
    let here = |kind| format!("{}{wish}", path(client.map(|client| &client.id), flow.tag(), Some(kind)));
    let others: Vec<_> = Asked::kinds(client)
        .iter()
        .filter(|other| **other != kind)
        .map(|other| {
            let to = fresh_sign_in_path(client.map(|client| &client.id), flow.tag(), *other);
            view! { <li><a href=format!("{to}{wish}")>{(words.kinds.title)(*other)}</a></li> }
        })
        .collect();
    let scopes = flow.state.to().and_then(|to| to.request()).map(|request| request.scopes());
    let is_told = page.is_first_visit && client.is_some_and(|client| client.first_party);
    let recover = match kind {
        Kind::Facilitador => view! { <p>{words.change.ask_company}</p> }.into_any(),
        Kind::Natural | Kind::Migrante | Kind::Juridica => view! {
            <p>{words.form.forgotten_key} " " <a href=Errand::Recover.path(kind)>{words.errands.recover.menu}</a></p>
            <p>{own.no_key} " " <a href=Errand::Register.path(kind)>{words.errands.register.menu}</a></p>
        }
        .into_any(),
    };
    let form = view! {
        {client.map(|client| view! { <p>{(own.comes_from)(&client.name, client.host())}</p> })}
        <form method="post" action=here(kind) novalidate="" data-nativo="">
            {hidden(kind, "")}
            <input type="hidden" name="paso" value="clave" />
            {other.then(|| view! { <input type="hidden" name="otra" value="si" /> })}
            {match kind {
                Kind::Facilitador => {
                    shared_fields::foreign_document(feedback, typed, (words.fields.identifier_hint)(kind))
                }
                _ => shared_fields::identifier(kind, feedback, typed, (words.fields.identifier_hint)(kind)),
            }}
            {(kind == Kind::Juridica).then(|| shared_fields::representative(feedback, typed))}
            {shared_fields::current_key(own.key, feedback, own.key_hint)}
            {captcha::in_place_of_wait(flow, feedback, &here(kind))}
            {is_told.then(|| shared(scopes))}
            {action(own.enter)}
        </form>
        {recover}
        {(!others.is_empty()).then(|| view! {
            <p>{own.other_kinds}</p>
            <ul class="lista">{others}</ul>
        })}
        {back(client, &here(kind))}
    };
    let over = (words.kinds.title)(kind).to_owned();
    let head = Head { over, heading: heading(client), ..Head::default() };
    frame(head.with(SecretFields::KEY), feedback, form)
}

/// “Se comparte: …”.
fn shared(scopes: Option<&Scopes>) -> Option<AnyView> {
    let own = &words().sign_in;
    let what: Vec<_> = scopes?.iter().filter_map(own.scope).collect();
    (!what.is_empty()).then(|| view! { <p class="ayuda">{(own.shared)(&what)}</p> }.into_any())
}

/// “Continuar como …”.
fn go_on(page: &SignInPage, session: &SessionShown) -> AnyView {
    let (client, flow, own) = (page.client.as_ref(), &page.flow, &words().sign_in);
    let here = path(client.map(|client| &client.id), flow.tag(), None);
    let scopes = flow.state.to().and_then(|to| to.request()).map(|request| request.scopes());
    let is_told = page.is_first_visit && client.is_some_and(|client| client.first_party);
    let name = (own.go_on_as)(&session.name);
    let form = view! {
        {client.map(|client| view! { <p class="ayuda">{client.host().to_owned()}</p> })}
        <p>{own.session_text}</p>
        <form method="post" action=here.clone() data-nativo="">
            {hidden(session.kind, "")}
            <input type="hidden" name="paso" value="seguir" />
            <input type="hidden" name="sesion" value=session.mark.clone() />
            {is_told.then(|| shared(scopes))}
            <button type="submit" class="boton">{name}</button>
        </form>
        <p><a class="boton boton--claro" href=format!("{here}?tipo={}&otra=si", session.kind.slug())>{own.other_account}</a></p>
        {back(client, &here)}
    };
    let head = Head { over: own.session.to_owned(), heading: heading(client), ..Head::default() };
    frame(head, &flow.feedback, form)
}

fn consent_form(client: Option<&Client>, scopes: Option<&Scopes>) -> AnyView {
    let own = &words().sign_in;
    let name = name_of(client).unwrap_or_default();
    let what: Vec<_> = scopes
        .into_iter()
        .flat_map(Scopes::iter)
        .filter_map(own.scope)
        .map(|what| view! { <li>{what}</li> })
        .collect();
    view! {
        <p class="sobre">{client.map(|client| client.host().to_owned())}</p>
        <h1 tabindex="-1">{(own.consent)(name)}</h1>
        <ul class="lista">{what}</ul>
        <p>{(own.consent_text)(name)}</p>
        <form method="post" data-nativo="">
            <input type="hidden" name="paso" value="aceptar" />
            {action(own.agree)}
        </form>
        {back(client, "")}
    }
    .into_any()
}

/// “Volver a {sistema}”, which tells the system that the person did not want.
fn back(client: Option<&Client>, here: &str) -> AnyView {
    let action = (!here.is_empty()).then(|| here.to_owned());
    view! {
        <form method="post" action=action data-nativo="">
            <input type="hidden" name="paso" value="volver" />
            <button type="submit" class="boton-texto">{(words().sign_in.back)(name_of(client))}</button>
        </form>
    }
    .into_any()
}

fn done(client: Option<&Client>, ended: &Ended, issuer: &str) -> AnyView {
    let own = &words().sign_in;
    let said = if ended.is_denied() { &own.left } else { &own.done };
    let (label, to) = match client {
        Some(client) => ((own.again)(&client.name), client.begin_again(issuer)),
        None => ((own.go_on_to)(own.account.heading), "/cuenta".to_owned()),
    };
    view! {
        <h1 tabindex="-1">{said.heading}</h1>
        <p>{said.text}</p>
        <p><a class="boton" href=to>{label}</a></p>
    }
    .into_any()
}

/// “Este ingreso venció”.
pub(super) fn expired(client: Option<&Client>, is_account: bool, issuer: &str) -> AnyView {
    let own = &words().sign_in;
    let again = match client {
        Some(client) => begin_again(client, issuer),
        None if is_account => view! {
            <p><a class="boton" href="/ingresar">{(own.again)(own.account.heading)}</a></p>
        }
        .into_any(),
        None => view! { <p>{own.again_unknown}</p> }.into_any(),
    };
    view! {
        <h1 tabindex="-1">{own.expired.heading}</h1>
        <p>{own.expired.text}</p>
        {again}
        <p><a class="boton boton--claro" href="/">{words().form.to_start}</a></p>
    }
    .into_any()
}

/// “No podemos abrir este ingreso”.
pub(super) fn refused() -> AnyView {
    let own = &words().sign_in;
    view! {
        <div class="aviso aviso--alto" role="alert" tabindex="-1" autofocus="" data-foco="">
            <h1>{own.unknown.heading}</h1>
            <p>{own.unknown.text}</p>
        </div>
        <p><a class="boton boton--claro" href="/">{words().form.to_start}</a></p>
    }
    .into_any()
}
