//! One request: what was typed beside the files, what to look out for, the decision, the history.

use backend::clock::chilean_time;
use backend::service::officers::{Draft, Session};
use backend::service::review::{RequestForReview, Warning, warnings as warnings_of};
use backend::store::requests::{FacilitatorRequest, RequestState};
use backend::store::uploads::Upload;
use domain::field::{Field, FieldError};
use domain::flow::Feedback;
use leptos::prelude::*;

use super::notice::DeskNotice;
use super::{bar, desk, notice_panel, path, words};
use crate::ui::{Head, frame, frame_of_number, text_area};
use crate::words::{format_and_size, words as catalogue};

/// A reason that was kept for this request, on the page that says so.
fn draft<'a>(
    session: &'a Session,
    request: &FacilitatorRequest,
    notice: Option<DeskNotice>,
) -> Option<&'a Draft> {
    let here = request.state == RequestState::Open
        && matches!(notice, Some(DeskNotice::Motive | DeskNotice::Resumed));
    session.notes.draft.as_ref().filter(|draft| here && draft.request == request.number)
}

/// What the page says of a reason that was not taken.
pub(super) fn feedback(
    session: &Session,
    request: &FacilitatorRequest,
    notice: Option<DeskNotice>,
) -> Feedback {
    let reason = draft(session, request, notice).and_then(|draft| draft.problem);
    reason.map_or_else(Feedback::default, |reason| FieldError::new(Field::Motive, reason).into())
}

/// A request with everything that helps to decide it.
pub(super) fn view(
    session: &Session,
    details: RequestForReview,
    feedback: &Feedback,
    notice: Option<DeskNotice>,
) -> AnyView {
    let (request, desk) = (&details.request, desk());
    let content = view! {
        {standing(request)}
        {warnings(&details)}
        <div class="mesa-dos">
            <div>
                <section class="tramo">
                    <h2>{desk.facilitator}</h2>
                    {facilitator(request)}
                </section>
                <section class="tramo">
                    <h2>{desk.company}</h2>
                    {company(&details)}
                </section>
            </div>
            <section class="tramo">
                <h2>{desk.files}</h2>
                {files(&details)}
            </section>
        </div>
        {(request.state == RequestState::Open).then(|| decision(session, request, feedback, notice))}
        {history(&details)}
    };
    let number = request.number.as_str().to_owned();
    view! {
        {bar(session)}
        {notice_panel(notice)}
        {frame_of_number(desk.request, number, feedback, content)}
    }
    .into_any()
}

/// There is no request with that number.
pub(super) fn none(session: &Session) -> AnyView {
    let desk = desk();
    let head = Head { heading: desk.no_request.to_owned(), ..Head::default() };
    let content = view! {
        <p>{desk.no_such_request}</p>
        <p>
            <a class="boton boton--claro" href="/mesa">
                {desk.back_to_list}
            </a>
        </p>
    };
    view! {
        {bar(session)}
        {frame(head, &Feedback::default(), content)}
    }
    .into_any()
}

/// The state as a tag, in words and colour.
pub(super) fn tag(state: RequestState) -> impl IntoView {
    view! { <span class=format!("mesa-estado mesa-estado--{}", state.word())>{words::state(desk(), state).one}</span> }
}

/// The state of the request, since when, by whose decision and why.
fn standing(request: &FacilitatorRequest) -> impl IntoView + use<> {
    let desk = desk();
    let decided = request.decision.as_ref().map(|decision| {
        let reason = decision.motive.clone().map(|reason| {
            view! {
                <p>{desk.reason_sent}</p>
                <p class="dato dato--chico mensaje">{reason}</p>
            }
        });
        view! {
            <p>{(desk.decided)(&words::decided(desk, request.state, decision))}</p>
            {reason}
        }
    });
    view! {
        <p>{tag(request.state)} {(desk.received)(&chilean_time(request.created_at))}</p>
        {decided}
    }
}

/// What an officer should know before deciding.
fn warnings(details: &RequestForReview) -> Option<impl IntoView + use<>> {
    let desk = desk();
    let items: Vec<AnyView> = warnings_of(details).iter().map(warning).collect();
    let open = details.request.state == RequestState::Open;
    let heading = if open { desk.warnings.open } else { desk.warnings.decided };
    (!items.is_empty()).then(|| {
        view! {
            <section class="falta" aria-labelledby="fijese">
                <p id="fijese">{heading}</p>
                <ul>{items}</ul>
            </section>
        }
    })
}

fn warning(warning: &Warning<'_>) -> AnyView {
    let desk = desk();
    if let Warning::SameDocument(others) = warning {
        let others: Vec<_> = others.iter().map(other).collect();
        return view! { <li>{desk.warnings.same_document} <ul>{others}</ul></li> }.into_any();
    }
    view! { <li>{words::warning(desk, warning)}</li> }.into_any()
}

