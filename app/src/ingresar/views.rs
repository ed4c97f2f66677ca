//! What the pages of a sign-in hold.

use backend::service::sign_in::{OnFile, SessionShown, SignInPage};
use domain::field::Field;
use domain::flow::sign_in::{AskCode, Asked, CODE_LIVES, Ended, Mailed, SignIn};
use domain::kind::Kind;
use domain::openid::client::Client;
use domain::openid::scope::{Scope, Scopes};
use leptos::prelude::*;
use wording::SecretFields;

use crate::captcha;
use crate::errand::Errand;
use crate::ui::{
    Head, Input, InputAttributes, action, begin_again, frame, fresh_sign_in_path, hidden, shared_fields,
    sign_in_path as path, text_field,
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
        (SignIn::Code(asked), _) => code(page, asked),
        (SignIn::Consent(consent), _) => {
            let scopes = consent.to().request().map(|request| request.scopes());
            consent_form(client, &shared_data(scopes, consent.who().kind(), page.on_file.as_ref()))
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
            <p>{words.form.forgotten_key} " " <a href=from_here(Errand::Recover, kind)>{words.errands.recover.menu}</a></p>
            <p>{own.no_key} " " <a href=from_here(Errand::Register, kind)>{words.errands.register.menu}</a></p>
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
            {shared_fields::current_key(own.key, feedback, (own.key_hint)(kind))}
            {captcha::in_place_of_wait(flow, feedback, &here(kind))}
            {is_told.then(|| shared(&shared_data(scopes, kind, None)))}
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
fn shared(what: &[String]) -> Option<AnyView> {
    let own = &words().sign_in;
    (!what.is_empty()).then(|| view! { <p class="ayuda">{(own.shared)(what)}</p> }.into_any())
}

/// What a system learns by these scopes: of somebody who is signed in, with its value, and nothing that is not on file.
fn shared_data(scopes: Option<&Scopes>, kind: Kind, on_file: Option<&OnFile>) -> Vec<String> {
    let own = &words().sign_in.share;
    let with = |what: &str, value: Option<&str>| match value {
        Some(value) => (own.item)(what, value),
        None => what.to_owned(),
    };
    let mut all = Vec::new();
    for scope in scopes.into_iter().flat_map(Scopes::iter) {
        match scope {
            Scope::Openid => {}
            Scope::Run => {
                all.push(with((own.identifier)(kind), on_file.map(|data| data.identifier.as_str())));
                if kind == Kind::Juridica {
                    let named = on_file.and_then(|data| data.representative.as_deref());
                    all.push(with(own.representative, named));
                }
            }
            Scope::Name => match on_file {
                None => all.push((own.name_if_known)(kind).to_owned()),
                Some(data) if data.has_name => all.push(with((own.name)(kind), data.names.as_deref())),
                Some(_) => {}
            },
            Scope::Email => match on_file.map(|data| data.email.as_deref()) {
                Some(None) => {}
                known => all.push(with((own.email)(kind), known.flatten())),
            },
            Scope::OfflineAccess => all.push(own.offline.to_owned()),
        }
    }
    all
}

/// An errand that leads back here, and finds the RUT that was typed here.
fn from_here(errand: Errand, kind: Kind) -> String {
    format!("{}?aviso=ingreso", errand.path(kind))
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
            {page.needs_code.then(|| view! { <p>{own.code.comes}</p> })}
            {is_told.then(|| shared(&shared_data(scopes, session.kind, page.on_file.as_ref())))}
            <button type="submit" class="boton">{name}</button>
        </form>
        <p><a class="boton boton--claro" href=format!("{here}?tipo={}&otra=si", session.kind.slug())>{own.other_account}</a></p>
        {back(client, &here)}
    };
    let head = Head { over: own.session.to_owned(), heading: heading(client), ..Head::default() };
    frame(head, &flow.feedback, form)
}

/// “Código” → “Continuar”; or, where no mail was sent, what to do about it.
fn code(page: &SignInPage, asked: &AskCode) -> AnyView {
    let (words, client, flow) = (words(), page.client.as_ref(), &page.flow);
    let (own, kind) = (&words.sign_in.code, asked.who().kind());
    let here = path(client.map(|client| &client.id), flow.tag(), Some(kind));
    let system = name_of(client).unwrap_or_default();
    let another = |label| {
        view! {
            <form method="post" action=here.clone() data-nativo="">
                <input type="hidden" name="paso" value="otro-codigo" />
                <button type="submit" class="boton boton--claro">{label}</button>
            </form>
        }
    };
    let (heading, content) = match asked.mailed() {
        Mailed::To { address, .. } => {
            let input = Input {
                hint: words.mail_check.code_hint,
                attributes: InputAttributes::CODE,
                width: "medio",
                ..Input::default()
            };
            let content = view! {
                <p>{words.mail_check.wrote_to}</p>
                <p class="dato">{address.clone()}</p>
                <p>{(own.type_it)(system, CODE_LIVES.div_euclid(60))}</p>
                <form method="post" action=here.clone() novalidate="" data-nativo="">
                    {hidden(kind, "")}
                    <input type="hidden" name="paso" value="codigo" />
                    {text_field(Field::MailCode, own.field, &flow.feedback, input)}
                    {action(words.form.go_on)}
                </form>
                <p>{own.not_arrived}</p>
                {another(own.another)}
            };
            (own.heading, content.into_any())
        }
        Mailed::Capped => {
            let content = view! {
                <p>{own.capped}</p>
                {another(own.try_again)}
            };
            (own.no_mail, content.into_any())
        }
        none @ (Mailed::NoAddress | Mailed::Doubted) => {
            let is_doubted = *none == Mailed::Doubted;
            let text = (own.without)(kind, is_doubted);
            let errand = match kind {
                Kind::Natural | Kind::Migrante if !is_doubted => Some(Errand::Update),
                Kind::Natural | Kind::Migrante | Kind::Juridica => Some(Errand::Recover),
                Kind::Facilitador => None,
            };
            let way = errand.map(|errand| {
                view! { <p><a class="boton" href=errand.path(kind)>{errand.words(words).menu}</a></p> }
            });
            let content = view! {
                <p>{(own.wants)(system)}</p>
                <p>{text}</p>
                {way}
                {another(own.try_again)}
            };
            (own.no_mail, content.into_any())
        }
    };
    let content = view! {
        {content}
        {back(client, &here)}
    };
    let head = Head { over: (words.sign_in.heading)(system), heading: heading.to_owned(), ..Head::default() };
    frame(head, &flow.feedback, content)
}

fn consent_form(client: Option<&Client>, shared: &[String]) -> AnyView {
    let own = &words().sign_in;
    let name = name_of(client).unwrap_or_default();
    let what: Vec<_> = shared.iter().map(|what| view! { <li>{what.clone()}</li> }).collect();
    // A system that only wants to know that somebody signed in asks for no data.
    let heading = if shared.is_empty() { heading(client) } else { (own.consent)(name) };
    view! {
        <p class="sobre">{client.map(|client| client.host().to_owned())}</p>
        <h1 tabindex="-1">{heading}</h1>
        <ul class="lista">{what}</ul>
        <p>{(own.consent_text)(name)}</p>
        <form method="post" data-nativo="">
            <input type="hidden" name="paso" value="aceptar" />
            {action(own.agree)}
        </form>
        {back_as("", (own.refuse)(name))}
    }
    .into_any()
}

/// “Volver a {sistema}”, which tells the system that the person did not want.
fn back(client: Option<&Client>, here: &str) -> AnyView {
    back_as(here, (words().sign_in.back)(name_of(client)))
}

fn back_as(here: &str, label: String) -> AnyView {
    let action = (!here.is_empty()).then(|| here.to_owned());
    view! {
        <form method="post" action=action data-nativo="">
            <input type="hidden" name="paso" value="volver" />
            <button type="submit" class="boton-texto">{label}</button>
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
        <p><a class="boton boton--claro" href="/">{words().form.to_start}</a></p>
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
