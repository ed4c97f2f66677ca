//! 200 uploads of 5 MB, 8 companies at a time (F-REQ), and the memory they add to the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::rut::Rut;

use crate::client::Client;
use crate::served::Served;

const COMPANIES: u32 = 8;
const EACH: u32 = 25;
/// The largest file allowed, in bytes.
const SIZE: usize = 5 * 1024 * 1024;
/// The most memory that the uploads may add, in bytes.
const BAR: u64 = 60_000_000;

/// The bar is 60 MB above the memory before the first upload. Returns whether it is met.
pub(crate) async fn measure() -> bool {
    let registry = std::env::temp_dir().join(format!("cs-bench-sii-{}.csv", std::process::id()));
    let rut = |company: u32| Rut::from_number(76_500_000 + company).unwrap().plain();
    let lines: String =
        (0..COMPANIES).map(|c| format!("{},Empresa Inventada {c},11111111-1\n", rut(c))).collect();
    std::fs::write(&registry, format!("rut_empresa,razon_social,rut_representante\n{lines}")).unwrap();
    let served = Served::start(&[("CS_TAX_REGISTRY", format!("file:{}", registry.display()))]).await;
    let mut browsers = Vec::new();
    for company in 0..COMPANIES {
        browsers.push(proven(&served, &rut(company)).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (before, most, done) =
        (served.memory(), Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let file = Arc::new(pdf());
    let start = Instant::now();
    let clients: Vec<_> = browsers
        .into_iter()
        .map(|mut browser| {
            let file = file.clone();
            tokio::spawn(async move {
                for _ in 0..EACH {
                    let page = browser.get("/facilitador/declaracion").await;
                    let tag = page.hidden("pagina");
                    let answer = browser
                        .post_file("/api/facilitador/subir", &[("pagina", &tag)], "declaracion", &file)
                        .await;
                    assert_eq!(answer.location, "/facilitador/datos");
                    let again =
                        browser.post_only("/api/facilitador/otra-declaracion", &[("pagina", &tag)]).await;
                    assert_eq!(again.location, "/facilitador/declaracion");
                }
            })
        })
        .collect();
    let watch = async {
        while !done.load(Ordering::Relaxed) {
            most.fetch_max(served.memory().unwrap_or(0), Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let work = async {
        for client in clients {
            client.await.unwrap();
        }
        done.store(true, Ordering::Relaxed);
    };
    tokio::join!(watch, work);
    let span = start.elapsed().as_secs_f64();
    let _ = std::fs::remove_file(&registry);
    let Some(before) = before else {
        println!("uploads: this system does not tell the memory of a process");
        return true;
    };
    let added = most.load(Ordering::Relaxed).saturating_sub(before);
    let megabytes = f64::from(COMPANIES * EACH) * SIZE as f64 / 1e6;
    println!(
        "uploads: {} of 5 MB, {COMPANIES} at a time, {:.0} MB/s; memory {:.1} MB before, {:.1} MB more at the most (bar: 60 MB)",
        COMPANIES * EACH,
        megabytes / span,
        before as f64 / 1e6,
        added as f64 / 1e6
    );
    added < BAR
}

/// A browser in which a company has registered and proven its key.
async fn proven(served: &Served, rut: &str) -> Client {
    let mut browser = Client::connect(served.address).await;
    let page = browser.get("/registrar/juridica").await;
    let (tag, picture) = (page.hidden("pagina"), page.hidden("imagen"));
    let fields = [
        ("tipo", "juridica"),
        ("pagina", tag.as_str()),
        ("imagen", picture.as_str()),
        ("captcha", "ABCDE"),
        ("rut", rut),
        ("razon_social", "Empresa Inventada"),
        ("tipo_empresa", "otec"),
        ("rut_representante", "11111111-1"),
        ("nombres_representante", "Rosa Prueba"),
        ("pregunta", "primera-mascota"),
        ("respuesta", "Firulais"),
        ("direccion", "Los Aromos"),
        ("numero", "12"),
        ("region", "13"),
        ("comuna", "13101"),
        ("email", "empresa@ejemplo.cl"),
        ("sin_celular", "si"),
        ("clave", "Quillay7x"),
        ("clave_otra_vez", "Quillay7x"),
    ];
    let answer = browser.post_only("/api/registrar/crear", &fields).await;
    assert_eq!(answer.location, "/registrar/juridica/listo");
    let page = browser.get("/facilitador").await;
    let (tag, picture) = (page.hidden("pagina"), page.hidden("imagen"));
    let fields = [
        ("pagina", tag.as_str()),
        ("imagen", picture.as_str()),
        ("captcha", "ABCDE"),
        ("rut", rut),
        ("rut_representante", "11111111-1"),
        ("clave_actual", "Quillay7x"),
    ];
    let answer = browser.post_only("/api/facilitador/validar", &fields).await;
    assert_eq!(answer.location, "/facilitador/declaracion");
    browser
}

/// A file of the largest size that passes as a PDF.
fn pdf() -> Vec<u8> {
    let end = b"\n%%EOF\n";
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut state = 1_u32;
    while file.len() < SIZE - end.len() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        file.push(b'a' + u8::try_from(state >> 28).unwrap());
    }
    file.extend_from_slice(end);
    file
}
