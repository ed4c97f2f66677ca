//! The request of a company for the key of a foreign facilitator: F-REQ. RUT of company and representative, key and captcha
//! prove who asks; then the signed “Declaración Jurada” comes in, then the facilitator's data with the identity document.

mod number;

use serde::{Deserialize, Serialize};

use super::captcha::{CaptchaVerdict, captcha_passed};
use super::key::{KeyVerdict, refused};
use super::{AccountId, Representative};
use crate::answer::SecretAnswer;
use crate::document::ForeignDocument;
use crate::email::Email;
use crate::field::{Field, FieldError, Reason, checked};
use crate::kind::Kind;
use crate::name::Name;
use crate::phone::ForeignPhone;
use crate::question::SecretQuestion;
use crate::rut::Rut;

pub use number::RequestNumber;

/// The step of the flow by which a company makes a request. What an officer decides is kept with the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestFlow {
    /// “Rut Empresa”, “Rut Representante Legal”, “Clave Sence”, captcha.
    Identify,
    /// The “Declaración Jurada” is downloaded, signed, and comes back.
    Declaration(Proven),
    /// The facilitator's data, and the identity document.
    Details(Signed),
    /// The request is filed.
    Done {
        /// Its number.
        number: RequestNumber,
    },
}

/// Who is there has shown the key of this company, and SII names the representative today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    company: AccountId,
    rut: Rut,
    representative: Rut,
    /// The identity document, when it came before the person went back to the declaration.
    document: Option<UploadId>,
    /// The declaration that was here when the person went back to send another one.
    #[serde(default)]
    former: Option<UploadId>,
}

/// The signed declaration is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    proven: Proven,
    declaration: UploadId,
    document: Option<UploadId>,
}

/// The name under which a file that was sent is kept: random, and of no meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UploadId(pub String);

/// What a file that is sent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UploadPurpose {
    /// The signed “Declaración Jurada”.
    Declaration,
    /// The identity document of the facilitator.
    Document,
}

impl UploadPurpose {
    /// Both, in the order in which they are sent.
    pub const ALL: [Self; 2] = [Self::Declaration, Self::Document];

    /// The word that is stored, and that URLs use.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Declaration => "declaracion",
            Self::Document => "documento",
        }
    }

    /// The purpose of a stored word.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.id() == id)
    }

    /// The field in which it is sent.
    #[must_use]
    pub fn field(self) -> Field {
        match self {
            Self::Declaration => Field::Declaration,
            Self::Document => Field::DocumentFile,
        }
    }
}

impl RequestFlow {
    /// For which company a file is taken in at this step: a declaration as soon as it is known who asks, a document once the
    /// declaration is here.
    #[must_use]
    pub fn takes(&self, purpose: UploadPurpose) -> Option<AccountId> {
        match (self, purpose) {
            (Self::Declaration(proven), UploadPurpose::Declaration) => Some(proven.company),
            (Self::Details(signed), _) => Some(signed.proven.company),
            _ => None,
        }
    }

    /// From the first form to the declaration, by its three proofs: SII names the representative, the captcha was passed,
    /// and the key is the company's.
    ///
    /// # Errors
    /// The captcha was wrong or stale; or why the key does not prove anything: a provisional one does not.
    pub fn identify(
        representative: &Representative,
        captcha: CaptchaVerdict,
        key: &KeyVerdict,
    ) -> Result<Self, FieldError> {
        captcha_passed(captcha)?;
        match *key {
            KeyVerdict::Key(company) => Ok(Self::Declaration(Proven {
                company,
                rut: representative.company(),
                representative: representative.rut(),
                document: None,
                former: None,
            })),
            _ => Err(refused(Kind::Juridica, key)),
        }
    }
}

impl Proven {
    /// The company's account.
    #[must_use]
    pub fn company(&self) -> AccountId {
        self.company
    }

    /// The company's RUT.
    #[must_use]
    pub fn rut(&self) -> Rut {
        self.rut
    }

    /// Its legal representative today.
    #[must_use]
    pub fn representative(&self) -> Rut {
        self.representative
    }

    /// The declaration that was here before: given up once another one comes.
    #[must_use]
    pub fn former(&self) -> Option<&UploadId> {
        self.former.as_ref()
    }

    /// The signed declaration is here, whole and of a format that is taken.
    #[must_use]
    pub fn signed(mut self, declaration: UploadId) -> RequestFlow {
        self.former = None;
        let document = self.document.take();
        RequestFlow::Details(Signed { proven: self, declaration, document })
    }
}

