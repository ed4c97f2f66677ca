//! The end of a recovery, N-REC-END: the provisional key and the messages that carry it.

use domain::clave::ProvisionalKey;
use domain::flow::contact::NewContact;
use domain::flow::recovery::{Destination, Grant, KeyOnScreen, KeySent, Proof, Recovery};
use domain::flow::{AccountId, Notice};
use sqlx::AnyConnection;

use super::RecoveryService;
use crate::clock::{DAY, HOUR};
use crate::courier::Facts;
use crate::flows::Flow;
use crate::message::{KeyProof, Recipient, Template};
use crate::secrets::random_below;
use crate::service::exit::{Exit, OrShow as _, Step};
use crate::service::{Result, contacts};
use crate::store::accounts::Account;
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::{StoreError, accounts, provisional};

impl RecoveryService<'_> {
    /// Makes the key, stores its hash, and writes the messages that carry it, in one transaction.
    pub(super) async fn issue(&self, flow: Flow<Recovery>, grant: Grant) -> Step<Recovery> {
        let backend = self.backend;
        let number = random_below(ProvisionalKey::COUNT).map_err(StoreError::from)?;
        let key = ProvisionalKey::from_number(number);
        let hash = backend.hasher.hash(key.expose()).await.or_show(&flow)?;
        let mut tx = backend.begin_outcome(self.caller).await?;
        let (now, account) = (tx.now(), accounts::lock(&mut tx, grant.account()).await?);
        if self.daily_cap(&mut tx, &grant).await? {
            // Checked again under the lock: of sixteen requests at once, all passed the first check.
            drop(tx);
            return self.capped(flow, account.id).await;
        }
        let (new, recipients) = destination(&grant, &account);
        let class = Template::ProvisionalKey.for_key(key_proof(&grant));
        let admitted = tx.admit(account.id, class, recipients).await?;
        if !admitted.has_mail() {
            // The mailbox has had as many keys as a day allows: none is made, and none is promised.
            drop(tx);
            return self.capped(flow, account.id).await;
        }
        let by_sms = admitted.has_sms();
        let until = now + backend.settings.provisional_ttl;
        let id =
            provisional::issue(&mut tx, account.id, (&hash, key_proof(&grant)), new.as_ref(), now, until)
                .await?;
        let shown = match backend.settings.show_provisional {
            true => Some(KeyOnScreen { id, sealed: backend.seal_for(flow.tag(), key.expose())? }),
            false => None,
        };
        let state = grant.sent(KeySent { by_sms, to_new: new.is_some(), until, shown });
        let ended = tx.end_flow(flow, state).await?;
        let facts = Facts {
            names: account.names.as_deref(),
            key: Some(&key),
            until: Some(until),
            hours: backend.settings.provisional_ttl / HOUR,
            public_url: &backend.settings.public_url,
            kind: self.kind,
            ..Facts::default()
        };
        tx.write_messages(account.id, Template::ProvisionalKey, admitted, facts).await?;
        let mut outcome = Outcome::ToRegisteredContact;
        if new.is_some() {
            let facts = Facts { key: None, ..facts };
            tx.enqueue_messages(account.id, Template::ContactChanged, contacts(&account), facts).await?;
            outcome = Outcome::ToNewContact;
        }
        Ok(tx.finish(ended, Record::new(account.id, Event::KeySent, outcome)).await?)
    }

    /// Whether the account has received as many provisional keys for this kind of proof as a day allows.
    pub(super) async fn daily_cap(&self, connection: &mut AnyConnection, grant: &Grant) -> Result<bool> {
        let since = self.backend.now() - DAY;
        let sent = provisional::count_since(connection, grant.account(), key_proof(grant), since).await?;
        Ok(sent >= self.backend.settings.keys_per_day)
    }

    /// Says that the daily cap is reached, and records it.
    pub(super) async fn capped(&self, flow: Flow<Recovery>, account: AccountId) -> Step<Recovery> {
        let connection = &mut *self.backend.store.connection().await?;
        let record = Record::new(account, Event::KeySent, Outcome::DailyCap);
        audit::write(connection, record, self.caller, self.backend.now()).await?;
        Err(Exit::show(flow, Notice::DailyCap))
    }
}

/// What the caps of keys tell apart.
fn key_proof(grant: &Grant) -> KeyProof {
    match grant.proof() {
        Proof::Answer => KeyProof::Answer,
        Proof::Document => KeyProof::Document,
    }
}

/// Where the key goes: the contact data that is new, if any, and the recipients.
fn destination(grant: &Grant, account: &Account) -> (Option<NewContact>, [Option<Recipient>; 2]) {
    match grant.destination() {
        Destination::Registered => (None, contacts(account)),
        // A user who said “NO” and typed what is on file has changed nothing, so nobody is warned of a change.
        Destination::New(contact) if is_on_file(contact, account) => (None, contacts(account)),
        Destination::New(contact) => {
            let to =
                [Some(Recipient::Mail(contact.email.clone())), contact.mobile.clone().map(Recipient::Sms)];
            (Some(contact.clone()), to)
        }
    }
}

/// Whether contact data that was typed is what the account has already. A company types no mobile; the one on file stays.
fn is_on_file(contact: &NewContact, account: &Account) -> bool {
    account.email.as_ref().is_some_and(|mail| mail.is_same(&contact.email))
        && (contact.mobile.is_none() || contact.mobile == account.mobile)
}
