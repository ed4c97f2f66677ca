//! Forms that bring a file (F-REQ): read as they come in, never whole in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::header;
use axum::http::request::Parts;
use backend::flows::{Flow, Token};
use backend::form::{FormFingerprint, FormHasher, ValueHasher};
use backend::service::request::{Received, RequestService};
use backend::service::{NextStep, Posted, Result};
use domain::field::Reason;
use domain::flow::request::{RequestFlow, UploadPurpose};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{Mutex, Semaphore};

use super::storable;

/// Most bytes that are read of such a form. What is over the bound of a file is read and thrown away, so that the browser gets
/// to see the answer; past this the connection is closed.
const MAX_FORM_BYTES: usize = 64 * 1024 * 1024;

/// Most bytes, and longest time, that are read, and thrown away, of a form without a flow that can use it: expired, or none.
const DRAIN_LIMIT: (usize, Duration) = (8 * 1024 * 1024, Duration::from_secs(120));

/// Largest piece that the parser is given at once.
const PIECE: usize = 16 * 1024;

/// Most bytes that may wait in the parser: a part's head, or pieces of a file. It sometimes asks for two before it gives one
/// away.
const MAX_WAITING: usize = 64 * 1024;

/// Most forms with a file for a company that has shown its key that are read at the same time.
static UNDER_WAY: Semaphore = Semaphore::const_new(64);

/// Most of these forms that are read at the same time. Anybody may send them, so they have places of their own; past these a
/// browser may see a closed connection in place of the answer.
static DRAIN_SLOTS: Semaphore = Semaphore::const_new(16);

/// Longest text field, in bytes.
const MAX_TEXT: usize = 2 * 1024;

/// Longest name of a text field, in bytes.
const MAX_NAME: usize = 32;

/// Most parts of a form.
const MAX_PARTS: usize = 32;

/// How long a form with a file may take: 5 MB by a line of 6 kB/s.
pub const UPLOAD_TIME: Duration = Duration::from_secs(15 * 60);

/// Longest pause of a browser in the middle of a form.
const IDLE: Duration = Duration::from_secs(30);

/// Field by which the script says that it left out a file because it is too large.
const TOO_LARGE: &str = "archivo_grande";

/// A form that was read.
pub(crate) struct FormWithFile {
    fields: BTreeMap<String, String>,
    /// What became of its file; none when none was chosen.
    sent: Option<Received>,
    /// Every part that was read, the content of files included.
    form: FormFingerprint,
}

impl FormWithFile {
    /// What is in a text field.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// What became of the file that it brings, if it brings one.
    pub(crate) fn sent(&self) -> Option<Received> {
        self.sent.clone()
    }

    /// What the services need of every form.
    pub(crate) fn posted<'a>(&'a self, token: Option<&'a Token>) -> Posted<'a> {
        Posted { token, tag: self.get("pagina"), captcha: "", form: self.form }
    }

    /// A form of this page in which nothing was filled in.
    fn empty(tag: &str) -> Self {
        let fields = BTreeMap::from([("pagina".to_owned(), tag.to_owned())]);
        Self { fields, sent: None, form: FormFingerprint::of([]) }
    }
}

/// What came of reading a form.
pub(crate) enum Read {
    /// The whole form.
    Form(FormWithFile),
    /// The connection broke in the middle of the form; this is where the flow continues.
    ConnectionLost(NextStep<RequestFlow>),
    /// Too many are read already: 503.
    Busy,
    /// It is no form of this sort: 400.
    Other,
}

/// Reads a form that brings a file. What comes without a flow at a step that takes such a file is not looked at.
pub(crate) async fn form_with_file(
    service: &RequestService<'_>,
    token: Option<&Token>,
    parts: &Parts,
    body: Body,
    file: UploadPurpose,
) -> Result<Read> {
    let boundary = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let Some(boundary) = boundary.and_then(|kind| multer::parse_boundary(kind).ok()) else {
        return Ok(Read::Other);
    };
    let flow = service.page(token).await?;
    let body = Incoming::new(body);
    let Some(flow) = flow.as_ref().filter(|flow| flow.state.takes(file).is_some()) else {
        if let Ok(_permit) = DRAIN_SLOTS.try_acquire() {
            let (most, time) = DRAIN_LIMIT;
            body.drain(most, time).await;
        }
        return Ok(Read::Form(FormWithFile::empty(flow.as_ref().map_or("", Flow::tag))));
    };
    let Ok(_permit) = UNDER_WAY.try_acquire() else { return Ok(Read::Busy) };
    let mut form = FormWithFile { fields: BTreeMap::new(), sent: None, form: FormFingerprint::of([]) };
    let read = form.read(service, flow, &body, boundary, file).await;
    // A browser that is still sending would not see the answer.
    body.drain(MAX_FORM_BYTES, UPLOAD_TIME).await;
    if form.sent.is_none() && form.get(TOO_LARGE) == "si" {
        form.sent = Some(Received::Refused(Reason::FileTooLarge));
    }
    match read? {
        Ok(()) => Ok(Read::Form(form)),
        Err(_) => {
            tracing::info!("a form with a file was not read to its end");
            Ok(Read::ConnectionLost(service.connection_lost(flow.clone(), file, form.sent).await?))
        }
    }
}

