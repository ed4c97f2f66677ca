//! What a mail says. `backend` decides which sentences a mail has and in which order; each one is a paragraph, or the first
//! line of one. Links, keys and numbers come from there too.

use domain::document::DocumentKind;
use domain::flow::update::Changed;
use domain::kind::Kind;

/// The sentences of every mail.
#[derive(Debug)]
pub struct Mail {
    /// The first line, from the kind of the holder and their names or the company's, if known.
    pub greeting: fn(Kind, Option<&str>) -> String,
    /// Where to ask.
    pub help: &'static str,
    /// What to do if the holder did not do this, from their kind and the link to “Recuperar CS”. There is no link for a
    /// facilitator, whose key a company has to ask for.
    pub not_me: fn(Kind, &str) -> String,
    /// Behind the code that confirms the address and where to type it: that nobody has to, and for how many days it works.
    pub code_works: fn(i64) -> String,
    /// Whose mail it is, and that it takes no answer.
    pub footer: &'static str,
    /// N-REC-END: carries the provisional key.
    pub provisional_key: ProvisionalKey,
    /// To the old contact data: a key was asked for to be sent elsewhere.
    pub contact_changed: ContactChanged,
    /// N-REG: the account is there.
    pub registered: Registered,
    /// Somebody tried to register who has an account.
    pub registered_again: RegisteredAgain,
    /// N-CHG: a new key was set.
    pub key_changed: KeyChanged,
    /// SII names another legal representative.
    pub representative_changed: RepresentativeChanged,
    /// F-REQ: a request for a foreign facilitator was filed; to the company.
    pub request_filed: RequestFiled,
    /// N-UPD: address or contact data were changed.
    pub updated: Updated,
    /// L-PAGE: carries the code that a system wants besides the key.
    pub sign_in_code: SignInCode,
    /// F-REVIEW: to the company whose request was granted.
    pub request_granted: RequestGranted,
    /// F-REVIEW: to the company whose request was refused.
    pub request_refused: RequestRefused,
}

/// A mail with a provisional key.
#[derive(Debug)]
pub struct ProvisionalKey {
    /// Its subject.
    pub subject: &'static str,
    /// Stands before the key.
    pub key_is: &'static str,
    /// How long the key works, from the kind of the holder, how many hours, and until when, if that is known.
    pub validity: fn(Kind, i64, Option<&str>) -> String,
    /// Stands before the link to “Cambiar CS”.
    pub create: &'static str,
    /// The same of a facilitator: with which document, from its kind and its last characters.
    pub create_with: fn(DocumentKind, &str) -> String,
    /// That nobody else may know the key.
    pub secret: &'static str,
    /// Asks who did not ask for the key, from the kind of the holder and, of a facilitator, the company that asked for it.
    pub not_asked: fn(Kind, Option<&str>) -> String,
    /// Behind it: what to do then.
    pub not_asked_then: fn(Kind) -> &'static str,
}

/// A mail to the old address: a key goes elsewhere.
#[derive(Debug)]
pub struct ContactChanged {
    /// Its subject.
    pub subject: &'static str,
    /// Who asked for what.
    pub what: fn(Kind) -> String,
    /// That the holder has nothing to do if they did this themselves.
    pub nothing_to_do: fn(Kind) -> &'static str,
}

/// A mail about a new account.
#[derive(Debug)]
pub struct Registered {
    /// Its subject.
    pub subject: &'static str,
    /// That a registration arrived, and when the new key works.
    pub received: fn(Kind) -> String,
    /// Stands before the code that confirms the address.
    pub code_is: &'static str,
    /// Stands before the link to the page that takes it.
    pub type_code: &'static str,
    /// What holds if there was an account, and how its owner takes it back, from the link to “Recuperar CS”.
    pub had_account: fn(Kind, &str) -> String,
    /// That the key is personal.
    pub secret: &'static str,
    /// For a reader who did not register.
    pub not_me: &'static str,
}

/// A mail about an account that was there already.
#[derive(Debug)]
pub struct RegisteredAgain {
    /// Its subject.
    pub subject: &'static str,
    /// That nothing has changed.
    pub nothing_changed: fn(Kind) -> String,
    /// Stands before the link to “Recuperar CS”.
    pub recover: &'static str,
}

/// A mail about a new key.
#[derive(Debug)]
pub struct KeyChanged {
    /// Its subject.
    pub subject: &'static str,
    /// That the new key works, and an older one does not.
    pub works: fn(Kind) -> &'static str,
}

/// A mail about another legal representative.
#[derive(Debug)]
pub struct RepresentativeChanged {
    /// Its subject.
    pub subject: &'static str,
    /// What SII says.
    pub what: &'static str,
    /// What that means for the key.
    pub meaning: &'static str,
}

/// A mail about a request that was filed.
#[derive(Debug)]
pub struct RequestFiled {
    /// Its subject.
    pub subject: &'static str,
    /// Stands before the number of the request.
    pub number_is: &'static str,
    /// What comes next.
    pub next: &'static str,
    /// What to do if the company did not ask, from the link to “Cambiar CS”.
    pub not_asked: fn(&str) -> String,
}

/// A mail about changed data.
#[derive(Debug)]
pub struct Updated {
    /// Its subject.
    pub subject: &'static str,
    /// What changed.
    pub what: fn(Changed) -> String,
    /// Stands before the code that confirms a new address.
    pub code_is: &'static str,
    /// Stands before the link to the page that takes it.
    pub type_code: &'static str,
    /// That the holder has nothing to do if they did this themselves.
    pub nothing_to_do: &'static str,
}

/// A mail with the code that a system wants besides the key.
#[derive(Debug)]
pub struct SignInCode {
    /// Its subject.
    pub subject: &'static str,
    /// Stands before the code, from the name of the system.
    pub code_is: fn(&str) -> String,
    /// Where to type it, and for how many minutes it works.
    pub type_code: fn(i64) -> String,
    /// That nobody else may know it.
    pub secret: &'static str,
}

/// A mail about a request that was granted.
#[derive(Debug)]
pub struct RequestGranted {
    /// Its subject.
    pub subject: &'static str,
    /// That it was granted, from its number.
    pub granted: fn(&str) -> String,
    /// Where the key went.
    pub key_sent: &'static str,
}

/// A mail about a request that was refused.
#[derive(Debug)]
pub struct RequestRefused {
    /// Its subject.
    pub subject: &'static str,
    /// That it was refused, from its number.
    pub refused: fn(&str) -> String,
    /// Stands before the reason.
    pub reason_is: &'static str,
    /// Stands before the link to a new request.
    pub again: &'static str,
}
