//! The end of a recovery, N-REC-END: the provisional key and the messages that carry it.

use domain::clave::ProvisionalKey;
use domain::flow::contact::NewContact;
use domain::flow::recovery::{Destination, Grant, KeyOnScreen, KeySent, Recovery};
use domain::flow::{AccountId, Feedback, Notice};
use sqlx::AnyConnection;

use super::RecoveryService;
use crate::clock::{DAY, HOUR};
use crate::courier::Facts;
use crate::flows::Flow;
use crate::message::{Recipient, Template};
use crate::secrets::random_below;
use crate::service::{Moved, Result, contacts};
use crate::store::accounts::Account;
use crate::store::audit::{self, Event};
use crate::store::{StoreError, accounts, provisional};

impl RecoveryService<'_> {
    /// Makes the key, writes it down, and writes the messages that carry it: one transaction.
    pub(super) async fn issue(&self, mut flow: Flow<Recovery>, grant: Grant) -> Result<Moved<Recovery>> {
        let (backend, now) = (self.backend, self.backend.now());
        let number = random_below(ProvisionalKey::COUNT).map_err(StoreError::from)?;
        let key = ProvisionalKey::from_number(number);
        let hash = match backend.hasher.hash(key.expose()).await {
            Ok(hash) => hash,
            Err(busy) => return backend.refuse_busy(flow, busy).await,
        };
        let mut tx = backend.store.begin().await?;
        let account = accounts::lock(&mut tx, grant.account()).await?;
        if self.daily_cap(&mut tx, account.id).await? {
            // Asked again now that nobody else sends: sixteen requests at once have all come past the first time.
            drop(tx);
            return self.capped(flow, account.id).await;
        }
        let (new, recipients) = match grant.destination() {
            Destination::Registered => (None, contacts(&account)),
            // Whoever said “NO” and typed what is on file has changed nothing, and nobody is warned of it.
            Destination::New(contact) if is_on_file(contact, &account) => (None, contacts(&account)),
            Destination::New(contact) => (
                Some(contact.clone()),
                [Some(Recipient::Mail(contact.email.clone())), contact.mobile.clone().map(Recipient::Sms)],
            ),
        };
        let by_sms = recipients.iter().flatten().any(|to| matches!(to, Recipient::Sms(_)));
        let until = now + backend.settings.provisional_ttl;
        let id = provisional::issue(&mut tx, account.id, &hash, new.as_ref(), now, until).await?;
        let shown = match backend.settings.show_provisional {
            true => Some(KeyOnScreen { id, sealed: backend.seal_for(flow.tag(), key.expose())? }),
            false => None,
        };
        flow.state = grant.sent(KeySent { by_sms, to_new: new.is_some(), until, shown });
        flow.feedback = Feedback::default();
        flow.captcha = None;
        if !flow.save_outcome(&mut tx, backend.expiry()).await? {
            drop(tx);
            return backend.overtaken(flow, Recovery::Identify).await;
        }
        let facts = Facts {
            names: account.names.as_deref(),
            key: Some(&key),
            until: Some(until),
            hours: backend.settings.provisional_ttl / HOUR,
            public_url: &backend.settings.public_url,
            kind: self.kind,
            ..Facts::default()
        };
        backend.enqueue_messages(&mut tx, account.id, Template::ProvisionalKey, recipients, facts).await?;
        if new.is_some() {
            let facts = Facts { key: None, ..facts };
            backend
                .enqueue_messages(&mut tx, account.id, Template::ContactChanged, contacts(&account), facts)
                .await?;
        }
        let outcome = if new.is_some() { "to-new-contact" } else { "to-registered-contact" };
        audit::write(&mut tx, account.id, Event::KeySent, outcome, self.caller, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        backend.wake.notify_one();
        Ok(Moved { state: flow.state, token: None })
    }

    /// Whether the account has got as many provisional keys as a day allows.
    pub(super) async fn daily_cap(&self, connection: &mut AnyConnection, account: AccountId) -> Result<bool> {
        let since = self.backend.now() - DAY;
        let sent = provisional::count_since(connection, account, since).await?;
        Ok(sent >= self.backend.settings.keys_per_day)
    }

    pub(super) async fn capped(&self, flow: Flow<Recovery>, account: AccountId) -> Result<Moved<Recovery>> {
        {
            // Given back before the flow is kept: two connections for one request would wait for each other.
            let connection = &mut *self.backend.store.connection().await?;
            let now = self.backend.now();
            audit::write(connection, account, Event::KeySent, "daily-cap", self.caller, now).await?;
        }
        self.backend.save_and_show(flow, Notice::DailyCap).await
    }
}

/// Whether contact data that was given on the way is what the account has already. A company gives no mobile, and its own
/// stays what it is.
fn is_on_file(contact: &NewContact, account: &Account) -> bool {
    account.email.as_ref().is_some_and(|mail| mail.is_same(&contact.email))
        && (contact.mobile.is_none() || contact.mobile == account.mobile)
}
