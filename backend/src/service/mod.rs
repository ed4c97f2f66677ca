//! The services: each step of each flow, from what was typed to what is kept and sent. `domain` decides; here it is
//! asked, told what the outside says, and its decision is written down in one transaction.

pub mod change;
pub mod decoys;
pub mod officers;
mod proofs;
pub mod recovery;
pub mod registration;
mod representative;
pub mod request;
pub mod review;
pub mod update;

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::flow::recovery::Recovery;
use domain::flow::{AccountId, CaptchaVerdict, Notice, Say};
use domain::identifier::Identifier;
use domain::kind::Kind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::AnyConnection;
use tokio::sync::Notify;

use crate::captcha;
use crate::clock::{Clock, Millis};
use crate::courier::message::{Facts, Recipient, Template, compose};
use crate::declaration::DeclarationError;
use crate::files::{Files, FilesError};
use crate::flows::{Flow, Token, Typed};
use crate::hashing::{Busy, Hasher};
use crate::limits::{Limits, Purpose, Wait};
use crate::registry::{CivilRegistry, TaxRegistry};
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::store::accounts::Account;
use crate::store::{Store, StoreError, accounts, audit, outbox, provisional};

/// Why a step could not be carried out; never the fault of the person at the screen.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many keys wait to be hashed: 503, try again in a moment.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The store of uploaded files failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The “Declaración Jurada” could not be made.
    #[error(transparent)]
    Declaration(#[from] DeclarationError),
}

/// Result of a service.
pub type Result<T> = std::result::Result<T, ServiceError>;

/// Everything that the screens may ask of the back.
#[derive(Clone)]
pub struct Backend {
    /// The database.
    pub store: Store,
    /// Keys derived from the configuration's secret.
    pub secrets: Secrets,
    /// argon2id.
    pub hasher: Hasher,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Registro Civil.
    pub civil: CivilRegistry,
    /// SII.
    pub tax: TaxRegistry,
    /// What companies have sent.
    pub files: Files,
    /// What the operator set.
    pub settings: Settings,
    /// Counters of tries.
    pub limits: Limits,
    /// What those are shown who have no account.
    pub decoys: decoys::Decoys,
    /// Rung when a message was written to the outbox.
    pub wake: Arc<Notify>,
}

/// Who knocks: known by address only.
#[derive(Clone, Default)]
pub struct Caller {
    /// The address, after trusted proxies were taken off.
    pub address: Option<IpAddr>,
    /// Joins what the person sees with what the logs and the audit say.
    pub request: String,
}

impl Caller {
    /// What is counted as one address: an IPv4 address, or the /64 of an IPv6 one.
    #[must_use]
    pub fn network(&self) -> String {
        self.cut(32, 64)
    }

    /// The prefix that the audit keeps: /24 of IPv4, /48 of IPv6.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.cut(24, 48)
    }

    fn cut(&self, v4: u32, v6: u32) -> String {
        match self.address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => {
                let bits = u32::from(address) & u32::MAX.checked_shl(32 - v4).unwrap_or(0);
                format!("{}/{v4}", std::net::Ipv4Addr::from(bits))
            }
            Some(IpAddr::V6(address)) => {
                let bits = u128::from(address) & u128::MAX.checked_shl(128 - v6).unwrap_or(0);
                format!("{}/{v6}", std::net::Ipv6Addr::from(bits))
            }
            None => "-".to_owned(),
        }
    }
}

/// What comes with every form of a flow.
#[derive(Debug, Clone, Copy)]
pub struct Posted<'a> {
    /// The token of the cookie.
    pub token: Option<&'a Token>,
    /// The tag of the flow whose page this was.
    pub tag: &'a str,
    /// The captcha that the page showed.
    pub captcha: &'a str,
}

/// Where the person goes next.
#[derive(Debug)]
pub struct Moved<S> {
    /// The state, which names the page.
    pub state: S,
    /// The token for the cookie, when it is a new one.
    pub token: Option<Token>,
}

/// The state of a flow, as the store keeps it.
trait State: Serialize + DeserializeOwned + Clone + PartialEq {}

impl<S: Serialize + DeserializeOwned + Clone + PartialEq> State for S {}

/// The flow of a form that came in.
enum Found<S> {
    /// It is there, and the form is one of its pages.
    Here(Flow<S>),
    /// The form was carried out a moment ago; this is the same form again.
    Again(Flow<S>, Token),
    /// The page belongs to another flow than the cookie.
    OtherTab(Flow<S>),
    /// It has expired, or never was.
    Gone,
}

impl Backend {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    fn expiry(&self) -> Millis {
        self.now() + self.settings.flow_ttl
    }

