//! Forms that bring a file (F-REQ): read as they come in, never whole in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::header;
use axum::http::request::Parts;
use backend::flows::{Flow, Token};
use backend::form::{FormFingerprint, FormHasher, ValueHasher};
use backend::service::request::{Received, RequestService};
use backend::service::{Caller, NextStep, Posted, Result};
use domain::field::Reason;
use domain::flow::request::{RequestFlow, UploadPurpose};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{Mutex, Semaphore};

use super::upload_places::UploadPlaces;
use super::{caller_by_address, storable};

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

/// Where forms with a file of companies that have shown their key are read.
static PLACES: LazyLock<UploadPlaces> = LazyLock::new(UploadPlaces::default);

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

/// How slow a browser may be in the middle of a form.
#[derive(Debug, Clone, Copy)]
struct MinSpeed {
    /// Bytes that have to come …
    bytes: usize,
    /// … while we wait this long for the browser, in all.
    wait: Duration,
}

/// A sixth of what 5 MB in [`UPLOAD_TIME`] need, so that a telephone may be slow for a while. A client that sends a byte now and
/// then, to keep its place, is cut off.
const MIN_SPEED: MinSpeed = MinSpeed { bytes: 32 * 1024, wait: Duration::from_secs(30) };

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
    pub(crate) fn posted<'a>(&'a self, token: Option<&'a Token>, caller: &'a Caller) -> Posted<'a> {
        Posted {
            token,
            tag: self.get("pagina"),
            captcha: "",
            work: "",
            letters: "",
            other_letters: false,
            caller,
            form: self.form,
        }
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
    let body = Incoming::new(body, MIN_SPEED);
    let taking = flow.as_ref().and_then(|flow| Some((flow, flow.state.takes(file)?)));
    let Some((flow, company)) = taking else {
        body.drain_unused().await;
        return Ok(Read::Form(FormWithFile::empty(flow.as_ref().map_or("", Flow::tag))));
    };
    let Some(_place) = PLACES.try_acquire(company, caller_by_address(parts).prefix()) else {
        body.drain_unused().await;
        return Ok(Read::Busy);
    };
    let mut form = FormWithFile { fields: BTreeMap::new(), sent: None, form: FormFingerprint::of([]) };
    let read = form.read(StepOfFlow { service, flow, file }, &body, boundary, file).await;
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

/// Takes the content of a form's file as it comes in.
trait Receiver: Sync {
    /// What became of the file; none when the flow takes none any more.
    fn receive(
        &self,
        content: impl Stream<Item = std::result::Result<Bytes, multer::Error>> + Unpin + Send,
    ) -> impl Future<Output = Result<Option<Received>>> + Send;
}

/// The file that a step of a flow asks for goes to the service.
struct StepOfFlow<'a> {
    service: &'a RequestService<'a>,
    flow: &'a Flow<RequestFlow>,
    file: UploadPurpose,
}

impl Receiver for StepOfFlow<'_> {
    async fn receive(
        &self,
        content: impl Stream<Item = std::result::Result<Bytes, multer::Error>> + Unpin + Send,
    ) -> Result<Option<Received>> {
        self.service.receive(self.flow, self.file, content).await
    }
}

impl FormWithFile {
    /// Reads every part, at most [`MAX_PARTS`]; the first file under the name of `file` goes to `receiver`.
    async fn read(
        &mut self,
        receiver: impl Receiver,
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
                    self.sent = receiver.receive(content).await?;
                }
            }
            // Of a file that is not taken the rest is thrown away.
            let text = match rest_of(&mut field, body, &mut value).await {
                Ok(text) => text,
                Err(error) => return Ok(Err(error)),
            };
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

