//! Accepts connections and serves HTTP/1 on them, within bounds that `axum::serve` does not have: how many connections there
//! may be, how long each may wait for its client, and how large a head may be.

mod activity;
mod connections;
#[cfg(test)]
pub(crate) mod fuzzing;
mod heads;
mod stream;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::once_a_minute::OnceAMinute;
use activity::{Activity, AnswerBody};
use connections::{Connections, OpenConnection};
use stream::ClientStream;

/// Largest head of a request, in bytes: request line and headers.
const MAX_HEAD: usize = 16 * 1024;

/// Bounds of connections. The defaults fit the usual limit of 1,024 open files per process.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// Most connections in all.
    pub(crate) connections: usize,
    /// Most connections of one address that is no trusted proxy, and most requests of one client under way.
    pub(crate) per_address: usize,
    /// How long a client may take for the next whole head, idle time included.
    pub(crate) head: Duration,
    /// The same for a trusted proxy. Longer than proxies keep idle connections, so that the proxy closes them: a form sent on
    /// a connection that the service is closing would be lost.
    pub(crate) proxy_head: Duration,
    /// How long a client may accept no byte of an answer.
    pub(crate) write: Duration,
    /// How long a request may take, its body included. Forms with a file have a bound of their own.
    pub(crate) request: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 800,
            per_address: 100,
            head: Duration::from_secs(30),
            proxy_head: Duration::from_secs(90),
            write: Duration::from_secs(30),
            request: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop` is ready; requests under way are finished first, for as long as one request may take.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: &Bounds,
    trusted: &[IpNet],
    stop: impl Future<Output = ()>,
) {
    let connections = Connections::new(bounds.connections, bounds.per_address);
    let refused = OnceAMinute::default();
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // No file descriptor is left, or the client is gone already.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let proxy = is_trusted(trusted, peer.ip());
        let Some(place) = connections.open(peer.ip(), proxy) else {
            if refused.due() {
                tracing::warn!(%proxy, "connections are refused: all that are allowed have a request under way");
            }
            continue;
        };
        let connection = Connection { peer, router: router.clone(), place, watcher: graceful.watcher() };
        let head = if proxy { bounds.proxy_head } else { bounds.head };
        tokio::spawn(connection.serve(stream, head, bounds.write));
    }
    drop(listener);
    // What takes longer than a request may is cut off: an upload, a client that reads slowly.
    if tokio::time::timeout(bounds.request, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were cut off at the end");
    }
}

/// Whether an address is one of the proxies that we trust.
pub(crate) fn is_trusted(trusted: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// One connection, and what its requests need.
struct Connection {
    peer: SocketAddr,
    router: Router,
    place: OpenConnection,
    watcher: Watcher,
}

impl Connection {
    async fn serve(self, stream: TcpStream, head: Duration, write: Duration) {
        let Self { peer, router, place, watcher } = self;
        let _ = stream.set_nodelay(true);
        let stream = ClientStream::new(stream, place.activity(), write);
        let activity = place.activity();
        let service = service_fn(move |request| answer(router.clone(), peer, activity.clone(), request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            _ = watcher.watch(connection) => {}
            () = place.evicted() => {}
        }
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    activity: Arc<Activity>,
    mut request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Infallible> {
    let answering = activity.answering();
    request.extensions_mut().insert(ConnectInfo(peer));
    let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let Ok(mut response) = router.oneshot(request.map(Body::new)).await;
    if chunked {
        // `heads` does not follow chunks, so it would not check the next head.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| AnswerBody::new(body, answering)))
}
