//! The HTTP face: routes, limits, CORS, and one place that knows status codes.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use r4::{Issue, Severity};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use crate::answer::{answer, answer_with, discovery};
use crate::content::Content;
use crate::ehr_access::EhrAccess;
use crate::refusal::Refusal;
use crate::serving::{Bounds, Load, admit};

/// What the routes share.
#[derive(Debug, Clone)]
pub struct App {
    live: Arc<ArcSwap<Live>>,
    clock: fn() -> Timestamp,
    bounds: Bounds,
    load: Load,
}

/// What can be replaced while the service runs, as a whole: a request sees all of the old or all of the new.
#[derive(Debug)]
pub struct Live {
    /// What the service answers from.
    pub content: Arc<Content>,
    /// Access to EHRs' FHIR servers, for what requests do not bring.
    pub ehr: Option<EhrAccess>,
}

impl App {
    /// An app that answers from this content, at the instants that the clock says, by what the requests bring.
    #[must_use]
    pub fn new(content: Content, clock: fn() -> Timestamp) -> Self {
        Self::of(Live { content: content.into(), ehr: None }, clock, Bounds::default())
    }

    /// The same, with access to EHRs' FHIR servers for what requests do not bring.
    #[must_use]
    pub fn with_ehr(self, ehr: EhrAccess) -> Self {
        let content = Arc::clone(&self.live.load().content);
        self.replace(Live { content, ehr: Some(ehr) });
        self
    }

    /// An app with all that it needs.
    #[must_use]
    pub fn of(live: Live, clock: fn() -> Timestamp, bounds: Bounds) -> Self {
        let load = Load::new(&bounds);
        Self { live: Arc::new(ArcSwap::from_pointee(live)), clock, bounds, load }
    }

    /// Replaces what requests are answered from. Those that have begun end with what they began with.
    pub fn replace(&self, live: Live) {
        self.live.store(Arc::new(live));
    }

    /// What the service carries.
    #[must_use]
    pub fn load(&self) -> &Load {
        &self.load
    }

    /// The routes.
    pub fn router(self) -> Router {
        Router::new()
            .route("/cds-services", get(services))
            .route("/cds-services/{id}", post(call))
            .fallback(|| async { Refusal::unknown_path() })
            .method_not_allowed_fallback(|| async { Refusal::wrong_method() })
            .layer(DefaultBodyLimit::max(self.bounds.body))
            .layer(CatchPanicLayer::custom(|_| {
                tracing::error!("a request made the service panic");
                Refusal::internal().into_response()
            }))
            .layer(from_fn_with_state(self.load.clone(), admit))
            .layer(cors())
            .with_state(self)
    }
}

/// Browser-based clients call from anywhere and without cookies. A preflight is answered before anything else.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::OPTIONS])
        .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
}

/// `GET /cds-services`. Clients read it again at least once a day (Da Vinci CRD found-16).
async fn services(State(app): State<App>) -> Result<Response, Refusal> {
    let mut response = json(StatusCode::OK, discovery(&app.live.load().content)?);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=300"));
    Ok(response)
}

/// `POST /cds-services/{id}`.
async fn call(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let live = app.live.load_full();
    let service = live.content.service(&id).ok_or_else(Refusal::unknown_service)?;
    if !is_json(&headers) {
        return Err(Refusal::not_json());
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(app.bounds.body),
        _ => Refusal::broken_off(),
    })?;
    let turn = app.load.turn().await?;
    let at = (app.clock)();
    // When the client hangs up, the server drops this future, and with it every request that is on its way to the EHR.
    let answer = match &live.ehr {
        Some(ehr) => turn.until_it_waits(answer_with(ehr, &live.content, service, &body, at)).await?,
        None => answer(&live.content, service, &body, at)?,
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
        match status {
            StatusCode::SERVICE_UNAVAILABLE => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            // What is left of the body would be taken for the next request.
            StatusCode::REQUEST_TIMEOUT => {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}
