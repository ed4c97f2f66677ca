//! What an officer should know before deciding.

use domain::flow::request::UploadPurpose;
use domain::rut::Rut;

use super::{ExistingAccount, RequestForReview};
use crate::store::requests::{FacilitatorRequest, RequestState};

/// Something that speaks against deciding without a second look.
pub enum Warning<'a> {
    /// A file is missing.
    FileMissing,
    /// The declaration is the form as it was handed out.
    Unsigned,
    /// Declaration and document are one file.
    SameFile,
    /// The mail address of the facilitator is that of the company, which would read the key.
    CompanyMail,
    /// The facilitator has an account already.
    AccountExists(&'a ExistingAccount),
    /// Another representative stands on file since, or none.
    OtherRepresentative(Option<Rut>),
    /// The company will not be notified.
    CompanyWithoutMail,
    /// Other requests are for the same document.
    SameDocument(&'a [FacilitatorRequest]),
}

/// The warnings of a request; of one that is decided only where else its document is.
#[must_use]
pub fn warnings(details: &RequestForReview) -> Vec<Warning<'_>> {
    let others = (!details.others.is_empty()).then_some(Warning::SameDocument(&details.others));
    if details.request.state != RequestState::Open {
        return others.into_iter().collect();
    }
    let representative = details.representative;
    [
        (details.files.len() < UploadPurpose::ALL.len()).then_some(Warning::FileMissing),
        details.unsigned().then_some(Warning::Unsigned),
        details.same_file().then_some(Warning::SameFile),
        details.company_mail.then_some(Warning::CompanyMail),
        details.known.as_ref().map(Warning::AccountExists),
        (representative != Some(details.request.representative))
            .then_some(Warning::OtherRepresentative(representative)),
        (!details.company_has_mail).then_some(Warning::CompanyWithoutMail),
        others,
    ]
    .into_iter()
    .flatten()
    .collect()
}
