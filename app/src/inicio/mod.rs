//! `/`, the choice of kinds of each errand, `/informacion`, and the honest page for what is not served yet
//! (A-HOME, A-INFO).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use backend::clock::HOUR;
use domain::kind::Kind;
use leptos::prelude::*;
use wording::catalogue::help::Answer;
use wording::facts::{HELP_LINE, SENCE_SITE};

use crate::errand::Errand;
use crate::named::linked_to;
use crate::topics::Topic;
use crate::web::{AppState, Page, Sheet, menu};
use crate::words::words;

/// `/`: what one can do here, a box per kind.
pub async fn home(State(state): State<AppState>) -> Response {
    Page { home: true, sheet: Sheet::Entry, ..Page::titled(|words| words.home.title) }.render(
        &state.site,
        || {
            let words = words();
            let boxes: Vec<_> = Kind::SELF_SERVED.into_iter().map(kind_box).collect();
            view! {
                <div class="portada">
                    <h1 tabindex="-1">{words.frame.service}</h1>
                    <p>{words.home.lead}</p>
                    <p>
                        {words.home.sign_in.before} <a href=SENCE_SITE>{words.home.sign_in.link}</a> {words.home.sign_in.after}
                    </p>
                </div>
                {menu(false)}
                <div class="cajas">{boxes}</div>
            }
        },
    )
}

fn kind_box(kind: Kind) -> impl IntoView {
    let errands = [Errand::Register, Errand::Recover, Errand::Change, Errand::Update, Errand::Facilitator];
    let words = words();
    let links: Vec<_> = errands
        .into_iter()
        .filter(|errand| errand.kinds().contains(&kind))
        .map(|errand| view! { <li><a href=errand.path(kind) aria-describedby=kind.slug()>{errand.words(words).link}</a></li> })
        .collect();
    view! {
        <section class="caja" aria-labelledby=kind.slug()>
            <h2 id=kind.slug()>
                {(words.kinds.title)(kind)} " " <small>{format!("({})", (words.kinds.detail)(kind))}</small>
            </h2>
            {note(kind)}
            <ul>{links}</ul>
        </section>
    }
}

/// Whom a kind includes.
fn note(kind: Kind) -> Option<impl IntoView> {
    let note = (words().kinds.note)(kind);
    (!note.is_empty()).then(|| view! { <p class="ayuda">{note}</p> })
}

/// `/registrar`, `/recuperar`, `/cambiar`, `/actualizar`: for whom?
pub async fn choose(State(state): State<AppState>, Path(errand): Path<String>) -> Response {
    let Some(errand) = Errand::from_slug(&errand) else { return StatusCode::NOT_FOUND.into_response() };
    Page::titled(move |words| errand.words(words).menu).styled(Sheet::Entry).render(&state.site, move || {
        let words = words();
        let own = errand.words(words);
        let kinds: Vec<_> = errand
            .kinds()
            .iter()
            .map(|kind| {
                view! {
                    <li>
                        <a class="opcion" href=errand.path(*kind)>
                            <span>
                                <strong>{(words.kinds.title)(*kind)}</strong>
                                " "
                                <small>{format!("({})", (words.kinds.detail)(*kind))}</small>
                            </span>
                        </a>
                        {note(*kind)}
                    </li>
                }
            })
            .collect();
        view! {
            <p class="sobre">{own.purpose}</p>
            <h1 tabindex="-1">{own.menu}</h1>
            <p>{words.home.for_whom}</p>
            <ul class="elegir">{kinds}</ul>
            {(errand == Errand::Update)
                .then(|| {
                    let company = Errand::Recover.path(Kind::Juridica);
                    view! { <p>{linked_to(words.errands.not_for_companies, Errand::Recover, company)}</p> }
                })}
        }
    })
}

/// `/informacion`: “Más información”.
pub async fn information(State(state): State<AppState>) -> Response {
    let hours = state.backend.settings.provisional_ttl / HOUR;
    Page::titled(|words| words.help.title).styled(Sheet::Entry).render(&state.site, move || {
        let help = &words().help;
        let needed: Vec<_> =
            Kind::ALL.into_iter().map(|kind| view! { <li>{(help.need)(kind)}</li> }).collect();
        let topics: Vec<_> = Topic::ALL.into_iter().map(|topic| entry(topic, hours)).collect();
        view! {
            <h1 tabindex="-1">{help.title}</h1>
            <h2>{help.what}</h2>
            <p>{help.what_it_is}</p>
            <ul class="lista">
                <li>{help.personal}</li>
                <li>{help.not_clave_unica}</li>
            </ul>
            <h2>{help.needs}</h2>
            <ul class="lista">{needed} <li>{help.need_mail}</li></ul>
            <h2>{help.trouble}</h2>
            <dl class="dudas">{topics}</dl>
            <p>{help.other.before} <strong class="numero">{HELP_LINE}</strong> {help.other.after}</p>
        }
    })
}

/// A topic; `hours` is how long a provisional key works.
fn entry(topic: Topic, hours: i64) -> impl IntoView {
    let words = words();
    let link = topic.errand().map(|errand| {
        view! {
            " "
            <a href=format!("/{}", errand.slug())>{errand.words(words).menu}</a>
        }
    });
    let said = topic.words(&words.help);
    let answer = match said.answer {
        Answer::Plain(answer) => answer.to_owned(),
        Answer::Within(answer) => answer(&(words.help.hours)(hours)),
    };
    view! {
        <dt id=topic.anchor() tabindex="-1">{said.question}</dt>
        <dd>{answer} {link}</dd>
    }
}
