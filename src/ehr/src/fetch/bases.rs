//! Where requests may go. `fhirServer` and `next` links come from outside: they choose among what is allowed, no more.

use std::net::IpAddr;

use url::{Host, Url};

use super::addresses::{Addresses, is_local_name};

/// The FHIR servers that may be called.
#[derive(Debug, Clone, Default)]
pub struct Bases {
    listed: Vec<Url>,
    addresses: Addresses,
    only_listed: bool,
}

/// A base URL that cannot be allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBase {
    /// Not an absolute http(s) URL, or with a user, query, fragment or percent-encoding in it.
    #[error(
        "`{0}` is not a base URL (`https://host/path`, without user, query, fragment or percent-encoding)"
    )]
    NotABase(String),
    /// Tokens would travel in the clear.
    #[error("`{0}` must be https")]
    NotHttps(String),
    /// An address that is refused.
    #[error(
        "`{0}` names an address that is not allowed (private networks must be allowed, link-local ones never are)"
    )]
    Address(String),
}

impl Bases {
    /// These base URLs; with loopback addresses allowed, any server on this machine too.
    ///
    /// # Errors
    /// The first that cannot be allowed.
    pub fn new(listed: &[String], addresses: Addresses) -> Result<Self, BadBase> {
        let listed = listed.iter().map(|text| base(text, addresses)).collect::<Result<_, _>>()?;
        Ok(Self { listed, addresses, only_listed: false })
    }

    /// The same without servers on this machine that are not listed: what a caller may choose among is what was named.
    #[must_use]
    pub fn only_listed(self) -> Self {
        Self { only_listed: true, ..self }
    }

    /// Which addresses may be called.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The base that a `fhirServer` names, without a slash at its end, if it may be called: an allowed base, or one
    /// below it (EHRs with a base for each tenant).
    #[must_use]
    pub fn admit(&self, fhir_server: &str) -> Option<Url> {
        let base = base(fhir_server, self.addresses).ok()?;
        let is_listed = self.listed.iter().any(|listed| is_within(listed, &base));
        let is_open = self.addresses.loopback && !self.only_listed;
        let is_allowed = is_listed || (is_open && is_this_machine(&base));
        is_allowed.then_some(base)
    }
}

/// Whether a URL is that of a base or below it: the same scheme, host and port, and a path that goes on at a `/`.
pub(super) fn is_within(base: &Url, url: &Url) -> bool {
    let has_no_user = url.username().is_empty() && url.password().is_none();
    let path = base.path().trim_end_matches('/');
    let goes_on = url.path().strip_prefix(path).is_some_and(|rest| {
        (rest.is_empty() || rest.starts_with('/')) && !rest.split('/').any(leads_up_for_some)
    });
    has_no_user && url.origin().is_tuple() && url.origin() == base.origin() && goes_on
}

/// Whether a segment of a path is a way up for some servers, though not for us: dots before a `;` (servlet containers), or
/// a dot, slash, backslash or percent sign in percent-encoding (proxies that decode before they route).
fn leads_up_for_some(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase();
    let name = segment.split(';').next().unwrap_or_default();
    matches!(name, "." | "..") || ["%2e", "%2f", "%5c", "%25"].iter().any(|hidden| segment.contains(hidden))
}

