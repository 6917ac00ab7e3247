//! Certificates, good ones and others.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing: whoever trusts the authority trusts it.
    None,
    /// It vouches for itself.
    SelfSigned,
    /// It was good until yesterday.
    Expired,
    /// It is good from tomorrow on.
    NotYetValid,
    /// It is another host's.
    WrongHost,
}

/// A name that nothing on this computer resolves: only a [`Relay`](crate::Relay) leads there.
pub const REMOTE: &str = "idp.example";

/// A certificate for `localhost` and [`REMOTE`], and the authority behind it.
#[derive(Clone)]
pub struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
    authority: String,
    pem: String,
}

impl Certificate {
    /// Makes an authority and a certificate of it.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn with(flaw: Flaw) -> Result<Self, rcgen::Error> {
        let authority_key = KeyPair::generate()?;
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority
            .distinguished_name
            .push(DnType::CommonName, "Doorkey's test authority");
        let authority_certificate = authority.self_signed(&authority_key)?;
        let issuer = Issuer::new(authority, authority_key);

        let key = KeyPair::generate()?;
        let hosts: &[&str] = match flaw {
            Flaw::WrongHost => &["elsewhere.example"],
            _ => &["localhost", REMOTE],
        };
        let hosts: Vec<_> = hosts.iter().map(|&host| host.to_owned()).collect();
        let mut parameters = CertificateParams::new(hosts)?;
        let now = OffsetDateTime::now_utc();
        (parameters.not_before, parameters.not_after) = match flaw {
            Flaw::Expired => (now - Duration::days(30), now - Duration::days(1)),
            Flaw::NotYetValid => (now + Duration::days(1), now + Duration::days(30)),
            _ => (now - Duration::days(1), now + Duration::days(30)),
        };
        let certificate = match flaw {
            Flaw::SelfSigned => parameters.self_signed(&key)?,
            _ => parameters.signed_by(&key, &issuer)?,
        };
        Ok(Self {
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
            authority: authority_certificate.pem(),
            pem: certificate.pem() + &key.serialize_pem(),
        })
    }

    /// The authority's own certificate as PEM, for a trust store.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The certificate and its key as PEM, for a server of another kind.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor_for(&[])
    }

    /// For protocols that the client has to choose from; without any there is nothing to choose.
    pub(crate) fn acceptor_for(&self, protocols: &[&str]) -> TlsAcceptor {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.clone()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(self.chain.clone(), key)
            });
        match config {
            Ok(mut config) => {
                let names = protocols.iter().map(|name| name.as_bytes().to_vec());
                config.alpn_protocols = names.collect();
                TlsAcceptor::from(Arc::new(config))
            }
            // Made above, of parts that fit each other.
            Err(error) => unreachable!("a certificate that does not fit its key: {error}"),
        }
    }
}
