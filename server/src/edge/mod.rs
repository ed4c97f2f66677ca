//! The connections of the service: how many there may be, how long each may take, and what a request's head must look like.
//!
//! axum's own `serve` has none of these bounds: 1,100 silent connections use up the process's file descriptors, and nobody
//! else gets in. Here hyper serves each connection through a [`wire::Wire`], which watches the time, and [`places::Seats`]
//! makes room by closing the connection that has been idle longest.

mod places;
mod wire;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::seldom::Seldom;
use places::{Seat, Seats};
use wire::{Busy, Wire};

/// Largest head of a request, in bytes: request line and headers.
const MOST_HEAD: usize = 16 * 1024;

/// Bounds of connections. The defaults suit the process's usual limit of 1,024 open files.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// Most connections in all.
    pub(crate) connections: usize,
    /// Most connections of one address that is no trusted proxy; of a client behind one, most requests under way.
    pub(crate) per_address: usize,
    /// How long a connection may be idle between requests, or before the first.
    pub(crate) idle: Duration,
    /// The same for a connection of a trusted proxy. Longer than proxies keep theirs, so that it is the proxy that closes
    /// it: a form sent on a connection that is just being closed would be lost.
    pub(crate) proxy_idle: Duration,
    /// How long a head may take from its first byte on.
    pub(crate) head: Duration,
    /// How long a client may take none of the bytes of an answer.
    pub(crate) unread: Duration,
    /// How long a request may take, its body included; forms with a file have a bound of their own.
    pub(crate) request: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 800,
            per_address: 100,
            idle: Duration::from_secs(30),
            proxy_idle: Duration::from_secs(90),
            head: Duration::from_secs(10),
            unread: Duration::from_secs(30),
            request: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop` is ready; requests under way are finished first.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: &Bounds,
    trusted: &[IpNet],
    stop: impl Future<Output = ()>,
) {
    let seats = Seats::new(bounds.connections, bounds.per_address);
    let refused = Seldom::default();
    let (stopping, stopped) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // No open file is left, or a connection broke before it was accepted.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let proxy = is_trusted(trusted, peer.ip());
        let Some(seat) = seats.take(peer.ip(), proxy) else {
            if refused.now() {
                tracing::warn!(
                    "connections are refused: requests are under way on all of one address, or on all that there are; a proxy \
                     belongs into trusted_proxies"
                );
            }
            continue;
        };
        let connection = Connection { router: router.clone(), peer, seat };
        tokio::spawn(connection.serve(stream, bounds.clone(), proxy, stopped.clone()));
    }
    drop((listener, stopped));
    let _ = stopping.send(());
    stopping.closed().await;
}

/// Whether an address is one of the proxies that we trust.
pub(crate) fn is_trusted(trusted: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// One connection.
struct Connection {
    router: Router,
    peer: SocketAddr,
    seat: Seat,
}

impl Connection {
    async fn serve(self, stream: TcpStream, bounds: Bounds, proxy: bool, mut stop: watch::Receiver<()>) {
        let Self { router, peer, seat } = self;
        let _ = stream.set_nodelay(true);
        let (closed, busy) = (seat.closed(), seat.busy());
        let idle = if proxy { bounds.proxy_idle } else { bounds.idle };
        let wire =
            Wire::new(stream, busy.clone(), wire::Times { idle, head: bounds.head, unread: bounds.unread });
        let service = service_fn(move |request| answer(router.clone(), peer, busy.begin(), request));
        let mut builder = hyper::server::conn::http1::Builder::new();
        let builder = builder.max_buf_size(MOST_HEAD).half_close(false);
        let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(wire), service));
        let mut stopping = false;
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = closed.notified() => return,
                _ = stop.changed(), if !stopping => {
                    stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Answers a request. The connection counts as busy until the answer has gone out.
async fn answer(
    router: Router,
    peer: SocketAddr,
    busy: Arc<Busy>,
    mut request: Request<Incoming>,
) -> Result<Response<wire::Held>, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    // Where such a body ends is not known to the wire, so nothing may follow it.
    let last = request.headers().contains_key(header::TRANSFER_ENCODING);
    let Ok(mut response) = router.oneshot(request.map(Body::new)).await;
    if last {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| wire::Held::new(body, busy)))
}