fn other(request: &FacilitatorRequest) -> impl IntoView + use<> {
    let company = request.company_name.clone().unwrap_or_else(|| request.company_rut.to_string());
    let desk = desk();
    let state = words::state(desk, request.state).one;
    let more = (desk.warnings.other_request)(&company, &chilean_time(request.created_at), state);
    view! {
        <li>
            <a href=path(&request.number, None)>{request.number.as_str().to_owned()}</a>
            {more}
        </li>
    }
}

/// What the company wrote of the facilitator.
pub(super) fn facilitator(request: &FacilitatorRequest) -> impl IntoView + use<> {
    let names = &desk().facts;
    facts(vec![
        (names.names, request.names.clone()),
        (names.document_kind, (catalogue().kinds.identity_document)(request.document.kind()).to_owned()),
        (names.document_number, request.document.number().to_owned()),
        (names.email, request.email.as_str().to_owned()),
        (names.phone, request.phone.clone()),
    ])
}

fn company(details: &RequestForReview) -> impl IntoView + use<> {
    let (request, names) = (&details.request, &desk().facts);
    facts(vec![
        (names.company_name, request.company_name.clone().unwrap_or_else(|| names.no_name.to_owned())),
        (names.company_rut, request.company_rut.to_string()),
        (names.representative, request.representative.to_string()),
    ])
}

fn facts(facts: Vec<(&'static str, String)>) -> impl IntoView {
    let facts: Vec<_> = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
        .collect();
    view! { <dl class="ficha">{facts}</dl> }
}

fn files(details: &RequestForReview) -> Vec<AnyView> {
    details.files.iter().map(|file| one_file(&details.request, file)).collect()
}

/// An image is shown, anything else is only handed out: no document of a stranger is opened inside our pages.
fn one_file(request: &FacilitatorRequest, file: &Upload) -> AnyView {
    let url = format!("{}/{}", path(&request.number, None), file.purpose.id());
    let desk = desk();
    let name = words::file(desk, file.purpose);
    let image = (file.format != "pdf").then(|| {
        view! {
            <a href=url.clone() download="">
                <img src=url.clone() alt=(desk.image)(name) loading="lazy" />
            </a>
        }
    });
    let hash: String = match (file.sha256.get(..8), file.sha256.get(56..)) {
        (Some(head), Some(tail)) => format!("{head}…{tail}"),
        _ => file.sha256.clone(),
    };
    view! {
        <div class="carta">
            <h3>{name}</h3>
            {image}
            <p>
                <a href=url download="">
                    {(desk.download)(&format_and_size(catalogue(), &file.format, file.size))}
                </a>
            </p>
            <p class="ayuda">{desk.hash} <code title=file.sha256.clone()>{hash}</code></p>
        </div>
    }
    .into_any()
}

fn decision(
    session: &Session,
    request: &FacilitatorRequest,
    feedback: &Feedback,
    notice: Option<DeskNotice>,
) -> AnyView {
    let desk = desk();
    if !session.officer.may_decide {
        return view! { <p class="dato dato--chico">{desk.read_only}</p> }.into_any();
    }
    let number = request.number.as_str().to_owned();
    let motive = draft(session, request, notice).map_or("", |draft| draft.motive.as_str());
    let refuse = &desk.refuse;
    view! {
        <div class="mesa-dos">
            <section class="tramo">
                <h2>{desk.grant}</h2>
                <p>{desk.grant_text}</p>
                <p><a class="boton" href=format!("{}/conceder", path(&request.number, None))>{desk.grant_link}</a></p>
            </section>
            <section class="tramo">
                <h2>{refuse.heading}</h2>
                <form method="post" action="/api/mesa/rechazar" novalidate="">
                    <input type="hidden" name="numero" value=number />
                    {text_area(Field::Motive, refuse.reason, feedback, motive, refuse.reason_hint)}
                    <button type="submit" class="boton boton--claro">
                        {refuse.button}
                    </button>
                    <p class="ayuda">{refuse.irreversible}</p>
                </form>
            </section>
        </div>
    }
    .into_any()
}

fn history(details: &RequestForReview) -> impl IntoView + use<> {
    let desk = desk();
    let entries: Vec<_> = details
        .history
        .iter()
        .map(|entry| view! { <li>{chilean_time(entry.at)} ", " {words::happened(desk, entry)}</li> })
        .collect();
    view! {
        <section class="tramo">
            <h2>{desk.history.heading}</h2>
            <ul class="lista">{entries}</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_what_was_typed_is_shown_as_text() {
        let owner = Owner::new();
        owner.with(|| {
            let typed = "</textarea><script>alert(1)</script>";
            let area = text_area(Field::Motive, "Motivo", &Feedback::default(), typed, "").to_html();
            let facts = facts(vec![("Nombres", typed.to_owned())]).to_html();
            for html in [area, facts] {
                assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"), "{html}");
            }
        });
    }
}
