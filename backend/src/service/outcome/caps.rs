//! Caps on messages: which recipients of a message are let through (docs/security.md#abuse-and-enumeration). Decided before the
//! message is written, here for every flow and the desk.
//!
//! A recipient is counted by a keyed hash, in the transaction of the message, so that a step that fails counts nothing. What the
//! step answers does not depend on it, unless the person has given a proof.

use domain::email::Email;
use domain::flow::AccountId;
use domain::phone::Mobile;

use super::OutcomeTx;
use crate::clock::{DAY, HOUR, Millis};
use crate::message::{Channel, MessageClass, Recipient, Template};
use crate::service::Result;
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::{accounts, quota};

/// The recipients of a message whom no cap stops.
#[derive(Default)]
pub(in crate::service) struct Admitted {
    to: Vec<Recipient>,
    sender_capped: bool,
}

impl Admitted {
    /// Whether a mail goes out.
    pub(in crate::service) fn has_mail(&self) -> bool {
        self.to.iter().any(|to| matches!(to, Recipient::Mail(_)))
    }

    /// Whether an SMS goes out.
    pub(in crate::service) fn has_sms(&self) -> bool {
        self.to.iter().any(|to| matches!(to, Recipient::Sms(_)))
    }

    /// Whether an SMS goes out to this mobile.
    pub(in crate::service) fn has_sms_to(&self, mobile: &Mobile) -> bool {
        self.to.iter().any(|to| matches!(to, Recipient::Sms(to) if to == mobile))
    }

    /// Whether the caller's network has caused as many messages as an hour allows.
    pub(in crate::service) fn is_sender_capped(&self) -> bool {
        self.sender_capped
    }

    /// Those to this mail address, and the others.
    pub(in crate::service) fn split(self, email: &Email) -> (Self, Self) {
        let sender_capped = self.sender_capped;
        let (mail, others) =
            self.to.into_iter().partition(|to| matches!(to, Recipient::Mail(to) if to.is_same(email)));
        (Self { to: mail, sender_capped }, Self { to: others, sender_capped })
    }

    /// To how many.
    pub(super) fn len(&self) -> usize {
        self.to.len()
    }

    pub(super) fn into_recipients(self) -> Vec<Recipient> {
        self.to
    }
}

