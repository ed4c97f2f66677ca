//! Lines of a file, with a bounded length: a longer line is skipped without taking more memory.

use std::io::{BufRead, Read as _};

/// Most bytes of a line, without its end. A row with every column filled has about 1,000.
pub const LONGEST_LINE: usize = 64 * 1024;

/// The content of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Its bytes, without LF or CRLF.
    Bytes(&'a [u8]),
    /// Longer than [`LONGEST_LINE`]; it was skipped.
    TooLong,
}

/// Reads lines one after the other and counts them.
pub(super) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    number: u64,
    /// What ends a line; known from the first one.
    end: Option<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, buffer: Vec::new(), number: 0, end: None }
    }

    /// The next line with its number, from 1 on; None at the end of the file.
    pub(super) fn next(&mut self) -> std::io::Result<Option<(u64, Line<'_>)>> {
        self.buffer.clear();
        let end = match self.end {
            Some(end) => end,
            None => *self.end.insert(first_end(self.source.fill_buf()?)),
        };
        // Room for CRLF.
        let most = LONGEST_LINE as u64 + 2;
        if self.source.by_ref().take(most).read_until(end, &mut self.buffer)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.last() == Some(&end) {
            self.buffer.pop();
            if self.buffer.last() == Some(&b'\r') {
                self.buffer.pop();
            }
        } else if self.buffer.len() > LONGEST_LINE {
            self.source.skip_until(end)?;
        }
        let fits = self.buffer.len() <= LONGEST_LINE;
        let line = if fits { Line::Bytes(&self.buffer) } else { Line::TooLong };
        Ok(Some((self.number, line)))
    }
}

/// What ends the lines of a file that begins so: a carriage return alone in files of old systems, else a line feed.
fn first_end(start: &[u8]) -> u8 {
    let at = start.iter().position(|b| matches!(b, b'\r' | b'\n'));
    match at.and_then(|at| start.get(at..)) {
        Some([b'\r', next, ..]) if *next != b'\n' => b'\r',
        _ => b'\n',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<(u64, Option<Vec<u8>>)> {
        let (mut lines, mut found) = (Lines::new(text), Vec::new());
        while let Some((number, line)) = lines.next().unwrap() {
            found.push((
                number,
                match line {
                    Line::Bytes(bytes) => Some(bytes.to_vec()),
                    Line::TooLong => None,
                },
            ));
        }
        found
    }

    #[test]
    fn lines_end_with_lf_or_crlf_or_the_file() {
        let some = |text: &[u8]| Some(text.to_vec());
        assert_eq!(
            read(b"a\r\n\nb\rc\nd"),
            [(1, some(b"a")), (2, some(b"")), (3, some(b"b\rc")), (4, some(b"d"))]
        );
        assert_eq!(read(b""), []);
    }

    #[test]
    fn lines_of_old_systems_end_with_cr() {
        let some = |text: &[u8]| Some(text.to_vec());
        assert_eq!(read(b"a\rb\r\rc"), [(1, some(b"a")), (2, some(b"b")), (3, some(b"")), (4, some(b"c"))]);
        assert_eq!(read(b"a\r"), [(1, some(b"a\r"))], "one line, which no row follows");
    }

    #[test]
    fn a_too_long_line_is_skipped_and_the_next_one_is_read() {
        for (length, fits) in [
            (LONGEST_LINE - 1, true),
            (LONGEST_LINE, true),
            (LONGEST_LINE + 1, false),
            (LONGEST_LINE + 2, false),
            (LONGEST_LINE + 3, false),
            (10_000_000, false),
        ] {
            for end in ["\n", "\r\n"] {
                let found = read(format!("a\n{}{end}b{end}", "x".repeat(length)).as_bytes());
                assert_eq!(found.len(), 3, "{length}");
                assert_eq!((found[1].1.is_some(), &found[2]), (fits, &(3, Some(b"b".to_vec()))), "{length}");
            }
            let last = read("x".repeat(length).as_bytes());
            assert_eq!((last.len(), last[0].1.is_some()), (1, fits), "{length}");
        }
    }

    #[test]
    fn a_long_line_takes_bounded_memory() {
        let long = std::io::repeat(b'x').take(10_000_000).chain(&b"\nb"[..]);
        let mut lines = Lines::new(std::io::BufReader::new(long));
        assert_eq!(lines.next().unwrap(), Some((1, Line::TooLong)));
        assert!(lines.buffer.capacity() <= 4 * LONGEST_LINE, "{}", lines.buffer.capacity());
        assert_eq!(lines.next().unwrap(), Some((2, Line::Bytes(b"b"))));
    }
}
