//! The “Declaración Jurada” of a request: out with the company's data, and back signed.

use domain::field::{Field, FieldError, Reason};
use domain::flow::request::{Purpose, Request};
use domain::flow::{Notice, Say};

use super::{RequestService, Sent};
use crate::clock::chilean_day;
use crate::declaration::{self, Declaration};
use crate::flows::{Flow, Token};
use crate::service::{Moved, Posted, Result};
use crate::store::accounts;
use crate::store::uploads::{self, Upload};

impl RequestService<'_> {
    /// The “Declaración Jurada” with the company's data filled in; none when the flow is not so far, or is gone.
    pub async fn declaration(&self, token: Option<&Token>) -> Result<Option<Vec<u8>>> {
        let proven = match self.page(token).await?.map(|flow| flow.state) {
            Some(Request::Declaration(proven)) => proven,
            Some(Request::Details(signed)) => signed.proven().clone(),
            _ => return Ok(None),
        };
        let connection = &mut *self.backend.store.connection().await?;
        let account = accounts::get(connection, proven.company()).await?;
        let (kind, names) = accounts::company(connection, proven.company()).await?;
        let pdf = declaration::pdf(&Declaration {
            company: proven.rut(),
            company_name: account.names.as_deref().unwrap_or_default(),
            company_kind: kind,
            representative: proven.representative(),
            // The names on file are those of the representative on file.
            representative_names: names
                .as_deref()
                .filter(|_| account.representative == Some(proven.representative())),
            date: chilean_day(self.backend.now()),
        })?;
        Ok(Some(pdf))
    }

    /// What was sent before, in this flow or in one that expired, and is still kept: the page offers it, so that nobody
    /// sends it twice. Only the person can say whether a document of an earlier flow is that of this facilitator.
    pub async fn kept(&self, flow: &Flow<Request>) -> Result<Option<Upload>> {
        let (proven, purpose, own) = match &flow.state {
            Request::Declaration(proven) => (proven, Purpose::Declaration, None),
            Request::Details(signed) => (signed.proven(), Purpose::Document, signed.document()),
            Request::Identify | Request::Done { .. } => return Ok(None),
        };
        let (now, connection) = (self.backend.now(), &mut *self.backend.store.connection().await?);
        if let Some(id) = own {
            return Ok(uploads::waiting(connection, id, proven.company(), now).await?);
        }
        Ok(uploads::newest(connection, proven.company(), purpose, now).await?)
    }

    /// “Subir solicitud”: the signed declaration is here, or was not taken. None: the one that was sent before.
    pub async fn sign(&self, posted: Posted<'_>, sent: Option<Sent>) -> Result<Moved<Request>> {
        let mut flow = match self.found_with(&posted, sent.as_ref()).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let proven = match (flow.state.clone(), &sent) {
            (Request::Declaration(proven), _) => proven,
            // Back, and another one.
            (Request::Details(mut signed), Some(Sent::Whole(id))) => {
                let connection = &mut *self.backend.store.connection().await?;
                uploads::expire(connection, signed.declaration(), self.backend.now()).await?;
                signed.sign(id.clone());
                flow.state = Request::Details(signed);
                return self.backend.stay(flow, Say::default()).await;
            }
            _ => return Ok(Moved { state: flow.state, token: None }),
        };
        let id = match sent {
            Some(Sent::Whole(id)) => id,
            Some(Sent::Refused(reason)) => {
                return self.backend.stay(flow, FieldError::new(Field::Declaration, reason)).await;
            }
            Some(Sent::TooMany) => return self.backend.stay(flow, Notice::MostFiles).await,
            None => match self.kept(&flow).await? {
                Some(upload) => upload.id,
                None => {
                    let gone = FieldError::new(Field::Declaration, Reason::FileGone);
                    return self.backend.stay(flow, gone).await;
                }
            },
        };
        flow.state = proven.signed(id);
        self.backend.stay(flow, Say::default()).await
    }

    /// Back to the declaration, to send another one.
    pub async fn sign_again(&self, posted: Posted<'_>) -> Result<Moved<Request>> {
        let mut flow = match self.found(&posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if let Request::Details(signed) = flow.state.clone() {
            flow.state = signed.again();
        }
        self.backend.stay(flow, Say::default()).await
    }
}
