//! `/`, the choice of kinds of each errand, `/informacion`, and the honest page for what is not served yet
//! (A-HOME, A-INFO).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use backend::clock::HOUR;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::web::{AppState, Page, menu};
use crate::wording::help::{TOPICS, Topic, requirement};
use crate::wording::labels::{Errand, HELP_HOURS, HELP_LINE, SERVICE, duration, kind_detail, kind_title};

/// `/`: what one can do here, a box per kind.
pub async fn home(State(state): State<AppState>) -> Response {
    Page { home: true, ..Page::titled("Inicio") }.render(&state.site, || {
        let boxes: Vec<_> = Kind::SELF_SERVED.into_iter().map(kind_box).collect();
        view! {
            <div class="portada">
                <h1 tabindex="-1">{SERVICE}</h1>
                <p>
                    "La clave con la que personas y empresas entran a los sistemas de SENCE para postular a cursos, \
                     subsidios y otros beneficios."
                </p>
            </div>
            {menu()}
            <div class="cajas">{boxes}</div>
        }
    })
}

fn kind_box(kind: Kind) -> impl IntoView {
    let errands = [Errand::Register, Errand::Recover, Errand::Change, Errand::Update, Errand::Facilitator];
    let links: Vec<_> = errands
        .into_iter()
        .filter(|errand| errand.kinds().contains(&kind))
        .map(|errand| view! { <li><a href=errand.path(kind) aria-describedby=kind.slug()>{errand.link()}</a></li> })
        .collect();
    view! {
        <section class="caja" aria-labelledby=kind.slug()>
            <h2 id=kind.slug()>
                {kind_title(kind)} " " <small>{format!("({})", kind_detail(kind))}</small>
            </h2>
            <ul>{links}</ul>
        </section>
    }
}

/// `/registrar`, `/recuperar`, `/cambiar`, `/actualizar`: for whom?
pub async fn choose(State(state): State<AppState>, Path(errand): Path<String>) -> Response {
    let Some(errand) = Errand::from_slug(&errand) else { return StatusCode::NOT_FOUND.into_response() };
    Page::titled(errand.menu()).render(&state.site, move || {
        let kinds: Vec<_> = errand
            .kinds()
            .iter()
            .map(|kind| {
                view! {
                    <li>
                        <a class="opcion" href=errand.path(*kind)>
                            <span>
                                <strong>{kind_title(*kind)}</strong>
                                " "
                                <small>{format!("({})", kind_detail(*kind))}</small>
                            </span>
                        </a>
                    </li>
                }
            })
            .collect();
        view! {
            <p class="sobre">{errand.purpose()}</p>
            <h1 tabindex="-1">{errand.menu()}</h1>
            <p>"¿Para quién es la clave?"</p>
            <ul class="elegir">{kinds}</ul>
            {errand.not_for_companies().map(|text| view! { <p>{text}</p> })}
        }
    })
}

/// `/informacion`: “Más información”.
pub async fn information(State(state): State<AppState>) -> Response {
    let hours = duration(state.backend.settings.provisional_ttl / HOUR);
    Page::titled("Más información").render(&state.site, move || {
        let needed: Vec<_> = Kind::ALL
            .into_iter()
            .map(|kind| view! { <li>{kind_title(kind)} ": " {requirement(kind)}</li> })
            .collect();
        let answers: Vec<_> = TOPICS.iter().map(|answer| doubt(answer, &hours)).collect();
        view! {
            <h1 tabindex="-1">"Más información"</h1>
            <h2>"Qué es la Clave Sence"</h2>
            <p>
                "Es la clave con la que usted entra a los sistemas de SENCE para hacer trámites y acceder a programas, \
                 cursos y beneficios."
            </p>
            <ul class="lista">
                <li>"Es personal e intransferible: no se la diga a nadie."</li>
                <li>"No es la ClaveÚnica del Registro Civil: son claves distintas."</li>
            </ul>
            <h2>"Qué necesita"</h2>
            <ul class="lista">
                {needed} <li>"En todos los casos, un correo electrónico que usted pueda abrir."</li>
            </ul>
            <h2>"Si algo no resulta"</h2>
            <dl class="dudas">{answers}</dl>
            <p>"¿Otra duda? Llame gratis al " <strong>{HELP_LINE}</strong> ", de " {HELP_HOURS} "."</p>
        }
    })
}

fn doubt(answer: &'static Topic, hours: &str) -> impl IntoView + use<> {
    let link = answer.errand.map(|errand| {
        view! {
            " "
            <a href=format!("/{}", errand.slug())>{errand.menu()}</a>
        }
    });
    view! {
        <dt id=answer.anchor tabindex="-1">{answer.question}</dt>
        <dd>{answer.answer.replace("{horas}", hours)} {link}</dd>
    }
}
