//! The legal representative of a company: valid is only whom SII names today (R-SII). A change is noticed, recorded, and notified
//! to the company.

use std::collections::BTreeSet;

use domain::field::{Field, FieldError, Reason};
use domain::flow::key::wrong;
use domain::flow::{Feedback, Notice, Representative, RepresentativeRefused, TaxAnswer};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::rut::Rut;

use super::exit::Check;
use super::{Backend, Caller, Result, contacts, wait_or_letters};
use crate::courier::Facts;
use crate::limits::{AttemptKind, Counted, Letters};
use crate::message::Template;
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::provisional::KeyProof;
use crate::store::{StoreError, browsers, representatives};

/// An attempt to name a representative, which SII has answered.
pub(super) struct Representing {
    /// The person.
    pub(super) rut: Rut,
    /// What SII said.
    pub(super) answer: TaxAnswer,
    counted: Counted,
}

impl Representing {
    /// SII names this person: the counters start again.
    pub(super) async fn succeeded(self, backend: &Backend) -> Result<()> {
        Ok(backend.limits.succeeded(self.counted).await?)
    }

    /// SII does not: the error, and the wait that follows. When SII is down, the attempt is not counted.
    pub(super) async fn refused(self, backend: &Backend, refused: RepresentativeRefused) -> Result<Feedback> {
        let now = backend.now();
        Ok(match refused {
            RepresentativeRefused::Field(error) => {
                let wait = self.counted.wait_if_wrong(now);
                let notice = wait.map(|wait| Notice::Wait { minutes: wait.minutes(now) });
                Feedback { errors: vec![error], notice }
            }
            RepresentativeRefused::RegistryDown => {
                backend.limits.uncount(self.counted).await?;
                Notice::TaxRegistryDown.into()
            }
        })
    }
}

impl Backend {
    /// “Rut Representante Legal”: asks SII. Counted per company, whether or not it has an account.
    pub(super) async fn try_representative(
        &self,
        company: &Identifier,
        text: &str,
        (caller, letters): (&Caller, Letters),
    ) -> Check<Representing> {
        let rut = Rut::parse(text).map_err(|error| FieldError::new(Field::Representative, error.into()))?;
        let (now, subject) = (self.now(), Some((Kind::Juridica, company)));
        let counted = self.limits.count(AttemptKind::Representative, subject, (caller, letters), now).await?;
        let counted = counted.map_err(|wait| wait_or_letters(wait, Kind::Juridica, now))?;
        let answer = match company {
            Identifier::Rut(company) => self.tax.check(*company, rut).await,
            Identifier::Nie(_) | Identifier::Document(_) => TaxAnswer::NoSuchCompany,
        };
        // A registry that is down says nothing about a company, and the log has it. Without this, anybody could fill the audit.
        if answer != TaxAnswer::TechnicalFailure {
            let account = self.account(Kind::Juridica, company).await?;
            self.record(account.as_ref(), Event::Representative, outcome_of(&answer), caller).await?;
        }
        Ok(Representing { rut, answer, counted })
    }

    /// Stores whom SII names, once that person has given this proof. SII is asked about everybody else who acts for the company: whom it
    /// does not name any more loses sessions and grants. When that is the one on file, the company is notified, and no proof from
    /// before holds. Two whom SII names both act side by side. Returns the account that the flow belongs to from here on.
    pub(super) async fn note_representative(
        &self,
        account: &Account,
        (rut, proof): (Rut, KeyProof),
        caller: &Caller,
    ) -> Result<AccountVersion> {
        let proven = account.version(proof);
        let gone = self.no_longer_named(account, rut).await?;
        if account.representative.is_some_and(|on_file| !gone.contains(&on_file)) {
            self.beside_the_one_on_file((account, proof), rut, &gone, caller).await?;
            return Ok(proven);
        }
        let mut tx = self.begin_outcome(caller).await?;
        let account = accounts::lock(&mut tx, account.id).await?;
        if account.representative == Some(rut) && account.version(proof) == proven.next() {
            // Another form of the same person has stored it at this moment, and nothing else has changed.
            return Ok(account.version(proof));
        }
        // A key that was changed meanwhile proves nothing: the flow ends as soon as it belongs to `proven`.
        if account.representative == Some(rut) || account.version(proof) != proven {
            return Ok(proven);
        }
        let now = tx.now();
        accounts::set_representative(&mut tx, account.id, rut, now).await?;
        browsers::keep_past_representative(&mut tx, account.id).await?;
        if account.representative.is_some() {
            let facts = Facts {
                names: account.names.as_deref(),
                public_url: &self.settings.public_url,
                kind: Kind::Juridica,
                ..Facts::default()
            };
            let template = Template::RepresentativeChanged;
            tx.enqueue_messages(account.id, template, contacts(&account), facts).await?;
        }
        tx.commit(Record::new(account.id, Event::RepresentativeChanged, Outcome::Done)).await?;
        Ok(proven.next())
    }

