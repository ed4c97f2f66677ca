//! The end of a change: “Éxito”.

use domain::flow::update::UpdateProof;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::{not_arrived, success, to_systems};
use crate::words::words;

/// “Éxito”. `proof` is what “Actualizar datos” asks for.
pub fn view(kind: Kind, proof: UpdateProof, by_sms: bool, question_deleted: bool) -> AnyView {
    let words = words();
    let change = &words.change;
    let question = question_deleted.then(|| {
        let around = (change.choose_question)(kind, proof);
        let next = match kind {
            Kind::Natural | Kind::Migrante => view! {
                {around.before}
                <a href=Errand::Update.path(kind)>{words.errands.update.menu}</a>
                {around.after}
            }
            .into_any(),
            Kind::Juridica | Kind::Facilitador => change.recover_by_representative.into_any(),
        };
        view! { <p>{change.question_deleted} " " {next}</p> }
    });
    let content = view! {
        <p>
            {(change.sign_in)(kind)}
        </p>
        <ul class="lista">
            {by_sms.then(|| view! { <li>{change.by_sms}</li> })}
            <li>{change.by_mail}</li>
        </ul>
        {question}
        {not_arrived()}
        {to_systems()}
    };
    success(change.done, content)
}
