//! Step 3: the facilitator's identity document and data → “Realizar solicitud”.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use backend::flows::Flow;
use backend::service::request::SubmittedFile;
use backend::store::uploads::Upload;
use domain::field::Field;
use domain::flow::Notice;
use domain::flow::request::{RequestFlow, RequestInput, UploadId, UploadPurpose};
use domain::kind::Kind;
use leptos::prelude::*;
use wording::catalogue::fields::Labelled;
use wording::{Audience, SecretFields};

use super::{cookie_of, described, form_of, head, path};
use crate::ui::personal::section;
use crate::ui::{
    Input, InputAttributes, action, check, file_field, frame, hidden, panel, severity, shared_fields,
    still_to_type, text_field,
};
use crate::web::{AppState, EarlyResponse, FlowCookie, Post};
use crate::words::words;

const KIND: Kind = Kind::Juridica;

/// Box that keeps the document that was sent before.
const KEEP: &str = "usar_guardado";

/// Which document that is.
const KEPT: &str = "guardado";

/// The facilitator's data.
pub(super) fn view(flow: &Flow<RequestFlow>, kept: Option<&Upload>, unsigned: bool) -> AnyView {
    let (feedback, typed, words) = (&flow.feedback, &flow.typed, words());
    let (request, files, fields) = (&words.request, &words.form.files, &words.fields);
    // One of an earlier flow may be another facilitator's: it is used only by a tick.
    let own = matches!(&flow.state, RequestFlow::Details(signed) if signed.document().is_some());
    let kept = kept.map(|upload| {
        view! {
            <div class="dato dato--chico">
                <p>{(request.document_kept)(&described(upload))}</p>
                {(!own).then(|| view! { <p>{files.same_for_document}</p> })}
                <input type="hidden" name=KEPT value=upload.id.0.clone() />
                {check(KEEP, request.use_document, own)}
            </div>
        }
    });
    let again = kept.is_some();
    let label = if again { request.other_document_file } else { request.document_file };
    let phone = Input {
        value: typed.get(Field::Phone.name()).to_owned(),
        hint: request.phone_hint,
        attributes: InputAttributes { complete: "off", ..InputAttributes::PHONE },
        width: "medio",
        ..Input::default()
    };
    let document = view! {
        {shared_fields::foreign_document(feedback, typed, request.document_hint)}
        {kept}
        {file_field(Field::DocumentFile, label, feedback, files.hint)}
    };
    let email = Labelled { label: fields.email, hint: request.email_hint };
    let contact = view! {
        {shared_fields::name(Field::Names, request.names, feedback, typed)}
        {shared_fields::email(email, feedback, typed.get(Field::Email.name()))}
        {text_field(Field::Phone, request.phone, feedback, phone)}
    };
    let unsigned = unsigned.then(|| {
        let notice = Notice::Unsigned;
        let (heading, text) = (words.notices.notice)(notice, Audience::ForFacilitator, SecretFields::ANSWER);
        panel(severity(notice), heading, text, ())
    });
    let form = view! {
        {unsigned}
        <p>{request.details_text}</p>
        <p>{files.lost_after}</p>
        <form
            method="post"
            action="/api/facilitador/solicitar"
            enctype="multipart/form-data"
            novalidate=""
        >
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(KIND, flow.tag())}
            {section(request.document_heading, document)}
            {section(request.contact_heading, contact)}
            {section(request.question_heading, shared_fields::secret_question_with(feedback, typed, &flow.kept, request.question_hint))}
            {action(request.file)}
            <button type="submit" class="boton-texto" formaction="/api/facilitador/otra-declaracion">
                {request.sign_again}
            </button>
        </form>
    };
    frame(head(3, request.details).with(still_to_type(SecretFields::ANSWER, &flow.kept)), feedback, form)
}

/// Takes data and document.
pub async fn upload(State(state): State<AppState>, request: HttpRequest) -> Result<Response, EarlyResponse> {
    receive(state, request, false).await
}

/// Back to the declaration, to send another one; data and document are kept for the way back.
pub async fn again(State(state): State<AppState>, request: HttpRequest) -> Result<Response, EarlyResponse> {
    receive(state, request, true).await
}

async fn receive(state: AppState, request: HttpRequest, again: bool) -> Result<Response, EarlyResponse> {
    let (parts, body) = request.into_parts();
    let post = Post::of(state, &parts, KIND);
    let token = post.token(FlowCookie::Facilitator);
    let service = post.backend().request(&post.caller);
    let form = form_of(&post, token.as_ref(), &parts, body, UploadPurpose::Document).await?;
    let field = |field: Field| form.get(field.name());
    let input = RequestInput {
        document_kind: field(Field::DocumentKind),
        document_number: field(Field::DocumentNumber),
        names: field(Field::Names),
        email: field(Field::Email),
        phone: field(Field::Phone),
        question: field(Field::Question),
        answer: field(Field::Answer),
    };
    let posted = form.posted(token.as_ref(), &post.caller);
    let moved = if again {
        service.sign_again(posted, input, form.sent()).await
    } else {
        let keep = || match form.get(KEEP) {
            "si" => SubmittedFile::Kept(UploadId(form.get(KEPT).to_owned())),
            _ => SubmittedFile::Nothing,
        };
        service.file(posted, input, form.sent().map_or_else(keep, SubmittedFile::Uploaded)).await
    };
    Ok(post.respond(cookie_of(&moved, FlowCookie::Facilitator), moved, path))
}
