//! Whom certificates are believed from.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// The system's authorities (and those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name), so that a house's own count; Mozilla's, which are
/// in the binary, on a system that has none.
pub(crate) fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(native.certs);
    if roots.is_empty() {
        tracing::debug!(errors = ?native.errors, "this system names no certificate authorities; those that come along are taken");
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

pub(crate) fn tls(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
