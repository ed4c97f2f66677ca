//! Exchanges `<main>` and `<footer>` of the document for those of a page that came back.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DomParser, Element, HtmlElement, HtmlInputElement, SupportedType, window};

/// The document of the window.
pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The field of a form that says who it is.
pub(crate) fn identifier() -> Option<HtmlInputElement> {
    let field = document()?.query_selector("main [name=rut], main [name=nie]").ok()??;
    field.dyn_into().ok()
}

/// Whether the page that is shown says that everything of a flow is deleted.
pub(crate) fn is_erased() -> bool {
    window().is_some_and(|window| window.location().pathname().is_ok_and(|path| path == "/terminado"))
}

/// Reads a page.
pub(crate) fn parse(html: &str) -> Option<Document> {
    DomParser::new().ok()?.parse_from_string(html, SupportedType::TextHtml).ok()
}

/// Whether a page comes from another build of the site than the scripts that run here, because the service was updated meanwhile.
pub(crate) fn is_of_another_build(page: &Document) -> bool {
    let starter = |of: &Document| of.query_selector("head script").ok()??.get_attribute("src");
    document().is_some_and(|ours| starter(&ours) != starter(page))
}

/// Puts `<main>` and `<footer>` of `page` in the place of ours, wakes the islands, and moves the focus: to what went wrong, or to
/// the heading. Nothing is changed when the page has no `<main>`, or is of another build.
pub(crate) fn exchange(page: &Document, hydrate: &js_sys::Function) -> Option<()> {
    if is_of_another_build(page) {
        return None;
    }
    let ours = document()?;
    let (old, new) = (ours.query_selector("main").ok()??, page.query_selector("main").ok()??);
    swap(&old, &new, hydrate)?;
    // The one of the desk has no menu.
    if let (Ok(Some(old)), Ok(Some(new))) = (ours.query_selector("footer"), page.query_selector("footer")) {
        let _ = old.replace_with_with_node_1(&new);
    }
    ours.set_title(&page.title());
    window()?.scroll_to_with_x_and_y(0.0, 0.0);
    let first = new.query_selector("[data-foco], h1").ok()??;
    focus(&first);
    Some(())
}

/// Exchanges only the element with this id; the rest of what is typed stays.
pub(crate) fn exchange_part(page: &Document, id: &str, hydrate: &js_sys::Function) -> Option<()> {
    let (old, new) = (document()?.get_element_by_id(id)?, page.get_element_by_id(id)?);
    swap(&old, &new, hydrate)?;
    focus(&new.query_selector("input:not([type=hidden])").ok()??);
    Some(())
}

/// Shows what a failed page says above the form, and leaves the form as it is.
pub(crate) fn announce(page: &Document) -> Option<()> {
    let notice = page.query_selector("main [role=alert]").ok()??;
    let main = document()?.query_selector("main").ok()??;
    // The page below keeps its own heading of the first rank.
    notice.set_inner_html(&notice.inner_html().replace("<h1", "<h2").replace("</h1>", "</h2>"));
    if let Ok(Some(before)) = main.query_selector("main > [role=alert]") {
        before.remove();
    }
    main.prepend_with_node_1(&notice).ok()?;
    focus(&notice);
    Some(())
}

/// Says below a form that it was not answered, in the words that the page brought along; or no longer. None when the page has no
/// such words.
pub(crate) fn show_lost(form: &Element, lost: bool) -> Option<()> {
    let notice = document()?.get_element_by_id("sin-conexion")?;
    notice.toggle_attribute_with_force("hidden", !lost).ok()?;
    if lost {
        form.append_with_node_1(&notice).ok()?;
        notice.scroll_into_view();
    }
    Some(())
}

fn swap(old: &Element, new: &Element, hydrate: &js_sys::Function) -> Option<()> {
    old.replace_with_with_node_1(new).ok()?;
    let _ = hydrate.call1(&JsValue::NULL, new);
    Some(())
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}
