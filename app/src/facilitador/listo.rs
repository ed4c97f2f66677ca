//! The end: the number of the request.

use domain::flow::request::RequestNumber;
use leptos::prelude::*;

use crate::ui::{not_arrived, success};
use crate::words::words;

/// “Éxito”.
pub(super) fn view(number: &RequestNumber, unsigned: bool) -> AnyView {
    let words = words();
    let request = &words.request;
    let unsigned = unsigned.then(|| {
        view! {
            <h2>{words.form.files.unsigned}</h2>
            <p>
                {request.unsigned_done}
            </p>
        }
    });
    let content = view! {
        <p>{request.number}</p>
        <p class="dato clave-provisoria">{number.as_str().to_owned()}</p>
        <p>{request.note_number}</p>
        {unsigned}
        <h2>{request.next}</h2>
        <ul class="lista">
            <li>{request.next_review}</li>
            <li>{request.next_key}</li>
        </ul>
        {not_arrived()}
        <p><a class="boton boton--claro" href="/">{words.form.to_start}</a></p>
    };
    success(request.done, content)
}
