//! The document around every page: head, bars at the top, help at the foot.

use leptos::prelude::*;

use super::Site;
use crate::wording::labels::{Errand, HELP_HOURS, HELP_LINE, SERVICE};

/// The whole document, from its doctype on. `error` puts “Error:” before the title, so that a screen reader says it first.
/// `wide` is for the front page and the officers': as wide as the window, and no menu in the foot, because the front page has
/// it at its head and officers have no errand there.
pub(crate) fn document(site: &Site, title: &str, error: bool, wide: bool, main: AnyView) -> String {
    let title =
        if error { format!("Error: {title} – {SERVICE}") } else { format!("{title} – {SERVICE}") };
    let view = view! {
        <html lang="es-CL">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="theme-color" content="#0f69b4" />
                <meta
                    name="description"
                    content="Obtenga, recupere o cambie su Clave SENCE, la clave de los sistemas de capacitación y empleo."
                />
                <meta name="format-detection" content="telephone=no" />
                <link rel="icon" href="/icono.svg" type="image/svg+xml" />
                <style inner_html=site.css.clone()></style>
                {(!site.starter.is_empty())
                    .then(|| view! { <script type="module" src=site.starter.clone()></script> })}
            </head>
            <body>
                <a class="saltar" href="#contenido">"Ir al contenido"</a>
                {header(site.demo)}
                <main id="contenido" class=if wide { "ancha" } else { "" } tabindex="-1">{main}</main>
                {footer(wide)}
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", view.to_html())
}

fn header(demo: bool) -> impl IntoView {
    view! {
        <header class="cabecera">
            <div class="franja" aria-hidden="true"></div>
            <div class="ancho">
                <a class="marca" href="/">
                    <span class="marca-nombre">"Clave Sence"</span>
                    <span class="marca-sigla">"CS"</span>
                </a>
                <a class="ayuda-tel" href=tel()>
                    "Ayuda " <strong>{HELP_LINE}</strong>
                </a>
            </div>
            {demo
                .then(|| {
                    view! {
                        <p class="demo">
                            "Modo de demostración. Los mensajes llegan a la " <a href="/demo/bandeja">"bandeja local"</a> "."
                        </p>
                    }
                })}
        </header>
    }
}

fn tel() -> String {
    format!("tel:{}", HELP_LINE.replace(' ', ""))
}

/// The menu of A-HOME: each entry leads to the kinds that it serves.
pub(crate) fn menu() -> impl IntoView {
    let entries: Vec<_> = Errand::MENU
        .into_iter()
        .map(|errand| view! { <li><a href=format!("/{}", errand.slug())>{errand.menu()}</a></li> })
        .collect();
    view! {
        <nav class="menu" aria-label="Trámites">
            <ul>
                {entries}
                <li><a href="/informacion">"Más información"</a></li>
            </ul>
        </nav>
    }
}

fn footer(wide: bool) -> impl IntoView {
    view! {
        <footer class="pie">
            <div class="ancho">
                <p class="pie-ayuda">
                    "¿Necesita ayuda? Llame gratis al " <a href=tel()>{HELP_LINE}</a> ", de " {HELP_HOURS} "."
                </p>
                {(!wide).then(menu)}
                <p>"Servicio Nacional de Capacitación y Empleo. La Clave Sence no es la ClaveÚnica."</p>
            </div>
        </footer>
    }
}