    /// The flow of a cookie, for showing its page.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    async fn flow<S: State>(&self, name: &str, token: Option<&Token>) -> Result<Option<Flow<S>>> {
        let Some(token) = token else { return Ok(None) };
        let connection = &mut *self.store.connection().await?;
        Ok(Flow::find(connection, name, token, self.now()).await?)
    }

    /// The flow of a form. `mac` is the keyed hash of the whole form.
    async fn found<S: State>(&self, name: &str, posted: &Posted<'_>, mac: &str) -> Result<Found<S>> {
        let Some(token) = posted.token else { return Ok(Found::Gone) };
        let connection = &mut *self.store.connection().await?;
        let now = self.now();
        if let Some(flow) = Flow::find(connection, name, token, now).await? {
            let same = flow.tag() == posted.tag;
            return Ok(if same { Found::Here(flow) } else { Found::OtherTab(flow) });
        }
        Ok(match Flow::find_renewed(connection, token, mac, now).await? {
            Some((flow, token)) => Found::Again(flow, token),
            None => Found::Gone,
        })
    }

    /// The flow of a form; or, when there is none to carry it out on, where the person goes instead: on in the flow that is
    /// there, or to the `first` step of a new one.
    async fn found_or_first<S: State>(
        &self,
        name: &str,
        posted: &Posted<'_>,
        mac: &str,
        first: S,
    ) -> Result<std::result::Result<Flow<S>, Moved<S>>> {
        Ok(match self.found(name, posted, mac).await? {
            Found::Here(flow) => Ok(flow),
            Found::Again(flow, token) => Err(Moved { state: flow.state, token: Some(token) }),
            Found::OtherTab(flow) => Err(self.stay(flow, Notice::OtherTab).await?),
            Found::Gone => Err(self.start(name, first, Typed::default(), Notice::Expired).await?),
        })
    }

    /// Ends the flow of a cookie, where another begins.
    async fn end_old<S: State>(&self, name: &str, token: Option<&Token>) -> Result<()> {
        if let Some(old) = self.flow::<S>(name, token).await? {
            old.delete(&mut *self.store.connection().await?).await?;
        }
        Ok(())
    }

    /// A keyed hash of everything in a form, so that the same form can be told when it comes twice.
    fn form_mac(&self, step: &str, posted: &Posted<'_>, fields: &[&str]) -> String {
        let token = posted.token.map_or("", Token::expose);
        let parts: Vec<&str> = [step, token].iter().chain(fields).copied().collect();
        self.secrets.mac_text("form", &parts)
    }

    /// Opens a flow that has only something to say, such as an error at its first step.
    async fn open<S: State>(&self, name: &str, state: S, typed: Typed, say: Say) -> Result<(Flow<S>, Token)> {
        let connection = &mut *self.store.connection().await?;
        Ok(Flow::open(connection, name, state, typed, say, self.expiry()).await?)
    }

    /// Opens a flow with something to say, and moves there.
    async fn start<S: State>(
        &self,
        name: &str,
        state: S,
        typed: Typed,
        say: impl Into<Say>,
    ) -> Result<Moved<S>> {
        let (flow, token) = self.open(name, state, typed, say.into()).await?;
        Ok(Moved { state: flow.state, token: Some(token) })
    }

    /// Writes a flow and moves to its page; when another request was faster, to wherever that one led.
    async fn keep<S: State>(&self, mut flow: Flow<S>) -> Result<Moved<S>> {
        let connection = &mut *self.store.connection().await?;
        if flow.save(connection, self.expiry()).await? {
            return Ok(Moved { state: flow.state, token: None });
        }
        let state = flow.stands(connection).await?.unwrap_or(flow.state);
        Ok(Moved { state, token: None })
    }

    /// Another request was faster: to wherever that one led, or, when it has ended this flow, to the `first` step.
    async fn overtaken<S: State>(&self, flow: Flow<S>, first: S) -> Result<Moved<S>> {
        let stands = flow.stands(&mut *self.store.connection().await?).await?;
        match stands {
            Some(state) => Ok(Moved { state, token: None }),
            None => self.start(flow.name(), first, Typed::default(), Notice::Expired).await,
        }
    }

    /// Keeps the flow where it is, with something to say.
    async fn stay<S: State>(&self, mut flow: Flow<S>, say: impl Into<Say>) -> Result<Moved<S>> {
        flow.say = say.into();
        self.keep(flow).await
    }

    /// Too many keys wait to be hashed: keeps the flow, whose captcha is a new one by now, and says so.
    async fn put_off<S: State>(&self, flow: Flow<S>, busy: Busy) -> Result<Moved<S>> {
        self.stay(flow, Notice::Busy).await?;
        Err(busy.into())
    }

    /// Writes a flow that rose in trust, under a new token. When the very same form was carried out by another request
    /// at the same moment (a double click), that one's flow is handed over.
    async fn rise<S: State>(
        &self,
        mut flow: Flow<S>,
        posted: &Posted<'_>,
        mac: &str,
        first: S,
    ) -> Result<Moved<S>> {
        let mut tx = self.store.begin().await?;
        let now = self.now();
        if flow.save_outcome(&mut tx, self.expiry()).await? {
            let token = flow.renew(&mut tx, mac, now).await?;
            tx.commit().await.map_err(StoreError::from)?;
            return Ok(Moved { state: flow.state, token: Some(token) });
        }
        drop(tx);
        let renewed = match posted.token {
            Some(token) => {
                let connection = &mut *self.store.connection().await?;
                Flow::<S>::find_renewed(connection, token, mac, now).await?
            }
            None => None,
        };
        match renewed {
            Some((flow, token)) => Ok(Moved { state: flow.state, token: Some(token) }),
            None => self.overtaken(flow, first).await,
        }
    }

    /// Gives a flow a new captcha; what was typed for the last one is forgotten.
    async fn draw_captcha<S: State>(&self, flow: &mut Flow<S>) -> Result<()> {
        let fixed = self.settings.captcha_fixed.as_deref();
        let expires = self.now() + self.settings.captcha_ttl;
        let connection = &mut *self.store.connection().await?;
        flow.captcha = Some(captcha::create(connection, flow.tag(), fixed, expires).await?);
        flow.typed.forget(domain::field::Field::Captcha);
        Ok(())
    }

    /// Checks a captcha of a flow, counted per address. Only the captcha that the page showed can be the right one.
    async fn check_captcha<S: State>(
        &self,
        flow: &Flow<S>,
        posted: &Posted<'_>,
        typed: &str,
        caller: &Caller,
    ) -> Result<std::result::Result<CaptchaVerdict, Wait>> {
        let now = self.now();
        let counted = match self.limits.count(Purpose::Captcha, None, caller, now).await? {
            Ok(counted) => counted,
            Err(wait) => return Ok(Err(wait)),
        };
        let shown = flow.captcha.as_deref().filter(|id| *id == posted.captcha);
        let verdict =
            captcha::check(&mut *self.store.connection().await?, shown, flow.tag(), typed, now).await?;
        if verdict == CaptchaVerdict::Right {
            self.limits.succeeded(counted).await?;
        }
        Ok(Ok(verdict))
    }

    /// The account of a RUT or NIE.
    async fn account(&self, kind: Kind, who: &Identifier) -> Result<Option<Account>> {
        Ok(accounts::find(&mut *self.store.connection().await?, kind, &who.plain()).await?)
    }

    /// Seals a secret that a page of a flow will show; only with the tag of that flow can it be opened.
    fn seal_for(&self, tag: &str, secret: &str) -> Result<String> {
        let sealed = self.secrets.seal(tag.as_bytes(), secret.as_bytes()).map_err(StoreError::from)?;
        Ok(BASE64.encode(sealed))
    }

    /// V-SHOW: the provisional key that the last page of a recovery shows, while it counts: not once it was used, replaced
    /// by a newer one, or has expired.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn shown_key(&self, flow: &Flow<Recovery>) -> Result<Option<String>> {
        let Recovery::Sent(sent) = &flow.state else { return Ok(None) };
        let Some(shown) = &sent.shown else { return Ok(None) };
        if !provisional::counts(&mut *self.store.connection().await?, shown.id, self.now()).await? {
            return Ok(None);
        }
        let sealed = BASE64.decode(&shown.sealed).map_err(|_| StoreError::Corrupt("flow"))?;
        Ok(self
            .secrets
            .open(flow.tag().as_bytes(), &sealed)
            .ok()
            .and_then(|key| String::from_utf8(key.to_vec()).ok()))
    }

    /// Writes a message to the outbox for each recipient that is there.
    async fn tell(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        template: Template,
        recipients: impl IntoIterator<Item = Option<Recipient>>,
        facts: Facts<'_>,
    ) -> Result<()> {
        for to in recipients.into_iter().flatten() {
            let message = compose(template, to, facts);
            outbox::insert(connection, &self.secrets, account, &message, self.now()).await?;
        }
        Ok(())
    }
}

/// The mail address and the mobile of an account, as recipients.
fn contacts(account: &Account) -> [Option<Recipient>; 2] {
    [account.email.clone().map(Recipient::Mail), account.mobile.clone().map(Recipient::Sms)]
}

/// Under which number an event is recorded: what touches a RUT without an account costs the same, and names nobody.
fn id_of(account: Option<&Account>) -> AccountId {
    account.map_or(audit::NOBODY, |account| account.id)
}

/// What a wait says.
fn wait_notice(wait: Wait, now: Millis) -> Say {
    Notice::Wait { minutes: wait.minutes(now) }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_whole_in_v4_and_by_its_64_in_v6() {
        let caller = |address: &str| Caller { address: address.parse().ok(), request: String::new() };
        assert_eq!(caller("203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("203.0.113.77").prefix(), "203.0.113.0/24");
        assert_eq!(caller("::ffff:203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").network(), "2001:db8:1:2::/64");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").prefix(), "2001:db8:1::/48");
        assert_eq!(caller("nowhere").network(), "-");
    }
}
