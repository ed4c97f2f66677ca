//! The end of a recovery, N-REC-END: the provisional key and the messages that carry it.

use domain::clave::ProvisionalKey;
use domain::flow::contact::{ContactProof, NewContact};
use domain::flow::key::ProvisionalId;
use domain::flow::recovery::{Destination, Grant, KeyOnScreen, KeySent, Proof, Recovery};
use domain::flow::{AccountId, Feedback, Notice};
use sqlx::AnyConnection;

use super::RecoveryService;
use crate::clock::{DAY, HOUR, Millis};
use crate::courier::Facts;
use crate::flows::Flow;
use crate::message::{Recipient, Template};
use crate::secrets::random_below;
use crate::service::exit::{Exit, OrShow as _, Step};
use crate::service::outcome::{Admitted, OutcomeTx};
use crate::service::{Result, contacts};
use crate::store::accounts::Account;
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::provisional::{self, KeyContact, KeyProof};
use crate::store::{StoreError, accounts};

impl RecoveryService<'_> {
    /// Makes the key, stores its hash, and writes the messages that carry it, in one transaction.
    pub(super) async fn issue(&self, mut flow: Flow<Recovery>, grant: Grant) -> Step<Recovery> {
        let backend = self.backend;
        let number = random_below(ProvisionalKey::COUNT).map_err(StoreError::from)?;
        let key = ProvisionalKey::from_number(number);
        let hash = backend.hasher.hash(key.expose()).await.or_show(&flow)?;
        let system = backend.sign_in(self.caller).unfinished().await?.pop().map(|(_, client)| client.id);
        let mut tx = backend.begin_outcome(self.caller).await?;
        let (now, account) = (tx.now(), accounts::lock(&mut tx, grant.account()).await?);
        if self.daily_cap(&mut tx, &grant).await? {
            // Checked again under the lock: of sixteen requests at once, all passed the first check.
            drop(tx);
            return self.capped(flow, account.id).await;
        }
        if let Some(choice) = grant.to_confirm_again(backend.offered_contact(Some(&account))) {
            drop(tx);
            flow.state = choice.ask();
            return Ok(backend.save_and_show(flow, Feedback::default()).await?);
        }
        let given = given_contact(&grant, &account, backend.checks_documents(self.kind));
        let new = given.as_ref().map(|given| &given.contact).filter(|new| !account.has_contact(new));
        let recipients = new.map_or_else(|| contacts(&account), recipients);
        let proof = key_proof(&grant);
        let admitted = tx.admit(account.id, Template::ProvisionalKey.for_key(proof), recipients).await?;
        if !admitted.has_mail() {
            // No key is made, and none is promised.
            drop(tx);
            if admitted.is_sender_capped() {
                let connection = &mut *backend.store.connection().await?;
                let record = Record::new(account.id, Event::MessageLeftOut, Outcome::SenderCap);
                audit::write(connection, record, self.caller, now).await?;
                return Err(Exit::show(flow, Notice::ManyMessages));
            }
            return self.capped(flow, account.id).await;
        }
        let by_sms = admitted.has_sms();
        let until = now + backend.settings.provisional_ttl;
        let to_mail = new.map(|new| &new.email).or(account.email.as_ref());
        let only_mail = to_mail.filter(|_| !by_sms && !backend.settings.show_provisional);
        let mailed_to = only_mail.map(|email| backend.mail_mac(email));
        let with = (proof, given.as_ref(), mailed_to.as_deref());
        let id = provisional::issue(&mut tx, account.id, &hash, with, now, until).await?;
        if let Some(system) = system {
            provisional::for_system(&mut tx, id, &system).await?;
        }
        let doubted = given.as_ref().is_some_and(|given| !given.proven);
        if doubted {
            // If the address is another person's, the owner is asked for one the next time.
            accounts::set_contact_proof(&mut tx, account.id, account.contact_proof.doubted()).await?;
        }
        let shown = self.on_screen(&flow, id, &key)?;
        let (to, to_mobile) = grant.shown();
        let state = grant.sent(KeySent {
            by_sms,
            to_new: new.is_some(),
            doubted,
            account: Some(account.id),
            // The one who showed the cédula, or one whom SII names beside them and who has acted since: any other would have ended this
            // flow.
            representative: account.representative.filter(|_| proof == KeyProof::Identity),
            to,
            to_mobile: to_mobile.filter(|_| by_sms),
            until,
            shown,
        });
        let ended = tx.end_flow(flow, state).await?;
        self.write_messages(&mut tx, &account, (&key, until), (admitted, new.is_some())).await?;
        let outcome = if new.is_some() { Outcome::ToNewContact } else { Outcome::ToRegisteredContact };
        Ok(tx.finish(ended, Record::new(account.id, Event::KeySent, outcome)).await?)
    }

    /// V-SHOW: the key for the last page, where the configuration has it shown.
    fn on_screen(
        &self,
        flow: &Flow<Recovery>,
        id: ProvisionalId,
        key: &ProvisionalKey,
    ) -> Result<Option<KeyOnScreen>> {
        if !self.backend.settings.show_provisional {
            return Ok(None);
        }
        Ok(Some(KeyOnScreen { id, sealed: self.backend.seal_for(flow.tag(), key.expose())? }))
    }

    /// Writes the messages that carry the key, and notices to the contact data on file when it goes elsewhere.
    async fn write_messages(
        &self,
        tx: &mut OutcomeTx<'_>,
        account: &Account,
        (key, until): (&ProvisionalKey, Millis),
        (admitted, to_new): (Admitted, bool),
    ) -> Result<()> {
        let settings = &self.backend.settings;
        let facts = Facts {
            names: account.names.as_deref(),
            key: Some(key),
            until: Some(until),
            hours: settings.provisional_ttl / HOUR,
            public_url: &settings.public_url,
            kind: self.kind,
            ..Facts::default()
        };
        tx.write_messages(account.id, Template::ProvisionalKey, admitted, facts).await?;
        if to_new {
            let facts = Facts { key: None, names: account.names_for_notices(self.kind), ..facts };
            tx.enqueue_messages(account.id, Template::ContactChanged, contacts(account), facts).await?;
        }
        Ok(())
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
        Proof::Answer => KeyProof::Secret,
        Proof::Document => KeyProof::Identity,
    }
}

/// The contact data that the holder of the document gave or confirmed; None after an answer, which proves less. What was confirmed by
/// a part of it is proven only if it was before.
/// `checked` says that a registry checks documents of this kind.
fn given_contact(grant: &Grant, account: &Account, checked: bool) -> Option<KeyContact> {
    match (grant.destination(), grant.proof()) {
        (Destination::New(contact), _) => Some(KeyContact { contact: contact.clone(), proven: checked }),
        (Destination::Registered, Proof::Document) => {
            let (mobile, proven) = (account.mobile.clone(), account.contact_proof == ContactProof::Proven);
            account.email.clone().map(|email| KeyContact { contact: NewContact { email, mobile }, proven })
        }
        (Destination::Registered, Proof::Answer) => None,
    }
}

fn recipients(contact: &NewContact) -> [Option<Recipient>; 2] {
    [Some(Recipient::Mail(contact.email.clone())), contact.mobile.clone().map(Recipient::Sms)]
}