    /// Who acts for a company beside this representative, and SII does not name at this moment. A registry that is down names nobody.
    async fn no_longer_named(&self, account: &Account, beside: Rut) -> Result<BTreeSet<Rut>> {
        let (company, mut others) = {
            let connection = &mut *self.store.connection().await?;
            let company = accounts::identifier(&mut *connection, account.id).await?;
            (company, representatives::of_company(connection, account.id, self.now()).await?)
        };
        let company = Rut::parse(&company).map_err(|_| StoreError::Corrupt("account"))?;
        others.extend(account.representative);
        others.remove(&beside);
        let mut gone = BTreeSet::new();
        for other in others {
            if self.tax.check(company, other).await.represents().is_err() {
                gone.insert(other);
            }
        }
        Ok(gone)
    }

    /// SII names the representative on file, too: only what belongs to others, who are gone, ends.
    async fn beside_the_one_on_file(
        &self,
        (account, proof): (&Account, KeyProof),
        rut: Rut,
        gone: &BTreeSet<Rut>,
        caller: &Caller,
    ) -> Result<()> {
        let proven = account.version(proof);
        if account.representative == Some(rut) && gone.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin_outcome(caller).await?;
        let now = tx.now();
        let account = accounts::lock(&mut tx, account.id).await?;
        // A key that was changed meanwhile proves nothing: the flow ends as soon as it belongs to `proven`.
        if account.version(proof) != proven {
            return Ok(());
        }
        for former in gone {
            representatives::end(&mut tx, (account.id, *former), now).await?;
        }
        if account.representative != Some(rut) {
            accounts::set_further_representative(&mut tx, account.id, rut, now).await?;
        }
        tx.commit(Record::new(account.id, Event::RepresentativeChanged, Outcome::Done)).await
    }

    /// Company and representative, before the company's key is checked (J-CHG, F-REQ): the proof that SII names that person today.
    /// A wrong representative and a wrong key get the same error.
    pub(super) async fn represented(
        &self,
        company: &str,
        representative: &str,
        key: &str,
        (caller, letters): (&Caller, Letters),
    ) -> Check<Representative> {
        let parsed = Identifier::parse(Kind::Juridica, IdentifierInput::Number(company), &self.settings.nie);
        let rut = Rut::parse(representative).map_err(|e| FieldError::new(Field::Representative, e.into()));
        let (Ok(company @ Identifier::Rut(company_rut)), Ok(_), false) = (&parsed, &rut, key.is_empty())
        else {
            let mut errors: Vec<_> = parsed.err().into_iter().chain(rut.err()).collect();
            if key.is_empty() {
                errors.push(FieldError::new(Field::CurrentKey, Reason::Missing));
            }
            return Err(errors.into());
        };
        let tried = self.try_representative(company, representative, (caller, letters)).await?;
        let refused = match tried.answer.names(*company_rut, tried.rut) {
            Ok(proof) => {
                tried.succeeded(self).await?;
                return Ok(proof);
            }
            Err(RepresentativeRefused::Field(_)) => {
                RepresentativeRefused::Field(FieldError::new(Field::CurrentKey, wrong(Kind::Juridica)))
            }
            Err(down) => down,
        };
        Err(tried.refused(self, refused).await?.into())
    }
}

fn outcome_of(answer: &TaxAnswer) -> Outcome {
    match answer {
        TaxAnswer::Represents { .. } => Outcome::Represents,
        TaxAnswer::DoesNot => Outcome::DoesNot,
        TaxAnswer::NoSuchCompany => Outcome::NoSuchCompany,
        TaxAnswer::TechnicalFailure => Outcome::TechnicalFailure,
    }
}
