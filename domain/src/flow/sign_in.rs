//! Sign-in (L-PAGE): the key, or a session that is there, where the system wants it a code of a mail, then the person's consent, then
//! the right to a code.

mod code;
mod refresh;

use serde::{Deserialize, Serialize};

use super::key::{KeyVerdict, ProvisionalId, refused};
use super::{AccountId, Representative};
use crate::field::FieldError;
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::openid::authorize::{AuthorizationRequest, Prompt};
use crate::openid::client::{Client, ClientId};
use crate::openid::pkce::Challenge;
use crate::openid::scope::Scopes;
use crate::openid::{Acr, OAuthError};
use crate::rut::Rut;

pub use code::{AskCode, CODE_LIVES, CODE_TRIES, CodeRight, CodeVerdict, Mailed, NeedsCode};

/// Seconds since 1970.
pub type Seconds = i64;

/// How far a sign-in has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// The key is asked for; or, with a session, whether to go on with it.
    Ask(Asked),
    /// The key was right, and the system wants a code of a mail besides.
    Code(AskCode),
    /// The key was right, and the person is asked whether the system may learn what it wants.
    Consent(Consent),
    /// The browser was sent on.
    Done(Ended),
    /// Nothing is known of it any more.
    Gone,
}

/// Where a sign-in leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// “Mi cuenta”.
    Account,
    /// A system.
    System(Box<AuthorizationRequest>),
}

impl Destination {
    /// The system; none for “Mi cuenta”.
    #[must_use]
    pub fn client(&self) -> Option<&ClientId> {
        self.request().map(AuthorizationRequest::client)
    }

    /// The system's request.
    #[must_use]
    pub fn request(&self) -> Option<&AuthorizationRequest> {
        match self {
            Self::Account => None,
            Self::System(request) => Some(request),
        }
    }
}

/// A sign-in that nobody has proven anything in: it names no account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    to: Destination,
}

/// Who signed in, how and when: what a session is made of. Only [`Asked::key`] makes one, and a student's key for
/// attendance ([`crate::rce`]); [`AskCode::checked`] raises its level, and the store reads it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    account: AccountId,
    kind: Kind,
    #[serde(default)]
    representative: Option<Rut>,
    auth_time: Seconds,
    acr: Acr,
}

impl SignedIn {
    /// A person whose key was right.
    pub(crate) fn person(account: AccountId, auth_time: Seconds) -> Self {
        Self { account, kind: Kind::Natural, representative: None, auth_time, acr: Acr::Clave }
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Who acts for a company.
    #[must_use]
    pub fn representative(&self) -> Option<Rut> {
        self.representative
    }

    /// When the key was typed.
    #[must_use]
    pub fn auth_time(&self) -> Seconds {
        self.auth_time
    }

    /// How strongly.
    #[must_use]
    pub fn acr(&self) -> Acr {
        self.acr
    }
}

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyUse {
    /// It was the key.
    SignedIn(SignedIn),
    /// It was a provisional key: a key has to be set first, then the sign-in goes on.
    SetKeyFirst(AccountId, ProvisionalId),
}

/// What a session is good for in this sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionUse {
    /// Nothing: the key is asked for.
    AskKey,
    /// The person is asked whether to go on with it, and then for a code of a mail.
    AskCode,
    /// The person is asked whether to go on with it.
    Confirm,
    /// Nobody is asked.
    Silent,
}

/// What the person has agreed to before, with this system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectionOnFile {
    /// Whether they have ever entered it.
    pub is_known: bool,
    /// What they agreed to that still counts.
    pub agreed: Scopes,
}

/// The person is asked to agree. Who it is was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    to: Destination,
    who: SignedIn,
}

/// The right to be sent on, once: to “Mi cuenta”, or to a system with a code.
#[derive(Debug)]
pub struct Granted {
    to: Destination,
    who: SignedIn,
}

/// The end of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    to: Destination,
    /// Whether the person went back instead.
    denied: bool,
    /// Whether they had to: what the system requires could not be reached.
    #[serde(default)]
    unmet: bool,
}

impl Ended {
    /// Where it led.
    #[must_use]
    pub fn to(&self) -> &Destination {
        &self.to
    }

    /// Whether the person went back instead.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.denied
    }

    /// What the system gets in place of a code, if it gets none.
    #[must_use]
    pub fn error(&self) -> Option<OAuthError> {
        let error =
            if self.unmet { OAuthError::UnmetAuthenticationRequirements } else { OAuthError::AccessDenied };
        self.denied.then_some(error)
    }
}

