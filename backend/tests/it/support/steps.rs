//! The steps of each flow as a browser takes them: it posts a form, and loads the page that this led to.

use backend::service::change::{AfterRecovery, ChangeService};
use backend::service::recovery::{Forgotten, RecoveryService};
use backend::service::registration::RegistrationService;
use backend::service::update::UpdateService;
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::mail_check::MailCheck;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::update::{Update, UpdateInput};
use domain::identifier::IdentifierInput;
use domain::kind::Kind;
use domain::needs::Datum;

use super::{Page, Visit};

impl Visit<Recovery> {
    pub(crate) fn service(&self) -> RecoveryService<'_> {
        self.backend.recovery(self.kind, &self.caller)
    }

    pub(crate) async fn rut(&mut self, text: &str) -> Page<Recovery> {
        let moved = self.service().identify(self.posted(), text).await.unwrap();
        self.arrive(moved).await
    }

    /// “NIE” → “Validar”.
    pub(crate) async fn nie(&mut self, text: &str) -> Page<Recovery> {
        self.rut(text).await
    }

    pub(crate) async fn answer(&mut self, text: &str) -> Page<Recovery> {
        let moved = self.post_answer(text, None).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn forgotten(&mut self) -> Page<Recovery> {
        let moved = self.post_answer("", Some(Forgotten::Later)).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn forgotten_with(&mut self, document: &str) -> Page<Recovery> {
        self.forgotten_by("", document).await
    }

    /// The same of a company, by its representative.
    pub(crate) async fn forgotten_by(&mut self, representative: &str, document: &str) -> Page<Recovery> {
        let here = Forgotten::Here { representative, document };
        let moved = self.post_answer("", Some(here)).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn serial(&mut self, text: &str) -> Page<Recovery> {
        let moved = self.post_document(text).await.unwrap();
        self.arrive(moved).await
    }

    /// “Número de documento de identidad” → “Validar”.
    pub(crate) async fn document(&mut self, text: &str) -> Page<Recovery> {
        self.serial(text).await
    }

    /// “Rut Representante Legal” → “Validar”.
    pub(crate) async fn representative(&mut self, rut: &str) -> Page<Recovery> {
        let moved = self.service().representative(self.posted(), rut).await.unwrap();
        self.arrive(moved).await
    }

    /// A-MIN: “Continuar”, or on by the document.
    pub(crate) async fn resume(&mut self, by_document: bool) -> Page<Recovery> {
        let moved = self.service().resume(self.posted(), by_document).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn mail(&mut self, choice: &str) -> Page<Recovery> {
        self.mail_with(choice, ContactInput::default()).await
    }

    pub(crate) async fn mail_with(&mut self, choice: &str, input: ContactInput<'_>) -> Page<Recovery> {
        let moved = self.service().mail(self.posted(), choice, input).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn contact(&mut self, email: &str, mobile: &str) -> Page<Recovery> {
        self.contact_of(ContactInput { email, mobile, ..ContactInput::default() }).await
    }

    pub(crate) async fn contact_of(&mut self, input: ContactInput<'_>) -> Page<Recovery> {
        let moved = self.service().contact(self.posted(), input).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn send(&mut self, captcha: &str) -> Page<Recovery> {
        let moved = self.post_send(captcha).await.unwrap();
        self.arrive(moved).await
    }

    /// Reads the captcha and sends.
    pub(crate) async fn send_right(&mut self) -> Page<Recovery> {
        let letters = self.letters_shown().await;
        self.send(&letters).await
    }
}

impl Visit<Change> {
    pub(crate) fn service(&self) -> ChangeService<'_> {
        self.backend.change(self.kind, &self.caller)
    }

    /// What is typed as an identifier; of a foreign facilitator `TYPE:NUMBER`.
    fn who<'a>(&self, text: &'a str) -> IdentifierInput<'a> {
        match (self.kind, text.split_once(':')) {
            (Kind::Facilitador, Some((kind, number))) => IdentifierInput::Document { kind, number },
            _ => IdentifierInput::Number(text),
        }
    }

    pub(crate) async fn identify(&mut self, rut: &str, key: &str) -> Page<Change> {
        let moved = self.service().identify(self.posted(), self.who(rut), "", key).await.unwrap();
        self.arrive(moved).await
    }

    /// “Clave provisoria” on the last page of this recovery; that page again when something is wrong.
    pub(crate) async fn after_recovery(
        &mut self,
        recovery: &mut Visit<Recovery>,
        key: &str,
    ) -> Result<Page<Change>, Page<Recovery>> {
        self.after_recovery_by(recovery, "", key).await
    }

    /// The same with “Rut Representante Legal”, which the page of a company asks for where no cédula was shown.
    pub(crate) async fn after_recovery_by(
        &mut self,
        recovery: &mut Visit<Recovery>,
        representative: &str,
        key: &str,
    ) -> Result<Page<Change>, Page<Recovery>> {
        let (service, token) = (self.service(), self.token.as_ref());
        let moved = service.after_recovery(recovery.posted(), token, representative, key).await.unwrap();
        match moved {
            AfterRecovery::Changes(moved) => Ok(self.arrive(moved).await),
            AfterRecovery::Stays(moved) => Err(recovery.arrive(moved).await),
        }
    }

    /// J-CHG: “Rut Empresa”, “Rut Representante Legal”, “CS Actual” → “Validar”.
    pub(crate) async fn identify_company(
        &mut self,
        rut: &str,
        representative: &str,
        key: &str,
    ) -> Page<Change> {
        let moved = self.service().identify(self.posted(), self.who(rut), representative, key).await.unwrap();
        self.arrive(moved).await
    }

    /// A-MIN: “Continuar”.
    pub(crate) async fn resume(&mut self) -> Page<Change> {
        let moved = self.service().resume(self.posted()).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn set_key(&mut self, key: &str, again: &str, captcha: &str) -> Page<Change> {
        let moved = self.post_set_key(key, again, captcha).await.unwrap();
        self.arrive(moved).await
    }

    /// Types the key twice, reads the captcha, and sets it.
    pub(crate) async fn set(&mut self, key: &str) -> Page<Change> {
        let letters = self.letters_shown().await;
        self.set_key(key, key, &letters).await
    }
}

impl Visit<Registration> {
    pub(crate) fn service(&self) -> RegistrationService<'_> {
        self.backend.registration(self.kind, &self.caller)
    }

    pub(crate) async fn begin(&mut self) -> Page<Registration> {
        let flow = self.service().begin().await.unwrap();
        self.open(flow)
    }

    pub(crate) async fn create(&mut self, form: RegistrationInput<'_>, captcha: &str) -> Page<Registration> {
        let moved = self.post_create(form, captcha).await.unwrap();
        self.arrive(moved).await
    }

    /// “Código del correo” → “Confirmar correo”, on the last page.
    pub(crate) async fn confirm_mail(&mut self, code: &str) -> Page<Registration> {
        let posted = self.posted_with(&[("codigo_correo", code)]);
        let moved = self.service().confirm_mail(posted, code).await.unwrap().expect("the flow");
        self.arrive(moved).await
    }

    /// Reads the captcha and creates.
    pub(crate) async fn create_right(&mut self, form: RegistrationInput<'_>) -> Page<Registration> {
        let letters = self.letters_shown().await;
        self.create(form, &letters).await
    }
}

impl Visit<MailCheck> {
    /// “Rut” or “NIE”, “Código del correo” → “Confirmar correo”.
    pub(crate) async fn confirm(&mut self, who: &str, code: &str) -> Page<MailCheck> {
        let service = self.backend.mail(self.kind, &self.caller);
        let moved = service.confirm(self.posted(), who, code).await.unwrap();
        self.arrive(moved).await
    }
}

impl Visit<Update> {
    pub(crate) fn service(&self) -> UpdateService<'_> {
        self.backend.update(self.kind, &self.caller)
    }

    pub(crate) async fn by_key(&mut self, who: &str, key: &str) -> Page<Update> {
        let moved = self.service().by_key(self.posted(), who, key).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn by_birth_date(&mut self, who: &str, date: &str, email: &str) -> Page<Update> {
        let moved = self.service().by_birth_date(self.posted(), who, date, email).await.unwrap();
        self.arrive(moved).await
    }

    /// A-MIN: from the page of a change that stopped, with the cookie that this has; none leads nowhere.
    pub(crate) async fn by_stopped_change(&mut self, change: &Visit<Change>) -> Option<Page<Update>> {
        let moved = self.service().by_stopped_change(change.token.as_ref()).await.unwrap()?;
        Some(self.arrive(moved).await)
    }

    pub(crate) async fn document(&mut self, text: &str) -> Page<Update> {
        let moved = self.post_document(text).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn answer(&mut self, text: &str) -> Page<Update> {
        let moved = self.post_answer(text).await.unwrap();
        self.arrive(moved).await
    }

    /// The box “No recuerdo la respuesta a mi pregunta secreta”.
    pub(crate) async fn forgotten(&mut self) -> Page<Update> {
        let moved = self.service().forgotten(self.posted()).await.unwrap();
        self.arrive(moved).await
    }

    /// What the page of the form says is missing (A-MIN).
    pub(crate) async fn lacking(&self) -> Vec<Datum> {
        self.service().lacking(&self.flow().await.unwrap()).await.unwrap()
    }

    pub(crate) async fn choose(&mut self, question: &str, answer: &str) -> Page<Update> {
        let moved = self.post_choose(question, answer).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn new_captcha(&mut self, form: UpdateInput<'_>) -> Page<Update> {
        let moved = self.service().new_captcha(self.posted(), form).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn save(&mut self, form: UpdateInput<'_>, captcha: &str) -> Page<Update> {
        let moved = self.post_save(form, captcha).await.unwrap();
        self.arrive(moved).await
    }

    /// “Código del correo” → “Confirmar correo”, on the last page.
    pub(crate) async fn confirm_mail(&mut self, code: &str) -> Page<Update> {
        let posted = self.posted_with(&[("codigo_correo", code)]);
        let moved = self.service().confirm_mail(posted, code).await.unwrap().expect("the flow");
        self.arrive(moved).await
    }

    /// Reads the captcha and saves.
    pub(crate) async fn save_right(&mut self, form: UpdateInput<'_>) -> Page<Update> {
        let letters = self.letters_shown().await;
        self.save(form, &letters).await
    }
}
