//! One request: what was typed beside the files, what to look out for, the decision, the history.

use backend::clock::chilean_time;
use backend::service::officers::{Draft, Session};
use backend::service::review::Dossier;
use backend::store::requests::{FacilitatorRequest, RequestState};
use backend::store::uploads::Upload;
use domain::field::{Field, FieldError};
use domain::flow::Feedback;
use domain::flow::request::UploadPurpose;
use leptos::prelude::*;

use super::{bar, notice_panel, path};
use crate::ui::{Head, frame, frame_of_number, text_area};
use crate::wording::files::format_and_size;
use crate::wording::kinds::document_kind;
use crate::wording::mesa::{self as words, DeskNotice};

/// A reason that was kept for this request, on the page that says so.
fn draft<'a>(
    session: &'a Session,
    request: &FacilitatorRequest,
    told: Option<DeskNotice>,
) -> Option<&'a Draft> {
    let here =
        request.state == RequestState::Open && matches!(told, Some(DeskNotice::Motive | DeskNotice::Resumed));
    session.notes.draft.as_ref().filter(|draft| here && draft.request == request.number)
}

/// What the page says of a reason that was not taken.
pub(super) fn feedback(
    session: &Session,
    request: &FacilitatorRequest,
    told: Option<DeskNotice>,
) -> Feedback {
    let reason = draft(session, request, told).and_then(|draft| draft.reason);
    reason.map_or_else(Feedback::default, |reason| FieldError::new(Field::Motive, reason).into())
}

/// A request with everything that helps to decide it.
pub(super) fn view(
    session: &Session,
    dossier: Dossier,
    feedback: &Feedback,
    told: Option<DeskNotice>,
) -> AnyView {
    let request = &dossier.request;
    let content = view! {
        {standing(request)}
        {warnings(&dossier)}
        <div class="mesa-dos">
            <div>
                <section class="tramo">
                    <h2>"Facilitador"</h2>
                    {facilitator(request)}
                </section>
                <section class="tramo">
                    <h2>"Empresa"</h2>
                    {company(&dossier)}
                </section>
            </div>
            <section class="tramo">
                <h2>"Archivos"</h2>
                {files(&dossier)}
            </section>
        </div>
        {(request.state == RequestState::Open).then(|| decision(session, request, feedback, told))}
        {history(&dossier)}
    };
    let number = request.number.as_str().to_owned();
    view! {
        {bar(session)}
        {notice_panel(told)}
        {frame_of_number("Solicitud", number, feedback, content)}
    }
    .into_any()
}