impl SignIn {
    /// A sign-in that begins.
    #[must_use]
    pub fn begin(to: Destination) -> Self {
        Self::Ask(Asked { to })
    }

    /// Where it leads; none when nothing is known of it.
    #[must_use]
    pub fn to(&self) -> Option<&Destination> {
        match self {
            Self::Ask(asked) => Some(&asked.to),
            Self::Code(code) => Some(&code.to),
            Self::Consent(consent) => Some(&consent.to),
            Self::Done(ended) => Some(&ended.to),
            Self::Gone => None,
        }
    }

    /// Whether the right key, typed here, opens a session. A sign-in that is refused all the same opens none, so the session that the
    /// browser has stays.
    #[must_use]
    pub fn opens_session(&self) -> bool {
        match self {
            Self::Code(_) | Self::Consent(_) => true,
            Self::Done(ended) => ended.error().is_none(),
            Self::Ask(_) | Self::Gone => false,
        }
    }

    /// The person goes back to the system. None where the sign-in is over.
    #[must_use]
    pub fn deny(self) -> Option<Ended> {
        match self {
            Self::Ask(Asked { to }) | Self::Consent(Consent { to, .. }) => {
                Some(Ended { to, denied: true, unmet: false })
            }
            Self::Code(code) => Some(Ended { unmet: code.code().is_none(), to: code.to, denied: true }),
            Self::Done(_) | Self::Gone => None,
        }
    }
}

impl Asked {
    /// Where it leads.
    #[must_use]
    pub fn to(&self) -> &Destination {
        &self.to
    }

    /// The kinds of holders whose keys are accepted: those that the system accepts.
    #[must_use]
    pub fn kinds(client: Option<&Client>) -> &[Kind] {
        client.map_or(&Kind::ALL, |client| client.kinds.as_slice())
    }

    /// The key was checked. A company also brings the proof that SII names its representative.
    ///
    /// # Errors
    /// Why the key does not open anything; of a kind that the system does not accept, as of a wrong key.
    pub fn key(
        &self,
        client: Option<&Client>,
        (kind, identifier): (Kind, &Identifier),
        representative: Option<&Representative>,
        verdict: &KeyVerdict,
        now: Seconds,
    ) -> Result<KeyUse, FieldError> {
        let named = representative.filter(|named| *identifier == Identifier::Rut(named.company()));
        let lacks_representative = kind == Kind::Juridica && named.is_none();
        if lacks_representative || !self.is_for(client) || !Self::kinds(client).contains(&kind) {
            return Err(refused(kind, &KeyVerdict::Wrong));
        }
        match *verdict {
            KeyVerdict::Key(account) => {
                let representative = named.map(Representative::rut).filter(|_| kind == Kind::Juridica);
                let (auth_time, acr) = (now, Acr::Clave);
                Ok(KeyUse::SignedIn(SignedIn { account, kind, representative, auth_time, acr }))
            }
            KeyVerdict::Provisional(account, id) => Ok(KeyUse::SetKeyFirst(account, id)),
            _ => Err(refused(kind, verdict)),
        }
    }

    /// What a session is good for here. `before` is what is known of this person and this system.
    #[must_use]
    pub fn session(
        &self,
        client: Option<&Client>,
        who: &SignedIn,
        before: &ConnectionOnFile,
        now: Seconds,
    ) -> SessionUse {
        if !self.is_for(client) || !Self::kinds(client).contains(&who.kind) {
            return SessionUse::AskKey;
        }
        let Destination::System(request) = &self.to else { return SessionUse::Silent };
        let too_old = request.max_age().is_some_and(|most| who.auth_time.saturating_add(most.into()) < now);
        let Prompt { login, select_account, .. } = request.prompt();
        if login || too_old {
            SessionUse::AskKey
        } else if who.acr < request.acr() {
            SessionUse::AskCode
        } else if select_account || !before.is_known {
            SessionUse::Confirm
        } else {
            SessionUse::Silent
        }
    }

    /// The error for `prompt=none` when somebody would have to be asked; none when nobody has to.
    #[must_use]
    pub fn without_asking(
        &self,
        client: &Client,
        session: Option<(&SignedIn, SessionUse)>,
        before: &ConnectionOnFile,
    ) -> Option<OAuthError> {
        match session {
            // A code is authentication as well (OpenID Connect Core §3.1.2.6).
            None | Some((_, SessionUse::AskKey | SessionUse::AskCode)) => Some(OAuthError::LoginRequired),
            Some((_, SessionUse::Confirm)) => Some(OAuthError::InteractionRequired),
            Some((_, SessionUse::Silent)) if self.must_agree(Some(client), before) => {
                Some(OAuthError::ConsentRequired)
            }
            Some((_, SessionUse::Silent)) => None,
        }
    }

