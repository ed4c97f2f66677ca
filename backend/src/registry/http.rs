//! Registro Civil, SII and the registry of foreign documents by HTTP: a small JSON request and answer, by POST so that no RUT or
//! NIE is in a URL.
//!
//! | registry | request | answer |
//! |---|---|---|
//! | Registro Civil | `{"run","serie"}` | `{"estado": "vigente" \| "no_vigente" \| "bloqueado" \| "sin_datos", "nombre": …}` |
//! | SII | `{"rut_empresa","rut_representante"}` | `{"estado": "representa" \| "no_representa" \| "sin_datos", "razon_social": …}` |
//! | foreign documents | `{"nie","numero","tipo","pais"}`, the last two null in a recovery | `{"estado": "vigente" \| "no_vigente" \| "sin_datos", "nombre": …}` |
//!
//! Any other answer (another status, malformed, too long, too late) is a technical failure, never a wrong answer.

use std::sync::Arc;
use std::time::Duration;

use domain::document::{Country, DocumentKind, DocumentNumber};
use domain::flow::{CivilAnswer, ForeignAnswer, TaxAnswer};
use domain::nie::Nie;
use domain::rut::Rut;
use domain::serial::DocumentSerial;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

/// Time-out of a request: a person is waiting for the page.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Most requests at a time. Each holds a blocking thread, which keys are hashed on too: a registry that hangs must not
/// occupy them all.
const MAX_UNDER_WAY: usize = 32;
/// Longest accepted answer, in bytes.
const MAX_ANSWER_BYTES: u64 = 16 * 1024;

/// A registry behind HTTP.
#[derive(Clone)]
pub struct HttpRegistry {
    agent: ureq::Agent,
    url: Arc<str>,
    token: Option<Arc<str>>,
    under_way: Arc<Semaphore>,
}

impl HttpRegistry {
    /// A registry at `url`; `token` is sent as `Authorization: Bearer …`.
    #[must_use]
    pub fn new(url: &str, token: Option<&str>) -> Self {
        Self::with_timeout(url, token, TIMEOUT)
    }

    /// [`HttpRegistry::new`] with another time-out than eight seconds.
    #[must_use]
    pub fn with_timeout(url: &str, token: Option<&str>, timeout: Duration) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        let under_way = Arc::new(Semaphore::new(MAX_UNDER_WAY));
        Self { agent, url: url.into(), token: token.map(Into::into), under_way }
    }

    pub(super) async fn civil(&self, run: Rut, serial: &DocumentSerial) -> CivilAnswer {
        #[derive(Deserialize)]
        struct Answer {
            estado: State,
            nombre: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum State {
            Vigente,
            NoVigente,
            Bloqueado,
            SinDatos,
        }
        let question = serde_json::json!({ "run": run.plain(), "serie": serial.as_str() });
        let Some(answer) = self.ask::<Answer>("civil", question).await else {
            return CivilAnswer::TechnicalFailure;
        };
        match answer.estado {
            State::Vigente => CivilAnswer::Valid { name: super::name(answer.nombre) },
            State::NoVigente => CivilAnswer::NotValid,
            State::Bloqueado => CivilAnswer::Blocked,
            State::SinDatos => CivilAnswer::NoSuchData,
        }
    }

    pub(super) async fn foreign(
        &self,
        nie: &Nie,
        number: &DocumentNumber,
        issued: Option<(DocumentKind, Country)>,
    ) -> ForeignAnswer {
        #[derive(Deserialize)]
        struct Answer {
            estado: State,
            nombre: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum State {
            Vigente,
            NoVigente,
            SinDatos,
        }
        let question = serde_json::json!({
            "nie": nie.as_str(),
            "numero": number.expose(),
            "tipo": issued.map(|(kind, _)| kind.id()),
            "pais": issued.map(|(_, country)| country.code()),
        });
        let Some(answer) = self.ask::<Answer>("foreign", question).await else {
            return ForeignAnswer::TechnicalFailure;
        };
        match answer.estado {
            State::Vigente => ForeignAnswer::Valid { name: super::name(answer.nombre) },
            State::NoVigente => ForeignAnswer::NotValid,
            State::SinDatos => ForeignAnswer::NoSuchData,
        }
    }

    pub(super) async fn tax(&self, company: Rut, person: Rut) -> TaxAnswer {
        #[derive(Deserialize)]
        struct Answer {
            estado: State,
            razon_social: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum State {
            Representa,
            NoRepresenta,
            SinDatos,
        }
        let question =
            serde_json::json!({ "rut_empresa": company.plain(), "rut_representante": person.plain() });
        let Some(answer) = self.ask::<Answer>("tax", question).await else {
            return TaxAnswer::TechnicalFailure;
        };
        match answer.estado {
            State::Representa => TaxAnswer::Represents { company_name: super::name(answer.razon_social) },
            State::NoRepresenta => TaxAnswer::DoesNot,
            State::SinDatos => TaxAnswer::NoSuchCompany,
        }
    }

    /// Asks, on a blocking thread. None for anything but a valid answer; the log has the kind of failure, never a
    /// value.
    async fn ask<A: DeserializeOwned + Send + 'static>(
        &self,
        registry: &'static str,
        question: serde_json::Value,
    ) -> Option<A> {
        let mut request = self.agent.post(&*self.url);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let Ok(room) = self.under_way.clone().try_acquire_owned() else {
            tracing::error!(registry, "the registry has {MAX_UNDER_WAY} open requests: it counts as down");
            return None;
        };
        let asking = tokio::task::spawn_blocking(move || {
            let _room = room;
            let mut response =
                request.send_json(question).map_err(|_| "could not be reached, or was too slow")?;
            if response.status().as_u16() != 200 {
                return Err("answered with another status than 200");
            }
            let body = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
            let body = body.map_err(|_| "closed the connection, was too slow, or sent too much")?;
            serde_json::from_slice(&body).map_err(|_| "sent a malformed answer")
        });
        let answer = asking.await.unwrap_or(Err("could not be asked"));
        answer.inspect_err(|what| tracing::error!(registry, "the registry {what}: it counts as down")).ok()
    }
}
