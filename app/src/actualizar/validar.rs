//! Step 1, “Validar Datos”: “Rut” or “NIE”, and “Clave Sence” (N-UPD, M-UPD); or, where the configuration has it so, “Fecha de
//! Nacimiento” and “Email Registrado” (V-UPD).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::{Flow, Typed};
use domain::flow::Feedback;
use domain::flow::update::{Update, UpdateProof};
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;
use wording::catalogue::fields::Labelled;

use super::{head, path};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::ui::{action_or_back, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post};
use crate::words::words;

/// The first proof is asked for.
pub fn view(
    (kind, proof): (Kind, UpdateProof),
    flow: Option<&Flow<Update>>,
    feedback: &Feedback,
    typed: &Typed,
) -> AnyView {
    let tag = flow.map_or("", Flow::tag);
    let words = words();
    let update = &words.update;
    let registered = Labelled { label: update.registered_email, hint: update.registered_email_hint };
    let fields = match proof {
        UpdateProof::Key => shared_fields::current_key(words.fields.key, feedback, words.fields.key_hint),
        UpdateProof::BirthDate => view! {
            {shared_fields::birth_date(feedback, typed)}
            {shared_fields::email(registered, feedback, typed.get("email"))}
        }
        .into_any(),
    };
    let lost = match proof {
        UpdateProof::Key => words.form.forgotten_key,
        UpdateProof::BirthDate => update.forgotten_email,
    };
    let form = view! {
        <p>{update.lead}</p>
        <form method="post" action="/api/actualizar/validar" novalidate="">
            {hidden(kind, tag)}
            {shared_fields::identifier(kind, feedback, typed, (words.fields.identifier_hint)(kind))}
            {fields}
            {flow.and_then(|flow| captcha::in_place_of_wait(flow, feedback, "/api/actualizar/validar"))}
            {action_or_back(words.form.validate, "/")}
        </form>
        <p>{lost} <a href=Errand::Recover.path(kind)>{words.errands.recover.menu}</a></p>
    };
    let secrets = match proof {
        UpdateProof::Key => SecretFields::KEY,
        UpdateProof::BirthDate => SecretFields::NOTHING,
    };
    frame(head(kind, update.check).with(secrets), feedback, form)
}

/// Takes the first proof.
#[server(prefix = "/api", endpoint = "actualizar/validar", input = server_fn::codec::PostUrl)]
pub async fn actualizar_validar(
    #[server(default)] tipo: String,
    #[server(default)] rut: String,
    #[server(default)] nie: String,
    #[server(default)] clave_actual: String,
    #[server(default)] fecha_nacimiento: String,
    #[server(default)] email: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = espera.posted(&post, token.as_ref());
    let (service, who) = (post.backend().update(post.kind, &post.caller), post.who(&rut, &nie));
    let moved = match post.backend().settings.update_proof {
        UpdateProof::Key => service.by_key(posted, who, &clave_actual).await,
        UpdateProof::BirthDate => service.by_birth_date(posted, who, &fecha_nacimiento, &email).await,
    };
    post.answer(FlowCookie::Update, moved, path);
    Ok(())
}
