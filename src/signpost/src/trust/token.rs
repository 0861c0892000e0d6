//! A token taken apart (RFC 7515, compact form). Nothing in it is believed here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::denial::Denial;
use super::members::{Members, text};
use crate::config::{ALGORITHMS, Algorithm};

/// Header members that would have the token say how it is to be checked (RFC 7515, 7516, 7797). `jku` is apart: CDS Hooks
/// lets a token name the URL of its keys, which must then be the configured one.
const FORBIDDEN: [&str; 7] = ["jwk", "x5u", "x5c", "crit", "b64", "enc", "zip"];

/// The longest `jti`, in bytes.
const LONGEST_JTI: usize = 512;

/// The parts of a token.
pub(super) struct Token<'t> {
    /// What is signed: header and claims as they were sent.
    pub(super) message: &'t str,
    /// The signature in base64url.
    pub(super) signature: &'t str,
    header: Vec<u8>,
    claims: Vec<u8>,
}

impl<'t> Token<'t> {
    /// Exactly three parts, none of them empty, in base64url without padding.
    pub(super) fn split(token: &'t str) -> Result<Self, Denial> {
        let (message, signature) = token.rsplit_once('.').ok_or(Denial::NotCompact)?;
        let (header, claims) = message.split_once('.').ok_or(Denial::NotCompact)?;
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Denial::NotCompact);
        let is_whole = !header.is_empty() && !claims.is_empty() && !signature.is_empty();
        decoded(signature)?;
        let token = Self { message, signature, header: decoded(header)?, claims: decoded(claims)? };
        is_whole.then_some(token).ok_or(Denial::NotCompact)
    }

    pub(super) fn header(&self) -> Result<Members<'_>, Denial> {
        Members::read(&self.header, "header")
    }

    pub(super) fn claims(&self) -> Result<Members<'_>, Denial> {
        Members::read(&self.claims, "payload")
    }
}

/// The header (CDS Hooks, "Trusting CDS Clients": `alg`, `kid` and `typ` are required, `jku` is not).
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) kid: String,
    pub(super) jku: Option<String>,
}

impl Header {
    pub(super) fn read(members: &Members<'_>) -> Result<Self, Denial> {
        if let Some(name) = FORBIDDEN.into_iter().find(|name| members.has(name)) {
            return Err(Denial::HeaderMember(name));
        }
        let algorithm = members.needed_text("alg")?;
        let algorithm = ALGORITHMS.into_iter().find(|(name, _)| *name == algorithm);
        let kind = members.needed_text("typ")?;
        if !kind.eq_ignore_ascii_case("JWT") {
            return Err(Denial::Malformed("typ"));
        }
        Ok(Self {
            algorithm: algorithm.ok_or(Denial::Algorithm)?.1,
            kid: members.needed_text("kid")?,
            jku: members.text("jku")?,
        })
    }
}

/// The claims (CDS Hooks, "Trusting CDS Clients"). Others, such as `sub`, say nothing here.
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) jti: String,
    pub(super) tenant: Option<String>,
    pub(super) exp: f64,
    pub(super) iat: f64,
    pub(super) nbf: Option<f64>,
}

impl Claims {
    pub(super) fn read(members: &Members<'_>) -> Result<Self, Denial> {
        let jti = members.needed_text("jti")?;
        if jti.len() > LONGEST_JTI {
            return Err(Denial::Malformed("jti"));
        }
        Ok(Self {
            iss: members.needed_text("iss")?,
            aud: audience(members)?,
            jti,
            tenant: members.text("tenant")?,
            exp: members.needed_seconds("exp")?,
            iat: members.needed_seconds("iat")?,
            nbf: members.seconds("nbf")?,
        })
    }
}

/// A string, or an array of one: with several, the token would be good at another service too.
fn audience(members: &Members<'_>) -> Result<String, Denial> {
    let raw = members.raw("aud").ok_or(Denial::Missing("aud"))?;
    let one = serde_json::from_str::<[String; 1]>(raw).ok().map(|[one]| one);
    one.filter(|one| !one.is_empty()).or_else(|| text(raw)).ok_or(Denial::Malformed("aud"))
}