    /// Goes on with who has just typed the key, or confirmed a session.
    ///
    /// # Errors
    /// The system accepts no keys of this kind.
    pub fn go_on(
        self,
        client: Option<&Client>,
        who: SignedIn,
        before: &ConnectionOnFile,
    ) -> Result<Next, OAuthError> {
        if !self.is_for(client) || !Self::kinds(client).contains(&who.kind) {
            return Err(OAuthError::AccessDenied);
        }
        if self.to.request().is_some_and(|request| who.acr < request.acr()) {
            return Ok(Next::Code(NeedsCode { to: self.to, who }));
        }
        Ok(if self.must_agree(client, before) {
            Next::Consent(Consent { to: self.to, who })
        } else {
            Next::Granted(Granted { to: self.to, who })
        })
    }

    /// Whether this is the system of the request.
    fn is_for(&self, client: Option<&Client>) -> bool {
        self.to.client() == client.map(|client| &client.id)
    }

    fn must_agree(&self, client: Option<&Client>, before: &ConnectionOnFile) -> bool {
        let (Some(request), Some(client)) = (self.to.request(), client) else { return false };
        request.prompt().consent || !(client.first_party || request.scopes().within(&before.agreed))
    }
}

/// Where a proven person goes.
#[derive(Debug)]
pub enum Next {
    /// To the code of a mail, which is not sent yet.
    Code(NeedsCode),
    /// To the question whether the system may learn what it wants.
    Consent(Consent),
    /// On.
    Granted(Granted),
}

impl Consent {
    /// Where it leads.
    #[must_use]
    pub fn to(&self) -> &Destination {
        &self.to
    }

    /// Who is asked.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// The person agrees.
    #[must_use]
    pub fn agree(self) -> Granted {
        Granted { to: self.to, who: self.who }
    }
}

impl Granted {
    /// Who it is.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// What a code for the system is good for; none for “Mi cuenta”.
    #[must_use]
    pub fn grant(&self) -> Option<Grant> {
        let request = self.to.request()?;
        Some(Grant {
            client: request.client().clone(),
            redirect: request.redirect().to_owned(),
            scopes: request.scopes().clone(),
            nonce: request.nonce().map(str::to_owned),
            challenge: request.challenge().cloned(),
            who: self.who.clone(),
        })
    }

    /// The end of the flow, once the code is written.
    #[must_use]
    pub fn done(self) -> SignIn {
        SignIn::Done(Ended { to: self.to, denied: false, unmet: false })
    }
}

/// What a system was granted: what its code, and the tokens for it, are good for. Only [`Granted::grant`] makes one, and the store
/// reads it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    client: ClientId,
    redirect: String,
    scopes: Scopes,
    nonce: Option<String>,
    challenge: Option<Challenge>,
    who: SignedIn,
}

impl Grant {
    /// Whose it is.
    #[must_use]
    pub fn client(&self) -> &ClientId {
        &self.client
    }

    /// What the client may learn by it.
    #[must_use]
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// What stands in the ID token.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// Who signed in.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// A code for this is redeemed: by its client, for the URL that it was sent to, with the verifier of its challenge.
    ///
    /// # Errors
    /// [`OAuthError::InvalidGrant`] for everything that does not fit.
    pub fn redeem(
        &self,
        by: &Client,
        redirect: &str,
        verified: Option<&Challenge>,
    ) -> Result<(), OAuthError> {
        // A verifier without a challenge is refused, too: a code of another request may have been put in its place.
        let fits = by.id == self.client
            && self.may_enter(by)
            && redirect == self.redirect
            && verified == self.challenge.as_ref();
        if fits { Ok(()) } else { Err(OAuthError::InvalidGrant) }
    }

    /// Whether the client would let the person in now: by kind, and by how they signed in.
    #[must_use]
    pub fn may_enter(&self, client: &Client) -> bool {
        client.kinds.contains(&self.who.kind) && self.who.acr >= client.acr
    }

    /// The same, good for no more than these scopes.
    #[must_use]
    pub fn narrowed(self, to: &Scopes) -> Self {
        Self { scopes: self.scopes.and(to), ..self }
    }

    /// The same with no more than the client may learn now.
    #[must_use]
    pub fn within(self, client: &Client) -> Self {
        self.narrowed(&client.scopes)
    }
}

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
