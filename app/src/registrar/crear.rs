//! What the registration form is sent to: “Crear Cuenta”, and “Refrescar” of its captcha.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use domain::address::AddressInput;
use domain::flow::registration::RegistrationInput;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::path;
use crate::web::{FlowCookie, Post, Seen};

/// The form as it comes in; a field that is missing counts as empty. `Debug` shows nothing of it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    missing_docs,
    reason = "the fields are named like the controls of the form: domain::field::Field::name"
)]
pub struct Formulario {
    pub rut: String,
    pub serie: String,
    pub pregunta: String,
    pub respuesta: String,
    pub direccion: String,
    pub numero: String,
    pub block: String,
    pub departamento: String,
    pub region: String,
    pub comuna: String,
    pub email: String,
    pub area_particular: String,
    pub telefono_particular: String,
    pub area_trabajo: String,
    pub telefono_trabajo: String,
    pub celular: String,
    pub sin_celular: String,
    pub clave: String,
    pub clave_otra_vez: String,
}

impl std::fmt::Debug for Formulario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Formulario(…)")
    }
}

impl Formulario {
    fn input(&self) -> RegistrationInput<'_> {
        RegistrationInput {
            rut: &self.rut,
            question: &self.pregunta,
            answer: &self.respuesta,
            serial: &self.serie,
            address: AddressInput {
                street: &self.direccion,
                number: &self.numero,
                block: &self.block,
                flat: &self.departamento,
                region: &self.region,
                comuna: &self.comuna,
            },
            email: &self.email,
            home_phone: (&self.area_particular, &self.telefono_particular),
            work_phone: (&self.area_trabajo, &self.telefono_trabajo),
            mobile: &self.celular,
            no_mobile: !self.sin_celular.is_empty(),
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
    #[server(flatten)] formulario: Formulario,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive(&tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Register);
    let posted = post.posted(token.as_ref(), Seen { tag: &pagina, captcha: &imagen });
    let service = post.backend().registration(post.kind, &post.caller);
    let moved = service.create(posted, formulario.input(), &captcha).await;
    post.answer(FlowCookie::Register, moved, path);
    Ok(())
}

/// “Refrescar”.
#[server(prefix = "/api", endpoint = "registrar/captcha", input = server_fn::codec::PostUrl)]
pub async fn registrar_captcha(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(flatten)] formulario: Formulario,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive(&tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Register);
    let posted = post.posted(token.as_ref(), Seen { tag: &pagina, captcha: "" });
    let moved =
        post.backend().registration(post.kind, &post.caller).new_captcha(posted, formulario.input()).await;
    post.answer(FlowCookie::Register, moved, path);
    Ok(())
}
