//! “Validación de seguridad anti-Robots” (A-CAPTCHA): the picture, the sound, and the part of a form that asks for the letters.

use std::ops::Range;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::flows::{Flow, Token};
use backend::secrets::random_token;
use backend::service::Posted;
use domain::field::Field;
use domain::flow::Feedback;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ui::{Input, InputAttributes, text_field};
use crate::web::{AppState, HiddenFields, OTHER_LETTERS, Post};
use crate::words::words;

/// `/captcha/{id}`: the picture of a captcha that may still be answered. The id is the captcha itself, sealed.
pub async fn picture(State(state): State<AppState>, Path(id): Path<String>) -> Response {
    match state.backend.captcha_picture(&id).await {
        Ok(Some(png)) => {
            let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")];
            (headers, png).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => unavailable(&error),
    }
}

/// `/captcha/{id}/sonido`: its letters spoken, for people who cannot see the picture.
pub async fn sound(State(state): State<AppState>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match state.backend.captcha_sound(&id).await {
        Ok(Some(wav)) => answer(wav, headers.get(header::RANGE).and_then(|range| range.to_str().ok())),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &backend::store::StoreError) -> Response {
    tracing::error!(%error, "a captcha could not be drawn");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// A sound, or the range of it that was asked for: the browsers of Apple play nothing from a server without ranges.
fn answer(wav: Bytes, range: Option<&str>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "audio/wav"),
        (header::CACHE_CONTROL, "no-store"),
        (header::ACCEPT_RANGES, "bytes"),
    ];
    match range.and_then(|range| wanted(range, wav.len())) {
        None => (headers, wav).into_response(),
        Some(Range { start, end }) => {
            let place = format!("bytes {start}-{}/{}", end - 1, wav.len());
            let range = [(header::CONTENT_RANGE, place)];
            (StatusCode::PARTIAL_CONTENT, headers, range, wav.slice(start..end)).into_response()
        }
    }
}

/// The bytes that `Range: bytes=FIRST-LAST` names, of `length` (RFC 9110 §14.1.2); None, for the whole, if it is anything else,
/// of several ranges, or outside.
fn wanted(range: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let start = first.parse::<usize>().ok()?;
    let end = match last {
        "" => length,
        last => last.parse::<usize>().ok()?.saturating_add(1).min(length),
    };
    (start < end).then_some(start..end)
}

/// The part of a form: picture, sound, text box; or work in place of them. `refresh` is where “Refrescar” sends the form, so that
/// nothing typed is lost; with script only this part is exchanged. So the tag of the flow is in it too: a flow that had expired
/// is another one after “Refrescar”.
///
/// With it goes a random text, which nothing reads and nothing stores: the token of a flow that a form begins follows from the whole
/// form ([`backend::flows::Token`]), and so from something that no copy of the database holds.
pub fn part<S>(flow: &Flow<S>, feedback: &Feedback, refresh: &'static str) -> AnyView
where
    S: Serialize + DeserializeOwned + Clone + PartialEq,
{
    let tag = flow.tag().to_owned();
    let hidden = view! { <input type="hidden" name="pagina" value=tag /> }.into_any();
    section(flow, feedback, (words().form.captcha.head.text, hidden), refresh.to_owned())
}

/// The same in a form that has to wait, where letters stand in for the wait. “Refrescar” sends it to `action` as always, with the
/// parameter [`OTHER_LETTERS`]. Its tag is in the form already. Enter in a field presses the unseen button before “Refrescar”.
pub fn in_place_of_wait<S>(flow: &Flow<S>, feedback: &Feedback, action: &str) -> Option<AnyView>
where
    S: Serialize + DeserializeOwned + Clone + PartialEq,
{
    let text = words().form.captcha.in_place_of_wait;
    let join = if action.contains('?') { '&' } else { '?' };
    let refresh = format!("{action}{join}{OTHER_LETTERS}");
    flow.captcha.is_some().then(|| {
        let enter = view! { <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button> };
        section(flow, feedback, (text, enter.into_any()), refresh)
    })
}

/// The fields of a form whose page may ask for letters in place of a wait. `Debug` shows nothing of it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LettersForm {
    /// The tag of the flow.
    pub pagina: String,
    /// The captcha that was shown.
    pub imagen: String,
    /// Its letters.
    pub captcha: String,
    /// The proof of work for it.
    pub trabajo: String,
}

impl std::fmt::Debug for LettersForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LettersForm(…)")
    }
}

