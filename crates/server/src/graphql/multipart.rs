//! Answers as parts of one message: Apollo's protocol for subscriptions over HTTP (`subscriptionSpec=1.0`), which its clients for the
//! Web, Kotlin and iOS speak.
//!
//! async-graphql's own writer of it is not used (docs/adr/0015): the end of a part comes only with the next one, so that a client hears of an
//! event when the one after it happens, or the next heartbeat comes.

use axum::body::Bytes;

use super::stream::Written;

pub(super) const CONTENT_TYPE: &str = "multipart/mixed; boundary=\"graphql\"; subscriptionSpec=\"1.0\"";

const HEAD: &[u8] = b"\r\ncontent-type: application/json\r\n\r\n";
/// A part ends as soon as it is there, so that it can be read.
const BOUNDARY: &[u8] = b"\r\n--graphql";

pub(super) fn write(written: &Written<'_>) -> Bytes {
    match written {
        Written::Opening => Bytes::from_static(BOUNDARY),
        Written::Next(message) => [HEAD, b"{\"payload\":", &message.payload, b"}", BOUNDARY].concat().into(),
        Written::KeepAlive => [HEAD, b"{}", BOUNDARY].concat().into(),
        // There is no other word for it, and a client that is told nothing takes it for the end of the subscription.
        Written::Parting(_) => {
            let error = br#"{"payload":null,"errors":[{"message":"the server stops; subscribe again","extensions":{"code":"UNAVAILABLE"}}]}"#;
            [HEAD, error, BOUNDARY, b"--\r\n"].concat().into()
        }
        Written::Complete => Bytes::from_static(b"--\r\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscription::Message;

    #[test]
    fn a_part_is_over_when_it_is_written() {
        let message = Message { payload: Bytes::from_static(b"{\"data\":{}}"), cursor: None };
        let all = [Written::Opening, Written::Next(&message), Written::KeepAlive, Written::Complete];
        let text = all.map(|written| write(&written)).concat();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{\"payload\":{\"data\":{}}}\r\n--graphql\
             \r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql--\r\n"
        );
    }
}
