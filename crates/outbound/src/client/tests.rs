use std::{net::SocketAddr, sync::Arc};

use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::Public;

const BOUNDS: Bounds = Bounds { connect: Duration::from_secs(5), all: Duration::from_secs(10), body: 10 };

fn to(url: &str) -> Request {
    let to = Endpoint::parse(url).unwrap();
    Request { method: Method::POST, to, headers: HeaderMap::new(), body: Bytes::from_static(b"news") }
}

/// Reads a request up to its body, and gives back what came.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"news") {
        text.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(text).unwrap()
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, with: &str) -> String {
    let request = read(&mut stream).await;
    stream.write_all(with.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    request
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn client(bounds: Bounds) -> Outbound {
    Outbound::new(Destinations::All, bounds).unwrap()
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_its_body_is_read_to_the_limit() {
    let (listener, address) = listener().await;
    let with = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 12\r\n\r\nhello, world";
    let server = tokio::spawn(async move { answer(listener.accept().await.unwrap().0, with).await });
    let answer = client(BOUNDS).send(to(&format!("http://localhost:{}/hook?a=b", address.port()))).await.unwrap();
    assert_eq!((answer.status, &answer.body[..], answer.is_whole), (StatusCode::FOUND, &b"hello, wor"[..], false));
    let request = server.await.unwrap().to_lowercase();
    assert!(request.starts_with("post /hook?a=b http/1.1\r\n"), "{request}");
    assert!(request.contains(concat!("user-agent: courant/", env!("CARGO_PKG_VERSION"))), "{request}");
}

#[tokio::test]
async fn a_body_that_just_fits_is_whole() {
    let (listener, address) = listener().await;
    let with = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello, wor";
    tokio::spawn(async move { answer(listener.accept().await.unwrap().0, with).await });
    let answer = client(BOUNDS).send(to(&format!("http://{address}/"))).await.unwrap();
    assert_eq!((&answer.body[..], answer.is_whole), (&b"hello, wor"[..], true));
}

#[tokio::test]
async fn whoever_takes_too_long_is_left() {
    let (listener, address) = listener().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").await.unwrap();
        // What is read next is the end: the other side has hung up.
        stream.read(&mut [0]).await.unwrap_or_default()
    });
    let bounds = Bounds { all: Duration::from_millis(200), ..BOUNDS };
    let error = client(bounds).send(to(&format!("http://{address}/"))).await.unwrap_err();
    assert!(matches!(error, SendError::TimedOut { .. }), "{error}");
    assert_eq!(server.await.unwrap(), 0);
}

#[tokio::test]
async fn where_nobody_listens_and_what_is_not_http_are_told_apart() {
    let (listener, address) = listener().await;
    tokio::spawn(async move { answer(listener.accept().await.unwrap().0, "SSH-2.0-OpenSSH\r\n").await });
    let error = client(BOUNDS).send(to(&format!("http://{address}/"))).await.unwrap_err();
    assert!(matches!(error, SendError::Broken { .. }), "{error}");
    // The listener is gone.
    let error = client(BOUNDS).send(to(&format!("http://{address}/"))).await.unwrap_err();
    assert!(matches!(&error, SendError::Unreachable { host, .. } if host == "127.0.0.1"), "{error}");
}

#[tokio::test]
async fn names_and_numbers_are_looked_at_before_they_are_connected_to() {
    let (listener, address) = listener().await;
    let outbound = Outbound::new(Destinations::Public(Public::default()), BOUNDS).unwrap();
    for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "0x7f.1"] {
        let error = outbound.send(to(&format!("http://{host}:{}/", address.port()))).await.unwrap_err();
        assert!(
            matches!(&error, SendError::Forbidden(forbidden) if forbidden.address.is_loopback() || host.starts_with('[')),
            "{error}"
        );
    }
    // Whoever is connected to first is the one that may be.
    let server =
        tokio::spawn(
            async move { answer(listener.accept().await.unwrap().0, "HTTP/1.1 204 No Content\r\n\r\n").await },
        );
    client(BOUNDS).send(to(&format!("http://{address}/allowed"))).await.unwrap();
    assert!(server.await.unwrap().starts_with("POST /allowed "));
}

#[tokio::test]
async fn only_certificates_of_known_authorities_are_believed() {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = signed.cert.der().clone();
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let (acceptor, (listener, address)) = (TlsAcceptor::from(Arc::new(config)), listener().await);
    tokio::spawn(async move {
        loop {
            if let Ok(stream) = acceptor.accept(listener.accept().await.unwrap().0).await {
                answer(stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
            }
        }
    });
    let url = format!("https://localhost:{}/", address.port());
    let error = client(BOUNDS).send(to(&url)).await.unwrap_err();
    assert!(matches!(&error, SendError::Unreachable { reason, .. } if reason.contains("certificate")), "{error}");
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let trusting = Outbound::trusting(roots, Destinations::All, BOUNDS).unwrap();
    assert_eq!(trusting.send(to(&url)).await.unwrap().status, StatusCode::NO_CONTENT);
}
