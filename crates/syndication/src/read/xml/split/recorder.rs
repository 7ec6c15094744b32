//! What was read of a document last, as it is written there.

use std::io::{self, BufRead, Read};

/// So much room may be kept for what comes next.
pub(super) const MUCH: usize = 64 * 1024;

/// Keeps what was read of an input, until it is forgotten. Of a text, comment or tag that is longer than any, what is beyond is passed over,
/// and its end comes at once: whoever reads on sees that it is too long, and holds no more of it.
pub(super) struct Recorder<R> {
    inner: R,
    longest: usize,
    taken: Vec<u8>,
    /// Where what is kept begins, by what was given.
    from: u64,
    /// How much was passed over.
    passed_over: u64,
    /// What is given before what the input has next.
    next: Vec<u8>,
}

impl<R> Recorder<R> {
    pub(super) const fn new(inner: R, longest: usize) -> Self {
        Self { inner, longest, taken: Vec::new(), from: 0, passed_over: 0, next: Vec::new() }
    }

    /// Where something is in the input, by where it was given.
    pub(super) const fn in_source(&self, position: u64) -> u64 {
        position + self.passed_over
    }

    pub(super) fn text(&self, start: u64, end: u64) -> io::Result<&str> {
        let at = |position: u64| usize::try_from(position.saturating_sub(self.from)).unwrap_or(usize::MAX);
        let kept = self.taken.get(at(start)..at(end)).unwrap_or_default();
        std::str::from_utf8(kept).map_err(io::Error::other)
    }

    pub(super) fn forget(&mut self, to: u64) {
        let length = usize::try_from(to.saturating_sub(self.from)).unwrap_or(usize::MAX).min(self.taken.len());
        self.taken.drain(..length);
        self.from += length as u64;
        // One long text is no reason to keep its room for all that follow.
        if self.taken.capacity() > 16 * MUCH {
            self.taken.shrink_to(MUCH);
        }
    }
}

impl<R: BufRead> Recorder<R> {
    /// Passes over the rest of what is being read, up to what ends it.
    fn pass_over(&mut self) -> io::Result<()> {
        let end: &[u8] = match self.taken.as_slice() {
            [b'<', b'!', b'[', ..] => b"]]>",
            [b'<', b'!', b'-', ..] => b"-->",
            [b'<', b'?', ..] => b"?>",
            [b'<', ..] => b">",
            _ => b"<",
        };
        // The end may have begun already.
        let mut last = self.taken[self.taken.len().saturating_sub(end.len() - 1)..].to_vec();
        let mut seen = 0;
        loop {
            let piece = self.inner.fill_buf()?;
            if piece.is_empty() {
                self.passed_over += seen as u64;
                return Ok(());
            }
            let mut length = 0;
            let is_over = piece.iter().any(|byte| {
                length += 1;
                last.push(*byte);
                if last.len() > end.len() {
                    last.remove(0);
                }
                last == end
            });
            self.inner.consume(length);
            seen += length;
            if is_over {
                let to_give = seen.min(end.len());
                self.passed_over += (seen - to_give) as u64;
                self.next = end[end.len() - to_give..].to_vec();
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Read for Recorder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Recorder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.next.is_empty() && self.taken.len() > self.longest {
            self.pass_over()?;
        }
        if self.next.is_empty() { self.inner.fill_buf() } else { Ok(&self.next) }
    }

    fn consume(&mut self, length: usize) {
        if !self.next.is_empty() {
            let length = length.min(self.next.len());
            self.taken.extend(self.next.drain(..length));
            return;
        }
        // What was filled is at hand.
        if let Ok(piece) = self.inner.fill_buf() {
            self.taken.extend_from_slice(&piece[..length.min(piece.len())]);
        }
        self.inner.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use quick_xml::{Reader, events::Event};

    use super::Recorder;

    #[test]
    fn what_is_too_long_ends_at_once() {
        for (long, kind) in
            [("<![CDATA[a]]]]b]]>", "CData"), ("<!--a-b-->", "Comment"), ("abc", "Text"), ("<?a b?>", "PI")]
        {
            let filling = "x".repeat(500);
            let long = long.replace('b', &filling);
            let source = format!("<r>{long}<e/></r>");
            // Pieces of every length, so that the end stands across two of them.
            for piece in 1..40 {
                let input = BufReader::with_capacity(piece, source.as_bytes());
                let mut reader = Reader::from_reader(Recorder::new(input, 100));
                let (mut buffer, mut kinds) = (Vec::new(), Vec::new());
                loop {
                    buffer.clear();
                    let event = reader.read_event_into(&mut buffer).unwrap();
                    if matches!(event, Event::Eof) {
                        break;
                    }
                    let debug = format!("{event:?}");
                    assert!(debug.len() < 400, "{debug}");
                    kinds.push(debug.split('(').next().unwrap().to_owned());
                    let end = reader.buffer_position();
                    reader.get_mut().forget(end);
                }
                assert_eq!(kinds, ["Start", kind, "Empty", "End"], "{long} in pieces of {piece}");
                let end = reader.get_ref().in_source(reader.buffer_position());
                assert_eq!(end, source.len() as u64, "{long} in pieces of {piece}");
            }
        }
    }
}