impl Signed {
    /// Who asks.
    #[must_use]
    pub fn proven(&self) -> &Proven {
        &self.proven
    }

    /// The signed declaration.
    #[must_use]
    pub fn declaration(&self) -> &UploadId {
        &self.declaration
    }

    /// The identity document, once it is here.
    #[must_use]
    pub fn document(&self) -> Option<&UploadId> {
        self.document.as_ref()
    }

    /// The identity document is here, in place of one sent before.
    pub fn attach(&mut self, document: UploadId) {
        self.document = Some(document);
    }

    /// Another declaration is here, in place of the one sent before.
    pub fn sign(&mut self, declaration: UploadId) {
        self.declaration = declaration;
    }

    /// The document that was sent is not the one that is meant.
    pub fn detach(&mut self) {
        self.document = None;
    }

    /// Back to the declaration: another one is to be sent, or the one sent is no longer kept.
    #[must_use]
    pub fn again(self) -> RequestFlow {
        RequestFlow::Declaration(self.asked_again())
    }

    /// The same, as the step that asks for it.
    #[must_use]
    pub fn asked_again(self) -> Proven {
        Proven { document: self.document, former: Some(self.declaration), ..self.proven }
    }

    /// A file that was sent is no longer kept: back to the declaration, or to the form without its document.
    #[must_use]
    pub fn without(mut self, gone: &UploadId) -> RequestFlow {
        if self.declaration == *gone {
            // Nothing to give up: it is gone, or another's.
            return RequestFlow::Declaration(Proven { former: None, ..self.asked_again() });
        }
        self.document = self.document.filter(|document| document != gone);
        RequestFlow::Details(self)
    }

    /// The right to file this request: everything is filled in and both files are here.
    ///
    /// # Errors
    /// Each field that is missing or wrong, in the order of the form.
    pub fn form(&self, input: RequestInput<'_>) -> Result<RequestForm, Vec<FieldError>> {
        let mut errors = Vec::new();
        let document = ForeignDocument::parse(input.document_kind, input.document_number);
        let document = document.map_err(|wrong| errors.extend(wrong)).ok();
        let file = checked(Field::DocumentFile, self.document.clone().ok_or(Reason::Missing), &mut errors);
        let names = checked(Field::Names, Name::parse(input.names), &mut errors);
        let email = checked(Field::Email, Email::parse(input.email), &mut errors);
        let phone = checked(Field::Phone, ForeignPhone::parse(input.phone), &mut errors);
        let question = checked(
            Field::Question,
            SecretQuestion::parse(input.question).map_err(|_| Reason::Missing),
            &mut errors,
        );
        let answer = checked(Field::Answer, SecretAnswer::parse(input.answer), &mut errors);
        let declaration = self.declaration.clone();
        (|| {
            Some(RequestForm {
                document: document?,
                files: [declaration, file?],
                names: names?,
                email: email?,
                phone: phone?,
                question: question?,
                answer: answer?,
            })
        })()
        .ok_or(errors)
    }
}

/// The facilitator's data as it was typed.
#[derive(Clone, Copy, Default)]
pub struct RequestInput<'a> {
    /// Id of the type of document.
    pub document_kind: &'a str,
    /// Its number.
    pub document_number: &'a str,
    /// “Nombres”.
    pub names: &'a str,
    /// “Email”.
    pub email: &'a str,
    /// “Teléfono”.
    pub phone: &'a str,
    /// Id of the “Pregunta Secreta”.
    pub question: &'a str,
    /// “Respuesta Secreta”.
    pub answer: &'a str,
}

/// The right to file one request, in which nothing is missing or malformed: only [`Signed::form`] gives it. The answer shows
/// nothing in `Debug`.
#[derive(Debug)]
#[non_exhaustive]
pub struct RequestForm {
    /// The identifier of the facilitator.
    pub document: ForeignDocument,
    /// The declaration and the document, as in [`UploadPurpose::ALL`].
    pub files: [UploadId; 2],
    /// Names of the facilitator.
    pub names: Name,
    /// Where the provisional key will go.
    pub email: Email,
    /// The facilitator's telephone.
    pub phone: ForeignPhone,
    /// The chosen question.
    pub question: SecretQuestion,
    /// Its answer.
    pub answer: SecretAnswer,
}

impl RequestForm {
    /// The end of the flow, once the request is written down under its number.
    #[must_use]
    pub fn filed(&self, number: RequestNumber) -> RequestFlow {
        RequestFlow::Done { number }
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
