//! Where a body in chunks ends (RFC 9112, §7.1). Whether it is well-formed is the parser's to say.

/// A body that is being read.
#[derive(Debug, Default)]
pub(super) enum Chunks {
    /// The line that says how long the chunk is, and how long that is as far as it has been read.
    #[default]
    Start,
    Size(u64),
    /// What stands after the size.
    Extension(u64),
    /// So many bytes of the chunk, its end of line included, are to come.
    Data(u64),
    /// A line after the last chunk, with so many bytes so far.
    Trailer(u64),
    /// What is malformed has no end; the parser will close the connection.
    Malformed,
}

impl Chunks {
    /// Looks at the next piece; gives the place at which the body ends, if that is in it.
    pub(super) fn look(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            at += 1;
            *self = match (&*self, byte) {
                (Self::Data(left), _) => {
                    let skipped = (*left - 1).min((piece.len() - at) as u64);
                    // No more than the piece is long.
                    at += usize::try_from(skipped).unwrap_or(usize::MAX);
                    match left - 1 - skipped {
                        0 => Self::Start,
                        left => Self::Data(left),
                    }
                }
                (Self::Start, digit) if digit.is_ascii_hexdigit() => Self::Size(value(*digit)),
                (Self::Size(size), digit) if digit.is_ascii_hexdigit() => match size.checked_mul(16) {
                    Some(size) => Self::Size(size + value(*digit)),
                    None => Self::Malformed,
                },
                (Self::Size(0) | Self::Extension(0), b'\n') => Self::Trailer(0),
                (Self::Size(size) | Self::Extension(size), b'\n') => match size.checked_add(2) {
                    Some(left) => Self::Data(left),
                    None => Self::Malformed,
                },
                (Self::Size(size) | Self::Extension(size), _) => Self::Extension(*size),
                (Self::Trailer(0 | 1), b'\n') => return Some(at),
                (Self::Trailer(_), b'\n') => Self::Trailer(0),
                (Self::Trailer(length), _) => Self::Trailer(length + 1),
                (Self::Start | Self::Malformed, _) => Self::Malformed,
            };
        }
        None
    }
}

fn value(digit: u8) -> u64 {
    char::from(digit).to_digit(16).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str, size: usize) -> Option<usize> {
        let (mut chunks, mut from) = (Chunks::default(), 0);
        for piece in text.as_bytes().chunks(size) {
            if let Some(at) = chunks.look(piece) {
                return Some(from + at);
            }
            from += piece.len();
        }
        None
    }

    #[test]
    fn a_body_ends_after_its_last_chunk_and_trailers() {
        for body in [
            "0\r\n\r\n",
            "3\r\nabc\r\n0\r\n\r\n",
            "1A;a=b\r\n0\r\n\r\n0\r\n\r\n0\r\n\r\n0\r\n\r\n123456\r\n1\r\nx\r\n000\r\nx-a: b\r\nx-c: d\r\n\r\n",
        ] {
            let text = format!("{body}GET / HTTP/1.1\r\n\r\n");
            for size in 1..=text.len() {
                assert_eq!(end(&text, size), Some(body.len()), "{body:?} by {size}");
            }
        }
    }

    #[test]
    fn what_is_cut_short_or_malformed_has_no_end() {
        for text in ["", "0\r\n", "3\r\nabc", "x\r\n\r\n", "fffffffffffffffff\r\n", "ffffffffffffffff\r\n0\r\n\r\n"] {
            assert_eq!(end(text, 4), None, "{text:?}");
        }
    }
}
