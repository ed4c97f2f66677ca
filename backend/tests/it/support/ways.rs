//! Whole ways through the flows, for the tests that begin where they end.

use domain::flow::change::Change;
use domain::flow::mail_check::MailCheck;
use domain::flow::recovery::Recovery;
use domain::flow::registration::Registration;
use domain::flow::update::Update;
use domain::kind::Kind;

use super::people::{Holder, key_in};
use super::{TestBackend, Visit};

impl TestBackend {
    /// A browser that has not been to “Recuperar CS”.
    pub(crate) fn recovering(&self) -> Visit<Recovery> {
        self.recovering_as(Kind::Natural)
    }

    /// The same, of a kind.
    pub(crate) fn recovering_as(&self, kind: Kind) -> Visit<Recovery> {
        Visit::new(&self.backend, "recuperar", kind)
    }

    /// A browser that has not been to “Cambiar CS”.
    pub(crate) fn changing(&self) -> Visit<Change> {
        self.changing_as(Kind::Natural)
    }

    /// The same, of a kind.
    pub(crate) fn changing_as(&self, kind: Kind) -> Visit<Change> {
        Visit::new(&self.backend, "cambiar", kind)
    }

    /// A browser that has not been to “Actualizar datos”.
    pub(crate) fn updating(&self) -> Visit<Update> {
        self.updating_as(Kind::Natural)
    }

    /// The same, of a kind.
    pub(crate) fn updating_as(&self, kind: Kind) -> Visit<Update> {
        Visit::new(&self.backend, "actualizar", kind)
    }

    /// A browser on the empty registration form.
    pub(crate) async fn registering(&self) -> Visit<Registration> {
        self.registering_as(Kind::Natural).await
    }

    /// The same, of a kind.
    pub(crate) async fn registering_as(&self, kind: Kind) -> Visit<Registration> {
        let mut visit: Visit<Registration> = Visit::new(&self.backend, "registrar", kind);
        visit.begin().await;
        visit
    }

    /// A browser that has not been to “Confirmar correo”.
    pub(crate) fn confirming(&self, kind: Kind) -> Visit<MailCheck> {
        Visit::new(&self.backend, "correo", kind)
    }

    /// N-REG, M-REG, from the empty form to “Éxito”.
    pub(crate) async fn register(&self, who: &impl Holder) {
        let page = self.registering_as(who.kind()).await.create_right(who.form()).await;
        assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    }

    /// N-REC-3 up to the captcha.
    pub(crate) async fn proven_by_answer(&self, who: &impl Holder) -> Visit<Recovery> {
        let mut visit = self.recovering_as(who.kind());
        visit.rut(who.who()).await;
        let page = visit.answer(&who.person().answer).await;
        assert!(matches!(page.state, Recovery::Captcha(_)), "{:?}", page.feedback);
        visit
    }

    /// N-REC-2 up to “El email es correcto?”. Registro Civil must know a person with a RUT.
    pub(crate) async fn proven_by_serial(&self, who: &impl Holder) -> Visit<Recovery> {
        let mut visit = self.recovering_as(who.kind());
        let page = visit.rut(who.who()).await;
        if matches!(page.state, Recovery::Question(_)) {
            visit.forgotten().await;
        }
        let page = visit.serial(who.document()).await;
        assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.feedback);
        visit
    }

    /// N-REC-3 to its end: the provisional key, out of the letters.
    pub(crate) async fn recover_by_answer(&self, who: &impl Holder) -> String {
        let page = self.proven_by_answer(who).await.send_right().await;
        assert!(matches!(page.state, Recovery::Sent(_)), "{:?}", page.feedback);
        self.messages().await.iter().find_map(key_in).expect("a letter with a key")
    }

    /// N-CHG up to the new key.
    pub(crate) async fn proven_by_key(&self, who: &impl Holder, key: &str) -> Visit<Change> {
        let mut visit = self.changing_as(who.kind());
        let page = visit.identify(who.who(), key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
        visit
    }

    /// N-CHG from one key to another, to “Éxito”.
    pub(crate) async fn change_key(&self, who: &impl Holder, key: &str, new: &str) {
        let page = self.proven_by_key(who, key).await.set(new).await;
        assert!(matches!(page.state, Change::Done { .. }), "{:?}", page.feedback);
    }

    /// N-UPD up to the form: by key and answer.
    pub(crate) async fn opened(&self, who: &impl Holder) -> Visit<Update> {
        let mut visit = self.updating_as(who.kind());
        visit.by_key(who.who(), &who.person().key).await;
        let page = visit.answer(&who.person().answer).await;
        assert!(matches!(page.state, Update::Form(_)), "{:?}", page.feedback);
        visit
    }
}
