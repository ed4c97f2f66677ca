//! A connection as hyper sees it: heads come whole and well formed, nothing waits for ever.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::MOST_HEAD;

/// Least bytes of an answer that a slow client has to take within the time for it.
const LEAST_TAKEN: usize = 4 * 1024;

/// Whether a request is under way on a connection: from its head to the last byte of the answer.
#[derive(Debug)]
pub(super) struct Busy(Mutex<Option<Instant>>);

impl Default for Busy {
    fn default() -> Self {
        Self(Mutex::new(Some(Instant::now())))
    }
}

impl Busy {
    /// A request begins; it ends when what this returns is given to a [`Held`] that is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Arc<Self> {
        self.set(None);
        Arc::clone(self)
    }

    /// Since when no request is under way; none while one is.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, idle: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = idle;
    }
}

/// The body of an answer. While there is one, the connection is busy.
pub(super) struct Held {
    body: Body,
    busy: Arc<Busy>,
}

impl Held {
    pub(super) fn new(body: Body, busy: Arc<Busy>) -> Self {
        Self { body, busy }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.busy.set(Some(Instant::now()));
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// How long a connection may take for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) idle: Duration,
    pub(super) head: Duration,
    pub(super) unread: Duration,
}

/// What comes next from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// A head.
    Head,
    /// This many bytes of a body.
    Body(u64),
    /// Whatever hyper makes of it, up to the end of the connection.
    Rest,
}

