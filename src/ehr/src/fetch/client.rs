//! The HTTP client: made once, pooled, and unable to go where it may not.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use rustls::crypto::ring;
use tokio::time::Instant;
use url::Url;

use super::access::Access;
use super::addresses::{AddressRefused, Addresses};
use super::moment::Moment;
use crate::search::Reason;

/// The most that is read of one answer, in bytes after decompression.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// How often a request is sent again.
const RETRIES: usize = 2;

/// The pause before a request is sent again whose connection broke.
const AFTER_A_BREAK: Duration = Duration::from_millis(20);

/// Calls FHIR servers. Cheap to clone: the connections are shared.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    has_certificates: bool,
    moment: Option<Arc<Moment>>,
    trace: Option<Traceparent>,
}

/// Says of which trace a request is a part that is sent now: a header, by its name and value.
pub type Traceparent = fn() -> Option<(&'static str, HeaderValue)>;

/// The client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made: {0}")]
pub struct NoClient(reqwest::Error);

impl Client {
    /// A client that goes where it is sent and no further: no redirects, no proxies, and no address of a kind that is
    /// not allowed, whatever a name resolves to. To which servers it is sent is for each call to say ([`super::Bases`]).
    ///
    /// Servers are checked by the system's certificates. On a machine without any, no https server can be called.
    ///
    /// # Errors
    /// If TLS cannot be set up at all.
    pub fn new(addresses: Addresses) -> Result<Self, NoClient> {
        // Only the first one counts; whoever was first has chosen for the whole process.
        let _ = ring::default_provider().install_default();
        let (http, has_certificates) = match builder(addresses).build() {
            Ok(http) => (http, true),
            Err(_) => (builder(addresses).tls_certs_only([]).build().map_err(NoClient)?, false),
        };
        Ok(Self { http, has_certificates, moment: None, trace: None })
    }

    /// The same, and answers may serve the same client, patient, user and token again for this long; no time turns it off.
    #[must_use]
    pub fn keeping(self, age: Duration) -> Self {
        Self { moment: Moment::of(age).map(Arc::new), ..self }
    }

    /// The same, and requests say of which trace they are a part.
    #[must_use]
    pub fn tracing(self, trace: Traceparent) -> Self {
        Self { trace: Some(trace), ..self }
    }

    pub(super) fn moment(&self) -> Option<&Moment> {
        self.moment.as_deref()
    }

    /// Whether there are certificates to check https servers by.
    #[must_use]
    pub fn has_certificates(&self) -> bool {
        self.has_certificates
    }

    /// The body of the answer to `GET`, if it is one; kept for a moment if that is wanted.
    pub(super) async fn get(&self, access: &Access, url: &Url) -> Result<String, Reason> {
        let Some((moment, owner)) = self.moment().zip(access.owner) else {
            return self.get_anew(access, url).await;
        };
        if let Some((body, age)) = moment.recall(owner, url) {
            access.spend(body.len())?;
            access.recalled(&body, age);
            return Ok(body);
        }
        let body = self.get_anew(access, url).await?;
        moment.keep(owner, url, &body);
        Ok(body)
    }

    /// The body of the answer to `GET`; sent again where that is safe and there is time.
    async fn get_anew(&self, access: &Access, url: &Url) -> Result<String, Reason> {
        let mut retries = 0;
        loop {
            if access.is_over() {
                return Err(Reason::TimedOut);
            }
            let failure = match tokio::time::timeout_at(access.until, self.once(access, url)).await {
                Ok(Ok(body)) => return Ok(body),
                Ok(Err(failure)) => failure,
                Err(_) => return Err(Reason::TimedOut),
            };
            let again = failure.again_after.and_then(|pause| Instant::now().checked_add(pause));
            match again.filter(|again| retries < RETRIES && *again < access.until) {
                Some(again) => tokio::time::sleep_until(again).await,
                None => return Err(failure.reason),
            }
            retries += 1;
        }
    }

    async fn once(&self, access: &Access, url: &Url) -> Result<String, Failure> {
        // INVARIANT: the one place where a request leaves, and where the token is put on it.
        let admitted = access.admits(url).then_some(()).ok_or(Reason::LeadsElsewhere);
        admitted?;
        let mut request = self.http.get(url.clone()).header(ACCEPT, "application/fhir+json");
        if let Some(token) = &access.token {
            request = request.header(AUTHORIZATION, token.header());
        }
        if let Some((name, value)) = self.trace.and_then(|trace| trace()) {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|error| Failure::of(&error))?;
        Failure::of_status(response.status(), response.headers())?;
        body(access, response).await
    }
}

fn builder(addresses: Addresses) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .dns_resolver(addresses)
        .user_agent(concat!("signpost/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(60))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("moment", &self.moment).finish_non_exhaustive()
    }
}

async fn body(access: &Access, mut response: Response) -> Result<String, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error))? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(Reason::Truncated.into());
        }
        access.spend(chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| Reason::Unreadable.into())
}

