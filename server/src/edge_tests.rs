//! The bounds of connections, over real sockets.

use std::future::pending;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use backend::clock::SystemClock;
use futures_util::future::join_all;
use ipnet::IpNet;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep, timeout};

use crate::config::Config;
use crate::edge::{Bounds, serve};
use crate::health::StatusCounts;
use crate::serve as wiring;

const ME: [u8; 4] = [127, 0, 0, 1];
const PROXY: [u8; 4] = [127, 0, 0, 9];

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Few connections and long times, so that a test shortens what it is about.
fn bounds() -> Bounds {
    let long = Duration::from_secs(60);
    Bounds { connections: 100, per_address: 20, head: long, proxy_head: long, write: long, request: long }
}

/// The whole service in the demo mode, with these bounds, for which [`PROXY`] is a proxy.
struct Service {
    folder: PathBuf,
    address: SocketAddr,
}

impl Service {
    async fn start(bounds: Bounds) -> Self {
        let name = format!("cs-edge-{:x}", backend::secrets::random_u64().unwrap());
        let folder = std::env::temp_dir().join(name);
        let keys = [("CS_MODE", "demo"), ("CS_TRUSTED_PROXIES", "127.0.0.9")];
        let keys = keys.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let mut config = Config::load(&folder, None, keys).unwrap();
        config.bounds = bounds;
        let backend = wiring::backend(&config, Arc::new(SystemClock)).await.unwrap();
        let router = wiring::router(&config, backend, None, false, StatusCounts::default());
        let address = serving(router, config.bounds.clone(), config.trusted_proxies.clone(), pending()).await;
        Self { folder, address }
    }

    /// A connection from this address.
    async fn connect(&self, from: [u8; 4]) -> TcpStream {
        connect(self.address, from).await
    }

