//! Where the head of a request ends (RFC 9112), and whether it may be read in two ways.
//!
//! The parser takes a bare LF for the end of a line, and `Content-Length` beside `Transfer-Encoding`. Whoever passes a request on to
//! us may not, and then sees another request than we do. So a byte that cannot be in a head takes the place of the LF: the parser
//! refuses it as it refuses any other that is malformed, with 400.

use std::io::BufRead;

/// As long as the longest name that is looked for.
const NAME: usize = "transfer-encoding:".len();
const REFUSED: u8 = 0;

/// What a piece of a head shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// It goes on.
    More,
    /// It ends here.
    End(usize),
    /// It can be read in two ways, and now in none.
    Refused,
}

/// A head that is being read.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// Whether anything but empty lines has come: those before the first line are passed over.
    has_begun: bool,
    has_length: bool,
    has_coding: bool,
    /// The beginning of a line that goes on in the next piece, how long it is so far, and its last byte.
    name: [u8; NAME],
    length: usize,
    last: u8,
}

impl Head {
    /// Looks at the next piece.
    pub(super) fn look(&mut self, piece: &mut [u8]) -> Seen {
        let mut from = 0;
        while from < piece.len() {
            let mut rest = &piece[from..];
            // Reading from memory does not fail.
            let length = rest.skip_until(b'\n').unwrap_or(rest.len());
            let to = from + length;
            let begun = self.length;
            self.keep(&piece[from..to]);
            if piece[to - 1] != b'\n' {
                return Seen::More;
            }
            let before = if length > 1 { piece[to - 2] } else { self.last };
            let name = if begun == 0 { &piece[from..to] } else { &self.name[..self.length.min(NAME)] };
            let is_empty = self.length == 2 && before == b'\r';
            if before != b'\r' {
                piece[to - 1] = REFUSED;
                return Seen::Refused;
            } else if !is_empty {
                self.has_begun = true;
                self.has_length |= starts_with(name, b"content-length:");
                self.has_coding |= starts_with(name, b"transfer-encoding:");
            } else if self.has_begun {
                if self.has_length && self.has_coding {
                    piece[to - 1] = REFUSED;
                    return Seen::Refused;
                }
                *self = Self::default();
                return Seen::End(to);
            }
            (self.length, self.last) = (0, 0);
            from = to;
        }
        Seen::More
    }

    /// Keeps what has to be known of a line when it goes on.
    fn keep(&mut self, line: &[u8]) {
        let at = self.length.min(NAME);
        let kept = line.len().min(NAME - at);
        self.name[at..at + kept].copy_from_slice(&line[..kept]);
        self.length += line.len();
        let is_whole = line.last() == Some(&b'\n');
        // Of a line that ends, the one before the end counts, which may have come earlier.
        self.last = match line {
            [.., before, b'\n'] => *before,
            [b'\n'] if is_whole => self.last,
            [.., last] => *last,
            [] => self.last,
        };
    }
}

fn starts_with(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a text, in pieces of this size, and where its head ends.
    fn look(text: &str, size: usize) -> (Vec<u8>, Option<usize>) {
        let mut text = text.as_bytes().to_vec();
        let (mut head, mut from, mut end) = (Head::default(), 0, None);
        for piece in text.chunks_mut(size) {
            match head.look(piece) {
                Seen::More => from += piece.len(),
                Seen::End(at) => {
                    end = Some(from + at);
                    break;
                }
                Seen::Refused => break,
            }
        }
        (text, end)
    }

    #[test]
    fn a_good_head_ends_at_its_empty_line_and_stays_as_it_is() {
        for head in [
            "GET / HTTP/1.1\r\n\r\n",
            "\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nx-content-length: 3\r\n\r\n",
        ] {
            let text = format!("{head}a\nbGET");
            for size in 1..=text.len() {
                assert_eq!(look(&text, size), (text.clone().into_bytes(), Some(head.len())), "{head:?} by {size}");
            }
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_made_unreadable() {
        for text in [
            "GET / HTTP/1.1\nhost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\r\n\n",
            "\nGET / HTTP/1.1\r\nhost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nCONTENT-LENGTH: 3\r\n\r\n",
        ] {
            for size in 1..=text.len() {
                let (seen, _) = look(text, size);
                assert_eq!(seen.iter().filter(|byte| **byte == REFUSED).count(), 1, "{text:?} by {size}");
            }
        }
    }

    #[test]
    fn an_unfinished_head_has_no_end() {
        for text in ["", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: a\r\n\r", "\r\n\r\n"] {
            assert_eq!(look(text, 3).1, None, "{text:?}");
        }
    }
}