fn base(text: &str, addresses: Addresses) -> Result<Url, BadBase> {
    let not_a_base = || BadBase::NotABase(text.to_owned());
    let mut url = Url::parse(text).map_err(|_| not_a_base())?;
    let has_more = url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some();
    // What is hidden in percent-encoding a server may read in another way than we do.
    if has_more || !matches!(url.scheme(), "http" | "https") || url.path().contains('%') {
        return Err(not_a_base());
    }
    if url.scheme() == "http" && !(addresses.loopback && is_this_machine(&url)) {
        return Err(BadBase::NotHttps(text.to_owned()));
    }
    let may_be_called = match url.host() {
        Some(Host::Ipv4(v4)) => addresses.admit(IpAddr::V4(v4), is_this_machine(&url)),
        Some(Host::Ipv6(v6)) => addresses.admit(IpAddr::V6(v6), is_this_machine(&url)),
        // Names are checked when they are resolved.
        Some(Host::Domain(_)) => true,
        None => return Err(not_a_base()),
    };
    if !may_be_called {
        return Err(BadBase::Address(text.to_owned()));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// By name or as a plain loopback address: an IPv4 address dressed as IPv6 has no other use than to get past a check.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_local_name(name),
        Some(Host::Ipv4(v4)) => v4.is_loopback(),
        Some(Host::Ipv6(v6)) => v6.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bases(addresses: Addresses) -> Bases {
        Bases::new(&["https://ehr.example.org/fhir/r4".to_owned()], addresses).expect("a base")
    }

    #[test]
    fn a_server_is_called_only_where_it_is_allowed() {
        let closed = bases(Addresses::default());
        let open = bases(Addresses { loopback: true, private: false });
        let rows = [
            ("https://ehr.example.org/fhir/r4", true, true),
            ("https://ehr.example.org/fhir/r4/", true, true),
            ("https://EHR.example.org:443/fhir/r4", true, true),
            ("https://ehr.example.org/fhir/r4/tenant", true, true),
            ("https://ehr.example.org/fhir", false, false),
            ("https://ehr.example.org/fhir/r4x", false, false),
            ("https://ehr.example.org/fhir/r4/../stu3", false, false),
            ("https://ehr.example.org/fhir/r4/%2e%2e/stu3", false, false),
            ("https://ehr.example.org/fhir/r4/..%2fstu3", false, false),
            ("https://ehr.example.org/FHIR/r4", false, false),
            ("https://ehr.example.org:8443/fhir/r4", false, false),
            ("http://ehr.example.org/fhir/r4", false, false),
            ("https://ehr.example.org.evil.test/fhir/r4", false, false),
            ("https://evil.test/https://ehr.example.org/fhir/r4", false, false),
            ("https://ehr.example.org@evil.test/fhir/r4", false, false),
            ("https://user:pass@ehr.example.org/fhir/r4", false, false),
            ("https://ehr.example.org/fhir/r4/..;/other", false, false),
            ("https://ehr.example.org/fhir/r4/..%2fother", false, false),
            ("https://ehr.example.org/fhir/r4?x=1", false, false),
            ("https://ehr.example.org/fhir/r4#x", false, false),
            ("https://ehr.example.org\\@evil.test/fhir/r4", false, false),
            ("file:///etc/passwd", false, false),
            ("ftp://ehr.example.org/fhir/r4", false, false),
            ("//ehr.example.org/fhir/r4", false, false),
            ("ehr.example.org/fhir/r4", false, false),
            ("", false, false),
            ("http://127.0.0.1:8081/fhir", false, true),
            ("http://localhost:8081/fhir", false, true),
            ("http://[::1]:8081/fhir", false, true),
            ("http://2130706433/fhir", false, true),
            ("http://[::ffff:127.0.0.1]:8081/fhir", false, false),
            ("http://0.0.0.0/fhir", false, false),
            ("https://10.0.0.1/fhir", false, false),
            ("https://169.254.169.254/latest", false, false),
            ("https://localhost.evil.test/fhir", false, false),
        ];
        for (server, in_closed, in_open) in rows {
            assert_eq!(closed.admit(server).is_some(), in_closed, "{server}");
            assert_eq!(open.admit(server).is_some(), in_open, "open: {server}");
        }
    }

    #[test]
    fn a_server_on_this_machine_can_be_listed_alone() {
        let listed = ["http://127.0.0.1:8081/fhir".to_owned()];
        let open = Addresses { loopback: true, private: false };
        let bases = Bases::new(&listed, open).expect("a base").only_listed();
        assert!(bases.admit("http://127.0.0.1:8081/fhir").is_some());
        for other in ["http://127.0.0.1:8082/fhir", "http://localhost:8081/fhir", "http://127.0.0.1:8081/"] {
            assert!(bases.admit(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_base_that_cannot_be_allowed_is_refused_at_the_start() {
        let refuse = |text: &str, addresses| Bases::new(&[text.to_owned()], addresses).map(|_| ());
        let closed = Addresses::default();
        let private = Addresses { private: true, ..closed };
        let is_refused = |text: &str| refuse(text, closed).is_err();
        for text in [
            "http://ehr.example.org",
            "https://u@ehr.example.org",
            "https://10.1.1.1/fhir",
            "x",
            "https://ehr/a?b",
        ] {
            assert!(is_refused(text), "{text}");
        }
        assert_eq!(refuse("https://10.1.1.1/fhir", private), Ok(()));
        assert!(refuse("https://169.254.169.254/", private).is_err());
    }
}
