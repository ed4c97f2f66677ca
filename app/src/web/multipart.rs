//! Forms that bring a file (F-REQ): read as they come in, never whole in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::http::request::Parts;
use backend::flows::Token;
use backend::service::Result;
use backend::service::request::{RequestService, Sent};
use domain::field::{Field, Reason};
use futures_util::{Stream, StreamExt, stream};

/// Most bytes that are read of such a form. What is over the bound of a file is read and thrown away, so that the browser gets
/// to see the answer; past this the line is cut.
pub const MOST_UPLOAD: usize = 64 * 1024 * 1024;

/// Most bytes that may wait between two parts of a form: a part's head, or a piece of a file.
const MOST_WAITING: usize = 256 * 1024;

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

/// Reads a form whose `file` is for the step at which the flow stands. Without a flow at such a step the file is thrown away.
/// None when it is no form of this sort.
pub(crate) async fn form_with_file(
    service: &RequestService<'_>,
    token: Option<&Token>,
    parts: &Parts,
    body: Body,
    file: Field,
) -> Result<Option<FormWithFile>> {
    let boundary = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let Some(boundary) = boundary.and_then(|kind| multer::parse_boundary(kind).ok()) else { return Ok(None) };
    let flow = service.page(token).await?;
    let waiting = Arc::new(AtomicUsize::new(0));
    let mut multipart = multer::Multipart::new(pieces(body, waiting.clone()), boundary);
    let mut form = FormWithFile { fields: BTreeMap::new(), sent: None };
    for _ in 0..MOST_PARTS {
        let Ok(Some(mut field)) = multipart.next_field().await else { break };
        waiting.store(0, Ordering::Relaxed);
        let name = field.name().unwrap_or_default().to_owned();
        let chosen = field.file_name().is_some_and(|name| !name.is_empty());
        if name == file.name() && field.file_name().is_some() {
            let content = (&mut field).inspect(|_| waiting.store(0, Ordering::Relaxed));
            if let (true, Some(flow), None) = (chosen, &flow, &form.sent) {
                form.sent = service.receive(flow, content).await?;
            }
            // The rest of a file that is not taken.
            while let Some(Ok(_)) = field.next().await {
                waiting.store(0, Ordering::Relaxed);
            }
            continue;
        }
        let mut text = Vec::new();
        while let Ok(Some(piece)) = field.chunk().await {
            waiting.store(0, Ordering::Relaxed);
            text.extend_from_slice(piece.get(..MOST_TEXT.saturating_sub(text.len())).unwrap_or(&piece));
        }
        form.fields.entry(name).or_insert_with(|| String::from_utf8_lossy(&text).into_owned());
    }
    if form.sent.is_none() && form.get(TOO_LARGE) == "si" {
        form.sent = Some(Sent::Refused(Reason::FileTooLarge));
    }
    Ok(Some(form))
}

/// Why a form was not read to its end.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("the line broke, or was silent for too long")]
    Line,
    #[error("a part's head without end")]
    Head,
}

/// The body, piece by piece. The parser takes whatever is there before it looks at it, so each piece has to be asked for anew;
/// and what it has not given away yet is bounded.
fn pieces(
    body: Body,
    waiting: Arc<AtomicUsize>,
) -> impl Stream<Item = std::result::Result<Bytes, Cut>> + Send + 'static {
    stream::unfold(Some(body.into_data_stream()), move |body| {
        let waiting = waiting.clone();
        async move {
            let mut body = body?;
            tokio::task::yield_now().await;
            match tokio::time::timeout(IDLE, body.next()).await {
                Ok(Some(Ok(piece))) if waiting.fetch_add(piece.len(), Ordering::Relaxed) < MOST_WAITING => {
                    Some((Ok(piece), Some(body)))
                }
                Ok(Some(Ok(_))) => Some((Err(Cut::Head), None)),
                Ok(None) => None,
                Ok(Some(Err(_))) | Err(_) => Some((Err(Cut::Line), None)),
            }
        }
    })
}