impl FormWithFile {
    async fn read(
        &mut self,
        service: &RequestService<'_>,
        flow: &Flow<RequestFlow>,
        body: &Incoming,
        boundary: String,
        file: UploadPurpose,
    ) -> Result<std::result::Result<(), multer::Error>> {
        let mut multipart = multer::Multipart::new(body.pieces(), boundary);
        let mut hasher = FormHasher::default();
        for _ in 0..MAX_PARTS {
            let mut field = match multipart.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            };
            body.taken();
            let sent_name = field.name().unwrap_or_default().to_owned();
            let name = if sent_name.len() <= MAX_NAME { sent_name.clone() } else { String::new() };
            let chosen = field.file_name().map(|name| !name.is_empty());
            let mut value = if chosen.is_some() { ValueHasher::file() } else { ValueHasher::text() };
            if name == file.field().name() && chosen.is_some() {
                let content = (&mut field).inspect(|piece| {
                    body.taken();
                    if let Ok(piece) = piece {
                        value.update(piece);
                    }
                });
                if let (Some(true), None) = (chosen, &self.sent) {
                    self.sent = service.receive(flow, file, content).await?;
                }
            }
            let mut text = Vec::new();
            loop {
                // Of a file that is not taken, and of a text that is too long, the rest is thrown away.
                match field.chunk().await {
                    Ok(Some(piece)) => {
                        value.update(&piece);
                        if chosen.is_none() {
                            let room = MAX_TEXT.saturating_sub(text.len());
                            text.extend_from_slice(piece.get(..room).unwrap_or(&piece));
                        }
                    }
                    Ok(None) => break,
                    Err(error) => return Ok(Err(error)),
                }
                body.taken();
            }
            hasher.add(&sent_name, value);
            if chosen.is_none() && !name.is_empty() {
                self.fields
                    .entry(name)
                    .or_insert_with(|| storable(&String::from_utf8_lossy(&text)).into_owned());
            }
        }
        self.form = hasher.finish();
        Ok(Ok(()))
    }
}

/// Why a form was not read to its end.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("the line broke, or was silent for too long")]
    Line,
    #[error("more bytes than are read")]
    Long,
    #[error("a part's head without end")]
    Head,
}

/// A body on its way in, piece by piece.
#[derive(Clone)]
struct Incoming {
    body: Arc<Mutex<(BodyDataStream, Bytes)>>,
    /// Bytes that were read in all.
    read: Arc<AtomicUsize>,
    /// Bytes that were given to the parser and that it has not given away yet.
    waiting: Arc<AtomicUsize>,
}

impl Incoming {
    fn new(body: Body) -> Self {
        let body = Arc::new(Mutex::new((body.into_data_stream(), Bytes::new())));
        Self { body, read: Arc::default(), waiting: Arc::default() }
    }

    /// The parser has given something away.
    fn taken(&self) {
        self.waiting.store(0, Ordering::Relaxed);
    }

    async fn next(&self) -> Option<std::result::Result<Bytes, Cut>> {
        let (body, rest) = &mut *self.body.lock().await;
        while rest.is_empty() {
            match tokio::time::timeout(IDLE, body.next()).await {
                Ok(Some(Ok(piece))) => *rest = piece,
                Ok(None) => return None,
                Ok(Some(Err(_))) | Err(_) => return Some(Err(Cut::Line)),
            }
        }
        let piece = rest.split_to(rest.len().min(PIECE));
        let before = self.read.fetch_add(piece.len(), Ordering::Relaxed);
        Some(if before < MAX_FORM_BYTES { Ok(piece) } else { Err(Cut::Long) })
    }

    /// The pieces. The parser takes whatever is there before it looks at it, so each has to be asked for anew; and what it has
    /// not given away yet is bounded.
    fn pieces(&self) -> impl Stream<Item = std::result::Result<Bytes, Cut>> + Send + 'static {
        stream::unfold(Some(self.clone()), |body| async move {
            let body = body?;
            tokio::task::yield_now().await;
            match body.next().await? {
                Ok(piece) if body.waiting.fetch_add(piece.len(), Ordering::Relaxed) >= MAX_WAITING => {
                    Some((Err(Cut::Head), None))
                }
                Ok(piece) => Some((Ok(piece), Some(body))),
                Err(cut) => Some((Err(cut), None)),
            }
        })
    }

    /// Reads the rest and throws it away, up to so many bytes in all and for so long.
    async fn drain(&self, most: usize, time: Duration) {
        let rest = async {
            while self.read.load(Ordering::Relaxed) < most
                && let Some(Ok(_)) = self.next().await
            {}
        };
        let _ = tokio::time::timeout(time, rest).await;
    }
}
