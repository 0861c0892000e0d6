//! The HTTP face: routes, limits, CORS, and one place that knows status codes.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use r4::{Issue, Severity};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

use crate::answer::{answer, answer_with, discovery};
use crate::content::Content;
use crate::ehr_access::EhrAccess;
use crate::refusal::Refusal;
use crate::trust::{Client, Trust};

/// The largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// What the routes share.
#[derive(Debug, Clone)]
pub struct App {
    content: Arc<Content>,
    clock: fn() -> Timestamp,
    ehr: Option<EhrAccess>,
    trust: Option<Arc<Trust>>,
    origins: Vec<HeaderValue>,
}

impl App {
    /// An app that answers from this content, at the instants that the clock says, by what the requests bring.
    #[must_use]
    pub fn new(content: Content, clock: fn() -> Timestamp) -> Self {
        Self { content: Arc::new(content), clock, ehr: None, trust: None, origins: Vec::new() }
    }

    /// The same, with access to EHRs' FHIR servers for what requests do not bring.
    #[must_use]
    pub fn with_ehr(self, ehr: EhrAccess) -> Self {
        Self { ehr: Some(ehr), ..self }
    }

    /// The same for known clients only.
    #[must_use]
    pub fn with_trust(self, trust: Arc<Trust>) -> Self {
        Self { trust: Some(trust), ..self }
    }

    /// The same for browsers of these origins. Without any, an open service answers browsers of all origins and one that
    /// knows its clients those of none.
    #[must_use]
    pub fn with_origins(self, origins: &[String]) -> Self {
        let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        Self { origins, ..self }
    }

    /// The routes.
    pub fn router(self) -> Router {
        let cors = self.cors();
        self.guarded()
            .fallback(|| async { Refusal::unknown_path() })
            .method_not_allowed_fallback(|| async { Refusal::wrong_method() })
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .layer(CatchPanicLayer::custom(|_| {
                tracing::error!("a request made the service panic");
                Refusal::internal().into_response()
            }))
            .layer(cors)
            .with_state(self)
    }

    /// Every route of CDS Hooks stands here: what is added is guarded with the rest.
    fn guarded(&self) -> Router<Self> {
        let routes =
            Router::new().route("/cds-services", get(services)).route("/cds-services/{id}", post(call));
        match &self.trust {
            Some(trust) => routes.route_layer(from_fn_with_state(trust.clone(), admitted)),
            None => routes,
        }
    }

    /// Browser-based clients call without cookies. A preflight is answered before anything else.
    fn cors(&self) -> CorsLayer {
        let is_open_to_all = self.trust.is_none() && self.origins.is_empty();
        let origins =
            if is_open_to_all { Any.into() } else { AllowOrigin::list(self.origins.iter().cloned()) };
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::POST, Method::OPTIONS])
            .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
    }
}

/// Lets known clients in, before anything of the body is read.
async fn admitted(State(trust): State<Arc<Trust>>, mut request: Request, next: Next) -> Response {
    match trust.admit(request.headers(), request.uri().path()).await {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// `GET /cds-services`. Clients read it again at least once a day (Da Vinci CRD found-16).
async fn services(State(app): State<App>) -> Result<Response, Refusal> {
    let mut response = json(StatusCode::OK, discovery(&app.content)?);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=300"));
    Ok(response)
}

/// `POST /cds-services/{id}`.
async fn call(
    State(app): State<App>,
    Path(id): Path<String>,
    client: Option<Extension<Arc<Client>>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let service = app.content.service(&id).ok_or_else(Refusal::unknown_service)?;
    if !is_json(&headers) {
        return Err(Refusal::not_json());
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(LARGEST_BODY),
        _ => Refusal::broken_off(),
    })?;
    let at = (app.clock)();
    // When the client hangs up, the server drops this future, and with it every request that is on its way to the EHR.
    let ehr = app.ehr.as_ref().map(|ehr| match &client {
        Some(Extension(client)) => ehr.for_client(&client.name, client.fhir_servers.clone()),
        None => ehr.clone(),
    });
    let answer = match &ehr {
        Some(ehr) => answer_with(ehr, &app.content, service, &body, at).await?,
        None => answer(&app.content, service, &body, at)?,
    };
    Ok(json(StatusCode::OK, answer))
}

/// `application/json` or a JSON type with a suffix, with any parameters. A body without a type is taken as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let essence =
        value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn json(status: StatusCode, body: impl Into<axum::body::Body>) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.into()).into_response()
}

/// What the client is told. A 4xx is the client's to mend, so it is no error in the operator's log.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let codes: Vec<&str> = self.issues.iter().map(|issue| issue.code).collect();
        tracing::info!(status = self.status, codes = codes.join(" "), text = %self, "refused");
        let issues: Vec<Issue<'_>> = self
            .issues
            .iter()
            .map(|issue| Issue {
                severity: Severity::Error,
                code: issue.code,
                details_text: &issue.text,
                diagnostics: None,
                expression: issue.expression.as_deref(),
            })
            .collect();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match r4::operation_outcome(&issues) {
            Ok(outcome) => (status, [(CONTENT_TYPE, "application/fhir+json")], outcome).into_response(),
            Err(_) => status.into_response(),
        };
        let header = match status {
            StatusCode::UNAUTHORIZED => Some((WWW_AUTHENTICATE, "Bearer")),
            StatusCode::SERVICE_UNAVAILABLE => Some((RETRY_AFTER, "1")),
            _ => None,
        };
        response.headers_mut().extend(header.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}