/// What is left of a part, up to [`MAX_TEXT`]; all of it goes into the fingerprint.
async fn rest_of(
    field: &mut multer::Field<'_>,
    body: &Incoming,
    value: &mut ValueHasher,
) -> std::result::Result<Vec<u8>, multer::Error> {
    let mut text = Vec::new();
    while let Some(piece) = field.chunk().await? {
        value.update(&piece);
        let room = MAX_TEXT.saturating_sub(text.len());
        text.extend_from_slice(piece.get(..room).unwrap_or(&piece));
        body.taken();
    }
    Ok(text)
}

/// Why a form was not read to its end.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("the line broke")]
    Line,
    #[error("too few bytes for the time that it took")]
    Slow,
    #[error("more bytes than are read")]
    Long,
    #[error("a part's head without end")]
    Head,
}

/// Where a body comes from.
struct Source {
    stream: BodyDataStream,
    /// What came with the last piece and was not handed out yet.
    rest: Bytes,
    /// How long we have waited for the browser since the speed was last looked at, and how much it has sent since.
    waited: Duration,
    sent: usize,
    /// Whether the form was cut: nothing of it is read any more.
    cut: bool,
}

impl Source {
    /// Waits for the next piece that is not empty; none at the end.
    async fn next(&mut self, min_speed: MinSpeed) -> std::result::Result<Option<Bytes>, Cut> {
        loop {
            let start = Instant::now();
            let left = min_speed.wait.saturating_sub(self.waited);
            let piece = tokio::time::timeout(left, self.stream.next()).await;
            // Only the browser's time: the disk and the object storage may be slow too.
            self.waited += start.elapsed();
            match piece {
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(Cut::Line),
                Ok(Some(Ok(piece))) if piece.is_empty() => {}
                Ok(Some(Ok(piece))) => {
                    self.sent += piece.len();
                    return Ok(Some(piece));
                }
                Err(_) if self.sent < min_speed.bytes => return Err(Cut::Slow),
                Err(_) => (self.waited, self.sent) = (Duration::ZERO, 0),
            }
        }
    }
}

/// A body on its way in, piece by piece.
#[derive(Clone)]
struct Incoming {
    source: Arc<Mutex<Source>>,
    min_speed: MinSpeed,
    /// Bytes that were read in all.
    read: Arc<AtomicUsize>,
    /// Bytes that were given to the parser and that it has not given away yet.
    waiting: Arc<AtomicUsize>,
}

impl Incoming {
    fn new(body: Body, min_speed: MinSpeed) -> Self {
        let (stream, rest) = (body.into_data_stream(), Bytes::new());
        let source = Source { stream, rest, waited: Duration::ZERO, sent: 0, cut: false };
        Self {
            source: Arc::new(Mutex::new(source)),
            min_speed,
            read: Arc::default(),
            waiting: Arc::default(),
        }
    }

    /// The parser has given something away.
    fn taken(&self) {
        self.waiting.store(0, Ordering::Relaxed);
    }

    async fn next(&self) -> Option<std::result::Result<Bytes, Cut>> {
        let source = &mut *self.source.lock().await;
        if source.cut {
            return Some(Err(Cut::Line));
        }
        if source.rest.is_empty() {
            match source.next(self.min_speed).await {
                Ok(Some(piece)) => source.rest = piece,
                Ok(None) => return None,
                Err(cut) => {
                    source.cut = true;
                    return Some(Err(cut));
                }
            }
        }
        let piece = source.rest.split_to(source.rest.len().min(PIECE));
        let before = self.read.fetch_add(piece.len(), Ordering::Relaxed);
        Some(if before < MAX_FORM_BYTES { Ok(piece) } else { Err(Cut::Long) })
    }

    /// Reads a form that nobody can use to its end, while there is a place for it, so that the browser sees the answer.
    async fn drain_unused(&self) {
        if let Ok(_permit) = DRAIN_SLOTS.try_acquire() {
            let (max, time) = DRAIN_LIMIT;
            self.drain(max, time).await;
        }
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

#[cfg(any(test, feature = "fuzzing"))]
#[path = "multipart_fuzzing.rs"]
pub(crate) mod fuzzing;

#[cfg(test)]
#[path = "multipart_tests.rs"]
mod tests;
