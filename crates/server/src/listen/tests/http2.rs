//! HTTP/2, by hand: a client that behaves would not do.

use super::*;

/// HTTP/2 by hand: a stream for each path, and this window.
pub(super) fn ask_in_streams(address: SocketAddr, window: u32, paths: &[&str]) -> TcpStream {
    let mut says = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    says.extend([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4]);
    says.extend(window.to_be_bytes());
    for (number, path) in paths.iter().enumerate() {
        let head = [&[0x82, 0x86, 0x41, 1, b'a', 0x44, u8::try_from(path.len()).unwrap()], path.as_bytes()].concat();
        says.extend([0, 0, u8::try_from(head.len()).unwrap(), 1, 5]);
        says.extend((2 * u32::try_from(number).unwrap() + 1).to_be_bytes());
        says.extend(head);
    }
    connect(address, &says)
}

/// The next frame: its type, its flags, its stream, and what is in it. None at the end of the connection.
fn frame(stream: &mut TcpStream) -> Option<(u8, u8, u32, Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).ok()?;
    let [a, b, c, kind, flags, d, e, f, g] = head;
    let mut content = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
    stream.read_exact(&mut content).ok()?;
    Some((kind, flags, u32::from_be_bytes([d, e, f, g]), content))
}

const RESET: u8 = 3;
const DATA: u8 = 0;

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_which_nothing_is_taken_is_reset_and_the_others_live_on() {
    for window in [0, 1, 16 * 1024, 20_000] {
        let (router, gone) = large(60_000);
        let address = serve(router, |server| server.patience.taking = SHORT).await;
        let mut stream = ask_in_streams(address, window, &["/"]);
        let reset = loop {
            let (kind, _, id, content) = frame(&mut stream).expect("the connection goes on");
            if kind == RESET {
                break (id, content);
            }
        };
        // CANCEL
        assert_eq!(reset, (1, vec![0, 0, 0, 8]), "{window}");
        wait_for(&gone);
        // Room for the other one, which is asked for now.
        stream.write_all(&[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 255, 255]).unwrap();
        let head = [&[0x82, 0x86, 0x41, 1, b'a', 0x44, 6][..], b"/small"].concat();
        stream.write_all(&[&[0, 0, 13, 1, 5, 0, 0, 0, 3][..], &head].concat()).unwrap();
        loop {
            let (kind, _, id, content) = frame(&mut stream).expect("the connection goes on");
            if (kind, id) == (DATA, 3) {
                assert_eq!(content, b"small");
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_holds_the_end_of_an_answer_is_cut() {
    let (router, gone) = large(10_000);
    let address = serve(router, |server| server.patience.taking = SHORT).await;
    let mut stream = ask_in_streams(address, 1, &["/"]);
    wait_for(&gone);
    while frame(&mut stream).is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_taken_whole_over_http2() {
    let (router, gone) = large(60_000);
    let address = serve(router, |_| {}).await;
    let mut stream = ask_in_streams(address, 65_535, &["/"]);
    let mut length = 0;
    loop {
        let (kind, flags, _, content) = frame(&mut stream).unwrap();
        if kind == DATA {
            length += content.len();
            if flags & 1 == 1 {
                break;
            }
        }
    }
    assert_eq!(length, 60_000);
    wait_for(&gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http2_the_refusal_of_a_body_ends_its_stream_alone() {
    let refuse = || async { (StatusCode::PAYLOAD_TOO_LARGE, "too large") };
    let address = serve(answers().route("/refused", post(refuse)), |_| {}).await;
    let mut stream = ask_in_streams(address, 65_535, &[]);
    // Its head, which does not end the stream, and a piece of the body.
    let head = [&[0x83, 0x86, 0x41, 1, b'a', 0x44, 8][..], b"/refused"].concat();
    stream.write_all(&[&[0, 0, 15, 1, 4, 0, 0, 0, 1][..], &head, &[0, 0, 1, 0, 0, 0, 0, 0, 1, b'x']].concat()).unwrap();
    let mut has_ended = false;
    loop {
        let (kind, flags, id, content) = frame(&mut stream).expect("the connection goes on");
        has_ended |= kind == DATA && id == 1 && flags & 1 == 1;
        if kind == RESET {
            // NO_ERROR, after the answer (RFC 9113, §8.1).
            assert_eq!((id, content, has_ended), (1, vec![0; 4], true));
            break;
        }
    }
    stream.write_all(&[0, 0, 6, 1, 5, 0, 0, 0, 3, 0x82, 0x86, 0x41, 1, b'a', 0x84]).unwrap();
    while !matches!(frame(&mut stream).expect("the connection goes on"), (DATA, _, 3, content) if content == b"answer")
    {
    }
}
