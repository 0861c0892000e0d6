//! Why a caller is not let in: for the operator's log. The caller is told nothing of it.

/// What is wrong with a caller's token. Holds no part of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// No `Authorization` header.
    #[error("no token")]
    NoToken,
    /// Several `Authorization` headers, or one that is not `Bearer` and a token.
    #[error("the `Authorization` header is not one bearer token")]
    NotBearer,
    /// Longer than any token that is read.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of base64url.
    #[error("the token is not a JWS in compact form")]
    NotCompact,
    /// The header or the claims are not a JSON object whose members stand once each.
    #[error("the token's {0} is not a JSON object with each member once")]
    NotAnObject(&'static str),
    /// A member that has to be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member is of another type than it has to be, or empty, or too long.
    #[error("`{0}` is not what it has to be")]
    Malformed(&'static str),
    /// A header member that would have the token say how it is checked.
    #[error("the header has `{0}`")]
    HeaderMember(&'static str),
    /// Not an algorithm that the client may use.
    #[error("the algorithm is not allowed")]
    Algorithm,
    /// Nobody with this `iss` is in the configuration.
    #[error("`iss` is not known")]
    UnknownIssuer,
    /// The keys are said to be elsewhere.
    #[error("`jku` is not the configured URL")]
    OtherKeys,
    /// For another endpoint or service.
    #[error("`aud` is not this endpoint")]
    Audience,
    /// No longer valid.
    #[error("expired")]
    Expired,
    /// Not valid yet: `iat` or `nbf` is in the future.
    #[error("not valid yet")]
    NotYet,
    /// Valid for longer than a token may be, or for no time at all.
    #[error("`exp` is not within an hour after `iat`")]
    Lifetime,
    /// The tenant may not call.
    #[error("`tenant` is not allowed")]
    Tenant,
    /// The client has no such key.
    #[error("`kid` is no key of the client")]
    UnknownKey,
    /// The key is for another algorithm.
    #[error("the key is for another algorithm")]
    OtherAlgorithm,
    /// Signed by another key, or changed afterwards.
    #[error("the signature is wrong")]
    Signature,
    /// The token came before.
    #[error("`jti` was seen before")]
    Replayed,
}

impl Denial {
    /// A short name, for counting.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoToken => "no-token",
            Self::NotBearer => "not-bearer",
            Self::TooLong => "too-long",
            Self::NotCompact => "not-compact",
            Self::NotAnObject(_) => "not-an-object",
            Self::Missing(_) => "missing",
            Self::Malformed(_) => "malformed",
            Self::HeaderMember(_) => "header-member",
            Self::Algorithm => "algorithm",
            Self::UnknownIssuer => "unknown-issuer",
            Self::OtherKeys => "other-keys",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::NotYet => "not-yet",
            Self::Lifetime => "lifetime",
            Self::Tenant => "tenant",
            Self::UnknownKey => "unknown-key",
            Self::OtherAlgorithm => "other-algorithm",
            Self::Signature => "signature",
            Self::Replayed => "replayed",
        }
    }
}
