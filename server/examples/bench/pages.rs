//! Form pages per second, compared with an axum handler that returns the same bytes.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::response::Html;

use crate::client::Client;
use crate::served::Served;

const SPAN: Duration = Duration::from_secs(3);

/// Reports the figures; there is no bar.
pub(crate) async fn measure() {
    let served = Served::start(&[]).await;
    let page = Client::connect(served.address).await.get("/recuperar/natural").await.body;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bare = listener.local_addr().unwrap();
    let bytes = page.clone();
    let router = axum::Router::new()
        .route("/recuperar/natural", axum::routing::get(move || async move { Html(bytes.clone()) }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (ours, theirs) = (per_second(served.address).await, per_second(bare).await);
    println!(
        "pages: {ours:.0}/s of {} bytes, bare axum {theirs:.0}/s: ratio {:.2}",
        page.len(),
        ours / theirs
    );
}

async fn per_second(address: SocketAddr) -> f64 {
    let start = Instant::now();
    let clients: Vec<_> = (0..16)
        .map(|_| {
            tokio::spawn(async move {
                let (mut client, mut count) = (Client::connect(address).await, 0_u32);
                while start.elapsed() < SPAN {
                    assert_eq!(client.get("/recuperar/natural").await.status, 200);
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut count = 0;
    for client in clients {
        count += client.await.unwrap();
    }
    f64::from(count) / SPAN.as_secs_f64()
}
