//! A browser on one flow: it keeps the cookie, and posts with each form the tag and the captcha of the page it shows.

use std::marker::PhantomData;
use std::sync::Arc;

use backend::Backend;
use backend::flows::{Flow, Token, Typed};
use backend::service::change::ChangeService;
use backend::service::recovery::RecoveryService;
use backend::service::registration::RegistrationService;
use backend::service::{Caller, Moved, Posted};
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::{Notice, Say};
use domain::kind::Kind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use tokio::sync::Barrier;

use super::people::key_in;
use super::{Person, TestBackend};

/// A browser on one flow. A clone is another request of the same browser, from the same page.
pub(crate) struct Visit<S> {
    pub(crate) backend: Backend,
    pub(crate) caller: Caller,
    pub(crate) token: Option<Token>,
    pub(crate) tag: String,
    pub(crate) captcha: String,
    name: &'static str,
    state: PhantomData<fn() -> S>,
}

impl<S> Clone for Visit<S> {
    fn clone(&self) -> Self {
        Self {
            backend: self.backend.clone(),
            caller: self.caller.clone(),
            token: self.token.clone(),
            tag: self.tag.clone(),
            captcha: self.captcha.clone(),
            name: self.name,
            state: PhantomData,
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct Page<S> {
    pub(crate) state: S,
    pub(crate) say: Say,
    pub(crate) typed: Typed,
}

impl<S> Page<S> {
    /// The errors beside the fields.
    pub(crate) fn errors(&self) -> Vec<(Field, Reason)> {
        self.say.errors.iter().map(|error| (error.field, error.reason)).collect()
    }

    pub(crate) fn notice(&self) -> Option<Notice> {
        self.say.notice
    }
}

impl<S: Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug> Visit<S> {
    fn new(backend: &Backend, name: &'static str) -> Self {
        Self {
            backend: backend.clone(),
            caller: Caller { address: "203.0.113.7".parse().ok(), request: "pedido-1".to_owned() },
            token: None,
            tag: String::new(),
            captcha: String::new(),
            name,
            state: PhantomData,
        }
    }

    /// The same browser at another address.
    pub(crate) fn at_address(mut self, address: &str) -> Self {
        self.caller.address = Some(address.parse().unwrap());
        self
    }

    /// What a form of the page that is shown carries.
    pub(crate) fn posted(&self) -> Posted<'_> {
        Posted { token: self.token.as_ref(), tag: &self.tag, captcha: &self.captcha }
    }

    /// The flow of the cookie.
    pub(crate) async fn flow(&self) -> Option<Flow<S>> {
        let token = self.token.as_ref()?;
        let connection = &mut *self.backend.store.connection().await.unwrap();
        Flow::find(connection, self.name, token, self.backend.now()).await.unwrap()
    }

    /// Loads the page of the cookie, as a browser does after every form.
    pub(crate) async fn load(&mut self) -> Page<S> {
        let flow = self.flow().await.expect("a flow to show");
        flow.tag().clone_into(&mut self.tag);
        self.captcha = flow.captcha.clone().unwrap_or_default();
        Page { state: flow.state, say: flow.say, typed: flow.typed }
    }

    /// Takes the cookie and goes where the form led.
    pub(crate) async fn arrive(&mut self, moved: Moved<S>) -> Page<S> {
        if let Some(token) = moved.token {
            self.token = Some(token);
        }
        let page = self.load().await;
        assert_eq!(page.state, moved.state, "the page is the one that the form led to");
        page
    }

    /// The letters of the captcha on the page.
    pub(crate) async fn letters_shown(&self) -> String {
        let connection = &mut *self.backend.store.connection().await.unwrap();
        let row = sqlx::query("SELECT answer FROM captcha WHERE id = $1").bind(&self.captcha);
        row.fetch_one(connection).await.unwrap().get(0)
    }
}

impl Visit<Recovery> {
    pub(crate) fn service(&self) -> RecoveryService<'_> {
        self.backend.recovery(Kind::Natural, &self.caller)
    }

    pub(crate) async fn rut(&mut self, text: &str) -> Page<Recovery> {
        let moved = self.service().rut(self.posted(), text).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn answer(&mut self, text: &str) -> Page<Recovery> {
        let moved = self.service().answer(self.posted(), text, false).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn forgotten(&mut self) -> Page<Recovery> {
        let moved = self.service().answer(self.posted(), "", true).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn serial(&mut self, text: &str) -> Page<Recovery> {
        let moved = self.service().serial(self.posted(), text).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn mail(&mut self, choice: &str) -> Page<Recovery> {
        let moved = self.service().mail(self.posted(), choice).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn contact(&mut self, email: &str, mobile: &str) -> Page<Recovery> {
        let moved = self.service().contact(self.posted(), email, mobile).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn send(&mut self, captcha: &str) -> Page<Recovery> {
        let moved = self.service().send(self.posted(), captcha).await.unwrap();
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
        self.backend.change(Kind::Natural, &self.caller)
    }

    pub(crate) async fn identify(&mut self, rut: &str, key: &str) -> Page<Change> {
        let moved = self.service().identify(self.posted(), rut, key).await.unwrap();
        self.arrive(moved).await
    }

    pub(crate) async fn set_key(&mut self, key: &str, again: &str, captcha: &str) -> Page<Change> {
        let moved = self.service().set_key(self.posted(), key, again, captcha).await.unwrap();
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
        self.backend.registration(Kind::Natural, &self.caller)
    }

    pub(crate) async fn begin(&mut self) -> Page<Registration> {
        let (flow, token) = self.service().begin(self.token.as_ref()).await.unwrap();
        self.arrive(Moved { state: flow.state, token }).await
    }

    pub(crate) async fn create(&mut self, form: RegistrationInput<'_>, captcha: &str) -> Page<Registration> {
        let moved = self.service().create(self.posted(), form, captcha).await.unwrap();
        self.arrive(moved).await
    }

    /// Reads the captcha and creates.
    pub(crate) async fn create_right(&mut self, form: RegistrationInput<'_>) -> Page<Registration> {
        let letters = self.letters_shown().await;
        self.create(form, &letters).await
    }
}

impl TestBackend {
    /// A browser that has not been to “Recuperar CS”.
    pub(crate) fn recovering(&self) -> Visit<Recovery> {
        Visit::new(&self.backend, "recuperar-natural")
    }

    /// A browser that has not been to “Cambiar CS”.
    pub(crate) fn changing(&self) -> Visit<Change> {
        Visit::new(&self.backend, "cambiar-natural")
    }

    /// A browser on the empty registration form.
    pub(crate) async fn registering(&self) -> Visit<Registration> {
        let mut visit = Visit::new(&self.backend, "registrar-natural");
        visit.begin().await;
        visit
    }

    /// N-REG, from the empty form to “Éxito”.
    pub(crate) async fn register(&self, person: &Person) {
        let page = self.registering().await.create_right(person.form()).await;
        assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.say);
    }

    /// N-REC-3 up to the captcha.
    pub(crate) async fn proven_by_answer(&self, person: &Person) -> Visit<Recovery> {
        let mut visit = self.recovering();
        visit.rut(&person.rut_text).await;
        let page = visit.answer(&person.answer).await;
        assert!(matches!(page.state, Recovery::Captcha(_)), "{:?}", page.say);
        visit
    }

    /// N-REC-2 up to “El email es correcto?”. Registro Civil must know the person.
    pub(crate) async fn proven_by_serial(&self, person: &Person) -> Visit<Recovery> {
        let mut visit = self.recovering();
        let page = visit.rut(&person.rut_text).await;
        if matches!(page.state, Recovery::Question(_)) {
            visit.forgotten().await;
        }
        let page = visit.serial(&person.serial).await;
        assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.say);
        visit
    }

    /// N-REC-3 to its end: the provisional key, out of the letters.
    pub(crate) async fn recover_by_answer(&self, person: &Person) -> String {
        let page = self.proven_by_answer(person).await.send_right().await;
        assert!(matches!(page.state, Recovery::Sent(_)), "{:?}", page.say);
        self.letters().await.iter().find_map(key_in).expect("a letter with a key")
    }

    /// N-CHG up to the new key.
    pub(crate) async fn proven_by_key(&self, person: &Person, key: &str) -> Visit<Change> {
        let mut visit = self.changing();
        let page = visit.identify(&person.rut_text, key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.say);
        visit
    }

    /// N-CHG from one key to another, to “Éxito”.
    pub(crate) async fn change_key(&self, person: &Person, key: &str, new: &str) {
        let page = self.proven_by_key(person, key).await.set(new).await;
        assert!(matches!(page.state, Change::Done { .. }), "{:?}", page.say);
    }
}

/// Starts every task at the same moment and gives what each came to.
pub(crate) async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = tasks.into_iter().collect();
    let gate = Arc::new(Barrier::new(tasks.len()));
    let mut running = Vec::with_capacity(tasks.len());
    for task in tasks {
        let gate = Arc::clone(&gate);
        running.push(tokio::spawn(async move {
            gate.wait().await;
            task.await
        }));
    }
    let mut done = Vec::with_capacity(running.len());
    for task in running {
        done.push(task.await.unwrap());
    }
    done
}