    /// Whether a client that comes now is answered.
    async fn answers(&self) -> bool {
        let mut stream = self.connect(ME).await;
        ask(&mut stream, "/salud").await.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Serves `router` on a free port until `stop`.
async fn serving(
    router: Router,
    bounds: Bounds,
    trusted: Vec<IpNet>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { serve(listener, router, &bounds, &trusted, stop).await });
    address
}

async fn connect(to: SocketAddr, from: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Sends bytes and returns the answer: all that comes until nothing has come for a while.
async fn send(stream: &mut TcpStream, bytes: &str) -> String {
    let _ = stream.write_all(bytes.as_bytes()).await;
    let mut answer = Vec::new();
    let mut piece = [0; 16 * 1024];
    let mut wait = Duration::from_secs(10);
    while let Ok(Ok(more @ 1..)) = timeout(wait, stream.read(&mut piece)).await {
        answer.extend_from_slice(&piece[..more]);
        wait = millis(100);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

async fn ask(stream: &mut TcpStream, path: &str) -> String {
    send(stream, &format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")).await
}

/// Whether the other side closes the connection, within ten times the longest of the short times here.
async fn closes(stream: &mut TcpStream) -> bool {
    let mut piece = vec![0; 1024];
    let closed = async { while let Ok(1..) = stream.read(&mut piece).await {} };
    timeout(Duration::from_secs(20), closed).await.is_ok()
}

/// Repeats a request until the answer begins like this, for ten seconds.
async fn until_answered(status: &str, ask: impl AsyncFn() -> String) -> bool {
    for _ in 0..100 {
        if ask().await.starts_with(status) {
            return true;
        }
        sleep(millis(100)).await;
    }
    false
}

const HALF_A_HEAD: &str = "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a";
const HALF_A_BODY: &str = "POST /api/recuperar/validar HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\n\
                           content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nrut=";

/// Opens this many connections, a hundred from each address, and sends the same on all of them.
async fn hold(service: &Service, count: usize, bytes: &str) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for number in 0..count {
        let address = u8::try_from(number / 100).unwrap();
        let mut stream = service.connect([127, 0, 1, address]).await;
        // The service may have closed it already.
        let _ = stream.write_all(bytes.as_bytes()).await;
        held.push(stream);
    }
    held
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_1100_idle_or_half_sent_connections_end_and_the_service_answers_meanwhile() {
    // Both ends of each are open files of this process.
    let files = rlimit::increase_nofile_limit(4_096).unwrap();
    assert!(files >= 4_096, "this test needs 4,096 open files: ulimit -n");
    let short = Duration::from_secs(2);
    let service = Service::start(Bounds { head: short, request: short, ..Bounds::default() }).await;
    for bytes in ["", HALF_A_HEAD, HALF_A_BODY] {
        let mut held = hold(&service, 1_100, bytes).await;
        assert!(service.answers().await, "while they are there: {bytes}");
        let closed = join_all(held.iter_mut().map(closes)).await;
        assert_eq!(closed.into_iter().filter(|closed| *closed).count(), 1_100, "{bytes}");
        assert!(service.answers().await, "afterwards: {bytes}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_the_connections_that_wait_longest_make_room_for_new_ones() {
    let service = Service::start(Bounds { connections: 30, per_address: 100, ..bounds() }).await;
    for bytes in ["", HALF_A_HEAD, HALF_A_BODY] {
        let mut held = hold(&service, 100, bytes).await;
        assert!(service.answers().await, "{bytes}");
        let closed = join_all(held.iter_mut().take(70).map(closes)).await;
        assert_eq!(closed.into_iter().filter(|closed| *closed).count(), 70, "{bytes}");
        let last = timeout(millis(100), held[99].read_u8()).await;
        assert!(last.is_err(), "the last is still open: {bytes}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_the_connections_of_a_proxy_are_not_capped_and_last_longer() {
    let service = Service::start(Bounds { head: millis(300), ..bounds() }).await;
    let mut proxied = Vec::new();
    for _ in 0..60 {
        proxied.push(service.connect(PROXY).await);
    }
    sleep(millis(900)).await;
    for stream in &mut proxied {
        assert!(ask(stream, "/salud").await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_slow_heads_of_a_proxy_end() {
    let service = Service::start(Bounds { proxy_head: millis(500), ..bounds() }).await;
    for bytes in ["", HALF_A_HEAD] {
        let mut stream = service.connect(PROXY).await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        assert!(closes(&mut stream).await, "{bytes}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_a_client_behind_a_proxy_has_few_requests_under_way() {
    let service = Service::start(Bounds { per_address: 5, ..bounds() }).await;
    let by_proxy = async |request: &str, client: &str| {
        let mut stream = service.connect(PROXY).await;
        let request = request.replacen("\r\n", &format!("\r\nx-forwarded-for: {client}\r\n"), 1);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    };
    let ask = async |client: &str| {
        send(&mut by_proxy("GET /salud HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", client).await, "").await
    };
    let mut held = Vec::new();
    for port in 0..5 {
        held.push(by_proxy(HALF_A_BODY, &format!("203.0.113.8:{}", 51_000 + port)).await);
    }
    assert!(until_answered("HTTP/1.1 503", async || ask("203.0.113.8").await).await);
    assert!(ask("203.0.113.9").await.starts_with("HTTP/1.1 200"));
    drop(held);
    assert!(until_answered("HTTP/1.1 200", async || ask("203.0.113.8").await).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_malformed_heads_are_refused() {
    let service = Service::start(bounds()).await;
    let large = format!("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: {}\r\n\r\n", "x".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n{}\r\n", "x: y\r\n".repeat(120));
    for (request, status) in [
        ("GET /salud HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET /salud HTTP/1.1\r\n\r\n", 400),
        ("GET /salud HTTP/1.1\nhost: a\n\n", 400),
        ("GET /salud HTTP/1.1\r\nhost: a\nx: y\r\n\r\n", 400),
        ("POST /api/x HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400),
        (large.as_str(), 431),
        (many.as_str(), 431),
        ("GET /salud HTTP/1.1\r\nhost: a\r\n\r\n", 200),
        ("\r\nGET /salud HTTP/1.0\r\n\r\n", 200),
    ] {
        let answer = send(&mut service.connect(ME).await, request).await;
        let begins = format!("HTTP/1.{} {status} ", u8::from(!request.contains("HTTP/1.0")));
        assert!(answer.starts_with(&begins), "{:?}: {answer:?}", request.get(..80).unwrap_or(request));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_follow_each_other_on_a_connection_whatever_their_bodies() {
    let router = Router::new().route("/", get(|| async { "hola" }).post(|body: String| async move { body }));
    let address = serving(router, bounds(), Vec::new(), pending()).await;
    let mut stream = connect(address, ME).await;
    let post = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nuno\n\n";
    let get = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let answer = send(&mut stream, &[post, get, post].concat()).await;
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 3, "{answer}");
    for piece in ["POST / HT", "TP/1.1\r\nhost: a\r\ncontent-le", "ngth: 5\r", "\n\r", "\nabc"] {
        stream.write_all(piece.as_bytes()).await.unwrap();
        sleep(millis(20)).await;
    }
    assert!(send(&mut stream, "de").await.ends_with("abcde"));
    let large = "x".repeat(60_000);
    let answer = send(
        &mut stream,
        &format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 60000\r\n\r\n{large}{get}"),
    )
    .await;
    assert!(answer.contains(&large) && answer.ends_with("hola"));
    let chunked = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\ndatos\r\n0\r\n\r\n";
    let answer = send(&mut stream, chunked).await;
    assert!(answer.ends_with("datos") && answer.contains("connection: close"), "{answer}");
    assert!(closes(&mut stream).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_finishes_requests_under_way_and_waits_for_no_idle_connection() {
    let (started, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = get({
        let (started, finish) = (started.clone(), finish.clone());
        async move || {
            started.notify_one();
            finish.notified().await;
            "listo"
        }
    });
    let router = Router::new().route("/", get(|| async { "hola" })).route("/slow", slow);
    let (stop, stopped) = oneshot::channel::<()>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stopped = async { drop(stopped.await) };
    let serving = tokio::spawn(async move { serve(listener, router, &bounds(), &[], stopped).await });
    let (new, mut used) = (connect(address, ME).await, connect(address, ME).await);
    assert!(ask(&mut used, "/").await.ends_with("hola"));
    let mut under_way = connect(address, ME).await;
    under_way.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    started.notified().await;
    stop.send(()).unwrap();
    sleep(millis(100)).await;
    finish.notify_one();
    assert!(send(&mut under_way, "").await.ends_with("listo"));
    timeout(Duration::from_secs(20), serving).await.unwrap().unwrap();
    drop((new, used));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_a_client_that_reads_no_answer_is_cut_off() {
    let router = Router::new().route("/", get(|| async { "x".repeat(40_000_000) }));
    let (stop, stopped) = oneshot::channel::<()>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let short = Bounds { write: millis(500), ..bounds() };
    let stopped = async { drop(stopped.await) };
    let serving = tokio::spawn(async move { serve(listener, router, &short, &[], stopped).await });
    let mut stream = connect(address, ME).await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'H');
    stop.send(()).unwrap();
    timeout(Duration::from_secs(20), serving).await.expect("it waits for no reader").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_no_longer_than_a_request_may_take() {
    let started = Arc::new(Notify::new());
    let endless = get({
        let started = started.clone();
        async move || {
            started.notify_one();
            pending::<&str>().await
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let short = Bounds { request: millis(300), ..bounds() };
    let stopped = async { drop(stopped.await) };
    let router = Router::new().route("/", endless);
    let serving = tokio::spawn(async move { serve(listener, router, &short, &[], stopped).await });
    let mut stream = connect(address, ME).await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    started.notified().await;
    stop.send(()).unwrap();
    timeout(Duration::from_secs(20), serving).await.expect("it waits no longer").unwrap();
}
