//! `clave-sence serve`: puts the parts together, serves, and stops in good order.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::web::{AppState, Site};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use backend::Backend;
use backend::captcha::Drawings;
use backend::clock::{Clock, SystemClock};
use backend::courier::{Backchannel, Courier, Inbox, Transports};
use backend::flow_locks::FlowLocks;
use backend::hashing::Hasher;
use backend::keyed_semaphore::KeyedSemaphore;
use backend::limits::Limits;
use backend::service::decoys::Decoys;
use backend::service::logout::LogoutCourier;
use backend::service::signing::SigningKeys;
use backend::store::{Store, StoreError};
use base64::Engine as _;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::config::{Config, ConfigError, Mode};
use crate::health::StatusCounts;
use crate::once_a_minute::OnceAMinute;
use crate::words::words;
use crate::{demo, edge, health, site, wall};

/// Why the program could not start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    #[error("the runtime could not start: {0}")]
    Runtime(std::io::Error),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Service(#[from] backend::service::ServiceError),
    #[error("no random bytes from the system")]
    Random,
    #[error("the store of uploaded files: {0}")]
    Files(#[from] backend::files::FilesError),
    #[error("serving: {0}")]
    Serve(std::io::Error),
}

/// Starts the log: lines for people in the demo, JSON in production. `RUST_LOG` narrows it.
pub(crate) fn start_logging(mode: Mode) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match mode {
        Mode::Demo => log.with_target(false).compact().init(),
        Mode::Production => log.json().init(),
    }
}

/// Serves until SIGTERM or Ctrl-C; requests under way are finished first, and so is what the courier is sending.
pub(crate) async fn serve(config: Config) -> Result<(), Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let demo_mode = config.mode == Mode::Demo;
    let inbox = demo_mode.then(|| Inbox::new(demo::inbox(&config.data)));
    let ways = Transports { mail: config.mailer.clone(), sms: config.sms.clone(), inbox: inbox.clone() };
    let backend = backend(&config, clock.clone()).await?;
    let (store, wake) = (backend.store.clone(), backend.wake.clone());
    let courier = Courier::new(store.clone(), config.secrets.clone(), clock.clone(), ways, wake.clone());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let courier = tokio::spawn(courier.run_until(stopped.clone()));
    let backchannel = if demo_mode { Backchannel::anywhere() } else { Backchannel::public() };
    let logouts = tokio::spawn(LogoutCourier::new(backend.clone(), backchannel).run_until(stopped));
    // A key that cannot be read is said in the log now, and not when somebody wants to sign in.
    backend.list_keys().await?;
    backend.files.prepare().await?;
    // Before the first request: without the statistics, decoys would differ from accounts.
    backend.refresh_decoys().await?;
    let name = crate::words::catalogue().sign_in.example.name;
    if let Some(example) = app::demo::sistema::client(&config.settings.public_url, name).filter(|_| demo_mode)
    {
        backend.openid(&backend::caller::Caller::default()).put_example(&example).await?;
    }
    let sweepers = [tokio::spawn(sweep(backend.clone())), tokio::spawn(sweep_files(backend.clone()))];

    let secure = config.settings.public_url.starts_with("https://");
    let requests = StatusCounts::default();
    let router = router(&config, backend.clone(), inbox, secure, requests.clone());
    let listener = TcpListener::bind(config.listen).await.map_err(|e| Failure::Listen(config.listen, e))?;
    if let Some(address) = config.metrics_listen {
        let listener = TcpListener::bind(address).await.map_err(|e| Failure::Listen(address, e))?;
        let metrics = health::metrics(backend, requests);
        tokio::spawn(async move {
            edge::serve(listener, metrics, &edge::Bounds::default(), &[], std::future::pending()).await;
        });
    }
    let address = listener.local_addr().map_err(Failure::Serve)?;
    tracing::info!(%address, mode = ?config.mode, engine = ?store.engine(), "ready");
    // The reader of the output may be gone; that is no reason to stop serving.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{} http://{address}", words().serve.ready);
    if demo_mode {
        let _ = writeln!(out, "{} http://{address}/demo/bandeja", words().serve.inbox);
    }
    drop(out);
    edge::serve(listener, router, &config.bounds, &config.trusted_proxies, stop_signal()).await;
    tracing::info!("stopping");
    let _ = stop.send(true);
    wake.notify_one();
    let _ = tokio::time::timeout(Duration::from_secs(30), async { tokio::join!(courier, logouts) }).await;
    sweepers.iter().for_each(tokio::task::JoinHandle::abort);
    store.close().await;
    Ok(())
}

/// Hashes on every core. A queue of a hundred per core is about a second and a half of waiting.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "only a debug build can be told otherwise")
)]
fn hasher(config: &Config) -> Option<Hasher> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    #[cfg(debug_assertions)]
    if config.worthless_hashes {
        tracing::warn!("keys and answers are hashed for nothing: this data is for tests only");
        return Hasher::worthless(cores, cores * 100, Duration::ZERO);
    }
    Hasher::new(cores, cores * 100)
}

