//! The request of a company for the key of a foreign facilitator (F-REQ): its steps, whole ways, and what is kept of it.

use std::convert::Infallible;
use std::time::Duration;

use backend::files::FileName;
use backend::flows::Flow;
use backend::service::request::{IdentifyInput, Received, RequestService, SubmittedFile};
use backend::store::requests::{self, Decision, FacilitatorRequest, RequestState};
use backend::store::uploads::{self, Upload};
use bytes::Bytes;
use domain::flow::Feedback;
use domain::flow::request::{RequestFlow, RequestInput, RequestNumber, Signed, UploadId, UploadPurpose};
use domain::kind::Kind;
use futures_util::{Stream, TryStreamExt};

use super::{Company, Page, TestBackend, Visit, samples};

/// A foreign facilitator as a company writes them into the form.
#[derive(Debug, Clone)]
pub(crate) struct Facilitator {
    pub(crate) sort: String,
    pub(crate) number: String,
    pub(crate) names: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) question: String,
    pub(crate) answer: String,
}

impl Facilitator {
    /// The invented facilitator with this number.
    pub(crate) fn number(number: u32) -> Self {
        Self {
            sort: "pasaporte".to_owned(),
            number: format!("FX {}", 600_000 + number),
            names: format!("Mengana Forastera Número {number}"),
            email: format!("mengana{number}@correo.ejemplo.pe"),
            phone: format!("+51 987 {}", 600_000 + number),
            question: "primera-mascota".to_owned(),
            answer: "Un Gato de Ñuñoa".to_owned(),
        }
    }

    /// The form, filled in as it should be.
    pub(crate) fn input(&self) -> RequestInput<'_> {
        RequestInput {
            document_kind: &self.sort,
            document_number: &self.number,
            names: &self.names,
            email: &self.email,
            phone: &self.phone,
            question: &self.question,
            answer: &self.answer,
        }
    }
}

