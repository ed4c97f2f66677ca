//! 1,000 recoveries by 16 concurrent clients; then two clients redeem each key at the same time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use domain::rut::Rut;

use crate::client::{Answer, Client};
use crate::served::Served;
use crate::sinks;

const RECOVERIES: u32 = 1_000;
const CLIENTS: u32 = 16;

/// The first key of everybody.
pub(crate) const KEY: &str = "Quillay7x";

/// Measures on SQLite, or on the PostgreSQL of this URL. Returns whether every key was sent and accepted exactly once.
pub(crate) async fn measure(postgres: Option<String>) -> bool {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let ((mail_url, mails), (sms_url, texts)) = (sinks::mail().await, sinks::sms().await);
    let mut settings = vec![("CS_SMTP_URL", mail_url), ("CS_SMS_URL", sms_url)];
    settings.extend(postgres.map(|url| ("CS_DATABASE_URL", url)));
    let served = Served::start(&settings).await;
    let address = served.address;

    let start = Instant::now();
    everybody(move |number| async move { register(address, number).await }).await;
    println!(
        "recoveries on {engine}: {RECOVERIES} accounts registered in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    everybody(move |number| async move { recover(address, number).await }).await;
    let asked = start.elapsed();
    let all = RECOVERIES as usize;
    while (mails.total() < all || texts.total() < all) && start.elapsed() < Duration::from_secs(120) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Wait for duplicates, if there are any.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (by_mail, by_sms) = (mails.all(), texts.all());
    let once = by_mail.len() == all && by_mail == by_sms && by_mail.values().all(|keys| keys.len() == 1);
    println!(
        "recoveries on {engine}: {:.1}/s, {} keys by mail, {} by SMS, each once: {once}",
        f64::from(RECOVERIES) / asked.as_secs_f64(),
        mails.total(),
        texts.total(),
    );
    let (keys, accepted) = (Arc::new(by_sms), Arc::new(AtomicU32::new(0)));
    let counted = accepted.clone();
    everybody(move |number| {
        let (keys, counted) = (keys.clone(), counted.clone());
        async move {
            let key = keys.get(&number).and_then(|keys| keys.first()).cloned().unwrap_or_default();
            let (first, second) = tokio::join!(redeem(address, number, &key), redeem(address, number, &key));
            counted.fetch_add(u32::from(first) + u32::from(second), Ordering::Relaxed);
        }
    })
    .await;
    let accepted = accepted.load(Ordering::Relaxed);
    println!(
        "recoveries on {engine}: {accepted} of {RECOVERIES} keys accepted, each offered by two clients at once"
    );
    println!("memory: after the load {}", served.megabytes());
    once && accepted == RECOVERIES
}

/// Runs `work` for each number, on 16 clients.
async fn everybody<F: Future<Output = ()> + Send + 'static>(work: impl Fn(u32) -> F + Send + Sync + 'static) {
    let work = Arc::new(work);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let work = work.clone();
            tokio::spawn(async move {
                for number in (client..RECOVERIES).step_by(CLIENTS as usize) {
                    work(number).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
}

pub(crate) fn rut(number: u32) -> String {
    Rut::from_number(7_000_000 + number * 1_009).unwrap().plain()
}

/// A different answer for each person, so that only the messages link a key to its person.
fn secret(number: u32) -> String {
    format!("respuesta {number}")
}

pub(crate) async fn register(address: SocketAddr, number: u32) {
    let mut browser = Client::connect(address).await;
    let page = browser.get("/registrar/natural").await;
    let (tag, picture, rut) = (page.hidden("pagina"), page.hidden("imagen"), rut(number));
    let (mail, mobile) = (format!("persona{number}@ejemplo.cl"), format!("{number:08}"));
    let fields = [
        ("tipo", "natural"),
        ("pagina", &tag),
        ("imagen", &picture),
        ("rut", &rut),
        ("pregunta", "primera-mascota"),
        ("respuesta", &secret(number)),
        ("direccion", "Los Aromos"),
        ("numero", "12"),
        ("region", "13"),
        ("comuna", "13101"),
        ("email", &mail),
        ("celular", &mobile),
        ("clave", KEY),
        ("clave_otra_vez", KEY),
        ("captcha", "abcde"),
    ];
    at(&browser.post("/api/registrar/crear", &fields).await, "/registrar/natural/listo");
}

async fn recover(address: SocketAddr, number: u32) {
    let mut browser = Client::connect(address).await;
    let rut = rut(number);
    let page = browser.post("/api/recuperar/validar", &[("tipo", "natural"), ("rut", &rut)]).await;
    at(&page, "/recuperar/natural/pregunta");
    let (tag, answer) = (page.hidden("pagina"), secret(number));
    let fields = [("tipo", "natural"), ("pagina", &tag), ("respuesta", &answer)];
    let page = browser.post("/api/recuperar/pregunta", &fields).await;
    at(&page, "/recuperar/natural/confirmar");
    let picture = page.hidden("imagen");
    let fields = [("tipo", "natural"), ("pagina", &tag), ("imagen", &picture), ("captcha", "ABCDE")];
    at(&browser.post("/api/recuperar/confirmar", &fields).await, "/recuperar/natural/listo");
}

fn at(page: &Answer, path: &str) {
    assert_eq!((page.status, page.location.as_str()), (200, path));
}

/// Sets a new key with a provisional one. Returns whether it was accepted.
async fn redeem(address: SocketAddr, number: u32, key: &str) -> bool {
    let mut browser = Client::connect(address).await;
    let rut = rut(number);
    let fields = [("tipo", "natural"), ("rut", rut.as_str()), ("clave_actual", key)];
    let page = browser.post("/api/cambiar/validar", &fields).await;
    if page.location != "/cambiar/natural/clave" {
        return false;
    }
    let (tag, picture) = (page.hidden("pagina"), page.hidden("imagen"));
    let fields = [
        ("tipo", "natural"),
        ("pagina", &tag),
        ("imagen", &picture),
        ("clave", "Boldo88zz"),
        ("clave_otra_vez", "Boldo88zz"),
        ("captcha", "ABCDE"),
    ];
    browser.post("/api/cambiar/clave", &fields).await.location == "/cambiar/natural/listo"
}
