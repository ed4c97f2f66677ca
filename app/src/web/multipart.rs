//! Forms that bring a file (F-REQ): read as they come in, never whole in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::header;
use axum::http::request::Parts;
use backend::flows::{Flow, Token};
use backend::service::Result;
use backend::service::request::{RequestService, Sent};
use domain::field::Reason;
use domain::flow::request::{Purpose, Request};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::Mutex;

/// Most bytes that are read of such a form. What is over the bound of a file is read and thrown away, so that the browser gets
/// to see the answer; past this the line is cut.
pub const MOST_UPLOAD: usize = 64 * 1024 * 1024;

/// Most bytes that may wait between two parts of a form: a part's head, or pieces of a file. The parser sometimes asks for
/// two pieces before it gives one away, and the server gives pieces of up to 400 kB.
const MOST_WAITING: usize = 1024 * 1024;

/// Longest text field, in bytes.
const MOST_TEXT: usize = 2 * 1024;

/// Most parts of a form.
const MOST_PARTS: usize = 32;

/// Longest pause of a browser in the middle of a form.
const IDLE: Duration = Duration::from_secs(30);

/// Field by which the script says that it left out a file because it is too large.
const TOO_LARGE: &str = "archivo_grande";

/// A form that was read.
pub(crate) struct FormWithFile {
    fields: BTreeMap<String, String>,
    /// What became of its file; none when none was chosen.
    pub(crate) sent: Option<Sent>,
}

impl FormWithFile {
    /// What stands in a text field.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The file, where one has to be there.
    pub(crate) fn sent_or_missing(&self) -> Sent {
        self.sent.clone().unwrap_or(Sent::Refused(Reason::Missing))
    }
}

/// Reads a form that brings a file. Without a flow at a step that takes such a file it is thrown away.
/// None when it is no form of this sort.
pub(crate) async fn form_with_file(
    service: &RequestService<'_>,
    token: Option<&Token>,
    parts: &Parts,
    body: Body,
    file: Purpose,
) -> Result<Option<FormWithFile>> {
    let boundary = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let Some(boundary) = boundary.and_then(|kind| multer::parse_boundary(kind).ok()) else { return Ok(None) };
    let flow = service.page(token).await?;
    let body = Incoming::new(body);
    let mut form = FormWithFile { fields: BTreeMap::new(), sent: None };
    let read = form.read(service, flow.as_ref(), &body, boundary, file).await;
    // A browser that is still sending would not see the answer.
    body.drain().await;
    if let Err(error) = read? {
        // What is missing now is said beside its field.
        tracing::info!(%error, "a form with a file was not read to its end");
    }
    if form.sent.is_none() && form.get(TOO_LARGE) == "si" {
        form.sent = Some(Sent::Refused(Reason::FileTooLarge));
    }
    Ok(Some(form))
}

impl FormWithFile {
    async fn read(
        &mut self,
        service: &RequestService<'_>,
        flow: Option<&Flow<Request>>,
        body: &Incoming,
        boundary: String,
        file: Purpose,
    ) -> Result<std::result::Result<(), multer::Error>> {
        let mut multipart = multer::Multipart::new(body.pieces(), boundary);
        for _ in 0..MOST_PARTS {
            let mut field = match multipart.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            };
            body.taken();
            let name = field.name().unwrap_or_default().to_owned();
            let chosen = field.file_name().map(|name| !name.is_empty());
            if name == file.field().name() && chosen.is_some() {
                let content = (&mut field).inspect(|_| body.taken());
                if let (Some(true), Some(flow), None) = (chosen, flow, &self.sent) {
                    self.sent = service.receive(flow, file, content).await?;
                }
            }
            let mut text = Vec::new();
            loop {
                // Of a file that is not taken, and of a text that is too long, the rest is thrown away.
                match field.chunk().await {
                    Ok(Some(piece)) if chosen.is_none() => {
                        let room = MOST_TEXT.saturating_sub(text.len());
                        text.extend_from_slice(piece.get(..room).unwrap_or(&piece));
                    }
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(error) => return Ok(Err(error)),
                }
                body.taken();
            }
            if chosen.is_none() {
                self.fields.entry(name).or_insert_with(|| String::from_utf8_lossy(&text).into_owned());
            }
        }
        Ok(Ok(()))
    }
}

/// Why a form was not read to its end.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("the line broke, or was silent for too long")]
    Line,
    #[error("a part's head without end")]
    Head,
}

/// A body on its way in, piece by piece.
#[derive(Clone)]
struct Incoming {
    body: Arc<Mutex<BodyDataStream>>,
    /// Bytes that were given to the parser and that it has not given away yet.
    waiting: Arc<AtomicUsize>,
}

impl Incoming {
    fn new(body: Body) -> Self {
        Self { body: Arc::new(Mutex::new(body.into_data_stream())), waiting: Arc::default() }
    }

    /// The parser has given something away.
    fn taken(&self) {
        self.waiting.store(0, Ordering::Relaxed);
    }

    async fn next(&self) -> Option<std::result::Result<Bytes, Cut>> {
        match tokio::time::timeout(IDLE, self.body.lock().await.next()).await {
            Ok(Some(Ok(piece))) => Some(Ok(piece)),
            Ok(None) => None,
            Ok(Some(Err(_))) | Err(_) => Some(Err(Cut::Line)),
        }
    }

    /// The pieces. The parser takes whatever is there before it looks at it, so each has to be asked for anew; and what it has
    /// not given away yet is bounded.
    fn pieces(&self) -> impl Stream<Item = std::result::Result<Bytes, Cut>> + Send + 'static {
        stream::unfold(Some(self.clone()), |body| async move {
            let body = body?;
            tokio::task::yield_now().await;
            match body.next().await? {
                Ok(piece) if body.waiting.fetch_add(piece.len(), Ordering::Relaxed) >= MOST_WAITING => {
                    Some((Err(Cut::Head), None))
                }
                Ok(piece) => Some((Ok(piece), Some(body))),
                Err(cut) => Some((Err(cut), None)),
            }
        })
    }

    /// Reads the rest and throws it away.
    async fn drain(&self) {
        while let Some(Ok(_)) = self.next().await {}
    }
}
