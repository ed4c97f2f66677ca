//! The form of an OTEC.

use domain::field::Field;
use domain::flow::Feedback;
use domain::openid::params::Params;
use domain::rce::attendance::{Attendance, OnFile};
use domain::rce::fields::{Action, Service};
use domain::rce::organism::Organism;
use domain::rce::request::Form;

use super::{AttendanceService, Begun, FLOW, Opened, Read, hash_of};
use crate::flows::Typed;
use crate::service::Result;
use crate::service::exit::FirstPage;
use crate::store::rce;

impl AttendanceService<'_> {
    /// The form of an OTEC. `origin` is its header `Origin`. The browser brings none of our cookies with it. A failure of ours is an end
    /// with 300.
    ///
    /// # Errors
    /// [`crate::service::ServiceError`], here and in every step below.
    pub async fn begin(
        &self,
        service: Service,
        action: Action,
        params: &Params,
        origin: Option<&str>,
    ) -> Result<Begun> {
        let backend = self.backend;
        if !backend.takes_attendance() {
            return Ok(Begun::Off);
        }
        let form = Form::read(service, action, params, backend.rce.loopback);
        match self.begun(form.clone(), origin).await {
            Ok(begun) => Ok(begun),
            Err(error) => {
                tracing::error!(%error, "a request for attendance failed");
                let ended = form.fail(self.now().at);
                backend.rce.count(&ended);
                Ok(Begun::Shown(self.end(ended)))
            }
        }
    }

    async fn begun(&self, form: Form, origin: Option<&str>) -> Result<Begun> {
        let organism = match (form.otec, &form.token) {
            (Some(otec), Some(token)) => {
                rce::organism(&mut *self.backend.store.connection().await?, otec, &hash_of(token)).await?
            }
            _ => Organism::default(),
        };
        let request = form.request.as_ref().ok().cloned();
        let read = match &request {
            Some(request) => self.read(request).await?,
            None => Read::default(),
        };
        let on_file = request.as_ref().map_or_else(OnFile::default, |request| read.on_file(request));
        let state = Attendance::begin(form, &organism, origin, on_file, self.now());
        let typed = match &state {
            Attendance::Ask(asked) => Typed::default().with(Field::Rut, &asked.request().run().to_string()),
            Attendance::Done(ended) => {
                self.backend.rce.count(ended);
                if ended.to().is_none() {
                    return Ok(Begun::Shown(self.end(ended.clone())));
                }
                Typed::default()
            }
            Attendance::Gone => Typed::default(),
        };
        let first = FirstPage { name: FLOW.to_owned(), caller: self.caller.clone(), state, typed };
        let (flow, token) = self.backend.open(first, Feedback::default()).await?;
        Ok(Begun::Stored(Opened { tag: flow.tag().to_owned(), token }))
    }
}
