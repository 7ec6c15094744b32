//! The coding that an answer goes out in (RFC 9110 §8.4.1, §12.5.3).

use std::io::Write;

use axum::http::{HeaderMap, HeaderValue, header};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

/// How an answer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Brotli,
}

/// Once for an answer that is given many times: more work than for one that is packed on its way.
const GZIP: Compression = Compression::new(6);
const BROTLI_QUALITY: i32 = 5;
const BROTLI_WINDOW: i32 = 20;

impl Coding {
    /// The one that a client likes best, and the one that packs best of those it likes alike.
    pub(super) fn liked(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let (mut any, mut gzip, mut brotli, mut identity) = (None, None, None, None);
        for range in values.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let weight = weight.map_or(Some(1.0), |weight| weight.parse::<f32>().ok()).unwrap_or(0.0);
            match name.as_str() {
                "gzip" | "x-gzip" => gzip = Some(weight),
                "br" => brotli = Some(weight),
                "identity" => identity = Some(weight),
                "*" => any = Some(weight),
                _ => {}
            }
        }
        let weight = |named: Option<f32>| named.or(any).unwrap_or(0.0);
        let best = weight(brotli).max(weight(gzip));
        // Who says of it as it is that they like it better gets it so.
        if best <= 0.0 || identity.is_some_and(|identity| identity > best) {
            Self::Identity
        } else if weight(brotli) >= weight(gzip) {
            Self::Brotli
        } else {
            Self::Gzip
        }
    }

    pub(super) const fn name(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
        }
    }

    /// What tells its form of an answer from the others in tags.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }

    /// Packs an answer; none if it cannot be.
    pub(super) fn pack(self, body: &[u8]) -> Option<Bytes> {
        let mut packed = Vec::with_capacity(body.len() / 4);
        match self {
            Self::Identity => return None,
            Self::Gzip => {
                let mut encoder = GzEncoder::new(&mut packed, GZIP);
                encoder.write_all(body).ok()?;
                encoder.finish().ok()?;
            }
            Self::Brotli => {
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    lgwin: BROTLI_WINDOW,
                    size_hint: body.len(),
                    ..Default::default()
                };
                let mut from = body;
                brotli::BrotliCompress(&mut from, &mut packed, &parameters).ok()?;
            }
        }
        packed.shrink_to_fit();
        Some(packed.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_coding_that_is_liked_best_is_taken() {
        for (accepts, liked) in [
            ("", Coding::Identity),
            ("gzip", Coding::Gzip),
            ("gzip, deflate, br", Coding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Coding::Gzip),
            ("br;q=0, gzip", Coding::Gzip),
            ("*", Coding::Brotli),
            ("*;q=0", Coding::Identity),
            ("identity, gzip;q=0.5", Coding::Identity),
            ("deflate, zstd", Coding::Identity),
            ("GZIP;Q=0.3", Coding::Gzip),
            ("gzip;q=what", Coding::Identity),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_str(accepts).unwrap())]);
            assert_eq!(Coding::liked(&headers), liked, "{accepts}");
        }
        assert_eq!(Coding::liked(&HeaderMap::new()), Coding::Identity);
    }

    #[test]
    fn what_is_packed_is_the_same_unpacked() {
        let body = "the harbour at night, ".repeat(1_000);
        let mut unpacked = String::new();
        let gzip = Coding::Gzip.pack(body.as_bytes()).unwrap();
        flate2::read::GzDecoder::new(&*gzip).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, body);
        let brotli = Coding::Brotli.pack(body.as_bytes()).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli, &mut unpacked).unwrap();
        assert_eq!(unpacked, body.as_bytes());
    }
}
