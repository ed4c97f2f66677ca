//! R-CIVIL and R-SII over HTTP, against a simulator that answers, hangs, fails, or sends invalid responses.

use std::sync::{Arc, Mutex};

use backend::registry::{CivilRegistry, ForeignDocuments, HttpRegistry, TaxRegistry};
use domain::document::{Country, DocumentKind, DocumentNumber};
use domain::flow::{CivilAnswer, ForeignAnswer, TaxAnswer};
use domain::nie::{Nie, NiePattern};
use domain::rut::Rut;
use domain::serial::DocumentSerial;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::at_once;

/// A registry with the response a test gives it. It stops with the runtime of its test.
struct Simulator {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Simulator {
    /// Sends `reply` to every request; an empty one closes the connection.
    async fn saying(reply: String) -> Self {
        Self::start(reply, false).await
    }

    /// Sends the start of a response and then nothing more.
    async fn hanging() -> Self {
        Self::start("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{".to_owned(), true).await
    }

    async fn start(reply: String, hangs: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/consulta", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (shared, reply) = (Arc::clone(&seen), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (shared, reply) = (Arc::clone(&shared), Arc::clone(&reply));
                tokio::spawn(async move {
                    let (mut request, mut buffer) = (String::new(), [0; 4096]);
                    while !request.contains('}') {
                        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
                        request.push_str(&String::from_utf8_lossy(&buffer[..read]));
                    }
                    shared.lock().unwrap().push(request);
                    stream.write_all(reply.as_bytes()).await.ok()?;
                    if hangs {
                        std::future::pending::<()>().await;
                    }
                    Some(())
                });
            }
        });
        Self { url, seen }
    }

    /// Sends this JSON with status 200.
    async fn json(body: &str) -> Self {
        Self::saying(response("200 OK", body)).await
    }

    async fn civil(&self) -> CivilAnswer {
        let registry = CivilRegistry::Http(HttpRegistry::new(&self.url, Some("secreto")));
        registry.check(rut("11111111-1"), &DocumentSerial::parse("A123456789").unwrap()).await
    }

    async fn foreign(&self, issued: Option<(DocumentKind, Country)>) -> ForeignAnswer {
        let registry = ForeignDocuments::Http(HttpRegistry::new(&self.url, None));
        let nie = Nie::parse("EX-700001", &NiePattern::any()).unwrap();
        registry.check(&nie, &DocumentNumber::parse("p-4000001").unwrap(), issued).await
    }

    async fn tax(&self) -> TaxAnswer {
        let registry = TaxRegistry::Http(HttpRegistry::new(&self.url, None));
        registry.check(rut("76192083-9"), rut("11111111-1")).await
    }
}

