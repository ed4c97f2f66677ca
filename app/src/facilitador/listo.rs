//! The end: the number of the request.

use domain::flow::request::RequestNumber;
use leptos::prelude::*;

use crate::ui::success;

/// “Éxito”.
pub(super) fn view(number: &RequestNumber) -> AnyView {
    let content = view! {
        <p>"El número de su solicitud es:"</p>
        <p class="dato clave-provisoria">{number.as_str().to_owned()}</p>
        <p>"Anótelo: se lo pediremos si llama por esta solicitud. También se lo enviamos al correo de la empresa."</p>
        <h2>"Qué sigue"</h2>
        <ul class="lista">
            <li>"SENCE revisará la declaración y el documento, y responderá al correo de la empresa."</li>
            <li>
                "Si la aprueba, el facilitador recibirá en su correo una clave provisoria para crear su propia clave."
            </li>
        </ul>
        <p><a class="boton boton--claro" href="/">"Volver al inicio"</a></p>
    };
    success("Recibimos su solicitud.", content)
}
