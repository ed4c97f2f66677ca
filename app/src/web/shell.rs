//! The document around every page: head, bars at the top, help at the foot.

use leptos::prelude::*;
use wording::Locale;
use wording::facts::HELP_LINE;

use super::{Sheet, Site};
use crate::errand::Errand;
use crate::words::words;

/// The script of a page that sends its form on: `public/continuar.js`.
const SENDS_ON: &str = "/continuar.js";

/// The whole document, from its doctype on. `error` puts “Error:” before the title, so that a screen reader says it first.
/// `wide` is for the front page and the officers': as wide as the window, and no menu in the foot, because the front page has
/// it at its head and officers have no errand there. `sends_on`: the page has the script that sends its form on, and no other.
pub(crate) fn document(
    site: &Site,
    locale: Locale,
    title: &str,
    (error, sends_on): (bool, bool),
    (sheet, wide): (Sheet, bool),
    main: AnyView,
) -> String {
    let frame = &locale.catalogue().frame;
    let title = if error { (frame.error_title)(title) } else { (frame.title)(title) };
    let view = view! {
        <html lang=locale.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="theme-color" content="#0f69b4" />
                <meta name="description" content=frame.description />
                <meta name="format-detection" content="telephone=no" />
                <link rel="icon" href="/icono.svg" type="image/svg+xml" />
                <style inner_html=site.css.of(sheet).clone()></style>
                {sends_on.then(|| view! { <script src=SENDS_ON defer=""></script> })}
                {(!site.starter.is_empty() && !sends_on)
                    .then(|| view! { <script type="module" src=site.starter.clone()></script> })}
            </head>
            <body>
                <a class="saltar" href="#contenido">{frame.skip}</a>
                {header(site.demo)}
                <main id="contenido" class=if wide { "ancha" } else { "" } tabindex="-1">{main} {(sheet != Sheet::Entry).then(lost)}</main>
                {footer(wide, sheet == Sheet::Flow)}
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", view.to_html())
}

fn header(demo: bool) -> impl IntoView {
    let frame = &words().frame;
    view! {
        <header class="cabecera">
            <div class="franja" aria-hidden="true"></div>
            <div class="ancho">
                <a class="marca" href="/">
                    <span class="marca-nombre">{frame.brand}</span>
                    <span class="marca-sigla">{frame.brand_short}</span>
                </a>
                <a class="ayuda-tel" href=tel()>
                    {frame.help_line} <strong class="numero">{HELP_LINE}</strong>
                </a>
            </div>
            {demo
                .then(|| {
                    view! {
                        <p class="demo">
                            {frame.demo.before} <a href="/demo/bandeja">{frame.demo.link}</a> {frame.demo.after}
                        </p>
                    }
                })}
        </header>
    }
}

/// “Terminar y borrar”, below everything else on a page of a flow. A form of its own, so that the Enter key in a field never finds
/// it.
pub(super) fn erase() -> AnyView {
    let erase = &words().form.erase;
    view! {
        <form class="terminar" method="post" action="/api/terminar">
            <p class="ayuda">{erase.hint}</p>
            <button type="submit" class="boton-texto">
                {erase.button}
            </button>
        </form>
    }
    .into_any()
}

/// What the script shows below a form that was not answered.
fn lost() -> impl IntoView {
    let lost = &words().form.lost;
    view! {
        <div id="sin-conexion" class="aviso aviso--alto" role="alert" hidden="">
            <h2>{lost.heading}</h2>
            <p>{lost.text}</p>
        </div>
    }
}

fn tel() -> String {
    format!("tel:{}", HELP_LINE.replace(' ', ""))
}

/// The menu of A-HOME: each entry leads to the kinds that it serves. Beside a form, “Más información” opens another tab, so that
/// what was typed stays.
pub(crate) fn menu(form: bool) -> impl IntoView {
    let words = words();
    let information = match form {
        true => format!("{} {}", words.frame.information, words.form.new_tab),
        false => words.frame.information.to_owned(),
    };
    let entries: Vec<_> = Errand::MENU
        .into_iter()
        .map(|errand| view! { <li><a href=format!("/{}", errand.slug())>{errand.words(words).menu}</a></li> })
        .collect();
    view! {
        <nav class="menu" aria-label=words.frame.menu>
            <ul>
                {entries}
                <li><a href="/cuenta">{words.sign_in.account.heading}</a></li>
                <li><a href="/informacion" target=form.then_some("_blank")>{information}</a></li>
            </ul>
        </nav>
    }
}

fn footer(wide: bool, form: bool) -> impl IntoView {
    let frame = &words().frame;
    view! {
        <footer class="pie">
            <div class="ancho">
                <p class="pie-ayuda">
                    {frame.help.before} <a class="numero" href=tel()>{HELP_LINE}</a> {frame.help.after}
                </p>
                {(!wide).then(|| menu(form))}
                <p>{frame.owner}</p>
            </div>
        </footer>
    }
}
