//! The end: the number of the request.

use domain::flow::request::RequestNumber;
use leptos::prelude::*;

use crate::ui::success;
use crate::wording::files::UNSIGNED;

/// “Éxito”.
pub(super) fn view(number: &RequestNumber, unsigned: bool) -> AnyView {
    let unsigned = unsigned.then(|| {
        view! {
            <h2>{UNSIGNED}</h2>
            <p>
                "SENCE no puede aceptar una declaración sin la firma del representante legal. Si \
                 rechaza esta solicitud, haga otra con la declaración firmada."
            </p>
        }
    });
    let content = view! {
        <p>"El número de su solicitud es:"</p>
        <p class="dato clave-provisoria">{number.as_str().to_owned()}</p>
        <p>"Anótelo: se lo pediremos si llama por esta solicitud. También se lo enviamos al correo de la empresa."</p>
        {unsigned}
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