/// There is no request with that number.
pub(super) fn none(session: &Session) -> AnyView {
    let head = Head { heading: words::NO_REQUEST.to_owned(), ..Head::default() };
    let content = view! {
        <p>{words::NO_SUCH_REQUEST}</p>
        <p>
            <a class="boton boton--claro" href="/mesa">
                {words::BACK_TO_LIST}
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
    view! { <span class=format!("mesa-estado mesa-estado--{}", state.word())>{words::state(state)}</span> }
}

/// Where the request stands, since when, by whose decision and why.
fn standing(request: &FacilitatorRequest) -> impl IntoView + use<> {
    let decided = request.decision.as_ref().map(|decision| {
        let reason = decision.reason.clone().map(|reason| {
            view! {
                <p>"Motivo que recibió la empresa:"</p>
                <p class="dato dato--chico mensaje">{reason}</p>
            }
        });
        view! {
            <p>{format!("Resuelta: {}.", words::decided(request.state, decision))}</p>
            {reason}
        }
    });
    view! {
        <p>{tag(request.state)} {format!(" Recibida el {}.", chilean_time(request.created_at))}</p>
        {decided}
    }
}

/// What an officer should know before deciding; of a request that is decided only where else the document is.
fn warnings(dossier: &Dossier) -> Option<impl IntoView + use<>> {
    let open = dossier.request.state == RequestState::Open;
    let mut items = if open { doubts(dossier) } else { Vec::new() };
    if !dossier.others.is_empty() {
        let others: Vec<_> = dossier.others.iter().map(other).collect();
        let list = view! {
            <li>
                "El mismo documento está en otras solicitudes:" <ul>{others}</ul>
            </li>
        };
        items.push(list.into_any());
    }
    let heading = if open { "Fíjese en esto antes de resolver" } else { "Vea también" };
    (!items.is_empty()).then(|| {
        view! {
            <section class="falta" aria-labelledby="fijese">
                <p id="fijese">{heading}</p>
                <ul>{items}</ul>
            </section>
        }
    })
}

/// What speaks against deciding without a second look.
fn doubts(dossier: &Dossier) -> Vec<AnyView> {
    let mut items: Vec<AnyView> = Vec::new();
    let request = &dossier.request;
    if dossier.files.len() < UploadPurpose::ALL.len() {
        items.push(view! { <li>"Falta un archivo de esta solicitud."</li> }.into_any());
    }
    if dossier.unsigned() {
        items.push(view! { <li>{words::UNSIGNED}</li> }.into_any());
    }
    if dossier.same_file() {
        items.push(view! { <li>{words::SAME_FILE}</li> }.into_any());
    }
    if dossier.company_mail {
        items.push(view! { <li>{words::COMPANY_MAIL}</li> }.into_any());
    }
    if let Some(known) = &dossier.known {
        let text = format!("{} {}", words::account(known), words::new_key(known));
        items.push(view! { <li>{text}</li> }.into_any());
    }
    if dossier.representative != Some(request.representative) {
        let now = dossier.representative.map_or_else(String::new, |rut| format!(": {rut}"));
        let text = format!("El representante legal que figura hoy en la cuenta de la empresa es otro{now}.");
        items.push(view! { <li>{text}</li> }.into_any());
    }
    if !dossier.company_has_mail {
        let text = "La empresa no tiene correo registrado: no recibirá aviso de la decisión.";
        items.push(view! { <li>{text}</li> }.into_any());
    }
    items
}

fn other(request: &FacilitatorRequest) -> impl IntoView + use<> {
    let company = request.company_name.clone().unwrap_or_else(|| request.company_rut.to_string());
    let more = format!(
        ", {company}, {} ({})",
        chilean_time(request.created_at),
        words::state(request.state).to_lowercase()
    );
    view! {
        <li>
            <a href=path(&request.number, None)>{request.number.as_str().to_owned()}</a>
            {more}
        </li>
    }
}

/// What the company wrote of the facilitator.
pub(super) fn facilitator(request: &FacilitatorRequest) -> impl IntoView + use<> {
    facts(vec![
        ("Nombres", request.names.clone()),
        ("Tipo de documento", document_kind(request.document.kind()).to_owned()),
        ("Número de documento", request.document.number().to_owned()),
        ("Email", request.email.as_str().to_owned()),
        ("Teléfono", request.phone.clone()),
    ])
}

fn company(dossier: &Dossier) -> impl IntoView + use<> {
    let request = &dossier.request;
    facts(vec![
        ("Razón Social", request.company_name.clone().unwrap_or_else(|| "(sin nombre)".to_owned())),
        ("Rut Empresa", request.company_rut.to_string()),
        ("Rut Representante Legal, según el SII ese día", request.representative.to_string()),
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

fn files(dossier: &Dossier) -> Vec<AnyView> {
    dossier.files.iter().map(|file| one_file(&dossier.request, file)).collect()
}

/// An image is shown, anything else is only handed out: no document of a stranger is opened inside our pages.
fn one_file(request: &FacilitatorRequest, file: &Upload) -> AnyView {
    let url = format!("{}/{}", path(&request.number, None), file.purpose.id());
    let name = words::file(file.purpose);
    let image = (file.format != "pdf").then(|| {
        view! {
            <a href=url.clone() download="">
                <img src=url.clone() alt=format!("{name}, subido por la empresa") loading="lazy" />
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
                    {format!("Descargar ({})", format_and_size(&file.format, file.size))}
                </a>
            </p>
            <p class="ayuda">"SHA-256: " <code title=file.sha256.clone()>{hash}</code></p>
        </div>
    }
    .into_any()
}

fn decision(
    session: &Session,
    request: &FacilitatorRequest,
    feedback: &Feedback,
    told: Option<DeskNotice>,
) -> AnyView {
    if !session.officer.may_decide {
        return view! { <p class="dato dato--chico">"Su usuario puede mirar las solicitudes, no resolverlas."</p> }
            .into_any();
    }
    let number = request.number.as_str().to_owned();
    let motive = draft(session, request, told).map_or("", |draft| draft.motive.as_str());
    let hint = "La empresa lo leerá tal como usted lo escriba. Entre 10 y 500 caracteres.";
    view! {
        <div class="mesa-dos">
            <section class="tramo">
                <h2>"Conceder"</h2>
                <p>
                    "Compare los datos con los dos archivos. En la página siguiente podrá confirmar, y el facilitador recibirá su \
                     clave provisoria."
                </p>
                <p><a class="boton" href=format!("{}/conceder", path(&request.number, None))>"Conceder…"</a></p>
            </section>
            <section class="tramo">
                <h2>"Rechazar"</h2>
                <form method="post" action="/api/mesa/rechazar" novalidate="">
                    <input type="hidden" name="numero" value=number />
                    {text_area(Field::Motive, "Motivo", feedback, motive, hint)}
                    <button type="submit" class="boton boton--claro">
                        "Rechazar la solicitud"
                    </button>
                    <p class="ayuda">{words::NO_WAY_BACK}</p>
                </form>
            </section>
        </div>
    }
    .into_any()
}

fn history(dossier: &Dossier) -> impl IntoView + use<> {
    let entries: Vec<_> = dossier
        .history
        .iter()
        .map(|entry| view! { <li>{chilean_time(entry.at)} ", " {words::happened(entry)}</li> })
        .collect();
    view! {
        <section class="tramo">
            <h2>"Historia"</h2>
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
