//! A-MIN: the answer was right, and the account has no address to send a key to.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use domain::flow::Feedback;
use domain::flow::update::UpdateProof;
use domain::needs::Datum;
use leptos::prelude::*;

use super::{PageContext, head, path};
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, lacking};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// Says what is missing, and both ways on.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback, proof: UpdateProof) -> AnyView {
    let kind = shown.kind;
    let words = words();
    let recover = &words.recover;
    // Where “Actualizar datos” asks for the registered mail, which is what is missing, the stop of “Cambiar CS” opens it.
    let by = match proof {
        UpdateProof::Key => Errand::Update,
        UpdateProof::BirthDate => Errand::Change,
    };
    let by_update = Errand::Update.kinds().contains(&kind).then(|| {
        view! {
            <h2>{recover.by_key}</h2>
            <p>
                {recover.by_key_text.before} <a href=by.path(kind)>{by.words(words).menu}</a>
                {recover.by_key_text.after}
            </p>
            <form method="post" action="/api/recuperar/seguir" novalidate="">
                {hidden(kind, shown.flow.tag())}
                <button type="submit" class="boton boton--claro">
                    {words.form.completed}
                </button>
            </form>
        }
    });
    let form = view! {
        {lacking(&[Datum::Email])}
        <p>{recover.no_address}</p>
        <h2>{(recover.by_document)(kind)}</h2>
        <p>{recover.by_document_text}</p>
        <form method="post" action="/api/recuperar/seguir" novalidate="">
            {hidden(kind, shown.flow.tag())}
            <input type="hidden" name="con" value="documento" />
            {action((recover.go_on_by_document)(kind))}
        </form>
        {by_update}
    };
    frame(head(kind, words.form.data_missing), feedback, form)
}

/// Resumes, with the data that is there now or by the document.
#[server(prefix = "/api", endpoint = "recuperar/seguir", input = server_fn::codec::PostUrl)]
pub async fn recuperar_seguir(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] con: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let moved = post.backend().recovery(post.kind, &post.caller).resume(posted, con == "documento").await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}
