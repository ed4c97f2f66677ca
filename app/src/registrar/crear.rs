//! What the registration form is sent to: “Crear Cuenta”, and “Refrescar” of its captcha.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use domain::company::CompanyInput;
use domain::document::DocumentInput;
use domain::flow::registration::RegistrationInput;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::path;
use crate::errand::Errand;
use crate::web::{FlowCookie, HiddenFields, Personal, Post};

/// The form as it comes in; a field that is missing counts as empty. `Debug` shows nothing of it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    missing_docs,
    reason = "the fields are named like the controls of the form: domain::field::Field::name"
)]
pub struct Formulario {
    pub rut: String,
    pub nie: String,
    pub serie: String,
    pub fecha_nacimiento: String,
    pub documento_tipo: String,
    pub documento_pais: String,
    pub documento: String,
    pub razon_social: String,
    pub tipo_empresa: String,
    pub rut_representante: String,
    pub nombres_representante: String,
    pub pregunta: String,
    pub respuesta: String,
    #[serde(flatten)]
    pub personal: Personal,
    pub clave: String,
    pub clave_otra_vez: String,
}

impl std::fmt::Debug for Formulario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Formulario(…)")
    }
}

impl Formulario {
    fn input(&self, post: &Post) -> RegistrationInput<'_> {
        RegistrationInput {
            identifier: post.who(&self.rut, &self.nie),
            birth_date: &self.fecha_nacimiento,
            document: DocumentInput {
                kind: &self.documento_tipo,
                country: &self.documento_pais,
                number: &self.documento,
            },
            company: CompanyInput {
                name: &self.razon_social,
                kind: &self.tipo_empresa,
                representative: &self.rut_representante,
                representative_names: &self.nombres_representante,
            },
            question: &self.pregunta,
            answer: &self.respuesta,
            serial: &self.serie,
            address: self.personal.address(),
            contact: self.personal.contact(),
            key: &self.clave,
            key_again: &self.clave_otra_vez,
        }
    }
}

/// “Crear Cuenta”.
#[server(prefix = "/api", endpoint = "registrar/crear", input = server_fn::codec::PostUrl)]
pub async fn registrar_crear(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(default)] captcha: String,
    #[server(default)] trabajo: String,
    #[server(flatten)] formulario: Formulario,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Register, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Register);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: &imagen, work: &trabajo });
    let service = post.backend().registration(post.kind, &post.caller);
    let moved = service.create(posted, formulario.input(&post), &captcha).await;
    post.answer(FlowCookie::Register, moved, path);
    Ok(())
}

/// “Refrescar”.
#[server(prefix = "/api", endpoint = "registrar/captcha", input = server_fn::codec::PostUrl)]
pub async fn registrar_captcha(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(flatten)] formulario: Formulario,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Register, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Register);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: &imagen, work: "" });
    let moved = post
        .backend()
        .registration(post.kind, &post.caller)
        .new_captcha(posted, formulario.input(&post))
        .await;
    post.answer(FlowCookie::Register, moved, path);
    Ok(())
}