/// The services on what the configuration names.
pub(crate) async fn backend(config: &Config, clock: Arc<dyn Clock>) -> Result<Backend, Failure> {
    let store = Store::open(&config.database_url, config.database_connections).await?;
    let hasher = hasher(config).ok_or(Failure::Random)?;
    let limits = Limits::new(store.clone(), config.secrets.clone(), config.settings.tries_per_address);
    Ok(Backend {
        store,
        secrets: config.secrets.clone(),
        hasher,
        clock,
        civil: config.civil.clone(),
        tax: config.tax.clone(),
        foreign_documents: config.foreign_documents.clone(),
        rce: config.rce.clone(),
        files: config.files.clone(),
        settings: config.settings.clone(),
        limits,
        decoys: Decoys::default(),
        wake: Arc::new(Notify::new()),
        drawings: Drawings::default(),
        flow_locks: FlowLocks::default(),
        signing: SigningKeys::default(),
    })
}

/// The pages behind the wall, the files of the site, the health pages.
pub(crate) fn router(
    config: &Config,
    backend: Backend,
    inbox: Option<Inbox>,
    secure: bool,
    counts: StatusCounts,
) -> Router {
    let sheets = site::css();
    let headers = sheets.map(|css| {
        let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(css.as_bytes()));
        wall::headers(&format!("sha256-{digest}"), &config.frame_ancestors, secure)
    });
    let site = Arc::new(Site {
        css: sheets,
        starter: site::starter(),
        locale: config.settings.language,
        demo: config.mode == Mode::Demo,
        secure,
    });
    let wall = Arc::new(wall::WallSettings {
        trusted: config.trusted_proxies.clone(),
        forwarded: config.forwarded,
        origin: wall::origin(&config.settings.public_url).unwrap_or_default(),
        requests: KeyedSemaphore::new(config.bounds.per_address),
        unreadable: OnceAMinute::default(),
        headers,
        site: site.clone(),
        counts,
    });
    let state = AppState { backend: Arc::new(backend.clone()), site, inbox };
    let uploads = app::routes::uploads(state.clone());
    let pages = app::routes::routes(state);
    // The sound of a captcha is mostly noise.
    let what = DefaultPredicate::new().and(NotForContentType::const_new("audio/"));
    let compress = CompressionLayer::new().quality(CompressionLevel::Precise(5)).compress_when(what);
    let within = |time| TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time);
    Router::new()
        .merge(pages)
        .merge(health::routes(backend))
        .layer(compress)
        .route("/pkg/{file}", get(site::hashed))
        .route("/icono.svg", get(|headers: HeaderMap| async move { site::plain("icono.svg", &headers) }))
        .route(
            "/cedula-nueva.svg",
            get(|headers: HeaderMap| async move { site::plain("cedula-nueva.svg", &headers) }),
        )
        .route(
            "/cedula-antigua.svg",
            get(|headers: HeaderMap| async move { site::plain("cedula-antigua.svg", &headers) }),
        )
        .route(
            "/continuar.js",
            get(|headers: HeaderMap| async move { site::plain("continuar.js", &headers) }),
        )
        .route("/robots.txt", get(|headers: HeaderMap| async move { site::plain("robots.txt", &headers) }))
        .layer(within(config.bounds.request))
        .layer(RequestBodyLimitLayer::new(64 * 1024))
        // These bound what they read by themselves.
        .merge(uploads.layer(within(app::web::UPLOAD_TIME)))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(wall, wall::guard))
}

/// Deletes what has expired, every minute; and every ten looks at the accounts again, for the decoys.
async fn sweep(backend: Backend) {
    for minute in 1u64.. {
        tokio::time::sleep(Duration::from_secs(60)).await;
        if let Err(error) = backend.store.sweep(backend.now()).await {
            tracing::warn!(%error, "what has expired could not be deleted; tried again in a minute");
        }
        if minute % 10 == 0
            && let Err(error) = backend.refresh_decoys().await
        {
            tracing::warn!(%error, "the accounts could not be looked at; tried again in ten minutes");
        }
    }
}

/// Deletes files that nobody keeps, every minute. On its own: where the store of files hangs, nothing else has to wait.
async fn sweep_files(backend: Backend) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        if let Err(error) = backend.sweep_files().await {
            tracing::warn!(%error, "files that nobody keeps could not be deleted; tried again in a minute");
        }
    }
}

async fn stop_signal() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The prefix of the hashes of a demo with this setting.
    fn prefix(setting: Option<(&str, &str)>) -> String {
        let folder = std::env::temp_dir().join(format!("clave-sence-hashes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let all = [("CS_MODE", "demo")].into_iter().chain(setting);
        let all = all.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let config = Config::load(&folder, None, all).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        hasher(&config).unwrap().current_prefix()
    }

    #[test]
    fn security_the_service_hashes_at_full_cost_unless_a_test_asks_it_not_to() {
        assert_eq!(prefix(None), "$argon2id$v=19$m=19456,t=2,p=1$");
        #[cfg(debug_assertions)]
        assert_eq!(prefix(Some(("CS_WORTHLESS_HASHES", "true"))), "$argon2id$v=19$m=8,t=1,p=1$");
    }
}
