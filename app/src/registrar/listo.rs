//! The end of a registration: “Éxito”. The same whether or not the RUT had an account
//! (docs/security.md#abuse-and-enumeration).

use domain::kind::Kind;
use leptos::prelude::*;

use crate::ui::success;
use crate::wording::kinds::identifier;

/// “Éxito”.
pub fn view(kind: Kind, by_sms: bool) -> AnyView {
    let content = view! {
        <ul class="lista">
            {by_sms.then(|| view! { <li>"Le enviaremos un SMS a su celular dentro de los próximos 10 minutos."</li> })}
            <li>"Le enviaremos un e-Mail dentro de los próximos 10 minutos."</li>
        </ul>
        <h2>"Qué hacer ahora"</h2>
        <ol class="lista">
            <li>"Revise su correo, también «No deseados» o «Spam»."</li>
            <li>"Entre a los sistemas de SENCE con su " {identifier(kind)} " y la clave que acaba de elegir."</li>
        </ol>
        <p class="ayuda">
            "Si usted ya tenía una cuenta, su clave de antes sigue siendo la misma: el correo se lo explica."
        </p>
        <p><a class="boton boton--claro" href="/">"Volver al inicio"</a></p>
    };
    success("Recibimos su registro.", content)
}
