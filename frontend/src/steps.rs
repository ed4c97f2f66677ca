//! Sends the forms of a flow with `fetch`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_net::http::{Request, Response};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Document, Element, Event, EventTarget, FormData, HtmlElement, HtmlFormElement, HtmlInputElement,
    SubmitEvent, UrlSearchParams, window,
};

use crate::page;

/// What sending a form needs: the function that wakes islands, and whether a form is under way.
#[derive(Clone)]
struct Steps {
    hydrate: js_sys::Function,
    busy: Rc<Cell<bool>>,
    /// Set while the browser sends a form by itself.
    native: Rc<Cell<bool>>,
    /// Path and query of the page that is shown.
    shown: Rc<RefCell<String>>,
    /// Who it is, as it was typed on the pages that were left: path and text. In memory only.
    typed: Rc<RefCell<Vec<(String, String)>>>,
    /// The form that found no connection, and the button that sent it.
    waiting: Rc<RefCell<Option<Submission>>>,
}

/// A form, and the button that sent it.
type Submission = (HtmlFormElement, Option<HtmlElement>);

/// What became of a form.
#[derive(PartialEq)]
enum Delivery {
    /// Its answer is shown.
    Answered,
    /// There was no connection.
    Lost,
}

/// Listens for forms that are sent, and for going back and forth in the history.
pub(crate) fn listen(hydrate: js_sys::Function) {
    let shown = Rc::new(RefCell::new(here().unwrap_or_default()));
    let steps = Steps {
        hydrate,
        busy: Rc::default(),
        native: Rc::default(),
        shown,
        typed: Rc::default(),
        waiting: Rc::default(),
    };
    let Some(document) = page::document() else { return };
    let on_submit = {
        let steps = steps.clone();
        move |event: Event| {
            let Ok(event) = event.dyn_into::<SubmitEvent>() else { return };
            steps.submitted(&event);
        }
    };
    on(&document, "submit", on_submit);
    on(&document, "change", |event| {
        app::islands::settle_list(&event);
    });
    let Some(window) = window() else { return };
    let on_line = steps.clone();
    on(&window, "online", move |_| {
        let waiting = on_line.waiting.take();
        if let Some((form, submitter)) = waiting.filter(|(form, _)| form.is_connected()) {
            let _ = form.request_submit_with_submitter(submitter.as_ref());
        }
    });
    on(&window, "popstate", move |_| {
        // A link to a field of this page changes the address too, and nothing else.
        if here().is_none_or(|here| here == *steps.shown.borrow()) {
            return;
        }
        let steps = steps.clone();
        spawn_local(async move { steps.show_again().await });
    });
}

/// Path and query of the address.
fn here() -> Option<String> {
    let location = window()?.location();
    Some(location.pathname().ok()? + &location.search().ok()?)
}

fn on(target: &EventTarget, event: &str, action: impl FnMut(Event) + 'static) {
    let action = Closure::<dyn FnMut(Event)>::new(action).into_js_value();
    let _ = target.add_event_listener_with_callback(event, action.unchecked_ref());
}

impl Steps {
    fn submitted(&self, event: &SubmitEvent) {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        // One that ends at another site is left to the browser.
        let own = |form: &HtmlFormElement| form.method() == "post" && !form.has_attribute("data-nativo");
        let Some(form) = form.filter(|form| own(form) && !self.native.get()) else { return };
        event.prevent_default();
        // A second click while the first is under way does nothing.
        if self.busy.replace(true) {
            return;
        }
        self.waiting.take();
        let (steps, submitter) = (self.clone(), event.submitter());
        spawn_local(async move {
            show_busy(&form, true);
            let mut done = steps.send(&form, submitter.as_ref()).await;
            // A connection that was kept open may have ended meanwhile. The server knows the same form when it comes again.
            if done == Some(Delivery::Lost) {
                done = steps.send(&form, submitter.as_ref()).await;
            }
            show_busy(&form, false);
            steps.busy.set(false);
            let said = page::show_lost(&form, done == Some(Delivery::Lost));
            match done {
                Some(Delivery::Answered) => {}
                Some(Delivery::Lost) if said.is_some() => {
                    *steps.waiting.borrow_mut() = Some((form, submitter));
                }
                _ => {
                    steps.native.set(true);
                    let _ = form.request_submit_with_submitter(submitter.as_ref());
                    steps.native.set(false);
                }
            }
        });
    }

