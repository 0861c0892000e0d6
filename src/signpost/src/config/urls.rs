//! The URLs of a configuration.

use url::{Host, Url};

/// Where the clients reach the service, without a slash at its end. What their tokens are for is compared with this, and
/// never with a header that the caller or a proxy writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The URL of a path of the service.
    #[must_use]
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// Reads the public URL: https, or this machine; taken as it is written, since tokens name it letter by letter.
pub(super) fn public(text: &str) -> Result<PublicUrl, &'static str> {
    let url = plain(text)?;
    if url.query().is_some() {
        return Err("must have no query");
    }
    if url.scheme() != "https" && !is_this_machine(&url) {
        return Err("must be https");
    }
    Ok(PublicUrl(text.trim_end_matches('/').to_owned()))
}

/// Reads where keys are fetched from: https; where the service itself listens on this machine only, also http of it.
pub(super) fn jwks(text: &str, is_on_loopback: bool) -> Result<Url, &'static str> {
    let url = plain(text)?;
    match url.scheme() {
        "https" => Ok(url),
        _ if is_on_loopback && is_this_machine(&url) => Ok(url),
        _ => Err("must be https (http only of this machine, by a service that listens on this machine only)"),
    }
}

/// Reads where a collector of traces is; nothing that is secret goes there.
pub(super) fn collector(text: &str) -> Result<Url, &'static str> {
    let url = plain(text)?;
    if url.query().is_some() { Err("must have no query") } else { Ok(url) }
}

/// An origin as browsers send it: scheme, host and port.
pub(super) fn origin(text: &str) -> Result<String, &'static str> {
    let url = plain(text)?;
    let origin = url.origin().ascii_serialization();
    if origin == text {
        Ok(origin)
    } else {
        Err("must be origins: `https://host` or `https://host:port`, no more")
    }
}

/// An absolute http(s) URL without user, password and fragment.
fn plain(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "must be an absolute URL")?;
    if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
        return Err("must be an absolute URL of https");
    }
    let has_more = url.fragment().is_some() || !url.username().is_empty() || url.password().is_some();
    if has_more { Err("must have no user, password or fragment") } else { Ok(url) }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(v4)) => v4.is_loopback(),
        Some(Host::Ipv6(v6)) => v6.is_loopback(),
        None => false,
    }
}
