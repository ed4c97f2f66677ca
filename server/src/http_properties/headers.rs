//! Headers that every answer has, or none, whatever is asked for: pages, files, refusals, and what is not there.

use axum::http::Method;
use backend::store::Engine;
use domain::kind::Kind;

use super::party::Party;
use super::world::World;

const ASKED: [(Method, &str); 12] = [
    (Method::GET, "/"),
    (Method::HEAD, "/"),
    (Method::GET, "/recuperar/natural"),
    (Method::GET, "/cambiar/natural/clave"),
    (Method::GET, "/mesa"),
    (Method::GET, "/captcha/x"),
    (Method::GET, "/salud"),
    (Method::GET, "/salud/listo"),
    (Method::GET, "/no-existe"),
    (Method::POST, "/api/cambiar/validar"),
    (Method::OPTIONS, "/api/cambiar/validar"),
    (Method::DELETE, "/"),
];

async fn world() -> World {
    World::open(Engine::Sqlite, &[1, 2].map(|number| Party::number(Kind::Natural, number))).await.0
}

#[tokio::test]
async fn security_hsts_is_on_every_answer_over_https_and_on_none_without() {
    let world = world().await;
    for (method, path) in ASKED {
        let over_https = world.headers((method.clone(), path), true).await;
        let value = over_https.get("strict-transport-security").map(|value| value.to_str().unwrap());
        assert_eq!(value, Some("max-age=63072000; includeSubDomains"), "{method} {path}");
        let plain = world.headers((method.clone(), path), false).await;
        assert!(plain.get("strict-transport-security").is_none(), "{method} {path}");
    }
}

#[tokio::test]
async fn security_no_answer_lets_another_site_read_or_embed_it() {
    let world = world().await;
    for (method, path) in ASKED {
        let headers = world.headers((method.clone(), path), true).await;
        let cors: Vec<_> =
            headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
        assert!(cors.is_empty(), "{method} {path}: {cors:?}");
        assert_eq!(headers.get("cross-origin-resource-policy").unwrap(), "same-origin", "{method} {path}");
    }
}
