//! The code of a mail (A-MAIL): who types it has read a message at that address. It proves nothing else, and changes nothing but when
//! the address was confirmed.

use domain::email::Email;
use domain::flow::{AccountId, Verdict};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::mail_code::MailCode;

use super::CheckedAttempt;
use crate::limits::{AttemptKind, Letters};
use crate::secrets::random_below;
use crate::service::exit::Check;
use crate::service::outcome::OutcomeTx;
use crate::service::{Backend, Caller, Result, id_of, wait_notice};
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::{StoreError, mail_codes};

impl Backend {
    /// Makes the code of a mail that goes to this address now. It is bound to both: of an account that has another address on file it
    /// is a right code that confirms nothing.
    pub(in crate::service) async fn new_mail_code(
        &self,
        tx: &mut OutcomeTx<'_>,
        account: AccountId,
        to: &Email,
    ) -> Result<MailCode> {
        let code = MailCode::from_random(random_below(MailCode::COUNT).map_err(StoreError::from)?);
        let now = tx.now();
        mail_codes::insert(&mut *tx, &self.code_id(account, &code), &self.mail_mac(to), now).await?;
        Ok(code)
    }

    /// The code that somebody typed. Right is every code that was sent for this identity, to whatever address: whether that is the one
    /// on file must not show, or the sender of a registration would learn that there was an account. The statements are the same, too.
    pub(in crate::service) async fn try_mail_code(
        &self,
        (kind, identifier): (Kind, &Identifier),
        code: &MailCode,
        caller: &Caller,
    ) -> Check<CheckedAttempt<Verdict>> {
        let (now, account) = (self.now(), self.account(kind, identifier).await?);
        let who = Some((kind, identifier));
        let counted = self.limits.count(AttemptKind::MailCode, who, (caller, Letters::None), now).await?;
        let counted = counted.map_err(|wait| wait_notice(wait, now))?;
        let mut tx = self.store.begin().await?;
        let sent_to = mail_codes::find(&mut tx, &self.code_id(id_of(account.as_ref()), code), now).await?;
        let on_file = account.as_ref().and_then(|account| account.email.as_ref());
        let on_file = on_file.filter(|email| sent_to.as_ref() == Some(&self.mail_mac(email)));
        let verdict = if sent_to.is_some() { Verdict::Right } else { Verdict::Wrong };
        // About whom the row is: a code that came to another address than that on file is none of the owner's.
        let (about, outcome) = match (verdict, on_file) {
            (Verdict::Wrong, _) => (id_of(account.as_ref()), Outcome::Wrong),
            (Verdict::Right, Some(_)) => (id_of(account.as_ref()), Outcome::Right),
            (Verdict::Right, None) => (audit::NOBODY, Outcome::NothingChanged),
        };
        if verdict == Verdict::Right {
            mail_codes::confirm(&mut tx, about, on_file.map_or("", Email::as_str), now).await?;
        }
        audit::write(&mut tx, Record::new(about, Event::MailCode, outcome), caller, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(CheckedAttempt { identifier: identifier.clone(), account, verdict, counted })
    }

    fn code_id(&self, account: AccountId, code: &MailCode) -> String {
        self.secrets.mac_text("mail code", &[&account.0.to_string(), code.expose()])
    }

    /// A keyed hash of a mail address, whatever the case of its letters.
    pub(in crate::service) fn mail_mac(&self, email: &Email) -> String {
        self.secrets.mac_text("mail of code", &[&email.as_str().to_ascii_lowercase()])
    }
}