impl LettersForm {
    /// What the services need of every form.
    #[must_use]
    pub fn posted<'a>(&'a self, post: &'a Post, token: Option<&'a Token>) -> Posted<'a> {
        let seen = HiddenFields { tag: &self.pagina, captcha: &self.imagen, work: &self.trabajo };
        Posted { letters: &self.captcha, ..post.posted(token, seen) }
    }
}

fn section<S>(
    flow: &Flow<S>,
    feedback: &Feedback,
    (text, hidden): (&'static str, AnyView),
    refresh: String,
) -> AnyView
where
    S: Serialize + DeserializeOwned + Clone + PartialEq,
{
    let id = flow.captcha.clone().unwrap_or_default();
    // Who is told what was wrong with the letters is to type letters.
    let works = flow.work > 0 && !feedback.errors.iter().any(|error| error.field == Field::Captcha);
    let typed = flow.typed.get(Field::Captcha.name()).to_owned();
    view! {
        <section class="captcha" id="captcha-parte" data-trabajo=works.then(|| flow.work.to_string())>
            <h2>{words().form.captcha.head.heading}</h2>
            {hidden}
            <input type="hidden" name="imagen" value=id.clone() />
            <input type="hidden" name="azar" value=random_token().ok() />
            {works.then(work)}
            <div class="captcha-letras">
                {picture_and_sound(&id, works, text, refresh)}
                {text_box(typed, feedback)}
            </div>
        </section>
    }
    .into_any()
}

/// The letters to see and to hear. Where a browser works, nothing is drawn before it is shown.
fn picture_and_sound(id: &str, works: bool, text: &'static str, refresh: String) -> AnyView {
    let captcha = &words().form.captcha;
    let sound = format!("/captcha/{id}/sonido");
    let link = sound.clone();
    view! {
        <p>{text}</p>
        <div class="captcha-imagen">
            <img
                src=format!("/captcha/{id}")
                width="240"
                height="72"
                alt=captcha.alt
                loading=works.then_some("lazy")
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
        <div class="captcha-sonido">
            <p id="captcha-sonido-titulo">{captcha.listen}</p>
            <audio
                controls=""
                preload="none"
                src=sound
                aria-labelledby="captcha-sonido-titulo"
                aria-describedby="captcha-sonido-ayuda"
            >
                <a href=link>{captcha.listen}</a>
            </audio>
            <p class="ayuda" id="captcha-sonido-ayuda">{captcha.listen_hint}</p>
        </div>
    }
    .into_any()
}

fn text_box(typed: String, feedback: &Feedback) -> AnyView {
    let captcha = &words().form.captcha;
    let input = Input {
        value: typed,
        hint: captcha.hint,
        attributes: InputAttributes::CODE,
        width: "corto",
        ..Input::default()
    };
    text_field(Field::Captcha, captcha.label, feedback, input)
}

/// What a browser fills in that works in place of the letters, and what it says of that. Which of the sentences is shown follows from
/// `data-estado` of the section, which `frontend/trabajo.js` sets; without script none of them is, and the letters are.
fn work() -> AnyView {
    let captcha = &words().form.captcha;
    view! {
        <input type="hidden" name="trabajo" value="" />
        <div class="captcha-estado" role="status">
            <p class="probando">{captcha.working}</p>
            <p class="listo">{captcha.worked}</p>
            <p class="letras">{captcha.not_worked}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_sound() {
        for (range, found) in [
            ("bytes=0-1", Some(0..2)),
            ("bytes=0-", Some(0..100)),
            ("bytes=99-99", Some(99..100)),
            ("bytes=10-5000", Some(10..100)),
            ("bytes=10-18446744073709551615", Some(10..100)),
            ("bytes=100-", None),
            ("bytes=5-4", None),
            ("bytes=-5", None),
            ("bytes=0-1,3-4", None),
            ("bytes=", None),
            ("lines=0-1", None),
            ("", None),
        ] {
            assert_eq!(wanted(range, 100), found, "{range}");
        }
    }

    #[test]
    fn a_range_is_answered_with_its_place() {
        let part = answer(Bytes::from_static(b"RIFF0000WAVE"), Some("bytes=0-1"));
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(part.headers()[header::CONTENT_RANGE], "bytes 0-1/12");
        let whole = answer(Bytes::from_static(b"RIFF0000WAVE"), Some("bytes=12-"));
        assert_eq!((whole.status(), whole.headers().get(header::CONTENT_RANGE)), (StatusCode::OK, None));
    }
}
