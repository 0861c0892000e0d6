//! The certificate that the service shows, and whose it asks for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use thiserror::Error;

/// The files that TLS rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The service's certificate and those between it and a root, PEM.
    pub cert: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
    /// Roots of the certificates that clients must show, PEM; `None`: they need show none.
    pub client_ca: Option<PathBuf>,
}

/// Why TLS cannot be offered with some files.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read, or is no PEM of the kind that is needed.
    #[error("`{}` cannot be read as PEM of {what}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// A file holds nothing of what is needed.
    #[error("`{}` holds no certificate", .0.display())]
    Empty(PathBuf),
    /// The files do not go together: another key, a certificate that is none.
    #[error("the certificate and key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
    /// The roots for clients cannot be used.
    #[error("the roots for client certificates cannot be used: {0}")]
    Roots(#[from] rustls::server::VerifierBuilderError),
}

impl TlsFiles {
    /// TLS 1.2 and 1.3 with what the files hold now.
    ///
    /// # Errors
    /// If they cannot be read or do not go together.
    pub fn load(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let chain = certificates(&self.cert)?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|_| TlsError::Unreadable { path: self.key.clone(), what: "a private key" })?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?;
        let builder = match &self.client_ca {
            None => builder.with_no_client_auth(),
            Some(roots) => {
                let verifier = WebPkiClientVerifier::builder_with_provider(store(roots)?.into(), provider);
                builder.with_client_cert_verifier(verifier.build()?)
            }
        };
        let mut config = builder.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let unreadable = || TlsError::Unreadable { path: path.to_owned(), what: "certificates" };
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).map_err(|_| unreadable())?.collect();
    let certificates = certificates.map_err(|_| unreadable())?;
    if certificates.is_empty() { Err(TlsError::Empty(path.to_owned())) } else { Ok(certificates) }
}

fn store(path: &Path) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(path)? {
        store.add(certificate)?;
    }
    Ok(store)
}
