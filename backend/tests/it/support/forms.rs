//! The forms whose resubmission is recognized, posted with every field that a browser would send.

use backend::service::recovery::Forgotten;
use backend::service::request::IdentifyInput;
use backend::service::{NextStep, Result};
use domain::address::AddressInput;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::request::RequestFlow;
use domain::flow::update::{Update, UpdateInput};

use super::people::HOME;
use super::{Person, Visit};

/// The registration form of a person with a comuna of another region.
pub(crate) fn wrong_comuna(person: &Person) -> RegistrationInput<'_> {
    RegistrationInput { address: AddressInput { region: "05", ..HOME }, ..person.form() }
}

/// The same in which key and answer are left empty, as its page asks for them no more.
pub(crate) fn left_empty(person: &Person) -> RegistrationInput<'_> {
    RegistrationInput { key: "", key_again: "", answer: "", ..person.form() }
}

/// The errors of such a form where neither is kept.
pub(crate) fn all_missing() -> Vec<(Field, Reason)> {
    [Field::Answer, Field::NewKey, Field::NewKeyAgain].map(|field| (field, Reason::Missing)).into()
}

type Fields<'a> = Vec<(&'static str, &'a str)>;

fn address<'a>(input: &AddressInput<'a>) -> Fields<'a> {
    vec![
        ("direccion", input.street),
        ("numero", input.number),
        ("block", input.block),
        ("departamento", input.flat),
        ("region", input.region),
        ("comuna", input.comuna),
    ]
}

fn contact<'a>(input: &ContactInput<'a>) -> Fields<'a> {
    vec![
        ("email", input.email),
        ("area_particular", input.home_phone.0),
        ("telefono_particular", input.home_phone.1),
        ("area_trabajo", input.work_phone.0),
        ("telefono_trabajo", input.work_phone.1),
        ("celular", input.mobile),
        ("sin_celular", if input.no_mobile { "si" } else { "" }),
    ]
}

fn update<'a>(input: &UpdateInput<'a>, captcha: &'a str) -> Fields<'a> {
    [address(&input.address), contact(&input.contact), vec![("captcha", captcha)]].concat()
}

fn registration<'a>(input: &RegistrationInput<'a>, captcha: &'a str) -> Fields<'a> {
    let own = vec![
        ("rut", input.identifier),
        ("fecha_nacimiento", input.birth_date),
        ("documento_tipo", input.document.kind),
        ("documento_pais", input.document.country),
        ("documento", input.document.number),
        ("razon_social", input.company.name),
        ("tipo_empresa", input.company.kind),
        ("rut_representante", input.company.representative),
        ("nombres_representante", input.company.representative_names),
        ("pregunta", input.question),
        ("respuesta", input.answer),
        ("serie", input.serial),
        ("clave", input.key),
        ("clave_otra_vez", input.key_again),
        ("captcha", captcha),
    ];
    [own, address(&input.address), contact(&input.contact)].concat()
}

fn new_key<'a>(key: &'a str, again: &'a str, captcha: &'a str) -> Fields<'a> {
    vec![("clave", key), ("clave_otra_vez", again), ("captcha", captcha)]
}

impl Visit<Recovery> {
    pub(crate) async fn post_answer(
        &self,
        text: &str,
        forgotten: Option<Forgotten<'_>>,
    ) -> Result<NextStep<Recovery>> {
        let (ticked, representative, document) = match forgotten {
            None => ("", "", ""),
            Some(Forgotten::Later) => ("si", "", ""),
            Some(Forgotten::Here { representative, document }) => ("documento", representative, document),
        };
        let fields = [
            ("respuesta", text),
            ("no_recuerdo", ticked),
            ("rut_representante", representative),
            ("serie", document),
        ];
        self.service().answer(self.posted_with(&fields), text, forgotten).await
    }

    pub(crate) async fn post_document(&self, text: &str) -> Result<NextStep<Recovery>> {
        self.service().document(self.posted_with(&[("serie", text)]), text).await
    }

    pub(crate) async fn post_send(&self, captcha: &str) -> Result<NextStep<Recovery>> {
        self.service().send(self.posted_with(&[("captcha", captcha)]), captcha).await
    }
}

impl Visit<Change> {
    pub(crate) async fn post_set_key(
        &self,
        key: &str,
        again: &str,
        captcha: &str,
    ) -> Result<NextStep<Change>> {
        let posted = self.posted_with(&new_key(key, again, captcha));
        self.service().set_key(posted, key, again, captcha).await
    }
}

impl Visit<Registration> {
    pub(crate) async fn post_create(
        &self,
        form: RegistrationInput<'_>,
        captcha: &str,
    ) -> Result<NextStep<Registration>> {
        let posted = self.posted_with(&registration(&form, captcha));
        self.service().create(posted, form, captcha).await
    }
}

impl Visit<Update> {
    pub(crate) async fn post_document(&self, text: &str) -> Result<NextStep<Update>> {
        self.service().document(self.posted_with(&[("serie", text)]), text).await
    }

    pub(crate) async fn post_answer(&self, text: &str) -> Result<NextStep<Update>> {
        self.service().answer(self.posted_with(&[("respuesta", text)]), text).await
    }

    pub(crate) async fn post_choose(&self, question: &str, answer: &str) -> Result<NextStep<Update>> {
        let fields = [("pregunta", question), ("respuesta", answer)];
        self.service().choose(self.posted_with(&fields), question, answer).await
    }

    pub(crate) async fn post_save(&self, form: UpdateInput<'_>, captcha: &str) -> Result<NextStep<Update>> {
        let posted = self.posted_with(&update(&form, captcha));
        self.service().save(posted, form, captcha).await
    }
}

impl Visit<RequestFlow> {
    pub(crate) async fn post_identify(&self, input: IdentifyInput<'_>) -> Result<NextStep<RequestFlow>> {
        let fields = [
            ("rut", input.company),
            ("rut_representante", input.representative),
            ("clave_actual", input.key),
            ("captcha", input.captcha),
        ];
        self.service().identify(self.posted_with(&fields), input).await
    }
}