/// A connection.
pub(super) struct Wire<S> {
    stream: S,
    busy: Arc<Busy>,
    times: Times,
    at: At,
    /// Bytes that were read and not handed out. Of them, `ready` may be.
    held: Vec<u8>,
    ready: usize,
    /// The end of the time for the next byte of a head.
    reading: Option<Pin<Box<Sleep>>>,
    /// The end of the time for the client to take some of the answer, and how much it has taken since.
    writing: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> Wire<S> {
    pub(super) fn new(stream: S, busy: Arc<Busy>, times: Times) -> Self {
        Self { stream, busy, times, at: At::Head, held: Vec::new(), ready: 0, reading: None, writing: None }
    }

    /// Looks at the head that has come in so far.
    fn look(&mut self) {
        match head(&self.held) {
            Head::Partial if self.held.len() < MOST_HEAD => {}
            // hyper refuses it: it takes no more.
            Head::Partial | Head::Unframed => {
                self.at = At::Rest;
                self.ready = self.held.len();
            }
            Head::Whole { head, body } => {
                self.at = if body == 0 { At::Head } else { At::Body(body) };
                self.ready = head;
            }
            Head::Wrong => {
                // No method begins like this, so hyper answers 400 and closes.
                self.held = b"\0\r\n\r\n".to_vec();
                self.ready = self.held.len();
                self.at = At::Rest;
            }
        }
        if self.ready > 0 {
            self.reading = None;
        }
    }

    /// How many bytes may be handed out or read now, beyond a head.
    fn allowed(&self) -> usize {
        match self.at {
            At::Head => 0,
            At::Body(left) => usize::try_from(left).unwrap_or(usize::MAX),
            At::Rest => usize::MAX,
        }
    }

    /// This many bytes of a body were handed out.
    fn passed(&mut self, bytes: usize) {
        if let At::Body(left) = self.at {
            let left = left.saturating_sub(bytes as u64);
            self.at = if left == 0 { At::Head } else { At::Body(left) };
        }
    }

    /// Hands out what is held and may be.
    fn hand_out(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let head = self.ready > 0;
        let may = if head { self.ready } else { self.allowed() };
        let bytes = may.min(self.held.len()).min(buf.remaining());
        if bytes == 0 {
            return false;
        }
        buf.put_slice(self.held.get(..bytes).unwrap_or_default());
        self.held.drain(..bytes);
        if head {
            self.ready -= bytes;
        } else {
            self.passed(bytes);
        }
        true
    }

    /// Whether the time for the next byte of a head is over.
    fn late(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let time = if self.held.is_empty() { self.times.idle } else { self.times.head };
        let timer = self.reading.get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        while timer.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            // While a request is under way, and for the time after it, the client need not send anything.
            let until = self.busy.idle_since().unwrap_or(now) + time;
            if until <= now {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            timer.as_mut().reset(until);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.at == At::Head && this.ready == 0 && !this.held.is_empty() {
                this.look();
            }
            if this.hand_out(buf) {
                return Poll::Ready(Ok(()));
            }
            if this.at != At::Head {
                // Times of bodies are the matter of those who read them.
                let part = buf.initialize_unfilled_to(this.allowed().min(buf.remaining()));
                let mut part = ReadBuf::new(part);
                ready!(Pin::new(&mut this.stream).poll_read(cx, &mut part))?;
                let bytes = part.filled().len();
                buf.advance(bytes);
                this.passed(bytes);
                return Poll::Ready(Ok(()));
            }
            let mut piece = [0; 4 * 1024];
            let mut piece = ReadBuf::new(&mut piece);
            if Pin::new(&mut this.stream).poll_read(cx, &mut piece)?.is_pending() {
                return this.late(cx);
            }
            if piece.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            if this.held.is_empty() {
                // Now the time of a head begins.
                this.reading = None;
            }
            this.held.extend_from_slice(piece.filled());
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        match Pin::new(&mut this.stream).poll_write(cx, bytes) {
            Poll::Ready(Ok(taken)) => {
                if let Some((_, in_all)) = &mut this.writing {
                    *in_all += taken;
                    if *in_all >= LEAST_TAKEN {
                        this.writing = None;
                    }
                }
                Poll::Ready(Ok(taken))
            }
            Poll::Pending => {
                let time = this.times.unread;
                let (timer, _) = this.writing.get_or_insert_with(|| (Box::pin(tokio::time::sleep(time)), 0));
                ready!(timer.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            failed => failed,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // hyper flushes once all of an answer is written.
        self.writing = None;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What came in where a head is expected.
#[derive(Debug, PartialEq, Eq)]
enum Head {
    /// Not all of it yet.
    Partial,
    /// A head of this many bytes, and a body of this many.
    Whole { head: usize, body: u64 },
    /// A head with a body whose end is not told by a length.
    Unframed,
    /// A line that ends with LF alone (RFC 9112 §2.2 lets a server take it; a proxy before us may read it otherwise), or
    /// lengths that contradict each other.
    Wrong,
}

/// Looks at a head: where it ends, and how long its body is.
fn head(bytes: &[u8]) -> Head {
    // Empty lines before a request are ignored, by hyper too.
    let mut at = 0;
    let (mut length, mut unframed, mut begun) = (None, false, false);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return Head::Partial };
        let Some(line) = rest.get(..end).and_then(|line| line.strip_suffix(b"\r")) else {
            return Head::Wrong;
        };
        at += end + 1;
        if line.is_empty() {
            if !begun {
                continue;
            }
            return match (unframed, length) {
                (true, _) => Head::Unframed,
                (false, length) => Head::Whole { head: at, body: length.unwrap_or(0) },
            };
        }
        if !begun {
            begun = true;
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return Head::Wrong };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            unframed = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let digits = value.iter().all(u8::is_ascii_digit) && length.is_none();
            let number = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            match number.filter(|_| digits) {
                Some(number) => length = Some(number),
                None => return Head::Wrong,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_heads_end_where_their_lines_say_and_bare_lf_is_refused() {
        let whole = |head, body| Head::Whole { head, body };
        for (bytes, read) in [
            ("", Head::Partial),
            ("GET / HTTP/1.1\r\nhost: a\r\n", Head::Partial),
            ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", whole(27, 0)),
            ("\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\nGET", whole(29, 0)),
            ("POST / HTTP/1.1\r\nContent-Length:  12\r\n\r\nabc", whole(40, 12)),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Head::Unframed),
            ("GET / HTTP/1.1\nhost: a\r\n\r\n", Head::Wrong),
            ("GET / HTTP/1.1\r\nhost: a\n\r\n", Head::Wrong),
            ("GET / HTTP/1.1\r\nhost: a\r\n\n", Head::Wrong),
            ("\nGET / HTTP/1.1\r\n\r\n", Head::Wrong),
            ("POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n", Head::Wrong),
            ("POST / HTTP/1.1\r\ncontent-length: +1\r\n\r\n", Head::Wrong),
            ("POST / HTTP/1.1\r\ncontent-length: \r\n\r\n", Head::Wrong),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", Head::Wrong),
        ] {
            assert_eq!(head(bytes.as_bytes()), read, "{bytes:?}");
        }
    }
}