/// A file as a browser sends it.
pub(crate) fn sending(file: &[u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin + Send + use<> {
    let pieces: Vec<_> = file.chunks(64 * 1024).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    futures_util::stream::iter(pieces)
}

/// The id of a file that was taken in.
pub(crate) fn whole(sent: &Received) -> UploadId {
    match sent {
        Received::Complete(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

impl Page<RequestFlow> {
    /// The number on the last page.
    pub(crate) fn number(&self) -> RequestNumber {
        match &self.state {
            RequestFlow::Done { number } => number.clone(),
            other => panic!("{other:?}: {:?}", self.feedback),
        }
    }

    /// The proofs that the facilitator's form carries.
    pub(crate) fn signed(&self) -> &Signed {
        match &self.state {
            RequestFlow::Details(signed) => signed,
            other => panic!("{other:?}: {:?}", self.feedback),
        }
    }

    /// That it is the page of the declaration.
    pub(crate) fn asks_for_the_declaration(&self) -> bool {
        matches!(self.state, RequestFlow::Declaration(_))
    }
}

impl Visit<RequestFlow> {
    pub(crate) fn service(&self) -> RequestService<'_> {
        self.backend.request(&self.caller)
    }

    pub(crate) async fn begin(&mut self) -> Page<RequestFlow> {
        let flow = self.service().begin(Feedback::default()).await.unwrap();
        self.open(flow)
    }

    /// “Rut Empresa”, “Rut Representante Legal”, “Clave Sence”, captcha → “Validar”.
    pub(crate) async fn identify(&mut self, input: IdentifyInput<'_>) -> Page<RequestFlow> {
        let moved = self.post_identify(input).await.unwrap();
        self.arrive(moved).await
    }

    /// Reads the captcha, whatever that of `input` is, and identifies.
    pub(crate) async fn identify_right(&mut self, input: IdentifyInput<'_>) -> Page<RequestFlow> {
        let letters = self.letters_shown().await;
        self.identify(IdentifyInput { captcha: &letters, ..input }).await
    }

    /// Takes a file in at the flow’s current step.
    pub(crate) async fn send(&self, file: &[u8]) -> Option<Received> {
        let flow = self.flow().await.expect("a flow");
        self.send_as(asked_for(&flow), file).await
    }

    /// Takes a file in that a form brings for `purpose`.
    pub(crate) async fn send_as(&self, purpose: UploadPurpose, file: &[u8]) -> Option<Received> {
        let flow = self.flow().await.expect("a flow");
        self.service().receive(&flow, purpose, sending(file)).await.unwrap()
    }

    /// “Subir solicitud”, with a file or with the one that was sent before.
    pub(crate) async fn sign(&mut self, file: Option<&[u8]>) -> Page<RequestFlow> {
        let sent = match file {
            Some(file) => self.send_as(UploadPurpose::Declaration, file).await,
            None => None,
        };
        self.sign_with(sent).await
    }

    /// The same with a file that is taken in already.
    pub(crate) async fn sign_with(&mut self, sent: Option<Received>) -> Page<RequestFlow> {
        let brought = self.brought(sent, true).await;
        let moved = self.service().sign(self.posted(), brought).await.unwrap();
        self.arrive(moved).await
    }

    /// Back to the declaration.
    pub(crate) async fn sign_again(&mut self) -> Page<RequestFlow> {
        let moved = self.service().sign_again(self.posted(), RequestInput::default(), None).await.unwrap();
        self.arrive(moved).await
    }

    /// “Realizar solicitud” with the identity document.
    pub(crate) async fn file(&mut self, input: RequestInput<'_>, file: &[u8]) -> Page<RequestFlow> {
        let sent = self.send_as(UploadPurpose::Document, file).await;
        self.file_with(input, sent, false).await
    }

    /// What a form brings: the file that it sends, or the one that its page offers.
    pub(crate) async fn brought(&self, sent: Option<Received>, keep: bool) -> SubmittedFile {
        match sent {
            Some(sent) => SubmittedFile::Uploaded(sent),
            None if keep => SubmittedFile::Kept(match self.flow().await {
                Some(_) => self.offered().await.map_or(UploadId("gone".to_owned()), |upload| upload.id),
                None => UploadId("gone".to_owned()),
            }),
            None => SubmittedFile::Nothing,
        }
    }

    /// “Realizar solicitud” with the document that was sent before.
    pub(crate) async fn file_kept(&mut self, input: RequestInput<'_>) -> Page<RequestFlow> {
        self.file_with(input, None, true).await
    }

    pub(crate) async fn file_with(
        &mut self,
        input: RequestInput<'_>,
        sent: Option<Received>,
        keep: bool,
    ) -> Page<RequestFlow> {
        let brought = self.brought(sent, keep).await;
        let moved = self.service().file(self.posted(), input, brought).await.unwrap();
        self.arrive(moved).await
    }

    /// What the page offers of what was sent before.
    pub(crate) async fn offered(&self) -> Option<Upload> {
        self.service().kept(&self.flow().await.expect("a flow")).await.unwrap()
    }

    /// The “Declaración Jurada” that the page gives for download.
    pub(crate) async fn declaration(&self) -> Option<Vec<u8>> {
        self.service().declaration(self.token.as_ref()).await.unwrap()
    }
}

impl Company {
    /// The first form, filled in as it should be but for the captcha.
    pub(crate) fn identifying(&self) -> IdentifyInput<'_> {
        IdentifyInput {
            company: &self.rut_text,
            representative: &self.representative.rut_text,
            key: &self.key,
            captcha: "",
        }
    }
}

impl TestBackend {
    /// A browser that has not been to “Solicitud de CS para facilitador extranjero”.
    pub(crate) fn requesting(&self) -> Visit<RequestFlow> {
        Visit::named(&self.backend, "facilitador".to_owned(), Kind::Juridica)
    }

    /// Companies with accounts whom SII knows, and the folder for what they send.
    pub(crate) async fn companies<const N: usize>(&self) -> [Company; N] {
        self.files.prepare().await.unwrap();
        let companies = std::array::from_fn(|at| Company::number(u32::try_from(at + 1).unwrap()));
        self.tax_knows(&companies.iter().collect::<Vec<_>>());
        for company in &companies {
            self.account(company).await;
        }
        companies
    }

    /// One company with an account, whom SII knows.
    pub(crate) async fn one_company(&self) -> Company {
        let [company] = self.companies().await;
        company
    }

    /// F-REQ up to the declaration.
    pub(crate) async fn identified(&self, company: &Company) -> Visit<RequestFlow> {
        let mut visit = self.requesting();
        visit.begin().await;
        let page = visit.identify_right(company.identifying()).await;
        assert!(page.asks_for_the_declaration(), "{:?}", page.feedback);
        visit
    }

    /// F-REQ up to the facilitator's form.
    pub(crate) async fn signed(&self, company: &Company) -> Visit<RequestFlow> {
        let mut visit = self.identified(company).await;
        let page = visit.sign(Some(&samples::pdf("firmada"))).await;
        assert!(matches!(page.state, RequestFlow::Details(_)), "{:?}", page.feedback);
        visit
    }

    /// F-REQ to its end.
    pub(crate) async fn filed(&self, company: &Company, facilitator: &Facilitator) -> RequestNumber {
        self.signed(company).await.file(facilitator.input(), &samples::jpeg()).await.number()
    }

    /// How many requests there are.
    pub(crate) async fn requests(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM facilitator_request").await
    }

    /// A request, as an officer sees it.
    pub(crate) async fn request_of(&self, number: &RequestNumber) -> FacilitatorRequest {
        let connection = &mut *self.store.connection().await.unwrap();
        requests::find(connection, number).await.unwrap().expect("a request with this number")
    }

    /// The declaration and the document of a request.
    pub(crate) async fn files_of(&self, number: &RequestNumber) -> [Upload; 2] {
        let request = self.request_of(number).await.id;
        let connection = &mut *self.store.connection().await.unwrap();
        uploads::of_request(connection, request).await.unwrap().try_into().expect("two files")
    }

    /// A file is kept no longer.
    pub(crate) async fn expire(&self, id: &UploadId) {
        let (now, connection) = (self.now(), &mut *self.store.connection().await.unwrap());
        uploads::expire(connection, id, now).await.unwrap();
    }

    /// An officer decides.
    pub(crate) async fn decide(&self, number: &RequestNumber, state: RequestState) {
        let id = self.request_of(number).await.id;
        let decision = Decision { at: self.now(), officer: "mesa".to_owned(), motive: None };
        let connection = &mut *self.store.connection().await.unwrap();
        assert!(requests::decide(connection, id, state, &decision).await.unwrap());
    }

    /// Names of everything that lies in the folder of files, in alphabetical order.
    pub(crate) fn kept_files(&self) -> Vec<String> {
        let folder = std::fs::read_dir(self.folder.path().join("archivos")).unwrap();
        let mut names: Vec<_> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Waits until so many files lie in the folder: what becomes of a dropped upload happens on a thread of its own.
    pub(crate) async fn settles_at(&self, files: usize) {
        for _ in 0..400 {
            if self.kept_files().len() == files {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(self.kept_files().len(), files);
    }

    /// The bytes of a kept file.
    pub(crate) async fn content(&self, id: &UploadId) -> Option<Vec<u8>> {
        let content = self.files.open(&FileName::parse(&id.0).unwrap()).await.unwrap()?;
        Some(content.try_collect::<Vec<_>>().await.unwrap().concat())
    }
}

/// What the page of a flow asks for.
pub(crate) fn asked_for(flow: &Flow<RequestFlow>) -> UploadPurpose {
    if matches!(flow.state, RequestFlow::Declaration(_)) {
        UploadPurpose::Declaration
    } else {
        UploadPurpose::Document
    }
}