impl OutcomeTx<'_> {
    /// Counts a message to each recipient that there is, and returns those whom no cap stops. The others are left out: counted for
    /// the metrics, and recorded in the audit.
    pub(in crate::service) async fn admit(
        &mut self,
        account: AccountId,
        class: impl Into<MessageClass>,
        recipients: impl IntoIterator<Item = Option<Recipient>>,
    ) -> Result<Admitted> {
        let class = class.into();
        // In the order of their hashes: two transactions with the same recipients must not wait for each other.
        let mut hashed: Vec<_> = recipients
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(place, to)| (self.backend.secrets.mac_text("recipient", &[&to.folded()]), place, to))
            .collect();
        hashed.sort_by(|a, b| a.0.cmp(&b.0));
        let (mut admitted, mut caps) = (Vec::with_capacity(hashed.len()), Vec::new());
        for (hash, place, to) in hashed {
            match self.cap(account, class, (&hash, &to)).await? {
                None => admitted.push((place, to)),
                Some(cap) => caps.push(cap),
            }
        }
        // In one order, too: each of these is a row that other transactions count in.
        caps.sort_by_key(|cap| cap.word());
        for cap in &caps {
            if !self.is_rehearsal {
                self.backend.limits.note_left_out(*cap);
            }
            self.record(Record::new(account, Event::MessageLeftOut, *cap)).await?;
        }
        let sender_capped = caps.contains(&Outcome::SenderCap);
        admitted.sort_by_key(|(place, _)| *place);
        Ok(Admitted { to: admitted.into_iter().map(|(_, to)| to).collect(), sender_capped })
    }

    /// The cap that stops this message, if one does.
    async fn cap(
        &mut self,
        account: AccountId,
        class: MessageClass,
        (recipient, to): (&str, &Recipient),
    ) -> Result<Option<Outcome>> {
        let (backend, now) = (self.backend, self.now);
        let settings = &backend.settings;
        let is_sms = matches!(to, Recipient::Sms(_));
        if is_sms && settings.sms_per_hour > 0 {
            // Notices to the owner of an identity that the caller has not proven have a tenth of their own: else the end of the budget
            // would show that there is an account.
            let to_owner = class.template == Template::RegisteredAgain;
            let most =
                if to_owner { settings.sms_per_hour.div_euclid(10).max(1) } else { settings.sms_per_hour };
            if quota::sms_since(&mut self.tx, now - HOUR, (to_owner, most)).await? >= most {
                // Strangers can use up those notices at will: that is no failure of the service.
                if !to_owner {
                    self.alarm();
                }
                return Ok(Some(Outcome::SmsBudget));
            }
        }
        if settings.messages_per_address > 0
            && class.is_capped_by_sender()
            && let Some(sender) = self.sender(class.template)
            && quota::sent_by(&mut self.tx, &sender, now - HOUR, settings.messages_per_address).await?
                >= settings.messages_per_address
        {
            return Ok(Some(Outcome::SenderCap));
        }
        let today = now.div_euclid(DAY).to_string();
        let channel = if is_sms { Channel::Sms } else { Channel::Mail };
        if account != audit::NOBODY {
            let parts = [&account.0.to_string(), recipient, channel.word(), today.as_str()];
            let subject = backend.secrets.mac_text("recipient of an account today", &parts);
            let purpose = format!("{}/own", class.word());
            if quota::take(&mut self.tx, &purpose, &subject, class.own_per_day(), now).await?
                && self.has_share(account, class, (recipient, channel), now).await?
            {
                return Ok(None);
            }
        }
        let subject = backend.secrets.mac_text("recipient today", &[recipient, channel.word(), &today]);
        let free = quota::take(&mut self.tx, &class.word(), &subject, class.most_per_day(), now).await?;
        Ok((!free).then_some(Outcome::RecipientCap))
    }

    /// Whether an account whose own messages are not used up may have one more beside the cap of the recipient. Contact data that nobody
    /// proved may be another person's: all such accounts together have few.
    async fn has_share(
        &mut self,
        account: AccountId,
        class: MessageClass,
        (recipient, channel): (&str, Channel),
        now: Millis,
    ) -> Result<bool> {
        if accounts::is_contact_proven(&mut self.tx, account).await? {
            return Ok(true);
        }
        let today = now.div_euclid(DAY).to_string();
        let parts = [recipient, channel.word(), today.as_str()];
        let subject = self.backend.secrets.mac_text("recipient of unproven accounts today", &parts);
        let purpose = format!("{}/unproven", class.word());
        Ok(quota::take(&mut self.tx, &purpose, &subject, class.unproven_per_day(), now).await?)
    }

    /// The keyed hash of the caller's network, under which this message counts. None of a command on the server itself. Notices to
    /// the owner of an identity that the caller has not proven count apart: else messages of the caller's own, left out a little
    /// earlier, would show that there is an account.
    pub(super) fn sender(&self, template: Template) -> Option<String> {
        let network = self.caller.address.map(|_| self.caller.network())?;
        let to = if template == Template::RegisteredAgain { "owner" } else { "any" };
        Some(self.backend.secrets.mac_text("sender", &[&network, to]))
    }

    /// Says in the log, once an hour, that SMS are left out.
    fn alarm(&self) {
        if !self.is_rehearsal && self.backend.limits.is_first_alarm_of_hour(self.now.div_euclid(HOUR)) {
            let budget = self.backend.settings.sms_per_hour;
            tracing::error!(budget, "the hourly budget of SMS is spent: SMS are left out, mails still go");
        }
    }
}
