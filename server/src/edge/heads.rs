//! Finds the heads of requests in the bytes of a connection, and spoils those with a bare LF.
//!
//! hyper accepts a line that ends with LF alone, as RFC 9112 §2.2 allows. A proxy before us may read the same bytes otherwise,
//! and take a part of one request for another request.

/// Where in a request the next byte is.
#[derive(Debug, PartialEq, Eq)]
enum At {
    Head,
    /// This many bytes of the body are still to come.
    Body(u64),
    /// The end of the body is not known here: it is chunked, or hyper refuses the request.
    Unknown,
}

/// Follows the requests of a connection.
#[derive(Debug)]
pub(super) struct Heads {
    at: At,
    /// The line that is being received.
    line: Vec<u8>,
    /// Whether the request line was received.
    begun: bool,
    /// The length of the body, as far as the head says; none when it is not known.
    length: Option<u64>,
}

impl Heads {
    pub(super) fn new() -> Self {
        Self { at: At::Head, line: Vec::new(), begun: false, length: Some(0) }
    }

    /// Whether the last byte was the last one of a request.
    pub(super) fn between_requests(&self) -> bool {
        self.at == At::Head && !self.begun && self.line.is_empty()
    }

    /// Follows the next bytes. A bare LF in a head becomes a NUL, which no head may contain: hyper answers 400 and closes.
    pub(super) fn check(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            let (taken, rest) = match self.at {
                At::Head => {
                    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
                    bytes.split_at_mut(end)
                }
                At::Body(left) => bytes
                    .split_at_mut(usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()))),
                At::Unknown => return,
            };
            match self.at {
                At::Body(left) => self.at = after_body(left - taken.len() as u64),
                _ => self.head(taken),
            }
            bytes = rest;
        }
    }

    /// Follows a line of a head, or a part of one.
    fn head(&mut self, bytes: &mut [u8]) {
        self.line.extend_from_slice(bytes);
        let Some(last) = bytes.last_mut().filter(|last| **last == b'\n') else { return };
        let mut line = std::mem::take(&mut self.line);
        if !line.ends_with(b"\r\n") {
            *last = 0;
            self.at = At::Unknown;
            return;
        }
        line.truncate(line.len() - 2);
        match (self.begun, line.is_empty()) {
            // Empty lines before a request are ignored, by hyper too.
            (false, true) => {}
            (false, false) => self.begun = true,
            (true, false) => self.header(&line),
            (true, true) => {
                let length = self.length.replace(0);
                (self.begun, self.at) = (false, length.map_or(At::Unknown, after_body));
            }
        }
    }

    fn header(&mut self, line: &[u8]) {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts.next().unwrap_or_default();
        let value = parts.next().unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.length = None;
        } else if name.eq_ignore_ascii_case(b"content-length") && self.length.is_some() {
            self.length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
        }
    }
}

/// Where the next byte is when this much of a body is left.
fn after_body(left: u64) -> At {
    if left == 0 { At::Head } else { At::Body(left) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether these bytes pass unchanged, and where the next byte is; the same for any pieces.
    fn check(text: &str) -> (bool, At) {
        let read = |size| {
            let mut heads = Heads::new();
            let mut bytes = text.as_bytes().to_vec();
            bytes.chunks_mut(size).for_each(|piece| heads.check(piece));
            (bytes == text.as_bytes(), heads.at, heads.begun)
        };
        let whole = read(usize::MAX);
        assert_eq!(read(1), whole, "{text:?}");
        assert_eq!(read(7), whole, "{text:?}");
        (whole.0, whole.1)
    }

    #[test]
    fn security_a_bare_lf_is_spoilt_in_a_head_and_kept_in_a_body() {
        for (text, passes, at) in [
            ("", true, At::Head),
            ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", true, At::Head),
            ("\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\nGET", true, At::Head),
            ("POST / HTTP/1.1\r\nContent-Length:  12\r\n\r\na\nb", true, At::Body(9)),
            ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n\n\nGET / HTTP/1.1\r\n\r\n", true, At::Head),
            ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n\n\nGET / HTTP/1.1\n\r\n", false, At::Unknown),
            ("GET / HTTP/1.1\nhost: a\r\n\r\n", false, At::Unknown),
            ("GET / HTTP/1.1\r\nhost: a\n\r\n", false, At::Unknown),
            ("GET / HTTP/1.1\r\nhost: a\r\n\n", false, At::Unknown),
            ("\nGET / HTTP/1.1\r\n\r\n", false, At::Unknown),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\n", true, At::Unknown),
            ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 1\r\n\r\n", true, At::Unknown),
            ("POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", true, At::Body(2)),
            ("POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n", true, At::Unknown),
            ("POST / HTTP/1.1\r\ncontent-length:\r\n\r\n", true, At::Unknown),
        ] {
            assert_eq!(check(text), (passes, at), "{text:?}");
        }
    }

    #[test]
    fn a_request_is_whole_when_its_body_is() {
        let mut heads = Heads::new();
        let mut whole = |text: &str| {
            heads.check(&mut text.as_bytes().to_vec());
            heads.between_requests()
        };
        assert!(whole(""));
        assert!(!whole("POST / HTTP/1.1\r\n"));
        assert!(!whole("content-length: 3\r\n\r\nab"));
        assert!(whole("c"));
        assert!(!whole("G"));
    }
}
