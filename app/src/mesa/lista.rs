//! The list of requests: by state, searched, page by page.

use backend::clock::chilean_time;
use backend::service::officers::Session;
use backend::service::review::Listed;
use backend::store::requests::{FacilitatorRequest, RequestState};
use domain::flow::Feedback;
use leptos::prelude::*;

use super::words::{nothing, states};
use super::{bar, desk, solicitud};
use crate::ui::{Head, frame};

/// The states to choose from, in the order of the screen; none stands for all.
const STATES: [Option<RequestState>; 4] =
    [Some(RequestState::Open), Some(RequestState::Granted), Some(RequestState::Refused), None];

/// The word of a state in the URL.
fn word(state: Option<RequestState>) -> &'static str {
    match state {
        Some(RequestState::Open) => "abiertas",
        Some(RequestState::Granted) => "concedidas",
        Some(RequestState::Refused) => "rechazadas",
        None => "todas",
    }
}

/// The state of a word in the URL: open ones unless it is another.
pub(super) fn state_of(text: &str) -> Option<RequestState> {
    STATES.into_iter().find(|state| word(*state) == text).unwrap_or(Some(RequestState::Open))
}

/// Where a page of the list is.
pub(super) fn path(state: Option<RequestState>, page: i64) -> String {
    let page = if page > 1 { format!("&pagina={page}") } else { String::new() };
    format!("/mesa?estado={}{page}", word(state))
}

/// The list.
pub(super) fn view(session: &Session, state: Option<RequestState>, listed: Listed) -> AnyView {
    let search = session.notes.search.clone();
    let empty = listed.requests.is_empty().then(|| {
        view! { <p class="dato dato--chico">{nothing(desk(), state, !search.is_empty())}</p> }
    });
    let turn = pages(state, listed.page, listed.pages);
    let content = view! {
        {filters(state, &listed)}
        {search_form(state, &search)}
        {empty}
        {(!listed.requests.is_empty()).then(|| table(state, listed.requests))}
        {turn}
    };
    let head = Head { heading: desk().list.heading.to_owned(), ..Head::default() };
    view! {
        {bar(session)}
        {frame(head, &Feedback::default(), content)}
    }
    .into_any()
}

fn filters(chosen: Option<RequestState>, listed: &Listed) -> impl IntoView + use<> {
    let desk = desk();
    let links: Vec<_> = STATES
        .into_iter()
        .map(|state| {
            let counts = listed.counts.iter().filter(|(of, _)| state.is_none_or(|state| state == *of));
            let count: i64 = counts.map(|(_, count)| count).sum();
            let here = (state == chosen).then_some("page");
            view! {
                <li>
                    <a href=path(state, 1) aria-current=here>
                        {(desk.list.filter)(states(desk, state), count)}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="menu mesa-filtros" aria-label=desk.list.filters>
            <ul>{links}</ul>
        </nav>
    }
}

/// “Buscar”, and what takes a search away again.
fn search_form(state: Option<RequestState>, search: &str) -> impl IntoView + use<> {
    let list = &desk().list;
    let clear = (!search.is_empty()).then(|| {
        view! {
            <form method="post" action="/api/mesa/buscar">
                <input type="hidden" name="estado" value=word(state) />
                <p>
                    {(list.searched)(search)}
                    <button type="submit" class="boton-texto">
                        {list.clear}
                    </button>
                </p>
            </form>
        }
    });
    view! {
        <form class="mesa-buscar" method="post" action="/api/mesa/buscar" role="search">
            <input type="hidden" name="estado" value=word(state) />
            <div class="rotulo">
                <label for="busqueda">{list.search}</label>
            </div>
            <p class="ayuda" id="busqueda-ayuda">
                {list.search_hint}
            </p>
            <div class="fila">
                <input
                    id="busqueda"
                    name="busqueda"
                    type="search"
                    value=search.to_owned()
                    maxlength="100"
                    autocomplete="off"
                    aria-describedby="busqueda-ayuda"
                />
                <button type="submit" class="boton">
                    {list.search}
                </button>
            </div>
        </form>
        {clear}
    }
}

/// A table where there is room, cards where there is none: the roles stay when the style takes the form of a table away.
fn table(state: Option<RequestState>, requests: Vec<FacilitatorRequest>) -> impl IntoView {
    let (desk, list) = (desk(), &desk().list);
    let rows: Vec<_> = requests.iter().map(row).collect();
    view! {
        <table class="mesa-tabla" role="table">
            <caption class="oculto">{(list.caption)(states(desk, state))}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader">{list.number}</th>
                    <th role="columnheader">{list.company}</th>
                    <th role="columnheader">{list.facilitator}</th>
                    <th role="columnheader">{list.received}</th>
                    <th role="columnheader">{list.state}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn row(request: &FacilitatorRequest) -> impl IntoView + use<> {
    let company = request.company_name.clone().unwrap_or_default();
    view! {
        <tr role="row">
            <td role="cell">
                <a href=super::path(&request.number, None)>{request.number.as_str().to_owned()}</a>
            </td>
            <td role="cell">{company} " " <small>{request.company_rut.to_string()}</small></td>
            <td role="cell">{request.names.clone()}</td>
            <td role="cell">{chilean_time(request.created_at)}</td>
            <td role="cell">{solicitud::tag(request.state)}</td>
        </tr>
    }
}

fn pages(state: Option<RequestState>, page: i64, pages: i64) -> impl IntoView {
    let list = &desk().list;
    let link = |to: i64, label: &'static str| {
        (1..=pages).contains(&to).then(|| view! { <li><a href=path(state, to)>{label}</a></li> })
    };
    (pages > 1).then(|| {
        view! {
            <nav class="menu" aria-label=list.pages>
                <ul>
                    {link(page - 1, list.previous)}
                    <li class="mesa-pagina">{(list.page)(page, pages)}</li>
                    {link(page + 1, list.next)}
                </ul>
            </nav>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_the_address_of_a_list_says_state_and_page_and_no_more() {
        assert_eq!(path(Some(RequestState::Open), 1), "/mesa?estado=abiertas");
        assert_eq!(path(None, 3), "/mesa?estado=todas&pagina=3");
        for state in STATES {
            assert_eq!(state_of(word(state)), state);
        }
        assert_eq!(state_of("otra cosa"), Some(RequestState::Open));
    }
}
