//! The legal representative of a company: the one who counts is the one whom SII names today (R-SII). A change is noticed,
//! recorded, and told to the company.

use domain::field::{Field, FieldError, Reason};
use domain::flow::key::wrong;
use domain::flow::{Feedback, Notice, Representative, RepresentativeRefused, TaxAnswer};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::rut::Rut;

use super::{Backend, Caller, Result, contacts, wait_notice};
use crate::courier::Facts;
use crate::limits::{AttemptKind, Counted};
use crate::message::Template;
use crate::store::StoreError;
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::audit::{self, Event};

/// A person of whom SII was asked.
pub(super) struct Representing {
    /// Who.
    pub(super) rut: Rut,
    /// What SII said.
    pub(super) answer: TaxAnswer,
    counted: Counted,
}

impl Representing {
    /// SII names this person: the count starts again.
    pub(super) async fn succeeded(self, backend: &Backend) -> Result<()> {
        Ok(backend.limits.succeeded(self.counted).await?)
    }

    /// It does not: the error, and the wait that follows. When SII is down the try is taken back.
    pub(super) async fn refused(self, backend: &Backend, refused: RepresentativeRefused) -> Result<Feedback> {
        let now = backend.now();
        Ok(match refused {
            RepresentativeRefused::Field(error) => {
                let wait = self.counted.wait_if_wrong(now);
                let notice = wait.map(|wait| Notice::Wait { minutes: wait.minutes(now) });
                Feedback { errors: vec![error], notice }
            }
            RepresentativeRefused::RegistryDown => {
                backend.limits.take_back(self.counted).await?;
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
        caller: &Caller,
    ) -> Result<std::result::Result<Representing, Feedback>> {
        let rut = match Rut::parse(text) {
            Ok(rut) => rut,
            Err(error) => return Ok(Err(FieldError::new(Field::Representative, error.into()).into())),
        };
        let counted = self
            .limits
            .count(AttemptKind::Representative, Some((Kind::Juridica, company)), caller, self.now())
            .await?;
        let counted = match counted {
            Ok(counted) => counted,
            Err(wait) => return Ok(Err(wait_notice(wait, self.now()))),
        };
        let answer = match company {
            Identifier::Rut(company) => self.tax.check(*company, rut).await,
            Identifier::Nie(_) | Identifier::Document(_) => TaxAnswer::NoSuchCompany,
        };
        // A registry that is down says nothing of anybody; the log has it. Rows that stay would be anybody's to write then.
        if answer != TaxAnswer::TechnicalFailure {
            let account = self.account(Kind::Juridica, company).await?;
            self.record(account.as_ref(), Event::Representative, word(&answer), caller).await?;
        }
        Ok(Ok(Representing { rut, answer, counted }))
    }

    /// Keeps whom SII names, once that person has proven to be there; the company is told when it is another than before, and
    /// what the one before has proven counts no longer. Gives whom the flow belongs to from here on.
    pub(super) async fn note_representative(
        &self,
        account: &Account,
        rut: Rut,
        caller: &Caller,
    ) -> Result<AccountVersion> {
        let proven = account.version();
        if account.representative == Some(rut) {
            return Ok(proven);
        }
        let now = self.now();
        let mut tx = self.store.begin().await?;
        let account = accounts::lock(&mut tx, account.id).await?;
        if account.representative == Some(rut) && account.version() == proven.next() {
            // Noted by another form of the same person at this moment, and nothing else has changed.
            return Ok(account.version());
        }
        // With a key that was changed meanwhile nobody proves anything: the flow is over as soon as it belongs to `proven`.
        if account.representative == Some(rut) || account.version() != proven {
            return Ok(proven);
        }
        accounts::set_representative(&mut tx, account.id, rut, now).await?;
        if account.representative.is_some() {
            let facts = Facts {
                names: account.names.as_deref(),
                public_url: &self.settings.public_url,
                kind: Kind::Juridica,
                ..Facts::default()
            };
            let template = Template::RepresentativeChanged;
            self.enqueue_messages(&mut tx, account.id, template, contacts(&account), facts).await?;
        }
        audit::write(&mut tx, account.id, Event::RepresentativeChanged, "done", caller, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.wake.notify_one();
        Ok(proven.next())
    }

    /// Company and representative of whoever is about to show the company's key (J-CHG, F-REQ): the proof that SII names that
    /// person today; or what to say. A wrong one and a wrong key are not told apart.
    pub(super) async fn represented(
        &self,
        company: &str,
        representative: &str,
        key: &str,
        caller: &Caller,
    ) -> Result<std::result::Result<Representative, Feedback>> {
        let parsed = Identifier::parse(Kind::Juridica, company, &self.settings.nie);
        let rut = Rut::parse(representative).map_err(|e| FieldError::new(Field::Representative, e.into()));
        let (Ok(company @ Identifier::Rut(company_rut)), Ok(_), false) = (&parsed, &rut, key.is_empty())
        else {
            let mut errors: Vec<_> = parsed.err().into_iter().chain(rut.err()).collect();
            if key.is_empty() {
                errors.push(FieldError::new(Field::CurrentKey, Reason::Missing));
            }
            return Ok(Err(errors.into()));
        };
        let tried = match self.try_representative(company, representative, caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return Ok(Err(feedback)),
        };
        match tried.answer.names(*company_rut, tried.rut) {
            Ok(proof) => {
                tried.succeeded(self).await?;
                Ok(Ok(proof))
            }
            Err(RepresentativeRefused::Field(_)) => {
                let error = FieldError::new(Field::CurrentKey, wrong(Kind::Juridica));
                let refused = RepresentativeRefused::Field(error);
                Ok(Err(tried.refused(self, refused).await?))
            }
            Err(down) => Ok(Err(tried.refused(self, down).await?)),
        }
    }
}

fn word(answer: &TaxAnswer) -> &'static str {
    match answer {
        TaxAnswer::Represents { .. } => "represents",
        TaxAnswer::DoesNot => "does-not",
        TaxAnswer::NoSuchCompany => "no-such-company",
        TaxAnswer::TechnicalFailure => "technical-failure",
    }
}
