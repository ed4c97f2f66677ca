//! “Validación de seguridad anti-Robots” (A-CAPTCHA): the picture, and the part of a form that asks for its letters.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::flows::Flow;
use domain::field::Field;
use domain::flow::Feedback;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ui::{Input, InputAttributes, text_field};
use crate::web::AppState;
use crate::words::words;

/// `/captcha/{id}`: the picture of a captcha that may still be answered. The id is the captcha itself, sealed.
pub async fn picture(State(state): State<AppState>, Path(id): Path<String>) -> Response {
    let backend = &state.backend;
    match backend::captcha::picture(&backend.store, &backend.secrets, &id, backend.now()).await {
        Ok(Some(png)) => {
            let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")];
            (headers, png).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a captcha could not be drawn");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The part of a form: picture, “Refrescar”, text box. `refresh` is where “Refrescar” sends the form, so that nothing
/// typed is lost; with script only this part is exchanged. So the tag of the flow is in it too: a flow that had expired
/// is another one after “Refrescar”.
pub fn part<S>(flow: &Flow<S>, feedback: &Feedback, refresh: &'static str) -> AnyView
where
    S: Serialize + DeserializeOwned + Clone + PartialEq,
{
    let captcha = &words().form.captcha;
    let input = Input {
        value: flow.typed.get(Field::Captcha.name()).to_owned(),
        hint: captcha.hint,
        attributes: InputAttributes::CODE,
        width: "corto",
        ..Input::default()
    };
    let (tag, id) = (flow.tag().to_owned(), flow.captcha.clone().unwrap_or_default());
    view! {
        <section class="captcha" id="captcha-parte">
            <h2>{captcha.head.heading}</h2>
            <p>{captcha.head.text}</p>
            <input type="hidden" name="pagina" value=tag />
            <input type="hidden" name="imagen" value=id.clone() />
            <div class="captcha-imagen">
                <img
                    src=format!("/captcha/{id}")
                    width="240"
                    height="72"
                    alt=captcha.alt
                />
                <button
                    class="boton-texto"
                    role="link"
                    type="submit"
                    formaction=refresh
                    formnovalidate=""
                    data-solo="captcha-parte"
                >
                    {captcha.refresh}
                </button>
            </div>
            {text_field(Field::Captcha, captcha.label, feedback, input)}
        </section>
    }
    .into_any()
}