    /// None when the browser should send the form by itself.
    async fn send(&self, form: &HtmlFormElement, submitter: Option<&HtmlElement>) -> Option<Delivery> {
        let attribute = |name: &str| submitter.and_then(|button| button.get_attribute(name));
        let url = attribute("formaction").or_else(|| form.get_attribute("action"))?;
        let data = FormData::new_with_form(form).ok()?;
        let request = Request::post(&url).header("Accept", "text/html");
        let request = if form.enctype() == "multipart/form-data" {
            leave_out_large_files(form, &data);
            // The browser writes the type itself, for it chooses what parts the fields.
            request.body(JsValue::from(data)).ok()?
        } else {
            let body: String =
                UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().into();
            request.header("Content-Type", "application/x-www-form-urlencoded").body(body).ok()?
        };
        let Ok(answer) = request.send().await else { return Some(Delivery::Lost) };
        let Ok(text) = answer.text().await else { return Some(Delivery::Lost) };
        self.show(&answer, &page::parse(&text)?, attribute("data-solo"))?;
        Some(Delivery::Answered)
    }

    /// Shows the page that answers a form: whole, or only the part that its button exchanges.
    fn show(&self, answer: &Response, new: &Document, part: Option<String>) -> Option<()> {
        if !answer.ok() {
            return page::announce(new);
        }
        if let Some(part) = part
            && page::exchange_part(new, &part, &self.hydrate).is_some()
        {
            return Some(());
        }
        if page::is_of_another_build(new) {
            return window()?.location().assign(&answer.url()).ok();
        }
        let typed = page::identifier().map(|field| field.value());
        page::exchange(new, &self.hydrate)?;
        let (window, here) = (window()?, answer.url());
        let history = window.history().ok()?;
        if window.location().href().is_ok_and(|old| old == here) {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&here)).ok()?;
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(&here)).ok()?;
        }
        self.keep(typed);
        self.remember()
    }

    /// Keeps what was typed on the page that was left, as browsers do without script; after “Terminar y borrar”, nothing any more.
    fn keep(&self, typed: Option<String>) {
        let (mut kept, left) = (self.typed.borrow_mut(), self.shown.borrow());
        kept.retain(|(path, _)| *path != *left);
        kept.extend(typed.map(|typed| (left.clone(), typed)));
        if page::is_erased() {
            kept.clear();
        }
    }

    /// Fills in again what was typed on this page before it was left.
    fn fill_in(&self) -> Option<()> {
        let (here, field) = (here()?, page::identifier()?);
        let kept = self.typed.borrow();
        let (_, typed) = kept.iter().find(|(path, _)| *path == here)?;
        if field.value().is_empty() {
            field.set_value(typed);
        }
        Some(())
    }

    /// Remembers which page is shown.
    fn remember(&self) -> Option<()> {
        *self.shown.borrow_mut() = here()?;
        Some(())
    }

    /// Back or forth: the page of the address, or a reload when it cannot be had.
    async fn show_again(&self) {
        let shown = async {
            let href = window()?.location().href().ok()?;
            let answer = Request::get(&href).header("Accept", "text/html").send().await.ok()?;
            let new = page::parse(&answer.text().await.ok()?)?;
            page::exchange(&new, &self.hydrate)?;
            // A step that was left leads on to the flow’s current step.
            if answer.url() != href {
                let history = window()?.history().ok()?;
                history.replace_state_with_url(&JsValue::NULL, "", Some(&answer.url())).ok()?;
            }
            self.fill_in();
            self.remember()
        };
        if shown.await.is_none()
            && let Some(window) = window()
        {
            let _ = window.location().reload();
        }
    }
}

/// A file over the size limit is not uploaded: a flag in the form tells the server, which answers with the usual error.
fn leave_out_large_files(form: &HtmlFormElement, data: &FormData) {
    let Ok(inputs) = form.query_selector_all("input[type=file]") else { return };
    for index in 0..inputs.length() {
        let Some(input) = inputs.get(index).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()) else {
            continue;
        };
        // A whole number: reading one with a point would add 14 kB to the download.
        let most = input.get_attribute("data-max").and_then(|most| most.parse::<u32>().ok());
        let size = input.files().and_then(|files| files.get(0)).map(|file| file.size());
        if let (Some(most), Some(size)) = (most, size)
            && size > f64::from(most)
        {
            data.delete(&input.name());
            let _ = data.append_with_str("archivo_grande", "si");
        }
    }
}

/// Says that the form is under way: to the eye by a class, to screen readers by `aria-busy`.
fn show_busy(form: &Element, busy: bool) {
    let _ = form.set_attribute("aria-busy", if busy { "true" } else { "false" });
    let _ = form.class_list().toggle_with_force("enviando", busy);
}