fn response(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

fn rut(text: &str) -> Rut {
    Rut::parse(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_civil_http_maps_every_response_of_the_port() {
    let name = Some("Rosa Prueba".to_owned());
    for (body, answer) in [
        (r#"{"estado":"vigente","nombre":" Rosa\n Prueba "}"#, CivilAnswer::Valid { name }),
        (r#"{"estado":"vigente"}"#, CivilAnswer::Valid { name: None }),
        (r#"{"estado":"vigente","nombre":"Ana https://malo.ejemplo"}"#, CivilAnswer::Valid { name: None }),
        (r#"{"estado":"no_vigente","nombre":null}"#, CivilAnswer::NotValid),
        (r#"{"estado":"bloqueado"}"#, CivilAnswer::Blocked),
        (r#"{"estado":"sin_datos","otro":1}"#, CivilAnswer::NoSuchData),
    ] {
        assert_eq!(Simulator::json(body).await.civil().await, answer, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sii_http_maps_every_response_of_the_port() {
    let company_name = Some("Quillay SpA".to_owned());
    for (body, answer) in [
        (r#"{"estado":"representa","razon_social":"Quillay SpA"}"#, TaxAnswer::Represents { company_name }),
        (r#"{"estado":"no_representa"}"#, TaxAnswer::DoesNot),
        (r#"{"estado":"sin_datos"}"#, TaxAnswer::NoSuchCompany),
    ] {
        assert_eq!(Simulator::json(body).await.tax().await, answer, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_documents_http_maps_every_response_of_the_port() {
    let issued = Country::parse("VE").map(|country| (DocumentKind::Passport, country));
    let name = Some("Rosa Prueba".to_owned());
    for (body, answer) in [
        (r#"{"estado":"vigente","nombre":"Rosa Prueba"}"#, ForeignAnswer::Valid { name }),
        (r#"{"estado":"no_vigente"}"#, ForeignAnswer::NotValid),
        (r#"{"estado":"sin_datos"}"#, ForeignAnswer::NoSuchData),
        (r#"{"estado":"bloqueado"}"#, ForeignAnswer::TechnicalFailure),
    ] {
        let registry = Simulator::json(body).await;
        for issued in [None, issued] {
            assert_eq!(registry.foreign(issued).await, answer, "{body}");
        }
        let seen = registry.seen.lock().unwrap();
        assert!(seen[0].contains(r#""tipo": null"#) && seen[0].contains(r#""pais": null"#), "{}", seen[0]);
        for part in [
            "POST /consulta HTTP",
            r#""nie": "EX700001""#,
            r#""numero": "P4000001""#,
            r#""tipo": "pasaporte""#,
        ] {
            assert!(seen[1].contains(part), "{part} in {}", seen[1]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_civil_r_sii_http_any_other_response_is_a_technical_failure() {
    let huge = format!(r#"{{"estado":"vigente","nombre":"{}"}}"#, "x".repeat(20_000));
    for reply in [
        response("500 Internal Server Error", r#"{"estado":"vigente"}"#),
        response("302 Found", r#"{"estado":"vigente"}"#),
        response("200 OK", "<html>mantención</html>"),
        response("200 OK", r#"{"estado":"quizas"}"#),
        response("200 OK", ""),
        response("200 OK", &huge),
        "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{\"estado\":\"vigente\"".to_owned(),
        "nada\r\n\r\n".to_owned(),
        String::new(),
    ] {
        let registry = Simulator::saying(reply.clone()).await;
        assert_eq!(registry.civil().await, CivilAnswer::TechnicalFailure, "{reply:.60}");
        assert_eq!(registry.tax().await, TaxAnswer::TechnicalFailure, "{reply:.60}");
        assert_eq!(registry.foreign(None).await, ForeignAnswer::TechnicalFailure, "{reply:.60}");
    }
    let nobody = HttpRegistry::new("http://127.0.0.1:9/nadie", None);
    let serial = DocumentSerial::parse("A123456789").unwrap();
    assert_eq!(
        CivilRegistry::Http(nobody).check(rut("11111111-1"), &serial).await,
        CivilAnswer::TechnicalFailure
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r_civil_r_sii_http_a_missing_response_is_a_technical_failure() {
    // The registry accepts the request and sends only the start of a response.
    let registry = Simulator::hanging().await;
    let patience = std::time::Duration::from_secs(2);
    let http = HttpRegistry::with_timeout(&registry.url, None, patience);
    let serial = DocumentSerial::parse("A123456789").unwrap();
    let said = CivilRegistry::Http(http.clone()).check(rut("11111111-1"), &serial).await;
    assert_eq!(said, CivilAnswer::TechnicalFailure);
    let said = TaxRegistry::Http(http).check(rut("76192083-9"), rut("11111111-1")).await;
    assert_eq!(said, TaxAnswer::TechnicalFailure);
    assert_eq!(registry.seen.lock().unwrap().len(), 2, "both requests arrived");
}

#[tokio::test(flavor = "multi_thread")]
async fn security_a_hanging_registry_holds_32_threads_at_most() {
    let registry = Simulator::hanging().await;
    let http = HttpRegistry::with_timeout(&registry.url, None, std::time::Duration::from_secs(3));
    let asked = (0..40).map(|_| {
        let tax = TaxRegistry::Http(http.clone());
        async move { tax.check(rut("76192083-9"), rut("11111111-1")).await }
    });
    for said in at_once(asked).await {
        assert_eq!(said, TaxAnswer::TechnicalFailure);
    }
    assert_eq!(registry.seen.lock().unwrap().len(), 32, "the other requests failed at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn security_a_request_to_a_registry_has_no_rut_in_its_url() {
    let registry = Simulator::json(r#"{"estado":"sin_datos"}"#).await;
    registry.civil().await;
    let seen = registry.seen.lock().unwrap().clone();
    let first = seen[0].lines().next().unwrap();
    assert_eq!(first, "POST /consulta HTTP/1.1");
    assert!(seen[0].to_lowercase().contains("authorization: bearer secreto"));
    let body = seen[0].split_once("\r\n\r\n").unwrap().1;
    let question: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(question, serde_json::json!({ "run": "11111111-1", "serie": "A123456789" }));
}