/// Why a request has no answer, and after which pause it may be sent again.
#[derive(Debug)]
struct Failure {
    reason: Reason,
    again_after: Option<Duration>,
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self { reason, again_after: None }
    }
}

impl Failure {
    fn of(error: &reqwest::Error) -> Self {
        let mut cause = std::error::Error::source(error);
        while let Some(one) = cause {
            if one.is::<AddressRefused>() {
                return Reason::NotAllowed.into();
            }
            cause = one.source();
        }
        let reason = match error {
            error if error.is_timeout() => return Reason::TimedOut.into(),
            error if error.is_connect() => Reason::Unreachable,
            // The bytes came, and are not what the header says that they are.
            error if error.is_decode() && !is_broken_off(error) => return Reason::Unreadable.into(),
            _ => Reason::BrokenOff,
        };
        // Reading changes nothing, so it may be done twice.
        Self { reason, again_after: Some(AFTER_A_BREAK) }
    }

    fn of_status(status: StatusCode, headers: &HeaderMap) -> Result<(), Self> {
        let reason = match status {
            StatusCode::OK => return Ok(()),
            StatusCode::UNAUTHORIZED => Reason::Unauthorized,
            StatusCode::FORBIDDEN => Reason::Forbidden,
            StatusCode::NOT_FOUND | StatusCode::GONE => Reason::NotFound,
            StatusCode::TOO_MANY_REQUESTS => Reason::Busy,
            // 304 leads nowhere: it is an answer to a question that was not asked.
            status if status.is_redirection() && status != StatusCode::NOT_MODIFIED => Reason::LeadsElsewhere,
            status if status.is_server_error() => Reason::ServerError,
            _ => Reason::Rejected,
        };
        let may_wait = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let again_after = headers.get(RETRY_AFTER).filter(|_| may_wait).and_then(retry_after);
        Err(Self { reason, again_after })
    }
}

/// Whether a body ended before its end; the decoder only passes that on.
fn is_broken_off(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        let kind = one.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if matches!(kind, Some(std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset)) {
            return true;
        }
        cause = one.source();
    }
    // Without a decoder in between there is nothing else that can go wrong.
    std::error::Error::source(error).is_none_or(|one| !one.is::<std::io::Error>())
}

/// `Retry-After`: seconds, or a date.
fn retry_after(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    text.parse().map(Duration::from_secs).ok().or_else(|| {
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(SystemTime::now()).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use reqwest::dns::{Name, Resolve, Resolving};

    use super::super::{Bases, Server};
    use super::*;

    /// A name server that never answers.
    struct Silent;

    impl Resolve for Silent {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test]
    async fn a_name_that_is_not_resolved_does_not_delay_the_answer() {
        let client = Client::new(Addresses::default()).expect("a client");
        let http = builder(Addresses::default()).dns_resolver(Silent).tls_certs_only([]).build();
        let client = Client { http: http.expect("a client"), ..client };
        let base = "https://ehr.example.org/fhir";
        let bases = Bases::new(&[base.to_owned()], Addresses::default()).expect("a base");
        let (started, within) = (Instant::now(), Duration::from_millis(100));
        let until = started.checked_add(within).expect("an instant");
        let server = Server { cds_client: "", bases: &bases, base, authorization: None, until };
        let access = Access::of(&server).expect("access");
        let url = access.url("Patient/1").expect("a URL");
        assert_eq!(client.get(&access, &url).await, Err(Reason::TimedOut));
        assert!((within..within * 10).contains(&started.elapsed()), "{:?}", started.elapsed());
        assert_eq!(client.get(&access, &url).await, Err(Reason::TimedOut), "nothing is asked after that");
    }

    #[test]
    fn every_status_has_its_reason() {
        let rows = [
            (200, None),
            (204, Some(Reason::Rejected)),
            (301, Some(Reason::LeadsElsewhere)),
            (304, Some(Reason::Rejected)),
            (308, Some(Reason::LeadsElsewhere)),
            (400, Some(Reason::Rejected)),
            (401, Some(Reason::Unauthorized)),
            (403, Some(Reason::Forbidden)),
            (404, Some(Reason::NotFound)),
            (410, Some(Reason::NotFound)),
            (429, Some(Reason::Busy)),
            (500, Some(Reason::ServerError)),
            (503, Some(Reason::ServerError)),
        ];
        for (status, expected) in rows {
            let status = StatusCode::from_u16(status).expect("a status");
            let found = Failure::of_status(status, &HeaderMap::new()).err().map(|failure| failure.reason);
            assert_eq!(found, expected, "{status}");
        }
    }
}
